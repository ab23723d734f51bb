"""Shares of a few persons: exact intervals, and shares drawn towards what was expected before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from bdhvs.measurement.score_tables import Floats


def exact_interval(successes: ArrayLike, trials: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Clopper and Pearson's interval: it holds the true share in *at least* `confidence` of samples, however small.

    Parameters
    ----------
    successes, trials : counts of one shape (or one number for all), 0 ≤ successes ≤ trials.

    Returns
    -------
    low, high : 0–1; NaN where there are no trials.

    Notes
    -----
    low and high are the quantiles of Beta(k, n − k + 1) at (1 − confidence)/2 and of Beta(k + 1, n − k) at (1 + confidence)/2;
    0 at k = 0 and 1 at k = n. Source: Clopper & Pearson (1934), Biometrika 26, 404–413. Wider than Wilson's
    (`proportions`), which holds the true share on average only.
    """
    from scipy.special import betaincinv

    k, n = _counts(successes, trials, confidence)
    beyond = (1 - confidence) / 2
    low = np.where(k > 0, betaincinv(np.maximum(k, 1e-9), n - k + 1, beyond), 0.0)
    high = np.where(k < n, betaincinv(k + 1, np.maximum(n - k, 1e-9), 1 - beyond), 1.0)
    none = n == 0
    return np.where(none, np.nan, low), np.where(none, np.nan, high)


@dataclass(frozen=True, eq=False)
class ShrunkShares:
    """Shares after a few persons, by item; 0–1."""

    mean: Floats  # of the posterior: between what was seen and what was expected
    low: Floats  # equal-tailed interval of the posterior
    high: Floats


def shrunk_shares(
    successes: ArrayLike, trials: ArrayLike, expected: ArrayLike = 0.5, persons: float = 2.0, confidence: float = 0.95
) -> ShrunkShares:
    """Shares drawn towards an expected share that weighs as much as `persons` persons (beta-binomial).

    Parameters
    ----------
    expected : share expected before anybody answered, above 0 and below 1; one for all or one each (an item's level).
    persons : how many persons that is worth, above 0. With 0.5 and 1 it is Jeffreys' interval.

    Notes
    -----
    Posterior Beta(k + persons·expected, n − k + persons·(1 − expected)); its mean is (k + persons·expected)/(n + persons).
    Source: Novick & Jackson (1974), Statistical methods for educational and psychological research, ch. 5; intervals:
    Brown, Cai & DasGupta (2001), Statistical Science 16, 101–133, §3.1.
    """
    from scipy.special import betaincinv

    k, n = _counts(successes, trials, confidence)
    prior = np.asarray(expected, dtype=np.float64)
    if not ((prior > 0) & (prior < 1)).all() or not persons > 0:
        raise ValueError("found an expected share outside 0–1 (ends excluded), or a weight of no persons")
    right, wrong = k + persons * prior, n - k + persons * (1 - prior)
    beyond = (1 - confidence) / 2
    return ShrunkShares(right / (right + wrong), betaincinv(right, wrong, beyond), betaincinv(right, wrong, 1 - beyond))


def _counts(successes: ArrayLike, trials: ArrayLike, confidence: float) -> tuple[Floats, Floats]:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}, expected a share between 0 and 1")
    k, n = np.broadcast_arrays(np.asarray(successes, dtype=np.float64), np.asarray(trials, dtype=np.float64))
    if (k < 0).any() or (k > n).any():
        raise ValueError("found a negative count or more successes than trials")
    return k, n
