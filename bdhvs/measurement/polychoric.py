"""Polychoric correlations (tetrachoric for scores of 0 and 1): of what lies behind two items, were it normal.

Pearson's correlation of two right/wrong items depends on how hard they are: an easy and a hard item cannot correlate highly,
so factors of Pearson's correlations sort items by difficulty. These do not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bdhvs.measurement.bivariate_normal import area, density
from bdhvs.measurement.responses import Responses
from bdhvs.measurement.score_tables import Floats, score_table

BOUND = 0.995  # of a correlation: beyond, the table says "1" and no more
FARTHEST = 8.0  # standard deviations; in place of infinite limits
HALVINGS = 30  # of the range of correlations: to 2e-9
EMPTY = 0.5  # persons put into an empty cell of a 2 × 2 table: as R's psych and Mplus do


@dataclass(frozen=True, eq=False)
class Polychoric:
    """Correlations between items.

    Attributes
    ----------
    correlations : items × items, ones on the diagonal; NaN for pairs nobody answered both of, or of an item that does not vary.
    persons : items × items; who answered both.
    at_bound : items × items; whether the estimate stopped at ±`BOUND`.
    """

    correlations: Floats
    persons: NDArray[np.intp]
    at_bound: NDArray[np.bool_]


def polychoric(scores: ArrayLike | Responses, empty: float = EMPTY, halvings: int = HALVINGS) -> Polychoric:
    """Correlations of all pairs, each from the persons who answered both.

    Parameters
    ----------
    scores : persons × items of a few different scores each; NaN for missing.
    empty : persons put into each empty cell of a pair of right/wrong items, ≥ 0; else such a pair would say ±1.

    Raises
    ------
    ValueError
        when an item has more than 20 different scores.

    Notes
    -----
    Two steps: limits from the pair's own margins, then the correlation of highest likelihood. Source: Olsson (1979),
    Psychometrika 44, 443–460. For 2 × 2 tables that is the correlation whose normal areas are the table's shares.
    """
    table = score_table(scores)
    codes = [_coded(column, item) for item, column in enumerate(table.T)]
    count = len(codes)
    sizes = np.array([own.shape[1] for own in codes])
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp)
    chosen = np.concatenate(codes, axis=1)
    together = chosen.T @ chosen
    shown = (~np.isnan(table)).astype(np.float64)
    persons = (shown.T @ shown).astype(np.intp)
    found, bound = np.full((count, count), np.nan), np.zeros((count, count), dtype=bool)
    np.fill_diagonal(found, np.where(sizes > 1, 1.0, np.nan))
    one, other = np.triu_indices(count, 1)
    for high, low in sorted({(int(a), int(b)) for a, b in zip(sizes[one], sizes[other], strict=True) if min(a, b) > 1}):
        own = np.flatnonzero((sizes[one] == high) & (sizes[other] == low))
        rows = (first[one[own]][:, None] + np.arange(high))[:, :, None]
        columns = (first[other[own]][:, None] + np.arange(low))[:, None, :]
        r = _correlations(together[rows, columns], empty, halvings)
        found[one[own], other[own]] = found[other[own], one[own]] = r
        stopped = np.abs(r) >= BOUND - 1e-6
        bound[one[own], other[own]] = bound[other[own], one[own]] = stopped
    return Polychoric(found, persons, bound)


def _coded(column: Floats, item: int) -> Floats:
    """Persons × different scores, ones and zeros."""
    values = np.unique(column[~np.isnan(column)])
    if len(values) > 20:
        raise ValueError(f"item {item}: found {len(values)} different scores, expected at most 20; join some")
    return np.asarray((column[:, None] == values).astype(np.float64))


def _correlations(tables: Floats, empty: float, halvings: int) -> Floats:
    """Of pairs × rows × columns: where the likelihood's slope goes through 0, found by halving."""
    if tables.shape[1:] == (2, 2):
        spoilt = (tables == 0).any(axis=(1, 2)) & (tables.sum(axis=(1, 2)) > 0)
        tables = np.where(spoilt[:, None, None] & (tables == 0), empty, tables)
    total = tables.sum(axis=(1, 2))
    varies = ((tables.sum(axis=2) > 0).sum(axis=1) > 1) & ((tables.sum(axis=1) > 0).sum(axis=1) > 1)
    h = _limits(tables.sum(axis=2), total)
    k = _limits(tables.sum(axis=1), total)
    low, high = np.full(len(tables), -BOUND), np.full(len(tables), BOUND)
    for _ in range(halvings):
        middle = (low + high) / 2
        rising = _slope(tables, h, k, middle) > 0
        low, high = np.where(rising, middle, low), np.where(rising, high, middle)
    return np.where(varies, (low + high) / 2, np.nan)


def _limits(margin: Floats, total: Floats) -> Floats:
    """Where the normal distribution is cut: pairs × (categories − 1)."""
    from scipy.special import ndtri

    below = np.cumsum(margin, axis=1)[:, :-1] / np.maximum(total, 1e-300)[:, None]
    return np.asarray(np.clip(ndtri(np.clip(below, 0, 1)), -FARTHEST, FARTHEST))


def _slope(tables: Floats, h: Floats, k: Floats, r: Floats) -> Floats:
    """Slope of each pair's log-likelihood by its correlation."""
    from scipy.special import ndtr

    x, y = h[:, :, None], k[:, None, :]
    at = r[:, None, None]
    pairs = len(tables)
    corners = np.zeros((pairs, h.shape[1] + 2, k.shape[1] + 2))
    corners[:, 1:-1, 1:-1] = area(x, y, at)
    corners[:, 1:-1, -1], corners[:, -1, 1:-1], corners[:, -1, -1] = ndtr(h), ndtr(k), 1
    rises = np.zeros_like(corners)
    rises[:, 1:-1, 1:-1] = density(x, y, at)
    chance, change = (np.diff(np.diff(one, axis=1), axis=2) for one in (corners, rises))
    return np.asarray((tables * change / np.maximum(chance, 1e-12)).sum(axis=(1, 2)))
