"""One item, two or more groups of equal ability: differences by logistic regression, level and slope apart."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, nan
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bdhvs.measurement.cautions import Caution
from bdhvs.measurement.score_tables import Floats

Category = Literal["A", "B", "C", ""]
SIGNIFICANT = 0.05
JODOIN_GIERL = 0.035, 0.070  # change of Nagelkerke's R²: moderate and large from here on
ZUMBO_THOMAS = 0.13, 0.26
ROUNDS = 50
SETTLED = 1e-6  # logits that a step of the search may still move anybody at its end
FARTHEST = 30.0  # logits: beyond, right and wrong are told apart completely


@dataclass(frozen=True, eq=False)
class LogisticDif:
    """Three nested models compared: ability; with groups; with groups by ability. NaN where a model has no estimates."""

    uniform_chi_square: float  # groups differ at equal ability; degrees of freedom: groups − 1
    uniform_p: float
    nonuniform_chi_square: float  # the difference depends on ability; degrees of freedom: groups − 1
    nonuniform_p: float
    chi_square: float  # either; twice as many degrees of freedom
    p: float
    freedom: int  # groups − 1
    log_odds: Floats  # of each group against the first, at equal ability, logits (model with groups); groups − 1
    errors: Floats  # their standard errors
    r2_change: float  # of Nagelkerke's R², from the first model to the last, 0–1
    uniform_r2_change: float  # from the first to the second
    jodoin_gierl: Category  # A negligible, B moderate, C large; "" where it cannot be said
    zumbo_thomas: Category
    persons: int
    cautions: tuple[Caution, ...] = ()


def logistic_dif(right: ArrayLike, group: ArrayLike, ability: ArrayLike) -> LogisticDif:
    """Differential functioning of one item of score 0 or 1 by logistic regression.

    Parameters
    ----------
    right : 0, 1 or NaN (left out), by person.
    group : whole number ≥ 0 by person, 0 the reference; negative: left out.
    ability : what persons are matched on (total score, rest score or ability); NaN: left out.

    Returns
    -------
    LogisticDif
        with NaN and the caution ``separated`` when a model has no finite estimates, ``no_common_scores`` with fewer than
        two groups, ``no_spread`` when all have the same ability.

    Notes
    -----
    logit P = b0 + b1·ability; + b2·group; + b3·group·ability, fitted by maximum likelihood; χ² are twice the differences of
    log-likelihood (Swaminathan & Rogers 1990, Journal of Educational Measurement 27, 361–370; several groups: Magis, Raîche,
    Béland & Gérard 2011, International Journal of Testing 11, 365–386). R² is Nagelkerke's (1991, Biometrika 78, 691–692):
    (1 − exp(2(l0 − l)/n))/(1 − exp(2·l0/n)). Classes of its change, where χ² is significant at 0.05: 0.035 and 0.070 (Jodoin &
    Gierl 2001, Applied Measurement in Education 14, 329–349); 0.13 and 0.26 (Zumbo & Thomas 1997, see Zumbo 1999, A handbook
    on the theory and methods of DIF).
    """
    from scipy.special import chdtrc  # the tail of χ²

    cells, groups = _cells(right, group, ability)
    if groups < 2:
        return _unknown(0, 0, "no_common_scores")
    level, member, n, k = cells
    ones = np.ones((len(n), 1))
    dummies = (member[:, None] == np.arange(1, groups)).astype(np.float64)
    designs = [
        np.hstack([ones, level[:, None]]),
        np.hstack([ones, level[:, None], dummies]),
        np.hstack([ones, level[:, None], dummies, dummies * level[:, None]]),
    ]
    total = int(n.sum())
    if len(np.unique(level)) < 2:
        return _unknown(total, groups - 1, "no_spread")
    fits = [_fit(design, n, k) for design in designs]
    if any(fit is None for fit in fits):
        return _unknown(total, groups - 1, "separated")
    first, second, third = (fit for fit in fits if fit is not None)
    null = _fit(ones, n, k)
    base = null[0] if null is not None else nan
    uniform, nonuniform = 2 * (second[0] - first[0]), 2 * (third[0] - second[0])
    r2 = [_nagelkerke(fit[0], base, total) for fit in (first, second, third)]
    freedom = groups - 1
    p = float(chdtrc(2 * freedom, uniform + nonuniform))
    change = r2[2] - r2[0]
    return LogisticDif(
        uniform, float(chdtrc(freedom, max(uniform, 0.0))), nonuniform, float(chdtrc(freedom, max(nonuniform, 0.0))),
        uniform + nonuniform, p, freedom, second[1][2:], np.sqrt(np.diag(second[2]))[2:], change, r2[1] - r2[0],
        _category(change, p, *JODOIN_GIERL), _category(change, p, *ZUMBO_THOMAS), total,
    )  # fmt: skip


Fit = tuple[float, Floats, Floats]  # log-likelihood, estimates, their covariance


def _fit(design: Floats, n: Floats, k: Floats) -> Fit | None:
    """Maximum likelihood by Newton's method with halved steps; None when estimates run away."""
    found = np.zeros(design.shape[1])
    at = _log_likelihood(design @ found, n, k)
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-(design @ found)))
        curve = (design * (n * chance * (1 - chance))[:, None]).T @ design
        try:
            step = np.linalg.solve(curve, design.T @ (k - n * chance))
        except np.linalg.LinAlgError:
            return None
        size = 1.0
        while (then := _log_likelihood(design @ (found + size * step), n, k)) < at - 1e-9 and size > 1e-4:
            size /= 2
        found = found + size * step
        if np.abs(design @ found).max() > FARTHEST:
            return None
        # Where a group has all right, the likelihood settles long before the estimate, which has no end: both must.
        if abs(then - at) < 1e-11 * (1 + abs(then)) and np.abs(design @ step).max() < SETTLED:
            chance = 1 / (1 + np.exp(-(design @ found)))
            return then, found, np.asarray(np.linalg.inv((design * (n * chance * (1 - chance))[:, None]).T @ design))
        at = then
    return None


