"""How sure a share of a small group is."""

from __future__ import annotations

from functools import partial
from math import nan, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray


def wilson_ends(successes: float, trials: float, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval of one share, without continuity correction. Needs nothing but Python.

    Parameters
    ----------
    successes, trials : counts, 0 ≤ successes ≤ trials.
    confidence : share of samples whose interval holds the true share, 0 < confidence < 1.

    Returns
    -------
    low, high : 0 ≤ low ≤ successes / trials ≤ high ≤ 1; NaN where there are no trials.

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
    if successes < 0:
        raise ValueError("found a negative count")
    if successes > trials:
        raise ValueError("found more successes than trials")
    if trials == 0:
        return nan, nan
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    p, n = successes / trials, trials
    centre = p + z**2 / (2 * n)
    half = z * sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    low, high = (centre - half) / (1 + z**2 / n), (centre + half) / (1 + z**2 / n)
    # At 0 and n one end is the share itself; rounding must not put it beyond.
    return min(max(low, 0.0), p), max(min(high, 1.0), p)


def wilson_interval(
    successes: ArrayLike, trials: ArrayLike, confidence: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """`wilson_ends` for arrays of one shape (or one number for all): arrays of that shape. Needs numpy."""
    import numpy as np

    ends = np.vectorize(partial(wilson_ends, confidence=confidence), otypes=[np.float64, np.float64])
    low, high = ends(successes, trials)
    return low, high
