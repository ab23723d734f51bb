"""The pace of a class as others may see it: a learner's page (no key in it), and the teacher's board and projector.

A learner's page works out the rest (which item to show, whether it takes an answer) in frontend/src/pace.js.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from bdhvs.core.pace import Led, Pace
from bdhvs.service.seats import Seat


class LedView(Struct, frozen=True):
    """A form that the class takes together: the item on all screens, its place from 1, and what was open before."""

    item: str
    n: int
    total: int
    held: bool
    opened: tuple[str, ...]


class PaceView(Struct, frozen=True):
    """What all phones of a class are told. ``rev`` grows with each change: an older one than was heard means nothing."""

    rev: int
    gate: str
    forms: dict[str, LedView]
    revealed: tuple[str, ...]
    v: int = 1


class LedCount(Struct, frozen=True):
    """The led form in front, for those who look on: place of the open item, answered of those here, and how it stands."""

    form: str
    item: str
    n: int
    total: int
    held: bool
    revealed: bool
    shown: bool
    answered: int
    here: int


class PaceCount(Struct, frozen=True):
    """The pace on a board: ``led`` is None while everybody goes alone."""

    rev: int
    gate: str
    led: LedCount | None


def pace_view(pace: Pace) -> PaceView:
    """What phones are told of `pace`."""
    forms = {form: _led_view(led) for form, led in pace.led.items()}
    return PaceView(rev=pace.rev, gate=pace.gate, forms=forms, revealed=tuple(sorted(pace.revealed)))


def _led_view(led: Led) -> LedView:
    return LedView(led.item, led.number, len(led.items), led.held, tuple(sorted(led.opened)))


def pace_count(pace: Pace, seats: Iterable[Seat], now_us: int) -> PaceCount:
    """What a board is told of `pace`: "answered" counts those who are here, so that it can reach ``here``."""
    form = pace.front
    return PaceCount(pace.rev, pace.gate, _led_count(pace, form, seats, now_us) if form else None)


def _led_count(pace: Pace, form: str, seats: Iterable[Seat], now_us: int) -> LedCount:
    led = pace.led[form]
    here = [seat for seat in seats if seat.is_here(now_us)]
    return LedCount(
        form=form,
        item=led.item,
        n=led.number,
        total=len(led.items),
        held=led.held,
        revealed=led.item in pace.revealed,
        shown=led.shown,
        answered=sum(_has_answered(seat, form, led.item) for seat in here),
        here=len(here),
    )


def _has_answered(seat: Seat, form: str, item: str) -> bool:
    taking = seat.takings.get(form)
    state = taking.attempt.states.get(item) if taking else None
    return state is not None and state.status == "answered"
