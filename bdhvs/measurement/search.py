"""The search for the parameters with the highest marginal likelihood: EM, made faster.

EM (Bock & Aitkin 1981, Psychometrika 46, 443–459) over a fixed grid of abilities, with Anderson's mixing of the last steps
(Walker & Ni 2011, SIAM Journal on Numerical Analysis 49, 1715–1735). A mixed step that lowers the likelihood is taken back and
the plain EM step, which cannot, is made instead.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bdhvs.measurement.expectation import Sums, Tables, constant_loglik
from bdhvs.measurement.grids import Normal
from bdhvs.measurement.item_models import Floats
from bdhvs.measurement.maximisation import Bank, GroupRules, clipped, improved_groups, improved_items, is_ordered

REMEMBERED_STEPS = 12
DOUBT = 1e-7  # of the log-likelihood: less than this is rounding, in single precision too

Expectation = Callable[[Tables], Sums]


@dataclass(frozen=True)
class Point:
    """Item parameters (items × (1 + highest score)) and the groups' distributions."""

    items: Floats
    groups: tuple[Normal, ...]


@dataclass(frozen=True)
class Found:
    """Where a search ended; `loglik`, and `objective` with the prior, are of the last point but one, a last step away."""

    point: Point
    loglik: float
    objective: float
    steps: int
    converged: bool


@dataclass(frozen=True)
class Problem:
    """What is searched for, without the data."""

    bank: Bank
    rules: GroupRules
    at: Floats

    def tables(self, point: Point) -> Tables:
        """What partitions need to know of a point."""
        return Tables.of(self.bank.family, self.bank.cells, point.items, self.at, point.groups, self.bank.used)

    def loglik(self, point: Point, sums: Sums) -> float:
        """Marginal log-likelihood of all persons at the point where `sums` were taken."""
        bank = self.bank
        return sums.loglik + constant_loglik(bank.family, bank.cells, bank.counts, point.items, bank.used)

    def improved(self, point: Point, sums: Sums) -> Point:
        """The EM step."""
        items = improved_items(self.bank, point.items, sums, self.at)
        return Point(items, tuple(improved_groups(point.groups, sums.persons, self.at, self.rules)))

    def vector(self, point: Point) -> Floats:
        """What is free, as one row of numbers; deviations as logarithms."""
        means = [group.mean for group, free in zip(point.groups, self.rules.free_mean, strict=True) if free]
        spreads = [np.log(group.sd) for group, free in zip(point.groups, self.rules.free_sd, strict=True) if free]
        return np.concatenate([point.items[self.bank.free], means, spreads])

    def moved_to(self, vector: Floats, point: Point) -> Point:
        """`point` with its free numbers taken from `vector`, within bounds."""
        items = point.items.copy()
        count = int(self.bank.free.sum())
        items[self.bank.free] = vector[:count]
        rest = iter(vector[count:])
        means = [float(next(rest)) if free else g.mean for g, free in zip(point.groups, self.rules.free_mean, strict=True)]
        sds = [float(np.exp(next(rest))) if free else g.sd for g, free in zip(point.groups, self.rules.free_sd, strict=True)]
        bounded = clipped(self.bank, items)
        bad = ~is_ordered(self.bank, bounded)
        return Point(
            np.where(bad[:, None], point.items, bounded), tuple(Normal(m, s) for m, s in zip(means, sds, strict=True))
        )


class Search:
    """EM with a memory. The memory of a search over a sample serves the search over all, whose map is nearly the same."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._mixing = Mixing(REMEMBERED_STEPS)

    def run(self, expectation: Expectation, start: Point, tolerance: float, most_steps: int) -> Found:
        """Steps from `start` until none of the free numbers moves by `tolerance` any more.

        `expectation` gives `Sums` over all persons for `Tables`: how and where is its own business.
        """
        problem, point, plain = self.problem, start, start
        best = -np.inf
        for step in range(1, most_steps + 1):
            sums = expectation(problem.tables(point))
            loglik = problem.loglik(point, sums)
            objective = loglik + problem.bank.prior.value(point.items)
            if not objective >= best - DOUBT * abs(best) and point is not plain:
                point = plain  # the mixed step went astray
                self._mixing.forget()
                continue
            best = max(best, objective)
            plain = problem.improved(point, sums)
            before, after = problem.vector(point), problem.vector(plain)
            if not before.size or np.abs(after - before).max() < tolerance:
                return Found(plain, loglik, objective, step, True)
            point = problem.moved_to(self._mixing.next(before, after), plain)
        return Found(plain, loglik, objective, most_steps, False)

    def learn_from(self, other: Search) -> None:
        """Take over how steps follow one another, but not where they were: the data are others now."""
        self._mixing = other._mixing
        self.forget_place()

    def forget_place(self) -> None:
        """Forget the last point, not how one step follows another: what comes next is another map."""
        self._mixing.forget_place()


class Mixing:
    """Anderson's mixing: the combination of the last steps whose residual is least."""

    def __init__(self, remember: int) -> None:
        self._last: tuple[Floats, Floats] | None = None
        self._residuals: deque[Floats] = deque(maxlen=remember)
        self._moves: deque[Floats] = deque(maxlen=remember)

    def forget(self) -> None:
        """Begin without a memory."""
        self._last = None
        self._residuals.clear()
        self._moves.clear()

    def forget_place(self) -> None:
        """Forget the last point only, not how steps changed."""
        self._last = None

    def next(self, point: Floats, image: Floats) -> Floats:
        """Where to look next, when `point` was looked at and one EM step from it leads to `image`."""
        residual = image - point
        if self._last is not None:
            self._residuals.append(residual - self._last[0])
            self._moves.append(image - self._last[1])
        self._last = (residual, image)
        if not self._residuals:
            return image
        steps: NDArray[np.float64] = np.array(self._residuals).T
        share, *_ = np.linalg.lstsq(steps, residual, rcond=1e-10)
        return np.asarray(image - np.array(self._moves).T @ share)
