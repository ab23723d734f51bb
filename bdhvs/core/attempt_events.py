"""What can have happened in an attempt: facts, in the past tense, as they are kept for good (`bdhvs.core.attempt`).

They do **not** record: the learner's name, the text of the item, the key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from bdhvs.core.items.base import Score

Help = Literal["none", "hint", "teacher"]
FinishReason = Literal["learner", "teacher", "time"]
#: Why a teacher let a learner go on: handed in by mistake, called away, a machine or network that failed, anything else.
ReopenReason = Literal["mistake", "interrupted", "machine", "other"]

_HELP_RANK: Mapping[str, int] = {"none": 0, "hint": 1, "teacher": 2}


def more_help(one: Help, other: Help) -> Help:
    """The greater of two amounts of help."""
    return one if _HELP_RANK[one] >= _HELP_RANK[other] else other


@dataclass(frozen=True, slots=True)
class Rules:
    """What a form allows, as far as an attempt is concerned; kept with it, so later edits of the form do not matter."""

    practice: bool
    allow_back: bool
    tries: int  # answers taken per item in practice, ≥ 1
    limit_minutes: int | None = None  # after which the attempt ends; None: as long as it takes
    #: Items are chosen one by one: the digest of the pool and its rules, and the most items there can be. None: a fixed list.
    adaptive: str | None = None
    most_items: int | None = None


class ItemRef(NamedTuple):
    """An item as it was given: id and version."""

    id: str
    version: int


@dataclass(frozen=True, slots=True)
class Started:
    """``items`` are all of a fixed form in their order; of an adaptive one the first, the others are `Given`."""

    items: tuple[ItemRef, ...]
    rules: Rules


@dataclass(frozen=True, slots=True)
class Given:
    """An adaptive form has chosen the next item. The choice is a fact: no later bank or calibration makes another of it."""

    item: str
    version: int


@dataclass(frozen=True, slots=True)
class Answered:
    """``confidence`` 1–4 or None (not asked); ``elapsed_ms`` time on screen, None when unknown."""

    item: str
    response: Mapping[str, Any]
    score: Score
    help: Help = "none"
    confidence: int | None = None
    elapsed_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    item: str


@dataclass(frozen=True, slots=True)
class WentTo:
    item: str


@dataclass(frozen=True, slots=True)
class Hinted:
    item: str


@dataclass(frozen=True, slots=True)
class HelpAsked:
    item: str


@dataclass(frozen=True, slots=True)
class Paused:
    pass


@dataclass(frozen=True, slots=True)
class Resumed:
    pass


@dataclass(frozen=True, slots=True)
class Finished:
    reason: FinishReason = "learner"


@dataclass(frozen=True, slots=True)
class Extended:
    """``minutes`` more than the limit, ≥ 1; several add up."""

    minutes: int


@dataclass(frozen=True, slots=True)
class Reopened:
    """``shut_ms``: how long no time ran, because the attempt was finished; ``solutions_out``: the learner could already
    look at the solutions, so that answers given from now on are not comparable with others'."""

    reason: ReopenReason
    shut_ms: int = 0
    solutions_out: bool = False


Event = (
    Started
    | Given
    | Answered
    | Skipped
    | WentTo
    | Hinted
    | HelpAsked
    | Paused
    | Resumed
    | Finished
    | Extended
    | Reopened
)
EVENT_TYPES: Mapping[str, type[Event]] = MappingProxyType(
    {
        "started": Started,
        "given": Given,
        "answered": Answered,
        "skipped": Skipped,
        "went_to": WentTo,
        "hinted": Hinted,
        "help_asked": HelpAsked,
        "paused": Paused,
        "resumed": Resumed,
        "finished": Finished,
        "extended": Extended,
        "reopened": Reopened,
    }
)
