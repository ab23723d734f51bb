"""A search over many persons, led by one over few of them.

A step over all persons may take seconds, one over a sample of them hundredths. Their likelihoods bend nearly alike and differ in where
they are highest. So what all persons say at a point p beyond what the sample says there is kept::

    S(q) ≈ k·S_sample(q) + [S(p) − k·S_sample(p)]

and the maximum of this *stand-in* is looked for at the sample's price. Repeated from the point found, the error falls each time to the
few percent by which the bends differ (the full approximation scheme: A. Brandt 1977, Multi-level adaptive solutions to boundary-value
problems, Mathematics of Computation 31, 333–390). At p the stand-in is exact, so it can come to rest only where the search over all
persons does; and the end is tested there, by an EM step over all, as ever. Where it does not help, the plain search goes on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bdhvs.measurement.expectation import Sums, Tables
from bdhvs.measurement.item_models import Floats
from bdhvs.measurement.partitions import Parts
from bdhvs.measurement.search import DOUBT, REMEMBERED_STEPS, Expectation, Found, Mixing, Point, Problem, Search

LEAST_PERSONS = 40_000  # below, a search over all takes a fraction of a second anyway
SAMPLE, SAMPLE_SHARE = 6_000, 0.03  # at least so many persons, and such a share of them, lead
LEAST_IN_SAMPLE = 10  # answers of each score without which a sample says nothing of an item
ROUGH = 3e-4  # where the sample's own search ends, far below its sampling error
LEFT = 0.005  # of the last move over all persons: where a stand-in's search ends
WORTHWHILE = 0.5  # a round that leaves more of the last move than this was in vain
MOST_STEPS = 60  # over the sample, in a round


def found(problem: Problem, data: Parts, start: Point, tolerance: float, most_steps: int) -> Found:
    """The maximum of the likelihood over all persons; as `Search.run`, in fewer steps over all of them where there are many."""
    search = Search(problem)
    if data.persons < LEAST_PERSONS:
        return search.run(data.expected, start, tolerance, most_steps)
    few = data.sample(max(SAMPLE, round(SAMPLE_SHARE * data.persons)))
    rough, point = _alone(problem, few, start)
    best, last, leader, rounds = -np.inf, np.inf, Search(problem), Mixing(REMEMBERED_STEPS)
    leader.learn_from(rough)
    for step in range(1, most_steps + 1):
        tables = problem.tables(point)
        sums = data.expected(tables)
        loglik = problem.loglik(point, sums)
        objective = loglik + problem.bank.prior.value(point.items)
        plain = problem.improved(point, sums)
        move = np.abs(problem.vector(plain) - problem.vector(point)).max(initial=0.0)
        if move < tolerance:
            return Found(plain, loglik, objective, step, True)
        if not objective >= best - DOUBT * abs(best) or not move < WORTHWHILE * last:
            rest = search.run(data.expected, plain, tolerance, most_steps - step)
            return replace(rest, steps=rest.steps + step)
        best, last = objective, float(move)
        stand_in = StandIn.at(tables, sums, few.expected)
        image = leader.run(stand_in, plain, max(LEFT * last, tolerance / 4), MOST_STEPS).point
        point = problem.moved_to(rounds.next(problem.vector(point), problem.vector(image)), image)
        leader.forget_place()
    return Found(plain, loglik, objective, most_steps, False)


@dataclass(frozen=True)
class StandIn:
    """The sample in place of all persons: an E-step that is exact at one point."""

    sample: Expectation
    times: float
    offset: Sums

    @classmethod
    def at(cls, tables: Tables, sums: Sums, sample: Expectation) -> StandIn:
        """Exact where these are the `sums` over all persons."""
        own = sample(tables)
        times = float(sums.persons.sum() / own.persons.sum())
        offset = sums + own.scaled(-times)
        return cls(sample, times, replace(offset, loglik=offset.loglik - _expected_loglik(tables, offset)))

    def __call__(self, tables: Tables) -> Sums:
        """`Sums`, and a log-likelihood whose slopes are theirs."""
        total = self.sample(tables).scaled(self.times) + self.offset
        return replace(total, loglik=total.loglik + _expected_loglik(tables, self.offset))


def _expected_loglik(tables: Tables, sums: Sums) -> float:
    """Expected complete log-likelihood of persons spread as in `sums`."""
    found = float((sums.rows * tables.rows).sum() + (sums.persons * tables.log_weights).sum())
    return found if tables.slope is None else found + float(sums.scored @ tables.slope)


def _alone(problem: Problem, few: Parts, start: Point) -> tuple[Search, Point]:
    """The sample's own search. Items that few of it answered wait for all persons."""
    bank, counts = problem.bank, few.counts()
    rare = np.minimum.reduceat(counts.rows, bank.cells.first) < LEAST_IN_SAMPLE
    own: Floats = counts.weighted
    search = Search(replace(problem, bank=replace(bank, counts=own, free=bank.free & ~rare[:, None])))
    end = search.run(few.expected, start, ROUGH, MOST_STEPS)
    if rare.any():
        search = Search(problem)
    return search, end.point
