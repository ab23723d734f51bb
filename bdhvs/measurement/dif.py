"""Is a test fair: does an item ask more of one group than of another whose members can do as much otherwise?

`screen_dif` goes over items and groups (age band, sex, region, device, audience) and gives one row for each comparison;
which methods and formulas, see `mantel_haenszel` and `logistic_dif`. A difference is a question to the item's author, not a
verdict: only reading the item tells whether it is unfair.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import nan
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bdhvs.measurement.cautions import Caution
from bdhvs.measurement.distractors import score_groups
from bdhvs.measurement.logistic_dif import LogisticDif, logistic_dif
from bdhvs.measurement.mantel_haenszel import (
    MantelHaenszel,
    MantelPolytomous,
    mantel_haenszel,
    mantel_polytomous,
    several_groups,
)
from bdhvs.measurement.multiplicity import benjamini_hochberg
from bdhvs.measurement.responses import Responses
from bdhvs.measurement.score_tables import Floats, score_table

LEAST_GROUP = 100  # persons in the smaller group: even here a full logit goes unseen 6 times in 10 (benchmarks/dif.py)
#: In the smaller group, and in all: ETS's minimum for test assembly, Zwick (2012), ETS RR-12-08
RECOMMENDED_GROUP, RECOMMENDED_TOTAL = 200, 500
LEAST_ANCHOR = 4  # items to match on
STRATA = 20  # of equal ability, where responses are missing or ability comes from outside
COARSE = 200  # levels in logistic regression, where more differ
ROUNDS = 10  # of purification

Columns = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class DifRow:
    """One item, one pair of groups."""

    item: int  # column of the table
    variable: str  # what the groups differ in: "sex", "device", …
    reference: str
    focal: str
    category: Literal["A", "B", "C", ""]  # negligible, moderate, large; "" where it cannot be said
    favours: str  # the group that has it easier than equal ability explains; "" where the category is A or none
    size: float  # ETS delta for scores 0 and 1 (negative: harder for the focal group), SMD/SD for more scores
    p: float
    adjusted_p: float  # over all rows of the screen, Benjamini & Hochberg
    mantel_haenszel: MantelHaenszel | None  # for items of score 0 and 1
    logistic: LogisticDif | None  # for items of score 0 and 1
    polytomous: MantelPolytomous | None  # for items of more scores
    cautions: tuple[Caution, ...]


@dataclass(frozen=True)
class Comparison:
    """One pair of groups: who was compared, on which items they were matched, or why they were not compared."""

    variable: str
    reference: str
    focal: str
    reference_persons: int
    focal_persons: int
    anchor: tuple[int, ...]  # columns matched on after purification; empty when refused
    rounds: int
    cautions: tuple[Caution, ...]

    @property
    def refused(self) -> bool:
        """Whether nothing was computed."""
        return any(one.code == "too_few_in_group" for one in self.cautions)


@dataclass(frozen=True, eq=False)
class Overall:
    """One item over all groups of a variable at once: does any of them differ?"""

    item: int
    variable: str
    chi_square: float
    freedom: int
    p: float
    adjusted_p: float  # over all such rows


@dataclass(frozen=True, eq=False)
class DifScreen:
    """All comparisons of a table of scores."""

    rows: tuple[DifRow, ...]
    comparisons: tuple[Comparison, ...]
    overall: tuple[Overall, ...]  # for variables of three and more groups

    def flagged(self) -> tuple[DifRow, ...]:
        """Rows of category B or C whose adjusted p is below 0.05, largest first."""
        rows = [row for row in self.rows if row.category in ("B", "C") and row.adjusted_p < 0.05]
        return tuple(sorted(rows, key=lambda row: (row.category != "C", -abs(row.size))))


def screen_dif(
    scores: ArrayLike | Responses,
    variables: Mapping[str, Sequence[str | None]],
    references: Mapping[str, str] | None = None,
    ability: ArrayLike | None = None,
    purify: bool = True,
    least_group: int = LEAST_GROUP,
) -> DifScreen:
    """Compare groups of equal ability on every item.

    Parameters
    ----------
    scores : persons × items of whole scores; NaN for missing (left out of the item's comparison).
    variables : name → group of each person; None for unknown, who are left out of that variable only.
    references : name → the group others are compared with; else the largest.
    ability : to match on, by person, from a calibrated model; in `STRATA` strata of equal size. None: the total of the
        anchor items and the studied one; where responses are missing, `centred_means` in `STRATA` strata.
    purify : whether items of category B or C are left out of the matching and all is computed again, until the same
        items stay out (Holland & Thayer 1988; Clauser & Mazor 1998, Educational Measurement: Issues and Practice 17, 31–44).
        The studied item always counts for itself. Does nothing where `ability` is given.
    least_group : persons the smaller group needs; with fewer the comparison is refused (caution ``too_few_in_group``).

    Raises
    ------
    ValueError
        when a variable has not one group for each person, or a reference is no group of its variable.
    """
    table = score_table(scores)
    level = None if ability is None else np.asarray(ability, dtype=np.float64)
    if level is not None and level.shape != (len(table),):
        raise ValueError(f"found abilities of shape {level.shape} for {len(table)} persons, expected one each")
    rows: list[DifRow] = []
    comparisons: list[Comparison] = []
    overall: list[Overall] = []
    for name, labels in variables.items():
        if len(labels) != len(table):
            raise ValueError(
                f"variable {name!r}: found {len(labels)} groups for {len(table)} persons, expected one each"
            )
        member = np.array([label or "" for label in labels], dtype=object)
        sizes = Counter(member.tolist())
        sizes.pop("", None)
        if not sizes:
            continue
        reference = (references or {}).get(name) or max(sorted(sizes), key=lambda one: sizes[one])
        if reference not in sizes:
            raise ValueError(
                f"variable {name!r}: found the reference {reference!r}, expected one of {', '.join(sorted(sizes))}"
            )
        for focal in sorted(set(sizes) - {reference}):
            use = (member == reference) | (member == focal)
            pair = _Pair(
                table[use], member[use] == focal, None if level is None else level[use], name, (reference, focal)
            )
            comparison, found = pair.compare(purify, least_group)
            comparisons.append(comparison)
            rows += found
        large = sorted(one for one, count in sizes.items() if count >= least_group)
        if len(large) > 2:
            overall += _overall(table, name, member, large, level)
    adjusted = benjamini_hochberg([row.p for row in rows])
    rows = [replace(row, adjusted_p=float(q)) for row, q in zip(rows, adjusted, strict=True)]
    together = benjamini_hochberg([one.p for one in overall])
    overall = [replace(one, adjusted_p=float(q)) for one, q in zip(overall, together, strict=True)]
    return DifScreen(tuple(rows), tuple(comparisons), tuple(overall))


@dataclass(frozen=True, eq=False)
class _Pair:
    """Two groups of one variable, and what they are matched on."""

    table: Floats
    focal: NDArray[np.bool_]
    ability: Floats | None
    variable: str
    names: tuple[str, str]  # reference, focal

    def effects(self, anchor: Columns) -> list[MantelHaenszel | MantelPolytomous]:
        """The studied difference of each item, matched on the anchor."""
        matching = _Matching(self.table, self.ability, anchor)
        found: list[MantelHaenszel | MantelPolytomous] = []
        for item, column in enumerate(self.table.T):
            method = mantel_haenszel if _is_right_or_wrong(column) else mantel_polytomous
            found.append(method(column, self.focal, matching.strata(item)))
        return found

    def compare(self, purify: bool, least: int) -> tuple[Comparison, list[DifRow]]:
        """Purify the anchor, then one row for each item; or the reason why not."""
        sizes = int((~self.focal).sum()), int(self.focal.sum())
        if min(sizes) < least:
            few = Caution("too_few_in_group", {"n": min(sizes), "least": least})
            return Comparison(self.variable, *self.names, *sizes, (), 0, (few,)), []
        anchor, effects, rounds, cautions = self._purified(purify and self.ability is None)
        if min(sizes) < RECOMMENDED_GROUP or sum(sizes) < RECOMMENDED_TOTAL:
            numbers = {
                "n": min(sizes),
                "total": sum(sizes),
                "least": RECOMMENDED_GROUP,
                "least_total": RECOMMENDED_TOTAL,
            }
            cautions += (Caution("group_below_recommended", numbers),)
        matching = _Matching(self.table, self.ability, anchor)
        rows = [self._row(item, matching.level(item), effect, cautions) for item, effect in enumerate(effects)]
        return Comparison(self.variable, *self.names, *sizes, anchor, rounds, cautions), rows

    def _purified(
        self, purify: bool
    ) -> tuple[Columns, list[MantelHaenszel | MantelPolytomous], int, tuple[Caution, ...]]:
        anchor: Columns = tuple(range(self.table.shape[1]))
        effects, seen = self.effects(anchor), [anchor]
        while purify:
            clean = tuple(item for item, effect in enumerate(effects) if effect.category not in ("B", "C"))
            if clean == anchor:
                break
            if len(clean) < LEAST_ANCHOR:
                return (
                    anchor,
                    effects,
                    len(seen),
                    (Caution("no_anchor_left", {"n": len(clean), "least": LEAST_ANCHOR}),),
                )
            if clean in seen or len(seen) == ROUNDS:
                return anchor, effects, len(seen), (Caution("purification_unsettled", {"rounds": len(seen)}),)
            anchor, effects = clean, self.effects(clean)
            seen.append(clean)
        return anchor, effects, len(seen), ()

    def _row(
        self, item: int, level: Floats, effect: MantelHaenszel | MantelPolytomous, cautions: tuple[Caution, ...]
    ) -> DifRow:
        mh = effect if isinstance(effect, MantelHaenszel) else None
        several = effect if isinstance(effect, MantelPolytomous) else None
        logistic = logistic_dif(self.table[:, item], self.focal, _coarse(level)) if mh else None
        size = effect.delta if isinstance(effect, MantelHaenszel) else effect.effect
        more = tuple(one for one in logistic.cautions if one not in effect.cautions) if logistic else ()
        own = (*cautions, *effect.cautions, *more)
        favours = ""
        if effect.category in ("B", "C"):
            own += (Caution("dif_large" if effect.category == "C" else "dif_moderate", {"size": size}),)
            favours = self.names[0] if size < 0 else self.names[1]
        return DifRow(
            item, self.variable, *self.names, effect.category, favours, size, effect.p, nan, mh, logistic, several, own
        )


class _Matching:
    """What persons are matched on: the anchor items and the studied one, which always counts for itself (Holland & Thayer 1988)."""

    def __init__(self, table: Floats, ability: Floats | None, anchor: Columns) -> None:
        self._ability, self._anchor = ability, frozenset(anchor)
        self._complete = not np.isnan(table).any()
        known = ~np.isnan(table)
        means = np.where(known, table, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        self._off = table if self._complete else table - means  # as in `centred_means`
        self._sums = np.nansum(self._off[:, anchor], axis=1)
        self._counts = known[:, anchor].sum(axis=1)

    def level(self, item: int) -> Floats:
        """Total of complete scores, mean above the items' means where some are missing, or the ability given; by person."""
        if self._ability is not None:
            return self._ability
        own = 0.0 if item in self._anchor else self._off[:, item]
        if self._complete:
            return np.asarray(self._sums + own)
        known = ~np.isnan(own)
        counts = self._counts + (known if item not in self._anchor else 0)
        sums = self._sums + np.where(known, own, 0.0)
        return np.asarray(np.divide(sums, counts, out=np.full(len(sums), np.nan), where=counts > 0))

    def strata(self, item: int) -> NDArray[np.intp]:
        """Whole totals as they are, other levels in `STRATA` groups of about equal size."""
        level = self.level(item)
        if self._complete and self._ability is None and (level >= 0).all() and (level == np.floor(level)).all():
            return level.astype(np.intp)
        return score_groups(level, STRATA)


def _overall(
    table: Floats, variable: str, member: NDArray[np.object_], large: list[str], ability: Floats | None
) -> list[Overall]:
    use = np.isin(member, large)
    codes = np.array([large.index(one) for one in member[use]])
    items = tuple(range(table.shape[1]))
    matching = _Matching(table[use], None if ability is None else ability[use], items)
    found = []
    for item in items:
        chi_square, freedom, p = several_groups(table[use, item], codes, matching.strata(item))
        found.append(Overall(item, variable, chi_square, freedom, p, nan))
    return found


def _coarse(level: Floats) -> Floats:
    """The level, or the mean of each of `COARSE` groups of equal size where more values differ: logistic regression counts persons alike."""
    if len(np.unique(level[~np.isnan(level)])) <= COARSE:
        return level
    group = score_groups(level, COARSE)
    known = group >= 0
    sums = np.bincount(group[known], weights=level[known], minlength=COARSE)
    means = sums / np.maximum(np.bincount(group[known], minlength=COARSE), 1)
    return np.where(known, means[group], np.nan)


def _is_right_or_wrong(column: Floats) -> bool:
    known = column[~np.isnan(column)]
    return bool(((known == 0) | (known == 1)).all())
