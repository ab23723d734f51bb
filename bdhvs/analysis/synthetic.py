"""Invented people are marked as such in everything that is made of their answers: frames, results, pictures, sentences.

A frame carries the mark in ``frame.attrs["synthetic"]``. pandas keeps it in filters, sorts and assignments, and loses it where tables
are merged, counted or put together; so whatever makes a table of a table here is `carried`, every picture is `drawn`, and every text
that stands for one is `said`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from functools import wraps
from inspect import signature
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from bdhvs.dataset.mark import ATTRIBUTE, is_marked

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Said on everything that was made from invented people.
MARK = {"vi": "DỮ LIỆU GIẢ LẬP", "en": "SYNTHETIC DATA"}

Given = ParamSpec("Given")
Made = TypeVar("Made")


def mark(lang: str) -> str:
    """The mark of invented data, in capitals."""
    return MARK["vi" if lang != "en" else "en"]


def is_synthetic(thing: Any) -> bool:
    """Whether a frame, an Arrow table, or a result that holds or remembers one, comes from invented people."""
    if isinstance(attrs := getattr(thing, "attrs", None), dict):
        return bool(attrs.get(ATTRIBUTE, False))
    if isinstance(getattr(getattr(thing, "schema", None), "metadata", None), dict):
        return is_marked(thing.schema)
    return any(value is True if name == ATTRIBUTE else is_synthetic(value) for name, value in _parts(thing))


def marked(thing: Any) -> Any:
    """`thing`, and the frames in it, with the mark. A result without frames remembers it in a field ``synthetic``."""
    if isinstance(attrs := getattr(thing, "attrs", None), dict):
        attrs[ATTRIBUTE] = True
    elif isinstance(thing, tuple):
        for one in thing:
            marked(one)
    parts = _parts(thing)
    for _, value in parts:
        marked(value)
    return replace(thing, synthetic=True) if ATTRIBUTE in dict(parts) else thing


def with_mark(text: str, lang: str, *sources: Any) -> str:
    """`text`, behind the mark when a source comes from invented people."""
    return f"{mark(lang)}. {text}" if any(map(is_synthetic, sources)) else text


def carried(function: Callable[Given, Made]) -> Callable[Given, Made]:
    """Mark what `function` makes of something marked."""

    @wraps(function)
    def made(*args: Given.args, **more: Given.kwargs) -> Made:
        found = function(*args, **more)
        return marked(found) if _any(args, more) else found

    return made


def drawn(plot: Callable[Given, Axes]) -> Callable[Given, Axes]:
    """Set the mark above the title of a picture of something marked; pictures read aloud begin with it as well."""

    @wraps(plot)
    def made(*args: Given.args, **more: Given.kwargs) -> Axes:
        from matplotlib.text import Text

        ax = plot(*args, **more)
        if _any(args, more):
            title = ax.get_title(loc="left")
            # Its text only: set anew, it would lose the room it leaves for a legend.
            for one in ax.findobj(Text):
                if isinstance(one, Text) and one.get_text() == title:
                    one.set_text(f"{mark(str(more.get('lang', 'vi')))}\n{title}")
        return ax

    return made


def said(words: Callable[Given, str]) -> Callable[Given, str]:
    """Begin the sentences that stand for a picture of something marked with the mark."""
    order = signature(words)

    @wraps(words)
    def made(*args: Given.args, **more: Given.kwargs) -> str:
        text = words(*args, **more)
        lang = str(order.bind(*args, **more).arguments.get("lang", "vi"))
        return f"{mark(lang)}. {text}" if _any(args, more) else text

    return made


def _any(args: tuple[Any, ...], more: dict[str, Any]) -> bool:
    return any(map(is_synthetic, (*args, *more.values())))


def _parts(thing: Any) -> list[tuple[str, Any]]:
    """Names and values of a dataclass's fields; none of anything else."""
    known = fields(thing) if is_dataclass(thing) and not isinstance(thing, type) else ()
    return [(one.name, getattr(thing, one.name)) for one in known]
