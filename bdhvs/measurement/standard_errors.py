"""Standard errors of a calibration, from the observed information of the marginal likelihood.

Three ways, chosen by the work they ask:

- *louis*: the exact observed information, by Louis' identity (1982, Journal of the Royal Statistical Society B 44, 226–233)::

      I = Σᵢ E[−Hᵢ | x] − Σᵢ Var[sᵢ | x]

  with s and H the first and second derivatives of the complete log-likelihood, and expectations over each person's posterior.
- *outer product*: I = Σᵢ E[sᵢ | x] E[sᵢ | x]ᵀ, a sum of one term a person. At the maximum both estimate the same information and
  differ by 1/√N; with thousands of persons that is a percent of a standard error, at a hundredth of the work. Where there are more
  persons than needed, a random part of them is taken, and each item's rows scaled by its answers; for items that few of that part
  answered, all who answered them are.
- *item by item*: outer products of an item's own parameters only, over a random part of the persons, for banks with too many
  parameters for one matrix. What items share (the scale) is left out, which makes errors a little too small.

The prior's information is added where there is a prior, so these are then deviations of the posterior.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bdhvs.measurement import grids
from bdhvs.measurement.expectation import Kernel, Sums, blocks_of, in_threads
from bdhvs.measurement.grids import Normal
from bdhvs.measurement.item_models import FAMILIES, FamilyName, Floats, alike
from bdhvs.measurement.maximisation import LEAST_DIVISOR, derivatives
from bdhvs.measurement.partitions import Partition, Parts
from bdhvs.measurement.search import Point, Problem

Method = Literal["louis", "outer product", "item by item"]
MOST_LOUIS = 3e9  # multiplications: about a second
MOST_PARAMETERS = 800  # of which a matrix of outer products is made
PERSONS_PER_PARAMETER, LEAST_PERSONS = 100, 20_000  # then an outer product's errors are half a percent too small, or less
LEAST_IN_SAMPLE = 200  # answers; fewer say too little of an item's errors
MOST_PERSONS = 50_000  # for errors item by item
STEP = 1e-5  # of central differences: their error is STEP², that of rounding 1e-16/STEP


@dataclass(frozen=True)
class StandardErrors:
    """Standard errors, logits; NaN for what was not estimated.

    Attributes
    ----------
    parameters : items × (slope, intercepts); discrimination, difficulty : by item; thresholds : items × highest score.
    means, log_sds : of the groups.
    method : how they were found, see the module.
    """

    parameters: Floats
    discrimination: Floats
    difficulty: Floats
    thresholds: Floats
    means: Floats
    log_sds: Floats
    method: Method


def thresholds(family: FamilyName, parameters: Floats) -> Floats:
    """Where each step lies, items × highest score, logits: −(cₖ − cₖ₋₁)/a, for the graded model −dₖ/a."""
    steps = parameters[:, 1:] if family == "graded" else np.diff(parameters[:, 1:], axis=1, prepend=0.0)
    return np.asarray(-steps / parameters[:, :1])


def standard_errors(problem: Problem, point: Point, data: Parts) -> StandardErrors:
    """Standard errors at a maximum of the likelihood."""
    layout = Layout.of(problem, point)
    size, persons = len(layout), data.persons
    if size > MOST_PARAMETERS and persons * len(problem.at) * size**2 > MOST_LOUIS:
        return _item_by_item(problem, point, layout, data)
    if persons * len(problem.at) * size**2 <= MOST_LOUIS:
        method: Method = "louis"
        information = layout.complete(data.expected(problem.tables(point))) - sum_over(data, layout, "missing")
    else:
        method = "outer product"
        information = _outer(problem, layout, data)
    covariance = _inverse(information + layout.square(layout.of_prior()))
    own = np.zeros((*point.items.shape, point.items.shape[1]))
    row, column = np.nonzero(np.equal.outer(layout.items, layout.items))
    own[layout.items[row], layout.columns[row], layout.columns[column]] = covariance[row, column]
    return _gathered(problem, point, layout, own, np.sqrt(np.diag(covariance)[len(layout.items) :]), method)


@dataclass(frozen=True)
class Layout:
    """Where each free parameter stands in the information matrix, and the derivatives of the log-likelihood by it.

    Attributes
    ----------
    items, columns : of the free item parameters in `Point.items`, in their order in the matrix.
    groups, kinds : then those of the groups: which group, 0 for a mean and 1 for the logarithm of a deviation.
    by_cell : parameters × cells × nodes, derivative of a cell's log-probability; kept as nodes × cells × parameters.
    by_group : group parameters × nodes.
    """

    problem: Problem
    point: Point
    items: NDArray[np.intp]
    columns: NDArray[np.intp]
    groups: NDArray[np.intp]
    kinds: NDArray[np.intp]
    by_cell: list[tuple[NDArray[np.intp], Floats]]
    by_group: Floats

    @classmethod
    def of(cls, problem: Problem, point: Point) -> Layout:
        """For the free parameters of a problem."""
        items, columns = np.nonzero(problem.bank.free)
        places = [(number, 0) for number, free in enumerate(problem.rules.free_mean) if free]
        places += [(number, 1) for number, free in enumerate(problem.rules.free_sd) if free]
        groups, kinds = np.array(places, dtype=np.intp).reshape(-1, 2).T
        by_group = np.array([_group_slopes(problem.at, point.groups[g])[k] for g, k in places]).reshape(-1, len(problem.at))
        return cls(problem, point, items, columns, groups, kinds, _by_score(problem, point, items, columns), by_group)

    def __len__(self) -> int:
        return len(self.items) + len(self.groups)

    def scores(self, block: Any, spread: NDArray[Any], group: NDArray[np.intp] | None) -> NDArray[Any]:
        """Derivatives of each person's log-likelihood: persons × parameters. `block`: persons × cells, `spread`: nodes × persons."""
        dtype, first = spread.dtype, self.problem.bank.cells.first
        found, count = np.zeros((spread.shape[1], len(self)), dtype=dtype), len(self.items)
        filled = block.toarray() if hasattr(block, "toarray") else block
        for score, (rows, slopes) in enumerate(self.by_cell):
            own = spread.T @ slopes.T.astype(dtype)
            own *= np.take(filled, first[self.items[rows]] + score, axis=1)
            if len(rows) == count:  # every item has this score: no need to pick columns, which takes longer than the product
                found[:, :count] += own
            else:
                found[:, rows] += own
        own = spread.T @ self.by_group.T.astype(dtype)
        found[:, count:] = own if group is None else own * (group[:, None] == self.groups)
        return found

    def missing(self, part: Partition, rows: slice, spread: Floats, weight: Floats) -> Floats:
        """Σ Var[s | x] over the persons of a block, by weight."""
        first = self.problem.bank.cells.first
        block = part.responses.block(rows, np.float64)
        block = block.toarray() if hasattr(block, "toarray") else block
        group = None if part.group is None else part.group[rows]
        mean = self.scores(block, spread, group)
        total = -(mean * weight[:, None]).T @ mean
        for node, share in enumerate(spread):
            own = np.zeros_like(mean)
            for score, (which, slopes) in enumerate(self.by_cell):
                own[:, which] += block[:, first[self.items[which]] + score] * slopes[:, node]
            member = 1.0 if group is None else group[:, None] == self.groups
            own[:, len(self.items) :] = self.by_group[:, node] * member
            total += (own * (share * weight)[:, None]).T @ own
        return np.asarray(total)

    def outer(self, part: Partition, rows: slice, spread: NDArray[Any], weight: Floats) -> Floats:
        """Σ E[s | x] E[s | x]ᵀ over the persons of a block, by weight."""
        group = None if part.group is None else part.group[rows]
        scores = self.scores(part.responses.block(rows, spread.dtype), spread, group)
        return np.asarray((scores * weight[:, None].astype(spread.dtype)).T @ scores, dtype=np.float64)

    def blocks(self, part: Partition, rows: slice, spread: NDArray[Any], weight: Floats) -> Floats:
        """`outer` of each item's own parameters only: items × parameters × parameters; then those of the groups."""
        group = None if part.group is None else part.group[rows]
        scores = self.scores(part.responses.block(rows, spread.dtype), spread, group)
        items, most = self.point.items.shape
        own = np.zeros((len(scores), items + len(self.groups), most), dtype=scores.dtype)
        count = len(self.items)
        own[:, self.items, self.columns] = scores[:, :count]
        own[:, items + np.arange(len(self.groups)), 0] = scores[:, count:]
        found = np.einsum("nip,nir->ipr", own * weight[:, None, None].astype(own.dtype), own)
        return np.asarray(found, dtype=np.float64)

    def complete(self, sums: Sums) -> Floats:
        """Σ E[−H | x]: how the gradient of the expected complete log-likelihood falls, by central differences."""
        bank, at, most = self.problem.bank, self.problem.at, self.point.items.shape[1]
        bend = np.zeros((len(self.point.items), most, most))
        for column in range(most):
            step = np.zeros(most)
            step[column] = STEP
            ahead, _ = derivatives(bank, self.point.items + step, sums, at)
            behind, _ = derivatives(bank, self.point.items - step, sums, at)
            bend[:, :, column] = (behind - ahead) / (2 * STEP)
        found, count = self.square(bend), len(self.items)
        for row, (g, k) in enumerate(zip(self.groups, self.kinds, strict=True)):
            for column, (other, kind) in enumerate(zip(self.groups, self.kinds, strict=True)):
                if g == other:
                    found[count + row, count + column] = self._group_bend(sums.persons[g], int(g), int(k), int(kind))
        return found

    def _group_bend(self, persons: Floats, group: int, kind: int, by: int) -> float:
        normal = self.point.groups[group]
        ahead, behind = (
            _group_slopes(self.problem.at, _shifted(normal, by, step))[kind] @ persons for step in (STEP, -STEP)
        )
        return float((behind - ahead) / (2 * STEP))

    def of_prior(self) -> Floats:
        """Information of the prior: items × parameters × parameters."""
        shape = self.point.items.shape
        gradient, own = np.zeros(shape), np.zeros((*shape, shape[1]))
        self.problem.bank.prior.add(self.point.items, gradient, own)
        return own

    def square(self, own: Floats) -> Floats:
        """From items × parameters × parameters to the matrix of all parameters; zeros for the groups."""
        found, count = np.zeros((len(self), len(self))), len(self.items)
        same = np.equal.outer(self.items, self.items)
        found[:count, :count] = np.where(same, own[self.items[:, None], self.columns[:, None], self.columns], 0.0)
        return found


