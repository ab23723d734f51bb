"""How sure a share of a small group is."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def wilson_interval(
    successes: ArrayLike, trials: ArrayLike, confidence: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Wilson's score interval of a share, without continuity correction.

    Parameters
    ----------
    successes : counts, 0 ≤ successes ≤ trials; any shape.
    trials : counts, same shape or one number for all.
    confidence : share of samples whose interval holds the true share, 0 < confidence < 1.

    Returns
    -------
    low, high : arrays of the common shape, 0 ≤ low ≤ successes / trials ≤ high ≤ 1; NaN where there are no trials.

    Raises
    ------
    ValueError
        when a count or `confidence` lies outside its range.

    Notes
    -----
    With p = successes / trials, n = trials and z the normal quantile, the ends are the two shares whose distance to p is z
    of their own standard errors::

        (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n)

    Source: E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference, Journal of the
    American Statistical Association 22, 209–212; recommended for small n by R. G. Newcombe (1998), Statistics in Medicine
    17, 857–872 (method 3). Unlike p ± z·SE it stays within 0–1 and does not vanish at p = 0 or 1. It takes answers as
    independent: learners who copied from each other are fewer than they seem.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}, expected a share between 0 and 1")
    k, n = np.broadcast_arrays(_counts(successes), _counts(trials))
    if np.any(k > n):
        raise ValueError("found more successes than trials")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    with np.errstate(invalid="ignore", divide="ignore"):  # no trials: NaN is the answer
        p = k / n
        centre = p + z**2 / (2 * n)
        half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
        low, high = (centre - half) / (1 + z**2 / n), (centre + half) / (1 + z**2 / n)
    # At 0 and n one end is the share itself; rounding must not put it beyond.
    return np.clip(low, 0, p), np.clip(high, p, 1)


def _counts(values: ArrayLike) -> NDArray[np.float64]:
    counts: NDArray[Any] = np.asarray(values, dtype=np.float64)
    if np.any(counts < 0):
        raise ValueError("found a negative count")
    return counts
