"""Growth: what changed between two measurements of the same learners, how sure that is, and what would have come by itself.

Abilities come with their standard errors and on *one* scale: a form that was calibrated apart is first brought over by
`linking`. Use weighted-likelihood or maximum-likelihood abilities: expected a-posteriori ones are drawn towards the group's mean, so
their changes are too small. Without a group that was not taught, nothing here says *why* a number changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan, sqrt
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bdhvs.measurement.cautions import Caution
from bdhvs.measurement.reliability import standard_error
from bdhvs.measurement.score_tables import Floats

Verdict = Literal["gained", "lost", "no_sure_change", "unknown"]
LEAST_PAIRS = 10  # below, one learner weighs more than a tenth of the mean
LEAST_CLASSES = 2
FEW_CLASSES = 10  # below, a cluster-robust interval rests on few differences between classes
MUCH_LOST = 0.2  # share of learners without a second result from which the cautions say so


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
    first, second = _pair(before, after)
    errors = [np.broadcast_to(np.asarray(one, dtype=np.float64), first.shape) for one in (error_before, error_after)]
    if any((one <= 0).any() for one in errors):
        raise ValueError("found a standard error that is not above 0")
    change, error = second - first, np.sqrt(errors[0] ** 2 + errors[1] ** 2)
    z = _z(confidence)
    index = change / error
    verdict = tuple(_verdict(float(one), z) for one in index)
    return ReliableChange(change, error, index, change - z * error, change + z * error, verdict)


def reliable_change_index(before: float, after: float, sd: float, reliability: float) -> float:
    """The index as first published: (after − before)/√(2·SEM²), SEM = sd·√(1 − reliability).

    Parameters
    ----------
    sd, reliability : of the measurement in a group before; sd > 0, 0 ≤ reliability < 1.

    Source: Jacobson & Truax (1991), p. 14.
    """
    if not sd > 0 or not 0 <= reliability < 1:
        raise ValueError(f"found sd {sd} and reliability {reliability}, expected sd above 0 and reliability from 0 to below 1")
    return (after - before) / (sqrt(2) * standard_error(sd, reliability))


@dataclass(frozen=True)
class Effect:
    """A change in standard deviations, with its interval; NaN where there is none."""

    value: float  # d_av: mean change / √((variance before + variance after)/2)
    unbiased: float  # its small-sample correction (Hedges' g for pairs): value · √((n − 2)/(n − 1))
    error: float
    low: float
    high: float


def paired_effect(
    mean_before: float, mean_after: float, sd_before: float, sd_after: float, correlation: float, persons: int, confidence: float = 0.95
) -> Effect:
    """Standardized mean change of one group measured twice, by the average standard deviation.

    Notes
    -----
    With s² = (v₁ + v₂)/2, v_d = v₁ + v₂ − 2·r·s₁·s₂ and df = n − 1:
    var(d) = d²(v₁² + v₂² + 2r²v₁v₂)/(8·df·s⁴) + v_d/(df·s²); interval d ± z·√var. Source: Bonett (2008), Psychological Methods 13,
    99–109; as in his R package statpsych (ci.stdmean.ps). "d_av": Cumming (2012), Understanding the new statistics, p. 291.
    NaN for fewer than three persons or when nobody differs.
    """
    v1, v2 = sd_before**2, sd_after**2
    s2, df = (v1 + v2) / 2, persons - 1
    if persons < 3 or not s2 > 0:
        return Effect(nan, nan, nan, nan, nan)
    d = (mean_after - mean_before) / sqrt(s2)
    r = correlation if correlation == correlation else 0.0  # one sd is 0, so the terms with r are too
    spread = v1 + v2 - 2 * r * sd_before * sd_after
    error = sqrt(d**2 * (v1**2 + v2**2 + 2 * r**2 * v1 * v2) / (8 * df * s2**2) + spread / (df * s2))
    half = _z(confidence) * error
    return Effect(d, d * sqrt((persons - 2) / df), error, d - half, d + half)


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
    - Effect: `paired_effect`; with classes its error is the jackknife over classes, √((G − 1)/G Σ(d_g − d̄)²), with G − 1 degrees
      of freedom (Quenouille 1956; Miller 1974, Biometrika 61, 1–15).
    - The standard deviation holds errors of measurement, so the effect is smaller than in error-free abilities.

    Cautions: ``too_few_pairs`` (below 10), ``too_few_classes`` (one class only: no interval), ``few_classes`` (below 10),
    ``lost_learners`` (over 20 % without a second result), ``may_be_chance`` (the interval holds zero).
    """
    first, second = _pair(before, after)
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
    half = _t(confidence, freedom) * error
    effect = _effect(x, y, confidence) if group is None else _clustered_effect(x, y, group, confidence)
    if mean - half <= 0 <= mean + half:
        cautions += (Caution("may_be_chance", {"low": mean - half, "high": mean + half}),)
    gained = lost = 0
    if error_before is not None and error_after is not None:
        verdicts = reliable_change(first, second, error_before, error_after, confidence).verdict
        gained, lost = verdicts.count("gained"), verdicts.count("lost")
    return GroupGrowth(
        n, count, float(x.mean()), float(y.mean()), mean, error, freedom, mean - half, mean + half, effect, gained, lost, cautions
    )


