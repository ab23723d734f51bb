"""What a teacher can wish for the pace of a class, and what follows from it or why not (`bdhvs.core.pace`)."""

from __future__ import annotations

from dataclasses import dataclass

from bdhvs.core.pace import Led, Pace
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
from bdhvs.errors import NotAllowed, NotFound


@dataclass(frozen=True, slots=True)
class Open:
    """Put `item` on everybody's screen: begins to lead the form, goes on to the next item, ends a hold."""

    form: str
    item: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hold:
    form: str
    item: str


@dataclass(frozen=True, slots=True)
class ShowAnswers:
    form: str
    item: str
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Reveal:
    form: str
    item: str


@dataclass(frozen=True, slots=True)
class Free:
    form: str


@dataclass(frozen=True, slots=True)
class Wait:
    pass


@dataclass(frozen=True, slots=True)
class Begin:
    pass


@dataclass(frozen=True, slots=True)
class End:
    pass


@dataclass(frozen=True, slots=True)
class Reopen:
    pass


Command = Open | Hold | ShowAnswers | Reveal | Free | Wait | Begin | End | Reopen


def decide(pace: Pace, command: Command) -> tuple[Event, ...]:
    """The facts that follow when `command` is honoured; none when it is so already.

    Raises
    ------
    NotAllowed
        with code ``class_ended``, ``not_begun``, or ``other_item`` when the command is about an item that is not open any
        more: somebody pressed a button on a page that was out of date.
    NotFound
        when the item is not one of the form.
    """
    match command:
        case Open(form, item, items):
            return _open(pace, form, item, items)
        case Hold(form, item):
            led = _current(pace, form, item)
            return () if led.held or item in pace.revealed else (ItemHeld(form, item),)
        case ShowAnswers(form, item, shown):
            return () if _current(pace, form, item).shown == shown else (AnswersShown(form, item, shown),)
        case Reveal(form, item):
            _current(pace, form, item)
            return () if item in pace.revealed else (ItemRevealed(form, item),)
        case Free(form):
            return (PaceFreed(form),) if form in pace.led else ()
        case Wait():
            pace.require_running()
            return () if pace.gate == "waiting" else (ClassWaited(),)
        case Begin():
            pace.require_running()
            return () if pace.gate == "begun" else (ClassBegun(),)
        case End():
            return () if pace.gate == "ended" else (ClassEnded(),)
        case Reopen():
            return (ClassReopened(),) if pace.gate == "ended" else ()


def _open(pace: Pace, form: str, item: str, items: tuple[str, ...]) -> tuple[Event, ...]:
    _refuse_before_begin(pace)
    if item not in items:
        raise NotFound(f"item {item[:60]!r} is not one of the form")
    led = pace.led.get(form)
    same = led is not None and (led.item, led.held, led.items) == (item, False, items) and pace.front == form
    return () if same else (ItemOpened(form, item, items),)


def _current(pace: Pace, form: str, item: str) -> Led:
    _refuse_before_begin(pace)
    led = pace.led.get(form)
    if led is None or led.item != item:
        raise NotAllowed("another item is open now", "other_item")
    return led


def _refuse_before_begin(pace: Pace) -> None:
    pace.require_running()
    if pace.gate == "waiting":
        raise NotAllowed("the class has not begun", "not_begun")
