"""Cut scores from the items themselves: where the average item of a level is answered right often enough.

An author says at which level an item stands; calibration says how hard it is. The *location* of an item is the ability at
which it is answered right with a stated response probability (RP), or a share of its points as large is expected. A level's
cut is the mean of its items' locations, with the spread of items within a level taken for what it is: authors do not agree
with difficulty item by item, so a level's cut is only as sure as the number of its items allows.

Why 0.67 and what it is worth: `bdhvs.measurement.thresholds`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.item_models import expected_scores
from bdhvs.measurement.random_effects import RandomEffects, random_effects
from bdhvs.measurement.thresholds import RESPONSE_PROBABILITY

Floats = NDArray[np.float64]

LEAST_ITEMS = 5  # of a level, for a cut of its own: below, one odd item moves it by more than a fifth of its own oddness
LEAST_LEVELS = 3  # with items, for a thin level to lean on the line through them
LEAST_ITEMS_OF_LINE = 10  # on all those levels together
OFF_LINE = 0.3  # logits a level may lie off the line, at least: three or four levels cannot tell, and 0 would be luck
SURE = 1.96  # standard errors between neighbouring cuts below which we say they are hard to tell apart
WIDEST = 40.0  # logits searched to either side for a location, in units of 1/slope
HALVINGS = 55  # of that range: to 1e-15 of it


@dataclass(frozen=True, slots=True)
class Flag:
    """A remark with a stable code and a plain English sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a level begins.

    ``ability`` and ``se`` are logits, both NaN when no cut is given (a flag says why). ``items`` stand behind it;
    ``own`` is the mean location of the level's own items before borrowing and ordering (NaN without items).
    """

    level: int
    ability: float
    se: float
    items: int
    own: float
    flags: tuple[Flag, ...] = ()

    @property
    def is_given(self) -> bool:
        return bool(np.isfinite(self.ability))


@dataclass(frozen=True)
class LevelCuts:
    """Cuts of all levels asked for, rising; ``item_sd`` is the spread of items within a level (logits, NaN if unknown)."""

    cuts: tuple[Cut, ...]
    item_sd: float
    response_probability: float
    flags: tuple[Flag, ...] = field(default=())

    def __getitem__(self, level: int) -> Cut:
        """The cut of a level; raises KeyError."""
        for cut in self.cuts:
            if cut.level == level:
                return cut
        raise KeyError(f"no cut for level {level}; there are {[cut.level for cut in self.cuts]}")


def locations(items: CalibratedItems, response_probability: float = RESPONSE_PROBABILITY) -> Floats:
    """Ability at which each item is answered right with `response_probability`, in logits.

    Returns
    -------
    array of one per item; NaN for an item whose slope is not above 0 (it tells nothing in this direction).

    Raises
    ------
    ValueError
        when `response_probability` is not between 0 and 1.

    Notes
    -----
    For scores 0 and 1: b + ln(RP / (1 − RP)) / a. With partial credit the ability at which the expected *share of points*
    E(θ)/m is RP; E rises with θ, so there is one. Found by halving.
    """
    if not 0 < response_probability < 1:
        raise ValueError(f"found a response probability of {response_probability}, expected a share between 0 and 1, such as 0.67")
    good = items.slope > 0
    centre = np.where(good, items.difficulty, 0.0)
    reach = WIDEST / np.where(good, items.slope, 1.0)
    low, high = centre - reach, centre + reach
    target = response_probability * items.cells.maximum
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        below = expected_at(items, middle) < target
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.where(good, (low + high) / 2, np.nan)


def expected_at(items: CalibratedItems, abilities: Floats) -> Floats:
    """Mean score of each item at an ability of its own (one per item).

    In both families ability enters as slope times ability only, so an item with slope a·θ has at 1 the mean score that the
    item with slope a has at θ: no matrix of items × items.
    """
    parameters = items.parameters.copy()
    parameters[:, 0] *= abilities
    return expected_scores(items.model, items.cells, parameters, np.ones(1))[:, 0]


def level_cuts(
    locations: ArrayLike,
    levels: ArrayLike,
    *,
    se: ArrayLike | None = None,
    wanted: Iterable[int] | None = None,
    response_probability: float = RESPONSE_PROBABILITY,
    least_items: int = LEAST_ITEMS,
) -> LevelCuts:
    """Cut of each level from the locations of its items.

    Parameters
    ----------
    locations : one per item, logits (see `locations`); items with NaN are left out, and said.
    levels : level of each item, whole numbers.
    se : standard errors of the locations (those of the difficulties serve), logits; taken as 0 when left out.
    wanted : levels to give a cut for, rising; those that occur when left out.
    response_probability : what `locations` were made with; kept beside the cuts.
    least_items : items a level needs for a cut of its own.

    Returns
    -------
    LevelCuts. A level with fewer items *borrows*: its own mean and the line through the levels' means, each weighted by its
    precision. Without items, or when there are not three levels with ten items to draw a line through, it gets no cut and a
    flag. Cuts that would fall with the level are pooled, and flagged.

    Raises
    ------
    ValueError
        when the arrays differ in length or `wanted` does not rise.

    Notes
    -----
    *Within a level*: location = μ_level + u + e with Var(u) = τ² common to all levels (restricted maximum likelihood over all
    items at once) and Var(e) = se². A level's own cut is the weighted mean, its standard error √(1/Σ 1/(τ² + se²)); the
    average item of the level is then answered right with RP at the cut.
    *Borrowing*: R. E. Fay, R. A. Herriot (1979), Estimates of income for small places, Journal of the American Statistical
    Association 74, 269–277. Level means follow α + β·k + w_k with Var(w) = ω² by the same method (at least `OFF_LINE`²). With v
    the squared error of the own mean and γ = ω²/(ω² + v), cut = γ·own + (1 − γ)·line and its variance γ·v + (1 − γ)²·xᵀCx, C
    the covariance of α and β (the first two terms of N. G. N. Prasad, J. N. K. Rao 1990, the same journal 85, 163–171).
    *Order*: weighted isotonic regression by pooling adjacent violators (Barlow, Bartholomew, Bremner, Brunk 1972).
    """
    place, level, error = _read(locations, levels, se)
    asked = tuple(sorted(set(level.tolist()))) if wanted is None else tuple(wanted)
    if list(asked) != sorted(set(asked)):
        raise ValueError(f"found levels {list(asked)}, expected each once and rising")
    known = np.isfinite(place)
    kept = known & np.isin(level, asked)
    flags = _left_out(int((~known).sum()))
    fitted, present = _within(place[kept], level[kept], error[kept])
    item_sd = float(np.sqrt(fitted.between)) if fitted else float("nan")
    own = _own_cuts(asked, level[kept], fitted, present, item_sd)
    cuts = _ordered(_borrowed(own, least_items))
    return LevelCuts(tuple(_said_when_close(cuts)), item_sd, response_probability, flags)


def _read(locations: ArrayLike, levels: ArrayLike, se: ArrayLike | None) -> tuple[Floats, NDArray[np.intp], Floats]:
    place = np.atleast_1d(np.asarray(locations, dtype=np.float64))
    level = np.atleast_1d(np.asarray(levels, dtype=np.intp))
    error = np.zeros_like(place) if se is None else np.broadcast_to(np.asarray(se, dtype=np.float64), place.shape)
    if len(place) != len(level):
        raise ValueError(f"found {len(place)} locations and {len(level)} levels, expected one of each per item")
    if (error < 0).any() or not np.isfinite(error[np.isfinite(place)]).all():
        raise ValueError("found a standard error that is missing or negative; leave the item out, or give it one")
    return place, level, error


def _left_out(count: int) -> tuple[Flag, ...]:
    if not count:
        return ()
    return (Flag("items_without_location", f"{count} items have no location (slope not above 0, or not calibrated) and were left out."),)


def _within(place: Floats, level: NDArray[np.intp], error: Floats) -> tuple[RandomEffects | None, list[int]]:
    """Mean location by level with a common spread of items; None when no level has a second item to see it by."""
    present = sorted(set(level.tolist()))
    if len(place) <= len(present):
        return None, present
    design = (level[:, None] == np.array(present)).astype(np.float64)
    return random_effects(place, error**2, design), present


def _own_cuts(
    asked: Sequence[int], level: NDArray[np.intp], fitted: RandomEffects | None, present: list[int], item_sd: float
) -> list[Cut]:
    cuts = []
    for one in asked:
        count = int((level == one).sum())
        if not count:
            flag = Flag("no_items", f"No item of level {one}: nothing can be said about this level.")
            cuts.append(Cut(one, np.nan, np.nan, 0, np.nan, (flag,)))
        elif fitted is None:
            flag = Flag("spread_unknown", f"Only {count} item of level {one}, and no level with two: the spread of items is unknown.")
            cuts.append(Cut(one, np.nan, np.nan, count, np.nan, (flag,)))
        else:
            at = present.index(one)
            mean = float(fitted.coefficients[at])
            cuts.append(Cut(one, mean, float(fitted.se[at]), count, mean))
    return cuts


def _borrowed(cuts: list[Cut], least_items: int) -> list[Cut]:
    """Thin levels lean on the line through all levels with items, or lose their cut."""
    given = [cut for cut in cuts if cut.is_given]
    enough = len(given) >= LEAST_LEVELS and sum(cut.items for cut in given) >= LEAST_ITEMS_OF_LINE
    line = _Line.through(given) if enough else None
    return [cut if not cut.is_given or cut.items >= least_items else _lent(cut, line, least_items) for cut in cuts]


def _lent(cut: Cut, line: _Line | None, least_items: int) -> Cut:
    few = f"Level {cut.level} has {cut.items} of the {least_items} items it needs"
    if line is None:
        flag = Flag("too_few_items", f"{few}, and there are too few items on other levels to borrow from: no cut.")
        return replace(cut, ability=np.nan, se=np.nan, flags=(flag,))
    expected, variance = line.at(cut.level)
    own = line.off / (line.off + cut.se**2)
    flag = Flag("borrowed", f"{few}: {1 - own:.0%} of its cut comes from the line through all levels.")
    ability = own * cut.ability + (1 - own) * expected
    return replace(cut, ability=ability, se=float(np.sqrt(own * cut.se**2 + (1 - own) ** 2 * variance)), flags=(flag,))


@dataclass(frozen=True, eq=False)
class _Line:
    """Cut against level, with how far a level may lie off it."""

    fitted: RandomEffects
    off: float  # variance of a level's cut around the line

    @classmethod
    def through(cls, cuts: list[Cut]) -> _Line:
        design = np.array([[1.0, cut.level] for cut in cuts])
        own, variances = np.array([cut.ability for cut in cuts]), np.array([cut.se**2 for cut in cuts])
        off = max(random_effects(own, variances, design).between, OFF_LINE**2)
        return cls(random_effects(own, variances + off, design, between=0.0), off)

    def at(self, level: int) -> tuple[float, float]:
        """Expected cut, and the variance of that expectation."""
        point = np.array([1.0, level])
        return float(point @ self.fitted.coefficients), float(point @ self.fitted.covariance @ point)


def _ordered(cuts: list[Cut]) -> list[Cut]:
    """Cuts that do not fall: neighbours that would are given their common mean."""
    given = [n for n, cut in enumerate(cuts) if cut.is_given]
    found = list(cuts)
    for block in _pooled([cuts[n] for n in given]):
        if len(block) == 1:
            continue
        weights = np.array([1 / max(cut.se**2, 1e-12) for cut in block])
        common = float(weights @ [cut.ability for cut in block] / weights.sum())
        names = ", ".join(str(cut.level) for cut in block)
        flag = Flag("pooled", f"The items of levels {names} are not harder as the level rises: these levels share one cut and cannot be told apart.")
        for cut in block:
            found[cuts.index(cut)] = replace(cut, ability=common, se=float(weights.sum() ** -0.5), flags=(*cut.flags, flag))
    return found


def _pooled(cuts: list[Cut]) -> list[list[Cut]]:
    """Blocks of neighbours to be given one cut: pool adjacent violators, weights 1/se²."""
    blocks: list[tuple[list[Cut], float, float]] = []  # cuts, mean, weight
    for cut in cuts:
        block, mean, weight = [cut], cut.ability, 1 / max(cut.se**2, 1e-12)
        while blocks and blocks[-1][1] >= mean:
            before, lower, heavier = blocks.pop()
            mean = (mean * weight + lower * heavier) / (weight + heavier)
            block, weight = before + block, weight + heavier
        blocks.append((block, mean, weight))
    return [block for block, _, _ in blocks]


def _said_when_close(cuts: list[Cut]) -> list[Cut]:
    found = {cut.level: cut for cut in cuts}
    for lower, upper in pairwise([cut for cut in cuts if cut.is_given]):
        error = float(np.hypot(lower.se, upper.se))
        if lower.ability < upper.ability < lower.ability + SURE * error:
            words = f"Only {upper.ability - lower.ability:.2f} logits (standard error {error:.2f}) above level {lower.level}: the two are hard to tell apart."
            found[upper.level] = replace(upper, flags=(*upper.flags, Flag("close", words)))
    return list(found.values())
