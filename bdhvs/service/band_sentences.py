"""What bands, help, the entry gate and cut scores mean, in sentences for learners and teachers.

Measurement speaks in codes and numbers; here each code has its sentence. None names a level that is not shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bdhvs.bank.cut_score_files import CutEntry, CutScores
from bdhvs.core.framework import Framework
from bdhvs.i18n import translator
from bdhvs.measurement.evidence import Autonomy, AutonomyResult, CompetenceEvidence, EntryGate, Gate

if TYPE_CHECKING:
    from bdhvs.measurement.bands import BandResult


def _n(text: str) -> str:
    """Marks a text for translation where it is defined; it is translated where it is shown."""
    return text


BELOW = "below"  # `bdhvs.measurement.bands.BELOW`, which needs numpy

NOT_ENOUGH = _n("Not enough evidence yet to name a level. Doing more tasks of this kind will add some.")
NAMED = _n("{band}: the tasks done show this surely enough.")
OPEN_ABOVE = _n("{band} or above: there are no tasks yet hard enough to show more.")
BELOW_FIRST = _n("Not yet at {band}. Learn one task after the other, the easy ones first.")
AT_LEAST = _n("At least {band}. Not enough evidence yet to say whether it is more; a few further tasks will show.")
NO_ESTIMATE = _n("No task done here yet.")
PROVISIONAL = _n("Provisional: the borders between the bands follow the judgement of those who wrote the tasks, not yet learners' answers.")

GATES: dict[Gate, str] = {
    "open": _n("Can use the device. On to the next lessons."),
    "closed": _n("First learn to use the device: {skills}. The rest comes after that."),
    "insufficient": _n("A few more tasks on using the device will show where to begin."),
    "not_asked": _n("There were no tasks on using the device."),
}

AUTONOMIES: dict[Autonomy, str] = {
    "alone": _n("Does such tasks alone: that is level 2."),
    "with_help": _n("Does such tasks when shown how: that is level 1. Next: the same tasks alone."),
    "not_yet": _n("Not yet, even when shown how. Take one task, do it together, then once more."),
    "insufficient": NOT_ENOUGH,
    "none": NO_ESTIMATE,
}

#: code of a flag → what it means for whoever uses the cuts.
CUT_FLAGS: dict[str, str] = {
    "assumed": _n("Level {level}: the cut is taken from what authors think of the tasks; no answers of learners stand behind it."),
    "borrowed": _n("Level {level}: there are few tasks, so its cut leans on those of the other levels."),
    "close": _n("Level {level} lies so near to the one below that the two are hard to tell apart."),
    "no_items": _n("Level {level}: there is no task, so nothing can be said about it."),
    "pooled": _n("Level {level}: its tasks are not harder than those of a lower level, so these levels cannot be told apart."),
    "spread_unknown": _n("Level {level}: with one task only there is no way to know how far tasks of a level differ, so there is no cut."),
    "too_few_items": _n("Level {level}: there are too few tasks, so there is no cut."),
}

DONE_ALONE = _n("did {right} of {total} tasks")
DONE_HELPED = _n("did {right} of {total} tasks, {helped} with help")


def band_sentence(result: BandResult, person: int, framework: Framework, lang: str) -> str:
    """What can be said of one person's band, in `lang`."""
    _ = translator(lang)
    code, names = result.code(person), result.bands.names
    if code == "no_estimate":
        return _(NO_ESTIMATE)
    if code == "insufficient":
        reached = int(result.at_least[person])
        return _(AT_LEAST).format(band=band_name(names[reached], framework, lang)) if reached else _(NOT_ENOUGH)
    return band_words(code, code == names[-1] and bool(result.bands.unmeasured), framework, lang)


def band_words(code: str, highest: bool, framework: Framework, lang: str) -> str:
    """A band that is named, in words; `highest`: those above it have no tasks, so it is open above. ``below``: under the first."""
    _ = translator(lang)
    if code == BELOW:
        return _(BELOW_FIRST).format(band=framework.bands[0].name.in_language(lang))
    return _(OPEN_ABOVE if highest else NAMED).format(band=band_name(code, framework, lang))


def band_column(code: str, framework: Framework, lang: str) -> str:
    """A band in two or three words, also the one below the lowest."""
    _ = translator(lang)
    if code == BELOW:
        return _("not yet {band}").format(band=framework.bands[0].name.in_language(lang))
    return band_name(code, framework, lang)


def gate_sentence(gate: EntryGate, framework: Framework, lang: str) -> str:
    """What the entry tasks mean, in `lang`."""
    skills = ", ".join(_lower_first(framework[code].name.in_language(lang)) for code in gate.first)
    return translator(lang)(GATES[gate.gate]).format(skills=skills)


def autonomy_sentence(found: AutonomyResult, lang: str) -> str:
    """Level 1 against level 2 in words, in `lang`."""
    return translator(lang)(AUTONOMIES[found.autonomy])


def competence_sentence(evidence: CompetenceEvidence, lang: str) -> str:
    """What was done in one competence, in `lang`; never a level."""
    _, counts = translator(lang), evidence.counts
    if not counts.tasks:
        return _(NO_ESTIMATE)
    words = _(DONE_HELPED) if counts.with_help else _(DONE_ALONE)
    return words.format(right=counts.done, total=counts.tasks, helped=counts.with_help)


def cut_sentences(cut: CutEntry, lang: str) -> list[str]:
    """What is to be known of one cut, in `lang`; a flag we have no sentence for is given in its own English words."""
    _ = translator(lang)
    return [_(CUT_FLAGS[one.code]).format(level=cut.level) if one.code in CUT_FLAGS else one.message for one in cut.flags]


def cut_score_sentences(scores: CutScores, lang: str) -> Sequence[str]:
    """What is to be known of a set of cuts before it is used, in `lang`."""
    first = [translator(lang)(PROVISIONAL)] if scores.status == "provisional" else []
    return [*first, *(sentence for cut in scores.cuts for sentence in cut_sentences(cut, lang))]


def band_name(code: str, framework: Framework, lang: str) -> str:
    """The name of a band, or its code when the framework does not know it."""
    return next((band.name.in_language(lang) for band in framework.bands if band.id == code), code)


def _lower_first(name: str) -> str:
    return name[:1].lower() + name[1:]
