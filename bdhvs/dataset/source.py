"""A class's data folder, read for a dataset: people, their answers learner by learner, their scores; ids and times still bare.

Nothing here leaves as it is: `bdhvs.dataset.research` and `bdhvs.dataset.public` take from it what may.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from bdhvs.core.decisions import Decisions
from bdhvs.core.items import is_performance
from bdhvs.dataset.coarsening import Told
from bdhvs.errors import DatasetError
from bdhvs.service.score_table import score_rows
from bdhvs.store import AttemptRow, ItemVersionRow, Store
from bdhvs.store.decisions import decisions_in
from bdhvs.store.export import attempt_rows
from bdhvs.store.learners import learner_rows
from bdhvs.store.rows import Versions
from bdhvs.store.times import VIETNAM, to_us, vietnam_day

#: Learners whose answers are in memory at one time: some 5,000 rows, 10 MB.
AT_ONCE = 100


class Person(NamedTuple):
    """A learner with something in the period; ids are the store's."""

    learner: str
    classroom: str
    told: Told
    first_day: date
    attempts: int


@dataclass(frozen=True, slots=True)
class Period:
    """Days in Vietnam on which attempts began, both included; None: no bound."""

    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise DatasetError(
                f"found a period from {self.since} until {self.until}, expected it to end after it begins"
            )

    @property
    def bounds(self) -> dict[str, date | None]:
        """Both bounds by name."""
        return {"since": self.since, "until": self.until}

    @property
    def bounds_us(self) -> tuple[int | None, int | None]:
        """From when on and before when, microseconds."""
        since = _midnight_us(self.since) if self.since else None
        return since, _midnight_us(self.until + timedelta(days=1)) if self.until else None

    def holds(self, day: date) -> bool:
        """Whether the day is in it."""
        return (self.since is None or day >= self.since) and (self.until is None or day <= self.until)


class Answers(NamedTuple):
    """One attempt: when it began, and a tidy row per answer or silence with times in microseconds."""

    attempt: AttemptRow
    day: date
    rows: list[dict[str, Any]]


def people(store: Store, period: Period) -> list[Person]:
    """Everybody with an attempt in the period, by the store's ids."""
    begun = store.begun(*period.bounds_us)
    found = (_person(row, begun[row["learner"]]) for row in learner_rows(store) if row["learner"] in begun)
    return sorted(found)


def _person(row: Mapping[str, Any], attempts: int) -> Person:
    told = Told(**{name: row[name] for name in Told._fields})
    return Person(row["learner"], row["classroom"], told, row["first_day"], attempts)


def answers(
    store: Store, learners: Sequence[str], period: Period, known: Versions | None = None
) -> Iterator[tuple[str, list[Answers]]]:
    """Each of these learners, in this order, with their attempts in the period, oldest first.

    Parameters
    ----------
    known : items read before, as `Reads.response_rows_of_all` has it.
    """
    decided: dict[str, Decisions] = {}
    known = {} if known is None else known
    for start in range(0, len(learners), AT_ONCE):
        some = learners[start : start + AT_ONCE]
        found: dict[str, list[Answers]] = {learner: [] for learner in some}
        for rows in store.response_rows_of_all(some, known):
            attempt = rows.attempt
            day = vietnam_day(attempt.started_at_us)
            if period.holds(day):
                if attempt.classroom_id not in decided:
                    decided[attempt.classroom_id] = decisions_in(store, attempt.classroom_id)
                tidy = list(attempt_rows(rows, decided[attempt.classroom_id], when=int))
                found[attempt.learner_id].append(Answers(attempt, day, tidy))
        yield from found.items()


def scores_by_learner(store: Store, classroom: str) -> dict[str, list[dict[str, Any]]]:
    """Tidy rows of the scores of a class (`bdhvs.service.score_table`), oldest first, with the ``day`` in Vietnam."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in score_rows(store, classroom):
        day = datetime.fromisoformat(row["scored_at"]).astimezone(VIETNAM).date()
        found.setdefault(row["learner"], []).append({**row, "day": day})
    return found


def made_by(score: Mapping[str, Any]) -> dict[str, Any]:
    """By what a score was made, for the manifest."""
    names = ("calibration", "cut_scores", "model", "synthetic")
    return {"digest": score["score_version"], **{name: score[name] for name in names}}


def item_row(one: ItemVersionRow) -> dict[str, Any]:
    """A row of ``items``."""
    return {
        "item": one.id,
        "item_version": one.version,
        "kind": one.kind,
        "competence": one.competence,
        "domain": one.competence.split(".")[0],
        "level": one.level,
        "max": one.maximum if is_performance(one.kind) else None,
        "digest": one.digest,
    }


def _midnight_us(day: date) -> int:
    return to_us(datetime.combine(day, time(), VIETNAM))
