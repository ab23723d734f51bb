"""How often the check of dimensions says "more than one" where there is one, and how often it finds two.

    python benchmarks/dimensions.py [--tables 100] [--draws 19] [--persons 40 200 1000] [--items 10 30] [--processes 2]

Right/wrong tasks by the 2PL (log slopes normal with deviation 0.3, difficulties standard normal); one ability, or two with correlation
0.7 or 0.5, half of the tasks each. Prints JSON, a row per case: of so many tables the share called more than one ability (`SURE`, as
`bdhvs.analysis.dimensions` says it), with Wilson's interval of 95 %; the share in which parallel analysis counts more than one; seconds
a table takes.
"""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from time import perf_counter

import click
import numpy as np

from bdhvs.analysis.dimensions import SURE
from bdhvs.measurement.dimensionality import one_dimension, parallel_analysis
from bdhvs.measurement.proportions import wilson_interval

CORRELATIONS = (1.0, 0.7, 0.5)
Case = tuple[int, int, float, int, int]


def table(persons: int, items: int, correlation: float, seed: list[int]) -> np.ndarray:
    """Persons × items of 0 and 1; the first half of the items asks for one ability, the second for the other."""
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(persons, 1))
    own = rng.normal(size=(persons, 2))
    abilities = np.sqrt(correlation) * common + np.sqrt(1 - correlation) * own
    ability = np.repeat(abilities, [items - items // 2, items // 2], axis=1)
    slope, difficulty = np.exp(rng.normal(0, 0.3, items)), rng.normal(size=items)
    return (rng.random((persons, items)) < 1 / (1 + np.exp(-slope * (ability - difficulty)))).astype(float)


def looked_at(case: Case) -> tuple[bool, bool, float]:
    """Of one table: is it called more than one ability, does parallel analysis count several, seconds."""
    persons, items, correlation, draws, number = case
    scores = table(persons, items, correlation, [number, persons, items, round(100 * correlation)])
    began = perf_counter()
    several = one_dimension(scores, draws, seed=number).p <= SURE
    seconds = perf_counter() - began
    return several, parallel_analysis(scores, draws, seed=number).dimensions > 1, seconds


@click.command()
@click.option("--tables", default=100, help="Of each case.")
@click.option("--draws", default=19, help="Simulated tables each is held against; reports take 99, which finds a little more.")
@click.option("--persons", multiple=True, default=(40, 200, 1000), type=int)
@click.option("--items", multiple=True, default=(10, 30), type=int)
@click.option("--processes", default=2)
def main(tables: int, draws: int, persons: tuple[int, ...], items: tuple[int, ...], processes: int) -> None:
    with ProcessPoolExecutor(processes) as pool:
        for n, count, correlation in product(persons, items, CORRELATIONS):
            found = list(pool.map(looked_at, [(n, count, correlation, draws, number) for number in range(tables)]))
            several = sum(one[0] for one in found)
            low, high = wilson_interval(several, tables)
            row = {
                "persons": n,
                "items": count,
                "correlation": correlation,
                "tables": tables,
                "more_than_one": round(several / tables, 3),
                "low": round(float(low), 3),
                "high": round(float(high), 3),
                "parallel_more_than_one": round(sum(one[1] for one in found) / tables, 3),
                "seconds": round(float(np.median([one[2] for one in found])), 2),
            }
            print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
