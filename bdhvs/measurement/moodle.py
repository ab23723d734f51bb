"""Moodle's quiz statistics by its published formulas, so that figures of both systems can be laid side by side.

Source: MoodleDocs, "Quiz statistics calculations" (docs.moodle.org/dev/Quiz_statistics_calculations), as Moodle's quiz
report computes them. Its symbols: S attempts, P positions, x a mark, x̄ its mean, T a total, X = T − x the other marks.
Percentages are 0–100 here, as in Moodle's report. Moodle counts an unanswered question as 0, and so does this.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bdhvs.measurement.score_tables import Floats, score_table


@dataclass(frozen=True, eq=False)
class QuestionStatistics:
    """One entry per question in every field; NaN where Moodle shows nothing."""

    attempts: int
    unanswered: NDArray[np.intp]  # counted as 0
    facility: Floats  # "facility index", %: mean mark / maximum
    sd: Floats  # "standard deviation", % of the maximum, with S − 1 below
    random_guess_score: Floats  # %: what blind guessing would bring; NaN where nobody can say
    intended_weight: Floats  # %: maximum / sum of the maxima
    effective_weight: Floats  # %: √cov(x, T) / Σ√cov(x, T); NaN where that covariance is negative
    discrimination_index: Floats  # %: 100 · correlation of x and X
    discriminative_efficiency: Floats  # %: 100 · cov(x, X) / the largest covariance these marks could have


@dataclass(frozen=True)
class QuizStatistics:
    """A whole quiz; NaN where Moodle shows nothing."""

    attempts: int
    average: float  # % of the highest total
    median: float  # %
    sd: float  # %
    skewness: float  # k3 / k2^1.5; at least three attempts
    kurtosis: float  # k4 / k2²; 0 for normal totals; at least four attempts
    internal_consistency: float  # "CIC", %: 100 · Cronbach's alpha; at least three attempts and two questions
    error_ratio: float  # %: 100 · √(1 − CIC/100)
    standard_error: float  # % of the highest total: error ratio · sd / 100


def quiz_statistics(marks: ArrayLike, maximum: ArrayLike) -> QuizStatistics:
    """Moodle's statistics of the totals.

    Parameters
    ----------
    marks : attempts × questions, in marks, penalties included; NaN for unanswered, counted as 0.
    maximum : highest mark of each question (one for all, or one each); 0 for a description, which Moodle does not count
        among the P positions (its quiz_report_get_significant_questions leaves out what has no length).

    Raises
    ------
    ValueError
        when a maximum is negative or all are 0.

    Notes
    -----
    m_r = Σ(T − T̄)^r / S; k2 = S·m2/(S − 1); k3 = S²·m3/((S − 1)(S − 2));
    k4 = S²((S + 1)m4 − 3(S − 1)m2²)/((S − 1)(S − 2)(S − 3)).
    CIC = 100·P/(P − 1)·(1 − ΣV(x)/V(T)); error ratio = 100√(1 − CIC/100); standard error = error ratio·sd/100.
    """
    table, top = _marks(marks, maximum)
    totals, best = table.sum(axis=1), float(top.sum())
    s, p = len(table), int((top > 0).sum())
    m2, m3, m4 = (float(((totals - totals.mean()) ** power).mean()) for power in (2, 3, 4))
    k2 = s * m2 / (s - 1) if s > 1 else nan
    skewness = kurtosis = consistency = nan
    if s > 2 and k2 > 1e-12 * best**2:
        skewness = s**2 * m3 / ((s - 1) * (s - 2)) / k2**1.5
        if p > 1:
            consistency = 100 * p / (p - 1) * (1 - float(table.var(axis=0, ddof=1).sum()) / k2)
        if s > 3:
            k4 = s**2 * ((s + 1) * m4 - 3 * (s - 1) * m2**2) / ((s - 1) * (s - 2) * (s - 3))
            kurtosis = k4 / k2**2
    ratio = 100 * sqrt(max(1 - consistency / 100, 0.0)) if consistency == consistency else nan
    sd = 100 * sqrt(k2) / best if s > 1 else nan
    shares = 100 * totals / best
    return QuizStatistics(
        s,
        float(shares.mean()),
        float(np.median(shares)),
        float(sd),
        skewness,
        kurtosis,
        consistency,
        ratio,
        ratio * sd / 100,
    )


def question_statistics(
    marks: ArrayLike, maximum: ArrayLike, random_guess: ArrayLike | None = None
) -> QuestionStatistics:
    """Moodle's statistics of each question.

    Parameters
    ----------
    marks, maximum : as in `quiz_statistics`.
    random_guess : mean fraction 0–1 that blind guessing brings, by question (`guess_of_single_choice`, …); NaN or none
        where it is not known.

    Notes
    -----
    C(x, X) and C(x, T) are covariances with S − 1 below. The largest covariance C_max(x, X) is that of both sorted
    from low to high. A question that does not vary has no discrimination.
    """
    table, top = _marks(marks, maximum)
    given = score_table(marks)
    s, p = table.shape
    totals = table.sum(axis=1)
    others = totals[:, None] - table
    covariance, variance, variance_others = (
        _covariances(table, others),
        _covariances(table, table),
        _covariances(others, others),
    )
    with_total = _covariances(table, np.repeat(totals[:, None], p, axis=1))
    most = _covariances(np.sort(table, axis=0), np.sort(others, axis=0))
    roots = np.sqrt(np.where(with_total >= 0, with_total, np.nan))
    guess = (
        np.full(p, nan) if random_guess is None else np.broadcast_to(np.asarray(random_guess, dtype=np.float64), (p,))
    )
    return QuestionStatistics(
        attempts=s,
        unanswered=np.isnan(given).sum(axis=0),
        facility=100 * _over(table.mean(axis=0), top),
        sd=100 * _over(np.sqrt(variance), top),
        random_guess_score=100 * guess,
        intended_weight=100 * top / top.sum(),
        effective_weight=100 * _over(roots, np.full(p, np.nansum(roots))),
        discrimination_index=100 * _over(covariance, np.sqrt(variance * variance_others)),
        discriminative_efficiency=100 * _over(covariance, most),
    )


def guess_of_single_choice(fractions: ArrayLike) -> float:
    """Random guess score of a single choice, 0–1: the mean of its options' fractions (1 for the key, 0 else, or parts)."""
    return float(np.asarray(fractions, dtype=np.float64).mean())


