"""Which answers speak about what a person can do, for bands and calibration alike: the first time they met an item.

- The first attempt in which a learner met an item counts; later ones show learning, and memory of the solution.
- *Alone*: in practice the first try, before any feedback; in an assessment the last answer before solutions could be seen. With
  help or a hint it was not done alone: no points.
- *With help*: the last answer of that attempt, whatever help or feedback came before it: evidence for level 1 only.
- Left out by the learner (skipped): no points. Not reached, or cut off by the end: not shown.
- Out of the class's results (neutralised), or not yet revealed to the class: not shown.
- What people think of themselves (no ``max``) is no response.

An attempt counts when it is due: handed in, or practice, where feedback comes at once. So a score tells nobody anything about
answers that are still under way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from bdhvs.bank.digests import digest_of_all
from bdhvs.core.decisions import NOTHING, Decisions
from bdhvs.measurement.evidence import TaskResult
from bdhvs.store.export import attempt_rows
from bdhvs.store.rows import ResponseRows

Row = Mapping[str, Any]
Withheld = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Met:
    """How a learner did on an item when they met it first; points are 0 … ``maximum``."""

    item: str
    version: int
    competence: str
    level: int
    maximum: int
    alone: int
    with_help: int
    helped: bool

    @property
    def task(self) -> TaskResult:
        """The same as evidence in counts: right or not, with help or alone."""
        return TaskResult(self.competence, self.level, self.with_help / self.maximum, self.helped)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is scored: a finished attempt together with all due work of its learner before it.

    ``evidence`` is the digest of what it rests on; ``met`` holds each item once, in the order met.
    """

    learner: str
    attempt: str
    met: tuple[Met, ...]
    evidence: str


def counts(row: Row) -> bool:
    """Whether a row of `bdhvs.store.export` is one of those that count, within its attempt, for what is done alone."""
    return _is_shown(row) and (row["outcome"] == "skipped" or row["mode"] == "assessment" or row["try"] == 1)


def points_alone(row: Row) -> int:
    """Points of a row that counts: those of an answer given without help."""
    return row["score"] if row["outcome"] == "answered" and row["help"] == "none" else 0


def subjects(
    works: Iterable[ResponseRows], decisions: Decisions = NOTHING, withheld: Withheld = lambda item: False
) -> list[Subject]:
    """One for each finished attempt of one learner, in the order they were begun.

    Parameters
    ----------
    works : all attempts of the learner.
    withheld : items that the teacher will yet reveal.
    """
    met: dict[tuple[str, int], Met] = {}
    found = []
    for work in sorted(works, key=lambda one: (one.attempt.started_at_us, one.attempt.id)):
        rows = list(attempt_rows(work, decisions))
        finished = any(row["attempt_status"] == "finished" for row in rows)
        if finished or work.attempt.rules.practice:
            for one in _met(rows):
                if not withheld(one.item):
                    met.setdefault((one.item, one.version), one)
        if finished:
            own = tuple(met.values())
            found.append(Subject(work.attempt.learner_id, work.attempt.id, own, _digest(own)))
    return found


def _is_shown(row: Row) -> bool:
    if row["max"] is None or row["neutralised"] is not None or row["after_solutions"]:
        return False
    return bool(row["outcome"] in ("answered", "skipped"))


def _met(rows: Sequence[Row]) -> Iterable[Met]:
    """The items of one attempt that its learner dealt with."""
    for _, group in groupby(rows, key=lambda row: row["position"]):
        shown = [row for row in group if _is_shown(row)]
        alone = [row for row in shown if counts(row)]
        if alone:
            yield _how(alone[-1], shown[-1])


def _how(alone: Row, last: Row) -> Met:
    retried = last["mode"] == "practice" and last["try"] > 1
    return Met(
        item=last["item"],
        version=last["item_version"],
        competence=last["competence"],
        level=last["level"],
        maximum=last["max"],
        alone=points_alone(alone),
        with_help=last["score"] if last["outcome"] == "answered" else 0,
        helped=last["help"] != "none" or retried,
    )


def _digest(met: Iterable[Met]) -> str:
    return digest_of_all(f"{one.item}@{one.version} {one.alone} {one.with_help} {one.helped}" for one in met)
