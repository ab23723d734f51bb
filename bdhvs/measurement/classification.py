"""How often a test puts people into the right band, and twice into the same: classification accuracy and consistency.

Two ways to the same questions. *Rudner's* takes the estimate of ability as normal around the true one; it fits results on the
ability scale, as ours are. *Lee's* takes the exact distribution of the sum score; it fits results by points ("14 of 20").
Both end in persons (or nodes of a grid) × bands: the probability of being put into each band.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bdhvs.measurement.calibrated import CalibratedItems

Floats = NDArray[np.float64]
Whole = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Classification:
    """Accuracy and consistency of classifying into K + 1 bands.

    Attributes
    ----------
    table : true band × band assigned, expected shares of all persons; sums to 1.
    accuracy : share put into their true band, 0–1.
    consistency : share put into one band by two parallel tests, 0–1.
    by_chance : consistency of two tests that know nothing of a person but the shares of the bands.
    accuracy_at, consistency_at : the same for each cut alone (reached or not).
    too_high, too_low : shares put above and below their true band; with `accuracy` they make 1.
    """

    table: Floats
    accuracy: float
    consistency: float
    by_chance: float
    accuracy_at: Floats
    consistency_at: Floats

    @property
    def kappa(self) -> float:
        """Consistency beyond chance (Cohen 1960): (consistency − by chance) / (1 − by chance); NaN when all are in one band."""
        return float((self.consistency - self.by_chance) / (1 - self.by_chance)) if self.by_chance < 1 else float("nan")

    @property
    def too_high(self) -> float:
        return float(np.triu(self.table, 1).sum())

    @property
    def too_low(self) -> float:
        return float(np.tril(self.table, -1).sum())


def rudner(ability: ArrayLike, se: ArrayLike, cuts: ArrayLike, weights: ArrayLike | None = None) -> Classification:
    """Accuracy and consistency on the scale of ability.

    Parameters
    ----------
    ability : abilities taken as true: estimates of a sample ("P method"), or nodes of a grid ("D method"). Logits.
    se : standard error of an estimate at each; one per ability, > 0.
    cuts : rising abilities in logits.
    weights : of each ability; all alike when left out.

    Notes
    -----
    P(put into band l | θ) = Φ((c_{l+1} − θ)/se) − Φ((c_l − θ)/se). Accuracy is the weighted mean of the entry of θ's own band,
    consistency of the sum of squares. Source: L. M. Rudner (2001), Computing the expected proportions of misclassified
    examinees, Practical Assessment, Research & Evaluation 7(14); (2005), Expected classification accuracy, 10(13);
    consistency: Q. N. Lathrop, Y. Cheng (2013), Applied Psychological Measurement 37, 226–241.

    Estimates spread more than true abilities do, so with the P method and a short test the figures are those of a group more
    spread out than yours, and somewhat too favourable (J. A. Martineau 2007, Applied Psychological Measurement 31, 181–194).
    With a grid of the true distribution they are not.
    """
    from scipy.special import ndtr

    at = np.atleast_1d(np.asarray(ability, dtype=np.float64))
    error = np.broadcast_to(np.asarray(se, dtype=np.float64), at.shape)
    parted = _rising(cuts)
    if not np.isfinite(at).all() or not (error > 0).all():
        raise ValueError("found an ability that is missing or a standard error not above 0; leave such persons out")
    below = ndtr((parted - at[:, None]) / error[:, None])
    ends = np.ones((len(at), 1))
    chance = np.diff(np.concatenate([0 * ends, below, ends], axis=1), axis=1)
    return indices(np.searchsorted(parted, at, side="right"), chance, weights)


def lee(
    items: CalibratedItems, ability: ArrayLike, cuts: ArrayLike, weights: ArrayLike | None = None
) -> Classification:
    """Accuracy and consistency of bands by sum score.

    Parameters
    ----------
    items : those of the form.
    ability : abilities taken as true, as in `rudner`.
    cuts : rising sum scores; a score at a cut has reached the band above. A cut of 2.4 is reached by 3.
    weights : of each ability; all alike when left out.

    Notes
    -----
    The true band is that of the expected score at θ; the assigned one has the distribution of the sum score
    (`sum_score_distribution`). Source: W.-C. Lee (2010), Classification consistency and accuracy for complex assessments using
    item response theory, Journal of Educational Measurement 47, 1–17.
    """
    at = np.atleast_1d(np.asarray(ability, dtype=np.float64))
    parted = _rising(cuts)
    scores = sum_score_distribution(items, at)
    band_of_score = np.searchsorted(parted, np.arange(len(scores)), side="right")
    chance = np.stack([scores[band_of_score == band].sum(axis=0) for band in range(len(parted) + 1)], axis=1)
    expected = items.expected_scores(at).sum(axis=0)
    return indices(np.searchsorted(parted, expected, side="right"), chance, weights)


def sum_score_distribution(items: CalibratedItems, ability: ArrayLike) -> Floats:
    """Probability of each sum score at each ability: (highest sum + 1) × abilities; columns sum to 1.

    Notes
    -----
    One item after the other: f(x) ← Σ_k f(x − k)·P(k). Source: F. M. Lord, M. S. Wingersky (1984), Applied Psychological
    Measurement 8, 453–461, equation 4 (scores 0 and 1); for more scores B. A. Hanson (1994) and Thissen, Pommerich, Billeaud,
    Williams (1995), the same journal 19, 39–49.
    """
    at = np.atleast_1d(np.asarray(ability, dtype=np.float64))
    chances = np.exp(items.log_probabilities(at))
    found = np.ones((1, len(at)))
    for first, top in zip(items.cells.first, items.cells.maximum, strict=True):
        longer = np.zeros((len(found) + top, len(at)))
        for score in range(top + 1):
            longer[score : score + len(found)] += found * chances[first + score]
        found = longer
    return found


def indices(true_band: Whole, chance: Floats, weights: ArrayLike | None = None) -> Classification:
    """What follows from each one's true band and the probabilities of being put into each: persons × bands."""
    share = np.ones(len(chance)) if weights is None else np.asarray(weights, dtype=np.float64)
    if share.shape != true_band.shape or (share < 0).any() or not share.sum() > 0:
        raise ValueError(f"found weights of shape {share.shape} for {len(true_band)} abilities, expected one from 0 for each")
    share = share / share.sum()
    bands = chance.shape[1]
    table = np.zeros((bands, bands))
    np.add.at(table, true_band, share[:, None] * chance)
    marginal = share @ chance
    reached = np.cumsum(chance[:, ::-1], axis=1)[:, ::-1][:, 1:]  # persons × cuts
    truly = true_band[:, None] > np.arange(bands - 1)
    return Classification(
        table=table,
        accuracy=float(np.trace(table)),
        consistency=float(share @ (chance**2).sum(axis=1)),
        by_chance=float(marginal @ marginal),
        accuracy_at=share @ np.where(truly, reached, 1 - reached),
        consistency_at=share @ (reached**2 + (1 - reached) ** 2),
    )


def _rising(cuts: ArrayLike) -> Floats:
    parted = np.atleast_1d(np.asarray(cuts, dtype=np.float64))
    if not len(parted) or not np.isfinite(parted).all() or (np.diff(parted) <= 0).any():
        raise ValueError(f"found cuts {parted.tolist()}, expected at least one, rising")
    return parted
