"""Grids over ability: where an integral over learners is taken, and how much of them is at each node."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WIDEST = 6.0  # logits (or standard deviations) to either side; beyond lies 2e-9 of a normal distribution


@dataclass(frozen=True)
class Normal:
    """A normal distribution of ability in one group of learners."""

    mean: float = 0.0
    sd: float = 1.0


def nodes(count: int, widest: float = WIDEST) -> NDArray[np.float64]:
    """`count` equally spaced abilities from -widest to widest."""
    if count < 5:
        raise ValueError(f"found {count} nodes, expected at least 5 (61 is usual)")
    return np.linspace(-widest, widest, count)


def weights(at: NDArray[np.float64], group: Normal) -> NDArray[np.float64]:
    """Share of a group at each node; sums to 1."""
    density = np.exp(-0.5 * ((at - group.mean) / group.sd) ** 2)
    return np.asarray(density / density.sum())


def moments(at: NDArray[np.float64], counts: NDArray[np.float64]) -> Normal:
    """Mean and standard deviation of persons spread over nodes."""
    total = counts.sum()
    mean = float(counts @ at / total)
    variance = float(counts @ (at - mean) ** 2 / total)
    return Normal(mean, float(np.sqrt(variance)))
