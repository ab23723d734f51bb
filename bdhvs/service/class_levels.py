"""What a class's report says of bands: of how many learners which is named, and of each; for the teacher's eyes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bdhvs.core.framework import Framework
from bdhvs.i18n import Gettext, translator
from bdhvs.i18n import marked as _n
from bdhvs.service.adaptive_versions import how_to_get_adaptive, missing_for_adaptive
from bdhvs.service.band_sentences import BELOW, band_column, band_name
from bdhvs.service.score_version import Lacking
from bdhvs.service.scores import DomainScore
from bdhvs.service.standing import SYNTHETIC, Standing, newest_by, standing_of
from bdhvs.store import ScoreRow, ScoreVersionRow

LACKING: dict[Lacking, str] = {
    "no_calibration": _n(
        "No level is named: nobody knows yet how hard the tasks are. "
        "When many people have done them, somebody who knows statistics runs `bdhvs calibrate`; see docs/levels.md."
    ),
    "no_cuts": _n(
        "No level is named: there is a calibration, but no cut scores on its scale are in use. "
        "Somebody has to look at them and set them in use; see docs/levels.md."
    ),
    "broken": _n("No level is named: a file of the calibration or of the cut scores is wrong. `bdhvs check` says which."),
}


@dataclass(frozen=True, slots=True)
class LevelLine:
    """One domain: of how many learners each of the report's columns is said; they add up to ``learners``."""

    code: str
    name: str
    counts: tuple[int, ...]

    @property
    def learners(self) -> int:
        """Learners with a score, ≥ 1."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class PersonLevels:
    """One learner: what is said of each domain, in the order of the lines."""

    name: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClassLevels:
    """Bands in a class. ``columns`` are the bands from the lowest on, and last "not enough evidence".

    ``note`` says how bands came about, or why none is named; then there are no lines and no people.
    """

    note: str
    columns: tuple[str, ...] = ()
    lines: tuple[LevelLine, ...] = ()
    people: tuple[PersonLevels, ...] = ()

    def renamed(self, names: Mapping[str, str]) -> ClassLevels:
        """The same under other names."""
        return replace(self, people=tuple(replace(one, name=names[one.name]) for one in self.people))


def class_levels(
    rows: Sequence[ScoreRow], names: Mapping[str, str], version: ScoreVersionRow | Lacking, framework: Framework, lang: str
) -> ClassLevels:
    """Bands of the learners in `names` (pseudonym → name) by the version in use; `rows` are the class's scores, oldest first."""
    _ = translator(lang)
    if isinstance(version, str):
        return ClassLevels(_(LACKING[version]))
    scored = newest_by(rows, version)
    found = {names[one]: standing_of(version, scored[one]) for one in names if one in scored}
    note = _note(version, len(found), len(names), _)
    if not found:
        return ClassLevels(note)
    cut = {level for one in version.details["cuts"].values() for level, *_rest in one["levels"]}
    codes = [BELOW, *(one["id"] for one in version.details["bands"] if min(one["levels"]) in cut)]  # nobody can be on the others
    domains = [one for one in framework.domains if one.code in version.details["cuts"]]
    return ClassLevels(
        note=note,
        columns=(*(band_column(code, framework, lang) for code in codes), _("not enough evidence")),
        lines=tuple(LevelLine(one.code, one.name.in_language(lang), _counts(found.values(), one.code, codes)) for one in domains),
        people=tuple(PersonLevels(name, tuple(_said(own, one.code, framework, _, lang) for one in domains)) for name, own in found.items()),
    )


def _note(version: ScoreVersionRow, scored: int, learners: int, _: Gettext) -> str:
    if not scored and missing_for_adaptive():
        return _("Levels are not computed on this machine. To have them: {command}").format(command=how_to_get_adaptive())
    certainties = sorted({one["certainty"] for one in version.details["cuts"].values()})
    words = _(
        "A level is named when it is sure to {percent} in 100 at least, from all quizzes handed in, each task as it went the first time. "
        "{scored} of {learners} learners have handed in a quiz. Calibration {calibration}, cut scores {cuts}."
    ).format(
        percent=round(100 * certainties[0]),
        scored=scored,
        learners=learners,
        calibration=version.calibration,
        cuts=version.cut_scores,
    )
    return f"{_(SYNTHETIC)} {words}" if version.synthetic else words


def _counts(found: Iterable[Standing], code: str, codes: Sequence[str]) -> tuple[int, ...]:
    said = Counter(score.band if (score := one.domain(code)) is not None else None for one in found)
    return (*(said[band] for band in codes), said[None])


def _said(own: Standing, code: str, framework: Framework, _: Gettext, lang: str) -> str:
    """What is said of one learner in one domain, in a few words."""
    if own.blocked:
        return _("first the device")
    found = own.domain(code)
    if found is None or not found.tasks:
        return _("no task yet")
    if found.band is not None:
        return _named(found, found.band, framework, _, lang)
    if found.at_least is not None:
        return _("at least {band}").format(band=band_name(found.at_least, framework, lang))
    return _("not enough evidence")


def _named(found: DomainScore, code: str, framework: Framework, _: Gettext, lang: str) -> str:
    """A band; of the lowest also whether alone (level 2) or with help (level 1), which is all that tells its levels apart."""
    column = band_column(code, framework, lang)
    if code != framework.bands[0].id:
        return column
    words = {"alone": _("{band}, alone"), "with_help": _("{band}, with help")}
    return words.get(found.autonomy, "{band}").format(band=column)
