"""What the files of ``assessments/framework/`` may hold.

A framework file describes one framework; a second one stands beside it as a second file with an id of its own.
``digcomp.yaml`` names what the crosswalks point to; ``programme.yaml`` holds audiences and skills.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from bdhvs.core.framework import Named
from bdhvs.core.items.base import CompetenceCode, ItemId, LocalId, Nfc, Record

Codes = tuple[CompetenceCode, ...]
LevelNumber = Annotated[int, Field(ge=0, le=8)]


class Names(Record):
    """A name or phrase, always in both languages."""

    vi: Nfc
    en: Nfc

    def named(self) -> Named:
        return Named(self.vi, self.en)


class DocumentFile(Record):
    """The legal document the framework follows."""

    number: Nfc
    issuer: Nfc
    signed: Nfc
    in_force: Nfc
    url: Nfc
    scope: Names


class CompanionFile(Record):
    """A document that explains or completes the main one."""

    number: Nfc
    date: Nfc
    what: Nfc


class BandFile(Record):
    """Neighbouring levels under one name; the last two fields name the bands of DigComp they match."""

    id: LocalId
    name: Names
    levels: Annotated[tuple[LevelNumber, ...], Field(min_length=1)]
    digcomp22: Nfc | None = None
    digcomp30: Nfc | None = None


class LetterCode(Record):
    """A short code used in schools. It is not a code of the Circular."""

    code: Nfc
    from_: Literal["letter 3456", "by analogy"] = Field(alias="from")
    school_grades: tuple[int, ...] = ()


class LevelFile(Record):
    """A level; the one below the bands (0) names none."""

    number: LevelNumber
    band: LocalId | None = None
    name: Names
    complexity: Names
    autonomy: Names
    cognitive: Names
    cognitive_steep: Names | None = None
    letter_3456: LetterCode | None = None
    basis: Literal["confirmed", "reconstructed", "entry"]
    for_items: bool


class CompetenceFile(Record):
    """A competence with a phrase for each band and its counterparts elsewhere."""

    code: CompetenceCode
    name: Names
    also_called: tuple[Nfc, ...] = ()
    description: Names
    ladder: Mapping[LocalId, Names] = Field(default_factory=dict)
    digcomp22: Codes = ()
    digcomp30: Codes = ()
    digcomp22_related: Codes = ()
    digcomp30_related: Codes = ()


class DomainFile(Record):
    """A domain; `steep` when it climbs one step of thinking per level."""

    code: Annotated[str, Field(pattern=r"^[0-9]{1,2}$")]
    name: Names
    also_called: tuple[Nfc, ...] = ()
    summary: Names
    steep: bool = False
    digcomp22: Nfc | None = None
    digcomp30: Nfc | None = None
    competences: Annotated[tuple[CompetenceFile, ...], Field(min_length=1)]


class FrameworkFile(Record):
    """A whole framework. `letter_3456_domain_6` is for reading school papers, never for computing a level."""

    what: Literal["framework"]
    format: Literal[1]
    id: ItemId
    title: Names
    compiled: Nfc
    document: DocumentFile
    companion_documents: tuple[CompanionFile, ...] = ()
    cautions: tuple[Nfc, ...] = ()
    bands: tuple[BandFile, ...]
    levels: tuple[LevelFile, ...]
    entry: DomainFile | None = None
    domains: tuple[DomainFile, ...]
    letter_3456_domain_6: Mapping[CompetenceCode, Mapping[str, LevelNumber]] = Field(default_factory=dict)


class DigcompVersion(Record):
    """One version of DigComp, as far as the crosswalk needs it."""

    year: int
    publisher: Nfc
    areas: int
    levels: int
    bands: tuple[Nfc, ...]
    url: Nfc | None = None
    what_changed: Nfc | None = None
    competences: Mapping[CompetenceCode, Nfc]


class DigcompFile(Record):
    """Names of DigComp's competences by version."""

    what: Literal["digcomp"]
    format: Literal[1]
    versions: Mapping[str, DigcompVersion]


class SourceFile(Record):
    """Where a fact of the programme was read."""

    id: Annotated[str, Field(pattern=r"^[SP][0-9]+$")]
    title: Nfc
    kind: Literal["news", "plan", "decision", "letter", "resolution", "web page"]
    place: Nfc | None = None
    date: Nfc | None = None
    file: Nfc | None = None
    url: Nfc | None = None


class AudienceFile(Record):
    """A group of people a material is meant for."""

    id: LocalId
    name: Names
    category: Literal["national_group", "vanguard", "priority", "occupation", "rule", "facilitator"]
    sources: Annotated[tuple[str, ...], Field(min_length=1)]
    note: Nfc | None = None


class SkillFile(Record):
    """A skill the programme names; `competences` maps it, by framework id, to competences (for planning only)."""

    id: LocalId
    name: Names
    competences: Mapping[ItemId, Codes]
    sources: Annotated[tuple[str, ...], Field(min_length=1)]
    note: Nfc | None = None


class EvidenceFile(Record):
    """What something is evidence of."""

    competence: CompetenceCode
    level: LevelNumber


class SkillGroupFile(Record):
    """Skills under one name: a topic, or a part of a household's goal, where any one of them will do."""

    name: Names
    skills: Annotated[tuple[LocalId, ...], Field(min_length=1)]


class AmbassadorFile(Record):
    """"Đại sứ số": `people` helped, each confirmed, are evidence; of what, by framework id. `topics` hold the skills to choose from."""

    name: Names
    people: Annotated[int, Field(ge=1)]
    topics: tuple[SkillGroupFile, ...] = ()
    evidence: Mapping[ItemId, EvidenceFile]
    sources: Annotated[tuple[str, ...], Field(min_length=1)]
    note: Nfc | None = None


class HouseholdFile(Record):
    """"Gia đình số": at least `people` of a household do tasks of these levels (by framework id) alone in every part."""

    name: Names
    people: Annotated[int, Field(ge=1)]
    levels: Mapping[ItemId, Annotated[tuple[LevelNumber, ...], Field(min_length=1)]]
    parts: Annotated[tuple[SkillGroupFile, ...], Field(min_length=1)]
    sources: Annotated[tuple[str, ...], Field(min_length=1)]
    note: Nfc | None = None


class ModelsFile(Record):
    """Ways of the movement that a class offers."""

    ambassador: AmbassadorFile
    household: HouseholdFile


class ProgrammeFile(Record):
    """Audiences, skills and models of the movement, with their sources."""

    what: Literal["programme"]
    format: Literal[1]
    title: Names
    cautions: tuple[Nfc, ...]
    sources: tuple[SourceFile, ...]
    audiences: tuple[AudienceFile, ...]
    planning_groups: tuple[AudienceFile, ...] = ()
    skills: tuple[SkillFile, ...]
    models: ModelsFile
