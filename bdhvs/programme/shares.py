"""A share of people who learned in classes: how far from it the truth may lie, when classmates are alike.

Every function takes people as rows and the class (or neighbourhood) each belongs to. Classes are taken as drawn with
replacement from many: nobody gains certainty by naming a population that was not drawn from. *Whether* they were drawn at all
is not in the numbers: see `Coverage`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bdhvs.measurement.proportions import wilson_ends
from bdhvs.programme.survey import STATED_ICC, design_effect, z_of

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

#: Classes below which the spread between them is too unsure to be used alone: the design effect is then at least the stated one.
#: With 5 classes a 95 % interval by t would be 1.4 times as wide as with many.
FEW_CLUSTERS = 5
#: People below whom no share is told: one person more or less would move it by ten points and might be recognised.
LEAST_PEOPLE = 10


@dataclass(frozen=True)
class Share:
    """A share with its sampling error.

    Attributes
    ----------
    people, clusters : measured.
    share : 0–1, weighted where weights were given; NaN without people.
    se : its standard error, classes as clusters.
    low, high : interval, 0–1; NaN without people.
    confidence : of that interval.
    effect : design effect that the interval rests on: `se`² over the variance of so many people drawn one by one.
    effect_from : "classes" (measured between them) or "stated" (too few classes, or all alike: by `STATED_ICC`).
    weighting : people measured over those whom equal weights would need for the same certainty (Kish), at least 1.
    """

    people: int
    clusters: int
    share: float
    se: float
    low: float
    high: float
    confidence: float
    effect: float
    effect_from: str
    weighting: float

    @property
    def may_be_told(self) -> bool:
        """Whether enough people stand behind it."""
        return self.people >= LEAST_PEOPLE


@dataclass(frozen=True)
class Coverage:
    """Who was measured of whom.

    Attributes
    ----------
    measured, adults : people; `adults` None when nobody said how many live there.
    share : measured of all, 0–1; None when unknown.
    drawn : True when people were drawn by chance (a survey); False for classes, to which people came of themselves.
    """

    measured: int
    adults: int | None
    drawn: bool = False

    @property
    def share(self) -> float | None:
        return None if not self.adults else min(1.0, self.measured / self.adults)

    def bounds(self, share: float) -> tuple[float, float] | None:
        """Least and most the share of *all* adults can be, whoever the others are (C. F. Manski 1989)."""
        covered = self.share
        return None if covered is None else (covered * share, covered * share + 1 - covered)


def share_of(
    reached: ArrayLike,
    clusters: ArrayLike,
    *,
    strata: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    residuals: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Share:
    """The share of people who reached something, with clusters in its error.

    Parameters
    ----------
    reached : people, 0 or 1.
    clusters : people, the class of each (any labels, unique over all strata).
    strata : people, for example the commune, where each was surveyed by itself; classes are compared within one.
    weights : people, above 0; 1 when not given.
    residuals : people, what of `reached` is left after the population's margins are known (see `weights_to_margins`).

    Notes
    -----
    Standard error by linearisation, classes as ultimate clusters: with e the residuals, z_c = Σ w e over class c, and k classes of
    a stratum, the variance is Σ over strata of k/(k − 1) · Σ (z_c − z̄)², over (Σ w)² (K. M. Wolter 2007, Introduction to Variance
    Estimation, 2nd edition, chapter 6). The interval is Wilson's of the effective number of people, n / effect, made smaller
    for few classes by the square of normal over t quantile (E. L. Korn & B. I. Graubard 1998, Survey Methodology 24, 193–201); it
    is never narrower than if so many people had been drawn one by one. A stratum with one class is compared with the mean of
    all classes.

    Raises
    ------
    ValueError
        when the arrays differ in length, or a value lies outside its range.
    """
    y = np.asarray(reached, dtype=np.float64)
    w = np.ones_like(y) if weights is None else np.asarray(weights, dtype=np.float64)
    cluster = np.asarray(clusters)
    if not (y.ndim == 1 and w.shape == y.shape and cluster.shape == y.shape):
        raise ValueError(
            f"found {y.shape} people, {cluster.shape} classes and {w.shape} weights, expected three lists of one length"
        )
    if not np.isin(y, (0.0, 1.0)).all():
        raise ValueError("found values besides 0 and 1, expected who reached it as 1 and who did not as 0")
    if (w <= 0).any() or not np.isfinite(w).all():
        raise ValueError("found a weight that is not above 0")
    if not y.size:
        return Share(0, 0, nan, nan, nan, nan, confidence, nan, "stated", 1.0)
    total = w.sum()
    share = float((w * y).sum() / total)
    left = y - share if residuals is None else np.asarray(residuals, dtype=np.float64)
    _, place = np.unique(cluster, return_inverse=True)
    stratum = _stratum_of_clusters(place, strata)
    sums: Floats = np.bincount(place, weights=w * left).astype(np.float64)
    variance = _between(sums, stratum) / total**2
    return _with_interval(y.size, len(stratum), len(set(stratum.tolist())), share, variance, w, confidence)


def _stratum_of_clusters(place: Places, strata: ArrayLike | None) -> Places:
    """Clusters: the stratum of each, as numbers."""
    count = int(place.max()) + 1
    if strata is None:
        return np.zeros(count, dtype=np.intp)
    _, given = np.unique(np.asarray(strata), return_inverse=True)
    if given.shape != place.shape:
        raise ValueError(f"found {given.size} strata for {place.size} people, expected one each")
    first = np.zeros(count, dtype=np.intp)
    first[place] = given
    if (first[place] != given).any():
        raise ValueError("found a class in two strata, expected each in one (name the class so that it is unique)")
    return first


def _between(sums: Floats, stratum: Places) -> float:
    """Variance of the sum of all clusters' sums."""
    clusters = np.bincount(stratum).astype(np.float64)
    means = np.bincount(stratum, weights=sums) / np.maximum(clusters, 1)
    lonely = clusters[stratum] == 1
    centre = np.where(lonely, sums.mean(), means[stratum])
    k = clusters[stratum]
    factor = np.where(lonely, 1.0, k / np.maximum(k - 1, 1))
    return float((factor * (sums - centre) ** 2).sum())


