"""What a number rests on: how many people, when, which questions, which calibration; and that written below a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from textwrap import fill
from typing import TYPE_CHECKING, Any

from bdhvs.analysis.programme_words import grouped
from bdhvs.analysis.synthetic import mark
from bdhvs.dataset.reading import Dataset
from bdhvs.i18n import language, translator

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STAMP_SIZE = 7  # points
SIGNS_PER_INCH = 16  # of letters that small
LINE_INCHES = 0.135
SHOWN_BANKS = 3  # digests named; more are counted


@dataclass(frozen=True)
class Basis:
    """What everything made from a dataset rests on.

    Attributes
    ----------
    learners, classes : how many there are in it; of a part of it perhaps only how many learners.
    first_day, last_day : of attempts, in Vietnam; None without any.
    banks : digests of the item banks, calibrations : names of the calibrations that scored; empty when nothing was scored.
    synthetic : the people are invented.
    """

    learners: int
    classes: int | None
    first_day: date | None
    last_day: date | None
    banks: tuple[str, ...]
    calibrations: tuple[str, ...]
    synthetic: bool

    def of(self, learners: int, classes: int | None = None) -> Basis:
        """The same for a number or picture that is about some of the learners."""
        return replace(self, learners=int(learners), classes=None if classes is None else int(classes))


def basis_of(data: Dataset, until: str | date | None = None) -> Basis:
    """What a dataset of the research level rests on, by its manifest and its learners; of those who had begun by `until` if given."""
    import pyarrow.compute as pc
    import pyarrow.dataset as pads

    manifest, last = data.manifest, _day(data.manifest.period, "last_day")
    day = date.fromisoformat(str(until)[:10]) if until else None
    begun = None if day is None else pads.field("first_day") <= day
    rooms: Any = data.scan("learners").to_table(columns=["classroom"], filter=begun)["classroom"]
    return Basis(
        learners=len(rooms),
        classes=pc.count_distinct(rooms).as_py(),
        first_day=_day(manifest.period, "first_day"),
        last_day=min(last, day) if last and day else last,
        banks=manifest.bank_versions,
        calibrations=tuple(dict.fromkeys(str(one["calibration"]) for one in manifest.calibrations)),
        synthetic=manifest.synthetic,
    )


def _day(period: Mapping[str, str | None], name: str) -> date | None:
    found = period.get(name)
    return date.fromisoformat(found) if found else None


def in_words(basis: Basis, lang: str = "vi") -> str:
    """One line: n, classes, period, bank and calibration; invented data say so first."""
    _ = translator(lang)
    shown = ", ".join(basis.banks[:SHOWN_BANKS]) + (" …" if len(basis.banks) > SHOWN_BANKS else "")
    people = _("n = {n} learners") if basis.classes is None else _("n = {n} learners in {classes} classes")
    rest = _("{first} to {last}; item bank {bank}; calibration {calibration}.").format(
        first=_written(basis.first_day, lang),
        last=_written(basis.last_day, lang),
        bank=shown or "?",
        calibration=", ".join(basis.calibrations) or _("none (nothing was scored)"),
    )
    said = f"{people.format(n=grouped(basis.learners, lang), classes=grouped(basis.classes or 0, lang))}; {rest}"
    return f"{mark(lang)}. {said}" if basis.synthetic else said


def _written(day: date | None, lang: str) -> str:
    if day is None:
        return "?"
    return f"{day:%d/%m/%Y}" if language(lang) == "vi" else day.isoformat()


def stamp(drawn: Axes | Figure, basis: Basis, cannot: str, *, lang: str = "vi") -> Figure:
    """Write below a picture what it rests on and what cannot be concluded from it; gives the figure back.

    A figure with constrained layout grows by the lines. On another the lines stand below its edge: save it with
    ``bbox_inches="tight"``, as notebooks do.
    """
    figure: Any = drawn.figure if hasattr(drawn, "figure") and drawn.figure is not None else drawn
    _ = translator(lang)
    signs = int(SIGNS_PER_INCH * figure.get_figwidth())
    words = (in_words(basis, lang), _("Cannot be concluded: {cannot}").format(cannot=cannot))
    text = "\n".join(fill(one, signs, break_long_words=False) for one in words)
    style = {"ha": "left", "fontsize": STAMP_SIZE, "linespacing": 1.25}
    if figure.get_constrained_layout():
        figure.set_figheight(figure.get_figheight() + LINE_INCHES * (1 + text.count("\n")))
        figure.supxlabel(text, x=0.01, **style)
    else:
        figure.text(0.03, -0.06 / figure.get_figheight(), text, va="top", **style)
    made: Figure = figure
    return made
