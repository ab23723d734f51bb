"""The framework read from its files, with all mistakes at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bdhvs.bank import framework_files as files
from bdhvs.bank.framework_checks import digcomp_flaws, framework_flaws, programme_flaws
from bdhvs.bank.paths import Content, find_content
from bdhvs.bank.read import Model, read_model
from bdhvs.bank.yaml_lines import Document, Where, read_document
from bdhvs.core import framework as core
from bdhvs.errors import FrameworkError, Problem

DEFAULT_FRAMEWORK = "tt02-2025"


class Framework(core.Framework):
    """A competency framework that can be loaded from its files.

    ::

        framework = Framework.load()
        framework["4.2"].name.vi
    """

    @classmethod
    def load(cls, path: str | Path | None = None, framework: str = DEFAULT_FRAMEWORK) -> Framework:
        """The framework with this id.

        Parameters
        ----------
        path : folder of the content; looked for when left out (see `bdhvs.bank.paths`).
        framework : id, which is also the name of its file in ``assessments/framework/``.

        Raises
        ------
        FrameworkError
            with every problem of the framework's files.
        """
        return load_framework(find_content(path), framework)


def load_framework(content: Content, framework: str = DEFAULT_FRAMEWORK) -> Framework:
    """The framework with this id, from the files of `content`; raises FrameworkError with every problem."""
    folder = content.framework
    problems: list[Problem] = []
    main, main_document = _read(folder / f"{framework}.yaml", files.FrameworkFile, problems)
    digcomp, _ = _read(folder / "digcomp.yaml", files.DigcompFile, problems)
    programme, programme_document = _read(folder / "programme.yaml", files.ProgrammeFile, problems)
    if main:
        problems += _lines(main_document, framework_flaws(main, framework))
    if main and digcomp:
        problems += _lines(main_document, digcomp_flaws(main, digcomp))
    if main and programme:
        problems += _lines(programme_document, programme_flaws(programme, main))
    if problems or not (main and digcomp and programme):
        raise FrameworkError(problems)
    return _build(main, digcomp, programme)


def frameworks(content: Content) -> tuple[str, ...]:
    """Ids of the frameworks there are files for."""
    others = {"digcomp", "programme"}
    return tuple(sorted(path.stem for path in content.framework.glob("*.yaml") if path.stem not in others))


def _read(path: Path, model: type[Model], problems: list[Problem]) -> tuple[Model | None, Document]:
    document = read_document(path, f"assessments/framework/{path.name}")
    made, found = read_model(document, model)
    problems += found
    return made, document


def _lines(document: Document, flaws: Iterator[tuple[Where, str]]) -> list[Problem]:
    return [Problem(document.path, document.line(where), message, "framework") for where, message in flaws]


def _build(main: files.FrameworkFile, digcomp: files.DigcompFile, programme: files.ProgrammeFile) -> Framework:
    nothing = core.Named("Không có", "None")
    document = main.document
    return Framework(
        id=main.id,
        title=main.title.named(),
        source=f"{document.number}, {document.issuer}, {document.signed}",
        domains=tuple(_domain(one) for one in main.domains),
        entry=_domain(main.entry) if main.entry else core.Domain("0", nothing, nothing, ()),
        levels=tuple(_level(one) for one in main.levels),
        bands=tuple(core.Band(one.id, one.name.named(), one.levels) for one in main.bands),
        audiences=tuple(core.Audience(one.id, one.name.named(), one.category) for one in programme.audiences),
        skills=tuple(
            core.Skill(one.id, one.name.named(), one.competences.get(main.id, ())) for one in programme.skills
        ),
        cautions=(*main.cautions, *programme.cautions),
        digcomp_names=_frozen({version: dict(one.competences) for version, one in digcomp.versions.items()}),
        ambassador=_ambassador(programme.models.ambassador, main.id),
        household=_household(programme.models.household, main.id),
    )


def _ambassador(one: files.AmbassadorFile, framework: str) -> core.AmbassadorModel | None:
    shows = one.evidence.get(framework)
    topics = _groups(one.topics)
    return core.AmbassadorModel(one.name.named(), one.people, shows.competence, shows.level, topics) if shows else None


def _household(one: files.HouseholdFile, framework: str) -> core.HouseholdModel | None:
    levels = one.levels.get(framework)
    return core.HouseholdModel(one.name.named(), one.people, levels, _groups(one.parts)) if levels else None


def _groups(found: Iterable[files.SkillGroupFile]) -> tuple[core.SkillGroup, ...]:
    return tuple(core.SkillGroup(one.name.named(), one.skills) for one in found)


def _domain(one: files.DomainFile) -> core.Domain:
    competences = tuple(_competence(one.code, each) for each in one.competences)
    return core.Domain(one.code, one.name.named(), one.summary.named(), competences, one.steep)


def _competence(domain: str, one: files.CompetenceFile) -> core.Competence:
    related = sorted({*one.digcomp22_related, *one.digcomp30_related})
    return core.Competence(
        code=one.code,
        domain=domain,
        name=one.name.named(),
        description=one.description.named(),
        ladder=MappingProxyType({band: phrase.named() for band, phrase in one.ladder.items()}),
        digcomp22=one.digcomp22,
        digcomp30=one.digcomp30,
        digcomp_related=tuple(related),
    )


def _level(one: files.LevelFile) -> core.Level:
    return core.Level(
        number=one.number,
        band=one.band or "",
        name=one.name.named(),
        complexity=one.complexity.named(),
        autonomy=one.autonomy.named(),
        cognitive=one.cognitive.named(),
        cognitive_steep=(one.cognitive_steep or one.cognitive).named(),
        basis=one.basis,
        for_items=one.for_items,
    )


def _frozen(names: dict[str, dict[str, Any]]) -> MappingProxyType[str, MappingProxyType[str, Any]]:
    return MappingProxyType({name: MappingProxyType(one) for name, one in names.items()})
