"""Quantiles for intervals: how many standard errors to either side."""

from __future__ import annotations

from statistics import NormalDist


def normal_quantile(confidence: float) -> float:
    """z such that a standard normal lies within ±z with `confidence` (0–1, ends excluded)."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}, expected a share between 0 and 1")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def student_quantile(confidence: float, freedom: float) -> float:
    """t such that Student's t with `freedom` (> 0, whole or not) degrees of freedom lies within ±t with `confidence`; NaN for NaN."""
    from scipy.special import stdtrit

    normal_quantile(confidence)  # refuses what is no share
    return float(stdtrit(freedom, (1 + confidence) / 2)) if freedom == freedom else float("nan")
