"""Regression to the mean: what a group chosen for its first results would have gained or lost without learning anything."""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, nan, sqrt
from statistics import NormalDist

from bdhvs.measurement.cautions import Caution
from bdhvs.measurement.growth import GroupGrowth
from bdhvs.measurement.quantiles import student_quantile

FARTHEST = (
    30.0  # standard deviations below the mean: one person in 10^197; a little farther φ and Φ are 0 to a computer
)


@dataclass(frozen=True)
class SelectionEffect:
    """What chance alone would have changed in a group that was chosen for its first results."""

    expected: float  # mean change to be expected without any learning, logits
    change: float  # mean change seen
    beyond: float  # change − expected
    low: float  # interval of what lies beyond
    high: float
    cautions: tuple[Caution, ...]


def regression_to_the_mean(
    growth: GroupGrowth, population_mean: float, retest: float, confidence: float = 0.95
) -> SelectionEffect:
    """Say aloud what comes by itself: who was chosen for a low result does better the second time without learning anything.

    Parameters
    ----------
    growth : of the chosen group.
    population_mean : mean first result of all those the group was chosen from (of the same kind of test, the same scale).
    retest : correlation of two measurements without teaching between them, in that population, 0–1: the reliability, at most.

    Notes
    -----
    Expected change = (1 − retest)·(population mean − mean of the group before), from E(after | before) = μ + ρ(before − μ) (Galton 1886;
    Davis 1976, American Journal of Epidemiology 104, 493–498; Barnett, van der Pols & Dobson 2005, International Journal of
    Epidemiology 34, 215–220). It is 0 for a group that was not chosen. The interval is that of the change, moved: `retest` and the
    population's mean are taken as known.
    """
    if not 0 <= retest <= 1:
        raise ValueError(f"found a retest correlation of {retest}, expected 0 to 1")
    expected = (1 - retest) * (population_mean - growth.before)
    half = student_quantile(confidence, growth.freedom) * growth.error if growth.error == growth.error else nan
    beyond = growth.change - expected
    numbers = {"change": growth.change, "expected": expected}
    found = [Caution("regression_to_the_mean", numbers)] if abs(expected) > 0.05 * max(abs(growth.change), 1e-9) else []
    if beyond - half <= 0 <= beyond + half:
        found.append(Caution("only_regression", numbers))
    return SelectionEffect(expected, growth.change, beyond, beyond - half, beyond + half, tuple(found))


def expected_from_cut(cut: float, mean: float, sd: float, retest: float) -> float:
    """Mean change to be expected, without any learning, of those whose first result lay below `cut`.

    (1 − ρ)·σ·φ(z)/Φ(z), z = (cut − μ)/σ, for normal first results with mean μ and standard deviation σ. Source: Davis (1976);
    Barnett et al. (2005).
    """
    if not sd > 0:
        raise ValueError(f"found a standard deviation of {sd}, expected more than 0")
    z = (cut - mean) / sd
    if z < -FARTHEST:
        raise ValueError(
            f"found a cut {-z:.0f} standard deviations below the mean, expected one below which somebody lies"
        )
    below = erfc(-z / sqrt(2)) / 2  # Φ; as 1 − … it would be rounding from 8 standard deviations on
    return (1 - retest) * sd * NormalDist().pdf(z) / below
