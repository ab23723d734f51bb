"""Many tests at once: how many of what looks sure may be chance."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from bdhvs.measurement.score_tables import Floats


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """Adjusted p-values: calling all below q leaves an expected share q of false calls among them.

    Parameters
    ----------
    p : p-values, 0–1; NaN where a test could not be made, which stays NaN and does not count.

    Notes
    -----
    Of m p-values in order, adjusted p_(i) = min over j ≥ i of p_(j)·m/j, at most 1. It holds for independent and positively
    dependent tests. Source: Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57, 289–300.
    """
    given = np.asarray(p, dtype=np.float64)
    known = ~np.isnan(given)
    if ((given[known] < 0) | (given[known] > 1)).any():
        raise ValueError("found a p-value outside 0–1")
    values = given[known]
    order = np.argsort(values)[::-1]
    m = len(values)
    falling = values[order] * (m / np.arange(m, 0, -1))
    adjusted = np.empty(m)
    adjusted[order] = np.minimum(np.minimum.accumulate(falling), 1.0)
    found = np.full(given.shape, np.nan)
    found[known] = adjusted
    return found


def holm(p: ArrayLike) -> Floats:
    """Adjusted p-values: calling all below α leaves a chance of at most α that *any* call is false.

    Parameters
    ----------
    p : p-values, 0–1; NaN stays NaN and does not count.

    Notes
    -----
    Of m p-values in order, adjusted p_(i) = max over j ≤ i of p_(j)·(m − j + 1), at most 1. It holds however the tests hang together.
    For calls that touch a person, where `benjamini_hochberg` would be too free. Source: Holm (1979), Scandinavian Journal of
    Statistics 6, 65–70.
    """
    given = np.asarray(p, dtype=np.float64)
    known = ~np.isnan(given)
    if ((given[known] < 0) | (given[known] > 1)).any():
        raise ValueError("found a p-value outside 0–1")
    values = given[known]
    order = np.argsort(values)
    m = len(values)
    adjusted = np.empty(m)
    adjusted[order] = np.minimum(np.maximum.accumulate(values[order] * np.arange(m, 0, -1)), 1.0)
    found = np.full(given.shape, np.nan)
    found[known] = adjusted
    return found
