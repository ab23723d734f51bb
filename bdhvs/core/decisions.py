"""What a teacher decided for a whole class, folded into what the services need to know.

Decisions are facts in the past tense, kept in order and never taken away: what was decided otherwise later is another
fact. This fold is the one place that says whether an item counts and which items a form has in this class.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from bdhvs.core.attempt_events import ItemRef
from bdhvs.core.forms import Form

Order = Literal["fixed", "shuffled"]


@dataclass(frozen=True, slots=True)
class Neutralised:
    """A faulty item does not count any more. ``why`` is the teacher's own sentence; ``form``: where it was noticed.

    Times (``at_us``) are microseconds since the epoch, here and below.
    """

    at_us: int
    form: str
    item: ItemRef
    why: str


@dataclass(frozen=True, slots=True)
class Restored:
    """The item counts again."""

    at_us: int
    form: str
    item: ItemRef


@dataclass(frozen=True, slots=True)
class Swapped:
    """In the place of the author's ``item`` stands ``into``; when both are the same, the author's stands there again."""

    at_us: int
    form: str
    item: str
    into: str


@dataclass(frozen=True, slots=True)
class Ordered:
    """The items of a form come in one order for everybody, or shuffled."""

    at_us: int
    form: str
    order: Order


@dataclass(frozen=True, slots=True)
class TimeAdded:
    """Everybody at the form has so many minutes more, ≥ 1; several add up."""

    at_us: int
    form: str
    minutes: int


Decision = Neutralised | Restored | Swapped | Ordered | TimeAdded


@dataclass(frozen=True, slots=True)
class Decisions:
    """What holds after some decisions. ``trace`` has all of them, in order.

    Attributes
    ----------
    out : items that do not count, in the version given, each with the decision that took it out.
    swaps : by form, the author's item → the one in its place.
    orders : forms with an order of the class's own.
    minutes : minutes for everybody beyond the limit, by form.
    """

    out: Mapping[ItemRef, Neutralised] = field(default_factory=dict)
    swaps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    orders: Mapping[str, Order] = field(default_factory=dict)
    minutes: Mapping[str, int] = field(default_factory=dict)
    trace: tuple[Decision, ...] = ()

    def counts(self, item_id: str, version: int) -> bool:
        """Whether this version of an item counts in the class's results."""
        return not self.out or ItemRef(item_id, version) not in self.out

    def form(self, form: Form, known: Container[str]) -> Form:
        """`form` as this class takes it.

        Parameters
        ----------
        known : ids of the bank's items. A swap for an item that is gone, or that the author has meanwhile put into the
            form, is passed over.
        """
        swaps, order = self.swaps.get(form.id, {}), self.orders.get(form.id)
        if not swaps and order is None:
            return form
        into = {one: new for one, new in swaps.items() if new in known and new not in form.items}
        items = tuple(into.get(one, one) for one in form.items)
        shuffle = form.shuffle_items if order is None else order == "shuffled"
        return form.model_copy(update={"items": items, "shuffle_items": shuffle})


NOTHING = Decisions()


def after(decisions: Decisions, decision: Decision) -> Decisions:
    """`decisions` and one more."""
    so_far = replace(decisions, trace=(*decisions.trace, decision))
    match decision:
        case Neutralised(item=item):
            return replace(so_far, out={**decisions.out, item: decision})
        case Restored(item=item):
            return replace(so_far, out={ref: one for ref, one in decisions.out.items() if ref != item})
        case Swapped(form=form, item=one, into=into):
            others = {old: new for old, new in decisions.swaps.get(form, {}).items() if old != one}
            return replace(so_far, swaps={**decisions.swaps, form: others if one == into else {**others, one: into}})
        case Ordered(form=form, order=order):
            return replace(so_far, orders={**decisions.orders, form: order})
        case TimeAdded(form=form, minutes=minutes):
            return replace(so_far, minutes={**decisions.minutes, form: decisions.minutes.get(form, 0) + minutes})


def fold(decisions: Iterable[Decision]) -> Decisions:
    """What holds after these decisions, given in order."""
    found = NOTHING
    for decision in decisions:
        found = after(found, decision)
    return found
