"""What the movement's models came to in each place: counts of at least k, and no person.

A count below k is withheld, wherever it stands; of households also how many have somebody when those that have, or those that do
not yet, are fewer than k, as on the class server (`bdhvs.service.movement_counts`). So a sum of what is told is at least the truth
of the places that tell it, and never more.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from bdhvs.dataset.schema import MOVEMENT
from bdhvs.service.movement_counts import ClassCounts

#: The group of those who teach others.
FACILITATORS = "facilitators"
#: From the id of a class to what the movement came to in it (`bdhvs.service.movement_counts.class_counts`).
Counted = Callable[[str], ClassCounts]
#: (province, commune) as they are told.
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Movement:
    """Whole counts, each at least 0; meanings are those of `bdhvs.dataset.schema.MOVEMENT`."""

    facilitators: int = 0
    ambassadors: int = 0
    helped: int = 0
    households: int = 0
    households_reached: int = 0

    def __add__(self, other: Movement) -> Movement:
        return Movement(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def told(self, k: int) -> dict[str, int | None]:
        """The counts that may be told; None for what may not."""
        found = {one.name: count if (count := getattr(self, one.name)) >= k else None for one in fields(self)}
        if found["households"] is None or self.households - self.households_reached < k:
            found["households_reached"] = None
        return found


def by_place(places: Mapping[str, Place], facilitators: Iterable[Place], counted: Counted) -> dict[Place, Movement]:
    """Sums over the classes of each place.

    Parameters
    ----------
    places : class → where it is told to be. facilitators : of each of them the place.
    """
    found: defaultdict[Place, Movement] = defaultdict(Movement)
    for room, place in places.items():
        one = counted(room)
        found[place] += Movement(0, one.ambassadors, one.helped, one.households, one.households_reached)
    for place, count in Counter(facilitators).items():
        found[place] += Movement(facilitators=count)
    return dict(found)


def movement_columns(counts: Mapping[Place, Movement], k: int) -> dict[str, list[Any]]:
    """The table ``movement``, by place; one where nothing can be told has no row."""
    rows = [
        {"province": province, "commune": commune, **told}
        for (province, commune), one in sorted(counts.items())
        if any((told := one.told(k)).values())
    ]
    return {name: [row[name] for row in rows] for name in MOVEMENT}


def withheld(counts: Iterable[Movement], k: int) -> dict[str, int]:
    """What it cost: by column, in how many places a count above 0 is not told."""
    lost: Counter[str] = Counter()
    for one in counts:
        lost.update(name for name, told in one.told(k).items() if told is None and getattr(one, name))
    return {one.name: lost[one.name] for one in fields(Movement)}
