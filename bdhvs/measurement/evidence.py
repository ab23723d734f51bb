"""What tasks done show: alone or with help, before the first level or beyond, and where there is evidence at all.

In the Circular levels 1 and 2 differ in little but autonomy: *with guidance* and *alone*. So a task done right with help is
evidence for level 1 and none for level 2 or above. And whoever cannot yet use the device itself cannot be placed on any level
by tasks on that device: the entry module ("0") is a gate.

All decisions here are about a share: of tasks like these, how many can this person do? It is "mastered" when at least
`MASTERY` of them can be done, the same two in three as the cut scores' response probability. Before any task the odds are
even, and below `LEAST_TASKS` tasks nothing is said: one bad moment is no evidence about a person. Needs nothing but Python, so
that a class's laptop can use it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import comb, nan
from typing import TYPE_CHECKING, Literal

from bdhvs.measurement.thresholds import CERTAINTY, CERTAINTY_AGAINST, LEAST_TASKS, RESPONSE_PROBABILITY

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

MASTERY = RESPONSE_PROBABILITY  # share of tasks of a level that somebody on it can do
GUIDED, ALONE = 1, 2  # levels that only autonomy tells apart
ENTRY = 0  # level of the entry module

Standing = Literal["shown", "not_yet", "insufficient", "none"]
Autonomy = Literal["alone", "with_help", "not_yet", "insufficient", "none"]
Gate = Literal["open", "closed", "insufficient", "not_asked"]


@dataclass(frozen=True, slots=True)
class TaskResult:
    """One task of one person. A task not reached or cut off is no result: leave it out.

    ``share`` is points reached / points possible, 0–1; 1 is right, and only that counts as done. ``helped``: a hint, somebody
    beside the learner, or feedback on an answer before.
    """

    competence: str
    level: int
    share: float
    helped: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise ValueError(f"competence {self.competence}: found a share of {self.share}, expected 0 to 1")

    @property
    def done(self) -> bool:
        return self.share >= 1

    @property
    def alone(self) -> bool:
        return self.done and not self.helped

    def counts_for(self, level: int) -> bool:
        """Whether this task, as it was done, speaks for being on `level`: alone always, with help up to level 1."""
        return self.alone or (self.done and level <= GUIDED)


@dataclass(frozen=True, slots=True)
class Counts:
    """Tasks of one kind: ``alone`` + ``with_help`` + ``not_yet`` = ``tasks``; ``share`` is the mean of the points' shares.

    ``share`` is NaN without tasks.
    """

    alone: int
    with_help: int
    not_yet: int
    share: float

    @classmethod
    def of(cls, results: Sequence[TaskResult]) -> Counts:
        alone = sum(one.alone for one in results)
        done = sum(one.done for one in results)
        mean = sum(one.share for one in results) / len(results) if results else nan
        return cls(alone, done - alone, len(results) - done, mean)

    @property
    def tasks(self) -> int:
        return self.alone + self.with_help + self.not_yet

    @property
    def done(self) -> int:
        return self.alone + self.with_help


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is shown, and how sure it is: ``certainty`` is the probability of what `standing` says, 0–1.

    For ``insufficient`` it is the probability of the likelier side; NaN for ``none``.
    """

    standing: Standing
    certainty: float


def mastery_probability(done: int, tasks: int, mastery: float = MASTERY) -> float:
    """Probability that a person who did `done` of `tasks` can do at least `mastery` of all tasks like these.

    Returns
    -------
    0–1; a half without tasks.

    Raises
    ------
    ValueError
        when the counts do not fit or `mastery` is not between 0 and 1.

    Notes
    -----
    Prior: even odds for both sides of `mastery` m, flat within each. With a flat prior over all shares p the posterior is
    Beta(r + 1, n − r + 1), and T = P(p ≥ m) = P(Binomial(n + 1, m) ≤ r), a finite sum (Abramowitz, Stegun 1964, 26.5.24).
    Even odds make of it [T/(1 − m)] / [T/(1 − m) + (1 − T)/m]. (A flat prior alone would hold two thirds of all people to be no
    masters before they begin, and call one wrong answer proof.) Mastery decided by the posterior of a binomial share: M. R.
    Novick, C. Lewis (1974), Prescribing test length for criterion-referenced measurement.

    With 0.67: 3 of 3 give 0.89, 5 of 6 0.85, 4 of 5 0.78, 2 of 4 0.34, 1 of 3 0.20.
    """
    if not 0 <= done <= tasks or not 0 < mastery < 1:
        raise ValueError(f"found {done} done of {tasks} and a mastery of {mastery}, expected 0 ≤ done ≤ tasks and a share between 0 and 1")
    flat = sum(comb(tasks + 1, k) * mastery**k * (1 - mastery) ** (tasks + 1 - k) for k in range(done + 1))
    above, below = flat / (1 - mastery), (1 - flat) / mastery
    return above / (above + below)


