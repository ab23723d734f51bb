"""One learner's change between two measurements, and whether it is more than error of measurement explains."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from bdhvs.measurement.quantiles import normal_quantile
from bdhvs.measurement.reliability import standard_error
from bdhvs.measurement.score_tables import Floats

Verdict = Literal["gained", "lost", "no_sure_change", "unknown"]


@dataclass(frozen=True, eq=False)
class ReliableChange:
    """One entry per learner in every field; NaN (verdict "unknown") where a result is missing."""

    change: Floats  # after − before, logits (or score points)
    error: Floats  # standard error of the change
    index: Floats  # change / error
    low: Floats  # interval of the change
    high: Floats
    verdict: tuple[Verdict, ...]


def reliable_change(
    before: ArrayLike, after: ArrayLike, error_before: ArrayLike, error_after: ArrayLike, confidence: float = 0.95
) -> ReliableChange:
    """Each learner's change, and whether it is more than error of measurement explains.

    Parameters
    ----------
    before, after : abilities by learner, on one scale; NaN for missing.
    error_before, error_after : their standard errors (one for all, or one each), > 0 or NaN.

    Raises
    ------
    ValueError
        when lengths differ or an error is not above 0.

    Notes
    -----
    index = (after − before)/√(se₁² + se₂²); a verdict needs |index| above the normal quantile (1.96 at 0.95). Source: Jacobson & Truax
    (1991), Journal of Consulting and Clinical Psychology 59, 12–19, with its 2·SEM² as the sum of the two errors' squares, for
    errors differ by learner and form. Of learners who did not change, 1 in 20 gets a verdict; the error of a link between forms
    is common to all and belongs to the group's mean (`group_growth`), not here.
    """
    first, second = paired(before, after)
    errors = [np.broadcast_to(np.asarray(one, dtype=np.float64), first.shape) for one in (error_before, error_after)]
    if any((one <= 0).any() for one in errors):
        raise ValueError("found a standard error that is not above 0")
    change, error = second - first, np.sqrt(errors[0] ** 2 + errors[1] ** 2)
    z = normal_quantile(confidence)
    index = change / error
    verdict = tuple(_verdict(float(one), z) for one in index)
    return ReliableChange(change, error, index, change - z * error, change + z * error, verdict)


def reliable_change_index(before: float, after: float, sd: float, reliability: float) -> float:
    """The index as first published: (after − before)/√(2·SEM²), SEM = sd·√(1 − reliability).

    Parameters
    ----------
    sd, reliability : of the measurement in a group before; sd > 0, 0 ≤ reliability < 1.

    Source: Jacobson & Truax (1991).
    """
    if not sd > 0 or not 0 <= reliability < 1:
        raise ValueError(
            f"found sd {sd} and reliability {reliability}, expected sd above 0 and reliability from 0 to below 1"
        )
    return (after - before) / (sqrt(2) * standard_error(sd, reliability))


def paired(before: ArrayLike, after: ArrayLike) -> tuple[Floats, Floats]:
    """Both results of each learner as arrays of one length, or a clear error."""
    first, second = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    if first.shape != second.shape or first.ndim != 1:
        raise ValueError(
            f"found {first.shape} results before and {second.shape} after, expected one of each by learner"
        )
    return first, second


def _verdict(index: float, z: float) -> Verdict:
    if index != index:
        return "unknown"
    if abs(index) <= z:
        return "no_sure_change"
    return "gained" if index > 0 else "lost"
