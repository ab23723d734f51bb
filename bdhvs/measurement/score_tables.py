"""Tables of scores as classical statistics read them: persons × items, NaN where an item was not shown or not answered.

Unlike `Responses`, scores may be fractions or negative (a mark with a penalty). What a silence counts is decided before:
NaN leaves a response out, 0 counts it as wrong.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bdhvs.measurement.responses import MISSING, Responses

Floats = NDArray[np.float64]


def score_table(scores: ArrayLike | Responses) -> Floats:
    """Persons × items, float64, NaN for missing.

    Parameters
    ----------
    scores : persons × items; NaN (or -1 in an array of integers) means missing. Or `Responses`, which are made dense.

    Raises
    ------
    ValueError
        saying where, when a score is infinite or no number, an integer lies below -1, or there are not two dimensions.
    """
    if isinstance(scores, Responses):
        return _unfold(scores)
    array = np.asarray(scores)
    if array.ndim != 2 or not array.size:
        raise ValueError(f"found an array of shape {array.shape}, expected persons × items with at least one of each")
    if array.dtype.kind not in "fiub":
        raise ValueError(f"found an array of {array.dtype}, expected numbers; write NaN for a missing response")
    table: Floats = array.astype(np.float64)
    if array.dtype.kind in "iu":
        _refuse(array < MISSING, array, "expected a score from 0, or -1 for a missing response")
        table[array == MISSING] = np.nan
    else:
        _refuse(np.isinf(table), array, "expected a finite score, or NaN for a missing response")
    return table


def maximum_scores(table: Floats, maximum: ArrayLike | None = None) -> Floats:
    """Highest possible score of each item: as given (one for all, or one each), else the highest seen, at least 1.

    Raises
    ------
    ValueError
        saying where, when a score is negative or lies above its maximum, or a maximum is not above 0.
    """
    if maximum is None:
        seen = np.where(np.isnan(table), 0, table).max(axis=0)
        top: Floats = np.maximum(seen, 1.0)
    else:
        top = np.broadcast_to(np.asarray(maximum, dtype=np.float64), table.shape[1:]).copy()
        if not (top > 0).all():
            raise ValueError(f"found a maximum score of {top[~(top > 0)][0]}, expected more than 0")
    _refuse((table < 0) | (table > top), table, "expected a score from 0 to the item's maximum")
    return top


def centred_means(table: Floats) -> Floats:
    """Each person's mean score above their items' means: persons, NaN for who answered nothing.

    With all items answered it orders persons as their total does (it is the total, less a constant, over the number of
    items). With booklets it does not take who got the hard one for weak. It does not undo *adaptive* choice of items:
    there the items' means themselves depend on who was asked; use abilities.
    """
    counts, sums = _deviation_sums(table)[1:]
    return np.asarray(np.divide(sums, counts, out=np.full(len(table), np.nan), where=counts > 0))


def centred_rests(table: Floats) -> Floats:
    """`centred_means` over all *other* items: persons × items; NaN where the item or all others have no response."""
    deviations, counts, sums = _deviation_sums(table)
    others = counts[:, None] - 1
    use = (others > 0) & ~np.isnan(table)
    return np.asarray(np.divide(sums[:, None] - deviations, others, out=np.full(table.shape, np.nan), where=use))


def _deviation_sums(table: Floats) -> tuple[Floats, NDArray[np.intp], Floats]:
    shown = ~np.isnan(table)
    filled = np.where(shown, table, 0.0)
    asked = shown.sum(axis=0)
    means = filled.sum(axis=0) / np.maximum(asked, 1)
    deviations = np.where(shown, table - means, 0.0)
    return deviations, shown.sum(axis=1), deviations.sum(axis=1)


def _unfold(responses: Responses) -> Floats:
    """Dense table of responses kept as cells."""
    cells = responses.cells
    of_item = (cells.item[:, None] == np.arange(len(cells.maximum))).astype(np.float64)
    table = np.empty(responses.shape)
    for rows, block in responses.blocks(np.float64):
        shown = block @ of_item
        table[rows] = np.where(shown > 0, block @ (of_item * cells.score[:, None]), np.nan)
    return table


def _refuse(wrong: NDArray[np.bool_], array: NDArray[Any], expected: str) -> None:
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise ValueError(f"person {row}, item {column}: found {array[row, column]!r}, {expected}")
