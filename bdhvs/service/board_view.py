"""From seats to what the teacher's board shows. Pure: time and language are arguments, nothing is kept.

Keys: a view says nothing of a key unless `Looking` asks for it. In practice marks are shown, for the learners see
theirs as well; in an assessment an answer is only "answered" until the teacher asks for the marks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from msgspec import Struct

from bdhvs.bank.loader import Bank
from bdhvs.core.attempt import Attempt
from bdhvs.core.attempt_events import ItemRef
from bdhvs.core.decisions import NOTHING, Decisions
from bdhvs.core.evidence import is_stuck, task_done
from bdhvs.core.items.base import Item, Response
from bdhvs.core.items.choice import ChoiceItem
from bdhvs.core.items.self_assessment import SelfAssessment
from bdhvs.core.items.simulation import Simulation
from bdhvs.core.names import told_apart
from bdhvs.core.presenting import arrangement
from bdhvs.i18n import translator
from bdhvs.service.pace_view import PaceCount
from bdhvs.service.seats import Seat, Taking
from bdhvs.service.views import block, inline

MOST_ROWS = 500  # a class has 40; of a whole school's day the first 500 are shown, those who wait for help first
MOST_MISSED = 3
MOST_WORDINGS = 8  # of typed answers

State = Literal["not_started", "thinking", "answered", "right", "partly", "wrong", "skipped"]


class Looking(Struct, frozen=True):
    """What somebody wants to see.

    ``form`` empty: the one most are working at. ``item``: details of this item as well. ``marks``: judge the answers of
    an assessment, too. ``key``: show the key of ``item``. ``names`` false: no name leaves the server.
    """

    form: str = ""
    item: str = ""
    marks: bool = False
    key: bool = False
    names: bool = True


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


class Column(Struct, frozen=True):
    """One item: how many answered, how many of those here, how many of the judged ones are right."""

    item: str
    number: int
    answered: int
    answered_here: int
    judged: int
    right: int


class Choice(Struct, frozen=True):
    """An answer and how often it was given. ``key`` is None unless the key was asked for."""

    html: str
    count: int
    key: bool | None


class Details(Struct, frozen=True):
    """One item: its question, what was answered, and, when asked for, its solution.

    ``choices``: options or steps in the author's order, or the commonest typed answers; empty for ordering and pairing.
    """

    item: str
    number: int
    stem: str
    answers: int
    typed: bool
    choices: tuple[Choice, ...]
    solution: str | None


class FormChoice(Struct, frozen=True):
    """A form that may be looked at, and how many have opened it."""

    id: str
    title: str
    opened: int


class Counts(Struct, frozen=True):
    """The class in numbers. ``current``: number of the item most of those here are at, None when none is on a screen."""

    in_class: int
    here: int
    lost: int
    calls: int
    opened: int
    finished: int
    current: int | None
    answered_here: int


class BoardView(Struct, frozen=True):
    """All that a board shows; items that do not count are left out. ``rows``: calls for help first, the longest wait on top; then in the order of joining.

    ``adaptive``: everybody has items of their own, so a column is a place (its ``item`` is the number), and nothing is said of single items.
    ``missed``: places in ``columns`` of the items missed most. ``hidden_rows``: learners beyond the most that are shown.
    """

    form: str
    practice: bool
    marks: bool
    forms: tuple[FormChoice, ...]
    counts: Counts
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    missed: tuple[int, ...]
    hidden_rows: int
    details: Details | None
    pace: PaceCount | None = None
    adaptive: bool = False


def board_view(
    seats: Sequence[Seat],
    looking: Looking,
    *,
    bank: Bank,
    offered: Sequence[str],
    now_us: int,
    lang: str,
    pace: PaceCount | None = None,
    decisions: Decisions = NOTHING,
) -> BoardView:
    """The board of these seats, which stand in the order of joining."""
    choices = _forms(seats, bank, offered, lang)
    known = {choice.id for choice in choices}
    led = pace.led.form if pace and pace.led and pace.led.form in known else None
    form_id = looking.form if looking.form in known else led or _busiest(seats, known, now_us, offered)
    takings = {seat.id: seat.takings[form_id] for seat in seats if form_id in seat.takings}
    adaptive = form_id in bank.forms and bank.forms[form_id].adaptive is not None
    if adaptive:
        takings = {one: replace(taking, attempt=by_places(taking.attempt, decisions)) for one, taking in takings.items()}
        items = _places(bank.forms[form_id].longest, takings.values())
    else:
        items = _items(form_id, bank, takings.values(), decisions)
    here = {seat.id for seat in seats if seat.is_here(now_us)}
    rows = _rows(seats, takings, items, looking, here, bank=bank, now_us=now_us, lang=lang)
    columns = tuple(_column(item, number, takings, here, looking.marks) for item, number in items.items())
    practice = form_id in bank.forms and bank.forms[form_id].mode == "practice"
    return BoardView(
        form=form_id,
        practice=practice,
        marks=practice or looking.marks,
        forms=choices,
        counts=_counts(rows, columns, takings, here, len(seats)),
        columns=columns,
        rows=tuple(rows[:MOST_ROWS]),
        missed=() if adaptive else _missed(columns),
        hidden_rows=max(0, len(rows) - MOST_ROWS),
        details=_details(items, takings.values(), looking, bank, lang) if looking.item in items else None,
        pace=pace,
        adaptive=adaptive,
    )


# ── forms and items ─────────────────────────────────────────────────────────────────────────────────────


def _forms(seats: Iterable[Seat], bank: Bank, offered: Sequence[str], lang: str) -> tuple[FormChoice, ...]:
    opened = Counter(form for seat in seats for form in seat.takings)
    ids = dict.fromkeys([*offered, *sorted(opened)])
    titles = {one: bank.forms[one].title.in_language(lang) if one in bank.forms else one for one in ids}
    return tuple(FormChoice(one, titles[one], opened[one]) for one in ids)


def _busiest(seats: Iterable[Seat], known: set[str], now_us: int, offered: Sequence[str]) -> str:
    """The form that most of those here work at; of all learners when nobody is here; else the first one offered."""
    at_work = [seat for seat in seats if seat.form in known]
    latest = [form for seat in seats for form in list(seat.takings)[-1:] if form in known]
    counted = Counter([seat.form for seat in at_work if seat.is_here(now_us)] or latest)
    if counted:
        return max(sorted(counted), key=lambda form: counted[form])
    return next(iter(offered), "")


def _items(form_id: str, bank: Bank, takings: Iterable[Taking], decisions: Decisions) -> dict[str, int]:
    """Items of the form that count, each with its number in the order of the class's list; after them those that only
    attempts of an older version have."""
    form = bank.forms.get(form_id)
    listed = decisions.form(form, bank.items).items if form else ()
    given = {ref for taking in takings for ref in taking.attempt.items}
    counting = {ref.id for ref in given if decisions.counts(*ref)}
    met = {ref.id for ref in given}
    counting |= {one for one in listed if one not in met and decisions.counts(one, bank.item(one).version)}
    ids = dict.fromkeys([*listed, *(ref.id for taking in takings for ref in taking.attempt.items)])
    return {one: number for number, one in enumerate(ids, start=1) if one in counting}


def by_places(attempt: Attempt, decisions: Decisions) -> Attempt:
    """`attempt` with its items called by their places ("1", "2", …), so that those of different people stand in one column.

    Items that do not count are left out.
    """
    places = {ref.id: str(number) for number, ref in enumerate(attempt.items, start=1) if decisions.counts(*ref)}
    return replace(
        attempt,
        items=tuple(ItemRef(place, 1) for place in places.values()),
        states={place: attempt.states[item] for item, place in places.items()},
        current=places.get(attempt.current or ""),
    )


def _places(longest: int, takings: Iterable[Taking]) -> dict[str, int]:
    """The places of an adaptive form; more than today's longest where an older version had more."""
    most = max((int(ref.id) for taking in takings for ref in taking.attempt.items), default=0)
    return {str(number): number for number in range(1, max(longest, most) + 1)}


