"""What can be wished for in an attempt, and what follows from it or why not (`bdhvs.core.attempt`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bdhvs.core.attempt import Attempt
from bdhvs.core.attempt_events import (
    Answered,
    Event,
    Extended,
    Finished,
    FinishReason,
    Given,
    Help,
    HelpAsked,
    Hinted,
    Paused,
    Reopened,
    ReopenReason,
    Resumed,
    Skipped,
    WentTo,
    more_help,
)
from bdhvs.core.items.base import Score
from bdhvs.errors import NotAllowed, NotFound


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete response that the item's kind has read and scored."""

    item: str
    version: int
    response: Mapping[str, Any]
    score: Score
    help: Help = "none"
    confidence: int | None = None
    elapsed_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Skip:
    item: str


@dataclass(frozen=True, slots=True)
class GoTo:
    item: str


@dataclass(frozen=True, slots=True)
class AskHint:
    item: str


@dataclass(frozen=True, slots=True)
class AskHelp:
    item: str


@dataclass(frozen=True, slots=True)
class Pause:
    pass


@dataclass(frozen=True, slots=True)
class Resume:
    pass


@dataclass(frozen=True, slots=True)
class Finish:
    reason: FinishReason = "learner"


@dataclass(frozen=True, slots=True)
class Extend:
    minutes: int


@dataclass(frozen=True, slots=True)
class Reopen:
    """As `Reopened`."""

    reason: ReopenReason
    shut_ms: int = 0
    solutions_out: bool = False


@dataclass(frozen=True, slots=True)
class Give:
    """The service's own wish: the item that an adaptive form has chosen next."""

    item: str
    version: int


Command = Give | Answer | Skip | GoTo | AskHint | AskHelp | Pause | Resume | Finish | Extend | Reopen


def decide(attempt: Attempt, command: Command) -> tuple[Event, ...]:
    """The facts that follow when `command` is honoured.

    Raises
    ------
    NotAllowed
        with code ``finished``, ``time_over``, ``paused``, ``closed_item``, ``no_going_back``, ``no_time_limit`` or
        ``not_finished``.
    NotFound
        when the item, or this version of it, is not part of the attempt.
    """
    _refuse_by_status(attempt, command)
    match command:
        case Give(item, version):
            return _give(attempt, item, version)
        case Answer():
            return _answer(attempt, command)
        case Skip(item):
            if attempt.state(item).status == "answered":
                raise NotAllowed("the item is answered already", "closed_item")
            _refuse_going_back(attempt, item)
            return (Skipped(item),)
        case GoTo(item):
            attempt.state(item)
            _refuse_going_back(attempt, item)
            return (WentTo(item),)
        case AskHint(item):
            if not attempt.is_open(item):
                raise NotAllowed("the item takes no more answers", "closed_item")
            return () if attempt.state(item).hinted else (Hinted(item),)
        case AskHelp(item):
            return () if attempt.state(item).asked_help else (HelpAsked(item),)
        case Pause():
            return (Paused(),)
        case Resume():
            return (Resumed(),) if attempt.status == "paused" else ()
        case Finish(reason):
            return (Finished(reason),)
        case Extend(minutes):
            if attempt.rules.limit_minutes is None:
                raise NotAllowed("the attempt has no limit of time", "no_time_limit")
            return (Extended(minutes),)
        case Reopen(reason, shut_ms, solutions_out):
            return (Reopened(reason, max(0, shut_ms), solutions_out),)


def _refuse_by_status(attempt: Attempt, command: Command) -> None:
    if isinstance(command, Reopen):
        if attempt.status != "finished":
            raise NotAllowed("the attempt is not finished", "not_finished")
        return
    if attempt.status == "finished":
        over = attempt.finish_reason == "time"
        raise NotAllowed("the attempt is finished", "time_over" if over else "finished")
    if attempt.status == "paused" and not isinstance(command, (Resume, Finish, Extend)):
        raise NotAllowed("the attempt is paused", "paused")


def _give(attempt: Attempt, item: str, version: int) -> tuple[Event, ...]:
    if attempt.rules.adaptive is None or attempt.current is not None or item in attempt.states:
        raise NotAllowed("an item is given where an adaptive form has none on the screen, and only once", "closed_item")
    return (Given(item, version),)


def _refuse_going_back(attempt: Attempt, item: str) -> None:
    if not attempt.rules.allow_back and item != attempt.current:
        raise NotAllowed("this form goes forward only", "no_going_back")


def _answer(attempt: Attempt, command: Answer) -> tuple[Event, ...]:
    state = attempt.state(command.item)
    if (command.item, command.version) not in attempt.items:
        raise NotFound(f"item {command.item!r} was given in another version than {command.version}")
    if not attempt.is_open(command.item):
        raise NotAllowed("the item takes no more answers", "closed_item")
    # In practice a forward-only form still lets the last answered item be tried again: it is on the screen.
    if not (attempt.rules.practice and state.status == "answered"):
        _refuse_going_back(attempt, command.item)
    got = more_help(command.help, "hint" if state.hinted else "none")
    return (Answered(command.item, command.response, command.score, got, command.confidence, command.elapsed_ms),)
