"""Scored responses of persons to items, dense or sparse, in the one form that calibration reads: cells.

A *cell* is a category of an item: item j with scores 0 … m has m + 1 of them. An answer is a 1 in one cell, an item not
shown a 1 in none, so that a person's log-likelihood at every node of a grid is one row of a product of matrices, and
the expected counts are one product back. Nothing here is ever made whole for all persons: blocks of some thousand rows
are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

MISSING = -1
MOST_CATEGORIES = 20
ANSWERS_AT_ONCE = 1_000_000  # of a long table while it is read: some 50 MB
BLOCK_PERSONS = 8192  # rows by 61 nodes in single precision: 2 MB, which stays in a processor's cache


@dataclass(frozen=True)
class Cells:
    """Which item and which score each cell stands for; items in order, scores ascending."""

    item: NDArray[np.intp]
    score: NDArray[np.int8]
    first: NDArray[np.intp]  # cell of score 0, by item
    maximum: NDArray[np.intp]  # highest score, by item

    @classmethod
    def of(cls, maximum: ArrayLike) -> Cells:
        """The cells of items with these highest scores."""
        top = np.asarray(maximum, dtype=np.intp)
        counts = top + 1
        first = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.intp)
        item = np.repeat(np.arange(len(top)), counts)
        score = (np.arange(counts.sum()) - first[item]).astype(np.int8)
        return cls(item, score, first, top)

    def __len__(self) -> int:
        return len(self.item)


class Responses:
    """Persons × items of whole scores from 0; what was not shown is absent.

    Make one with `dense` or `from_long`.
    """

    def __init__(self, codes: Any, maximum: NDArray[np.intp]) -> None:
        self._codes = codes
        self.cells = Cells.of(maximum)

    @classmethod
    def dense(cls, scores: ArrayLike) -> Responses:
        """From a persons × items array; NaN (or -1 in an array of integers) means "not shown".

        Raises
        ------
        ValueError
            saying where, when a score is no whole number from 0 to 20, or the array has not two dimensions.
        """
        array = np.asarray(scores)
        if array.ndim != 2 or not array.size:
            raise ValueError(f"found an array of shape {array.shape}, expected persons × items with at least one of each")
        codes = _whole(array)
        top = codes.max(axis=0).astype(np.intp)
        return cls(codes, np.maximum(top, 1))

    @classmethod
    def from_long(cls, person: ArrayLike, item: ArrayLike, score: ArrayLike, *, items: int | None = None) -> Responses:
        """From one row per response: whole numbers from 0 for person, item and score. Never made dense.

        Parameters
        ----------
        items : number of items, when the last ones may have no response at all.

        Raises
        ------
        ValueError
            when the three differ in length, a number is negative, or a person answered an item twice.
        """
        who, what, got = (np.asarray(one) for one in (person, item, score))
        if not len(who) == len(what) == len(got) or not len(who):
            raise ValueError(f"found {len(who)} persons, {len(what)} items and {len(got)} scores, expected as many of each, at least one")
        for name, one in (("person", who), ("item", what), ("score", got)):
            if one.dtype.kind not in "iu":
                raise ValueError(f"found {name} of type {one.dtype}, expected whole numbers")
        if min(who.min(), what.min(), got.min()) < 0 or got.max() > MOST_CATEGORIES:
            raise ValueError(f"found a number below 0 or a score above {MOST_CATEGORIES}")
        count = items if items is not None else int(what.max()) + 1
        if what.max() >= count:
            raise ValueError(f"found item {int(what.max())}, expected numbers from 0 to {count - 1} for {count} items")
        top = np.ones(count, dtype=np.intp)
        np.maximum.at(top, what, got)
        return cls(_Long.of(who, what, got, Cells.of(top)), top)

    @property
    def is_sparse(self) -> bool:
        """Whether it was made from a long table."""
        return not isinstance(self._codes, np.ndarray)

    @property
    def shape(self) -> tuple[int, int]:
        """Persons, items."""
        return int(self._codes.shape[0]), len(self.cells.maximum)

    def counts(self, weights: NDArray[np.floating[Any]] | None = None) -> NDArray[np.float64]:
        """How often each cell was chosen, by weight when there are weights."""
        # Whole persons add up exactly in single precision, block by block; weights may be anything.
        dtype = np.float32 if weights is None else np.float64
        total = np.zeros(len(self.cells))
        for begin in range(0, self.shape[0], BLOCK_PERSONS):
            rows = slice(begin, min(begin + BLOCK_PERSONS, self.shape[0]))
            own = np.ones(rows.stop - rows.start, dtype) if weights is None else weights[rows].astype(dtype)
            if self.is_sparse:
                total += self.block(rows, dtype).T @ own
                continue
            codes = self._codes[rows]
            for score in range(int(self.cells.maximum.max()) + 1):
                of_score = np.flatnonzero(self.cells.score == score)
                total[of_score] += (own @ (codes == score).astype(dtype))[self.cells.item[of_score]]
        return total

    def take(self, rows: NDArray[np.intp]) -> Responses:
        """Some of the persons; cells stay as they are."""
        part = object.__new__(Responses)
        part._codes, part.cells = self._codes.take(rows) if isinstance(self._codes, _Long) else self._codes[rows], self.cells
        return part

    def with_maximum(self, maximum: ArrayLike) -> Responses:
        """The same responses with room up to these highest scores, by item; itself when it has that room already.

        Raises
        ------
        ValueError
            naming the item, when a score lies above, or the number of items differs.
        """
        top = np.asarray(maximum, dtype=np.intp)
        if top.shape != self.cells.maximum.shape:
            raise ValueError(f"found responses to {len(self.cells.maximum)} items, expected {len(top)}")
        if (top == self.cells.maximum).all():
            return self
        if (top < self.cells.maximum).any():
            self._refuse_above(top)
        roomy = object.__new__(Responses)
        roomy._codes, roomy.cells = self._codes, Cells.of(top)
        if self.is_sparse:
            places = roomy.cells.first[self.cells.item] + self.cells.score
            kept = places < np.append(roomy.cells.first[1:], len(roomy.cells))[self.cells.item]
            assert isinstance(self._codes, _Long)
            roomy._codes = self._codes.renamed(np.where(kept, places, 0))  # 0 for a score that nobody has
        return roomy

    def _refuse_above(self, top: NDArray[np.intp]) -> None:
        """Say which item has a score above `top`, if one has: room that nobody uses is no score."""
        given = self.counts() > 0
        above = given & (self.cells.score > top[self.cells.item])
        if above.any():
            cell = int(np.flatnonzero(above)[0])
            item = int(self.cells.item[cell])
            raise ValueError(
                f"item {item}: found score {int(self.cells.score[cell])}, expected at most {int(top[item])}; "
                "score the answers as the item was calibrated"
            )

    def scores(self, which: slice) -> NDArray[np.int8]:
        """Persons `which` by items, `MISSING` where not shown; only of a dense table."""
        if self.is_sparse:
            raise TypeError("found a sparse table, expected a dense one: its scores are read by cells")
        return np.asarray(self._codes[which])

    def blocks(self, dtype: Any, rows: int = BLOCK_PERSONS) -> Iterator[tuple[slice, Any]]:
        """Persons by cells as ones and zeros, block after block, with which persons they are."""
        for begin in range(0, self.shape[0], rows):
            which = slice(begin, min(begin + rows, self.shape[0]))
            yield which, self.block(which, dtype)

    def block(self, which: slice, dtype: Any) -> Any:
        """Persons `which` by cells as ones and zeros."""
        if self.is_sparse:
            assert isinstance(self._codes, _Long)
            return self._codes.block(which, len(self.cells), dtype)
        part = self._codes[which]
        return (part[:, self.cells.item] == self.cells.score).astype(dtype)


@dataclass(frozen=True)
class _Long:
    """Which cells each person chose, one person after another: two bytes an answer for banks of thousands.

    Attributes
    ----------
    begin : persons + 1; where each person's cells begin, and the end.
    cell : of all answers, by person and then by cell.
    """

    begin: NDArray[np.int64]
    cell: NDArray[np.unsignedinteger[Any]]

    @classmethod
    def of(cls, who: NDArray[Any], what: NDArray[Any], got: NDArray[Any], cells: Cells) -> _Long:
        """From one row per answer. ValueError for a person who answered an item twice."""
        if not (who[1:] >= who[:-1]).all():
            order = np.argsort(who, kind="stable")
            who, what, got = who[order], what[order], got[order]
        wide = who if who.dtype.itemsize > 2 else who.astype(np.int64)  # the number after the last must fit, too
        begin = np.searchsorted(wide, np.arange(int(who[-1]) + 2).astype(wide.dtype)).astype(np.int64)
        found = np.empty(len(who), np.min_scalar_type(len(cells)))
        twice = 0
        persons = max(1, ANSWERS_AT_ONCE * (len(begin) - 1) // len(who))
        for first in range(0, len(begin) - 1, persons):
            own = slice(begin[first], begin[min(first + persons, len(begin) - 1)])
            place = (who[own].astype(np.int64) - first) * len(cells) + cells.first[what[own]] + got[own]
            place.sort()
            cell = place % len(cells)
            item = cells.item[cell]
            twice += int(((np.diff(item) == 0) & (np.diff(place // len(cells)) == 0)).sum())
            found[own] = cell
        if twice:
            raise ValueError(f"found {twice} responses of a person to an item answered already, expected one each")
        return cls(begin, found)

    @property
    def shape(self) -> tuple[int, int]:
        """Persons, answers."""
        return len(self.begin) - 1, len(self.cell)

    def take(self, rows: NDArray[np.intp]) -> _Long:
        """Some of the persons."""
        begin, end = self.begin[:-1][rows], self.begin[1:][rows]
        length = end - begin
        start = np.concatenate([[0], np.cumsum(length)])
        where = np.arange(start[-1]) + np.repeat(begin - start[:-1], length)
        return _Long(start, self.cell[where])

    def renamed(self, places: NDArray[np.intp]) -> _Long:
        """Cells called by other numbers."""
        return _Long(self.begin, places.astype(np.min_scalar_type(int(places.max(initial=1))))[self.cell])

    def block(self, which: slice, cells: int, dtype: Any) -> csr_array:
        """Persons by cells as ones and zeros."""
        from scipy.sparse import csr_array

        first, last, _ = which.indices(self.shape[0])
        begin = self.begin[first : last + 1]
        cell = self.cell[begin[0] : begin[-1]].astype(np.int32)
        return csr_array((np.ones(len(cell), dtype), cell, (begin - begin[0]).astype(np.int32)), shape=(last - first, cells))


def _whole(array: NDArray[Any]) -> NDArray[np.int8]:
    """Scores as small integers, `MISSING` where there is none."""
    if array.dtype.kind == "f":
        shown = ~np.isnan(array)
        filled = np.where(shown, array, MISSING)
        wrong = shown & ((filled < 0) | (filled > MOST_CATEGORIES) | (filled != np.floor(filled)))
    elif array.dtype.kind not in "iub":
        raise ValueError(f"found scores of type {array.dtype}, expected numbers, with NaN (not None) for an item not shown")
    else:
        filled = array
        wrong = (filled < MISSING) | (filled > MOST_CATEGORIES)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise ValueError(
            f"person {row}, item {column}: found {array[row, column]!r}, expected a whole score from 0 to {MOST_CATEGORIES} "
            "or NaN for an item not shown"
        )
    return filled.astype(np.int8, copy=False)
