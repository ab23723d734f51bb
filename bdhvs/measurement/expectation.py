"""The E-step: from responses to expected counts. A pure map over blocks of persons, and a sum.

Given items and groups, a person's posterior over a grid of abilities needs of a divide-by-total model (Rasch, 2PL, partial
credit) two things only: the sum of slope × score, and which items were shown, since::

    log L(θ) = θ·Σ aⱼxⱼ + Σ log P(xⱼ = 0 | θ) + what does not depend on θ

(Andersen 1977; Muraki 1992, equation 16). So a block of persons is one product of a nodes × items with an items × persons
matrix, half of what one row per score would take, and the counts that the M-step needs are one product back. The graded
model has no such sums; there every score of an item has a row.

`expect` serves threads, processes, files and a cluster's partitions alike: each gives `Sums`, and sums add up::

    total = functools.reduce(operator.add, map(lambda part: expect(part, tables), parts))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bdhvs.measurement import grids, item_models
from bdhvs.measurement.grids import Normal
from bdhvs.measurement.item_models import FAMILIES, FamilyName, Floats
from bdhvs.measurement.responses import Cells, Responses

LEAST_LOG = -80.0  # exp(-80) is 2e-35; processors compute with still smaller numbers several times as slowly
BLOCK_PERSONS = 2048  # by 61 nodes half a megabyte in single precision, which stays in a processor's own cache
Groups = NDArray[np.intp] | None


@dataclass(frozen=True)
class Tables:
    """What a partition needs to know of items and groups; small, and the same for all partitions.

    Attributes
    ----------
    at : nodes of ability, logits.
    rows : log-probabilities, rows × nodes: of score 0 by item when `slope` is given, else of each cell.
    slope : of each item, 0 for items left out; None for the graded model.
    log_weights : log share of each group at each node, groups × nodes.
    """

    at: Floats
    rows: Floats
    slope: Floats | None
    log_weights: Floats

    @classmethod
    def of(
        cls, family: FamilyName, cells: Cells, parameters: Floats, at: Floats, groups: Sequence[Normal], used: NDArray[np.bool_]
    ) -> Tables:
        """Tables of items (`parameters` as in `item_models`); items that are not `used` have no say."""
        logs = item_models.log_probabilities(FAMILIES[family], cells, np.where(used[:, None], parameters, 0.0), at)
        logs[~used[cells.item]] = 0.0
        weights = np.log(np.maximum([grids.weights(at, group) for group in groups], 1e-300))
        if family == "graded":
            return cls(at, logs, None, weights)
        return cls(at, logs[cells.first], np.where(used, parameters[:, 0], 0.0), weights)


@dataclass
class Sums:
    """What the M-step needs, over some persons. Adding two gives the sums over both.

    Attributes
    ----------
    rows : expected persons at each node, rows × nodes; rows as in `Tables`: persons who were shown an item, or persons by cell.
    scored : Σ score · E(θ) of each item; zeros for the graded model.
    persons : expected persons of each group at each node.
    loglik : marginal log-likelihood, without what `constant_loglik` gives.
    """

    rows: Floats
    scored: Floats
    persons: Floats
    loglik: float

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.rows + other.rows, self.scored + other.scored, self.persons + other.persons, self.loglik + other.loglik
        )


def constant_loglik(family: FamilyName, cells: Cells, counts: Floats, parameters: Floats, used: NDArray[np.bool_]) -> float:
    """The part of the log-likelihood that abilities do not touch: Σ count · intercept (divide-by-total models; else 0)."""
    if family == "graded":
        return 0.0
    above = (cells.score > 0) & used[cells.item]
    return float(counts[above] @ parameters[cells.item[above], cells.score[above]])


class Kernel:
    """A block of persons against `Tables`, in one precision.

    A dense block is a matrix of persons by *columns*: what they were shown (or their cells), their sum of slope × score, and a 1 for
    their group. So one product with the table of those columns is the whole log of the posterior, and one back all counts.
    """

    def __init__(self, responses: Responses, tables: Tables, dtype: Any) -> None:
        self.responses, self.dtype, self.cells = responses, dtype, responses.cells
        self.by_total = tables.slope is not None
        self.sparse = responses.is_sparse
        self.at = tables.at.astype(dtype)
        self.groups = len(tables.log_weights)
        self.slope = None if tables.slope is None else tables.slope.astype(dtype)
        # A sparse table has a 1 per response, so a row per score costs nothing there.
        rows = _rows_of_cells(tables, self.cells) if self.sparse and self.by_total else tables.rows
        self.count = len(rows)
        total = [tables.at[None]] if self.by_total and not self.sparse else []
        self.table = np.concatenate([rows, *total, tables.log_weights]).astype(dtype)
        self.binary = bool((self.cells.maximum == 1).all())

    def columns(self, which: slice, group: Groups) -> tuple[Any, NDArray[Any]]:
        """Persons × columns, and persons × items of scores (empty where only cells count)."""
        persons = which.stop - which.start
        if self.sparse:
            return self.responses.block(which, self.dtype), np.empty((persons, 0), self.dtype)
        found = np.zeros((persons, len(self.table)), self.dtype)
        scores: NDArray[Any] = np.empty((persons, 0), self.dtype)
        if self.slope is None:
            found[:, : self.count] = self.responses.block(which, self.dtype)
        else:
            codes = self.responses.scores(which)
            np.greater_equal(codes, 0, out=found[:, : self.count], casting="unsafe")
            scores = (codes == 1 if self.binary else np.maximum(codes, 0)).astype(self.dtype)
            found[:, self.count] = scores @ self.slope
        if group is None:
            found[:, -self.groups] = 1.0
        else:
            found[np.arange(persons), len(self.table) - self.groups + group] = 1.0
        return found, scores

    def posterior(self, columns: Any, group: Groups) -> tuple[NDArray[Any], NDArray[Any]]:
        """Posterior over the nodes (nodes × persons, columns sum to 1) and log-likelihood per person."""
        if self.sparse:
            spread = np.ascontiguousarray((columns @ self.table[: self.count]).T)
            weights = self.table[self.count :].T
            spread += weights[:, :1] if group is None else weights[:, group]
        else:
            spread = self.table.T @ columns.T
        top = spread.max(axis=0)
        spread -= top
        np.maximum(spread, self.dtype(LEAST_LOG), out=spread)
        np.exp(spread, out=spread)
        total = spread.sum(axis=0)
        spread /= total
        return spread, np.log(total) + top

    def empty(self) -> Sums:
        """Sums over nobody."""
        nodes = len(self.at)
        return Sums(np.zeros((self.count, nodes)), np.zeros(len(self.cells.maximum)), np.zeros((self.groups, nodes)), 0.0)

    def add(self, sums: Sums, which: slice, group: Groups, weight: Floats | None) -> None:
        """Add a block of persons to `sums`."""
        columns, scores = self.columns(which, group)
        spread, loglik = self.posterior(columns, group)
        if weight is None:
            sums.loglik += float(loglik.sum(dtype=np.float64))
        else:
            spread *= weight.astype(self.dtype)
            sums.loglik += float(loglik @ weight)
        if self.sparse:
            sums.rows += columns.T @ np.ascontiguousarray(spread.T)
            member = np.arange(self.groups) == (0 if group is None else group[:, None])
            sums.persons += (spread @ np.broadcast_to(member, (spread.shape[1], self.groups))).T
            return
        counted = (spread @ columns).T
        sums.rows += counted[: self.count]
        sums.persons += counted[len(self.table) - self.groups :]
        if self.by_total:
            sums.scored += (self.at @ spread) @ scores

    def finish(self, sums: Sums) -> Sums:
        """From a row per cell to a row per item where the model asks for no more."""
        if not (self.by_total and self.sparse):
            return sums
        counted = self.cells.score * (sums.rows @ self.at)
        scored = np.bincount(self.cells.item, counted, len(self.cells.maximum)).astype(np.float64)
        return Sums(np.add.reduceat(sums.rows, self.cells.first, axis=0), scored, sums.persons, sums.loglik)


def expect(
    responses: Responses,
    tables: Tables,
    *,
    group: Groups = None,
    weight: Floats | None = None,
    dtype: Any = np.float64,
    threads: int = 1,
) -> Sums:
    """Sums over all persons of `responses`.

    Parameters
    ----------
    group : number of each person's group, from 0; None when all are in one.
    weight : how many persons each row stands for.
    dtype : ``np.float64``, or ``np.float32`` for a hundred thousand persons and more: sums over blocks are in double
        precision either way.
    threads : blocks worked on at once.
    """
    kernel = Kernel(responses, tables, dtype)
    blocks = blocks_of(responses.shape[0])

    def share(part: list[slice]) -> Sums:
        sums = kernel.empty()
        for which in part:
            kernel.add(
                sums, which, None if group is None else group[which], None if weight is None else weight[which]
            )
        return kernel.finish(sums)

    return in_threads(share, blocks, threads)


def blocks_of(persons: int) -> list[slice]:
    """Slices of `BLOCK_PERSONS` persons, the last one shorter."""
    return [slice(begin, min(begin + BLOCK_PERSONS, persons)) for begin in range(0, persons, BLOCK_PERSONS)]


def in_threads(share: Callable[[list[slice]], Sums], blocks: list[slice], threads: int) -> Sums:
    """`share` of the blocks by each thread, added up in a fixed order, so that the result is the same every time."""
    if threads <= 1 or len(blocks) < 2 * threads:
        return share(blocks)
    with ThreadPoolExecutor(threads) as pool:
        first, *rest = pool.map(share, [blocks[start::threads] for start in range(threads)])
    for one in rest:
        first = first + one
    return first


def _rows_of_cells(tables: Tables, cells: Cells) -> Floats:
    """From a row per item to a row per score: log P(0) + score · slope · θ."""
    assert tables.slope is not None
    steep = tables.slope[cells.item] * cells.score
    return np.asarray(tables.rows[cells.item] + steep[:, None] * tables.at)