def guess_of_matching(choices: int) -> float:
    """Random guess score of matching, 0–1: one of `choices` answers for each stem."""
    if choices < 1:
        raise ValueError(f"found {choices} choices, expected at least 1")
    return 1 / choices


def _marks(marks: ArrayLike, maximum: ArrayLike) -> tuple[Floats, Floats]:
    table = np.nan_to_num(score_table(marks), nan=0.0)
    top = np.broadcast_to(np.asarray(maximum, dtype=np.float64), table.shape[1:])
    if (top < 0).any() or not top.sum() > 0:
        raise ValueError(f"found maximum marks {top.tolist()}, expected none below 0 and one above")
    return table, top


def _covariances(first: Floats, second: Floats) -> Floats:
    """Of each column with the same column; NaN for a single row. What rounding leaves of a constant is 0."""
    if len(first) < 2:
        return np.full(first.shape[1], nan)
    one, other = first - first.mean(axis=0), second - second.mean(axis=0)
    found = (one * other).sum(axis=0) / (len(first) - 1)
    size = np.abs(first).max(axis=0) * np.abs(second).max(axis=0)
    return np.where(np.abs(found) > 1e-13 * size, found, 0.0)


def _over(first: Floats, second: Floats) -> Floats:
    return np.asarray(np.divide(first, second, out=np.full(second.shape, np.nan), where=second > 0))