def _log_likelihood(logits: Floats, n: Floats, k: Floats) -> float:
    return float(k @ logits - n @ np.logaddexp(0, logits))


def _nagelkerke(fit: float, null: float, persons: int) -> float:
    return (1 - exp(2 * (null - fit) / persons)) / (1 - exp(2 * null / persons))


def _category(change: float, p: float, moderate: float, large: float) -> Category:
    if p >= SIGNIFICANT or change < moderate:
        return "A"
    return "B" if change < large else "C"


def _cells(
    right: ArrayLike, group: ArrayLike, ability: ArrayLike
) -> tuple[tuple[Floats, NDArray[np.intp], Floats, Floats], int]:
    """Persons of one ability and group together: ability (standardized), group, persons, right. And how many groups."""
    score, member, level = np.asarray(right, np.float64), np.asarray(group), np.asarray(ability, np.float64)
    if not score.shape == member.shape == level.shape or score.ndim != 1:
        raise ValueError(
            f"found {score.shape} scores, {member.shape} groups and {level.shape} abilities, expected one of each by person"
        )
    use = ~np.isnan(score) & ~np.isnan(level) & (member >= 0)
    score, level = score[use], level[use]
    if ((score != 0) & (score != 1)).any():
        raise ValueError("found a score that is neither 0 nor 1; for other scores use mantel_polytomous")
    member = np.unique(member[use], return_inverse=True)[1]
    groups = int(member.max()) + 1 if len(member) else 0
    values, place = np.unique(level, return_inverse=True)
    flat = place * max(groups, 1) + member
    n = np.bincount(flat, minlength=len(values) * max(groups, 1)).astype(np.float64)
    k = np.bincount(flat, weights=score, minlength=len(n))
    spread = float(level.std()) if len(level) else 0.0
    scaled = (values - (level.mean() if len(level) else 0.0)) / (spread if spread > 0 else 1.0)
    held = n > 0
    return (
        np.repeat(scaled, max(groups, 1))[held],
        np.tile(np.arange(max(groups, 1)), len(values))[held],
        n[held],
        np.asarray(k[held], dtype=np.float64),
    ), groups


def _unknown(persons: int, freedom: int, code: str) -> LogisticDif:
    none = np.full(freedom, nan)
    return LogisticDif(nan, nan, nan, nan, nan, nan, freedom, none, none, nan, nan, "", "", persons, (Caution(code),))
