"""How the invented province comes about: every number of ``assessments/programme/synthetic-province.yaml``.

In the file each number stands with one line of why: ``{value: …, why: …}``. Here it is the value alone.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, model_validator

from bdhvs.programme.declared import Declared, read_declared

FILE = Path("programme") / "synthetic-province.yaml"

Share = Annotated[float, Field(ge=0, le=1)]
Spread = Annotated[float, Field(ge=0, le=5)]
Logits = Annotated[float, Field(ge=-10, le=10)]
Count = Annotated[int, Field(ge=0)]
ByAge = dict[str, float]


class _Reasoned(Declared):
    """A section in which every value says why."""

    @model_validator(mode="before")
    @classmethod
    def _values(cls, found: Any) -> Any:
        if not isinstance(found, dict):
            return found
        for name, one in found.items():
            if not isinstance(one, dict) or set(one) != {"value", "why"} or not str(one["why"]).strip():
                raise ValueError(f"{name}: found {str(one)[:60]!r}, expected {{value: …, why: one line of why}}")
        return {name: one["value"] for name, one in found.items()}


def _shares(*tables: dict[str, float]) -> None:
    for table in tables:
        if abs(sum(table.values()) - 1) > 1e-6 or min(table.values()) < 0:
            raise ValueError(f"found shares {table}, expected them to sum to 1")


class Place(_Reasoned):
    """Codes, name and sizes of what does not exist."""

    province: str
    name: str
    first_commune: Count
    wards: Share
    ward_size: Annotated[float, Field(gt=0)]
    size_spread: Spread


class People(_Reasoned):
    """Who lives there, and what they tell."""

    ages: ByAge
    women: ByAge
    rural_ageing: Annotated[float, Field(gt=0)]
    audiences: dict[str, dict[str, float]]
    devices: dict[str, dict[str, float]]
    untold: Share
    untold_each: Share
    region_unsaid: Share
    device_unknown: Share

    @model_validator(mode="after")
    def _sums(self) -> People:
        _shares(self.ages, *self.audiences.values(), *self.devices.values())
        return self


class Coming(_Reasoned):
    """Who of them comes to a class: log odds."""

    measured: Annotated[float, Field(gt=0, le=1)]
    spread: Spread
    age: ByAge
    women: Logits
    able: Logits


class Classes(_Reasoned):
    """How large, how alike and when."""

    smallest: Annotated[int, Field(ge=1)]
    largest: Annotated[int, Field(ge=1)]
    alike: Share
    first_day: date
    weeks: Annotated[int, Field(ge=1, le=520)]
    midpoint: float
    steepness: Annotated[float, Field(gt=0)]
    commune_lead: Annotated[float, Field(ge=0)]
    week_noise: Spread
    quiet_weeks: dict[str, Share]


class Ability(_Reasoned):
    """Logits on the scale of tags."""

    mean: Logits
    person_sd: Annotated[float, Field(gt=0, le=5)]
    correlation: Annotated[float, Field(ge=0, lt=1)]
    commune_sd: Spread
    class_sd: Spread
    age: ByAge
    rural: Logits
    groups: dict[str, float]
    domains: dict[str, float]
    growth: Logits
    growth_sd: Spread


class ItemNumbers(_Reasoned):
    """What the bank's items are supposed to be like."""

    difficulty_sd: Spread
    slope_sd: Spread
    unlike: Share
    unlike_by: Logits
    time: float
    time_by_level: float
    time_sd: Spread


class Answers(_Reasoned):
    """How people answer, guess, skip and ask."""

    person_time_sd: Spread
    time_by_ability: float
    time_sd: Spread
    time_unknown: Share
    guessers: Share
    guesses_of_guessers: Share
    guesses_of_others: Share
    guess_time: float
    skip: Logits
    skip_by_ease: Logits
    leave_early: Share
    helped: ByAge
    help_worth: Logits
    hint: Share
    hint_worth: Logits
    second_try: Share
    second_try_worth: Logits
    confidence_asked: Share
    overconfidence: Logits


class Sessions(_Reasoned):
    """Tests and practice evenings of a course."""

    minutes: Annotated[int, Field(ge=1)]
    adaptive: Share
    practice: Count
    present: Annotated[float, Field(gt=0, le=1)]
    second_test: Share
    weeks_between: Annotated[int, Field(ge=1)]


class Movement(_Reasoned):
    """Who helps others, and which households come together."""

    ambassadors: Share
    needed: Annotated[int, Field(ge=1)]
    helped_beyond: Annotated[float, Field(ge=0)]
    in_households: Share
    household_size: Annotated[int, Field(ge=1)]
    proficient: Logits


class Recipe(Declared):
    """All of it."""

    place: Place
    people: People
    coming: Coming
    classes: Classes
    ability: Ability
    items: ItemNumbers
    answers: Answers
    sessions: Sessions
    movement: Movement

    @model_validator(mode="after")
    def _same_ages(self) -> Recipe:
        bands = set(self.people.ages)
        tables: dict[str, set[str]] = {
            "people.women": set(self.people.women),
            "people.audiences": set(self.people.audiences),
            "people.devices": set(self.people.devices),
            "coming.age": set(self.coming.age),
            "ability.age": set(self.ability.age),
            "answers.helped": set(self.answers.helped),
        }
        for name, found in tables.items():
            if found != bands:
                raise ValueError(f"{name}: found {sorted(found)}, expected the bands of people.ages {sorted(bands)}")
        return self


def read_recipe(assessments: Path) -> Recipe:
    """The recipe below this folder of content.

    Raises
    ------
    DataFileError
        when the file is missing or wrong.
    """
    return read_declared(assessments / FILE, Recipe, "synthetic_province")
