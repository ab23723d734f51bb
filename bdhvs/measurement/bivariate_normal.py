"""The area of the bivariate normal distribution below two limits, for many pairs of limits at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from bdhvs.measurement.score_tables import Floats

NODES = 32  # of Gauss and Legendre's rule: right to 1e-13 up to correlations of 0.995
NODE, WEIGHT = np.polynomial.legendre.leggauss(NODES)


def density(h: ArrayLike, k: ArrayLike, correlation: ArrayLike) -> Floats:
    """Density at (h, k); −1 < correlation < 1. It is also the slope of `area` by the correlation (Plackett 1954)."""
    x, y, r = (np.asarray(one, dtype=np.float64) for one in (h, k, correlation))
    rest = 1 - r**2
    return np.asarray(np.exp(-(x**2 - 2 * r * x * y + y**2) / (2 * rest)) / (2 * np.pi * np.sqrt(rest)))


def area(h: ArrayLike, k: ArrayLike, correlation: ArrayLike) -> Floats:
    """P(X ≤ h, Y ≤ k) of standard normal X and Y; finite limits, −1 < correlation < 1.

    Notes
    -----
    Φ(h)Φ(k) + 1/2π ∫ exp(−(h² + k² − 2hk sin t)/(2 cos² t)) dt from 0 to asin(correlation). Source: Drezner & Wesolowsky (1990),
    Journal of Statistical Computation and Simulation 35, 101–107.
    """
    from scipy.special import ndtr

    x, y, r = np.broadcast_arrays(*(np.asarray(one, dtype=np.float64) for one in (h, k, correlation)))
    half = np.arcsin(r) / 2
    angle = half[..., None] * (NODE + 1)
    squares, product = (x**2 + y**2)[..., None], (x * y)[..., None]
    inside = np.exp(-(squares - 2 * product * np.sin(angle)) / (2 * np.cos(angle) ** 2))
    return np.asarray(ndtr(x) * ndtr(y) + half * (inside @ WEIGHT) / (2 * np.pi))
