"""What must agree within and between the framework's files, beyond the type of each field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bdhvs.bank.framework_files import DigcompFile, DomainFile, FrameworkFile, ProgrammeFile
from bdhvs.bank.yaml_lines import Where, did_you_mean
from bdhvs.core.items.base import repeated

Flaw = tuple[Where, str]


def framework_flaws(main: FrameworkFile, name: str) -> Iterator[Flaw]:
    """Where a framework contradicts itself."""
    if main.id != name:
        yield ("id",), f'found id "{main.id}" in {name}.yaml; give file and id the same name'
    bands = [band.id for band in main.bands]
    for index, level in enumerate(main.levels):
        own = [band.id for band in main.bands if level.number in band.levels]
        if own != ([level.band] if level.band else []):
            yield ("levels", index), f'level {level.number} says band "{level.band}", the bands say {own or "none"}'
    yield from _ascending(main)
    known = {level.number for level in main.levels}
    for index, band in enumerate(main.bands):
        for number in sorted(set(band.levels) - known):
            yield ("bands", index, "levels"), f"level {number} is not described under levels"
    for where, domain in _domains(main):
        yield from _domain_flaws(where, domain, bands)
    for one in repeated([each.code for _, domain in _domains(main) for each in domain.competences]):
        yield ("domains",), f'competence "{one}" is described twice; keep one'
    for code in main.letter_3456_domain_6:
        if not any(code == each.code for _, domain in _domains(main) for each in domain.competences):
            yield ("letter_3456_domain_6", code), f'competence "{code}" does not exist'


def digcomp_flaws(main: FrameworkFile, digcomp: DigcompFile) -> Iterator[Flaw]:
    """Crosswalk codes that DigComp does not have."""
    names = {version: set(one.competences) for version, one in digcomp.versions.items()}
    for where, domain in _domains(main):
        for index, one in enumerate(domain.competences):
            for field, version in _CROSSWALKS:
                for code in getattr(one, field):
                    if code not in names.get(version, ()):
                        yield (*where, "competences", index, field), f'DigComp {version} has no competence "{code}"'


_CROSSWALKS = (("digcomp22", "2.2"), ("digcomp22_related", "2.2"), ("digcomp30", "3.0"), ("digcomp30_related", "3.0"))


def programme_flaws(programme: ProgrammeFile, main: FrameworkFile) -> Iterator[Flaw]:
    """Sources and competences the programme names but that do not exist, and ids used twice."""
    sources = [one.id for one in programme.sources]
    codes = [one.code for _, domain in _domains(main) for one in domain.competences]
    for field in ("audiences", "planning_groups", "skills"):
        entries = getattr(programme, field)
        for index, one in enumerate(entries):
            yield from _unknown((field, index, "sources"), one.sources, sources, "source")
        for twice in repeated([one.id for one in entries]):
            yield (field,), f'id "{twice}" is used twice; give each its own'
    for index, skill in enumerate(programme.skills):
        where = ("skills", index, "competences", main.id)
        yield from _unknown(where, skill.competences.get(main.id, ()), codes, "competence")
    yield from _model_flaws(programme, main, sources, codes)


def _model_flaws(programme: ProgrammeFile, main: FrameworkFile, sources: list[str], codes: list[str]) -> Iterator[Flaw]:
    ambassador, household = programme.models.ambassador, programme.models.household
    skills, levels = [one.id for one in programme.skills], {one.number for one in main.levels}
    for name in ("ambassador", "household"):
        yield from _unknown(("models", name, "sources"), getattr(programme.models, name).sources, sources, "source")
    shows = ambassador.evidence.get(main.id)
    if shows is not None:
        yield from _unknown(("models", "ambassador", "evidence", main.id), [shows.competence], codes, "competence")
    for model, field, groups in (("household", "parts", household.parts), ("ambassador", "topics", ambassador.topics)):
        for index, group in enumerate(groups):
            yield from _unknown(("models", model, field, index, "skills"), group.skills, skills, "skill")
    placed: set[str] = set()
    for number, topic in enumerate(ambassador.topics):
        for twice in sorted(placed & {*topic.skills}):
            yield ("models", "ambassador", "topics", number, "skills"), f'skill "{twice}" stands in another topic, too; keep it in one'
        placed |= {*topic.skills}
    named = {("ambassador", "evidence"): {shows.level} if shows else set(), ("household", "levels"): {*household.levels.get(main.id, ())}}
    for where, numbers in named.items():
        for number in sorted(numbers - levels):
            yield ("models", *where, main.id), f"level {number} is not described under levels"


def _domains(main: FrameworkFile) -> Iterator[tuple[Where, DomainFile]]:
    if main.entry:
        yield ("entry",), main.entry
    for index, domain in enumerate(main.domains):
        yield ("domains", index), domain


def _domain_flaws(where: Where, domain: DomainFile, bands: list[str]) -> Iterator[Flaw]:
    for index, one in enumerate(domain.competences):
        place = (*where, "competences", index)
        if one.code.split(".")[0] != domain.code:
            yield (*place, "code"), f'competence "{one.code}" stands in domain "{domain.code}"'
        if one.ladder and list(one.ladder) != bands:
            yield (*place, "ladder"), f"found phrases for {', '.join(one.ladder)}, expected {', '.join(bands)}"


def _ascending(main: FrameworkFile) -> Iterator[Flaw]:
    numbers = [level.number for level in main.levels]
    if numbers != sorted(set(numbers)):
        yield ("levels",), f"found levels {numbers}, expected each once and rising"


def _unknown(where: Where, named: Iterable[str], known: list[str], what: str) -> Iterator[Flaw]:
    for one in named:
        if one not in known:
            yield where, f'{what} "{one}" does not exist.{did_you_mean(one, known)}'
