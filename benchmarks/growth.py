"""How often intervals of growth hold the truth: one class, a commune of classes, and a group chosen for its low results.

    python benchmarks/growth.py                # prints JSON; about half a minute

The world: abilities standard normal, everybody gains 0.5 logits and each class its own normal bit more or less (0.4), a learner's own
change varies by 0.5, and both measurements err by 0.5.
"""

from __future__ import annotations

import argparse
import json
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from bdhvs.measurement.growth import group_growth
from bdhvs.measurement.selection import regression_to_the_mean

GAIN, BETWEEN, WITHIN, ERROR = 0.5, 0.4, 0.5, 0.5
COMMUNES = ((4, 25), (8, 25), (12, 15), (30, 30))  # classes, learners in each


def simulate(
    draw: np.random.Generator, classes: int, each: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], list[str]]:
    """Results before and after, and the classes."""
    n = classes * each
    ability = draw.normal(size=n)
    later = ability + GAIN + np.repeat(draw.normal(0, BETWEEN, classes), each) + draw.normal(0, WITHIN, n)
    labels = np.repeat(np.arange(classes), each).astype(str).tolist()
    return ability + draw.normal(0, ERROR, n), later + draw.normal(0, ERROR, n), labels


def commune(classes: int, each: int, times: int, seed: int) -> dict[str, float]:
    """Share of simulations whose interval holds the truth, with and without knowing the classes."""
    draw = np.random.default_rng([seed, classes, each])
    variance = (1 + ERROR**2 + 1 + BETWEEN**2 + WITHIN**2 + ERROR**2) / 2
    effect = GAIN / sqrt(variance)
    held = {"cluster_robust": 0, "learners_as_strangers": 0, "effect": 0}
    for _ in range(times):
        before, after, labels = simulate(draw, classes, each)
        aware, unaware = group_growth(before, after, labels), group_growth(before, after)
        held["cluster_robust"] += aware.low <= GAIN <= aware.high
        held["learners_as_strangers"] += unaware.low <= GAIN <= unaware.high
        held["effect"] += aware.effect.low <= effect <= aware.effect.high
    return {
        "classes": classes,
        "learners_each": each,
        **{name: round(count / times, 3) for name, count in held.items()},
    }


def chosen(times: int, seed: int) -> dict[str, float]:
    """Learners below −0.5 the first time, who learn nothing: what they seem to gain, and what is called more than selection."""
    draw = np.random.default_rng([seed, 99])
    retest = 1 / (1 + ERROR**2)
    seen, expected, beyond = [], [], 0
    for _ in range(times):
        ability = draw.normal(size=400)
        first, second = (ability + draw.normal(0, ERROR, 400) for _ in range(2))
        low = first < -0.5
        growth = group_growth(first[low], second[low])
        found = regression_to_the_mean(growth, float(first.mean()), retest)
        seen.append(growth.change)
        expected.append(found.expected)
        beyond += not found.low <= 0 <= found.high
    return {
        "gain_seen": round(float(np.mean(seen)), 3),
        "gain_expected": round(float(np.mean(expected)), 3),
        "called_more_than_selection": round(beyond / times, 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--times", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args()
    told = {
        "times": asked.times,
        "seed": asked.seed,
        "communes": [commune(classes, each, asked.times, asked.seed) for classes, each in COMMUNES],
        "chosen_and_not_taught": chosen(asked.times, asked.seed),
    }
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
