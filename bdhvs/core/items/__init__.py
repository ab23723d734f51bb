"""Item kinds, found by the registry: a module of this folder with an ``ITEM_KIND``, or an entry point.

A school adds its own kind with an entry point in the group ``bdhvs.item_kinds`` whose object is a subclass
of `Item` with a ``kind: Literal["name"]`` field.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from typing import get_args

from bdhvs.core.items.base import Item


@lru_cache(maxsize=1)
def item_kinds() -> dict[str, type[Item]]:
    """Name of each kind and its item class, built-in ones first."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    classes = [module.ITEM_KIND for module in modules if hasattr(module, "ITEM_KIND")]
    classes += [entry.load() for entry in entry_points(group="bdhvs.item_kinds")]
    return {kind_name(one): one for one in classes}


def kind_name(item_class: type[Item]) -> str:
    """The one value the ``kind`` field of `item_class` may have."""
    return str(get_args(item_class.model_fields["kind"].annotation)[0])


def is_performance(kind: str) -> bool:
    """Whether items of this kind are tasks (`Item.is_performance`); yes of a kind that is not installed here."""
    known = item_kinds().get(kind)
    return known is None or known.is_performance
