"""The competency framework as objects: domains → competences → levels.

Circular 02/2025/TT-BGDĐT has 6 domains, 24 competences and 8 levels in 4 bands. The level is an integer 1–8;
names such as "Cơ bản 2" or "NC1" are labels from other papers and in domain 6 they do not line up, so nothing
here derives a level from a label. Below the framework stands an entry module ("0": using the device), which
the Circular lacks. Levels 7 and 8 are work for a portfolio, not for items.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from types import MappingProxyType
from typing import Literal

ENTRY_LEVEL = 0
ITEM_LEVELS = range(1, 7)  # levels an item can show; 7–8 need a portfolio
LEVELS = range(1, 9)


@dataclass(frozen=True, slots=True)
class Named:
    """A Vietnamese name with its English one."""

    vi: str
    en: str

    def in_language(self, lang: str) -> str:
        return self.en if lang == "en" else self.vi


@dataclass(frozen=True, slots=True)
class Level:
    """One of the levels 1–8 (or 0, the entry module).

    ``cognitive_steep`` is the thinking asked for in a domain that climbs one step per level (domain 6).
    ``basis`` says whether the gloss follows an official key-word table or was reconstructed.
    """

    number: int
    band: str
    name: Named
    complexity: Named
    autonomy: Named
    cognitive: Named
    cognitive_steep: Named
    basis: Literal["confirmed", "reconstructed", "entry"]
    for_items: bool


@dataclass(frozen=True, slots=True)
class Band:
    """Two neighbouring levels under one name, e.g. Cơ bản = levels 1 and 2."""

    id: str
    name: Named
    levels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Competence:
    """One of the 24 competences (or of the entry module).

    ``ladder`` gives a phrase per band id. ``digcomp22`` and ``digcomp30`` are codes of the counterpart;
    empty in domain 6, where ``digcomp_related`` holds codes inferred by us.
    """

    code: str
    domain: str
    name: Named
    description: Named
    ladder: Mapping[str, Named]
    digcomp22: tuple[str, ...]
    digcomp30: tuple[str, ...]
    digcomp_related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain with its competences in order; a `steep` one climbs one step of thinking per level."""

    code: str
    name: Named
    summary: Named
    competences: tuple[Competence, ...]
    steep: bool = False

    def __iter__(self) -> Iterator[Competence]:
        return iter(self.competences)


@dataclass(frozen=True, slots=True)
class Audience:
    """A group of people an item or form is meant for."""

    id: str
    name: Named
    category: str


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill named by the programme, with our mapping to competences (for planning only)."""

    id: str
    name: Named
    competences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SkillGroup:
    """Some ``skills`` (ids) under one name: a topic, or a part of a household's goal, where any one of them will do."""

    name: Named
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AmbassadorModel:
    """"Đại sứ số": ``people`` helped, each confirmed, are evidence of ``level`` for ``competence``. ``topics``: under which
    names whoever was helped finds the skills, those most asked for first."""

    name: Named
    people: int
    competence: str
    level: int
    topics: tuple[SkillGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class HouseholdModel:
    """"Gia đình số": at least ``people`` of a household do tasks of ``levels`` alone, in every one of ``parts``."""

    name: Named
    people: int
    levels: tuple[int, ...]
    parts: tuple[SkillGroup, ...]


@dataclass(frozen=True)
class Framework:
    """A competency framework with the programme's audiences, skills and models.

    ::

        framework = bdhvs.Framework.load()
        framework["4.2"].name.vi
        for domain in framework:
            for competence in domain: ...
    """

    id: str
    title: Named
    source: str
    domains: tuple[Domain, ...]
    entry: Domain
    levels: tuple[Level, ...]
    bands: tuple[Band, ...]
    audiences: tuple[Audience, ...]
    skills: tuple[Skill, ...]
    cautions: tuple[str, ...]
    digcomp_names: Mapping[str, Mapping[str, str]]  # "2.2" / "3.0" → code → name
    ambassador: AmbassadorModel | None  # the programme's models; None where it says nothing of this framework
    household: HouseholdModel | None

    def __iter__(self) -> Iterator[Domain]:
        """The domains of the Circular, in order; the entry module is `entry`."""
        return iter(self.domains)

    def __getitem__(self, code: str) -> Competence:
        """The competence with this code, e.g. ``"4.2"``; the entry module's are "0.1" and "0.2".

        Raises
        ------
        KeyError
            when the framework has no such competence; the message names the codes there are.
        """
        try:
            return self.competences[code]
        except KeyError:
            raise KeyError(f"no competence {code!r}; there are {', '.join(self.competences)}") from None

    def __contains__(self, code: object) -> bool:
        return code in self.competences

    @cached_property
    def competences(self) -> Mapping[str, Competence]:
        """All competences by code, entry module first, then 1.1 to 6.3."""
        return MappingProxyType({one.code: one for domain in (self.entry, *self.domains) for one in domain})

    def domain(self, code: str) -> Domain:
        """The domain "0"–"6" itself, or that of a competence code such as "4.2"."""
        wanted = code.split(".")[0]
        for domain in (self.entry, *self.domains):
            if domain.code == wanted:
                return domain
        known = ", ".join(one.code for one in (self.entry, *self.domains))
        raise KeyError(f"no domain {wanted!r}; there are {known}")

    def level(self, number: int) -> Level:
        """Level 1–8, or 0 for the entry module."""
        for level in self.levels:
            if level.number == number:
                return level
        raise KeyError(f"no level {number!r}; there are {', '.join(str(level.number) for level in self.levels)}")

    def cognitive(self, competence: str, level: int) -> Named:
        """What thinking a level asks for; more in a steep domain (6) than elsewhere."""
        wanted = self.level(level)
        return wanted.cognitive_steep if self.domain(competence).steep else wanted.cognitive

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th scope='row'>{one.code}</th><td>{escape(one.name.vi)}<br><small>{escape(one.name.en)}</small></td>"
            f"<td>{escape(one.description.vi)}</td><td>{', '.join(one.digcomp22) or '–'}</td></tr>"
            if isinstance(one, Competence)
            else f"<tr><th colspan='4' scope='colgroup' style='text-align:left'>{one.code}. {escape(one.name.vi)}</th></tr>"
            for domain in (self.entry, *self.domains)
            for one in (domain, *domain)
        )
        head = "<tr><th>Mã</th><th>Năng lực</th><th>Nói gọn</th><th>DigComp 2.2</th></tr>"
        return f"<table><caption>{escape(self.title.vi)}</caption><thead>{head}</thead><tbody>{rows}</tbody></table>"
