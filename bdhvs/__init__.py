"""bdhvs: teach and measure everyday digital skills.

The public face. Heavy parts are imported when they are first used, so that ``import bdhvs`` in a learner's kernel
costs neither pandas nor matplotlib nor a database.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bdhvs.analysis import frames
    from bdhvs.analysis.frames import responses
    from bdhvs.bank.framework import Framework
    from bdhvs.bank.loader import Bank
    from bdhvs.classroom import Classroom, attach, board, offers, open_class
    from bdhvs.widgets.exercise import exercise
    from bdhvs.widgets.item_editor import preview_item, write_item
    from bdhvs.widgets.quiz import quiz

__version__ = "0.1.0"
__all__ = [
    "Bank",
    "Classroom",
    "Framework",
    "__version__",
    "attach",
    "board",
    "exercise",
    "frames",
    "offers",
    "open_class",
    "preview_item",
    "quiz",
    "responses",
    "write_item",
]

_HOMES = {
    "Bank": "bdhvs.bank.loader",
    "Classroom": "bdhvs.classroom",
    "Framework": "bdhvs.bank.framework",
    "attach": "bdhvs.classroom",
    "board": "bdhvs.classroom",
    "exercise": "bdhvs.widgets.exercise",
    "offers": "bdhvs.classroom",
    "open_class": "bdhvs.classroom",
    "preview_item": "bdhvs.widgets.item_editor",
    "quiz": "bdhvs.widgets.quiz",
    "responses": "bdhvs.analysis.frames",
    "write_item": "bdhvs.widgets.item_editor",
}
_MODULES = {"frames": "bdhvs.analysis.frames"}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        value = import_module(_MODULES[name])
    elif name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module 'bdhvs' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
