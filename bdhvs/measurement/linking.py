"""Two calibrations on one scale: the straight line between scales, from items that both have.

A link turns the *new* scale into the *old* one: θ_old = slope·θ_new + shift. An item then has slope a_old = a_new / slope
and difficulty b_old = slope·b_new + shift. Source throughout: Kolen & Brennan (2014), Test equating, scaling, and linking,
3rd ed., ch. 6.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import nan, sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.cautions import Caution
from bdhvs.measurement.grids import Normal, nodes, weights
from bdhvs.measurement.item_models import Floats

MethodName = Literal["mean_mean", "mean_sigma", "haebara", "stocking_lord"]
LEAST_COMMON = 5  # common items; below, one item that changed moves the link by more than a fifth of its change
NODES = 41
LEAST_SPREAD = 0.05  # logits; of items that hardly differ at all, one 0.14 logits off has moved, one 0.01 off has not
DRIFT = 2.7  # robust z beyond which an item has moved: 99.3 % of items that did not lie within


@dataclass(frozen=True)
class Link:
    """θ_old = slope · θ_new + shift."""

    slope: float
    shift: float  # logits of the old scale
    shift_error: float = nan  # of the shift at θ_new = 0, by jackknife over common items; NaN where not asked for
    cautions: tuple[Caution, ...] = ()

    def abilities(self, theta: ArrayLike) -> Floats:
        """Abilities of the new scale on the old one, logits; NaN stays NaN."""
        return self.slope * np.asarray(theta, dtype=np.float64) + self.shift

    def errors(self, se: ArrayLike) -> Floats:
        """Standard errors of abilities on the old scale, logits."""
        return abs(self.slope) * np.asarray(se, dtype=np.float64)

    def items(self, new: CalibratedItems) -> CalibratedItems:
        """Items of the new scale on the old one: each score has the same chance for the same person.

        Slope a/A; an intercept c of score k becomes c − k·a·B/A in partial credit and c − a·B/A in graded response.
        """
        steps = np.arange(1, new.parameters.shape[1])
        times = steps if new.family == "partial_credit" else np.ones(len(steps))
        slope = new.slope / self.slope
        moved = new.parameters[:, 1:] - times * slope[:, None] * self.shift
        return CalibratedItems(new.ids, np.column_stack([slope, moved]), new.family)


def link(
    old: CalibratedItems,
    new: CalibratedItems,
    method: MethodName = "stocking_lord",
    group: Normal | None = None,
    least_common: int = LEAST_COMMON,
    jackknife: bool = True,
) -> Link:
    """The line from the new scale to the old one, from the items with the same id in both.

    Parameters
    ----------
    method : ``mean_mean`` (Loyd & Hoover 1980, Journal of Educational Measurement 17, 179–193), ``mean_sigma`` (Marco 1977, the
        same 14, 139–160), ``haebara`` (Haebara 1980, Japanese Psychological Research 22, 144–149) or ``stocking_lord``
        (Stocking & Lord 1983, Applied Psychological Measurement 7, 201–210).
    group : where abilities lie on the *old* scale, for the last two; standard normal by default.
    jackknife : whether to find the error of the shift, by leaving out each common item in turn:
        √((m − 1)/m · Σ(shift_i − mean)²) (Monseur & Berezner 2007, Journal of Applied Measurement 8, 323–335).

    Returns
    -------
    Link
        with the cautions ``few_common_items`` and ``items_drifted`` (see `drift`).

    Raises
    ------
    ValueError
        when there are fewer than two common items, they have different highest scores or families, or `method` is
        unknown.

    Notes
    -----
    mean_mean: A = mean(a_new)/mean(a_old), B = mean(b_old) − A·mean(b_new); mean_sigma: A = sd(b_old)/sd(b_new).
    stocking_lord: the least Σ_q w_q (Σ_j τ_j(θ_q) − Σ_j τ*_j(θ_q))² of expected scores τ; haebara: Σ_q w_q Σ_j Σ_k (P_jk − P*_jk)²
    over the chances of all scores. With Rasch slopes use ``mean_mean``: its A is then 1.
    """
    if method not in METHODS:
        raise ValueError(f"found the method {method!r}, expected one of {', '.join(METHODS)}")
    mine, theirs = common_items(old, new)
    at = nodes(NODES)
    weight = weights(at, group or Normal())
    slope, shift = METHODS[method](mine, theirs, at, weight)
    m = len(mine.ids)
    error = nan
    if jackknife and m > 2:
        others = [[place for place in range(m) if place != left] for left in range(m)]
        shifts = np.array([METHODS[method](mine.take(rest), theirs.take(rest), at, weight)[1] for rest in others])
        error = sqrt((m - 1) / m * float(((shifts - shifts.mean()) ** 2).sum()))
    found = Link(slope, shift)
    moved = int(drift(mine, theirs, found).moved.sum())
    cautions = []
    if m < least_common:
        cautions.append(Caution("few_common_items", {"n": m, "least": least_common}))
    if moved:
        cautions.append(Caution("items_drifted", {"n": moved, "total": m}))
    return Link(slope, shift, error, tuple(cautions))


@dataclass(frozen=True, eq=False)
class Drift:
    """How far each common item lies from where the link puts it."""

    ids: tuple[str, ...]
    difference: Floats  # difficulty on the old scale less that linked from the new one, logits
    robust_z: Floats  # (difference − median) / (0.74 · interquartile range, at least `LEAST_SPREAD`)
    moved: NDArray[np.bool_]


def drift(old: CalibratedItems, new: CalibratedItems, found: Link, beyond: float = DRIFT) -> Drift:
    """Which common items became easier or harder than the others did.

    Source: robust z of Huynh & Meyer (2010), Practical Assessment, Research & Evaluation 15(2); their cut of 1.645 calls a tenth
    of all unmoved items moved, so ours lies at `beyond`.
    """
    mine, theirs = common_items(old, new)
    difference = mine.difficulty - found.items(theirs).difficulty
    middle, (first, third) = float(np.median(difference)), np.quantile(difference, [0.25, 0.75])
    z = (difference - middle) / max(0.74 * float(third - first), LEAST_SPREAD)
    return Drift(mine.ids, difference, np.asarray(z), np.abs(z) > beyond)


def common_items(old: CalibratedItems, new: CalibratedItems) -> tuple[CalibratedItems, CalibratedItems]:
    """The items with an id in both, in the order of `old`."""
    places = {name: place for place, name in enumerate(new.ids)}
    both = [place for place, name in enumerate(old.ids) if name in places]
    if len(both) < 2:
        raise ValueError(f"found {len(both)} common items, expected at least 2 with the same id in both calibrations")
    mine, theirs = old.take(both), new.take([places[old.ids[place]] for place in both])
    if old.family != new.family or (mine.cells.maximum != theirs.cells.maximum).any():
        raise ValueError(
            "found common items of different families or highest scores, expected the same in both calibrations"
        )
    return mine, theirs


Method = Callable[[CalibratedItems, CalibratedItems, Floats, Floats], tuple[float, float]]


def _mean_mean(old: CalibratedItems, new: CalibratedItems, at: Floats, weight: Floats) -> tuple[float, float]:
    slope = float(new.slope.mean() / old.slope.mean())
    return slope, float(old.difficulty.mean() - slope * new.difficulty.mean())


def _mean_sigma(old: CalibratedItems, new: CalibratedItems, at: Floats, weight: Floats) -> tuple[float, float]:
    spread = float(new.difficulty.std())
    if not spread > 1e-9:
        raise ValueError("found common items of one difficulty, expected several for mean_sigma; use mean_mean")
    slope = float(old.difficulty.std() / spread)
    return slope, float(old.difficulty.mean() - slope * new.difficulty.mean())


def _haebara(old: CalibratedItems, new: CalibratedItems, at: Floats, weight: Floats) -> tuple[float, float]:
    target = np.exp(old.log_probabilities(at))

    def loss(line: Sequence[float]) -> float:
        moved = np.exp(Link(line[0], line[1]).items(new).log_probabilities(at))
        return float((weight * (target - moved) ** 2).sum())

    return _smallest(loss, _mean_mean(old, new, at, weight))


def _stocking_lord(old: CalibratedItems, new: CalibratedItems, at: Floats, weight: Floats) -> tuple[float, float]:
    target = old.expected_scores(at).sum(axis=0)

    def loss(line: Sequence[float]) -> float:
        moved = Link(line[0], line[1]).items(new).expected_scores(at).sum(axis=0)
        return float(weight @ (target - moved) ** 2)

    return _smallest(loss, _mean_mean(old, new, at, weight))


def _smallest(loss: Callable[[Sequence[float]], float], start: tuple[float, float]) -> tuple[float, float]:
    from scipy.optimize import minimize

    found = minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-16, "maxiter": 2000})
    if not found.success:
        raise ValueError(f"the search for a link stopped: {found.message}; use mean_mean and look at the common items")
    return float(found.x[0]), float(found.x[1])


METHODS: dict[str, Method] = {
    "mean_mean": _mean_mean,
    "mean_sigma": _mean_sigma,
    "haebara": _haebara,
    "stocking_lord": _stocking_lord,
}
