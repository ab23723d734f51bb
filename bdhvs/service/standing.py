"""What may be told of a score: a band's name where the evidence does, else a sentence on what would add some.

This is all that leaves the server of a score: no ability, no probability, no difficulty. While nothing can be scored (nobody
has calibrated the bank, or the borders between the bands are provisional) no band is named, and one plain sentence says why;
"do more tasks" would then be untrue.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bdhvs.core.framework import Framework
from bdhvs.i18n import marked as _n
from bdhvs.i18n import translator
from bdhvs.measurement.evidence import EntryGate, entry_gate
from bdhvs.service.adaptive_versions import missing_for_adaptive
from bdhvs.service.band_sentences import NOT_ENOUGH, band_name, band_words, gate_sentence
from bdhvs.service.score_evidence import Met
from bdhvs.service.score_version import Lacking
from bdhvs.service.scores import DomainScore, Score, score_of
from bdhvs.store import ScoreRow, ScoreVersionRow

#: Why there is no score: nothing to score by, nothing to compute with, or no attempt handed in (or its scoring failed).
Without = Lacking | Literal["no_numpy", "not_scored"]

NOTES: dict[Without, str] = {
    "no_calibration": _n(
        "No level is named yet: many people must do these tasks first, so that it is known which are easy and which are hard. Everything you did is kept."
    ),
    "no_cuts": _n("No level is named yet: the borders between the levels are not settled. Everything you did is kept."),
    "broken": _n("No level can be named today. Everything you did is kept."),
    "no_numpy": _n("No level can be named on this machine. Everything you did is kept."),
    "not_scored": _n("No level is named yet. Everything you did is kept."),
}
SCORED = _n("A level is named only where the tasks done show it surely enough. All quizzes handed in count, each task as it went the first time.")
SYNTHETIC = _n("ONLY A TRIAL: these levels come from invented numbers and say nothing about anybody.")

MORE = _n("About {n} more tasks like those of “{band}” in this part will show.")
MANY_MORE = _n("It takes many more tasks of this part to tell.")
NO_MORE = _n("There are no further tasks of this part yet.")
ALONE = _n("Try them alone: what is done with help does not show this step.")
#: Level 2 and level 1, without their numbers: a learner is told what to do next.
HOW = {
    "alone": _n("You do such tasks alone."),
    "with_help": _n("You do such tasks when somebody shows you. Next: the same, alone."),
}
NOT_YET_SURE = _n("Not enough evidence yet to name a level.")
AT_LEAST = _n("At least {band}. Whether it is more is not sure yet.")


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a person, as far as it may be told.

    Attributes
    ----------
    score : None while there is none; then `without` says why.
    gate : what the entry tasks show (`bdhvs.measurement.evidence.EntryGate`); needs no calibration.
    synthetic : the score comes from a calibration of simulated learners, and every page must say so.
    """

    score: Score | None
    without: Without | None
    gate: EntryGate | None = None
    synthetic: bool = False

    @property
    def blocked(self) -> bool:
        """Whether no level may be named, because the device itself is to be learnt first."""
        return self.gate.blocks if self.gate is not None else self.score is not None and self.score.gate == "closed"

    def domain(self, code: str) -> DomainScore | None:
        """The score of a domain, where one may be told."""
        return self.score.domains.get(code) if self.score is not None and not self.blocked else None


NOTHING_KNOWN = Standing(None, "not_scored")


async def not_scored(learner_id: str, classroom_id: str) -> Standing:
    """What is known where nobody scores: in a notebook of one's own."""
    return NOTHING_KNOWN


def standing_of(version: ScoreVersionRow | Lacking, row: ScoreRow | None, met: Sequence[Met] = ()) -> Standing:
    """What `row`, a score of the version in use, lets be told; `met` are the learner's tasks, for the gate."""
    gate = entry_gate(one.task for one in met)
    if isinstance(version, str):
        return Standing(None, version, gate)
    if row is None:
        return Standing(None, "no_numpy" if missing_for_adaptive() else "not_scored", gate)
    return Standing(score_of(row.details), None, gate if met else None, version.synthetic)


def newest_by(rows: Iterable[ScoreRow], version: ScoreVersionRow | Lacking) -> dict[str, ScoreRow]:
    """By learner the newest score, by the version in use, of the last attempt begun; `rows` are oldest first.

    Ids of attempts rise with the time they were begun.
    """
    if isinstance(version, str):
        return {}
    found: dict[str, ScoreRow] = {}
    for row in rows:
        if row.version == version.digest and (row.learner_id not in found or row.attempt_id >= found[row.learner_id].attempt_id):
            found[row.learner_id] = row
    return found


# ── in words ────────────────────────────────────────────────────────────────────────────────────────


def note(standing: Standing, framework: Framework, lang: str) -> str:
    """What is to be said above all domains: how bands come about, or why there is none."""
    _ = translator(lang)
    if standing.blocked and standing.gate is not None:
        return gate_sentence(standing.gate, framework, lang)
    if standing.without is not None:
        return _(NOTES[standing.without])
    return f"{_(SYNTHETIC)} {_(SCORED)}" if standing.synthetic else _(SCORED)


def band(standing: Standing, code: str, framework: Framework, lang: str) -> str | None:
    """The name of the band of a domain; None where none is named (also below the lowest)."""
    found = standing.domain(code)
    if found is None or found.band is None or found.band not in {one.id for one in framework.bands}:
        return None
    return band_name(found.band, framework, lang)


def sentence(standing: Standing, code: str, framework: Framework, lang: str) -> str | None:
    """What is to be said of a domain's band; None where `note` has said it all."""
    if code == framework.entry.code:
        return gate_sentence(standing.gate, framework, lang) if standing.gate is not None and not standing.blocked else None
    found = standing.domain(code)
    if found is None:
        return None
    if found.band is None:
        return _unsure(found, framework, lang)
    words = band_words(found.band, found.highest, framework, lang)
    by_help = HOW.get(found.autonomy) if found.band == framework.bands[0].id else None
    return f"{words} {translator(lang)(by_help)}" if by_help else words


def _unsure(found: DomainScore, framework: Framework, lang: str) -> str:
    _ = translator(lang)
    if found.ability is None:
        return _(NOT_ENOUGH)
    first = _(AT_LEAST).format(band=band_name(found.at_least, framework, lang)) if found.at_least else _(NOT_YET_SURE)
    if found.more_level is None:
        return f"{first} {_(NO_MORE)}"
    like = _band_at(found.more_level, framework, lang)
    said = _(MORE).format(n=found.more_tasks, band=like) if found.more_tasks is not None else _(MANY_MORE)
    return f"{first} {said} {_(ALONE)}" if found.more_alone else f"{first} {said}"


def _band_at(level: int, framework: Framework, lang: str) -> str:
    return next((one.name.in_language(lang) for one in framework.bands if level in one.levels), str(level))
