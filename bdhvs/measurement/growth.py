"""Growth: what changed between two measurements of the same learners, how sure that is, and what would have come by itself.

Abilities come with their standard errors and on *one* scale: a form that was calibrated apart is first brought over by
`linking`. Use weighted-likelihood or maximum-likelihood abilities: expected a-posteriori ones are drawn towards the group's mean, so
their changes are too small. Without a group that was not taught, nothing here says *why* a number changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bdhvs.measurement.cautions import Caution
from bdhvs.measurement.effects import Effect, effect_of
from bdhvs.measurement.quantiles import student_quantile
from bdhvs.measurement.reliable_change import paired, reliable_change
from bdhvs.measurement.score_tables import Floats

LEAST_PAIRS = 10  # below, one learner weighs more than a tenth of the mean
LEAST_CLASSES = 2
FEW_CLASSES = 10  # below, a cluster-robust interval rests on few differences between classes
MUCH_LOST = 0.2  # share of learners without a second result from which the cautions say so


@dataclass(frozen=True)
class GroupGrowth:
    """Growth of a class or of many; NaN where there is no such number."""

    persons: int  # with both results
    classes: int  # 1 where classes were not told apart
    before: float  # mean, logits
    after: float
    change: float
    error: float  # standard error of the mean change, the link's error in it
    freedom: float  # degrees of freedom of its interval
    low: float
    high: float
    effect: Effect
    gained: int  # learners with a reliable gain; 0 where no standard errors were given
    lost: int
    cautions: tuple[Caution, ...]


def group_growth(
    before: ArrayLike,
    after: ArrayLike,
    classes: Sequence[str] | None = None,
    error_before: ArrayLike | None = None,
    error_after: ArrayLike | None = None,
    link_error: float = 0.0,
    confidence: float = 0.95,
) -> GroupGrowth:
    """Mean change of a class, or of a commune's classes, with an interval and an effect size.

    Parameters
    ----------
    before, after : abilities by learner, on one scale; NaN for missing. Only learners with both are compared.
    classes : class of each learner. Learners of one class had one teacher and one room, so they count for less than as many
        strangers; with classes given, intervals are cluster-robust. None: one class, whose learners are taken one by one.
    error_before, error_after : standard errors, to count reliable changes.
    link_error : standard error of the link between the two forms' scales, logits (`linking.Link.shift_error`); it does not grow
        smaller with more learners.

    Notes
    -----
    - One class: mean ± t·s/√n (n − 1 degrees of freedom).
    - Classes: variance Σ_g (Σ_{i∈g} e_i)²/(1 − n_g/n) / n² of the mean, e_i the deviation from it: CR2 of Bell & McCaffrey (2002,
      Survey Methodology 28, 169–181), with Satterthwaite's degrees of freedom as in Pustejovsky & Tipton (2018, Journal of Business &
      Economic Statistics 36, 672–683).
    - Effect: `effects.paired_effect`; with classes its error is the jackknife over classes, √((G − 1)/G Σ(d_g − d̄)²), with G − 1 degrees
      of freedom (Quenouille 1956; Miller 1974, Biometrika 61, 1–15).
    - The standard deviation holds errors of measurement, so the effect is smaller than in error-free abilities.

    Cautions: ``too_few_pairs`` (below 10), ``too_few_classes`` (one class only: no interval), ``few_classes`` (below 10),
    ``lost_learners`` (over 20 % without a second result), ``may_be_chance`` (the interval holds zero).
    """
    first, second = paired(before, after)
    both = ~np.isnan(first) & ~np.isnan(second)
    x, y = first[both], second[both]
    n = len(x)
    group = None if classes is None else _classes(classes, both)
    count = 1 if group is None else int(group.max()) + 1 if n else 0
    started = int((~np.isnan(first)).sum())
    cautions = _group_cautions(n, started, count if group is not None else None)
    if n < 2:
        none = Effect(nan, nan, nan, nan, nan)
        means = (float(x.mean()), float(y.mean()), float((y - x).mean())) if n else (nan, nan, nan)
        return GroupGrowth(n, count, *means, nan, nan, nan, nan, none, 0, 0, cautions)
    difference = y - x
    mean = float(difference.mean())
    variance, freedom = _simple(difference) if group is None else _clustered(difference, group)
    error = sqrt(variance + link_error**2)
    half = student_quantile(confidence, freedom) * error
    effect = effect_of(x, y, confidence) if group is None else _clustered_effect(x, y, group, confidence)
    if mean - half <= 0 <= mean + half:
        cautions += (Caution("may_be_chance", {"low": mean - half, "high": mean + half}),)
    gained = lost = 0
    if error_before is not None and error_after is not None:
        verdicts = reliable_change(first, second, error_before, error_after, confidence).verdict
        gained, lost = verdicts.count("gained"), verdicts.count("lost")
    return GroupGrowth(
        n,
        count,
        float(x.mean()),
        float(y.mean()),
        mean,
        error,
        freedom,
        mean - half,
        mean + half,
        effect,
        gained,
        lost,
        cautions,
    )


def _classes(classes: Sequence[str], both: NDArray[np.bool_]) -> NDArray[np.intp]:
    labels = np.array([str(one) for one in classes])
    if labels.shape != both.shape:
        raise ValueError(f"found {len(labels)} classes for {len(both)} learners, expected one each")
    return np.asarray(np.unique(labels[both], return_inverse=True)[1])


def _group_cautions(pairs: int, started: int, classes: int | None) -> tuple[Caution, ...]:
    found = []
    if pairs < LEAST_PAIRS:
        found.append(Caution("too_few_pairs", {"n": pairs, "least": LEAST_PAIRS}))
    if classes is not None and classes < LEAST_CLASSES:
        found.append(Caution("too_few_classes", {"n": classes, "least": LEAST_CLASSES}))
    elif classes is not None and classes < FEW_CLASSES:
        found.append(Caution("few_classes", {"n": classes}))
    if started - pairs > MUCH_LOST * started:
        found.append(Caution("lost_learners", {"n": started - pairs, "total": started}))
    return tuple(found)


def _simple(difference: Floats) -> tuple[float, float]:
    return float(difference.var(ddof=1)) / len(difference), len(difference) - 1.0


def _clustered(difference: Floats, group: NDArray[np.intp]) -> tuple[float, float]:
    """CR2 variance of a mean, and its degrees of freedom; NaN for a single class."""
    n, sizes = len(difference), np.bincount(group).astype(np.float64)
    if len(sizes) < 2:
        return nan, nan
    sums = np.bincount(group, weights=difference - difference.mean())
    adjust = 1 / (1 - sizes / n)
    variance = float((sums**2 * adjust).sum()) / n**2
    # the quadratic form's matrix under independent learners; the degrees of freedom are tr² / tr of its square
    inner = np.sqrt(np.outer(adjust, adjust)) * (np.diag(sizes) - np.outer(sizes, sizes) / n) / n**2
    return variance, float(np.trace(inner) ** 2 / (inner**2).sum())


def _clustered_effect(x: Floats, y: Floats, group: NDArray[np.intp], confidence: float) -> Effect:
    whole = effect_of(x, y, confidence)
    count = int(group.max()) + 1
    if count < 2:
        return Effect(whole.value, whole.unbiased, nan, nan, nan)
    parts = np.array([effect_of(x[group != g], y[group != g], confidence).value for g in range(count)])
    error = sqrt((count - 1) / count * float(((parts - parts.mean()) ** 2).sum()))
    half = student_quantile(confidence, count - 1) * error
    return Effect(whole.value, whole.unbiased, error, whole.value - half, whole.value + half)
