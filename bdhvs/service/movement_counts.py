"""What a teacher and a report may say of helpers and households: counts, and none of households that are few.

A count of few households would tell who is meant, so fewer than `LEAST` are not counted, neither all of them nor those that have
somebody, nor those that do not yet: whoever knows two of the three knows the third.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from bdhvs.bank.loader import Bank
from bdhvs.core.framework import Framework
from bdhvs.core.guidance import guidance
from bdhvs.i18n import translator
from bdhvs.service.ambassadors import AHEAD_US
from bdhvs.service.catalogue import Catalogue
from bdhvs.service.household_goal import household_has_somebody
from bdhvs.store import HelpedRow, Store
from bdhvs.store.times import from_us

LEAST = 5  # households in a cell that is counted


@dataclass(frozen=True, slots=True)
class MovementCounts:
    """Counts of one class.

    ``helpers`` have somebody who confirmed; ``ambassadors`` of them as many as the programme asks for. ``confirmed`` people were
    helped, ``own_hands`` of them did it themselves. ``by_skill``: id of the skill → people, most first. ``any_household``: there
    is one at least. ``households`` and ``with_somebody`` are None where they are too few to be told.
    """

    helpers: int
    ambassadors: int
    confirmed: int
    own_hands: int
    by_skill: tuple[tuple[str, int], ...]
    any_household: bool
    households: int | None
    with_somebody: int | None


@dataclass(frozen=True, slots=True)
class ClassCounts:
    """Whole counts of one class, however small: not to be shown as they are."""

    ambassadors: int
    helped: int
    households: int
    households_reached: int


def class_counts(store: Store, classroom_id: str, bank: Bank, holds: Callable[[date], bool]) -> ClassCounts:
    """What a class came to, people helped on days (in Vietnam) that `holds` is true of; households as they are now. Reads the disk."""
    rows = [row for row in store.helped_in(classroom_id) if holds(from_us(row.day_us + AHEAD_US).date())]
    reached = households_reached(store, classroom_id, bank)
    return ClassCounts(ambassadors(rows, bank.framework), len(rows), len(reached), sum(reached))


def movement_counts(store: Store, classroom_id: str, bank: Bank) -> MovementCounts:
    """The counts as the store has them now. Reads the disk: call it outside the event loop."""
    rows = store.helped_in(classroom_id)
    reached = households_reached(store, classroom_id, bank)
    households, with_somebody = told(reached)
    return MovementCounts(
        helpers=len({row.learner_id for row in rows}),
        ambassadors=ambassadors(rows, bank.framework),
        confirmed=len(rows),
        own_hands=sum(row.own_hands for row in rows),
        by_skill=tuple(Counter(row.skill for row in rows).most_common()),
        any_household=bool(reached),
        households=households,
        with_somebody=with_somebody,
    )


def told(has_somebody: Sequence[bool]) -> tuple[int | None, int | None]:
    """How many households, and how many with somebody, as far as that may be told; None where it would tell of too few."""
    households, with_somebody = len(has_somebody), sum(has_somebody)
    large = min(with_somebody, households - with_somebody) >= LEAST
    return (households if households >= LEAST else None, with_somebody if large else None)


def ambassadors(rows: Iterable[HelpedRow], framework: Framework) -> int:
    """How many learners have as many confirmed as the programme asks for; `rows` helper by helper."""
    model = framework.ambassador
    if model is None:
        return 0
    by_helper = ([one.own_hands for one in own] for _, own in groupby(rows, key=lambda row: row.learner_id))
    return sum(guidance(own, model).is_evidence for own in by_helper)


def households_reached(store: Store, classroom_id: str, bank: Bank) -> list[bool]:
    """Of each household of a class whether it has somebody. Too telling to show: see `told`."""
    model, catalogue = bank.framework.household, Catalogue(bank, store)
    if model is None:
        return []
    return [
        household_has_somebody(own, store, classroom_id, catalogue, model) for own in store.households(classroom_id)
    ]


def movement_sentences(counts: MovementCounts, framework: Framework, lang: str) -> tuple[str, ...]:
    """The counts in words; none where there is nothing to tell."""
    return (*_of_helpers(counts, framework, lang), *_of_households(counts, lang))


def _of_helpers(counts: MovementCounts, framework: Framework, lang: str) -> tuple[str, ...]:
    _, model = translator(lang), framework.ambassador
    if not counts.helpers or model is None:
        return ()
    helped = _(
        "{helpers} people of the class helped others: {n} people confirmed it on a phone of their own, {m} of them did it with their own hands."
    )
    enough = _("{n} people of the class have helped at least {people} others, each confirmed.")
    return (
        helped.format(helpers=counts.helpers, n=counts.confirmed, m=counts.own_hands),
        enough.format(n=counts.ambassadors, people=model.people),
    )


def _of_households(counts: MovementCounts, lang: str) -> tuple[str, ...]:
    _ = translator(lang)
    if not counts.any_household:
        return ()
    if counts.households is None:
        return (_("Fewer than {n} households are together in the class: nothing is said of so few.").format(n=LEAST),)
    if counts.with_somebody is None:
        few = _(
            "{n} households are together in the class. How many have somebody who can do the five things is not said: one of the two groups is smaller than {least}."
        )
        return (few.format(n=counts.households, least=LEAST),)
    said = _("{n} households are together in the class; {m} have somebody who can do the five things.")
    return (said.format(n=counts.households, m=counts.with_somebody),)
