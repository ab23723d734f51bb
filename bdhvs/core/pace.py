"""The pace of a class as a state machine of facts: alone, or all together behind the teacher; start and end.

Commands are the teacher's wishes (`bdhvs.core.pace_commands`), events are facts in the past tense
(`bdhvs.core.pace_events`), as in `bdhvs.core.attempt`: `decide` turns a command into events or refuses, `evolve` applies
one, and a class's pace is nothing but the fold of its events, so that a server that restarts in mid-item goes on where it
was. A wish that is fulfilled already gives no events: pressing twice is harmless.

The class::

    begun ◀──ClassBegun── waiting          (a class begins as "begun": nobody waits unless the teacher wants it)
      │ └──ClassWaited──────▲ │
      └──────ClassEnded───────┴──▶ ended ──ClassReopened──▶ begun

A form, while the class has begun::

    (free) ──ItemOpened──▶ open ──ItemHeld──▶ held          ItemOpened of any item leads back to "open", so it is also "next"
       ▲                    │ └──ItemRevealed─┴─▶ revealed   (final for the item: nobody answers it again in this class)
       └────PaceFreed───────┴── (also by ClassEnded)

Several forms may be led; the one a teacher touched last is in *front*. The events do **not** record who was here, what was
answered or the key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from bdhvs.core.pace_events import (
    AnswersShown,
    ClassBegun,
    ClassEnded,
    ClassReopened,
    ClassWaited,
    Event,
    ItemHeld,
    ItemOpened,
    ItemRevealed,
    PaceFreed,
)
from bdhvs.errors import NotAllowed

Gate = Literal["waiting", "begun", "ended"]
#: How an item of a form stands. ``free``: nobody leads. ``ahead``: not opened yet. ``passed``: was open, another is now.
Stand = Literal["free", "ahead", "open", "held", "passed", "revealed"]


@dataclass(frozen=True, slots=True)
class Led:
    """A form that the class takes together.

    ``item`` is on everybody's screen; ``opened`` are the items that were, it included; ``shown``: the projector shows what
    was answered to ``item``.
    """

    items: tuple[str, ...]
    item: str
    opened: frozenset[str]
    held: bool = False
    shown: bool = False

    @property
    def number(self) -> int:
        """Place of the open item, from 1."""
        return self.items.index(self.item) + 1

    @property
    def next(self) -> str | None:
        """The item after the open one, None after the last."""
        return self.items[self.number] if self.number < len(self.items) else None


@dataclass(frozen=True, slots=True)
class Pace:
    """The state after ``rev`` events. ``revealed`` are items whose solution was shown, in whatever form."""

    gate: Gate = "begun"
    led: Mapping[str, Led] = field(default_factory=dict)
    revealed: frozenset[str] = frozenset()
    front: str | None = None
    rev: int = 0

    def stand(self, form: str, item: str) -> Stand:
        """How `item` stands for learners at `form`. Costs a look-up or two: every answer asks."""
        if item in self.revealed:
            return "revealed"
        led = self.led.get(form)
        if led is None:
            return "free"
        if item == led.item:
            return "held" if led.held else "open"
        return "passed" if item in led.opened else "ahead"

    def withholds(self, item: str) -> bool:
        """Whether nothing that implies the key of `item` may be said now: a led form will reveal it."""
        return bool(self.led) and item not in self.revealed and any(item in led.items for led in self.led.values())

    def require_open(self, form: str, item: str, *, answers: int) -> None:
        """Refuse an answer to `item` that the class's pace does not allow.

        One that comes after the item was held or passed is taken as long as it was not revealed: the phone may have been
        offline, and the clocks of phones say nothing reliable.

        Parameters
        ----------
        answers : answers taken to this item in a practice attempt so far; 0 outside practice. While a key is withheld,
            practice takes one answer: whether another is taken would tell if the first was right.

        Raises
        ------
        NotAllowed
            with code ``class_ended``, ``revealed``, ``not_open`` or ``closed_item``.
        """
        self.require_reached(form, item)
        if item in self.revealed:
            raise NotAllowed("the solution of the item was shown to the class", "revealed")
        if answers and self.withholds(item):
            raise NotAllowed("while the class goes together, practice takes one answer", "closed_item")

    def require_reached(self, form: str, item: str) -> None:
        """Refuse to go to an item that the teacher has not opened yet.

        Raises
        ------
        NotAllowed
            with code ``class_ended`` or ``not_open``.
        """
        self.require_running()
        if self.stand(form, item) == "ahead":
            raise NotAllowed("the teacher has not opened the item yet", "not_open")

    def require_running(self) -> None:
        """Refuse to change anything once the class is over.

        Raises
        ------
        NotAllowed
            with code ``class_ended``.
        """
        if self.gate == "ended":
            raise NotAllowed("the teacher has ended the class", "class_ended")

    def require_free(self, form: str) -> None:
        """Refuse what only those who go alone may do: handing in early would give the keys of items still ahead.

        Raises
        ------
        NotAllowed
            with code ``class_ended`` or ``together``.
        """
        self.require_running()
        if form in self.led:
            raise NotAllowed("the class takes this form together", "together")


FREE = Pace()


def evolve(pace: Pace, event: Event) -> Pace:
    """`pace` after `event`. Total: any event that `decide` gave is accepted."""
    return replace(_evolved(pace, event), rev=pace.rev + 1)


def _evolved(pace: Pace, event: Event) -> Pace:
    match event:
        case ItemOpened(form, item, items):
            led = pace.led.get(form)
            opened = (led.opened if led else frozenset()) | {item}
            same = led is not None and led.item == item
            now = Led(items, item, opened, shown=led.shown if led and same else False)
            return replace(pace, led={**pace.led, form: now}, front=form)
        case ItemHeld(form, _):
            return _with_led(pace, form, held=True)
        case AnswersShown(form, _, shown):
            return _with_led(pace, form, shown=shown)
        case ItemRevealed(form, item):
            return replace(_with_led(pace, form, held=False), revealed=pace.revealed | {item})
        case PaceFreed(form):
            led_still = {one: led for one, led in pace.led.items() if one != form}
            front = pace.front if pace.front in led_still else next(reversed(led_still), None)
            return replace(pace, led=led_still, front=front)
        case ClassWaited():
            return replace(pace, gate="waiting")
        case ClassBegun() | ClassReopened():
            return replace(pace, gate="begun")
        case ClassEnded():
            return replace(pace, gate="ended", led={}, front=None)


def _with_led(pace: Pace, form: str, **changes: bool) -> Pace:
    return replace(pace, led={**pace.led, form: replace(pace.led[form], **changes)}, front=form)  # type: ignore[arg-type]  # held and shown


def replay(events: Iterable[Event]) -> Pace:
    """The pace that these facts, in order, add up to."""
    pace = FREE
    for event in events:
        pace = evolve(pace, event)
    return pace
