"""Classical item statistics: how many did it, how well it tells learners apart, and how sure either is.

All take persons × items with NaN for missing (see `score_tables`); a missing response is left out, never counted as
wrong. Where a number cannot be had it is NaN, and the item's cautions say why.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bdhvs.measurement.cautions import Caution
from bdhvs.measurement.proportions import wilson_interval
from bdhvs.measurement.responses import Responses
from bdhvs.measurement.score_tables import Floats, centred_means, centred_rests, maximum_scores, score_table

LEAST_PERSONS = 30  # for a correlation: at 30 its 95 % interval is still ±0.35 around zero
LOW_DISCRIMINATION = 0.20  # Ebel & Frisbie (1991), Essentials of educational measurement, 5th ed.: below 0.20 poor
KELLEY_SHARE = 0.27  # of the persons in each outer group: Kelley (1939), Journal of Educational Psychology 30, 17–24
MUCH_MISSING = 0.2  # share of missing responses to an item from which the cautions say so
VANISHING = 1e-12  # a variance below this part of the squared scores is rounding


@dataclass(frozen=True, eq=False)
class ItemStatistics:
    """One entry per item in every field; NaN where there is no such number."""

    persons: NDArray[np.intp]  # who answered it
    mean: Floats  # score
    share: Floats  # "p-value": mean / highest score, 0–1; for scores 0 and 1 the share who had it right
    low: Floats  # interval of the share
    high: Floats
    sd: Floats  # of the score, with persons − 1 below
    item_total: Floats  # correlation with the total, the item itself in it
    item_rest: Floats  # correlation with the total of the other items
    rest_low: Floats  # interval of item_rest
    rest_high: Floats
    cautions: tuple[tuple[Caution, ...], ...]  # by item


def item_statistics(
    scores: ArrayLike | Responses,
    maximum: ArrayLike | None = None,
    confidence: float = 0.95,
    least_persons: int = LEAST_PERSONS,
) -> ItemStatistics:
    """Difficulty and discrimination of each item, with intervals.

    Parameters
    ----------
    scores : persons × items from 0 to the item's highest score; NaN for missing.
    maximum : highest possible score, one for all or one each; else the highest seen (at least 1).
    confidence : of the intervals, 0–1.
    least_persons : below, an item's cautions say ``too_few_persons``.

    Raises
    ------
    ValueError
        when a score is outside its range or the table has not two dimensions.

    Notes
    -----
    - ``share`` = Σx / (n · maximum), with Wilson's interval of n·share successes in n trials. For partial credit that is
      wider than needed: a score between 0 and 1 varies at most as much as a yes/no of the same mean.
    - ``item_rest`` = r(x_i, mean of x_j − mean_j over the other answered items), which with complete data is the
      correlation with the total of the others (Henrysson 1963, Psychometrika 28, 211–218). Its interval is Fisher's:
      tanh(artanh r ± z/√(n − 3)) (Fisher 1921, Metron 1, 3–32).
    """
    table = score_table(scores)
    top = maximum_scores(table, maximum)
    shown = ~np.isnan(table)
    persons = shown.sum(axis=0)
    total = np.where(shown, table, 0).sum(axis=0)
    mean = _divide(total, persons)
    low, high = wilson_interval(np.clip(total / top, 0, persons), persons, confidence)
    variance = _divide(np.where(shown, (table - mean) ** 2, 0).sum(axis=0), persons - 1)
    item_total = correlations(table, np.broadcast_to(centred_means(table)[:, None], table.shape))
    rests = centred_rests(table)
    item_rest = correlations(table, rests)
    rest_low, rest_high = correlation_interval(item_rest, (~np.isnan(rests)).sum(axis=0), confidence)
    share = mean / top
    cautions = tuple(
        _cautions(int(n), one, r, 1 - n / len(table), least_persons)
        for n, one, r in zip(persons, share, item_rest, strict=True)
    )
    return ItemStatistics(
        persons, mean, share, low, high, np.sqrt(variance), item_total, item_rest, rest_low, rest_high, cautions
    )


@dataclass(frozen=True, eq=False)
class UpperLower:
    """Mean share of the highest score in the best and the weakest group, by item; NaN where a group has no response."""

    upper: Floats  # 0–1
    lower: Floats  # 0–1
    discrimination: Floats  # upper − lower, −1 to 1


def upper_lower(
    scores: ArrayLike | Responses, maximum: ArrayLike | None = None, share: float = KELLEY_SHARE
) -> UpperLower:
    """Upper–lower discrimination: how much more often the best `share` of persons have an item right than the weakest.

    Persons are ordered by their total (`centred_means`). Who is tied at the border counts for a part, so that each group
    weighs exactly `share` of the persons and the order of the table does not matter.

    Source: Johnson (1951), Journal of Educational Psychology 42, 499–504 (D = U − L); groups of 27 %: Kelley (1939).
    """
    if not 0 < share <= 0.5:
        raise ValueError(f"found groups of {share} of the persons, expected more than 0 and at most 0.5")
    table = score_table(scores)
    part = table / maximum_scores(table, maximum)
    totals = centred_means(table)
    upper = _weighted_means(part, _outermost(-totals, share))
    lower = _weighted_means(part, _outermost(totals, share))
    return UpperLower(upper, lower, upper - lower)


def correlations(first: Floats, second: Floats) -> Floats:
    """Pearson's correlation of each column of `first` with the same column of `second`, over rows where both are numbers.

    NaN with fewer than two such rows or when a column does not vary.
    """
    both = ~np.isnan(first) & ~np.isnan(second)
    n = both.sum(axis=0)
    x, y = (np.where(both, one - _divide(np.where(both, one, 0).sum(axis=0), n), 0) for one in (first, second))
    products, xx, yy = (x * y).sum(axis=0), (x * x).sum(axis=0), (y * y).sum(axis=0)
    scale = [VANISHING * np.where(both, one**2, 0).sum(axis=0) for one in (first, second)]
    varies = (xx > scale[0]) & (yy > scale[1]) & (n > 1)
    r = np.divide(products, np.sqrt(xx * yy), out=np.full(n.shape, np.nan), where=varies)
    return np.asarray(np.clip(r, -1, 1))


def correlation_interval(r: ArrayLike, persons: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Fisher's interval of correlations, −1 to 1; NaN for fewer than four persons or r NaN.

    tanh(artanh r ± z / √(n − 3)). Source: Fisher (1921), Metron 1, 3–32.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}, expected a share between 0 and 1")
    n = np.asarray(persons, dtype=np.float64)
    half = NormalDist().inv_cdf((1 + confidence) / 2) / np.sqrt(np.where(n > 3, n - 3, np.nan))
    with np.errstate(divide="ignore"):  # r = ±1 lies at infinity, and comes back to ±1
        centre = np.arctanh(np.asarray(r, dtype=np.float64))
    return np.tanh(centre - half), np.tanh(centre + half)


def _cautions(persons: int, share: float, item_rest: float, missing: float, least: int) -> tuple[Caution, ...]:
    if not persons:
        return (Caution("nobody_answered"),)
    found = []
    if persons < least:
        found.append(Caution("too_few_persons", {"n": persons, "least": least}))
    if missing > MUCH_MISSING:
        found.append(Caution("much_missing", {"share": missing}))
    if share in (0.0, 1.0):
        found.append(Caution("all_right" if share else "all_wrong", {"n": persons}))
    elif item_rest < 0:
        found.append(Caution("negative_discrimination", {"r": item_rest}))
    elif item_rest < LOW_DISCRIMINATION:
        found.append(Caution("low_discrimination", {"r": item_rest}))
    return tuple(found)


def _outermost(totals: Floats, share: float) -> Floats:
    """Weights of persons in the group of the lowest `totals` that weighs `share` of all; ties share what is left."""
    known = ~np.isnan(totals)
    _, which, counts = np.unique(np.round(totals[known], 12), return_inverse=True, return_counts=True)
    before = np.cumsum(counts) - counts
    weight = np.clip((share * known.sum() - before) / counts, 0, 1)
    found = np.zeros(len(totals))
    found[known] = weight[which]
    return found


def _weighted_means(table: Floats, weights: Floats) -> Floats:
    shown = ~np.isnan(table)
    return _divide(weights @ np.where(shown, table, 0), weights @ shown)


def _divide(over: ArrayLike, under: ArrayLike) -> Floats:
    """over / under, NaN where `under` is not above 0."""
    below = np.asarray(under, dtype=np.float64)
    return np.asarray(np.divide(over, below, out=np.full(below.shape, np.nan), where=below > 0))
