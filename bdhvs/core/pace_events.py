"""What happened to the pace of a class (`bdhvs.core.pace`): facts in the past tense."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class ItemOpened:
    """``items``: the form's, in the order in which the class takes them."""

    form: str
    item: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemHeld:
    form: str
    item: str


@dataclass(frozen=True, slots=True)
class AnswersShown:
    """The projector shows what was answered, or (``shown`` false) no more."""

    form: str
    item: str
    shown: bool


@dataclass(frozen=True, slots=True)
class ItemRevealed:
    form: str
    item: str


@dataclass(frozen=True, slots=True)
class PaceFreed:
    form: str


@dataclass(frozen=True, slots=True)
class ClassWaited:
    pass


@dataclass(frozen=True, slots=True)
class ClassBegun:
    pass


@dataclass(frozen=True, slots=True)
class ClassEnded:
    pass


@dataclass(frozen=True, slots=True)
class ClassReopened:
    pass


Event = (
    ItemOpened
    | ItemHeld
    | AnswersShown
    | ItemRevealed
    | PaceFreed
    | ClassWaited
    | ClassBegun
    | ClassEnded
    | ClassReopened
)
#: By the word that is stored.
EVENT_TYPES: Mapping[str, type[Event]] = MappingProxyType(
    {
        "item_opened": ItemOpened,
        "item_held": ItemHeld,
        "answers_shown": AnswersShown,
        "item_revealed": ItemRevealed,
        "pace_freed": PaceFreed,
        "class_waited": ClassWaited,
        "class_begun": ClassBegun,
        "class_ended": ClassEnded,
        "class_reopened": ClassReopened,
    }
)
