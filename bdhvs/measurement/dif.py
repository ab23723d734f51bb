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
from bdhvs.measurement.score_tables import Floats, centred_means, score_table

LEAST_GROUP = 100  # persons in the smaller group; below, nothing is computed: a large difference would go unseen half the time
RECOMMENDED_GROUP = 200  # in the smaller group, and in all: ETS's minimum for test assembly, Zwick (2012), ETS RR-12-08, p. 9
RECOMMENDED_TOTAL = 500
LEAST_ANCHOR = 4  # items to match on
STRATA = 20  # of equal ability, where responses are missing or ability comes from outside
ROUNDS = 10  # of purification


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
    rows: list[DifRow] = []
    comparisons: list[Comparison] = []
    overall: list[Overall] = []
    for name, labels in variables.items():
        if len(labels) != len(table):
            raise ValueError(f"variable {name!r}: found {len(labels)} groups for {len(table)} persons, expected one each")
        member = np.array([label or "" for label in labels], dtype=object)
        sizes = Counter(member.tolist())
        sizes.pop("", None)
        if not sizes:
            continue
        reference = (references or {}).get(name) or max(sorted(sizes), key=lambda one: sizes[one])
        if reference not in sizes:
            raise ValueError(f"variable {name!r}: found the reference {reference!r}, expected one of {', '.join(sorted(sizes))}")
        for focal in sorted(set(sizes) - {reference}):
            use = (member == reference) | (member == focal)
            level = None if ability is None else np.asarray(ability, dtype=np.float64)[use]
            comparison, found = _compare(table[use], member[use] == focal, level, name, reference, focal, purify, least_group)
            comparisons.append(comparison)
            rows += found
        large = sorted(one for one, count in sizes.items() if count >= least_group)
        if len(large) > 2:
            overall += _overall(table, name, member, large, ability)
    adjusted = benjamini_hochberg([row.p for row in rows])
    rows = [replace(row, adjusted_p=float(q)) for row, q in zip(rows, adjusted, strict=True)]
    together = benjamini_hochberg([one.p for one in overall])
    overall = [replace(one, adjusted_p=float(q)) for one, q in zip(overall, together, strict=True)]
    return DifScreen(tuple(rows), tuple(comparisons), tuple(overall))


def _compare(
    table: Floats, focal: NDArray[np.bool_], ability: Floats | None, variable: str, reference: str, name: str, purify: bool, least: int
) -> tuple[Comparison, list[DifRow]]:
    mine, theirs = int((~focal).sum()), int(focal.sum())
    smaller = min(mine, theirs)
    if smaller < least:
        few = Caution("too_few_in_group", {"n": smaller, "least": least})
        return Comparison(variable, reference, name, mine, theirs, (), 0, (few,)), []
    cautions: list[Caution] = []
    if smaller < RECOMMENDED_GROUP or mine + theirs < RECOMMENDED_TOTAL:
        numbers = {"n": smaller, "total": mine + theirs, "least": RECOMMENDED_GROUP, "least_total": RECOMMENDED_TOTAL}
        cautions.append(Caution("group_below_recommended", numbers))
    items = np.arange(table.shape[1])
    anchor, seen, rounds = items, [items.tolist()], 1
    effects = _effects(table, focal, ability, anchor)
    while purify and ability is None:
        clean = np.array([j for j in items if effects[j].category not in ("B", "C")], dtype=np.intp)
        if clean.tolist() == anchor.tolist():
            break
        if len(clean) < LEAST_ANCHOR:
            cautions.append(Caution("no_anchor_left", {"n": len(clean), "least": LEAST_ANCHOR}))
            break
        if clean.tolist() in seen or rounds == ROUNDS:
            cautions.append(Caution("purification_unsettled", {"rounds": rounds}))
            break
        anchor, rounds = clean, rounds + 1
        seen.append(clean.tolist())
        effects = _effects(table, focal, ability, anchor)
    rows = [_row(table, focal, ability, anchor, j, effects[j], variable, reference, name, cautions) for j in items]
    return Comparison(variable, reference, name, mine, theirs, tuple(anchor.tolist()), rounds, tuple(cautions)), rows


def _effects(
    table: Floats, focal: NDArray[np.bool_], ability: Floats | None, anchor: NDArray[np.intp]
) -> list[MantelHaenszel | MantelPolytomous]:
    found: list[MantelHaenszel | MantelPolytomous] = []
    matched = _matching(table, anchor, ability)
    for j in range(table.shape[1]):
        stratum = _strata(*matched(j))
        method = mantel_haenszel if _is_right_or_wrong(table[:, j]) else mantel_polytomous
        found.append(method(table[:, j], focal, stratum))
    return found


def _matching(table: Floats, anchor: NDArray[np.intp], ability: Floats | None):  # type: ignore[no-untyped-def]
    """A function from an item to the level its persons are matched on, and whether levels are whole scores."""
    if ability is not None:
        return lambda j: (ability, False)
    chosen = table[:, anchor]
    if np.isnan(table).any():
        return lambda j: (centred_means(table[:, np.union1d(anchor, [j])]), False)
    total = chosen.sum(axis=1)
    held = set(anchor.tolist())
    return lambda j: (total if j in held else total + table[:, j], True)


def _strata(level: Floats, whole: bool) -> NDArray[np.intp]:
    return level.astype(np.intp) if whole and (level == np.floor(level)).all() else score_groups(level, STRATA)


def _row(
    table: Floats,
    focal: NDArray[np.bool_],
    ability: Floats | None,
    anchor: NDArray[np.intp],
    item: int,
    effect: MantelHaenszel | MantelPolytomous,
    variable: str,
    reference: str,
    name: str,
    cautions: list[Caution],
) -> DifRow:
    dichotomous = isinstance(effect, MantelHaenszel)
    level = _matching(table, anchor, ability)(item)[0]
    logistic = logistic_dif(table[:, item], focal.astype(np.intp), level) if dichotomous else None
    size = effect.delta if isinstance(effect, MantelHaenszel) else effect.effect
    own = [*cautions, *effect.cautions, *(logistic.cautions if logistic else ())]
    if effect.category in ("B", "C"):
        own.append(Caution("dif_large" if effect.category == "C" else "dif_moderate", {"size": size}))
    favours = "" if effect.category in ("A", "") else (reference if size < 0 else name)
    return DifRow(
        item, variable, reference, name, effect.category, favours, size, effect.p, nan,
        effect if isinstance(effect, MantelHaenszel) else None, logistic,
        effect if isinstance(effect, MantelPolytomous) else None, tuple(own),
    )  # fmt: skip


def _overall(table: Floats, variable: str, member: NDArray[np.object_], large: list[str], ability: ArrayLike | None) -> list[Overall]:
    use = np.isin(member, large)
    codes = np.array([large.index(one) for one in member[use]])
    level = None if ability is None else np.asarray(ability, dtype=np.float64)[use]
    matched = _matching(table[use], np.arange(table.shape[1]), level)
    found = []
    for j in range(table.shape[1]):
        chi_square, freedom, p = several_groups(table[use, j], codes, _strata(*matched(j)))
        found.append(Overall(j, variable, chi_square, freedom, p, nan))
    return found


def _is_right_or_wrong(column: Floats) -> bool:
    known = column[~np.isnan(column)]
    return bool(((known == 0) | (known == 1)).all())
