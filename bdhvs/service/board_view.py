"""From seats to what the teacher's board shows: rows of learners (`board_rows`), items in numbers, one item (`board_details`).

Pure: time and language are arguments, nothing is kept.

Keys: a view says nothing of a key unless `Looking` asks for it. In practice marks are shown, for the learners see
theirs as well; in an assessment an answer is only "answered" until the teacher asks for the marks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from msgspec import Struct

from bdhvs.bank.loader import Bank
from bdhvs.core.attempt import Attempt
from bdhvs.core.attempt_events import ItemRef
from bdhvs.core.decisions import NOTHING, Decisions
from bdhvs.service.board_details import Details, details
from bdhvs.service.board_rows import Row, board_rows, cell
from bdhvs.service.pace_view import PaceCount
from bdhvs.service.seats import Seat, Taking

MOST_ROWS = 500  # a class has 40; of a whole school's day the first 500 are shown, those who wait for help first
MOST_MISSED = 3


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


class Column(Struct, frozen=True):
    """One item: how many answered, how many of those here, how many of the judged ones are right."""

    item: str
    number: int
    answered: int
    answered_here: int
    judged: int
    right: int


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
    rows = board_rows(
        seats, takings, items, here, marks=looking.marks, named=looking.names, bank=bank, now_us=now_us, lang=lang
    )
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
        details=_details(items, takings.values(), looking, bank, lang),
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


def _details(
    items: Mapping[str, int], takings: Iterable[Taking], looking: Looking, bank: Bank, lang: str
) -> Details | None:
    item = bank.items.get(looking.item)
    if item is None or item.id not in items:  # given by an older bank and gone from this one, or not of this form
        return None
    return details(item, items[item.id], [taking.attempt for taking in takings], key=looking.key, lang=lang)
