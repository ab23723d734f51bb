"""How sure a change of a small group is: intervals of mean differences, and single tasks. Needs nothing but Python."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan, comb, cos, floor, nan, pi, sin, sqrt
from statistics import fmean, variance

PRECISION = 1e-10  # of a quantile


def t_probability(t: float, freedom: int) -> float:
    """Probability that Student's t with `freedom` (a whole number ≥ 1) degrees of freedom lies below `t`.

    Source: M. Abramowitz, I. A. Stegun (1964), Handbook of Mathematical Functions, 26.7.3 (odd) and 26.7.4 (even): finite
    sums, exact but for rounding.
    """
    if freedom < 1:
        raise ValueError(f"found {freedom} degrees of freedom, expected at least 1")
    angle = atan(t / sqrt(freedom))
    term, total = (cos(angle), cos(angle)) if freedom % 2 else (1.0, 1.0)
    for k in range(3 if freedom % 2 else 2, freedom - 1, 2):
        term *= cos(angle) ** 2 * (k - 1) / k
        total += term
    beyond = (angle + (sin(angle) * total if freedom > 1 else 0.0)) / pi if freedom % 2 else sin(angle) * total / 2
    return min(1.0, max(0.0, 0.5 + beyond))  # rounding must not lead outside


def t_quantile(probability: float, freedom: int) -> float:
    """The t below which Student's t lies with `probability` (0.5 ≤ probability < 1); found by halving."""
    if not 0.5 <= probability < 1:
        raise ValueError(f"found probability {probability}, expected 0.5 up to 1")
    low, high = 0.0, 1.0
    while t_probability(high, freedom) < probability:
        low, high = high, 2 * high
    while high - low > PRECISION * (1 + high):
        middle = (low + high) / 2
        low, high = (middle, high) if t_probability(middle, freedom) < probability else (low, middle)
    return (low + high) / 2


def mean_interval(values: Sequence[float], confidence: float = 0.95) -> tuple[float, float]:
    """Interval of the mean of `values`, taken as independent draws: mean ± t·s/√n with n − 1 degrees of freedom.

    For a change, `values` are the differences within each person. NaN for fewer than two values; when nothing varies, the mean, twice.

    Source: Student (1908), The probable error of a mean, Biometrika 6, 1–25. It supposes differences that are about normal; of
    shares of a few tasks that holds roughly, and better the more persons there are.
    """
    if len(values) < 2:
        return nan, nan
    centre, error = fmean(values), sqrt(variance(values) / len(values))
    half = t_quantile((1 + confidence) / 2, len(values) - 1) * error
    return centre - half, centre + half


def difference_interval(first: Sequence[float], second: Sequence[float], confidence: float = 0.95) -> tuple[float, float]:
    """Interval of mean(second) − mean(first) of two different groups, whose spread may differ.

    NaN when a group has fewer than two values. When nothing varies in either group, the difference itself, twice.

    Source: B. L. Welch (1947), The generalization of “Student's” problem when several different population variances are
    involved, Biometrika 34, 28–35; the degrees of freedom are rounded down, which makes the interval a little wider.
    """
    if min(len(first), len(second)) < 2:
        return nan, nan
    parts = [variance(group) / len(group) for group in (first, second)]
    centre, error = fmean(second) - fmean(first), sqrt(sum(parts))
    if error == 0:
        return centre, centre
    below = sum(part**2 / (len(group) - 1) for part, group in zip(parts, (first, second), strict=True))
    half = t_quantile((1 + confidence) / 2, max(1, floor(sum(parts) ** 2 / below))) * error
    return centre - half, centre + half


def sign_probability(gained: int, lost: int) -> float:
    """How often chance alone parts `gained` + `lost` changes at least so unevenly (two-sided, 0–1); 1 when nothing changed.

    The exact form of McNemar's test of paired yes/no answers: those who changed are coins.

    Source: Q. McNemar (1947), Note on the sampling error of the difference between correlated proportions or percentages,
    Psychometrika 12, 153–157.
    """
    if min(gained, lost) < 0:
        raise ValueError("found a negative count")
    changed = gained + lost
    uneven = sum(comb(changed, k) for k in range(min(gained, lost) + 1))
    return min(1.0, 2 * uneven / float(2**changed))


