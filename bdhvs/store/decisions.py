"""Decisions about a whole class (`bdhvs.core.decisions`) as rows of the table ``class_event``, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from bdhvs.core.attempt_events import ItemRef
from bdhvs.core.decisions import (
    Decision,
    Decisions,
    Neutralised,
    Ordered,
    Restored,
    Swapped,
    TimeAdded,
    fold,
)
from bdhvs.store.rows import ClassEventRow


class HasClassEvents(Protocol):
    """A store, as far as this is concerned."""

    def class_events(self, classroom_id: str) -> list[ClassEventRow]:
        """Rows of one class, in order."""


#: What the table calls each decision. Types that are not here belong to other parts of the class (its pace).
_NAMES: dict[type[Decision], str] = {
    Neutralised: "neutralised",
    Restored: "restored",
    Swapped: "swapped",
    Ordered: "ordered",
    TimeAdded: "extended",
}


def decisions_in(store: HasClassEvents, classroom_id: str) -> Decisions:
    """What holds in a class as the store has it now. Reads the disk: call it outside the event loop."""
    return folded(store.class_events(classroom_id))


def folded(rows: Iterable[ClassEventRow]) -> Decisions:
    """What these rows of one class, in order, add up to."""
    return fold(decision for row in rows if (decision := decision_of(row)) is not None)


def decision_of(row: ClassEventRow) -> Decision | None:
    """The decision that `row` keeps; None when it is about something else, such as the class's pace."""
    form, item, about = row.form_id or "", row.item_id or "", row.details
    match row.type:
        case "neutralised":
            return Neutralised(row.at_us, form, ItemRef(item, about["version"]), about["why"])
        case "restored":
            return Restored(row.at_us, form, ItemRef(item, about["version"]))
        case "swapped":
            return Swapped(row.at_us, form, item, about["into"])
        case "ordered":
            return Ordered(row.at_us, form, about["order"])
        case "extended":
            return TimeAdded(row.at_us, form, about["minutes"])
    return None


def row_of(decision: Decision, own_id: str, classroom_id: str, at_us: int) -> ClassEventRow:
    """`decision` as the row that keeps it, decided at `at_us`."""
    item, details = _details(decision)
    return ClassEventRow(own_id, classroom_id, at_us, _NAMES[type(decision)], decision.form, item, details)


def _details(decision: Decision) -> tuple[str | None, dict[str, Any]]:
    """The item a decision is about, None when it is about a form, and the rest of it."""
    match decision:
        case Neutralised(item=ref, why=why):
            return ref.id, {"version": ref.version, "why": why}
        case Restored(item=ref):
            return ref.id, {"version": ref.version}
        case Swapped(item=item, into=into):
            return item, {"into": into}
        case Ordered(order=order):
            return None, {"order": order}
        case TimeAdded(minutes=minutes):
            return None, {"minutes": minutes}
