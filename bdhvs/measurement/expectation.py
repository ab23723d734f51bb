"""The E-step: from responses to expected counts. A pure map over blocks of persons, and a sum.

Given items and groups, a person's posterior over a grid of abilities needs of a divide-by-total model (Rasch, 2PL, partial
credit) two things only: the sum of slope × score, and which items were shown, since::

    log L(θ) = θ·Σ aⱼxⱼ + Σ log P(xⱼ = 0 | θ) + what does not depend on θ

(Andersen 1977; Muraki 1992, equation 16). So a block of persons is one product of a nodes × items with an items × persons
matrix, half of what one row per score would take, and the counts that the M-step needs are one product back. The graded
model has no such sums; there every score of an item has a row.

A sparse table asks for time by responses times nodes. But items' curves are smooth, so all of them are combinations of some
twenty-five (of 61 nodes' worth), and in single precision responses meet those instead of the nodes, out and back.

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
LEAST_CURVE = 1e-6  # of the largest; a hundredth of it moved no estimate by 1e-5
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
    chances : of each cell, cells × nodes; None for the graded model.
    """

    at: Floats
    rows: Floats
    slope: Floats | None
    log_weights: Floats
    chances: Floats | None = None

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
        return cls(at, logs[cells.first], np.where(used, parameters[:, 0], 0.0), weights, np.exp(logs))


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

    def scaled(self, times: float) -> Sums:
        """Sums over so many times these persons."""
        return Sums(times * self.rows, times * self.scored, times * self.persons, times * self.loglik)


def constant_loglik(family: FamilyName, cells: Cells, counts: Floats, parameters: Floats, used: NDArray[np.bool_]) -> float:
    """The part of the log-likelihood that abilities do not touch: Σ count · intercept (divide-by-total models; else 0)."""
    if family == "graded":
        return 0.0
    above = (cells.score > 0) & used[cells.item]
    return float(counts[above] @ parameters[cells.item[above], cells.score[above]])


@dataclass(frozen=True)
class Block:
    """Some persons as a kernel reads them.

    Attributes
    ----------
    columns : persons × columns of `table` (cells where there is none).
    table : columns × nodes, so that the product is the log of the posterior; None for a sparse table.
    scores : persons × items; None where only cells count.
    shown : the items everybody here saw and nobody any other; None where that differs.
    group : of each person; None when all are in one.
    """

    columns: Any
    table: NDArray[Any] | None = None
    scores: NDArray[Any] | None = None
    shown: NDArray[np.intp] | None = None
    group: Groups = None


