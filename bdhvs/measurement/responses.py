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
        from scipy.sparse import csr_array

        who, what, got = (np.asarray(one) for one in (person, item, score))
        if not len(who) == len(what) == len(got) or not len(who):
            raise ValueError(f"found {len(who)} persons, {len(what)} items and {len(got)} scores, expected as many of each, at least one")
        if min(who.min(), what.min(), got.min()) < 0 or got.max() > MOST_CATEGORIES:
            raise ValueError(f"found a number below 0 or a score above {MOST_CATEGORIES}")
        count = items if items is not None else int(what.max()) + 1
        top = np.ones(count, dtype=np.intp)
        np.maximum.at(top, what, got)
        cells = Cells.of(top)
        place = cells.first[what] + got
        table: csr_array = csr_array(
            (np.ones(len(who), dtype=np.float32), (who, place)), shape=(int(who.max()) + 1, len(cells))
        )
        pairs = np.unique(who.astype(np.int64) * count + what).size
        if pairs != len(who):
            raise ValueError(f"found {len(who) - pairs} responses of a person to an item answered already, expected one each")
        return cls(table, top)

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
        part._codes, part.cells = self._codes[rows], self.cells
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
            places = np.where(kept, places, 0)  # of a score that nobody has
            codes = self._codes
            roomy._codes = type(codes)(
                (codes.data, places[codes.indices].astype(codes.indices.dtype), codes.indptr),
                shape=(codes.shape[0], len(roomy.cells)),
            )
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
            # Views instead of scipy's slicing, which copies what is here only read.
            codes, (begin, end, _) = self._codes, which.indices(self.shape[0])
            first, last = codes.indptr[begin], codes.indptr[end]
            parts = (codes.data[first:last].astype(dtype, copy=False), codes.indices[first:last], codes.indptr[begin : end + 1] - first)
            return type(codes)(parts, shape=(end - begin, len(self.cells)))
        part = self._codes[which]
        return (part[:, self.cells.item] == self.cells.score).astype(dtype)


def _whole(array: NDArray[Any]) -> NDArray[np.int8]:
    """Scores as small integers, `MISSING` where there is none."""
    if array.dtype.kind == "f":
        shown = ~np.isnan(array)
        filled = np.where(shown, array, MISSING)
        wrong = shown & ((filled < 0) | (filled > MOST_CATEGORIES) | (filled != np.floor(filled)))
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