def judge(done: int, tasks: int, certainty: float = CERTAINTY, against: float | None = None) -> Judgement:
    """Whether `done` of `tasks` show mastery, show that it is not there yet, or neither (always so below `LEAST_TASKS`).

    Parameters
    ----------
    certainty : probability asked for.
    against : that for "not yet", when it is another.
    """
    if not tasks:
        return Judgement("none", nan)
    chance = mastery_probability(done, tasks)
    if tasks >= LEAST_TASKS and chance >= certainty:
        return Judgement("shown", chance)
    if tasks >= LEAST_TASKS and 1 - chance >= (certainty if against is None else against):
        return Judgement("not_yet", 1 - chance)
    return Judgement("insufficient", max(chance, 1 - chance))


@dataclass(frozen=True, slots=True)
class AutonomyResult:
    """Level 2 (alone), level 1 (with help), or neither, from tasks of levels 1 and 2.

    ``certainty`` is the probability behind the statement; NaN without tasks. ``level`` is None where no level is shown.
    """

    autonomy: Autonomy
    certainty: float
    counts: Counts

    @property
    def level(self) -> int | None:
        return {"alone": ALONE, "with_help": GUIDED}.get(self.autonomy)


def autonomy(results: Iterable[TaskResult], certainty: float = CERTAINTY) -> AutonomyResult:
    """Level 1 against level 2 from help recorded.

    Parameters
    ----------
    results : of one person; those of levels 1 and 2 are used.

    Notes
    -----
    Two shares are judged: of tasks done *alone*, and of tasks *done* at all. Alone mastered: level 2. Else, done mastered and
    alone known not to be: level 1. Done known not to be mastered: not yet. Where alone stays open but done is mastered, level
    1 is shown in any case and is said: level 2 includes it.
    """
    own = Counts.of([one for one in results if one.level in (GUIDED, ALONE)])
    by_self, at_all = judge(own.alone, own.tasks, certainty), judge(own.done, own.tasks, certainty)
    if by_self.standing == "shown":
        return AutonomyResult("alone", by_self.certainty, own)
    if at_all.standing == "shown":
        return AutonomyResult("with_help", at_all.certainty, own)
    return AutonomyResult(at_all.standing, at_all.certainty, own)


def scores_for_level(scores: ArrayLike, helped: ArrayLike, level: int) -> NDArray[np.float64]:
    """Scores to estimate ability with, when the question is whether `level` is reached. Needs numpy.

    Parameters
    ----------
    scores : persons × items (or any shape), points; NaN for an item not shown.
    helped : of that shape; whether there was help.

    Returns
    -------
    array of that shape: up to level 1 the scores; above, 0 where there was help, since what was not done alone does not speak
    for a level that asks for autonomy. NaN stays NaN.
    """
    import numpy as np

    points, help_given = np.asarray(scores, dtype=np.float64), np.asarray(helped, dtype=bool)
    if points.shape != help_given.shape:
        raise ValueError(f"found scores of shape {points.shape} and help of shape {help_given.shape}, expected the same")
    withheld = help_given & ~np.isnan(points) & (level > GUIDED)
    return np.where(withheld, 0.0, points)


@dataclass(frozen=True, slots=True)
class EntryGate:
    """Whether the levels may be spoken of.

    ``open``: the device is mastered. ``closed``: not yet; say no level, teach ``first``. ``insufficient``: too few entry tasks
    to know; levels may be said, and entry tasks offered. ``not_asked``: no entry task was given, so nothing stands in the way.
    ``first`` names the competences of the entry module to learn, what is least done first.
    """

    gate: Gate
    certainty: float
    counts: Counts
    first: tuple[str, ...]

    @property
    def blocks(self) -> bool:
        """Whether no level may be named."""
        return self.gate == "closed"


