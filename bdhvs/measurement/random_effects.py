"""Means of things that differ more than their standard errors say: items of a level, studies of a question."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

PRECISION = 1e-10  # of the between-variance, relative to the spread of the estimates
SMALLEST = 1e-12  # variance below which a unit would have infinite weight


@dataclass(frozen=True, eq=False)
class RandomEffects:
    """What `random_effects` found.

    Attributes
    ----------
    coefficients : one per column of the design.
    covariance : of the coefficients, square.
    between : variance between units beyond their own standard errors, ≥ 0; NaN when there are no more units than
        coefficients, so that nothing is left to see it by.
    """

    coefficients: Floats
    covariance: Floats
    between: float

    @property
    def se(self) -> Floats:
        """Standard errors of the coefficients."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))


def random_effects(
    estimates: ArrayLike, variances: ArrayLike, design: ArrayLike | None = None, *, between: float | None = None
) -> RandomEffects:
    """Random-effects mean (or regression) with the variance between units by restricted maximum likelihood.

    Parameters
    ----------
    estimates : one per unit.
    variances : squared standard error of each estimate, ≥ 0; 0 when it is known exactly.
    design : units × columns; a column of ones (a common mean) when left out.
    between : variance between units, when it is known; estimated when left out.

    Returns
    -------
    RandomEffects; `between` is NaN, and the units are taken as differing by their own errors only, when there are no more
    units than columns.

    Raises
    ------
    ValueError
        when a number is missing, a variance is negative, or the columns cannot be told apart.

    Notes
    -----
    y = Xβ + u + e with Var(u) = τ² and Var(e) known. With w = 1/(v + τ²), W = diag(w), P = W − WX(XᵀWX)⁻¹XᵀW, the estimate is
    the τ² ≥ 0 at which Fisher scoring's step (yᵀPPy − tr P) / tr PP turns from above to below 0, the largest such. Source: W.
    Viechtbauer (2005), Bias and efficiency of meta-analytic variance estimators in the random-effects model, Journal of
    Educational and Behavioral Statistics 30, 261–293. No matrix of units × units is made.
    """
    y, v, x = _read(estimates, variances, design)
    if between is None:
        between = _between(y, v, x) if len(y) > x.shape[1] else float("nan")
    beta, covariance = _weighted(y, x, 1 / np.maximum(v + np.nan_to_num(between), SMALLEST))
    return RandomEffects(beta, covariance, between)


def _read(estimates: ArrayLike, variances: ArrayLike, design: ArrayLike | None) -> tuple[Floats, Floats, Floats]:
    y = np.atleast_1d(np.asarray(estimates, dtype=np.float64))
    v = np.broadcast_to(np.asarray(variances, dtype=np.float64), y.shape)
    x = np.ones((len(y), 1)) if design is None else np.asarray(design, dtype=np.float64)
    if not np.isfinite(y).all() or not np.isfinite(v).all() or (v < 0).any():
        raise ValueError("found an estimate or variance that is missing or negative, expected numbers; leave such units out")
    if x.shape[0] != len(y) or np.linalg.matrix_rank(x) < x.shape[1]:
        raise ValueError(f"found a design of shape {x.shape} for {len(y)} units, expected a row per unit and columns that differ")
    return y, v, x


def _between(y: Floats, v: Floats, x: Floats) -> float:
    """Where the restricted likelihood turns from rising to falling: by halving, for scoring alone may creep for ever."""
    residual = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    spread = float(residual @ residual / (len(y) - x.shape[1]))
    high = spread
    while high > SMALLEST and _scoring_step(y, v, x, high) > 0:
        high *= 2
    low = high / 2
    while low > PRECISION * spread and _scoring_step(y, v, x, low) <= 0:
        low, high = low / 2, low
    if low <= PRECISION * spread and _scoring_step(y, v, x, 0.0) <= 0:
        return 0.0
    while high - low > PRECISION * spread:
        middle = (low + high) / 2
        low, high = (middle, high) if _scoring_step(y, v, x, middle) > 0 else (low, middle)
    return (low + high) / 2


def _scoring_step(y: Floats, v: Floats, x: Floats, between: float) -> float:
    """Fisher scoring's step: above 0 where more variance between units would be likelier."""
    w = 1 / np.maximum(v + between, SMALLEST)
    beta, inverse = _weighted(y, x, w)
    projected = w * (y - x @ beta)  # Py
    second, third = (x.T * w**2) @ x, (x.T * w**3) @ x
    trace = w.sum() - np.trace(inverse @ second)
    of_square = (w**2).sum() - 2 * np.trace(inverse @ third) + np.trace(inverse @ second @ inverse @ second)
    return float((projected @ projected - trace) / of_square)


def _weighted(y: Floats, x: Floats, w: Floats) -> tuple[Floats, Floats]:
    """Coefficients of a weighted regression and (XᵀWX)⁻¹."""
    inverse = np.asarray(np.linalg.inv((x.T * w) @ x), dtype=np.float64)
    return inverse @ (x.T @ (w * y)), inverse
