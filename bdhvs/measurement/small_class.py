"""Difficulty from one class of 15 to 60: logits with a prior, never without an interval, and when to say nothing.

A two-parameter model asks for slopes that 25 learners cannot tell: its difficulties come out at 5 or 20 logits, and most
programs give them without a word. Here slopes are taken as equal, the class's spread of ability is one number, and an
item's difficulty is a posterior: the prior (its author's level, or the other items) and the class, weighed by how much
each knows. ``benchmarks/small_class.py`` measures it beside other packages.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bdhvs.measurement.cautions import Caution
from bdhvs.measurement.responses import Responses
from bdhvs.measurement.score_tables import Floats, score_table
from bdhvs.measurement.share_cautions import LEAST_PERSONS, WIDEST_SHARE, share_cautions

LEAST_ITEMS = 5  # below, a learner's own result is a matter of one or two tasks
MUCH_MISSING = 0.2
SPREADS = np.array([0.3, 0.45, 0.65, 0.85, 1.05, 1.3, 1.6, 2.0])  # prior standard deviations tried, logits
SHIFTS = np.linspace(-6, 6, 121)  # places of the class against the items, logits
OFFSETS = np.linspace(-8, 8, 161)  # of an item from its prior mean, logits, where the spread is learnt; 4 of the widest
STANDARD_OFFSETS = np.linspace(-5, 5, 101)  # the same in prior standard deviations, where the spread is given
LOGISTIC_AS_NORMAL = 16 * sqrt(3) / (15 * pi)  # a logistic curve is about the normal curve of slope 0.588


@dataclass(frozen=True, eq=False)
class ClassDifficulties:
    """Difficulties of items from one class, by item; logits unless said otherwise.

    With prior means the scale is theirs (the bank's) and `location` says where the class stands on it. Without, the items'
    mean is 0.
    """

    persons: NDArray[np.intp]  # who answered the item
    right: NDArray[np.intp]  # of those
    difficulty: Floats  # mean of the posterior; finite even when all or none were right
    error: Floats  # its standard deviation
    low: Floats  # equal-tailed interval of the posterior
    high: Floats
    location: float  # mean ability of the class
    location_error: float
    ability_sd: float  # spread of ability in the class used here
    prior_sd: float  # spread of items around their prior means: as given, else the posterior mean over `SPREADS`
    cautions: tuple[Caution, ...]  # of the whole; those of one item are in `item_cautions`
    item_cautions: tuple[tuple[Caution, ...], ...]


def class_difficulties(
    scores: ArrayLike | Responses,
    prior_mean: ArrayLike | None = None,
    prior_sd: float | None = None,
    ability_sd: float | None = None,
    confidence: float = 0.95,
) -> ClassDifficulties:
    """Difficulty of items of score 0 or 1 from one small class.

    Parameters
    ----------
    scores : persons × items of 0 and 1; NaN for missing (left out; whoever skips because it is hard should be a 0).
    prior_mean : difficulty expected of each item (its level's, on the bank's scale), logits; none: all alike, centred at 0.
    prior_sd : how far items lie from that, logits; none: learnt from the class, between 0.3 and 2.
    ability_sd : spread of ability in the class, logits; none: learnt from it (see Notes), between 0.3 and 2.

    Raises
    ------
    ValueError
        saying where, when a score is neither 0 nor 1, or a spread is not above 0.

    Notes
    -----
    1. Class: mean ability μ, spread σ. The share right on an item of difficulty b is ∫ logistic(θ − b) N(θ; μ, σ²) dθ ≈
       logistic((μ − b)/√(1 + c²σ²)), c = 16√3/(15π) (Johnson & Kotz 1970, Continuous univariate distributions 2; the expansion of PROX, Cohen 1979,
       British Journal of Mathematical and Statistical Psychology 32, 113–120; Wright & Stone 1979, Best test design, ch. 2).
    2. σ from the covariance of items: with v the mean covariance of pairs and w the mean slope of the items' curves,
       σ² ≈ v/w² · (1 + c²σ²), drawn towards 1 with the weight of 10 persons.
    3. Item: b ~ N(prior mean, τ²); right answers are binomial. The posterior of b is summed over a grid, and over μ (flat) and τ
       (flat over `SPREADS`) weighed by their own posterior: Bayes' rule without further approximation.

    Slopes are taken as equal. Answers that learners gave together are fewer than they seem: the intervals do not know.
    """
    table = score_table(scores)
    _refuse_other_than_right_and_wrong(table)
    for name, spread in (("prior_sd", prior_sd), ("ability_sd", ability_sd)):
        if spread is not None and not spread > 0:
            raise ValueError(f"found {name} {spread}, expected more than 0 logits")
    persons = (~np.isnan(table)).sum(axis=0)
    right = np.nansum(table, axis=0).astype(np.intp)
    centre = np.zeros(table.shape[1]) if prior_mean is None else np.asarray(prior_mean, dtype=np.float64)
    if centre.shape != persons.shape or not np.isfinite(centre).all():
        raise ValueError(
            f"found prior means of shape {centre.shape}, expected one number for each of {len(persons)} items"
        )
    sigma = ability_sd if ability_sd is not None else _class_spread(table)
    found = _posterior(right, persons, centre, prior_sd, sigma, confidence)
    difficulty, error, low, high, location, location_error, tau = found
    if prior_mean is None:  # the scale has no other origin than the items themselves
        origin = float(difficulty.mean())
        difficulty, low, high, location = difficulty - origin, low - origin, high - origin, location - origin
    return ClassDifficulties(
        persons, right, difficulty, error, low, high, location, location_error, sigma, tau,
        class_cautions(table), tuple(item_cautions(int(k), int(n), confidence) for k, n in zip(right, persons, strict=True)),
    )  # fmt: skip


def class_cautions(
    scores: ArrayLike | Responses, least_persons: int = LEAST_PERSONS, least_items: int = LEAST_ITEMS
) -> tuple[Caution, ...]:
    """Why not to conclude about a class: too few persons or items, much missing, nobody different. Empty when nothing speaks against it."""
    table = score_table(scores)
    shown = ~np.isnan(table)
    found = []
    persons, items = int(shown.any(axis=1).sum()), int(shown.any(axis=0).sum())
    if persons < least_persons:
        found.append(Caution("too_few_persons", {"n": persons, "least": least_persons}))
    if items < least_items:
        found.append(Caution("too_few_items", {"n": items, "least": least_items}))
    missing = 1 - float(shown.mean())
    if missing > MUCH_MISSING:
        found.append(Caution("much_missing", {"share": missing}))
    means = np.nansum(table, axis=1)[shown.any(axis=1)] / shown.sum(axis=1)[shown.any(axis=1)]
    if persons > 1 and np.ptp(means) < 1e-12:
        found.append(Caution("no_spread"))
    return tuple(found)


def item_cautions(
    right: int,
    persons: int,
    confidence: float = 0.95,
    least_persons: int = LEAST_PERSONS,
    widest: float = WIDEST_SHARE,
) -> tuple[Caution, ...]:
    """Why not to conclude about one item from so many right of so many persons; the interval is `exact_interval`."""
    from bdhvs.measurement.exact_shares import exact_interval

    if not persons:
        return (Caution("nobody_answered"),)
    low, high = (float(one) for one in exact_interval(right, persons, confidence))
    found = list(share_cautions(persons, low, high, least_persons, widest))
    if right in (0, persons):
        found.append(Caution("all_right" if right else "all_wrong", {"n": persons}))
    return tuple(found)


def _posterior(
    right: NDArray[np.intp],
    persons: NDArray[np.intp],
    centre: Floats,
    prior_sd: float | None,
    sigma: float,
    confidence: float,
) -> tuple[Floats, Floats, Floats, Floats, float, float, float]:
    """Mean, standard deviation and ends of each item's difficulty, then of the class's place, and the mean of τ."""
    spreads, offsets = (SPREADS, OFFSETS) if prior_sd is None else (np.array([prior_sd]), prior_sd * STANDARD_OFFSETS)
    shifts = SHIFTS + float(centre.mean())
    prior = np.exp(-0.5 * (offsets / spreads[:, None]) ** 2)  # spreads × offsets
    prior /= prior.sum(axis=1, keepdims=True)
    values = centre[:, None] + offsets  # items × offsets
    logits = (shifts[:, None, None] - values) / sqrt(1 + (LOGISTIC_AS_NORMAL * sigma) ** 2)  # shifts × items × offsets
    wrong = (persons - right)[:, None]
    log_chance = -(
        np.logaddexp(0, -logits) * right[:, None] + np.logaddexp(0, logits) * wrong
    )  # log P^k (1 − P)^(n − k)
    best = log_chance.max(axis=2, keepdims=True)
    chance = np.exp(log_chance - best)
    mass = chance @ prior.T  # shifts × items × spreads: what the item says of the class's place and the spread
    evidence = (np.log(mass) + best).sum(axis=1)
    weight = np.exp(evidence - evidence.max())
    weight /= weight.sum()  # shifts × spreads
    posterior = (chance * ((weight[:, None] / mass) @ prior)).sum(axis=0)  # items × offsets
    mean = (posterior * values).sum(axis=1)
    error = np.sqrt((posterior * (values - mean[:, None]) ** 2).sum(axis=1))
    low, high = (_quantiles(values, posterior, share) for share in ((1 - confidence) / 2, (1 + confidence) / 2))
    location = float(weight.sum(axis=1) @ shifts)
    location_error = sqrt(float(weight.sum(axis=1) @ (shifts - location) ** 2))
    return mean, error, low, high, location, location_error, float(weight.sum(axis=0) @ spreads)


def _quantiles(values: Floats, mass: Floats, share: float) -> Floats:
    """Quantile of each row's distribution over a rising grid, between grid points by straight lines."""
    middle = np.cumsum(mass, axis=1) - mass / 2
    return np.array([np.interp(share, below, row) for below, row in zip(middle, values, strict=True)])


def _class_spread(table: Floats) -> float:
    """Standard deviation of ability in the class, logits, drawn towards 1 with the weight of 10 persons."""
    shown = ~np.isnan(table)
    share = np.nansum(table, axis=0) / np.maximum(shown.sum(axis=0), 1)
    off = np.where(shown, table - share, 0.0)
    together = shown.T.astype(np.float64) @ shown
    products = off.T @ off
    pairs = ~np.eye(table.shape[1], dtype=bool) & (together > 1)
    if not pairs.any():
        return 1.0
    covariance = float((products[pairs] / (together[pairs] - 1)).mean())
    slope = share * (1 - share)  # of the class's curve at this share, per logit of the flattened curve
    outer = float(np.outer(slope, slope)[pairs].mean())
    ratio = max(covariance, 0.0) / outer if outer > 0 else 0.0
    # v = w²·σ²/(1 + c²σ²), solved for σ²; a ratio near or above 1/c² has no finite solution and means "very wide".
    c2 = LOGISTIC_AS_NORMAL**2
    ratio = min(ratio, 0.9 / c2)
    variance = ratio / (1 - c2 * ratio)
    persons = int(shown.any(axis=1).sum())
    drawn = (persons * variance + 10 * 1.0) / (persons + 10)
    return float(np.clip(sqrt(drawn), SPREADS[0], SPREADS[-1]))


def _refuse_other_than_right_and_wrong(table: Floats) -> None:
    wrong = ~np.isnan(table) & (table != 0) & (table != 1)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise ValueError(f"person {row}, item {column}: found {table[row, column]}, expected 0 or 1")
