"""The learners on the teacher's board: a row each, with what they did of every item, and who waits for help."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from msgspec import Struct

from bdhvs.bank.loader import Bank
from bdhvs.core.attempt import Attempt
from bdhvs.core.evidence import is_stuck, task_done
from bdhvs.core.names import told_apart
from bdhvs.i18n import translator
from bdhvs.service.seats import Seat, Taking

State = Literal["not_started", "thinking", "answered", "right", "partly", "wrong", "skipped"]


class Cell(Struct, frozen=True, array_like=True):
    """One learner's work on one item; ``helped``: with a hint, a helper, or after a wrong try."""

    state: State
    helped: bool


class Call(Struct, frozen=True):
    """A call for help: where, and since when (ms since the epoch; None when unknown)."""

    place: str
    since_ms: int | None


class Row(Struct, frozen=True):
    """One learner. ``number`` counts from 1 in the order of joining; ``name`` is empty when names are hidden.

    ``away_ms``: last heard of, ms since the epoch; None when here, or not here since the class was started.
    """

    number: int
    name: str
    cells: tuple[Cell, ...]
    done: int
    finished: bool
    here: bool
    away_ms: int | None
    call: Call | None


def cell(attempt: Attempt | None, item: str, *, marks: bool) -> Cell:
    """What the board shows of an item in an attempt (None: the form was never opened)."""
    state = attempt.states.get(item) if attempt else None
    if attempt is None or state is None:
        return Cell("not_started", False)
    if state.status == "skipped":
        return Cell("skipped", state.asked_help or state.hinted)
    if state.status == "new":
        thinking = attempt.current == item and attempt.status != "finished"
        return Cell("thinking" if thinking else "not_started", state.asked_help or state.hinted)
    helped = task_done(attempt, item).helped or state.asked_help or state.hinted
    if state.score is None or state.score.verdict == "noted" or not (marks or attempt.rules.practice):
        # Tries tell of wrong answers; outside practice there are none. What people think of themselves is not judged.
        return Cell("answered", helped)
    verdict = state.score.verdict
    return Cell("partly" if verdict == "almost" else verdict, helped)


def call_of(seat: Seat, bank: Bank, lang: str) -> Call | None:
    """The call for help that still waits; of several the one in the form worked at last."""
    takings = sorted(seat.takings.values(), key=lambda taking: taking.row.form_id != seat.form)
    for taking in takings:
        for number, ref in enumerate(taking.attempt.items, start=1):
            if taking.attempt.state(ref.id).asked_help and is_stuck(taking.attempt, ref.id):
                since = taking.asked_us.get(ref.id)
                return Call(_place(taking.row.form_id, number, bank, lang), since // 1000 if since else None)
    return None


def _place(form_id: str, number: int, bank: Bank, lang: str) -> str:
    """Where an item stands, as the learner's screen says it: the quiz and the number of the question."""
    question = translator(lang)("Question {n}").format(n=number)
    form = bank.forms.get(form_id)
    return f"{form.title.in_language(lang)} · {question}" if form else question


def board_rows(
    seats: Sequence[Seat],
    takings: dict[str, Taking],
    items: Collection[str],
    here: set[str],
    *,
    marks: bool,
    named: bool,
    bank: Bank,
    now_us: int,
    lang: str,
) -> list[Row]:
    """A row for each of `seats`, who stand in the order of joining: calls for help first.

    Parameters
    ----------
    takings : of the form that is looked at, by learner.
    here : who is here.
    marks : whether answers of an assessment are judged.
    named : whether names are shown.
    """
    names = told_apart([seat.name or "—" for seat in seats]) if named else [""] * len(seats)
    rows = []
    for number, (seat, name) in enumerate(zip(seats, names, strict=True), start=1):
        taking = takings.get(seat.id)
        attempt = taking.attempt if taking else None
        away = seat.away_since(now_us)
        rows.append(
            Row(
                number=number,
                name=name,
                cells=tuple(cell(attempt, item, marks=marks) for item in items),
                done=_done(attempt, items) if attempt else 0,
                finished=attempt is not None and attempt.status == "finished",
                here=seat.id in here,
                away_ms=away // 1000 if away is not None else None,
                call=call_of(seat, bank, lang),
            )
        )
    return sorted(rows, key=_urgency)


def _done(attempt: Attempt, items: Collection[str]) -> int:
    return sum(item in items and state.status != "new" for item, state in attempt.states.items())


def _urgency(row: Row) -> tuple[int, int, int]:
    """Who calls longest first, then those of today by number, then those who have not come back since the start."""
    if row.call:
        return (0, row.call.since_ms or 0, row.number)
    return (1 if row.here or row.away_ms is not None else 2, 0, row.number)