@dataclass(frozen=True)
class SelectionEffect:
    """What chance alone would have changed in a group that was chosen for its first results."""

    expected: float  # mean change to be expected without any learning, logits
    change: float  # mean change seen
    beyond: float  # change − expected
    low: float  # interval of what lies beyond
    high: float
    cautions: tuple[Caution, ...]


def regression_to_the_mean(
    growth: GroupGrowth, population_mean: float, retest: float, confidence: float = 0.95
) -> SelectionEffect:
    """Say aloud what comes by itself: who was chosen for a low result does better the second time without learning anything.

    Parameters
    ----------
    growth : of the chosen group.
    population_mean : mean first result of all those the group was chosen from (of the same kind of test, the same scale).
    retest : correlation of two measurements without teaching between them, in that population, 0–1: the reliability, at most.

    Notes
    -----
    Expected change = (1 − retest)·(population mean − mean of the group before), from E(after | before) = μ + ρ(before − μ) (Galton 1886;
    Davis 1976, American Journal of Epidemiology 104, 493–498; Barnett, van der Pols & Dobson 2005, International Journal of
    Epidemiology 34, 215–220). It is 0 for a group that was not chosen. The interval is that of the change, moved: `retest` and the
    population's mean are taken as known.
    """
    if not 0 <= retest <= 1:
        raise ValueError(f"found a retest correlation of {retest}, expected 0 to 1")
    expected = (1 - retest) * (population_mean - growth.before)
    half = _t(confidence, growth.freedom) * growth.error if growth.error == growth.error else nan
    beyond = growth.change - expected
    numbers = {"change": growth.change, "expected": expected}
    found = [Caution("regression_to_the_mean", numbers)] if abs(expected) > 0.05 * max(abs(growth.change), 1e-9) else []
    if beyond - half <= 0 <= beyond + half:
        found.append(Caution("only_regression", numbers))
    return SelectionEffect(expected, growth.change, beyond, beyond - half, beyond + half, tuple(found))


def expected_from_cut(cut: float, mean: float, sd: float, retest: float) -> float:
    """Mean change to be expected, without any learning, of those whose first result lay below `cut`.

    (1 − ρ)·σ·φ(z)/Φ(z), z = (cut − μ)/σ, for normal first results with mean μ and standard deviation σ. Source: Davis (1976), eq. 1;
    Barnett et al. (2005), p. 217.
    """
    if not sd > 0:
        raise ValueError(f"found a standard deviation of {sd}, expected more than 0")
    normal, z = NormalDist(), (cut - mean) / sd
    return (1 - retest) * sd * normal.pdf(z) / normal.cdf(z)


def _pair(before: ArrayLike, after: ArrayLike) -> tuple[Floats, Floats]:
    first, second = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    if first.shape != second.shape or first.ndim != 1:
        raise ValueError(f"found {first.shape} results before and {second.shape} after, expected one of each by learner")
    return first, second


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


def _effect(x: Floats, y: Floats, confidence: float) -> Effect:
    s1, s2 = float(x.std(ddof=1)), float(y.std(ddof=1))
    r = float(np.corrcoef(x, y)[0, 1]) if min(s1, s2) > 0 else nan
    return paired_effect(float(x.mean()), float(y.mean()), s1, s2, r, len(x), confidence)


def _clustered_effect(x: Floats, y: Floats, group: NDArray[np.intp], confidence: float) -> Effect:
    whole = _effect(x, y, confidence)
    count = int(group.max()) + 1
    if count < 2:
        return Effect(whole.value, whole.unbiased, nan, nan, nan)
    parts = np.array([_effect(x[group != g], y[group != g], confidence).value for g in range(count)])
    error = sqrt((count - 1) / count * float(((parts - parts.mean()) ** 2).sum()))
    half = _t(confidence, count - 1) * error
    return Effect(whole.value, whole.unbiased, error, whole.value - half, whole.value + half)


def _verdict(index: float, z: float) -> Verdict:
    if index != index:
        return "unknown"
    if abs(index) <= z:
        return "no_sure_change"
    return "gained" if index > 0 else "lost"


def _z(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}, expected a share between 0 and 1")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def _t(confidence: float, freedom: float) -> float:
    from scipy.stats import t

    _z(confidence)
    return float(t.ppf((1 + confidence) / 2, freedom)) if freedom == freedom else nan
