"""Cut scores from a panel: modified Angoff and bookmark, in as many rounds as the panel takes.

People who know the learners say what somebody *just* at a level would do; the calibrated items turn what they say into an
ability. The two methods ask differently. *Angoff*: "of 100 learners just at this level, how many do this item?" for each item.
*Bookmark*: one booklet from easy to hard; "up to where do they still manage it, two times in three?"
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bdhvs.measurement.agreement import Agreement, Consistency, agreement, consistency, ratings_read
from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.cut_scores import HALVINGS, WIDEST
from bdhvs.measurement.item_models import log_probabilities
from bdhvs.measurement.thresholds import RESPONSE_PROBABILITY

Floats = NDArray[np.float64]
Whole = NDArray[np.intp]
Place = Literal["between", "before", "at"]
Centre = Literal["median", "mean"]

SLOPE_STEP = 1e-4  # logits, for the slope of the expected sum
OF_MEDIAN = float(np.sqrt(np.pi / 2))  # how much a median's standard error exceeds a mean's, for normal opinions


@dataclass(frozen=True, eq=False)
class AngoffCut:
    """What a panel's ratings of items give.

    Attributes
    ----------
    ability, se : the cut in logits, with the standard error from differences between panelists (other panelists, these
        items). NaN when the sum lies at 0 or the maximum, where no ability belongs to it.
    total, total_se : the cut as a sum score over the rated items, and its standard error.
    total_se_items : the same for other panelists *and* other items like these.
    panelist_totals, panelist_abilities : each panelist's own cut; an ability may be NaN as above.
    """

    ability: float
    se: float
    total: float
    total_se: float
    total_se_items: float
    panelist_totals: Floats
    panelist_abilities: Floats
    agreement: Agreement
    consistency: Consistency


def angoff(ratings: ArrayLike, items: CalibratedItems) -> AngoffCut:
    """Cut from ratings: expected points of a learner just at the level, for each item.

    Parameters
    ----------
    ratings : panelists × items, 0 to the item's highest score (for right/wrong items a probability 0–1); nothing missing.
    items : the rated items, in that order, slopes above 0.

    Raises
    ------
    ValueError
        saying which rating is missing or out of range.

    Notes
    -----
    A panelist's cut is the sum over items, the panel's the mean over panelists, with standard error SD/√n (W. H. Angoff 1971,
    p. 515, in R. L. Thorndike, Educational measurement; G. J. Cizek, M. B. Bunch 2007, Standard setting, chapter 6). For
    other items, too, the variance of the mean rating is σ²_p/n_p + σ²_i/n_i + σ²_pi/(n_p·n_i) (R. L. Brennan, R. E. Lockwood
    1980, Applied Psychological Measurement 4, 219–240). The ability is where the expected sum T(θ) = ΣE(θ) equals the cut;
    its standard error that of the sum divided by T′(θ).
    """
    table = _angoff_table(ratings, items)
    judges, count = table.shape
    totals = table.sum(axis=1)
    found = agreement(table)
    total, error = float(totals.mean()), float(totals.std(ddof=1) / np.sqrt(judges))
    with_items = count * np.sqrt(found.panelists / judges + found.items / count + found.rest / (judges * count))
    ability, own = float(ability_at_total(items, total)[0]), ability_at_total(items, totals)
    return AngoffCut(
        ability=ability,
        se=error / _steepness(items, ability),
        total=total,
        total_se=error,
        total_se_items=float(with_items),
        panelist_totals=totals,
        panelist_abilities=own,
        agreement=found,
        consistency=_consistency(table, items, own, ability),
    )


def ability_at_total(items: CalibratedItems, totals: ArrayLike) -> Floats:
    """Ability at which the expected sum score over `items` is each of `totals`; NaN at or beyond 0 and the maximum.

    T(θ) rises when all slopes are above 0. Found by halving.
    """
    _need_rising(items)
    wanted = np.atleast_1d(np.asarray(totals, dtype=np.float64))
    inside = (wanted > 0) & (wanted < items.cells.maximum.sum())
    reach = WIDEST / items.slope.min()
    low = np.full(wanted.shape, items.difficulty.min() - reach)
    high = np.full(wanted.shape, items.difficulty.max() + reach)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        below = items.expected_scores(middle).sum(axis=0) < wanted
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.where(inside, (low + high) / 2, np.nan)


@dataclass(frozen=True, eq=False)
class Booklet:
    """Items ordered for bookmarking. A page is an item with a score to reach: items of more points stand there once per point.

    ``item`` (place in the calibrated items), ``score`` and ``location`` (logits, rising) have one entry per page.
    """

    item: Whole
    score: Whole
    location: Floats
    response_probability: float

    def __len__(self) -> int:
        return len(self.location)


def booklet(items: CalibratedItems, response_probability: float = RESPONSE_PROBABILITY) -> Booklet:
    """The ordered item booklet: each page at the ability where its score *or more* is reached with `response_probability`.

    Pages with one location stand in the order of the items. Source: H. C. Mitzel, D. M. Lewis, R. J. Patz, D. R. Green (2001),
    The bookmark procedure, in G. J. Cizek, Setting performance standards, 249–281.
    """
    if not 0 < response_probability < 1:
        raise ValueError(f"found a response probability of {response_probability}, expected a share between 0 and 1, such as 0.67")
    _need_rising(items)
    item = np.repeat(np.arange(len(items.ids)), items.cells.maximum)
    score = np.concatenate([np.arange(1, top + 1) for top in items.cells.maximum])
    location = _score_locations(items, item, score, response_probability)
    order = np.argsort(location, kind="stable")
    return Booklet(item[order], score[order], location[order], response_probability)


@dataclass(frozen=True, eq=False)
class BookmarkCut:
    """What a panel's bookmarks give.

    Attributes
    ----------
    ability, se : cut and standard error in logits.
    se_groups : standard error when the tables of the panel are the sample instead of the panelists; NaN without tables.
    panelist_abilities : each panelist's own cut.
    at_edge : panelists (by place) whose bookmark lies before the first page or after the last: the booklet ends there, so
        their cut is that of the page at the edge, and the true one lies beyond.
    """

    ability: float
    se: float
    se_groups: float
    panelist_abilities: Floats
    at_edge: tuple[int, ...]


def bookmark(
    pages: Booklet,
    bookmarks: ArrayLike,
    *,
    place: Place = "between",
    centre: Centre = "median",
    groups: ArrayLike | None = None,
) -> BookmarkCut:
    """Cut from bookmarks.

    Parameters
    ----------
    bookmarks : per panelist, the first page (from 1) that a learner just at the level does *not* manage with the response
        probability; one more than the number of pages when all are managed.
    place : the cut is the location of the page *at* the bookmark, of the one *before*, or half way *between* (both rules are in
        use; the learner stands between the last page managed and the first not, so the middle errs least).
    centre : of the panel. The median is not moved by one panelist far off.
    groups : table at which each panelist sat, for the standard error over tables.

    Raises
    ------
    ValueError
        for fewer than two panelists or a bookmark outside the booklet.

    Notes
    -----
    Standard error of a mean SD/√n, of a median √(π/2) times that. Panelists of one table talk, so their opinions are not
    independent: over tables it is the SD of the tables' centres / √tables (the same factor for a median).
    """
    marks = np.atleast_1d(np.asarray(bookmarks, dtype=np.intp))
    if len(marks) < 2 or marks.min() < 1 or marks.max() > len(pages) + 1:
        raise ValueError(f"found bookmarks {marks.tolist()}, expected at least two from 1 to {len(pages) + 1}")
    own = _marked(pages.location, marks, place)
    at = _centre(own, centre)
    edge = np.flatnonzero((marks == 1) | (marks == len(pages) + 1))
    return BookmarkCut(at, _error(own, centre), _group_error(own, groups, centre), own, tuple(edge.tolist()))


@dataclass(frozen=True, slots=True)
class Movement:
    """From one round to the next, in logits or points, as given.

    ``shift`` of the mean; ``sd_before`` and ``sd_after`` of the panelists; ``moved``: share of panelists whose cut changed;
    ``to_middle``: share of those who moved and ended nearer to the mean of the round before (NaN when nobody moved).
    """

    shift: float
    sd_before: float
    sd_after: float
    moved: float
    to_middle: float


def movement(before: ArrayLike, after: ArrayLike) -> Movement:
    """What a round of talk changed: cuts of the same panelists, in the same order.

    A smaller spread is what talk is for; that all move to one middle can also mean that one voice ruled the room.

    Raises
    ------
    ValueError
        when the two differ in length or a cut is missing.
    """
    first, second = (np.atleast_1d(np.asarray(one, dtype=np.float64)) for one in (before, after))
    if first.shape != second.shape or len(first) < 2 or not np.isfinite([first, second]).all():
        raise ValueError(f"found {len(first)} cuts before and {len(second)} after (or one missing), expected those of the same panelists, at least two")
    changed = np.abs(second - first) > 1e-9
    nearer = np.abs(second - first.mean()) < np.abs(first - first.mean())
    return Movement(
        shift=float(second.mean() - first.mean()),
        sd_before=float(first.std(ddof=1)),
        sd_after=float(second.std(ddof=1)),
        moved=float(changed.mean()),
        to_middle=float(nearer[changed].mean()) if changed.any() else float("nan"),
    )


def _angoff_table(ratings: ArrayLike, items: CalibratedItems) -> Floats:
    table = ratings_read(ratings)
    top = items.cells.maximum
    if table.shape[1] != len(top):
        raise ValueError(f"found ratings of {table.shape[1]} items and {len(top)} calibrated items, expected the same ones")
    wrong = (table < 0) | (table > top)
    if wrong.any():
        panelist, item = np.argwhere(wrong)[0]
        raise ValueError(
            f"panelist {panelist}, item {items.ids[item]!r}: found {table[panelist, item]:g}, expected 0 to {top[item]}; "
            "a rating is a probability (0.7), not a percentage (70)"
        )
    return table


def _consistency(table: Floats, items: CalibratedItems, own: Floats, ability: float) -> Consistency:
    top = items.cells.maximum
    known = np.where(np.isnan(own), ability, own)  # who rated all or nothing has no ability: the panel's stands in
    at_own = items.expected_scores(known).T / top
    return consistency(table / top, at_own, items.expected_scores(ability)[:, 0] / top)


def _steepness(items: CalibratedItems, ability: float) -> float:
    sums = items.expected_scores([ability - SLOPE_STEP, ability + SLOPE_STEP]).sum(axis=0)
    return float((sums[1] - sums[0]) / (2 * SLOPE_STEP))


def _need_rising(items: CalibratedItems) -> None:
    if not (items.slope > 0).all():
        bad = items.ids[int(np.flatnonzero(~(items.slope > 0))[0])]
        raise ValueError(f"item {bad!r}: found a slope not above 0, so that more ability does not mean more points; leave it out of the panel")


def _score_locations(items: CalibratedItems, item: Whole, score: Whole, wanted: float) -> Floats:
    """Ability where P(score or more) is `wanted`, by halving; see `expected_at` for why a slope may carry the ability."""
    repeated = items.parameters[item]
    several = replace(items, ids=tuple(f"{n}" for n in range(len(item))), parameters=repeated)
    low = several.difficulty - WIDEST / several.slope
    high = several.difficulty + WIDEST / several.slope
    cells = several.cells
    counted = cells.score >= score[cells.item]
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        parameters = repeated.copy()
        parameters[:, 0] *= middle
        chance = np.exp(log_probabilities(several.model, cells, parameters, np.ones(1))[:, 0])
        below = np.bincount(cells.item, weights=chance * counted) < wanted
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return (low + high) / 2


def _marked(location: Floats, marks: Whole, place: Place) -> Floats:
    last = len(location) - 1
    before, at = location[np.clip(marks - 2, 0, last)], location[np.clip(marks - 1, 0, last)]
    return {"before": before, "at": at, "between": (before + at) / 2}[place]


def _centre(values: Floats, centre: Centre) -> float:
    return float(np.median(values) if centre == "median" else values.mean())


def _error(values: Floats, centre: Centre) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values))) * (OF_MEDIAN if centre == "median" else 1.0)


def _group_error(values: Floats, groups: ArrayLike | None, centre: Centre) -> float:
    if groups is None:
        return float("nan")
    table = np.asarray(groups)
    names = np.unique(table)
    if len(table) != len(values) or len(names) < 2:
        raise ValueError(f"found {len(names)} tables for {len(values)} panelists, expected at least two, and one named for each panelist")
    return _error(np.array([_centre(values[table == name], centre) for name in names]), centre)
