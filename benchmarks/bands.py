"""How often bands are named and right, how sure cuts are, and what a few tasks show: simulated, exact where it can be.

    python benchmarks/bands.py > bands.json        # about a minute; needs numpy and scipy
"""

from __future__ import annotations

import time
from math import comb
from typing import Any

import machine
import numpy as np

from bdhvs.measurement.bands import Bands, classify, decide, reached_on_grid
from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.classification import lee, rudner
from bdhvs.measurement.cut_scores import level_cuts, locations
from bdhvs.measurement.evidence import judge
from bdhvs.measurement.grids import nodes
from bdhvs.measurement.thresholds import CERTAINTY, RESPONSE_PROBABILITY, tag_difficulty

SEED = 20261122
PERSONS = 20_000
PEOPLE = {"mean": -0.5, "sd": 1.3}  # learners of a commune on the scale of tags: half of them below level 2
BANK_PER_LEVEL = 20  # as ours has now
ITEM_SD, ITEM_SE = 0.8, 0.15  # of difficulty within a level; of a calibrated difficulty
LEVELS = (1, 2, 3, 4)
ABOVE = float(np.log(RESPONSE_PROBABILITY / (1 - RESPONSE_PROBABILITY)))


def a_bank(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Levels and true difficulties of a bank."""
    level = np.repeat(LEVELS, BANK_PER_LEVEL)
    return level, tag_difficulty(level) + rng.normal(0, ITEM_SD, len(level))


def estimated_bands(level: np.ndarray, difficulty: np.ndarray, rng: np.random.Generator) -> Bands:
    """Two bands and what lies below, from the bank as a calibration sees it."""
    seen = CalibratedItems.dichotomous(1.0, difficulty + rng.normal(0, ITEM_SE, len(difficulty)))
    cuts = level_cuts(locations(seen), level, se=ITEM_SE)
    return Bands.of_levels(cuts, {"co_ban": (1, 2), "trung_cap": (3, 4)})


def named_and_right(length: int, rng: np.random.Generator) -> dict[str, Any]:
    """A form of `length` from banks drawn anew: how many bands are named, how many of those are right."""
    grid = nodes(121)
    prior = np.exp(-0.5 * ((grid - PEOPLE["mean"]) / PEOPLE["sd"]) ** 2)
    truth = tag_difficulty(np.array([1, 3])) + ABOVE  # cuts of a bank without end
    found: dict[float, list[list[float]]] = {share: [] for share in (0.51, 0.6, 0.7, 0.8, 0.9)}
    model: list[list[float]] = []
    for _ in range(10):
        level, difficulty = a_bank(rng)
        bands = estimated_bands(level, difficulty, rng)
        take = rng.choice(len(level), min(length, len(level)), replace=False)
        take = np.concatenate([take, rng.choice(len(level), length - len(take))]) if length > len(take) else take
        items = CalibratedItems.dichotomous(1.0, difficulty[take])
        theta = rng.normal(PEOPLE["mean"], PEOPLE["sd"], PERSONS // 10)
        right = rng.random((len(theta), length)) < items.expected_scores(theta).T
        logs = items.log_probabilities(grid)
        posterior = prior * np.exp(right @ logs[1::2] + ~right @ logs[0::2])
        true = (theta[:, None] >= truth).sum(axis=1)
        for share, rows in found.items():
            result = decide(reached_on_grid(grid, posterior, bands), bands, share)
            named = result.band >= 0
            sure = result.at_least > 0
            rows.append([named.mean(), _share((result.band == true)[named]), _share((result.at_least <= true)[sure])])
        se = 1 / np.sqrt(items.information(grid).sum(axis=0))
        sums = items.expected_scores(bands.cuts).sum(axis=0)
        model.append([rudner(grid, se, bands.cuts, prior).accuracy, lee(items, grid, sums, prior).accuracy])
    names = ("named", "right_of_named", "at_least_right")
    table = {str(share): dict(zip(names, np.round(np.nanmean(rows, axis=0), 3).tolist(), strict=True)) for share, rows in found.items()}
    rud, by_sum = np.round(np.mean(model, axis=0), 3).tolist()
    return {"by_certainty": table, "accuracy_rudner": rud, "accuracy_lee": by_sum}


def _share(yes: np.ndarray) -> float:
    return float(yes.mean()) if len(yes) else float("nan")


def cut_coverage(per_level: int, rng: np.random.Generator, rounds: int = 1000) -> dict[str, float]:
    """How often the true cut lies within 1.96 standard errors, and how far cuts lie off."""
    level, truth = np.repeat(LEVELS, per_level), tag_difficulty(np.array(LEVELS)) + ABOVE
    inside, off = 0, []
    for _ in range(rounds):
        at = tag_difficulty(level) + ABOVE + rng.normal(0, ITEM_SD, len(level)) + rng.normal(0, ITEM_SE, len(level))
        for cut, goal in zip(level_cuts(at, level, se=ITEM_SE, least_items=min(5, per_level)).cuts, truth, strict=True):
            inside += abs(cut.ability - goal) < 1.96 * cut.se
            off.append(cut.ability - goal)
    return {"coverage_95": round(inside / (rounds * len(LEVELS)), 3), "rmse": round(float(np.std(off)), 3)}


def thin_level(rng: np.random.Generator, rounds: int = 1000) -> dict[str, float]:
    """A level of two items beside three full ones: borrowing against its own two items alone."""
    level, own, lent, inside = np.repeat((1, 2, 3, 4), (12, 12, 12, 2)), [], [], 0
    for _ in range(rounds):
        bent = np.array([0.0, *rng.normal(0, 0.25, 4)])  # levels do not lie on a line exactly
        at = tag_difficulty(level) + bent[level] + rng.normal(0, ITEM_SD, len(level))
        cut = level_cuts(at, level)[4]
        goal = float(tag_difficulty(4)) + bent[4]
        own.append(cut.own - goal)
        lent.append(cut.ability - goal)
        inside += abs(cut.ability - goal) < 1.96 * cut.se
    return {"rmse_own_items": round(float(np.std(own)), 3), "rmse_borrowed": round(float(np.std(lent)), 3), "coverage_95": round(inside / rounds, 3)}


def thin_everywhere(rng: np.random.Generator, rounds: int = 1000) -> dict[str, float]:
    """A domain of three items a level: with the line against each level's own items alone."""
    level, own, lent, inside = np.repeat(LEVELS, 3), [], [], 0
    for _ in range(rounds):
        bent = np.array([0.0, *rng.normal(0, 0.25, 4)])
        at = tag_difficulty(level) + bent[level] + rng.normal(0, ITEM_SD, len(level))
        for cut in level_cuts(at, level).cuts:
            goal = float(tag_difficulty(cut.level)) + bent[cut.level]
            own.append(cut.own - goal)
            lent.append(cut.ability - goal)
            inside += abs(cut.ability - goal) < 1.96 * cut.se
    coverage = round(inside / (rounds * len(LEVELS)), 3)
    return {"rmse_own_items": round(float(np.std(own)), 3), "rmse_borrowed": round(float(np.std(lent)), 3), "coverage_95": coverage}


def what_tasks_show(tasks: int) -> dict[str, dict[str, float]]:
    """Exact: how often `judge` says what of persons who can do a share of such tasks."""
    found = {}
    for share in (0.3, 0.5, 0.67, 0.8, 0.95):
        said = {"shown": 0.0, "insufficient": 0.0, "not_yet": 0.0}
        for done in range(tasks + 1):
            said[judge(done, tasks).standing] += comb(tasks, done) * share**done * (1 - share) ** (tasks - done)
        found[str(share)] = {name: round(value, 3) for name, value in said.items()}
    return found


def speed(rng: np.random.Generator) -> dict[str, float]:
    """Persons per second, best of three."""
    bands, count = Bands.between(("below", "co_ban", "trung_cap", "nang_cao"), [-1.0, 1.0, 2.0], 0.2), 2_000_000
    theta, best = rng.normal(0, 1, count), float("inf")
    for _ in range(3):
        begin = time.perf_counter()
        classify(theta, 0.4, bands)
        best = min(best, time.perf_counter() - begin)
    return {"persons": count, "seconds": round(best, 2), "per_second": round(count / best)}


if __name__ == "__main__":
    rng = np.random.default_rng(SEED)
    figures: dict[str, Any] = {}
    for length in (6, 12, 24, 36, 90):
        machine.say(f"form of {length}")
        figures[f"form_{length}"] = named_and_right(length, rng)
    for per_level in (3, 5, 10, 20):
        machine.say(f"cuts from {per_level} items a level")
        figures[f"cuts_{per_level}"] = cut_coverage(per_level, rng)
    figures["thin_level"] = thin_level(rng)
    figures["thin_everywhere"] = thin_everywhere(rng)
    for tasks in (3, 4, 8, 15):
        figures[f"tasks_{tasks}"] = what_tasks_show(tasks)
    figures["speed"] = speed(rng)
    parameters = {"seed": SEED, "persons": PERSONS, "people": PEOPLE, "item_sd": ITEM_SD, "item_se": ITEM_SE, "certainty": CERTAINTY}
    machine.tell("bands", parameters, figures)
