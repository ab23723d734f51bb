"""What bands and the entry gate mean, in sentences for learners and teachers.

Measurement speaks in codes and numbers; here each code has its sentence. None names a level that is not shown.
"""

from __future__ import annotations

from bdhvs.core.framework import Framework
from bdhvs.i18n import marked as _n
from bdhvs.i18n import translator
from bdhvs.measurement.evidence import EntryGate, Gate

BELOW = "below"  # `bdhvs.measurement.bands.BELOW`, which needs numpy

NOT_ENOUGH = _n("Not enough evidence yet to name a level. Doing more tasks of this kind will add some.")
NAMED = _n("{band}: the tasks done show this surely enough.")
OPEN_ABOVE = _n("{band} or above: there are no tasks yet hard enough to show more.")
BELOW_FIRST = _n("Not yet at {band}. Learn one task after the other, the easy ones first.")

GATES: dict[Gate, str] = {
    "open": _n("Can use the device. On to the next lessons."),
    "closed": _n("First learn to use the device: {skills}. The rest comes after that."),
    "insufficient": _n("A few more tasks on using the device will show where to begin."),
    "not_asked": _n("There were no tasks on using the device."),
}


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


def band_name(code: str, framework: Framework, lang: str) -> str:
    """The name of a band, or its code when the framework does not know it."""
    return next((band.name.in_language(lang) for band in framework.bands if band.id == code), code)


def _lower_first(name: str) -> str:
    return name[:1].lower() + name[1:]