# ── learners ────────────────────────────────────────────────────────────────────────────────────────────


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


def _rows(
    seats: Sequence[Seat],
    takings: dict[str, Taking],
    items: Collection[str],
    looking: Looking,
    here: set[str],
    *,
    bank: Bank,
    now_us: int,
    lang: str,
) -> list[Row]:
    names = told_apart([seat.name or "—" for seat in seats]) if looking.names else [""] * len(seats)
    rows = []
    for number, (seat, name) in enumerate(zip(seats, names, strict=True), start=1):
        taking = takings.get(seat.id)
        attempt = taking.attempt if taking else None
        away = seat.away_since(now_us)
        rows.append(
            Row(
                number=number,
                name=name,
                cells=tuple(cell(attempt, item, marks=looking.marks) for item in items),
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


# ── items in numbers ────────────────────────────────────────────────────────────────────────────────────


def _column(item: str, number: int, takings: dict[str, Taking], here: set[str], marks: bool) -> Column:
    answered = {one: taking.attempt for one, taking in takings.items() if _is_answered(taking.attempt, item)}
    judged = [cell(attempt, item, marks=marks).state for attempt in answered.values()]
    return Column(
        item=item,
        number=number,
        answered=len(answered),
        answered_here=len(here & answered.keys()),
        judged=sum(state != "answered" for state in judged),
        right=judged.count("right"),
    )


def _is_answered(attempt: Attempt, item: str) -> bool:
    state = attempt.states.get(item)
    return state is not None and state.status == "answered"


def _missed(columns: Sequence[Column]) -> tuple[int, ...]:
    """Places of the items missed most: the smallest share of right answers first, then the most answers."""
    wrong = [place for place, column in enumerate(columns) if column.right < column.judged]
    return tuple(
        sorted(wrong, key=lambda place: (columns[place].right / columns[place].judged, -columns[place].judged))[
            :MOST_MISSED
        ]
    )


def _counts(
    rows: Sequence[Row], columns: Sequence[Column], takings: dict[str, Taking], here: set[str], in_class: int
) -> Counts:
    current = _current(columns, [taking.attempt for one, taking in takings.items() if one in here])
    return Counts(
        in_class=in_class,
        here=len(here),
        lost=sum(row.away_ms is not None for row in rows),
        calls=sum(row.call is not None for row in rows),
        opened=len(takings),
        finished=sum(taking.attempt.status == "finished" for taking in takings.values()),
        current=current.number if current else None,
        answered_here=current.answered_here if current else 0,
    )


def _current(columns: Sequence[Column], attempts: Iterable[Attempt]) -> Column | None:
    """The item that stands on most screens; of several the first."""
    on_screen = Counter(one.current for one in attempts if one.current and one.status != "finished")
    return max(
        (column for column in columns if on_screen[column.item]), key=lambda one: on_screen[one.item], default=None
    )


# ── one item ────────────────────────────────────────────────────────────────────────────────────────────


def _details(
    items: Mapping[str, int], takings: Iterable[Taking], looking: Looking, bank: Bank, lang: str
) -> Details | None:
    item = bank.items.get(looking.item)
    if item is None:  # given by an older bank and gone from this one
        return None
    states = [taking.attempt.states.get(item.id) for taking in takings]
    responses = [state.response for state in states if state is not None and state.response is not None]
    typed = any("text" in response for response in responses)
    return Details(
        item=item.id,
        number=items[item.id],
        stem=block(item.stem, lang),
        answers=len(responses),
        typed=typed,
        choices=_choices(item, responses, looking.key, lang),
        solution=item.solution(arrangement(item, 0, False), inline(lang)) if looking.key and item.is_performance else None,
    )


def _choices(item: Item, responses: Sequence[Response], key: bool, lang: str) -> tuple[Choice, ...]:
    """What was chosen, said or typed, or the dangers that were met in a simulation, with how often."""
    match item:
        case ChoiceItem():
            return _options(item, responses, key, lang)
        case SelfAssessment():
            return _steps(item, responses, lang)
        case Simulation():
            return _dangers(item, responses, key, lang)
    return _wordings(item, responses, lang)


def _steps(item: SelfAssessment, responses: Iterable[Response], lang: str) -> tuple[Choice, ...]:
    said, render = Counter(item.recorded_choices(one)[0] for one in responses), inline(lang)
    return tuple(Choice(render(step.text), said[step.id], None) for step in item.steps)


def _dangers(item: Simulation, responses: Iterable[Response], key: bool, lang: str) -> tuple[Choice, ...]:
    """Dangerous acts and how many did them. What they are tells the key, so they come only with it."""
    done = Counter(one for response in responses for one in item.recorded_choices(response))
    render = inline(lang)
    return tuple(Choice(render(one.why), done[one.id], False) for one in item.forbidden) if key else ()


def _options(item: ChoiceItem, responses: Iterable[Response], key: bool, lang: str) -> tuple[Choice, ...]:
    chosen = Counter(one for response in responses for one in item.recorded_choices(response))
    render = inline(lang)
    return tuple(Choice(render(one.text), chosen[one.id], one.key if key else None) for one in item.options)


def _wordings(item: Item, responses: Iterable[Response], lang: str) -> tuple[Choice, ...]:
    """What was typed, the commonest first; empty for items that are not typed."""
    typed = [response for response in responses if "text" in response]
    counted = Counter(item.in_words(response, inline(lang)) for response in typed)
    return tuple(
        Choice(html, count, None)
        for html, count in sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:MOST_WORDINGS]
    )