class Kernel:
    """A block of persons against `Tables`, in one precision.

    A dense block is a matrix of persons by *columns*: what they were shown (or their cells), their sum of slope × score, and a 1 for
    their group. So one product with the table of those columns is the whole log of the posterior, and one back all counts. Where all
    of a block saw the same items, as with a form, what they were shown is no column but a part of the table: a third of the time.
    """

    def __init__(self, responses: Responses, tables: Tables, dtype: Any) -> None:
        self.responses, self.dtype, self.cells = responses, dtype, responses.cells
        self.by_total = tables.slope is not None
        self.sparse = responses.is_sparse
        self.at = tables.at.astype(dtype)
        self.groups = len(tables.log_weights)
        self.slope = None if tables.slope is None else tables.slope.astype(dtype)
        rows = tables.rows
        self.basis: Any = None
        if self.sparse and self.by_total:
            # A sparse table has a 1 per response, so a row per score costs nothing there.
            if dtype == np.float32:
                self.basis = np.column_stack([_basis(_required(tables.chances), tables.at), tables.at]).astype(dtype)
                rows, self.combined = self._combinations(tables)
            else:
                rows = _rows_of_cells(tables, self.cells)
        self.count = len(rows)
        total = [tables.at[None]] if self.by_total and not self.sparse else []
        self.table = np.concatenate([rows, *total, tables.log_weights]).astype(dtype)
        self.log_weights = tables.log_weights
        self.binary = bool((self.cells.maximum == 1).all())

    def _combinations(self, tables: Tables) -> tuple[Floats, NDArray[Any]]:
        """Curves, and of which combination of them each cell's log-probability is (cells × curves)."""
        left, size, curves = np.linalg.svd(tables.rows, full_matrices=False)
        keep = size > LEAST_CURVE * size[0] if size[0] > 0 else size == size.max()
        steep = _required(tables.slope)[self.cells.item] * self.cells.score
        share = np.column_stack([(left * size)[:, keep][self.cells.item], steep])
        return np.concatenate([curves[keep], tables.at[None]]), share.astype(self.dtype)

    def read(self, which: slice, group: Groups = None) -> Block:
        """Persons `which`, ready for their posterior; `group` of each."""
        persons = which.stop - which.start
        if self.sparse:
            return Block(self.responses.block(which, self.dtype), group=group)
        if self.slope is None:
            return Block(self._with_groups(self.responses.block(which, self.dtype), group), self.table, group=group)
        codes = self.responses.scores(which)
        scores = (codes == 1 if self.binary else np.maximum(codes, 0)).astype(self.dtype)
        total = scores @ self.slope
        there = codes >= 0
        if (there == there[0]).all():
            # Who saw the same items differs in one number only.
            shown = np.flatnonzero(there[0])
            same = self.table[shown].sum(axis=0, dtype=np.float64) + self.log_weights
            table = np.concatenate([self.at[None], same.astype(self.dtype)])
            return Block(self._with_groups(total[:, None], group), table, scores, shown, group)
        found = np.empty((persons, self.count + 1), self.dtype)
        found[:, :-1] = there
        found[:, -1] = total
        return Block(self._with_groups(found, group), self.table, scores, group=group)

    def _with_groups(self, columns: NDArray[Any], group: Groups) -> NDArray[Any]:
        """Columns that say which group each person is of, put behind."""
        persons, before = columns.shape
        found = np.zeros((persons, before + self.groups), self.dtype)
        found[:, :before] = columns
        found[np.arange(persons), before + (0 if group is None else group)] = 1.0
        return found

    def posterior(self, block: Block) -> tuple[NDArray[Any], NDArray[Any]]:
        """Posterior over the nodes (nodes × persons, columns sum to 1) and log-likelihood per person."""
        if block.table is None:
            spread = self._logs(block.columns)
            weights = self.table[self.count :].T
            spread += weights[:, :1] if block.group is None else weights[:, block.group]
        else:
            spread = block.table.T @ block.columns.T
        top = spread.max(axis=0)
        spread -= top
        np.maximum(spread, self.dtype(LEAST_LOG), out=spread)
        np.exp(spread, out=spread)
        total = spread.sum(axis=0)
        spread /= total
        return spread, np.log(total) + top

    def _logs(self, columns: Any) -> NDArray[Any]:
        """Log-likelihood of a sparse block, nodes × persons."""
        if self.basis is None:
            return np.ascontiguousarray((columns @ self.table[: self.count]).T)
        return np.asarray(self.table[: self.count].T @ (columns @ self.combined).T)

    def empty(self) -> Sums:
        """Sums over nobody."""
        nodes = len(self.at) if self.basis is None else self.basis.shape[1]
        rows = len(self.cells) if self.sparse else self.count
        return Sums(np.zeros((rows, nodes)), np.zeros(len(self.cells.maximum)), np.zeros((self.groups, len(self.at))), 0.0)

    def add(self, sums: Sums, which: slice, group: Groups, weight: Floats | None) -> None:
        """Add a block of persons to `sums`."""
        block = self.read(which, group)
        spread, loglik = self.posterior(block)
        if weight is None:
            sums.loglik += float(loglik.sum(dtype=np.float64))
        else:
            spread *= weight.astype(self.dtype)
            sums.loglik += float(loglik @ weight)
        columns = block.columns
        if self.sparse:
            sums.rows += columns.T @ (np.ascontiguousarray(spread.T) if self.basis is None else spread.T @ self.basis)
            member = np.arange(self.groups) == (0 if group is None else group[:, None])
            sums.persons += (spread @ np.broadcast_to(member, (spread.shape[1], self.groups))).T
            return
        counted = (spread @ columns).T
        persons = counted[-self.groups :]
        sums.persons += persons
        if block.shown is None:
            sums.rows += counted[: self.count]
        else:
            sums.rows[block.shown] += persons.sum(axis=0)
        if block.scores is not None:
            sums.scored += (self.at @ spread) @ block.scores

    def finish(self, sums: Sums) -> Sums:
        """From a row per cell to a row per item where the model asks for no more."""
        if not (self.by_total and self.sparse):
            return sums
        counted = self.cells.score * (sums.rows @ self.at if self.basis is None else sums.rows[:, -1])
        scored = np.bincount(self.cells.item, counted, len(self.cells.maximum)).astype(np.float64)
        rows = np.add.reduceat(sums.rows, self.cells.first, axis=0)
        if self.basis is not None:
            rows = rows[:, :-1] @ self.basis[:, :-1].T.astype(np.float64)
        return Sums(rows, scored, sums.persons, sums.loglik)


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

    total: Sums = in_threads(share, blocks, threads)
    return total


def blocks_of(persons: int) -> list[slice]:
    """Slices of `BLOCK_PERSONS` persons, the last one shorter."""
    return [slice(begin, min(begin + BLOCK_PERSONS, persons)) for begin in range(0, persons, BLOCK_PERSONS)]


def in_threads(share: Callable[[list[slice]], Any], blocks: list[slice], threads: int) -> Any:
    """`share` of the blocks by each thread, added up in a fixed order, so that the result is the same every time."""
    if threads <= 1 or len(blocks) < 2 * threads:
        return share(blocks)
    with ThreadPoolExecutor(threads) as pool:
        first, *rest = pool.map(share, [blocks[start::threads] for start in range(threads)])
    for one in rest:
        first = first + one
    return first


def _basis(chances: Floats, at: Floats) -> Floats:
    """Orthonormal curves (nodes × curves) that span P, θP, and P(1 − P) times 1, θ, θ² of all cells: what the M-step asks counts for."""
    spread = chances * (1 - chances)
    curves = (np.ones((1, len(at))), chances, chances * at, spread, spread * at, spread * at**2)
    size, found = np.linalg.eigh(sum(curve.T @ curve for curve in curves))
    return np.asarray(found[:, size > LEAST_CURVE**2 * size[-1]])


def _required(table: Floats | None) -> Floats:
    assert table is not None
    return table


def _rows_of_cells(tables: Tables, cells: Cells) -> Floats:
    """From a row per item to a row per score: log P(0) + score · slope · θ."""
    steep = _required(tables.slope)[cells.item] * cells.score
    return np.asarray(tables.rows[cells.item] + steep[:, None] * tables.at)