def sum_over(data: Parts, layout: Layout, term: Literal["missing", "outer", "blocks"]) -> Floats:
    """`term`, a method of `layout` by its name, summed over all blocks of all parts."""
    tables = layout.problem.tables(layout.point)
    return np.asarray(data.summed(_Blocks(layout, tables, term, data.maximum, data.dtype, data.threads)))


@dataclass(frozen=True)
class _Blocks:
    """A term of the information over a part; a plain object, so that it can be sent to where the part is."""

    layout: Layout
    tables: Any
    term: str
    maximum: NDArray[np.intp]
    dtype: Any
    threads: int

    def __call__(self, part: Partition) -> Floats:
        part = Partition(part.responses.with_maximum(self.maximum), part.group, part.weight)
        kernel = Kernel(part.responses, self.tables, self.dtype)

        def share(blocks: list[slice]) -> Any:
            total: Any = 0.0
            for rows in blocks:
                group = None if part.group is None else part.group[rows]
                spread, _ = kernel.posterior(kernel.read(rows, group))
                weight = np.ones(spread.shape[1]) if part.weight is None else part.weight[rows]
                total = total + getattr(self.layout, self.term)(part, rows, spread, weight)
            return total

        return np.asarray(in_threads(share, blocks_of(part.responses.shape[0]), self.threads))


