"""From an ability and its uncertainty to a band, or to the honest "not enough evidence".

A band is named only when it is probable enough. Between "we know" and "we do not" there is often something worth saying: the
highest band that is *reached* for sure (`at_least`), even when the one above cannot be ruled out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bdhvs.measurement.cut_scores import LevelCuts
from bdhvs.measurement.thresholds import CERTAINTY, LEAST_TASKS

Floats = NDArray[np.float64]
Whole = NDArray[np.intp]

BELOW = "below"  # under the lowest cut
INSUFFICIENT = -1  # in place of a band's number


@dataclass(frozen=True, eq=False)
class Bands:
    """Bands on the scale of ability, lowest first.

    Attributes
    ----------
    names : K + 1 codes; the first lies below all cuts.
    cuts : K abilities in logits, not falling; a learner at a cut has reached the band above it.
    se : standard error of each cut, logits, ≥ 0 (0: taken as known exactly).
    unmeasured : bands above the last one that have no cut, so that nobody can be placed there: the last band is open above.
    """

    names: tuple[str, ...]
    cuts: Floats
    se: Floats
    unmeasured: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.names) != len(self.cuts) + 1 or self.cuts.shape != self.se.shape or not len(self.cuts):
            counts = f"found {len(self.names)} bands, {len(self.cuts)} cuts and {len(self.se)} standard errors"
            raise ValueError(f"{counts}, expected one band more than cuts, and at least one cut")
        if not np.isfinite(self.cuts).all() or (np.diff(self.cuts) < 0).any():
            raise ValueError(f"found cuts {self.cuts.tolist()}, expected numbers that do not fall")
        if not (np.isfinite(self.se) & (self.se >= 0)).all():
            raise ValueError(f"found standard errors {self.se.tolist()}, expected numbers from 0")

    @classmethod
    def between(cls, names: Sequence[str], cuts: ArrayLike, se: ArrayLike = 0.0) -> Bands:
        """Bands with these names (lowest first) parted by these cuts; `se` may be one number for all."""
        ability = np.atleast_1d(np.asarray(cuts, dtype=np.float64))
        return cls(tuple(names), ability, np.broadcast_to(np.asarray(se, dtype=np.float64), ability.shape).copy())

    @classmethod
    def of_levels(cls, cuts: LevelCuts, bands: Mapping[str, Sequence[int]]) -> Bands:
        """Bands that begin where the lowest of their levels begins.

        Parameters
        ----------
        bands : code → levels, lowest band first, such as ``{"co_ban": (1, 2), "trung_cap": (3, 4)}``.

        Raises
        ------
        ValueError
            when the lowest band has no cut: then no band can be told from another.

        Notes
        -----
        At the first band without a cut we stop: above a gap nobody can be placed. Such bands stand in `unmeasured`.
        """
        known = {cut.level: cut for cut in cuts.cuts if cut.is_given}
        measured = []
        for code, levels in bands.items():
            if min(levels) not in known:
                break
            measured.append((code, known[min(levels)]))
        if not measured:
            raise ValueError("the lowest band has no cut, so no band can be told from another; calibrate more items of its lowest level")
        begins = [cut for _, cut in measured]
        names = (BELOW, *(code for code, _ in measured))
        return cls(
            names,
            np.array([cut.ability for cut in begins]),
            np.array([cut.se for cut in begins]),
            tuple(bands)[len(measured) :],
        )


@dataclass(frozen=True, eq=False)
class BandResult:
    """What can be said of each person. All arrays have one row (or entry) per person.

    Attributes
    ----------
    probabilities : persons × bands, rows sum to 1; NaN for a person without an estimate.
    band : number of the band named, `INSUFFICIENT` (−1) where the evidence does not do.
    certainty : probability of the most probable band, 0–1; NaN without an estimate.
    at_least : number of the highest band reached with the certainty asked for; 0 when not even the first cut is passed for
        sure (or there were too few tasks), −1 without an estimate. Where a band is named, it is that band.
    """

    bands: Bands
    probabilities: Floats
    band: Whole
    certainty: Floats
    at_least: Whole

    def code(self, person: int) -> str:
        """``insufficient``, ``no_estimate``, or the code of the band."""
        if np.isnan(self.certainty[person]):
            return "no_estimate"
        return "insufficient" if self.band[person] == INSUFFICIENT else self.bands.names[self.band[person]]


def reached(ability: ArrayLike, se: ArrayLike, bands: Bands) -> Floats:
    """Probability that each person has reached each cut: persons × cuts; NaN where ability or error is missing.

    Notes
    -----
    Ability and cut as independent normal quantities: P(θ ≥ c) = Φ((θ̂ − ĉ) / √(se² + se_c²)), so the uncertainty of the cut
    itself counts like that of the person. A person known exactly at a cut known exactly has reached it. The probability
    of a band is the difference of two such numbers, whatever the errors of two cuts have in common.
    """
    from scipy.special import ndtr

    mean, error = _persons(ability, se)
    gap = mean[:, None] - bands.cuts
    spread = np.hypot(error[:, None], bands.se)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        chance = np.where(spread > 0, ndtr(gap / spread), (gap >= 0).astype(np.float64))
    return np.where(np.isnan(gap) | np.isnan(spread), np.nan, _falling(chance))


def reached_on_grid(nodes: ArrayLike, posterior: ArrayLike, bands: Bands) -> Floats:
    """`reached` from a posterior on a grid: persons × cuts.

    Parameters
    ----------
    nodes : equally spaced abilities, rising.
    posterior : persons × nodes, weights ≥ 0; need not sum to 1. A row of zeros or with NaN is a person without an estimate.

    Notes
    -----
    Each node stands for the bin of one step's width around it, over which ability is spread evenly: a step function would
    jump whenever a cut crosses a node. With z = (edge − c)/s the mean of Φ over a bin is s·[G(z_high) − G(z_low)]/width, G(z) =
    zΦ(z) + φ(z) being the integral of Φ; without an error of the cut, the share of the bin above the cut.
    """
    at = np.asarray(nodes, dtype=np.float64)
    weight = np.atleast_2d(np.asarray(posterior, dtype=np.float64))
    step = np.diff(at)
    if at.ndim != 1 or len(at) < 2 or (step <= 0).any() or not np.allclose(step, step[0], rtol=1e-6):
        raise ValueError("found nodes that are not equally spaced and rising, expected such a grid (see bdhvs.measurement.grids)")
    if weight.shape[1] != len(at) or (weight < 0).any():
        raise ValueError(f"found a posterior of shape {weight.shape} for {len(at)} nodes, expected persons × nodes with weights from 0")
    total = weight.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = weight / total
    return _falling(share @ np.column_stack([_above(at, step[0], c, s) for c, s in zip(bands.cuts, bands.se, strict=True)]))


def by_help(with_help: Floats, alone: Floats, guided: int = 1) -> Floats:
    """Probabilities of having reached each cut, when help counts at the lowest cuts only: persons × cuts.

    Parameters
    ----------
    with_help : from abilities for which a task done with help is done (`evidence.scores_for_level` with level 1).
    alone : from abilities for which it is not (the same with level 2).
    guided : how many of the lowest cuts are passed with help, too; 1 when the lowest cut is where level 1 begins.

    Notes
    -----
    The result falls from cut to cut: nobody passes a higher cut alone more surely than a lower one with help.
    """
    if with_help.shape != alone.shape or not 0 <= guided <= alone.shape[1]:
        raise ValueError(f"found shapes {with_help.shape} and {alone.shape} and {guided} guided cuts, expected one shape, and no more guided cuts than cuts")
    return _falling(np.concatenate([with_help[:, :guided], alone[:, guided:]], axis=1))


def probabilities(chance: Floats) -> Floats:
    """Probability of each band from the probabilities of having reached each cut: persons × (cuts + 1); rows sum to 1."""
    ones = np.ones((len(chance), 1))
    return np.asarray(-np.diff(np.concatenate([ones, chance, 0 * ones], axis=1), axis=1))


def decide(
    chance: Floats, bands: Bands, certainty: float = CERTAINTY, answered: ArrayLike | None = None, least: int = LEAST_TASKS
) -> BandResult:
    """The band of each person, where it is certain enough.

    Parameters
    ----------
    chance : persons × cuts, from `reached` or `reached_on_grid`.
    certainty : how probable a band must be to be named, 0.5 < certainty < 1.
    answered : tasks of this kind each person answered. Below `least` nothing is said, however sure the estimate looks: what a
        domain borrows from the others, or from all learners together, is no evidence from this person. Left out: not looked at.

    Raises
    ------
    ValueError
        when `certainty` does not lie there: below a half, two bands could be named.
    """
    if not 0.5 < certainty < 1:
        raise ValueError(f"found a certainty of {certainty}, expected more than 0.5 and less than 1, such as {CERTAINTY}")
    shares = probabilities(chance)
    missing = np.asarray(np.isnan(shares).any(axis=1))
    filled = np.where(missing[:, None], 0.0, shares)
    best = filled.argmax(axis=1)
    top = np.take_along_axis(filled, best[:, None], axis=1)[:, 0]
    enough = _enough(answered, len(shares), least)
    named = np.where(~missing & enough & (top >= certainty), best, INSUFFICIENT)
    passed = np.where(enough, (np.where(missing[:, None], 0.0, chance) >= certainty).sum(axis=1), 0)
    return BandResult(bands, shares, named, np.where(missing, np.nan, top), np.where(missing, INSUFFICIENT, passed))


def classify(
    ability: ArrayLike, se: ArrayLike, bands: Bands, certainty: float = CERTAINTY, answered: ArrayLike | None = None
) -> BandResult:
    """`decide` from estimates with standard errors (EAP and posterior SD): arrays of one per person, NaN where missing."""
    return decide(reached(ability, se, bands), bands, certainty, answered)


def _enough(answered: ArrayLike | None, persons: int, least: int) -> NDArray[np.bool_]:
    if answered is None:
        return np.ones(persons, dtype=bool)
    count = np.atleast_1d(np.asarray(answered))
    if count.shape != (persons,):
        raise ValueError(f"found numbers of answers of shape {count.shape} for {persons} persons, expected one for each")
    return np.asarray(count >= least)


def _persons(ability: ArrayLike, se: ArrayLike) -> tuple[Floats, Floats]:
    mean = np.atleast_1d(np.asarray(ability, dtype=np.float64))
    error = np.broadcast_to(np.asarray(se, dtype=np.float64), mean.shape)
    if mean.ndim != 1 or (error < 0).any():
        raise ValueError(f"found abilities of shape {mean.shape} or a negative standard error, expected one of each per person")
    return mean, error


def _falling(chance: Floats) -> Floats:
    """A higher cut is never passed more surely: with very different errors of the cuts the formula alone would allow it."""
    return np.asarray(np.minimum.accumulate(np.clip(chance, 0.0, 1.0), axis=1))


def _above(at: Floats, width: float, cut: float, se: float) -> Floats:
    """Probability that ability in each bin lies above a cut."""
    low, high = at - width / 2, at + width / 2
    if se < 1e-9 * width:
        return np.clip((high - cut) / width, 0.0, 1.0)
    from scipy.special import ndtr

    def integral(z: Floats) -> Floats:
        return np.asarray(z * ndtr(z) + np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi))

    return np.asarray(se * (integral((high - cut) / se) - integral((low - cut) / se)) / width)
