"""What a learner may tell of themselves, and what is known of where a class is: the values, one list each.

Coarse on purpose, and nothing else: whether a question is fair to the old, to women, in the countryside, on a phone can be
asked of these. Ethnicity, health and identity numbers are never asked. The values are those of a research dataset
(`bdhvs.dataset.schema.LEARNERS`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: Years of age, both ends included. People of 60 and more have a band in the programme's plans; 75 splits the oldest.
AGE_BANDS: Final = ("under_15", "15_24", "25_39", "40_59", "60_74", "75_up")
SEXES: Final = ("female", "male")
#: As the class says; a ward is a town, a commune the countryside.
REGIONS: Final = ("urban", "rural")
#: What an attempt was begun on, by pointer and width (frontend/src/device.js).
DEVICES: Final = ("phone", "tablet", "computer")
#: Where a class named no place.
NO_PLACE: Final = "none"
#: Bands in which somebody is under 16: a parent or guardian decides for them.
UNDER_16: Final = frozenset({"under_15"})


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody told of themselves; None where they skipped, or would rather not say: the two are the same."""

    audience: str | None = None
    age_band: str | None = None
    sex: str | None = None

    @property
    def is_anything(self) -> bool:
        """Whether there is something to keep."""
        return self != Told()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a class is and whom it is for, as its teacher said; None where that was not said.

    ``province`` and ``commune`` are codes; ``commune_name`` is as typed or as in the list of communes. ``audience`` is an id
    of the programme's groups.
    """

    province: str | None = None
    commune: str | None = None
    commune_name: str | None = None
    region: str | None = None
    audience: str | None = None