def _outer(problem: Problem, layout: Layout, data: Parts) -> Floats:
    """Outer products over as many persons as are needed, scaled to all."""
    most = max(PERSONS_PER_PARAMETER * len(layout), LEAST_PERSONS)
    if data.persons <= most:
        return sum_over(data, layout, "outer")
    part = data.sample(most)
    counts = part.counts()
    found = sum_over(part, layout, "outer")
    scale = np.sqrt(_times_more(problem, layout, counts.weighted, data.persons / part.persons))
    found = found * scale[:, None] * scale
    answers = np.add.reduceat(counts.rows, problem.bank.cells.first)
    rare = np.flatnonzero(problem.bank.free.any(axis=1) & (answers < LEAST_IN_SAMPLE))
    if len(rare):  # nobody else's terms are in these rows, so they are exact
        theirs = np.append(np.isin(layout.items, rare), np.zeros(len(layout.groups), dtype=bool))
        exact = sum_over(data.answering(rare), layout, "outer")
        found[theirs] = exact[theirs]
        found[:, theirs] = exact[:, theirs]
    return found


def _item_by_item(problem: Problem, point: Point, layout: Layout, data: Parts) -> StandardErrors:
    """Outer products of each item's own parameters."""
    part = data.sample(MOST_PERSONS) if data.persons > MOST_PERSONS else data
    scale = _times_more(problem, layout, part.counts().weighted, data.persons / part.persons)
    found = sum_over(part, layout, "blocks")
    items, count = len(point.items), len(layout.items)
    by_item = np.ones(items)
    by_item[layout.items] = scale[:count]
    information = found[:items] * by_item[:, None, None] + layout.of_prior()
    fixed = ~problem.bank.free
    information[fixed[:, :, None] | fixed[:, None, :]] = 0.0
    corner = np.arange(point.items.shape[1])
    information[:, corner, corner] += fixed
    hopeless = np.linalg.eigvalsh(information)[:, 0] <= 0
    information[hopeless] = np.nan
    own = np.linalg.inv(np.where(np.isnan(information), np.eye(len(corner)), information))
    own[hopeless] = np.nan
    own[fixed[:, :, None] | fixed[:, None, :]] = 0.0
    groups = 1 / np.sqrt(found[items:, 0, 0] * scale[count:])
    return _gathered(problem, point, layout, own, groups, "item by item")


