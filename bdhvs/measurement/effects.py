"""A change in standard deviations, with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt

import numpy as np

from bdhvs.measurement.quantiles import normal_quantile
from bdhvs.measurement.score_tables import Floats


@dataclass(frozen=True)
class Effect:
    """A change in standard deviations, with its interval; NaN where there is none."""

    value: float  # d_av: mean change / √((variance before + variance after)/2)
    unbiased: float  # its small-sample correction (Hedges' g for pairs): value · √((n − 2)/(n − 1))
    error: float
    low: float
    high: float


def paired_effect(
    mean_before: float,
    mean_after: float,
    sd_before: float,
    sd_after: float,
    correlation: float,
    persons: int,
    confidence: float = 0.95,
) -> Effect:
    """Standardized mean change of one group measured twice, by the average standard deviation.

    Notes
    -----
    With s² = (v₁ + v₂)/2, v_d = v₁ + v₂ − 2·r·s₁·s₂ and df = n − 1:
    var(d) = d²(v₁² + v₂² + 2r²v₁v₂)/(8·df·s⁴) + v_d/(df·s²); interval d ± z·√var. Source: Bonett (2008), Psychological Methods 13,
    99–109; as in his R package statpsych (ci.stdmean.ps). "d_av": Cumming (2012), Understanding the new statistics.
    NaN for fewer than three persons or when nobody differs.
    """
    v1, v2 = sd_before**2, sd_after**2
    s2, df = (v1 + v2) / 2, persons - 1
    if persons < 3 or not s2 > 0:
        return Effect(nan, nan, nan, nan, nan)
    d = (mean_after - mean_before) / sqrt(s2)
    r = correlation if correlation == correlation else 0.0  # one sd is 0, so the terms with r are too
    spread = v1 + v2 - 2 * r * sd_before * sd_after
    error = sqrt(d**2 * (v1**2 + v2**2 + 2 * r**2 * v1 * v2) / (8 * df * s2**2) + spread / (df * s2))
    half = normal_quantile(confidence) * error
    return Effect(d, d * sqrt((persons - 2) / df), error, d - half, d + half)


def effect_of(before: Floats, after: Floats, confidence: float = 0.95) -> Effect:
    """`paired_effect` of two results of each learner, none missing."""
    if len(before) < 3:
        return Effect(nan, nan, nan, nan, nan)
    s1, s2 = float(before.std(ddof=1)), float(after.std(ddof=1))
    r = float(np.corrcoef(before, after)[0, 1]) if min(s1, s2) > 0 else nan
    return paired_effect(float(before.mean()), float(after.mean()), s1, s2, r, len(before), confidence)