def entry_gate(
    results: Iterable[TaskResult], certainty: float = CERTAINTY, against: float = CERTAINTY_AGAINST
) -> EntryGate:
    """The module-0 gate from the results of one person (those of level 0 are used).

    Help counts as done here: the entry module is about following what one is shown. Only when it is certain (`against`) that the
    skills are not there yet the gate is closed; too few tasks are no reason to take a result away from anybody.
    """
    own = [one for one in results if one.level == ENTRY]
    counts = Counts.of(own)
    found = judge(counts.done, counts.tasks, certainty, against)
    gates: Mapping[Standing, Gate] = {"shown": "open", "not_yet": "closed", "insufficient": "insufficient", "none": "not_asked"}
    first = () if found.standing in ("shown", "none") else _least_done_first(own)
    return EntryGate(gates[found.standing], found.certainty, counts, first)


def _least_done_first(results: Sequence[TaskResult]) -> tuple[str, ...]:
    """Competences with a task not yet done alone, by mean share of points, then code."""
    by_code = _grouped(results)
    weak = {code: Counts.of(own) for code, own in by_code.items() if not all(one.alone for one in own)}
    return tuple(sorted(weak, key=lambda code: (weak[code].share, code)))


@dataclass(frozen=True, slots=True)
class EvidenceCell:
    """One competence at one level: what was done, and what it shows.

    ``standing`` is that of the level's own demand: alone, or for levels 0 and 1 with help as well.
    """

    competence: str
    level: int
    counts: Counts
    standing: Standing
    certainty: float

    @property
    def has_evidence(self) -> bool:
        return self.counts.tasks > 0


@dataclass(frozen=True, slots=True)
class CompetenceEvidence:
    """One competence: a cell per level, its counts over all levels, and level 1 against 2."""

    competence: str
    cells: tuple[EvidenceCell, ...]
    counts: Counts
    autonomy: AutonomyResult

    @property
    def levels_with_evidence(self) -> tuple[int, ...]:
        return tuple(cell.level for cell in self.cells if cell.has_evidence)

    @property
    def highest_shown(self) -> int | None:
        """The highest level shown here; evidence for a page, not a result: a few tasks make no level of a person."""
        return max((cell.level for cell in self.cells if cell.standing == "shown"), default=None)


def evidence_map(
    results: Iterable[TaskResult],
    competences: Sequence[str],
    levels: Sequence[int],
    certainty: float = CERTAINTY,
) -> tuple[CompetenceEvidence, ...]:
    """Competences × levels with what one person's (or one class's) tasks show; data a page can draw.

    Parameters
    ----------
    results : one per task; of a class, all learners' together (then a cell says what is known of the class, not of a person).
    competences : codes in the order to show them; those without a task are there too, empty.
    levels : rows of the map, such as 0–6.

    Raises
    ------
    ValueError
        when a result names a competence or level that is not on the map: it would be lost silently.
    """
    own = list(results)
    for one in own:
        if one.competence not in competences or one.level not in levels:
            raise ValueError(f"found a task of competence {one.competence}, level {one.level}, which is not on the map; add it, or leave the task out")
    grouped = _grouped(own)
    return tuple(_competence(code, grouped.get(code, []), levels, certainty) for code in competences)


def _competence(code: str, results: Sequence[TaskResult], levels: Sequence[int], certainty: float) -> CompetenceEvidence:
    cells = tuple(_cell(code, level, [one for one in results if one.level == level], certainty) for level in levels)
    return CompetenceEvidence(code, cells, Counts.of(results), autonomy(results, certainty))


def _cell(code: str, level: int, results: Sequence[TaskResult], certainty: float) -> EvidenceCell:
    counts = Counts.of(results)
    found = judge(sum(one.counts_for(level) for one in results), counts.tasks, certainty)
    return EvidenceCell(code, level, counts, found.standing, found.certainty)


def _grouped(results: Iterable[TaskResult]) -> dict[str, list[TaskResult]]:
    groups: dict[str, list[TaskResult]] = {}
    for one in results:
        groups.setdefault(one.competence, []).append(one)
    return groups
