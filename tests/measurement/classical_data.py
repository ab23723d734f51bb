"""Made-up scores that are the same for ever: Python promises the sequence of `random.Random.random` for a seed."""

from __future__ import annotations

import csv
from math import exp
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

FIXTURES = Path(__file__).parents[1] / "fixtures"
EASY_TO_HARD = [-1.6, -1.1, -0.7, -0.2, 0.1, 0.6, 1.0, 1.5]


def ability(random: Random) -> float:
    """About standard normal: twelve uniform numbers less six."""
    return sum(random.random() for _ in range(12)) - 6


def right_or_wrong(
    persons: int, difficulties: list[float], seed: int, mean: float = 0.0, slope: float = 1.0
) -> NDArray[np.float64]:
    """Persons × items of 0 and 1 under Rasch's model with `slope`."""
    random = Random(seed)
    rows = []
    for _ in range(persons):
        theta = ability(random) + mean
        rows.append([float(random.random() < 1 / (1 + exp(-slope * (theta - b)))) for b in difficulties])
    return np.array(rows)


def several_scores(persons: int, items: int, seed: int, highest: int = 3) -> NDArray[np.float64]:
    """Persons × items of 0 … highest: so many steps done of as many alike."""
    random = Random(seed)
    rows = []
    for _ in range(persons):
        theta = ability(random)
        rows.append([float(sum(random.random() < 1 / (1 + exp(-theta)) for _ in range(highest))) for _ in range(items)])
    return np.array(rows)


def counted(name: str) -> NDArray[np.float64]:
    """Persons × items of a fixture that counts persons by pattern, in the order of its file."""
    with (FIXTURES / name).open() as file:
        rows = np.array([[float(cell) for cell in row] for row in list(csv.reader(file))[1:]])
    return np.repeat(rows[:, :-1], rows[:, -1].astype(int), axis=0)


def with_planned_gaps(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Three booklets, dealt in turn: each leaves out every third item (NaN)."""
    person, item = np.indices(table.shape)
    return np.where(person % 3 == item % 3, np.nan, table)


def steps_with_gaps() -> NDArray[np.float64]:
    """600 persons × 6 items of scores up to 3, the first up to 1, in three booklets."""
    table = several_scores(600, 6, seed=21)
    table[:, 0] = np.minimum(table[:, 0], 1)
    return with_planned_gaps(table)
