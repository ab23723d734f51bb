"""By what scores are made: a calibration, the cut scores on its scale, the model. Plain values, so that numpy is not needed.

A *version* is kept in the store under its digest with everything a score needs besides the answers, so an old score can be
made again whatever becomes of calibration and cuts. Bands of people are named only by a calibration that people's answers stand
behind, and by cuts that somebody has set "in use" on its scale: provisional cuts say of themselves that they name nobody's
level (docs/levels.md). A class that is only played may take a synthetic calibration; then every sentence says so.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from bdhvs.bank.calibration import Calibration, load_calibrations, newest, on_one_scale
from bdhvs.bank.cut_score_files import CutScores
from bdhvs.bank.cut_scores import cut_scores_on_scale, read_cut_scores
from bdhvs.bank.digests import digest_of_all
from bdhvs.bank.loader import Bank
from bdhvs.core.adaptive import domain_of
from bdhvs.core.framework import Framework
from bdhvs.errors import BankError
from bdhvs.measurement.thresholds import CERTAINTY, STATED_CORRELATION
from bdhvs.store import ScoreVersionRow
from bdhvs.store.codec import json_text, value_of

log = logging.getLogger("bdhvs.scores")

FORMAT = 1
MODEL = "domains/1"  # `bdhvs.service.scores`: correlated domains, posterior means by moments, help by two estimates

#: Why nothing can be scored: no calibration (of people's answers), no cuts in use on its scale, or a file of them is wrong.
Lacking = Literal["no_calibration", "no_cuts", "broken"]


def version_in_use(bank: Bank, *, synthetic: bool = False) -> ScoreVersionRow | Lacking:
    """The version that results are made with today: the newest calibration, and the cuts in use on its scale.

    Parameters
    ----------
    synthetic : take the newest *simulated* calibration instead: for a class that is only played.

    Raises
    ------
    BankError
        when a calibration or a set of cut scores is wrong.
    """
    found = load_calibrations(bank.content, bank.items)
    calibration = newest(found, synthetic=synthetic)
    return version_by(bank, calibration, found) if calibration is not None else "no_calibration"


def version_or_why(bank: Bank, *, synthetic: bool = False) -> ScoreVersionRow | Lacking:
    """As `version_in_use`; a wrong file is told to the log and makes it "broken", so that a report comes all the same."""
    try:
        return version_in_use(bank, synthetic=synthetic)
    except BankError as error:
        log.error("no level can be named, a file is wrong: %s", error)
        return "broken"


def version_by(bank: Bank, calibration: Calibration, known: Sequence[Calibration]) -> ScoreVersionRow | Lacking:
    """The version of one calibration, with the cuts in use on its scale; `known` are the bank's, by which a scale is followed.

    Raises
    ------
    BankError
        when a set of cut scores is wrong.
    """
    sets, problems = read_cut_scores(bank.content)
    if problems:
        raise BankError(problems)
    scale = on_one_scale((*known, calibration), calibration.version)
    chosen = {
        one.code: cut_scores_on_scale(sets.values(), bank.framework.id, one.code, scale) for one in bank.framework.domains
    }
    cuts = {code: one for code, one in chosen.items() if one is not None}
    return _version(bank, calibration, cuts) if cuts else "no_cuts"


def _version(bank: Bank, calibration: Calibration, cuts: Mapping[str, CutScores]) -> ScoreVersionRow:
    details = {
        "format": FORMAT,
        "model": MODEL,
        "correlation": STATED_CORRELATION,
        "calibration": {
            "version": calibration.version,
            "family": calibration.family,
            "mean": calibration.mean,
            "sd": calibration.sd,
            "persons": calibration.sample.persons,
            "synthetic": calibration.sample.synthetic,
        },
        "items": list(_items(bank, calibration)),
        "bands": _bands(bank.framework),
        "cuts": {code: _cuts(one) for code, one in cuts.items()},
    }
    text = json_text(details)
    return ScoreVersionRow(
        digest=digest_of_all([text]),
        calibration=calibration.version,
        cut_scores=" ".join(sorted({one.id for one in cuts.values()})),
        model=MODEL,
        synthetic=calibration.sample.synthetic,
        details=value_of(text),
    )


def _items(bank: Bank, calibration: Calibration) -> Sequence[dict[str, Any]]:
    """Usable items of the six domains. An older version of an item keeps its competence: a changed meaning is a new id."""
    codes = {one.code for one in bank.framework.domains}
    known = [
        (one, bank.items[one.id])
        for one in sorted(calibration.items, key=lambda one: (one.id, one.version))
        if one.usable and one.id in bank.items
    ]
    return [
        {
            "id": one.id,
            "version": one.version,
            "domain": domain_of(item.competence),
            "level": item.level,
            "slope": one.slope,
            "intercepts": list(one.intercepts),
            "today": one.version == item.version,
        }
        for one, item in known
        if domain_of(item.competence) in codes
    ]


def _bands(framework: Framework) -> list[dict[str, Any]]:
    """Bands that items can show, lowest first."""
    for_items = {level.number for level in framework.levels if level.for_items}
    return [{"id": band.id, "levels": list(band.levels)} for band in framework.bands if set(band.levels) <= for_items]


def _cuts(scores: CutScores) -> dict[str, Any]:
    return {
        "id": scores.id,
        "date": scores.date,
        "method": scores.method,
        "certainty": scores.certainty or CERTAINTY,
        "levels": [[cut.level, cut.ability, cut.se] for cut in scores.cuts if cut.ability is not None],
    }


def named(version: ScoreVersionRow) -> dict[str, Any]:
    """A version in a few words: what a history shows of it."""
    return {
        "version": version.digest,
        "calibration": version.calibration,
        "cut_scores": version.cut_scores,
        "model": version.model,
        "synthetic": version.synthetic,
    }
