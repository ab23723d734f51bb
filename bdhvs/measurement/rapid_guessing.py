"""Answers given too fast to have read the task: thresholds by item, effort by person, and how many honest answers are caught too.

A rapid answer says nothing of ability. Nor does it say why: somebody who knows the task from yesterday is fast as well, so what is
flagged should be no more often right than blind choice; `RapidAnswers.right_rapid` shows it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bdhvs.measurement.score_tables import Floats

NORMATIVE_SHARE = 0.10  # of an item's mean time ("NT10"): Wise & Ma (2012), paper at NCME, Vancouver
LONGEST_S = 10.0  # seconds; a threshold is never longer: the same
LEAST_EFFORT = 0.90  # share of answers not rapid: Wise & Kong (2005), Applied Measurement in Education 18, 163–183
LEAST_TIMES = 10  # known times of an item, for a threshold
MAD = 1.4826  # of a normal distribution, standard deviation over median absolute deviation


@dataclass(frozen=True, eq=False)
class RapidAnswers:
    """Which answers are too fast.

    Attributes
    ----------
    threshold : by item, seconds; NaN with too few known times.
    rapid : persons × items; whether the answer is faster than its threshold. False where time or threshold is unknown.
    share : by item, rapid answers of those with a known time, 0–1.
    right_rapid, right_other : by item, share of points of rapid and of other answers, 0–1; NaN without any or without scores.
    effort : by person, share of answers that are not rapid, 0–1; NaN without a known time.
    """

    threshold: Floats
    rapid: NDArray[np.bool_]
    share: Floats
    right_rapid: Floats
    right_other: Floats
    effort: Floats


def rapid_answers(
    seconds: ArrayLike,
    shares: ArrayLike | None = None,
    part: float = NORMATIVE_SHARE,
    longest_s: float = LONGEST_S,
    least_times: int = LEAST_TIMES,
) -> RapidAnswers:
    """Flag answers faster than a part of the item's mean time.

    Parameters
    ----------
    seconds : persons × items; time to the first answer, > 0; NaN for unknown or not answered.
    shares : persons × items; share of the item's points, 0–1; NaN for missing.
    part : of the mean time, 0–1. longest_s : threshold in seconds that is never exceeded.

    Raises
    ------
    ValueError
        when a time is not above 0 or shapes differ.

    Notes
    -----
    The normative threshold of Wise & Ma (2012): min(`part` · mean time, 10 s). Effort: Wise & Kong's (2005) response time effort.
    """
    time = _times(seconds)
    known = ~np.isnan(time)
    count = known.sum(axis=0)
    mean = np.divide(
        np.where(known, time, 0).sum(axis=0), count, out=np.full(len(count), np.nan), where=count >= least_times
    )
    threshold = np.minimum(part * mean, longest_s)
    rapid = known & (time < threshold)
    given = known & ~np.isnan(threshold)
    right = np.full(time.shape, np.nan) if shares is None else np.asarray(shares, dtype=np.float64)
    if right.shape != time.shape:
        raise ValueError(f"found scores of shape {right.shape} and times of shape {time.shape}, expected the same")
    return RapidAnswers(
        threshold,
        rapid,
        _share(rapid, given, 0),
        _mean(right, rapid),
        _mean(right, given & ~rapid),
        1 - _share(rapid, given, 1),
    )


@dataclass(frozen=True, eq=False)
class FalseAlarms:
    """How often answers by people who all try are called rapid, by simulation.

    Attributes
    ----------
    answers : by item, share of honest answers called rapid, 0–1; NaN where nothing is called.
    persons : share of honest persons whose effort falls below `LEAST_EFFORT`, 0–1.
    draws : simulated tables they rest on.
    """

    answers: Floats
    persons: float
    draws: int


def false_alarms(
    seconds: ArrayLike,
    part: float = NORMATIVE_SHARE,
    longest_s: float = LONGEST_S,
    draws: int = 200,
    seed: int = 0,
    least_times: int = LEAST_TIMES,
) -> FalseAlarms:
    """Run the whole procedure on simulated people who all try, as slow and as varied as most of these.

    Notes
    -----
    Van der Linden's (2006, Journal of Educational and Behavioral Statistics 31, 181–204) lognormal model: the logarithm of a time
    is the item's time less the person's speed, with a spread of the item's own. Medians and median absolute deviations are used,
    which a few who rush do not move; each drawn person has a speed of their own, normal about the median. Gaps stay where they are.
    """
    log = np.log(_times(seconds))
    item, speed, spread = _lognormal(log)
    centre = float(np.median(speed))
    width = MAD * float(np.median(np.abs(speed - centre)))
    rng = np.random.default_rng(seed)
    known = ~np.isnan(log)
    called, given, persons = np.zeros(log.shape[1]), np.zeros(log.shape[1]), 0.0
    for _ in range(draws):
        slowness = rng.normal(centre, width, len(log))
        drawn = item + slowness[:, None] + spread * rng.standard_normal(log.shape)
        found = rapid_answers(np.where(known, np.exp(drawn), np.nan), None, part, longest_s, least_times)
        usable = known & ~np.isnan(found.threshold)
        called += found.rapid.sum(axis=0)
        given += usable.sum(axis=0)
        judged = ~np.isnan(found.effort)
        persons += float((found.effort[judged] < LEAST_EFFORT).mean()) if judged.any() else 0.0
    return FalseAlarms(
        np.divide(called, given, out=np.full(len(given), np.nan), where=given > 0), persons / draws, draws
    )


def _lognormal(log: Floats) -> tuple[Floats, Floats, Floats]:
    """Log time of each item, slowness of each person, spread of each item, by Tukey's median polish."""
    item, speed = np.zeros(log.shape[1]), np.zeros(log.shape[0])
    for _ in range(5):
        item = _medians(log - speed[:, None], 0)
        speed = _medians(log - item, 1)
    left = np.abs(log - item - speed[:, None])
    return item, speed, MAD * _medians(left, 0)


def _medians(table: Floats, axis: int) -> Floats:
    """Medians of known numbers, 0 where there is none."""
    some = np.asarray(~np.isnan(table).all(axis=axis))
    found = np.zeros(len(some))
    kept = table[:, some] if axis == 0 else table[some]
    if kept.size:
        found[some] = np.nanmedian(kept, axis=axis)
    return found


def _times(seconds: ArrayLike) -> Floats:
    time = np.asarray(seconds, dtype=np.float64)
    if time.ndim != 2:
        raise ValueError(f"found times of shape {time.shape}, expected persons × items")
    wrong = time <= 0
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise ValueError(
            f"person {row}, item {column}: found {time[row, column]} seconds, expected more than 0, or NaN"
        )
    return time


def _share(part: NDArray[np.bool_], whole: NDArray[np.bool_], axis: int) -> Floats:
    below = whole.sum(axis=axis)
    return np.asarray(np.divide(part.sum(axis=axis), below, out=np.full(len(below), np.nan), where=below > 0))


def _mean(values: Floats, where: NDArray[np.bool_]) -> Floats:
    use = where & ~np.isnan(values)
    count = use.sum(axis=0)
    return np.asarray(
        np.divide(np.where(use, values, 0).sum(axis=0), count, out=np.full(len(count), np.nan), where=count > 0)
    )
