"""McDonald's omega: the part of a total's variance that one common factor makes."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from bdhvs.measurement.cautions import Caution
from bdhvs.measurement.reliability import LEAST_PERSONS, Reliability, complete_rows, shortages, standard_error
from bdhvs.measurement.responses import Responses
from bdhvs.measurement.score_tables import Floats

FactorMethod = Literal["minres", "ml"]
LEAST_UNIQUENESS = 0.005  # of an item, as in R's factanal: a smaller one is a Heywood case


@dataclass(frozen=True, eq=False)
class OneFactor:
    """A one-factor solution of a correlation matrix."""

    loadings: Floats  # items; correlation of each with the factor, sign such that their sum is not negative
    uniquenesses: Floats  # items; 1 − loading², at least `LEAST_UNIQUENESS`
    converged: bool
    heywood: bool  # whether a uniqueness lies at its bound


def omega_total(
    scores: ArrayLike | Responses,
    method: FactorMethod = "minres",
    confidence: float = 0.95,
    resamples: int = 0,
    seed: int = 0,
    least_persons: int = LEAST_PERSONS,
) -> Reliability:
    """Omega of the total under one factor; like alpha where all items load alike, else above it.

    Parameters
    ----------
    scores : persons × items; NaN for missing, whose persons are left out.
    resamples : bootstrap samples of persons for the interval (percentiles; 1,000 are usual); with 0 its ends are NaN.

    Notes
    -----
    ω = (Σλ)² / ((Σλ)² + Σψ), with loadings λ and unique variances ψ in score points: the correlations' loading times the
    item's standard deviation (McDonald 1999, Test theory: a unified treatment, eq. 6.20). Cautions ``heywood`` and
    ``not_converged`` mean that the number should not be used. For scores of 0 and 1 the factor model is an approximation.
    """
    table, left_out = complete_rows(scores)
    n, k = table.shape
    cautions = shortages(n, k, left_out, least_persons)
    if k < 3 or n < 4:
        more = () if k < 2 or k >= 3 else (Caution("too_few_items", {"n": k, "least": 3}),)
        return Reliability(nan, nan, nan, n, k, nan, nan, cautions + more)
    if not (table.std(axis=0) > 1e-9).all():
        return Reliability(nan, nan, nan, n, k, nan, nan, (*cautions, Caution("no_spread")))
    value, factor = _omega(table, method)
    if factor.heywood:
        cautions += (Caution("heywood"),)
    if not factor.converged:
        cautions += (Caution("not_converged"),)
    low, high = _bootstrap(table, method, confidence, resamples, seed)
    sd = sqrt(float(np.cov(table, rowvar=False).sum()))
    return Reliability(value, low, high, n, k, sd, standard_error(sd, value), cautions)


def one_factor(correlations: Floats, method: FactorMethod = "minres") -> OneFactor:
    """One common factor of a correlation matrix.

    Notes
    -----
    With S the correlations, l the loadings and Ψ the unique variances, bounded from below:

    - ``minres``: least squares of the residuals off the diagonal (Harman & Jones 1966, Psychometrika 31, 351–368), found as
      least squares of S − Ψ − llᵀ over Ψ, which is the same;
    - ``ml``: log|Σ| + tr(SΣ⁻¹), Σ = llᵀ + Ψ, concentrated over l (Jöreskog 1967, Psychometrika 32, 443–482; Lawley & Maxwell
      1971, ch. 4).

    Raises
    ------
    ValueError
        when `method` is neither.
    """
    from scipy.optimize import minimize

    if method not in ("minres", "ml"):
        raise ValueError(f"found the method {method!r}, expected 'minres' or 'ml'")
    start = 1 / np.diag(np.linalg.pinv(correlations))  # 1 − squared multiple correlation
    found = minimize(
        _least_squares if method == "minres" else _likelihood,
        np.clip(start, 2 * LEAST_UNIQUENESS, 1),
        args=(correlations,),
        jac=True,
        method="L-BFGS-B",
        bounds=[(LEAST_UNIQUENESS, 1.0)] * len(correlations),
        options={"ftol": 1e-14, "gtol": 1e-9, "maxiter": 1000},
    )
    loadings = (_reduced_loadings if method == "minres" else _scaled_loadings)(found.x, correlations)
    loadings = loadings if loadings.sum() >= 0 else -loadings
    return OneFactor(loadings, found.x, bool(found.success), bool((found.x <= LEAST_UNIQUENESS * 1.001).any()))


def _omega(table: Floats, method: FactorMethod) -> tuple[float, OneFactor]:
    sd = table.std(axis=0, ddof=1)
    factor = one_factor(np.asarray(np.corrcoef(table, rowvar=False)), method)
    common = float((factor.loadings * sd).sum() ** 2)
    return common / (common + float((factor.uniquenesses * sd**2).sum())), factor


def _bootstrap(table: Floats, method: FactorMethod, confidence: float, resamples: int, seed: int) -> tuple[float, float]:
    if not resamples:
        return nan, nan
    draw = np.random.default_rng(seed)
    found = []
    for _ in range(resamples):
        sample = table[draw.integers(len(table), size=len(table))]
        if (sample.std(axis=0) > 1e-9).all():  # a resample in which an item does not vary has no correlations
            found.append(_omega(sample, method)[0])
    if len(found) < resamples / 2:
        return nan, nan
    low, high = np.quantile(found, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def _least_squares(unique: Floats, correlations: Floats) -> tuple[float, Floats]:
    """Half the sum of squares of S − Ψ − llᵀ, with its derivative by Ψ."""
    loadings = _reduced_loadings(unique, correlations)
    residual = correlations - np.diag(unique) - np.outer(loadings, loadings)
    return 0.5 * float((residual**2).sum()), -np.diag(residual)


def _reduced_loadings(unique: Floats, correlations: Floats) -> Floats:
    values, vectors = np.linalg.eigh(correlations - np.diag(unique))
    return np.asarray(vectors[:, -1] * sqrt(max(float(values[-1]), 0.0)))


def _likelihood(unique: Floats, correlations: Floats) -> tuple[float, Floats]:
    """Discrepancy of maximum likelihood, less a constant, with its derivative by Ψ: diag Ψ⁻¹(llᵀ + Ψ − S)Ψ⁻¹."""
    scale = 1 / np.sqrt(unique)
    values = np.linalg.eigvalsh(correlations * np.outer(scale, scale))[:-1]
    loadings = _scaled_loadings(unique, correlations)
    slope = (loadings**2 + unique - np.diag(correlations)) / unique**2
    return float((values - np.log(np.maximum(values, 1e-300)) - 1).sum()), slope


def _scaled_loadings(unique: Floats, correlations: Floats) -> Floats:
    scale = np.sqrt(unique)
    values, vectors = np.linalg.eigh(correlations / np.outer(scale, scale))
    return np.asarray(scale * vectors[:, -1] * sqrt(max(float(values[-1]) - 1, 0.0)))
