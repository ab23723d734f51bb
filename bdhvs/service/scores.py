"""From evidence to what it shows by a version: ability, band and what would add evidence, domain by domain.

Nothing of it goes to a learner's browser but a band's name and a sentence (`bdhvs.service.standing`). Needs numpy when called.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from bdhvs.core.adaptive import domain_of
from bdhvs.errors import MissingExtra, StoreError
from bdhvs.measurement.evidence import GUIDED, autonomy, entry_gate
from bdhvs.service.adaptive_versions import missing_for_adaptive
from bdhvs.service.score_evidence import Met, Subject
from bdhvs.service.score_version import FORMAT, MODEL
from bdhvs.store import ScoreVersionRow

if TYPE_CHECKING:
    from bdhvs.measurement.bands import BandResult, Bands
    from bdhvs.measurement.domains import DomainAbilities, DomainItems, DomainPopulation

DIGITS = 4
LOOK_REACH, LOOK_STEP = 6.0, 0.1  # logits


class DomainScore(msgspec.Struct, frozen=True):
    """One domain of one person.

    Attributes
    ----------
    tasks : answers it rests on: calibrated tasks of this domain.
    ability, se : of what is done alone, logits; None without an estimate.
    ability_helped, se_helped : the same with tasks done with help counted as done.
    band : code of the band named, ``below`` under the lowest; None where the evidence does not do.
    at_least : code of the highest band reached for sure; None when not even the lowest is.
    probabilities : of each band, ``below`` first.
    highest : whether `band` is the last that has a cut, with others above it that have none.
    autonomy : level 1 against level 2 by help (`bdhvs.measurement.evidence.Autonomy`).
    more_level, more_tasks : what would add evidence; no level: nothing can be advised; no tasks: many.
    more_alone : whether it is help that keeps a band from being named.
    """

    tasks: int
    ability: float | None
    se: float | None
    ability_helped: float | None
    se_helped: float | None
    band: str | None
    at_least: str | None
    probabilities: dict[str, float]
    highest: bool
    autonomy: str
    more_level: int | None
    more_tasks: int | None
    more_alone: bool


class Score(msgspec.Struct, frozen=True):
    """Everything a subject's evidence shows. ``tasks``: items met in all; ``gate``: of the entry module; domains with cuts."""

    tasks: int
    gate: str
    domains: dict[str, DomainScore]


def score_of(details: Mapping[str, Any]) -> Score:
    """A score as the store keeps it."""
    return msgspec.convert(details, Score)


