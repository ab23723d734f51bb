"""Before a calibration: what can be estimated from these responses, what cannot and why, and where to start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bdhvs.measurement import flags
from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.flags import LEAST_FOR_DIFFICULTY, Flag
from bdhvs.measurement.grids import Normal
from bdhvs.measurement.item_models import FamilyName, Floats
from bdhvs.measurement.maximisation import Bank, GroupRules
from bdhvs.measurement.partitions import Parts
from bdhvs.measurement.priors import Priors, PriorTerms
from bdhvs.measurement.responses import Cells
from bdhvs.measurement.search import Point, Problem

LEAST_ITEMS_FOR_SLOPES = 3  # two items' answers have one association between them, and two slopes
START_SPREAD = 1.2  # an intercept is about this many times the logit of its share, for a slope and a deviation of 1
Which = NDArray[np.bool_]


@dataclass(frozen=True)
class Plan:
    """What a search needs, and what is known before it.

    Attributes
    ----------
    unknown : items that will have no estimate.
    flags : columns of flags by item, one column for each thing looked at.
    """

    problem: Problem
    start: Point
    unknown: Which
    flags: tuple[list[Flag | None], ...]


def names(item_ids: Sequence[str] | None, items: int) -> tuple[str, ...]:
    """Ids of the items, checked."""
    if item_ids is None:
        return tuple(f"item{number}" for number in range(items))
    found = tuple(str(one) for one in item_ids)
    if len(found) != items or len(set(found)) != items:
        raise ValueError(f"found {len(found)} item_ids ({len(set(found))} different), expected {items} different ones")
    return found


def plan(
    ids: tuple[str, ...],
    data: Parts,
    *,
    family: FamilyName,
    free_slope: bool,
    at: Floats,
    priors: Priors,
    anchors: CalibratedItems | None,
    least_for_slope: int,
    labels: Sequence[Any],
) -> Plan:
    """What can be estimated. Raises ValueError when nothing can, or a group is not on the scale."""
    anchored = _anchored(anchors, ids, family, data)
    counts = data.counts()
    cells = Cells.of(data.maximum)
    answers = np.add.reduceat(counts.rows, cells.first)
    is_anchor = np.isin(np.arange(len(ids)), list(anchored))
    reasons = [
        None if is_anchor[item] else reason for item, reason in enumerate(flags.without_estimate(cells, counts.rows))
    ]
    codes = np.array([reason.code if reason else "" for reason in reasons])
    has_prior = ~np.isnan(priors.means(ids))
    at_an_end = np.isin(codes, ["all_right", "all_wrong"]) & (cells.maximum == 1) & has_prior
    prior_only = (codes == "never_answered") & has_prior
    used = (codes == "") & (answers > 0) | at_an_end
    unknown = ~used & ~prior_only & ~is_anchor
    if unknown.all():
        raise ValueError(f"found no item with an estimate; the first, {ids[0]!r}: {reasons[0].message if reasons[0] else ''}")
    few = (answers < least_for_slope) | at_an_end
    telling = int((used | is_anchor).sum())
    loose_slopes = telling < LEAST_ITEMS_FOR_SLOPES and not anchored and priors.slope is None
    slope_is_free = free_slope & used & ~is_anchor & (~few | (priors.slope is not None)) & (not loose_slopes)
    free = np.zeros((len(ids), 1 + int(cells.maximum.max())), dtype=bool)
    free[:, 0] = slope_is_free
    free[:, 1:] = (used & ~is_anchor)[:, None] & (np.arange(1, free.shape[1]) <= cells.maximum[:, None])
    terms = PriorTerms(priors, family, cells, ids, slope_is_free, used & ~is_anchor)
    start = _start(family, cells, counts.weighted)
    _set_prior_means(start, cells, family, priors.means(ids), prior_only)
    for item, row in anchored.items():
        assert anchors is not None
        start[item] = np.nan
        own = anchors.parameters[row]
        start[item, : len(own)] = own
    rules = _rules(len(labels), bool(anchored), bool(slope_is_free.any()), telling > 1)
    _refuse_loose_groups(counts.answered_by[:, used], data.sets[used], is_anchor[used], labels)
    bank = Bank(family, cells, free, used, counts.weighted, terms)
    marks = [
        flags.flag("prior_only") if only else None for only in prior_only | at_an_end
    ]
    counted = [
        _count_flags(int(answered), bool(own), free_slope and not anchor, least_for_slope, priors.slope is not None)
        for answered, own, anchor in zip(answers, used & ~is_anchor, is_anchor, strict=True)
    ]
    columns = (
        reasons, marks, [one[0] for one in counted], [one[1] for one in counted],
        [
            flags.flag("few_items_for_slope", count=telling) if free_slope and loose_slopes and one else None
            for one in used & ~is_anchor & ~few
        ],
        flags.disconnected(data.sets, answers > 0),
    )  # fmt: skip
    return Plan(Problem(bank, rules, at), Point(start, (Normal(),) * len(labels)), unknown, columns)


def _count_flags(
    answers: int, estimated: bool, wants_slope: bool, least: int, has_prior: bool
) -> tuple[Flag | None, Flag | None]:
    """Whether there are too few answers for a slope, and for a difficulty."""
    if not estimated:
        return None, None
    code = "few_for_slope_prior" if has_prior else "few_for_slope"
    slope = flags.flag(code, count=answers, least=least) if wants_slope and answers < least else None
    few = answers < LEAST_FOR_DIFFICULTY
    return slope, flags.flag("few_for_difficulty", count=answers, least=LEAST_FOR_DIFFICULTY) if few else None


def _anchored(anchors: CalibratedItems | None, ids: Sequence[str], family: FamilyName, data: Parts) -> dict[int, int]:
    """Which items are anchors: item → row of `anchors`. Makes room for scores that anchors have and nobody reached."""
    if anchors is None:
        return {}
    if anchors.family != family and int(anchors.cells.maximum.max()) > 1:
        raise ValueError(f"found anchors of family {anchors.family!r}, expected {family!r}: their parameters mean another thing")
    rows = {one: row for row, one in enumerate(anchors.ids)}
    found = {item: rows[one] for item, one in enumerate(ids) if one in rows}
    if not found:
        raise ValueError(f"found no anchor among the items (anchors: {', '.join(anchors.ids[:5])} …), expected at least one id of both")
    room = data.maximum.copy()
    for item, row in found.items():
        top = int(anchors.cells.maximum[row])
        if room[item] > top:
            raise ValueError(f"item {ids[item]!r}: found score {int(room[item])}, expected at most {top} as its anchor has")
        room[item] = top
    data.make_room(room)
    return found


def _start(family: FamilyName, cells: Cells, counts: Floats) -> Floats:
    """Slopes 1 and intercepts from shares, half a person added to each score."""
    start = np.full((len(cells.maximum), 1 + int(cells.maximum.max())), np.nan)
    start[:, 0] = 1.0
    for item, (first, top) in enumerate(zip(cells.first, cells.maximum, strict=True)):
        own = counts[first : first + top + 1]
        own = own / max(own.sum(), 1.0) + 0.5 / max(own.sum(), 10.0)
        if family == "graded":
            above = np.cumsum(own[::-1])[::-1]
            start[item, 1 : top + 1] = START_SPREAD * np.log(above[1:] / (above[0] - above[1:]))
        else:
            start[item, 1 : top + 1] = START_SPREAD * np.log(own[1:] / own[0])
    return start


def _set_prior_means(start: Floats, cells: Cells, family: FamilyName, means: Floats, which: Which) -> None:
    """Items that nobody answered: slope 1, all steps where the prior has the difficulty (graded: half a logit apart)."""
    for item in np.flatnonzero(which):
        top = int(cells.maximum[item])
        step = np.arange(1, top + 1)
        start[item, 1 : top + 1] = -means[item] - 0.5 * (step - step.mean()) if family == "graded" else -means[item] * step


def _rules(groups: int, anchored: bool, any_slope: bool, any_pair: bool) -> GroupRules:
    """What fixes the scale: anchors, or else the first group. One item alone cannot tell how much persons differ."""
    later = (True,) * (groups - 1)
    return GroupRules((anchored, *later), ((anchored or not any_slope) and any_pair, *((any_pair,) * len(later))))


def _refuse_loose_groups(answered_by: Which, sets: NDArray[np.intp], is_anchor: Which, labels: Sequence[Any]) -> None:
    """ValueError for a group whose mean could be anything: no chain of common items leads from it to the scale."""
    members = {number: set(sets[row].tolist()) for number, row in enumerate(answered_by)}
    fixed_sets = set(sets[is_anchor].tolist())
    reached = {number for number, own in members.items() if own & fixed_sets} if fixed_sets else {0}
    known = fixed_sets.union(*(members[number] for number in reached))
    while True:
        more = {number for number, own in members.items() if number not in reached and own & known}
        if not more:
            break
        reached |= more
        known = known.union(*(members[number] for number in more))
    loose = [labels[number] for number in members if number not in reached]
    if loose:
        raise ValueError(
            f"group {loose[0]!r}: found no chain of common items to {'an anchor' if fixed_sets else f'group {labels[0]!r}'}, so its "
            "mean cannot be told from its items' difficulty; give common items or anchors, or calibrate it by itself"
        )
