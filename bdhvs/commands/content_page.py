"""``docs/content.md``: what is in the bank and the lessons, made from their files, the same files always the same page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bdhvs.bank.loader import Bank
from bdhvs.bank.report import Contents, Standards, contents, load_standards, reading_tables
from bdhvs.bank.report.contents import FormLine, too_few
from bdhvs.bank.report.reading import ReadingOf
from bdhvs.core.framework import ENTRY_LEVEL, Domain
from bdhvs.live.notebooks import in_language, read_live_notebooks
from bdhvs.server.lessons import read_lessons

HOW = "bdhvs check --page docs/content.md"
_STEM_SIGNS = 110  # of a simulation's task in the table


def page(bank: Bank) -> str:
    """The page as Markdown.

    Raises
    ------
    BankError, LessonError
        when a standard or a lesson cannot be read.
    """
    found, standards = contents(bank), load_standards(bank.content, bank.framework, bank.items)
    parts = [
        _head(bank, found),
        _levels(bank, found),
        _audiences(found, standards, bank),
        *(_domain(one, found, bank) for one in (bank.framework.entry, *bank.framework.domains)),
        _kinds(found, bank),
        _reading(bank, standards),
        _forms(found),
        _simulators(found),
        _lessons(bank),
    ]
    return "\n\n".join(parts) + "\n"


def _head(bank: Bank, found: Contents) -> str:
    empty = len(found.coverage.empty)
    cells = len(found.coverage.counts)
    return (
        "# What is in the bank\n\n"
        f"Made by `{HOW}` (or `make content`) from `assessments/` and `notebooks/`; a test says when it is stale. Do not edit it.\n\n"
        f"{found.tasks} tasks and {found.opinions} questions about oneself, {len(found.forms)} forms, {len(found.simulators)} simulators. "
        f"{cells - empty} of {cells} cells of competence and level have at least one task; {_thin(found)} of levels 1–4 have fewer than two. "
        "Levels 7 and 8 are work for a portfolio, not for items.\n\n"
        f"What to look at again (reading load, reading aloud, twins, old sources): `bdhvs check --report` ([author.md](author.md#the-report)). "
        f"Names in Vietnamese are those of {bank.framework.source}."
    )


def _thin(found: Contents) -> int:
    return sum(count < 2 for (_, level), count in found.coverage.counts.items() if 1 <= level <= 4)


def _levels(bank: Bank, found: Contents) -> str:
    levels = found.coverage.levels
    rows = []
    for code in found.coverage.competences:
        cells = [found.coverage.counts.get((code, level)) for level in levels]
        name = bank.framework[code].name
        rows.append([code, f"{name.vi}<br>{name.en}", *_cells(cells), str(sum(one or 0 for one in cells))])
    totals = [
        sum(found.coverage.counts.get((code, level), 0) for code in found.coverage.competences) for level in levels
    ]
    rows.append(["", "**all**", *_cells(totals), str(sum(totals))])
    return _section("Competence × level", _table(["", "", *map(str, levels), "all"], rows))


def _audiences(found: Contents, standards: Standards, bank: Bank) -> str:
    least = standards.audiences.least_share
    names = {one.id: one.name.vi for one in bank.framework.audiences}
    rows = []
    for one, count in found.for_audience.items():
        cells = _cells(found.by_level.get((level, one), 0) for level in found.coverage.levels)
        wanted = f"{least[one]:.0%}" if one in least else ""
        rows.append([f"`{one}`", names[one], *cells, str(count), f"{count / max(1, found.tasks):.0%}", wanted])
    short = [
        f"`{one.audience}` {one.found:.1%} of all"
        if one.domain is None
        else f"`{one.audience}` {one.found:.0f} in domain {one.domain}"
        for one in too_few(found, standards.audiences, bank.framework)
    ]
    said = f"Fewer than declared: {'; '.join(short)}." if short else "No audience has fewer than declared."
    text = (
        f"A task suits several audiences and is counted for each. The least share, and {standards.audiences.least_in_domain} tasks in "
        f"each domain, are declared in `assessments/quality/audiences.yaml`. {said}"
    )
    return _section(
        "Audience × level", text, _table(["", "", *map(str, found.coverage.levels), "all", "share", "least"], rows)
    )


def _domain(domain: Domain, found: Contents, bank: Bank) -> str:
    """Competence × level × audience, a table a domain."""
    audiences = list(found.for_audience)
    three: dict[tuple[str, int, str], int] = {}
    for item in bank.items.values():
        for one in item.audiences if item.is_performance else ():
            three[item.competence, item.level, one] = three.get((item.competence, item.level, one), 0) + 1
    rows = [
        [code, str(level), str(count), *_cells([three.get((code, level, one), 0) for one in audiences])]
        for (code, level), count in found.coverage.counts.items()
        if bank.framework.domain(code) is domain
    ]
    title = f"Domain {domain.code}, {domain.name.vi}: competence × level × audience"
    if domain is bank.framework.entry:
        title = f"Entry module (level {ENTRY_LEVEL}), {domain.name.vi}: by audience"
    return _section(title, _table(["", "level", "tasks", *(one.replace("_", " ") for one in audiences)], rows))


def _kinds(found: Contents, bank: Bank) -> str:
    names = {one.id: one.name.vi for one in bank.framework.skills}
    skills = _table(
        ["skill", "", "tasks"], [[f"`{one}`", names.get(one, ""), str(count)] for one, count in found.skills.items()]
    )
    kinds = _table(["kind", "items"], [[f"`{one}`", str(count)] for one, count in found.kinds.items()])
    places = "; ".join(f"with {one.options} options {', '.join(map(str, one.places))}" for one in found.keys)
    text = f"Single-choice keys by their place in the file, first to last: {places}. Options are shuffled when shown."
    where = ", ".join(f"{one} {count}" for one, count in found.contexts.items())
    return _section("Kinds, skills, places", kinds, skills, f"Where it happens: {where}.", text)


def _reading(bank: Bank, standards: Standards) -> str:
    by_level, by_audience = reading_tables(bank, standards.reading.familiar)
    head = ["", "items", "syllables", "90 %", "sentence", "longest sentence", "letters a syllable", "unusual words"]
    named: list[tuple[str, ReadingOf]] = [(f"level {level}", one) for level, one in by_level.items()]
    named += [(f"`{who}`", one) for who, one in by_audience.items()]
    rows = [[name, *_reading_cells(one)] for name, one in named]
    text = (
        "Medians over items, simulations apart: syllables of stem and options, and the 90th percentile; syllables a sentence; written words "
        "that are no Vietnamese syllable. What is counted, and why no grade is given: [author.md](author.md#reading-load)."
    )
    return _section("Reading load", text, _table(head, rows))


def _reading_cells(one: ReadingOf) -> Iterator[str]:
    yield from (str(one.items), f"{one.syllables:.0f}", f"{one.syllables_90:.0f}", f"{one.mean_sentence:.1f}")
    yield from (str(one.longest_sentence), f"{one.letters:.2f}", f"{one.unusual_share:.1%}")


def _forms(found: Contents) -> str:
    rows = [
        [
            f"`{one.id}`",
            one.title,
            one.mode,
            _items(one),
            str(one.minutes or ""),
            ", ".join(one.domains),
            _range(one.levels),
            str(one.simulators or ""),
        ]
        for one in found.forms
    ]
    text = f"A form that is not listed on the class's page lives in a lesson. {len(found.unused)} tasks are in no fixed form; adaptive forms choose among them."
    return _section(
        "Forms", text, _table(["", "", "mode", "items", "minutes", "domains", "levels", "simulators"], rows)
    )


def _items(one: FormLine) -> str:
    return str(one.items) if one.pool is None else f"up to {one.items} of {one.pool}"


def _range(levels: Sequence[int]) -> str:
    return f"{levels[0]}–{levels[-1]}" if len(levels) > 1 else "".join(map(str, levels))


def _simulators(found: Contents) -> str:
    rows = [
        [
            f"`{one.id}`",
            _short(one.stem),
            one.competence,
            str(one.level),
            str(one.screens),
            str(one.shortest),
            str(one.dangers),
            ", ".join(map(str, one.shows)) or "entry",
            one.why.replace("|", "/"),
        ]
        for one in found.simulators
    ]
    head = [
        "",
        "task",
        "competence",
        "level",
        "screens",
        "shortest way",
        "dangerous acts",
        "shows levels",
        "why the highest is this",
    ]
    text = (
        "A simulation says itself for which levels what was done in it is evidence ([author.md](author.md#simulators)); "
        "some of the highest rest on more than the task asks for. With help it is level 1 at most."
    )
    return _section("Simulators", text, _table(head, rows))


def _short(text: str) -> str:
    flat = " ".join(text.replace("**", "").replace("|", "/").split())
    return flat if len(flat) <= _STEM_SIGNS else flat[:_STEM_SIGNS].rsplit(" ", 1)[0] + " …"


def _lessons(bank: Bank) -> str:
    folder = bank.content.notebooks
    lessons = [one for one in read_lessons(folder) if one.lang == "vi"] if folder.is_dir() else []
    live = in_language(read_live_notebooks(folder), "vi") if folder.is_dir() else []
    rows = [[f"`{one.id}`", one.title, str(one.minutes), ", ".join(one.competences)] for one in lessons]
    rows += [[f"`{one.lesson}`", one.title, str(one.minutes), "programs to write"] for one in live]
    return _section("Lessons", _table(["", "", "minutes", "competences"], rows))


def _section(title: str, *parts: str) -> str:
    return "\n\n".join([f"## {title}", *parts])


def _cells(counts: Iterable[int | None]) -> Iterator[str]:
    """A number; "·" for none; nothing where none can be."""
    return ("" if one is None else str(one) if one else "·" for one in counts)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *rows])
