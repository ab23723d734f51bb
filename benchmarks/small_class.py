"""Difficulty of items from one small class: errors of ours beside the two-parameter models of other packages.

    python benchmarks/small_class.py                     # classes of 15, 25, 40 and 60, 40 of each
    python benchmarks/small_class.py --classes 10 --persons 25

Prints JSON. The world: abilities standard normal, difficulties standard normal, slopes log-normal (0, 0.3), right or wrong, 20
items. Errors are of difficulties in logits, over all items and classes, after both true and estimated ones are centred (the
origin of a class's scale is its own); ``rmse_raw`` without centring (ours without levels is centred by itself, so there it holds
the items' mean). PyPI ``mirt`` and ``girth`` are taken along where they are installed, with their defaults.
"Silent" counts classes with an error above 3 logits of which the package said nothing: no warning, no flag, converged.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from collections.abc import Callable
from importlib import metadata

import numpy as np
from numpy.typing import NDArray

from bdhvs.measurement.small_class import class_difficulties

Floats = NDArray[np.float64]
ITEMS = 20
LEVEL_NOISE = 0.7  # logits between an item's difficulty and what its author's level says
FAR = 3.0


class Tally:
    """Errors of one method over many classes."""

    def __init__(self) -> None:
        self.raw: list[Floats] = []
        self.centred: list[Floats] = []
        self.held: list[NDArray[np.bool_]] = []
        self.silent = self.failed = 0
        self.seconds = 0.0

    def add(self, found: Floats, truth: Floats, warned: bool) -> None:
        self.raw.append(found - truth)
        self.centred.append((found - found.mean()) - (truth - truth.mean()))
        self.silent += bool((np.abs(self.centred[-1]) > FAR).any()) and not warned

    def told(self, classes: int) -> dict[str, object]:
        centred = np.array(self.centred) if self.centred else np.full((1, 1), np.nan)
        told: dict[str, object] = {
            "rmse": round(float(np.sqrt(np.mean(centred**2))), 3),
            "median_absolute_error": round(float(np.median(np.abs(centred))), 3),
            "largest": round(float(np.abs(centred).max()), 1),
            "rmse_raw": round(float(np.sqrt(np.mean(np.array(self.raw) ** 2))), 3) if self.raw else None,
            "silent_classes_share": round(self.silent / classes, 3),
            "failed_classes": self.failed,
            "ms_per_class": round(1000 * self.seconds / classes, 1),
        }
        if self.held:
            told["coverage_95"] = round(float(np.mean(self.held)), 3)
        return told


def fit_mirt(table: Floats) -> tuple[Floats, bool]:
    """Difficulties of PyPI mirt's 2PL, and whether it said anything."""
    import mirt

    fit = mirt.fit_mirt(table.astype(int), model="2PL")
    return np.asarray(fit.model.parameters["difficulty"], dtype=np.float64).ravel(), not fit.converged


def fit_girth(table: Floats) -> tuple[Floats, bool]:
    """Difficulties of girth's 2PL by marginal maximum likelihood; it has no flag to raise."""
    import girth

    return np.asarray(girth.twopl_mml(table.T.astype(int))["Difficulty"], dtype=np.float64), False


PEERS: dict[str, Callable[[Floats], tuple[Floats, bool]]] = {"mirt": fit_mirt, "girth": fit_girth}


def study(persons: int, classes: int, seed: int, peers: dict[str, str]) -> dict[str, object]:
    """All methods on the same simulated classes."""
    draw = np.random.default_rng([seed, persons])
    tallies = {name: Tally() for name in ("ours", "ours with levels", *peers)}
    for number in range(classes):
        theta, b = draw.normal(size=persons), draw.normal(size=ITEMS)
        slope = np.exp(draw.normal(0, 0.3, size=ITEMS))
        table = (draw.random((persons, ITEMS)) < 1 / (1 + np.exp(-slope * (theta[:, None] - b)))).astype(float)
        levels = b + draw.normal(0, LEVEL_NOISE, size=ITEMS)
        for name, prior in (("ours", None), ("ours with levels", levels)):
            began = time.perf_counter()
            found = class_difficulties(table, prior)
            tallies[name].seconds += time.perf_counter() - began
            tallies[name].add(found.difficulty, b, bool(found.cautions) or any(found.item_cautions))
            shift = 0.0 if prior is not None else b.mean()
            tallies[name].held.append((found.low <= b - shift) & (b - shift <= found.high))
        for name in peers:
            _try(PEERS[name], tallies[name], table, b)
        print(f"{persons} persons: class {number + 1} of {classes}", file=sys.stderr, end="\r")
    print(file=sys.stderr)
    return {"persons": persons, **{name: tally.told(classes) for name, tally in tallies.items()}}


def _try(fit: Callable[[Floats], tuple[Floats, bool]], tally: Tally, table: Floats, b: Floats) -> None:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        began = time.perf_counter()
        try:
            found, flagged = fit(table)
        except Exception as problem:  # whatever another package raises is its answer
            print(f"{type(problem).__name__}: {problem}", file=sys.stderr)
            tally.failed += 1
            return
        tally.seconds += time.perf_counter() - began
    if not np.isfinite(found).all():
        tally.failed += 1
        return
    tally.add(found, b, flagged or bool(said))


def installed() -> dict[str, str]:
    """Peers that are here, with their versions."""
    found = {}
    for name in PEERS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            print(f"{name} is not installed: left out", file=sys.stderr)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--persons", type=int, nargs="+", default=[15, 25, 40, 60])
    parser.add_argument("--classes", type=int, default=40)
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args()
    peers = installed()
    sizes = [study(persons, asked.classes, asked.seed, peers) for persons in asked.persons]
    told = {
        "items": ITEMS,
        "classes": asked.classes,
        "seed": asked.seed,
        "peers": peers,
        "numpy": np.__version__,
        "sizes": sizes,
    }
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
