"""How far panelists agree with each other, with themselves, and with how hard the items really are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

ROUNDING = 1e-24  # a mean square below this part of the squared ratings is what rounding leaves of nothing


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of panelists about items.

    ``single`` and ``average``: intraclass correlations for absolute agreement of one panelist and of the mean of all, ICC(2,1)
    and ICC(2,k); ``single_order`` and ``average_order``: the same when it does not matter that one panelist is stricter
    throughout, ICC(3,1) and ICC(3,k). At most 1, below 0 when panelists agree less than chance would; NaN when ratings do not
    vary. ``panelists``, ``items``, ``rest``: variance components of a rating (0 where the estimate is negative).
    """

    single: float
    average: float
    single_order: float
    average_order: float
    panelists: float
    items: float
    rest: float


def agreement(ratings: ArrayLike) -> Agreement:
    """Intraclass correlations and variance components of panelists × items, nothing missing.

    Raises
    ------
    ValueError
        for fewer than two panelists or items, or a missing rating.

    Notes
    -----
    Two-way analysis of variance without repetition, items as targets (n), panelists as judges (k), with mean squares B
    (items), J (panelists), E (rest)::

        ICC(2,1) = (B − E) / (B + (k − 1)E + k(J − E)/n)      ICC(2,k) = (B − E) / (B + (J − E)/n)
        ICC(3,1) = (B − E) / (B + (k − 1)E)                   ICC(3,k) = (B − E) / B

    Source: P. E. Shrout, J. L. Fleiss (1979), Intraclass correlations: uses in assessing rater reliability, Psychological
    Bulletin 86, 420–428. Components: (J − E)/n, (B − E)/k, E.
    """
    table = ratings_read(ratings)
    k, n = table.shape
    by_item, by_judge, grand = table.mean(axis=0), table.mean(axis=1), table.mean()
    squares = (
        k * ((by_item - grand) ** 2).sum() / (n - 1),
        n * ((by_judge - grand) ** 2).sum() / (k - 1),
        ((table - by_item - by_judge[:, None] + grand) ** 2).sum() / ((n - 1) * (k - 1)),
    )
    b, j, e = (one if one > ROUNDING * (table**2).max() else 0.0 for one in squares)
    return Agreement(
        single=_ratio(b - e, b + (k - 1) * e + k * (j - e) / n),
        average=_ratio(b - e, b + (j - e) / n),
        single_order=_ratio(b - e, b + (k - 1) * e),
        average_order=_ratio(b - e, b),
        panelists=max(0.0, float(j - e) / n),
        items=max(0.0, float(b - e) / k),
        rest=float(e),
    )


@dataclass(frozen=True, eq=False)
class Consistency:
    """How well ratings fit the items' real difficulty.

    Attributes
    ----------
    correlation : of each panelist's ratings with what a learner at this panelist's own cut would do; NaN when they do not vary.
    distance : mean absolute difference of the two, as shares of an item's points, per panelist.
    index : per panelist, 1 when every rating is what the items say at one ability, 0 when each is as far off as it can be.
    residual : per item, (mean rating − expected at the panel's cut) / standard error of the mean; NaN where all agree.
    """

    correlation: Floats
    distance: Floats
    index: Floats
    residual: Floats

    def misfitting(self, limit: float = 2.0) -> tuple[int, ...]:
        """Items (by place) whose mean rating lies more than `limit` standard errors off: talk about these first."""
        return tuple(np.flatnonzero(np.abs(self.residual) > limit).tolist())


def consistency(ratings: ArrayLike, at_own_cut: ArrayLike, at_panel_cut: ArrayLike) -> Consistency:
    """Ratings against what calibrated items say.

    Parameters
    ----------
    ratings : panelists × items, as shares of an item's points (0–1).
    at_own_cut : panelists × items, expected shares at each panelist's own cut.
    at_panel_cut : per item, expected share at the panel's cut; p-values of borderline learners serve as well.

    Notes
    -----
    Index: C = 1 − E/M with E the mean of |rating − P(θ_c)| and M the mean of max(P, 1 − P), the farthest a rating could be
    (W. J. van der Linden 1982, A latent trait method for determining intrajudge inconsistency in the Angoff and Nedelsky
    techniques of standard setting, Journal of Educational Measurement 19, 295–308). Residuals: after M. T. Kane (1987), On the
    use of IRT models with judgmental standard setting procedures, the same journal 24, 333–345, which weighs the differences
    of mean ratings and P(θ) by the ratings' errors. Panels tend to see hard items as easier and easy ones as harder than they
    are (P. R. Brandon 2004, Applied Measurement in Education 17, 59–88), so correlations of 0.4–0.7 are usual.
    """
    table = ratings_read(ratings)
    own, panel = np.asarray(at_own_cut, dtype=np.float64), np.asarray(at_panel_cut, dtype=np.float64)
    if own.shape != table.shape or panel.shape != table.shape[1:]:
        raise ValueError(f"found expected shares of shapes {own.shape} and {panel.shape}, expected {table.shape} and {table.shape[1:]}")
    off = np.abs(table - own).mean(axis=1)
    farthest = np.maximum(own, 1 - own).mean(axis=1)
    error = table.std(axis=0, ddof=1) / np.sqrt(len(table))
    with np.errstate(divide="ignore", invalid="ignore"):
        residual = np.where(error > 0, (table.mean(axis=0) - panel) / error, np.nan)
    return Consistency(_correlations(table, own), off, 1 - off / farthest, residual)


def difficulty_correlation(ratings: ArrayLike, p_values: ArrayLike) -> float:
    """Pearson's correlation of the panel's mean ratings with the items' p-values (share right among learners); NaN if none."""
    table = ratings_read(ratings)
    return float(_correlations(table.mean(axis=0)[None], np.asarray(p_values, dtype=np.float64)[None])[0])


def ratings_read(ratings: ArrayLike) -> Floats:
    """Panelists × items as an array, or a refusal that says where a rating is missing."""
    table = np.asarray(ratings, dtype=np.float64)
    if table.ndim != 2 or min(table.shape) < 2:
        raise ValueError(f"found ratings of shape {table.shape}, expected panelists × items with at least two of each")
    if not np.isfinite(table).all():
        panelist, item = np.argwhere(~np.isfinite(table))[0]
        raise ValueError(f"panelist {panelist}, item {item}: found no rating, expected a number; ask for it, or leave the panelist or item out")
    return table


def _ratio(above: float, below: float) -> float:
    return float(above / below) if below > 0 else float("nan")


def _correlations(one: Floats, other: Floats) -> Floats:
    """Row by row; NaN where a row does not vary."""
    a, b = one - one.mean(axis=1, keepdims=True), other - other.mean(axis=1, keepdims=True)
    spread = np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(spread > 1e-12, (a * b).sum(axis=1) / spread, np.nan)
