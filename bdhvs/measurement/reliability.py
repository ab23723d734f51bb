"""How far a total would come out the same again: Cronbach's alpha (KR-20), with intervals, and the standard error it leaves.

All take persons × items. A covariance needs complete rows, so persons with a missing response are left out and counted;
whether a skipped task counts as wrong (0) or as missing is decided before. With booklets, where nobody has all items,
use the reliability of abilities instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, nan, sqrt
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from bdhvs.measurement.cautions import Caution
from bdhvs.measurement.responses import Responses
from bdhvs.measurement.score_tables import Floats, score_table

IntervalName = Literal["distribution_free", "feldt", "bonett", "normal"]
LEAST_PERSONS = 30  # below, alpha's interval at 20 items is wider than 0.2 even where alpha is 0.7


@dataclass(frozen=True)
class Reliability:
    """A reliability coefficient of the total of some items."""

    value: float  # at most 1; NaN where there is none
    low: float
    high: float
    persons: int  # with all items answered
    items: int
    total_sd: float  # standard deviation of the total, score points
    standard_error: float  # of measurement, of one person's total, score points: total_sd · √(1 − value)
    cautions: tuple[Caution, ...]


def alpha(
    scores: ArrayLike | Responses,
    confidence: float = 0.95,
    interval: IntervalName = "distribution_free",
    least_persons: int = LEAST_PERSONS,
) -> Reliability:
    """Cronbach's alpha of the total, which for scores of 0 and 1 is Kuder and Richardson's formula 20.

    Parameters
    ----------
    scores : persons × items; NaN for missing, whose persons are left out (caution ``incomplete_left_out``).
    interval : how the interval is found, see Notes.

    Returns
    -------
    Reliability
        with NaN and a caution for fewer than two items or three complete persons, or when no total differs.

    Notes
    -----
    α = k/(k − 1) · (1 − tr S / 1ᵀS1), S the items' covariance matrix (Cronbach 1951, Psychometrika 16, 297–334, eq. 2).
    Its interval, with n persons and k items:

    - ``distribution_free``: α ± z · se, se² = Σ d²/n², d a person's influence on α. It supposes neither normal scores nor
      alike items (Yuan, Guarnaccia & Hayslip 2003, Educational and Psychological Measurement 63, 5–23; Maydeu-Olivares,
      Coffman & Hartmann 2007, Psychological Methods 12, 157–176). The default, for scores of 0 and 1 are not normal.
    - ``feldt``: 1 − (1 − α)·F with n − 1 and (n − 1)(k − 1) degrees of freedom: exact for parallel normal items (Feldt 1965,
      Psychometrika 30, 357–370; shown again by Koning & Franses 2003, ERIM Report ERS-2003-041).
    - ``bonett``: 1 − exp(ln(1 − α) ± z√(2k/((k − 1)(n − 2)))) (Bonett 2002, Journal of Educational and Behavioral Statistics
      27, 335–340, eq. 8 and its interval).
    - ``normal``: α ± z√(Q/n), Q = 2k²/((k − 1)² t³) · [t(tr S² + tr² S) − 2 tr S · 1ᵀS²1], t = 1ᵀS1: normal scores, items of any
      covariance (van Zyl, Neudecker & Nel 2000, Psychometrika 65, 271–280; Koning & Franses 2003).
    """
    table, left_out = complete_rows(scores)
    n, k = table.shape
    cautions = shortages(n, k, left_out, least_persons)
    spread = np.atleast_2d(np.cov(table, rowvar=False)) if n > 1 else np.full((k, k), nan)
    total, own = float(spread.sum()), float(np.trace(spread))
    if k < 2 or n < 3 or not total > 1e-12 * max(own, 1e-12):
        more = (Caution("no_spread"),) if k >= 2 and n >= 3 else ()
        return Reliability(nan, nan, nan, n, k, nan, nan, cautions + more)
    value = k / (k - 1) * (1 - own / total)
    low, high = _interval(interval, value, table, spread, confidence)
    more = (Caution("negative_alpha", {"value": value}),) if value < 0 else ()
    return Reliability(value, low, high, n, k, sqrt(total), standard_error(sqrt(total), value), cautions + more)


def kr20(scores: ArrayLike | Responses, confidence: float = 0.95, interval: IntervalName = "distribution_free") -> Reliability:
    """Kuder and Richardson's formula 20: `alpha`, for scores of 0 and 1 only.

    k/(k − 1) · (1 − Σp(1 − p)/σ²). Source: Kuder & Richardson (1937), Psychometrika 2, 151–160, eq. 20.

    Raises
    ------
    ValueError
        saying where, when a score is neither 0 nor 1.
    """
    table = score_table(scores)
    wrong = ~np.isnan(table) & (table != 0) & (table != 1)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise ValueError(f"person {row}, item {column}: found {table[row, column]}, expected 0 or 1; for other scores use alpha")
    return alpha(table, confidence, interval)


def alpha_without_each(scores: ArrayLike | Responses) -> Floats:
    """Alpha of the other items, by item left out: items; NaN with fewer than three items, or where there is none."""
    table, _ = complete_rows(scores)
    n, k = table.shape
    if k < 3 or n < 3:
        return np.full(k, nan)
    spread = np.cov(table, rowvar=False)
    own = np.trace(spread) - np.diag(spread)
    total = spread.sum() - 2 * spread.sum(axis=0) + np.diag(spread)
    varies = total > 1e-12
    return np.asarray((k - 1) / (k - 2) * (1 - np.divide(own, total, out=np.full(k, np.nan), where=varies)))


def standard_error(sd: float, reliability: float) -> float:
    """Standard error of measurement, in the unit of `sd`: sd · √(1 − reliability).

    NaN when the reliability is. A negative reliability counts as 0: error is never more than all the spread.

    Source: Lord & Novick (1968), Statistical theories of mental test scores, eq. 2.7.
    """
    return sd * sqrt(1 - min(max(reliability, 0.0), 1.0)) if reliability == reliability else nan


def lengthened(reliability: float, times: float) -> float:
    """Reliability of a test `times` as long, of items alike: times·ρ / (1 + (times − 1)·ρ).

    Source: Spearman (1910), British Journal of Psychology 3, 271–295; Brown (1910), the same, 296–322.
    """
    if times <= 0:
        raise ValueError(f"found a length of {times} times, expected more than 0")
    return times * reliability / (1 + (times - 1) * reliability)


def _interval(name: IntervalName, value: float, table: Floats, spread: Floats, confidence: float) -> tuple[float, float]:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}, expected a share between 0 and 1")
    n, k = table.shape
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    if name == "feldt":
        from scipy.stats import f

        beyond = (1 - confidence) / 2
        freedom = n - 1, (n - 1) * (k - 1)
        return 1 - (1 - value) * float(f.ppf(1 - beyond, *freedom)), 1 - (1 - value) * float(f.ppf(beyond, *freedom))
    if name == "bonett":
        if value >= 1:
            return 1.0, 1.0
        half = z * sqrt(2 * k / ((k - 1) * (n - 2)))
        return 1 - exp(log(1 - value) + half), 1 - exp(log(1 - value) - half)
    if name == "normal":
        half = z * sqrt(_normal_variance(spread) / n)
    elif name == "distribution_free":
        half = z * sqrt(float((_influences(table, spread) ** 2).sum())) / n
    else:
        raise ValueError(f"found the interval {name!r}, expected 'distribution_free', 'feldt', 'bonett' or 'normal'")
    return value - half, min(value + half, 1.0)


def _influences(table: Floats, spread: Floats) -> Floats:
    """How much each person moves alpha: persons. Alpha is a ratio of two means of squares; this is its derivative."""
    k, total, own = len(spread), spread.sum(), np.trace(spread)
    off = table - table.mean(axis=0)
    squares, whole = (off**2).sum(axis=1), off.sum(axis=1) ** 2
    return np.asarray(-k / (k - 1) * ((squares - own) / total - own * (whole - total) / total**2))


def _normal_variance(spread: Floats) -> float:
    """Asymptotic variance of √n · alpha under normal scores: Q of van Zyl, Neudecker & Nel (2000)."""
    k, total, own = len(spread), spread.sum(), np.trace(spread)
    squared = spread @ spread
    inner = total * (np.trace(squared) + own**2) - 2 * own * squared.sum()
    return float(2 * k**2 / ((k - 1) ** 2 * total**3) * inner)


def complete_rows(scores: ArrayLike | Responses) -> tuple[Floats, int]:
    """The persons with all items, and how many others there were."""
    table = score_table(scores)
    whole = ~np.isnan(table).any(axis=1)
    return table[whole], int((~whole).sum())


def shortages(persons: int, items: int, left_out: int, least: int) -> tuple[Caution, ...]:
    found = []
    if left_out:
        found.append(Caution("incomplete_left_out", {"n": left_out}))
    if persons < least:
        found.append(Caution("too_few_persons", {"n": persons, "least": least}))
    if items < 2:
        found.append(Caution("too_few_items", {"n": items, "least": 2}))
    return tuple(found)
