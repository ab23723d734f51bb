"""Does a person's pattern of answers fit the model: hard tasks done and easy ones missed, or far too regular?

The log-likelihood of a pattern says how likely it is at the person's ability. Ability was estimated from the same answers, so the
usual standardised log-likelihood ``lz`` is too narrow and flags too few. ``lz_star`` corrects for that (Snijders 2001; for several
scores Sinharay 2016) and is standard normal for honest answers to a long enough test.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bdhvs.measurement import ability, item_models
from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.item_models import LEAST_CHANCE, Floats
from bdhvs.measurement.responses import Responses

LEAST_ITEMS = 10  # answered; below, the normal reference of lz_star is rough and its power small
AT_ONCE = 4_000_000  # numbers in a block of persons × cells
NUDGE = 1e-4  # logits, of central differences


@dataclass(frozen=True, eq=False)
class PersonFit:
    """One entry per person in every field; NaN for who answered fewer than two items that can tell.

    Attributes
    ----------
    ability : Warm's estimate, logits: finite for all right and all wrong, too.
    items : answered, among those with parameters.
    lz : standardised log-likelihood as if ability were known (Drasgow, Levine & Williams 1985).
    lz_star : the same, corrected for the estimated ability; about standard normal. Far below 0: an unlikely pattern.
    p : chance of an `lz_star` as low or lower for honest answers, 0–1.
    infit, outfit : mean squares of residuals, weighted by information and not (Wright & Masters 1982); about 1; far above: erratic.
    infit_z, outfit_z : the same as normal deviates (cube root of Wilson & Hilferty), as if ability were known.
    """

    ability: Floats
    items: NDArray[np.intp]
    lz: Floats
    lz_star: Floats
    p: Floats
    infit: Floats
    outfit: Floats
    infit_z: Floats
    outfit_z: Floats


def person_fit(responses: ArrayLike | Responses, items: CalibratedItems) -> PersonFit:
    """Fit of each person's answers to calibrated items.

    Parameters
    ----------
    responses : persons × items of whole scores, NaN for not shown; or `Responses`. The items of `items`, in their order.

    Raises
    ------
    ValueError
        when the number of items differs, or a score lies above an item's highest.

    Notes
    -----
    With P_k the chance of score k of an item at θ̂, w_k = log P_k and s_k = P_k′/P_k: W = Σ(w_x − Σ P_k w_k) over items,
    lz = W/√Σ Var(w). Warm's θ̂ solves r₀(θ) + Σ s_x = 0 with r₀ = J/2I, J = Σ P′P″/P. With c = Σ Cov(w, s)/I and
    w̃ = w − c·s: lz* = (W + c·r₀)/√Σ Var(w̃). Sources: Snijders (2001), Psychometrika 66, 331–342; Sinharay (2016), Psychometrika
    81, 992–1013 (several scores). Infit Σ(x − E)²/ΣV, outfit mean of (x − E)²/V; their variances as in Wright & Masters (1982),
    Rating scale analysis, p. 100.
    """
    given = responses if isinstance(responses, Responses) else Responses.dense(responses)
    if given.shape[1] != len(items.ids):
        raise ValueError(f"found responses to {given.shape[1]} items, expected {len(items.ids)} as calibrated")
    given = given.with_maximum(items.cells.maximum)
    theta, _ = ability.estimate(given, items.family, items.parameters, "wle")
    size = max(1, AT_ONCE // (len(items.cells) * 8))
    parts = [_block(given, items, theta, slice(one, min(one + size, len(theta)))) for one in range(0, len(theta), size)]
    columns = [np.concatenate(one) for one in zip(*parts, strict=True)]
    return PersonFit(theta, *columns)


def _block(given: Responses, items: CalibratedItems, theta: Floats, which: slice) -> tuple[NDArray[np.generic], ...]:
    from scipy.special import ndtr

    at = np.where(np.isfinite(theta[which]), theta[which], 0.0)
    sums = _Sums(len(at))
    block = given.block(which, np.float64)
    chosen = block if isinstance(block, np.ndarray) else block.toarray()
    for places, cells in item_models.alike(items.cells):
        sums.add(items, places, at, chosen[:, cells])
    lz, star = sums.likelihoods()
    infit, infit_z = sums.infit()
    outfit, outfit_z = sums.outfit()
    few = (sums.count < 2) | ~np.isfinite(theta[which])
    numbers = (lz, star, np.asarray(ndtr(star)), infit, outfit, infit_z, outfit_z)
    return (sums.count.astype(np.intp), *(np.where(few, np.nan, one) for one in numbers))


class _Sums:
    """Sums over the items each person answered; `names` say which."""

    names = ("w", "ws", "ww", "info", "bias", "v", "xx", "c", "z", "kurtosis", "count")

    def __init__(self, persons: int) -> None:
        self.of = {name: np.zeros(persons) for name in self.names}

    @property
    def count(self) -> Floats:
        return self.of["count"]

    def add(self, items: CalibratedItems, places: NDArray[np.intp], at: Floats, chosen: Floats) -> None:
        """Items with one highest score: `chosen` is persons × items × scores, ones and zeros."""
        own = items.parameters[places, : chosen.shape[2]]
        family = items.model
        chance = np.maximum(family.chances(own, at), LEAST_CHANCE)
        change = family.by_ability(own, at, chance)
        ahead, behind = (family.by_ability(own, at + by, family.chances(own, at + by)) for by in (NUDGE, -NUDGE))
        p, first, second = (one.transpose(2, 0, 1) for one in (chance, change, (ahead - behind) / (2 * NUDGE)))
        shown = chosen.sum(axis=2)
        w, s = np.log(p), first / p
        mean_w = (p * w).sum(axis=2)
        score = np.arange(chosen.shape[2])
        mean = p @ score
        off = score - mean[:, :, None]
        variance, fourth = (p * off**2).sum(axis=2), (p * off**4).sum(axis=2)
        square = (chosen @ score - mean) ** 2
        safe = np.maximum(variance, LEAST_CHANCE)
        found = {
            "w": (chosen * w).sum(axis=2) - mean_w,
            "ws": (first * w).sum(axis=2),
            "ww": (p * w**2).sum(axis=2) - mean_w**2,
            "info": (first * s).sum(axis=2),
            "bias": (first * second / p).sum(axis=2),
            "v": variance,
            "xx": square,
            "c": fourth - variance**2,
            "z": square / safe,
            "kurtosis": fourth / safe**2 - 1,
            "count": np.ones_like(shown),
        }
        for name, value in found.items():
            self.of[name] += (shown * value).sum(axis=1)

    def likelihoods(self) -> tuple[Floats, Floats]:
        """lz and lz*."""
        one = self.of
        info = np.maximum(one["info"], LEAST_CHANCE)
        share = one["ws"] / info
        moved = one["w"] + share * one["bias"] / (2 * info)
        return _over(one["w"], np.sqrt(one["ww"])), _over(moved, np.sqrt(np.maximum(one["ww"] - share * one["ws"], 0)))

    def infit(self) -> tuple[Floats, Floats]:
        one = self.of
        value = _over(one["xx"], one["v"])
        return value, _deviate(value, _over(np.sqrt(one["c"]), one["v"]))

    def outfit(self) -> tuple[Floats, Floats]:
        one = self.of
        value = _over(one["z"], one["count"])
        return value, _deviate(value, _over(np.sqrt(one["kurtosis"]), one["count"]))


def _deviate(mean_square: Floats, sd: Floats) -> Floats:
    """A mean square as a normal deviate: (MS^⅓ − 1)·3/q + q/3."""
    return _over(3 * (np.cbrt(mean_square) - 1), sd) + sd / 3


def _over(above: Floats, below: Floats) -> Floats:
    return np.asarray(np.divide(above, below, out=np.full(below.shape, np.nan), where=below > 1e-9))
