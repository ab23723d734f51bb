"""What plans set themselves: ``assessments/programme/targets.yaml``. A plan is not a result."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from bdhvs.core.places import Geography, Province
from bdhvs.errors import BdhvsError
from bdhvs.programme.declared import Declared, read_declared

FILE = Path("programme") / "targets.yaml"
COUNTRY = "Toàn quốc"


class Named(Declared):
    """A name in both languages."""

    vi: str
    en: str

    def in_language(self, lang: str) -> str:
        return self.vi if lang == "vi" else self.en


class Measure(Declared):
    """How a plan's words are measured here; without ``band`` and ``gate`` they are not, and ``why`` says so.

    ``domains``: in how many of the six the band must be reached; ``domain``: in this one. ``can``: what is said of who reached it.
    """

    name: Named
    why: str
    band: str | None = None
    domains: Annotated[int, Field(ge=1, le=6)] | None = None
    gate: Literal["open"] | None = None
    can: Named | None = None
    domain: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Measure:
        if (self.band is None) != (self.domains is None) or (self.band and self.gate):
            raise ValueError("expected band with domains, or gate, or neither")
        if self.is_measured and self.can is None:
            raise ValueError("expected can, the words for who reached it")
        if self.domain is not None and self.domains != 1:
            raise ValueError("expected domains: 1 beside domain")
        return self

    def within(self, domain: str, name: Named) -> Measure:
        """The same band in one domain, called `name`. ValueError of a measure that is not a band."""
        if self.band is None or self.can is None:
            raise ValueError(f"{self.name.en}: found no band, so it is not measured domain by domain")
        about = Named(vi=f"{self.name.vi} – {name.vi}", en=f"{self.name.en} – {name.en}")
        can = Named(vi=f"{self.can.vi} về {name.vi}", en=f"{self.can.en} in {name.en}")
        return self.model_copy(update={"name": about, "can": can, "domains": 1, "domain": domain})

    @property
    def is_measured(self) -> bool:
        return self.band is not None or self.gate is not None


class Group(Declared):
    """A group of the plans as audiences of learners; none listed: everybody."""

    name: Named
    audiences: tuple[str, ...] = ()


class Target(Declared):
    """One aim of one plan.

    ``place``: as the plan names it, `COUNTRY` for all. ``share`` 0–1 or ``people``; ``year``: None where the plan names none.
    ``at_least``: the plan says "at least" or "more than". ``sure``: False where the figure was inferred.
    """

    place: str
    group: str
    measure: str
    source: str
    commune: str | None = None
    share: Annotated[float, Field(gt=0, le=1)] | None = None
    people: Annotated[int, Field(gt=0)] | None = None
    year: Annotated[int, Field(ge=2024, le=2045)] | None = None
    at_least: bool = False
    sure: bool = True


class Aim(Declared):
    """What plans want of one of the movement's models: ``people`` helped by each, or a ``share`` of households (0–1)."""

    source: str
    people: Annotated[int, Field(gt=0)] | None = None
    share: Annotated[float, Field(gt=0, le=1)] | None = None


class Aims(Declared):
    """Of ambassadors and of households."""

    ambassadors: Aim
    households: Aim

    @model_validator(mode="after")
    def _kinds(self) -> Aims:
        if self.ambassadors.people is None or self.households.share is None:
            raise ValueError("expected people of ambassadors and a share of households")
        return self


class Targets(Declared):
    """All of them, with what they refer to."""

    note: str
    sources: dict[str, str]
    measures: dict[str, Measure]
    groups: dict[str, Group]
    movement: Aims
    targets: tuple[Target, ...]

    @model_validator(mode="after")
    def _known(self) -> Targets:
        for number, one in enumerate(self.targets, 1):
            for name, table in (("measure", self.measures), ("group", self.groups), ("source", self.sources)):
                if getattr(one, name) not in table:
                    raise ValueError(
                        f"target {number}: found {name} {getattr(one, name)!r}, expected one of {', '.join(table)}"
                    )
            if (one.share is None) == (one.people is None):
                raise ValueError(f"target {number}: expected either share or people")
        for aim in (self.movement.ambassadors, self.movement.households):
            if aim.source not in self.sources:
                raise ValueError(f"movement: found source {aim.source!r}, expected one of {', '.join(self.sources)}")
        return self

    def of(self, geography: Geography, province: str | None) -> tuple[Target, ...]:
        """Targets that hold in the province with this code: its own, those of provinces that became part of it, the country's.

        An unknown code, such as that of an invented province, has the country's alone.
        """
        here = geography.province_called(province)
        return tuple(one for one in self.targets if one.place == COUNTRY or (here and _meant(geography, one) == here))


def _meant(geography: Geography, target: Target) -> Province | None:
    try:
        return geography.province(target.place).unit
    except BdhvsError:
        return None


def read_targets(assessments: Path) -> Targets:
    """The targets below this folder of content.

    Raises
    ------
    DataFileError
        when the file is missing or wrong.
    """
    return read_declared(assessments / FILE, Targets, "programme_targets")
