"""One attempt at a form, as a state machine of facts.

Commands are wishes ("answer this", `bdhvs.core.attempt_commands`); events are facts in the past tense ("answered",
`bdhvs.core.attempt_events`). `decide` turns a command into events or refuses; `evolve` applies an event; an attempt is
nothing but the fold of its events, so a server that restarts rebuilds the same attempt. Nothing here reads a clock, a
file or a key: marks arrive as a `Score` made by the caller.

::

                    ┌──────── Paused ───────┐
    (nothing) ──Started──▶ started ◀──Resumed── paused
                           ▲  │                   │
                           │  └────Finished───────┘──▶ finished
                           └────────Reopened──────────────┘     (by the teacher alone)

Extended adds minutes to a limited time (`bdhvs.core.timing`) while the attempt is not finished.
In an adaptive form items come one by one: after an answer or a skip, Given puts the next one on the screen.
Inside ``started``, per item: new → answered (again and again in an assessment that allows it, or while tries
are left in practice) or skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

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
    ItemRef,
    Paused,
    Reopened,
    Resumed,
    Rules,
    Skipped,
    Started,
    WentTo,
    more_help,
)
from bdhvs.core.items.base import Score
from bdhvs.errors import NotFound

Status = Literal["started", "paused", "finished"]
#: The four silences and the answer are five different values, down to the export.
Outcome = Literal["answered", "skipped", "not_reached", "cut_off"]

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class ItemState:
    """What has happened to one item. ``tries`` counts answers that used one up ("almost" does not).

    ``confidence`` is that of the last answer, 1–4; None when not said.
    """

    status: Literal["new", "answered", "skipped"] = "new"
    seen: bool = False
    tries: int = 0
    answers: int = 0
    response: Mapping[str, Any] | None = None
    score: Score | None = None
    help: Help = "none"
    hinted: bool = False
    asked_help: bool = False
    confidence: int | None = None


_NEW = ItemState()  # one for all: a province's attempts begin with a million of them


@dataclass(frozen=True, slots=True)
class Attempt:
    """The state after some events. ``current`` is the item on the screen; None when all are dealt with.

    ``items`` are those given so far: all of a fixed form, of an adaptive one as many as were chosen.
    """

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
        done = state.score is not None and state.score.verdict in ("right", "noted")  # what is not judged has no second try
        return done or state.tries >= self.rules.tries

    def outcome(self, item: str) -> Outcome:
        """Answered, or which silence. Before the end, an item not yet dealt with is ``not_reached``."""
        state = self.state(item)
        if state.status != "new":
            return state.status
        return "cut_off" if state.seen and self.status == "finished" else "not_reached"


def evolve(attempt: Attempt, event: Event) -> Attempt:
    """`attempt` after `event`. Total: any event that `decide` gave is accepted."""
    match event:
        case Started():
            raise ValueError("an attempt starts once")
        case Given(item, version):
            more = replace(attempt, items=(*attempt.items, ItemRef(item, version)))
            return _shown(more, {**attempt.states, item: _NEW}, item)
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
        confidence=event.confidence,
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