class Scorer:
    """Scores by one version; made once, used for any number of subjects.

    Raises
    ------
    MissingExtra
        without numpy and scipy.
    StoreError
        when the version was written by a newer bdhvs.
    """

    def __init__(self, version: ScoreVersionRow) -> None:
        missing = missing_for_adaptive()
        if missing:
            raise MissingExtra(", ".join(missing), "measurement")
        details = version.details
        if (details.get("format"), details.get("model")) != (FORMAT, MODEL):
            found = f"{details.get('format')}, {details.get('model')}"
            raise StoreError(f"score version {version.digest}: found format {found}, expected {FORMAT}, {MODEL}; use a newer bdhvs")
        self.version = version
        self._details = details
        self._place = {(one["id"], one["version"]): place for place, one in enumerate(details["items"])}
        self._domains = tuple(sorted({one["domain"] for one in details["items"]} | set(details["cuts"])))
        self._items = self._domain_items()
        self._population = self._stated()
        self._bands = {code: self._bands_of(code) for code in details["cuts"]}

    def scores(self, subjects: Sequence[Subject]) -> list[Score]:
        """The score of each subject, in their order."""
        alone = self._abilities(subjects, lambda one: one.alone)
        same = all(met.alone == met.with_help for one in subjects for met in one.met)  # nobody had help: most finished quizzes
        helped = alone if same else self._abilities(subjects, lambda one: one.with_help)
        results = self._results(alone, helped) if alone is not None and helped is not None else {}
        known = [place for place, one in enumerate(subjects) if self._calibrated(one)]
        row = {place: number for number, place in enumerate(known)}
        return [self._score(one, row.get(place), alone, helped, results) for place, one in enumerate(subjects)]

    # ── numbers ─────────────────────────────────────────────────────────────────────────────────────

    def _domain_items(self) -> DomainItems:
        from bdhvs.measurement.calibrated import CalibratedItems
        from bdhvs.measurement.domains import DomainItems

        items = self._details["items"]
        names = [f"{one['id']}@{one['version']}" for one in items]
        rows = [(one["slope"], *one["intercepts"]) for one in items]
        calibrated = CalibratedItems.of_rows(names, rows, self._details["calibration"]["family"])
        return DomainItems.of(calibrated, [one["domain"] for one in items], self._domains)

    def _stated(self) -> DomainPopulation:
        from bdhvs.measurement.domains import DomainPopulation

        learners = self._details["calibration"]
        return DomainPopulation.stated(self._domains, self._details["correlation"], mean=learners["mean"], sd=learners["sd"])

    def _bands_of(self, code: str) -> Bands | None:
        """Bands of a domain; None when its lowest band has no cut, so that nothing can be told apart."""
        import numpy as np

        from bdhvs.measurement.bands import BELOW, Bands

        cuts = {level: (ability, se) for level, ability, se in self._details["cuts"][code]["levels"]}
        given: list[tuple[str, float, float]] = []
        for band in self._details["bands"]:
            if min(band["levels"]) not in cuts:
                break
            given.append((band["id"], *cuts[min(band["levels"])]))
        if not given:
            return None
        unmeasured = tuple(band["id"] for band in self._details["bands"][len(given) :])
        names, ability, se = zip(*given, strict=True)
        return Bands((BELOW, *names), np.array(ability), np.array(se), unmeasured)

    def _calibrated(self, subject: Subject) -> list[Met]:
        return [one for one in subject.met if (one.item, one.version) in self._place]

    def _abilities(self, subjects: Sequence[Subject], points: Any) -> DomainAbilities | None:
        """Abilities of the subjects with a calibrated answer, in their order; None without any."""
        import numpy as np

        from bdhvs.measurement.domains import domain_abilities
        from bdhvs.measurement.responses import Responses

        answers = [own for own in map(self._calibrated, subjects) if own]
        if not answers:
            return None
        person = np.repeat(np.arange(len(answers)), [len(own) for own in answers])
        item = np.array([self._place[one.item, one.version] for own in answers for one in own])
        score = np.array([points(one) for own in answers for one in own])
        table = Responses.from_long(person, item, score, items=len(self._details["items"]))
        return domain_abilities(self._items, table.with_maximum(self._items.items.cells.maximum), self._population)

    def _results(self, alone: DomainAbilities, helped: DomainAbilities) -> dict[str, BandResult]:
        from bdhvs.measurement.domain_bands import domain_bands

        found = {}
        for code, bands in self._bands.items():
            if bands is not None:
                place, certainty = self._domains.index(code), self._details["cuts"][code]["certainty"]
                found[code] = domain_bands(helped, alone, place, bands, self._guided, certainty)
        return found

    @property
    def _guided(self) -> int:
        """The lowest cut is passed with help when it is where level 1 begins."""
        return int(GUIDED in self._details["bands"][0]["levels"])

    # ── one subject ─────────────────────────────────────────────────────────────────────────────────

    def _score(
        self,
        subject: Subject,
        row: int | None,
        alone: DomainAbilities | None,
        helped: DomainAbilities | None,
        results: Mapping[str, BandResult],
    ) -> Score:
        tasks = [one.task for one in subject.met]
        domains = {}
        if row is not None and alone is not None and helped is not None:
            domains = {code: self._domain(subject, code, row, alone, helped, found) for code, found in results.items()}
        return Score(len(subject.met), entry_gate(tasks).gate, domains)

    def _domain(
        self, subject: Subject, code: str, row: int, alone: DomainAbilities, helped: DomainAbilities, found: BandResult
    ) -> DomainScore:
        place, names = self._domains.index(code), found.bands.names
        own = [one for one in subject.met if domain_of(one.competence) == code]
        settled = bool(alone.settled[row] and helped.settled[row])
        named, reached = int(found.band[row]), int(found.at_least[row])
        more = self._more(subject, code, row, alone, found) if settled and named < 0 else {}

        def number(value: Any) -> float | None:
            return round(float(value), DIGITS) if settled else None

        return DomainScore(
            tasks=int(alone.answered[row, place]),
            ability=number(alone.mean[row, place]),
            se=number(alone.sd[row, place]),
            ability_helped=number(helped.mean[row, place]),
            se_helped=number(helped.sd[row, place]),
            band=names[named] if named >= 0 else None,
            at_least=names[reached] if reached > 0 else None,
            probabilities={name: round(float(one), DIGITS) for name, one in zip(names, found.probabilities[row], strict=True)} if settled else {},
            highest=named == len(names) - 1 and bool(found.bands.unmeasured),
            autonomy=autonomy(one.task for one in own).autonomy,
            more_level=more.get("level"),
            more_tasks=more.get("tasks"),
            more_alone=more.get("alone", False),
        )

    def _more(self, subject: Subject, code: str, row: int, alone: DomainAbilities, found: BandResult) -> dict[str, Any]:
        """What would add evidence in a domain where no band is named."""
        from bdhvs.measurement.domain_bands import more_evidence, open_cut
        from bdhvs.measurement.thresholds import LEAST_TASKS

        place, certainty = self._domains.index(code), self._details["cuts"][code]["certainty"]
        cut = open_cut(found, row, certainty)
        mean, sd = float(alone.mean[row, place]), float(alone.sd[row, place])
        information = self._information(subject, code, mean)
        at = cut if cut is not None else 0
        more = more_evidence(mean, sd, float(found.bands.cuts[at]), float(found.bands.se[at]), information, certainty)
        if more is None:
            return {}
        least = LEAST_TASKS - int(alone.answered[row, place])
        if cut is None:  # sure enough by what the other domains let expect; only tasks of this one are wanting
            return {"level": more.level, "tasks": max(least, 1)}
        helped = any(one.helped and one.with_help for one in subject.met if domain_of(one.competence) == code)
        tasks = max(more.tasks, least) if more.tasks is not None else None
        return {"level": more.level, "tasks": tasks, "alone": helped and cut >= self._guided}

    def _information(self, subject: Subject, code: str, mean: float) -> dict[int, list[float]]:
        """Information at `mean` of each task of a domain that this person has not met, by level."""
        met_ids = {one.item for one in subject.met}
        node = min(max(round((mean + LOOK_REACH) / LOOK_STEP), 0), len(self._informations) - 1)
        found: defaultdict[int, list[float]] = defaultdict(list)
        for value, one in zip(self._informations[node], self._details["items"], strict=True):
            if one["domain"] == code and one["today"] and one["id"] not in met_ids:
                found[one["level"]].append(value)
        return dict(found)

    @cached_property
    def _informations(self) -> list[list[float]]:
        """Information of each item at abilities from −`LOOK_REACH` in steps of `LOOK_STEP`: fine enough for advice."""
        import numpy as np

        at = np.arange(-LOOK_REACH, LOOK_REACH + LOOK_STEP / 2, LOOK_STEP)
        table: list[list[float]] = self._items.items.information(at).T.tolist()
        return table
