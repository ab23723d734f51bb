"""How many will have reached it in some weeks, if things go on as they went: counts with an interval, and what is assumed.

Each week a share of those who have not reached it yet does. Its logarithm is a level that wanders and has a slope that fades (a
local level with damped drift, after A. C. Harvey 1989, Forecasting, Structural Time Series Models and the Kalman Filter, chapter 2,
and E. S. Gardner & E. McKenzie 1985, Management Science 31, 1237–1246), and a week's count scatters around it more than chance
would have it, because whole classes come or stay away: a negative binomial whose variance is a multiple of its mean. Weeks without
anybody are ordinary weeks then. The level is followed on a grid (G. Kitagawa 1987, Journal of the American Statistical Association
82, 1032–1041); wandering, scatter, slope and how many will ever come are averaged by how well they foretold the weeks there were.
What the weeks cannot tell (how long growth lasts, whether it goes on as it did, a harvest nobody named) is drawn for each path.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from math import lgamma

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

#: Weeks before a forecast is made: fewer do not tell wandering from scatter.
LEAST_WEEKS = 8
#: Weeks looked back on: what was half a year ago says little of next month.
LOOK_BACK = 26
PATHS = 4000
#: What is tried: standard deviation of the level's weekly step; variance over mean of a week's count; slope per week.
STEPS = (0.03, 0.08, 0.15, 0.25, 0.4)
SCATTERS = (1.5, 3.0, 6.0, 12.0, 24.0, 48.0)
SLOPES = (-0.2, -0.12, -0.06, 0.0, 0.06, 0.12, 0.2)
#: Slopes before the weeks are seen, mean and standard deviation: a movement that begins grows, and how fast few weeks do not tell.
#: With 0 and 0.08, as it was, the slope of a growing start was drawn to nothing, and a third of the truths lay above the interval.
GROWTH, USUAL_SLOPE = 0.12, 0.12
#: What the slope ahead differs from that of the weeks there were: standard deviation, times the number of these weeks.
UNSEEN = 1.0
#: What is left of the slope from one week to the next: growth does not last, and the weeks there were do not say how long.
DAMPINGS = (0.85, 0.92, 0.97)
#: Share of the people who will ever come, each as likely before the weeks are seen; so many more at least.
COMING, LEAST_LEFT = (0.2, 0.4, 0.7, 1.0), 10
#: Chance that a week ahead is quiet though nobody named it (harvest, storm): anything from nothing to all may be left of it.
UNNAMED = 0.1
#: The level's grid: logarithm of the share of those left who reach it in a week, from one in 20,000 to a third.
_GRID = np.linspace(np.log(5e-5), np.log(0.33), 100)


@dataclass(frozen=True)
class Forecast:
    """What may come.

    Attributes
    ----------
    weeks : weeks ahead, from 1.
    middle, low, high : people who will have reached it by then: median, and the interval at `confidence`.
    paths : simulated paths × weeks, for questions of one's own.
    confidence : of the interval.
    step, scatter, slope : as averaged over what fits the weeks there were.
    """

    weeks: NDArray[np.int64]
    middle: Floats
    low: Floats
    high: Floats
    paths: Floats
    confidence: float
    step: float
    scatter: float
    slope: float

    def chance_of(self, people: float, week: int) -> float:
        """Share of paths that have at least so many people after `week` weeks (counted from 1)."""
        return float((self.paths[:, week - 1] >= people).mean())


def forecast(
    reached: ArrayLike,
    people: int,
    weeks: int,
    *,
    quiet: Mapping[int, float] | None = None,
    confidence: float = 0.8,
    seed: int = 1,
    paths: int = PATHS,
) -> Forecast:
    """Go on from the weekly counts there were.

    Parameters
    ----------
    reached : weeks, how many reached it in each *for the first time*, oldest first; at least `LEAST_WEEKS`, whole weeks only.
    people : how many could ever, at least those who did.
    quiet : week (0 is the first of `reached`; those ahead count on) → what is left of an ordinary week, 0–1: Tết is known, so it is
        neither taken for the end of the movement nor forgotten next year.
    weeks : how far, at least 1. Beyond as many weeks as there were, an interval is mostly assumption.

    Raises
    ------
    ValueError
        when there are too few weeks or a number lies outside its range.

    Notes
    -----
    Not in the interval: a longer holiday not named, a campaign, an end of money. How often it holds: benchmarks/forecast.py and docs/programme.md.
    """
    counts = np.asarray(reached, dtype=np.float64)
    if counts.ndim != 1 or len(counts) < LEAST_WEEKS:
        raise ValueError(f"found {counts.size} weeks, expected at least {LEAST_WEEKS}; wait, or count days together")
    if not (np.isfinite(counts).all() and (counts >= 0).all()) or weeks < 1 or not 0 < confidence < 1:
        raise ValueError("expected counts of at least 0, at least 1 week ahead, and a confidence between 0 and 1")
    if people < counts.sum():
        raise ValueError(
            f"found {counts.sum():g} who reached it among {people} people, expected no more than there are"
        )
    pace = np.array([(quiet or {}).get(week, 1.0) for week in range(len(counts) + weeks)])
    if ((pace < 0) | (pace > 1)).any():
        raise ValueError("found a quiet week outside 0 to 1, expected what is left of an ordinary week")
    rng = np.random.default_rng(seed)
    before = np.concatenate([[0], np.cumsum(counts)[:-1]])
    tried = list(product(STEPS, SLOPES))
    ceilings = np.array([max(one * people, min(people, counts.sum() + LEAST_LEFT)) for one in COMING])
    followed = [
        _followed(counts[-LOOK_BACK:], (np.maximum(most - before, 1) * pace[: len(counts)])[-LOOK_BACK:], tried)
        for most in ceilings
    ]
    levels, likelihood = (np.stack(parts) for parts in zip(*followed, strict=True))
    weight = np.exp(likelihood - likelihood.max())
    weight /= weight.sum()  # ceiling × (step, slope) × scatter
    chosen = rng.choice(weight.size, paths, p=weight.ravel())
    ceiling, pair, scatter = np.unravel_index(chosen, weight.shape)
    step, slope = np.array(tried)[pair].T
    slope = slope + rng.normal(0, UNSEEN / len(counts), paths)
    cumulative = levels.cumsum(axis=3)[ceiling, pair, scatter]
    level = _GRID[np.minimum((rng.random(paths)[:, None] > cumulative).sum(axis=1), len(_GRID) - 1)]
    spread, fading = np.array(SCATTERS)[scatter], rng.choice(DAMPINGS, paths)
    ahead = _paths(rng, level, step, spread, slope, fading, counts.sum(), ceilings[ceiling], pace[len(counts) :])
    low, middle, high = np.quantile(ahead, [(1 - confidence) / 2, 0.5, (1 + confidence) / 2], axis=0)
    means = [float(values.mean()) for values in (step, spread, slope)]
    return Forecast(np.arange(1, weeks + 1), middle, low, high, ahead, confidence, *means)


def _followed(counts: Floats, left: Floats, tried: list[tuple[float, float]]) -> tuple[Floats, Floats]:
    """Where the level is after the last week, (step, slope) × scatter × grid, and the log likelihood of each combination."""
    moves = np.stack([_move(step, slope) for step, slope in tried])
    level = np.full((len(tried), len(SCATTERS), len(_GRID)), 1 / len(_GRID))
    slopes = np.array([slope for _, slope in tried])
    likelihood = np.repeat(-((slopes - GROWTH) ** 2) / (2 * USUAL_SLOPE**2), len(SCATTERS)).reshape(len(tried), -1)
    for count, still in zip(counts, left, strict=True):
        level = level @ moves
        if still < 1:  # a week without classes tells nothing
            continue
        level = level * _seen(count, still)
        total = level.sum(axis=2)
        likelihood = likelihood + np.log(np.maximum(total, 1e-300))
        level /= np.maximum(total, 1e-300)[:, :, None]
    return level, likelihood


@cache
def _move(step: float, slope: float) -> Floats:
    """How the level goes from one week to the next: from × to, each row sums to 1; nothing leaves the grid."""
    away = _GRID[None, :] - np.minimum(_GRID[:, None] + slope, _GRID[-1])
    # A step narrower than the grid would stand still between two points.
    width = np.hypot(step, (_GRID[1] - _GRID[0]) / 2)
    found = np.exp(-(away**2) / (2 * width**2)) + 1e-300
    moved: Floats = found / found.sum(axis=1, keepdims=True)
    return moved


def _seen(count: float, left: float) -> Floats:
    """Probability of a week's count at each level: scatter × grid (negative binomial, variance = scatter × mean)."""
    mean = left * np.exp(_GRID)
    scatter = np.array(SCATTERS)[:, None]
    size = mean / (scatter - 1)
    gamma = np.vectorize(lgamma, otypes=[np.float64])
    log = (
        gamma(count + size)
        - gamma(size)
        - lgamma(count + 1)
        - size * np.log(scatter)
        + count * np.log((scatter - 1) / scatter)
    )
    found: Floats = np.exp(log)
    return found


def _paths(
    rng: np.random.Generator,
    level: Floats,
    step: Floats,
    scatter: Floats,
    slope: Floats,
    fading: Floats,
    done: float,
    most: Floats,
    pace: Floats,
) -> Floats:
    """Cumulated counts, paths × weeks; `pace`: weeks, what is left of an ordinary one."""
    total = np.full(len(level), done)
    found = np.empty((len(level), len(pace)))
    for week, share in enumerate(pace):
        level = np.minimum(level + slope * fading ** (week + 1) + step * rng.normal(size=len(level)), _GRID[-1])
        left = np.maximum(most - total, 0)
        held_up = np.where(rng.random(len(level)) < UNNAMED, rng.random(len(level)), 1.0)
        mean = np.maximum(left * share * held_up * np.exp(level), 1e-9)
        gained = rng.negative_binomial(mean / (scatter - 1), 1 / scatter)
        total = total + np.minimum(gained, left)
        found[:, week] = total
    return found