def _with_interval(
    people: int, clusters: int, strata: int, share: float, variance: float, weights: Floats, confidence: float
) -> Share:
    weighting = float(people * (weights**2).sum() / weights.sum() ** 2)
    alone = share * (1 - share) / people
    stated = design_effect(max(1.0, people / clusters), STATED_ICC) * weighting
    measured = variance / alone if alone else nan
    freedom = clusters - strata
    enough = freedom >= FEW_CLUSTERS - 1 and alone > 0
    # Too few classes to trust what lies between them: not surer than the stated likeness would make us.
    effect = measured if enough else max(stated, measured) if alone else stated
    effective = people / max(effect, 1.0)
    if enough:
        effective *= (z_of(confidence) / t_of(confidence, freedom)) ** 2
    low, high = wilson_ends(share * effective, effective, confidence)
    se = sqrt(variance) if enough else sqrt(alone * effect)
    return Share(
        people,
        clusters,
        share,
        se,
        low,
        high,
        confidence,
        float(effect),
        "classes" if enough else "stated",
        weighting,
    )


def t_of(confidence: float, freedom: int) -> float:
    """Student's t quantile of a two-sided interval.

    Hill's expansion (G. W. Hill 1970, Communications of the ACM 13, algorithm 396), right to 4 figures from 3 degrees on; scipy
    is not needed for it.
    """
    z = z_of(confidence)
    n = float(freedom)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    fourth = (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160
    return z + first / n + second / n**2 + third / n**3 + fourth / n**4


@dataclass(frozen=True)
class Margin:
    """What is known of a population by one division, for example age bands.

    Attributes
    ----------
    name : for messages.
    cells : people measured, the cell of each; a joint cell is written as one label, for example "60_74/female".
    population : cell → people living there.
    """

    name: str
    cells: Sequence[str]
    population: dict[str, float]


@dataclass(frozen=True)
class Weighted:
    """People's weights to a population's margins.

    Attributes
    ----------
    weights : people; their sum is the population they can stand for.
    used : people; False for those of no known cell, who were left out (weight 0).
    unseen : by margin, the cells of the population in which nobody was measured. Nothing is known of them.
    represented : share of the population that lives in cells where somebody was measured, the least of the margins.
    rounds : of raking; 1 for one margin.
    """

    weights: Floats
    used: NDArray[np.bool_]
    unseen: dict[str, tuple[str, ...]]
    represented: float
    rounds: int


def weights_to_margins(margins: Sequence[Margin], *, most_rounds: int = 200, close: float = 1e-9) -> Weighted:
    """Weights that make the measured people look like the population by every margin given.

    One margin is post-stratification; several are raking: they are fitted in turn until all hold (W. E. Deming & F. F. Stephan
    1940, Annals of Mathematical Statistics 11, 427–444). Weighting by age and sex takes away what age and sex bring in, and
    nothing else: those who come to classes may differ in their age group, too.

    Raises
    ------
    ValueError
        when there is no margin, nobody measured is in a known cell, or the margins contradict each other.
    """
    if not margins:
        raise ValueError("found no margins, expected at least one, for example age bands")
    count = len(margins[0].cells)
    used = np.ones(count, dtype=np.bool_)
    for margin in margins:
        if len(margin.cells) != count:
            raise ValueError(
                f"margin {margin.name}: found {len(margin.cells)} people, expected {count} as in {margins[0].name}"
            )
        used &= np.array([one in margin.population for one in margin.cells], dtype=np.bool_)
    if not used.any():
        raise ValueError(
            f"nobody measured is in a cell of {', '.join(one.name for one in margins)}; look at how cells are written"
        )
    fitted = [_targets(margin, used) for margin in margins]
    represented = min(one.sum() / sum(margin.population.values()) for one, margin in zip(fitted, margins, strict=True))
    people = min(float(one.sum()) for one in fitted)
    places = [_place_in(margin, used) for margin in margins]
    weights, rounds = _raked(np.full(int(used.sum()), people / used.sum()), places, fitted, most_rounds, close)
    if not rounds:
        raise ValueError(
            f"the margins {', '.join(one.name for one in margins)} do not meet after {most_rounds} rounds: too few people "
            "measured in some cells. Join cells, for example two age bands"
        )
    all_weights = np.zeros(count)
    all_weights[used] = weights
    unseen = {
        margin.name: tuple(sorted(cell for cell in margin.population if cell not in set(_of(margin, used))))
        for margin in margins
    }
    return Weighted(all_weights, used, unseen, float(represented), rounds)


def _raked(
    weights: Floats, places: Sequence[Places], fitted: Sequence[Floats], most_rounds: int, close: float
) -> tuple[Floats, int]:
    """Weights that meet all margins, and the rounds it took; 0 rounds when they never meet."""
    people = weights.sum()
    for done in range(1, most_rounds + 1):
        for place, wanted in zip(places, fitted, strict=True):
            now = np.bincount(place, weights=weights, minlength=len(wanted))
            weights = weights * (wanted * people / wanted.sum() / np.where(now > 0, now, 1.0))[place]
        off = [
            np.abs(np.bincount(place, weights=weights, minlength=len(wanted)) / people - wanted / wanted.sum()).max()
            for place, wanted in zip(places, fitted, strict=True)
        ]
        if max(off) < close:
            return weights, done
    return weights, 0


def _of(margin: Margin, used: NDArray[np.bool_]) -> list[str]:
    return [cell for cell, one in zip(margin.cells, used, strict=True) if one]


def _place_in(margin: Margin, used: NDArray[np.bool_]) -> Places:
    return np.unique(_of(margin, used), return_inverse=True)[1]


def _targets(margin: Margin, used: NDArray[np.bool_]) -> Floats:
    """Population of the cells somebody was measured in, in the order of `_place_in`."""
    return np.array([margin.population[cell] for cell in np.unique(_of(margin, used))], dtype=np.float64)


def weighted_share(
    reached: ArrayLike,
    clusters: ArrayLike,
    margins: Sequence[Margin],
    *,
    strata: ArrayLike | None = None,
    confidence: float = 0.95,
) -> tuple[Share, Weighted]:
    """The share of a population like the margins, and the weights it took.

    The error is that of what the margins leave over: residuals of a weighted regression of `reached` on the cells (J.-C. Deville
    & C.-E. Särndal 1992, Journal of the American Statistical Association 87, 376–382), which for one margin is the deviation
    from the mean of the cell.
    """
    weighted = weights_to_margins(margins)
    used = weighted.used
    y, w = np.asarray(reached, dtype=np.float64)[used], weighted.weights[used]
    cells = np.hstack([np.eye(place.max() + 1)[place] for place in (_place_in(one, used) for one in margins)])
    root = np.sqrt(w)[:, None]
    explained = np.linalg.lstsq(cells * root, y * root[:, 0], rcond=None)[0]
    share = share_of(
        y,
        np.asarray(clusters)[used],
        strata=None if strata is None else np.asarray(strata)[used],
        weights=w,
        residuals=y - cells @ explained,
        confidence=confidence,
    )
    return share, weighted


def likeness(reached: ArrayLike, clusters: ArrayLike) -> float:
    """How alike classmates are: the intraclass correlation of 0/1 answers, for planning the next survey.

    Returns
    -------
    −1 to 1, often slightly below 0 by chance where classmates are not alike; NaN with fewer than two classes, or no class of
    two, or when all answered the same.

    Notes
    -----
    Analysis of variance estimator with the number of people per class adjusted for unequal sizes. Source: M. S. Ridout, C. G. B.
    Demétrio & D. Firth (1999), Biometrics 55, 137–148, equation 2.
    """
    y = np.asarray(reached, dtype=np.float64)
    _, place = np.unique(np.asarray(clusters), return_inverse=True)
    if not y.size:
        return nan
    sizes = np.bincount(place).astype(np.float64)
    k, n = len(sizes), float(y.size)
    if k < 2 or n == k:
        return nan
    means = np.bincount(place, weights=y) / sizes
    between = float((sizes * (means - y.mean()) ** 2).sum()) / (k - 1)
    within = float(((y - means[place]) ** 2).sum()) / (n - k)
    typical = (n - (sizes**2).sum() / n) / (k - 1)
    spread = between + (typical - 1) * within
    return (between - within) / spread if spread > 0 else nan