def _times_more(problem: Problem, layout: Layout, counts: Floats, persons: float) -> Floats:
    """How many times more answers there are than in a sample with these `counts` by cell, for each parameter."""
    first = problem.bank.cells.first
    times = np.add.reduceat(problem.bank.counts, first) / np.maximum(np.add.reduceat(counts, first), 1e-9)
    return np.concatenate([times[layout.items], np.full(len(layout.groups), persons)])


def _by_score(
    problem: Problem, point: Point, items: NDArray[np.intp], columns: NDArray[np.intp]
) -> list[tuple[NDArray[np.intp], Floats]]:
    """For each score: which parameters' items have it, and the derivative of its log-probability by them, × nodes."""
    bank, at = problem.bank, problem.at
    table = np.zeros((len(bank.cells), point.items.shape[1], len(at)))
    family = FAMILIES[bank.family]
    for which, places in alike(bank.cells):
        keep = bank.used[which]
        own = point.items[which[keep], : places.shape[1]]
        if not len(own):
            continue
        chance = family.chances(own, at)
        slopes = family.slopes(own, at, chance) / np.maximum(chance, LEAST_DIVISOR)[:, None]
        table[places[keep], : places.shape[1]] = slopes.transpose(0, 2, 1, 3)
    found = []
    for score in range(int(bank.cells.maximum.max()) + 1):
        rows = np.flatnonzero(bank.cells.maximum[items] >= score)
        found.append((rows, table[bank.cells.first[items[rows]] + score, columns[rows]]))
    return found


def _group_slopes(at: Floats, group: Normal) -> Floats:
    """Derivatives of the log share at each node by the mean and by the logarithm of the deviation: 2 × nodes."""
    away = (at - group.mean) / group.sd
    found = np.array([away / group.sd, away**2])
    return np.asarray(found - (found @ grids.weights(at, group))[:, None])


def _shifted(group: Normal, kind: int, step: float) -> Normal:
    return Normal(group.mean + step, group.sd) if kind == 0 else Normal(group.mean, group.sd * float(np.exp(step)))


def _inverse(information: Floats) -> Floats:
    """Inverse; NaN rows where the information is none, all NaN where it is not positive."""
    found = np.full_like(information, np.nan)
    has = np.diag(information) > 0
    if has.any():
        own = information[np.ix_(has, has)]
        try:
            np.linalg.cholesky(own)
        except np.linalg.LinAlgError:
            return found
        found[np.ix_(has, has)] = np.linalg.inv(own)
    return found


def _gathered(
    problem: Problem, point: Point, layout: Layout, own: Floats, of_groups: Floats, method: Method
) -> StandardErrors:
    """Errors by item from each item's covariance; those of difficulty and thresholds by the delta method."""
    bank = problem.bank
    items, most = point.items.shape
    free_item = bank.free.any(axis=1)
    parameters = np.where(bank.free, np.sqrt(np.einsum("ipp->ip", own)), np.nan)
    slope = point.items[:, :1]
    share = bank.prior.shares
    change = np.concatenate([-bank.prior.difficulty(point.items)[:, None] / slope, -share / slope], axis=1)
    difficulty = np.sqrt(np.einsum("ip,ipr,ir->i", change, own, change))
    steps = np.full((items, most - 1), np.nan)
    where = thresholds(bank.family, point.items)
    for step in range(most - 1):
        by = np.zeros((items, most))
        by[:, 0] = -np.nan_to_num(where[:, step]) / slope[:, 0]
        by[:, step + 1] = -1 / slope[:, 0]
        if bank.family != "graded" and step:
            by[:, step] = 1 / slope[:, 0]
        found = np.sqrt(np.einsum("ip,ipr,ir->i", by, own, by))
        steps[:, step] = np.where(free_item & bank.free[:, step + 1], found, np.nan)
    means, log_sds = np.full(len(point.groups), np.nan), np.full(len(point.groups), np.nan)
    means[layout.groups[layout.kinds == 0]] = of_groups[layout.kinds == 0]
    log_sds[layout.groups[layout.kinds == 1]] = of_groups[layout.kinds == 1]
    return StandardErrors(
        parameters, parameters[:, 0].copy(), np.where(free_item, difficulty, np.nan), steps, means, log_sds, method
    )
