"""One item, two groups of equal ability: Mantel and Haenszel's odds ratio, and its relatives for more scores and groups.

Persons are compared within *strata* of equal ability (usually equal total score). A stratum that lacks one of the groups says
nothing and is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, nan, sqrt
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bdhvs.measurement.cautions import Caution
from bdhvs.measurement.score_tables import Floats

Category = Literal["A", "B", "C", ""]
ETS_DELTA = -2.35  # Δ = −(4/1.7)·ln α: the scale on which ETS states difficulty (Holland & Thayer 1988)
MODERATE, LARGE = 1.0, 1.5  # |Δ|
SIGNIFICANT = 0.05
NORMAL_95_ONE_SIDED = 1.645
MOST_STRATA = 10_000  # numbers up to here are counted as they stand, which needs no sorting of two million persons


@dataclass(frozen=True)
class MantelHaenszel:
    """How much more likely the reference group has an item right at equal ability."""

    odds_ratio: float  # reference over focal; above 1 the item favours the reference group
    log_odds: float  # its logarithm, logits
    error: float  # of the logarithm
    low: float  # interval of the odds ratio
    high: float
    chi_square: float  # 1 degree of freedom, with continuity correction
    p: float
    delta: float  # ETS delta; negative when the item favours the reference group
    delta_error: float
    category: Category  # ETS: A negligible, B moderate, C large; "" where it cannot be said
    reference: int  # persons compared
    focal: int
    strata: int  # that hold both groups
    cautions: tuple[Caution, ...] = ()


def mantel_haenszel(
    right: ArrayLike, focal: ArrayLike, stratum: ArrayLike, confidence: float = 0.95, continuity: bool = True
) -> MantelHaenszel:
    """Mantel and Haenszel's test and common odds ratio of one item of score 0 or 1.

    Parameters
    ----------
    right : 0, 1 or NaN (left out), by person.
    focal : whether the person belongs to the focal group; the others are the reference group.
    stratum : whole number ≥ 0 by person, equal for equal ability; negative means unknown (left out).

    Returns
    -------
    MantelHaenszel
        NaN and the caution ``no_common_scores`` or ``one_sided`` where there is no odds ratio.

    Notes
    -----
    With A right and B wrong in the reference group, C and D in the focal one, N persons in stratum k:

    - α = Σ(A·D/N) / Σ(B·C/N) (Mantel & Haenszel 1959, Journal of the National Cancer Institute 22, 719–748);
    - χ² = (|ΣA − ΣE(A)| − ½)² / ΣV(A), 0 where the difference is below ½;
    - var(ln α) by Robins, Breslow & Greenland (1986, Biometrics 42, 311–323), which is also that of Phillips & Holland (1987);
    - Δ = −2.35·ln α (Holland & Thayer 1988, in Test validity, 129–145);
    - A when χ² is not significant at 0.05 or |Δ| < 1; C when |Δ| ≥ 1.5 and |Δ| − 1.645·se > 1; else B (Zwick & Ercikan 1989,
      Journal of Educational Measurement 26, 55–66; Dorans & Holland 1993, in Differential item functioning, 35–66).
    """
    score, group, level = _kept(right, focal, stratum)
    if ((score != 0) & (score != 1)).any():
        raise ValueError("found a score that is neither 0 nor 1; for other scores use mantel_polytomous")
    counts = _table(score.astype(np.intp), group.astype(np.intp), level, 2, 2)  # strata × group × score
    counts = counts[(counts.sum(axis=2) > 0).all(axis=1)]
    persons = int(counts[:, 0].sum()), int(counts[:, 1].sum())
    if not len(counts):
        return _unknown(persons, 0, nan, nan, "no_common_scores")
    b, a, d, c = counts[:, 0, 0], counts[:, 0, 1], counts[:, 1, 0], counts[:, 1, 1]
    n = counts.sum(axis=(1, 2))
    chi_square, p = _test(a, b, c, d, n, 0.5 if continuity else 0.0)
    r, s = a * d / n, b * c / n
    if not r.sum() > 0 or not s.sum() > 0:
        return _unknown(persons, len(counts), chi_square, p, "one_sided")
    ratio = float(r.sum() / s.sum())
    same, other = (a + d) / n, (b + c) / n
    variance = float(
        (same * r).sum() / (2 * r.sum() ** 2)
        + (same * s + other * r).sum() / (2 * r.sum() * s.sum())
        + (other * s).sum() / (2 * s.sum() ** 2)
    )
    error, delta = sqrt(variance), ETS_DELTA * log(ratio)
    half = NormalDist().inv_cdf((1 + confidence) / 2) * error
    return MantelHaenszel(
        ratio, log(ratio), error, exp(log(ratio) - half), exp(log(ratio) + half), chi_square, p,
        delta, abs(ETS_DELTA) * error, _ets(delta, abs(ETS_DELTA) * error, p), *persons, len(counts),
    )  # fmt: skip


@dataclass(frozen=True)
class MantelPolytomous:
    """How much higher one group scores at equal ability, for items of several scores."""

    chi_square: float  # Mantel's test, 1 degree of freedom
    p: float
    difference: float  # standardized mean difference, score points: focal − reference, weighed by the focal group
    effect: float  # the difference over the item's standard deviation of both groups
    category: Category  # A, B, C of the NAEP rule; "" where it cannot be said
    reference: int
    focal: int
    strata: int
    cautions: tuple[Caution, ...] = ()


def mantel_polytomous(score: ArrayLike, focal: ArrayLike, stratum: ArrayLike) -> MantelPolytomous:
    """Mantel's test and the standardized mean difference of one item of whole scores.

    Parameters as in `mantel_haenszel`, with scores 0, 1, 2, …

    Notes
    -----
    - Test: Mantel (1963), Journal of the American Statistical Association 58, 690–700: the sum of the focal group's scores against
      its expectation when, within strata, scores were dealt at random. No continuity correction, as is usual for it.
    - SMD = Σ w_k(mean_focal,k − mean_reference,k), w_k the share of the focal group in stratum k (Dorans & Schmitt 1991, ETS
      RR-91-47; Zwick, Donoghue & Grima 1993, Journal of Educational Measurement 30, 233–251).
    - A when not significant at 0.05 or |SMD/SD| ≤ 0.17, B up to 0.25, C above (NAEP; Zwick, Thayer & Mazzeo 1997, ETS RR-97-16).
    """
    value, group, level = _kept(score, focal, stratum)
    points, codes = np.unique(value, return_inverse=True)
    counts = _table(codes, group.astype(np.intp), level, max(len(points), 1), 2)
    counts = counts[(counts.sum(axis=2) > 0).all(axis=1)]
    persons = int(counts[:, 0].sum()), int(counts[:, 1].sum())
    if not len(counts):
        return MantelPolytomous(nan, nan, nan, nan, "", *persons, 0, (Caution("no_common_scores"),))
    chi_square, _, p = _row_means(counts, points)
    sizes = counts.sum(axis=2)
    means = (counts @ points) / sizes
    difference = float((sizes[:, 1] / sizes[:, 1].sum()) @ (means[:, 1] - means[:, 0]))
    pooled = counts.sum(axis=(0, 1))
    middle = float(pooled @ points / pooled.sum())
    sd = sqrt(float(pooled @ (points - middle) ** 2 / max(pooled.sum() - 1, 1)))
    effect = difference / sd if sd > 0 else nan
    category: Category = "" if p != p or effect != effect else "A"
    if category and p < SIGNIFICANT and abs(effect) > 0.17:
        category = "C" if abs(effect) > 0.25 else "B"
    said = () if category else (Caution("no_spread"),)
    return MantelPolytomous(chi_square, p, difference, effect, category, *persons, len(counts), said)


def several_groups(score: ArrayLike, group: ArrayLike, stratum: ArrayLike) -> tuple[float, int, float]:
    """Whether any of several groups scores differently at equal ability: χ², degrees of freedom (groups − 1), p.

    Parameters as in `mantel_haenszel`, with `group` a whole number ≥ 0 by person (negative: left out). Without continuity
    correction. NaN when no stratum holds two groups, or nothing varies.

    Source: the generalized Cochran–Mantel–Haenszel statistic for mean scores, Landis, Heyman & Koch (1978), International
    Statistical Review 46, 237–254; for items of score 0 or 1 it is Penfield's (2001, Applied Measurement in Education
    14, 235–259) generalized Mantel–Haenszel test.
    """
    member = np.asarray(group)
    value, kept_group, level = _kept(
        np.where(member >= 0, np.asarray(score, dtype=np.float64), np.nan), member, stratum
    )
    points, codes = np.unique(value, return_inverse=True)
    _, places = np.unique(kept_group, return_inverse=True)
    groups = int(places.max()) + 1 if len(places) else 0
    if groups < 2:
        return nan, max(groups - 1, 0), nan
    counts = _table(codes, places, level, len(points), groups)
    return _row_means(counts[((counts.sum(axis=2) > 0).sum(axis=1)) > 1], points)


def _row_means(counts: NDArray[np.int64], points: Floats) -> tuple[float, int, float]:
    """CMH statistic of mean scores of strata × groups × scores."""
    from scipy.special import chdtrc  # the tail of χ²

    groups = counts.shape[1]
    sizes = counts.sum(axis=2).astype(np.float64)
    n = sizes.sum(axis=1)
    pooled = counts.sum(axis=1) / np.maximum(n, 1)[:, None]
    mean = pooled @ points
    spread = np.maximum(pooled @ points**2 - mean**2, 0) * n / np.maximum(n - 1, 1)
    off = ((counts @ points) - sizes * mean[:, None])[:, 1:].sum(axis=0)
    share = sizes / np.maximum(n, 1)[:, None]
    variance = np.zeros((groups - 1, groups - 1))
    for k in range(len(counts)):
        mine = share[k, 1:]
        variance += n[k] * spread[k] * (np.diag(mine) - np.outer(mine, mine))
    present = np.diag(variance) > 1e-12
    if not present.any():
        return nan, groups - 1, nan
    inner = variance[np.ix_(present, present)]
    freedom = int(np.linalg.matrix_rank(inner))
    statistic = float(off[present] @ np.linalg.pinv(inner) @ off[present])
    return statistic, freedom, float(chdtrc(freedom, statistic))


def _test(a: Floats, b: Floats, c: Floats, d: Floats, n: Floats, correction: float) -> tuple[float, float]:
    from scipy.special import chdtrc  # the tail of χ²

    reference, right = a + b, a + c
    expected = reference * right / n
    variance = float((reference * (c + d) * right * (b + d) / (n**2 * np.maximum(n - 1, 1))).sum())
    if not variance > 0:
        return nan, nan
    off = max(abs(float((a - expected).sum())) - correction, 0.0)
    return off**2 / variance, float(chdtrc(1, off**2 / variance))


def _ets(delta: float, error: float, p: float) -> Category:
    if p >= SIGNIFICANT or abs(delta) < MODERATE:
        return "A"
    sure = abs(delta) - NORMAL_95_ONE_SIDED * error > MODERATE
    return "C" if abs(delta) >= LARGE and sure else "B"


def _unknown(persons: tuple[int, int], strata: int, chi_square: float, p: float, code: str) -> MantelHaenszel:
    return MantelHaenszel(nan, nan, nan, nan, nan, chi_square, p, nan, nan, "", *persons, strata, (Caution(code),))


def _kept(score: ArrayLike, group: ArrayLike, stratum: ArrayLike) -> tuple[Floats, NDArray[np.intp], NDArray[np.intp]]:
    value, member, level = np.asarray(score, dtype=np.float64), np.asarray(group), np.asarray(stratum)
    if not value.shape == member.shape == level.shape or value.ndim != 1:
        raise ValueError(
            f"found {value.shape} scores, {member.shape} groups and {level.shape} strata, expected one of each by person"
        )
    use = ~np.isnan(value) & (level >= 0)
    return value[use], member[use].astype(np.intp), level[use].astype(np.intp)


def _table(
    score: NDArray[np.intp], group: NDArray[np.intp], stratum: NDArray[np.intp], scores: int, groups: int
) -> NDArray[np.int64]:
    """Counts, strata × groups × scores."""
    place = stratum if not len(stratum) or stratum.max() < MOST_STRATA else np.unique(stratum, return_inverse=True)[1]
    strata = int(place.max()) + 1 if len(place) else 0
    flat = np.bincount((place * groups + group) * scores + score, minlength=strata * groups * scores)
    return flat.reshape(strata, groups, scores)
