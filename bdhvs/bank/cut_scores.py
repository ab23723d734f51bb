"""The cut scores of a bank, read from files that were checked.

::

    load_cut_scores("du-kien").cuts[0].ability
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import pairwise

from bdhvs.bank.cut_score_files import BY_PANEL, CutScores
from bdhvs.bank.framework import frameworks, load_framework
from bdhvs.bank.paths import Content, find_content
from bdhvs.bank.read import read_model
from bdhvs.bank.yaml_lines import Document, Where, did_you_mean, read_document
from bdhvs.core.framework import Framework
from bdhvs.errors import BankError, FrameworkError, NotFound, Problem

FOLDER = "cut_scores"  # below assessments/

Flaw = tuple[Where, str]


def read_cut_scores(content: Content) -> tuple[dict[str, CutScores], list[Problem]]:
    """All usable sets of cut scores by id, and all that is wrong with the others."""
    found: dict[str, CutScores] = {}
    problems: list[Problem] = []
    known: dict[str, Framework] = {}
    for path in sorted((content.assessments / FOLDER).glob("*.yaml")):
        document = read_document(path, f"assessments/{FOLDER}/{path.name}")
        scores, wrong = read_model(document, CutScores)
        if scores is not None:
            wrong = wrong + [_problem(document, flaw) for flaw in _flaws(scores, path.stem, content, known)]
        problems += wrong
        if scores is not None and not wrong:
            found[scores.id] = scores
    return found, problems


def load_cut_scores(scores_id: str, content: Content | None = None) -> CutScores:
    """The set with this id.

    Raises
    ------
    NotFound
        when there is no such file; the message names those there are.
    BankError
        with file and line when files are wrong.
    """
    found, problems = read_cut_scores(content or find_content())
    if problems:
        raise BankError(problems)
    if scores_id not in found:
        raise NotFound(f'there are no cut scores "{scores_id}"; there are: {", ".join(found) or "none"}')
    return found[scores_id]


def cut_scores_on_scale(
    found: Iterable[CutScores], framework: str, domain: str, scale: Collection[str]
) -> CutScores | None:
    """The set by which people's bands are named: in use, for `domain` before for all, the latest date; None if none.

    Parameters
    ----------
    found : sets to choose from, as of `read_cut_scores`.
    scale : versions of calibrations on one scale (`bdhvs.bank.calibration.on_one_scale`); cuts of another scale say nothing here.
    """
    fitting = [
        one
        for one in found
        if one.framework == framework and one.status == "in_use" and one.scale in scale and one.domain in (None, domain)
    ]
    return max(fitting, key=lambda one: (one.domain is not None, one.date, one.id), default=None)


def _problem(document: Document, flaw: Flaw) -> Problem:
    where, message = flaw
    return Problem(document.path, document.line(where), message, FOLDER)


def _flaws(scores: CutScores, stem: str, content: Content, known: dict[str, Framework]) -> Iterator[Flaw]:
    if scores.id != stem:
        yield ("id",), f'found id "{scores.id}" in a file called {stem}.yaml; give both the same name'
    if not _is_date(scores.date):
        yield ("date",), f'found "{scores.date}", which is no day; write it like "2026-11-22"'
    yield from _method_flaws(scores)
    yield from _cut_flaws(scores)
    names = frameworks(content)
    if scores.framework not in names:
        yield ("framework",), f'framework "{scores.framework}" does not exist.{did_you_mean(scores.framework, names)}'
        return
    if scores.framework not in known:
        try:
            known[scores.framework] = load_framework(content, scores.framework)
        except FrameworkError:
            yield ("framework",), f"the files of framework {scores.framework} have errors of their own; correct those first"
            return
    yield from _framework_flaws(scores, known[scores.framework])


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _method_flaws(scores: CutScores) -> Iterator[Flaw]:
    by_panel = scores.method in BY_PANEL
    if by_panel and scores.panel is None:
        yield ("method",), f"the method {scores.method} needs a panel; add the field panel (who, panelists, rounds)"
    if not by_panel and scores.panel is not None:
        yield ("panel",), f"found a panel with the method {scores.method}; delete it, or name the panel's method (angoff or bookmark)"
    if scores.method != "angoff" and scores.response_probability is None:
        yield ("method",), f"the method {scores.method} needs the field response_probability, usually 0.67"
    if scores.method == "author_levels" and scores.status == "in_use":
        yield ("status",), "cuts from authors' levels alone stay provisional: no answer of a learner stands behind them"


def _cut_flaws(scores: CutScores) -> Iterator[Flaw]:
    for place, cut in enumerate(scores.cuts):
        where: Where = ("cuts", place)
        if (cut.ability is None) != (cut.se is None):
            yield where, f"level {cut.level} has only one of ability and se; give both, or neither when there is no cut"
        if cut.ability is None and not cut.flags:
            yield where, f"level {cut.level} has no cut and no flag that says why; add one"
    levels = [cut.level for cut in scores.cuts]
    if levels != sorted(set(levels)):
        yield ("cuts",), f"found levels {levels}, expected each once and rising"
    given = [(place, cut) for place, cut in enumerate(scores.cuts) if cut.ability is not None]
    for (_, lower), (place, upper) in pairwise(given):
        if (upper.ability or 0.0) < (lower.ability or 0.0):
            yield ("cuts", place), f"the cut of level {upper.level} ({upper.ability}) lies below that of level {lower.level} ({lower.ability})"


def _framework_flaws(scores: CutScores, framework: Framework) -> Iterator[Flaw]:
    for_items = [level.number for level in framework.levels if level.for_items and level.band]
    for place, cut in enumerate(scores.cuts):
        if cut.level not in for_items:
            yield ("cuts", place, "level"), f"level {cut.level} has no items in this framework; there are {for_items}"
    if scores.domain and scores.domain not in [domain.code for domain in framework]:
        yield ("domain",), f'domain "{scores.domain}" does not exist in {framework.id}'
