"""One attempt at a form, as a state machine of facts.

Commands are wishes ("answer this"); events are facts in the past tense ("answered"). `decide` turns a command
into events or refuses; `evolve` applies an event; an attempt is nothing but the fold of its events, so a
server that restarts rebuilds the same attempt. Nothing here reads a clock, a file or a key: marks arrive as
a `Score` made by the caller.

::

                    ┌──────── Paused ───────┐
    (nothing) ──Started──▶ started ◀──Resumed── paused
                           ▲  │                   │
                           │  └────Finished───────┘──▶ finished
                           └────────Reopened──────────────┘     (by the teacher alone)

Extended adds minutes to a limited time (`bdhvs.core.timing`) while the attempt is not finished.
Inside ``started``, per item: new → answered (again and again in an assessment that allows it, or while tries
are left in practice) or skipped. The events do **not** record: the learner's name, the text of the item, the key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from bdhvs.core.items.base import Score
from bdhvs.errors import NotAllowed, NotFound

Help = Literal["none", "hint", "teacher"]
Status = Literal["started", "paused", "finished"]
#: The four silences and the answer are five different values, down to the export.
Outcome = Literal["answered", "skipped", "not_reached", "cut_off"]
FinishReason = Literal["learner", "teacher", "time"]
#: Why a teacher let a learner go on: handed in by mistake, called away, a machine or network that failed, anything else.
ReopenReason = Literal["mistake", "interrupted", "machine", "other"]

MINUTE_MS = 60_000

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


class ItemRef(NamedTuple):
    """An item as it was given: id and version."""

    id: str
    version: int


# ── events ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Started:
    items: tuple[ItemRef, ...]
    rules: Rules


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


# ── state ───────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class ItemState:
    """What has happened to one item. ``tries`` counts answers that used one up ("almost" does not)."""

    status: Literal["new", "answered", "skipped"] = "new"
    seen: bool = False
    tries: int = 0
    answers: int = 0
    response: Mapping[str, Any] | None = None
    score: Score | None = None
    help: Help = "none"
    hinted: bool = False
    asked_help: bool = False


_NEW = ItemState()  # one for all: a province's attempts begin with a million of them


@dataclass(frozen=True, slots=True)
class Attempt:
    """The state after some events. ``current`` is the item on the screen; None when all are dealt with."""

    items: tuple[ItemRef, ...]
    rules: Rules
    status: Status = "started"
    current: str | None = None
    states: Mapping[str, ItemState] = field(default_factory=dict)
    finish_reason: FinishReason | None = None
    more_ms: int = 0  # time beyond the limit: what the teacher gave, and while it was finished

    def state(self, item: str) -> ItemState:
        """What has happened to `item`.

        Raises
        ------
        NotFound
            when the item is not part of this attempt.
        """
        try:
            return self.states[item]
        except KeyError:
            raise NotFound(f"item {item[:60]!r} is not part of this attempt") from None

    def is_open(self, item: str) -> bool:
        """Whether another answer to `item` is taken now."""
        return self.status == "started" and not self.is_over(item)

    def is_over(self, item: str) -> bool:
        """Whether no more answers to `item` will ever be taken, so that its solution gives nothing away.

        A pause ends nothing: what is closed for a moment is not over.
        """
        if self.status == "finished":
            return True
        state = self.state(item)
        if not self.rules.practice:
            return state.status != "new" and not self.rules.allow_back
        done = state.score is not None and state.score.verdict == "right"
        return done or state.tries >= self.rules.tries

    def outcome(self, item: str) -> Outcome:
        """Answered, or which silence. Before the end, an item not yet dealt with is ``not_reached``."""
        state = self.state(item)
        if state.status != "new":
            return state.status
        return "cut_off" if state.seen and self.status == "finished" else "not_reached"


# ── commands ────────────────────────────────────────────────────────────────────────────────────────


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


Command = Answer | Skip | GoTo | AskHint | AskHelp | Pause | Resume | Finish | Extend | Reopen


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


def evolve(attempt: Attempt, event: Event) -> Attempt:
    """`attempt` after `event`. Total: any event that `decide` gave is accepted."""
    match event:
        case Started():
            raise ValueError("an attempt starts once")
        case Answered():
            return _moved_on(attempt, event.item, _answered(attempt.states[event.item], event))
        case Skipped(item):
            return _moved_on(attempt, item, replace(attempt.states[item], status="skipped", seen=True))
        case WentTo(item):
            return _shown(attempt, {**attempt.states}, item)
        case Hinted(item):
            return _with_state(attempt, item, replace(attempt.states[item], hinted=True))
        case HelpAsked(item):
            return _with_state(attempt, item, replace(attempt.states[item], asked_help=True))
        case Paused():
            return replace(attempt, status="paused")
        case Resumed():
            return replace(attempt, status="started")
        case Finished(reason):
            return replace(attempt, status="finished", finish_reason=reason)
        case Extended(minutes):
            return replace(attempt, more_ms=attempt.more_ms + minutes * MINUTE_MS)
        case Reopened():
            return replace(attempt, status="started", finish_reason=None, more_ms=attempt.more_ms + event.shut_ms)


def _answered(state: ItemState, event: Answered) -> ItemState:
    return ItemState(  # every field, so not `replace`, which takes three times as long
        status="answered",
        seen=True,
        tries=state.tries + (event.score.verdict != "almost"),
        answers=state.answers + 1,
        response=event.response,
        score=event.score,
        help=more_help(state.help, event.help),
        hinted=state.hinted,
        asked_help=state.asked_help,
    )


def _with_state(attempt: Attempt, item: str, state: ItemState) -> Attempt:
    return replace(attempt, states={**attempt.states, item: state})


def _moved_on(attempt: Attempt, item: str, state: ItemState) -> Attempt:
    """`item` is dealt with; show the next one still to be, searching onward from `item` and then from the start."""
    states = {**attempt.states, item: state}
    if attempt.current is None:  # all were dealt with before; an item is never new again
        return _on_screen(attempt, states, None)
    ids = list(states)  # in the order of the items
    after = ids.index(item) + 1
    for candidate in ids[after:] + ids[:after]:
        if states[candidate].status == "new":
            return _shown(attempt, states, candidate)
    return _on_screen(attempt, states, None)


def _shown(attempt: Attempt, states: dict[str, ItemState], item: str) -> Attempt:
    """`attempt` with `states` (a copy of our own) and `item` on the screen."""
    if not states[item].seen:
        states[item] = replace(states[item], seen=True)
    return _on_screen(attempt, states, item)


def _on_screen(attempt: Attempt, states: Mapping[str, ItemState], item: str | None) -> Attempt:
    # Every field, as in `_answered`.
    return Attempt(
        attempt.items, attempt.rules, attempt.status, item, states, attempt.finish_reason, attempt.more_ms
    )


def started(event: Started) -> Attempt:
    """The attempt right after it began: the first item is on the screen."""
    states = dict.fromkeys((ref.id for ref in event.items), _NEW)
    return _shown(Attempt(event.items, event.rules), states, event.items[0].id)


def replay(events: Iterable[Event]) -> Attempt:
    """The attempt that these facts, in order, add up to; the first must be `Started`."""
    facts = iter(events)
    first = next(facts)
    if not isinstance(first, Started):
        raise ValueError(f"an attempt begins with Started, found {type(first).__name__}")
    attempt = started(first)
    for event in facts:
        attempt = evolve(attempt, event)
    return attempt
