"""What each option of a choice item does: who takes it, and whether those do well otherwise."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bdhvs.measurement.cautions import Caution
from bdhvs.measurement.classical import correlation_interval, correlations
from bdhvs.measurement.proportions import wilson_ends
from bdhvs.measurement.score_tables import Floats

FEW = 0.05  # a distractor is working when at least 5 % choose it: Haladyna & Downing (1993), Educational and Psychological Measurement 53, 999–1010
LEAST_PERSONS = 30  # below, options are counted and nothing is said of them but who takes none


@dataclass(frozen=True, eq=False)
class Option:
    """One option of an item."""

    name: str
    is_key: bool
    count: int  # persons who chose it
    share: float  # of those who answered, 0–1
    low: float  # Wilson's interval of the share
    high: float
    by_group: NDArray[np.intp]  # counts by score group, weakest first
    point_biserial: float  # correlation of choosing it with the criterion, −1 to 1; NaN when all or none chose it
    criterion: float  # mean of the criterion of those who chose it; NaN when nobody did
    cautions: tuple[Caution, ...]


@dataclass(frozen=True, eq=False)
class OptionTable:
    """An item's options, in the order of its file."""

    options: tuple[Option, ...]
    answered: int
    silent: int  # persons without a choice: skipped, not reached or not shown
    group_sizes: NDArray[np.intp]  # answering persons by score group, weakest first
    cautions: tuple[Caution, ...]  # of the item as a whole


def option_table(
    chosen: Sequence[str | None],
    key: str | Collection[str],
    criterion: ArrayLike,
    options: Sequence[str] | None = None,
    groups: int = 3,
    confidence: float = 0.95,
    least_persons: int = LEAST_PERSONS,
) -> OptionTable:
    """Counts, shares and point-biserials of the options of one item.

    Parameters
    ----------
    chosen : option of each person; None (or "") when they chose none.
    key : the right option, or all that are right.
    criterion : a number for each person that the item has no part in: a column of `score_tables.centred_rests`, or an
        ability from the other items. NaN leaves the person out of groups and correlations.
    options : all options, so that one nobody takes is seen; else those that were chosen, and the key.
    groups : score groups of about equal size; persons with equal criterion are in one group.

    Raises
    ------
    ValueError
        when lengths differ, a choice is not among the options, or there are fewer than two groups.

    Notes
    -----
    Point-biserial: Pearson's correlation of the indicator "chose it" with the criterion, over those who answered. Cautions:

    - ``nobody_chooses``, ``few_choose`` (below 5 %: Haladyna & Downing 1993): a distractor that does no work;
    - ``able_choose_wrong``: the interval of a wrong option's point-biserial lies above zero;
    - ``able_miss_key``: the key's point-biserial is zero or less;
    - ``wrong_beats_key``: a wrong option was chosen more often than all keys together.

    The last three are said from `least_persons` answers on.
    """
    if groups < 2:
        raise ValueError(f"found {groups} score groups, expected at least 2")
    keys = {key} if isinstance(key, str) else set(key)
    choices = np.array([one or "" for one in chosen], dtype=object)
    level = np.asarray(criterion, dtype=np.float64)
    if level.shape != choices.shape:
        raise ValueError(f"found {len(choices)} choices and a criterion of shape {level.shape}, expected one number for each choice")
    names = list(options) if options is not None else sorted({*choices.tolist(), *keys} - {""})
    strange = sorted({*choices.tolist(), *keys} - {"", *names})
    if strange:
        raise ValueError(f"found the option {strange[0]!r}, expected one of {', '.join(names)}")
    answered = choices != ""
    n = int(answered.sum())
    group = np.where(answered, score_groups(np.where(answered, level, np.nan), groups), -1)
    taken = np.stack([choices == name for name in names], axis=1)
    right = int(taken[:, [name in keys for name in names]].sum())
    r = correlations(np.where(answered[:, None], taken.astype(np.float64), np.nan), np.repeat(level[:, None], len(names), axis=1))
    low_r, _ = correlation_interval(r, np.full(len(names), (answered & ~np.isnan(level)).sum()), confidence)
    found = []
    for place, name in enumerate(names):
        who = taken[:, place]
        count = int(who.sum())
        low, high = wilson_ends(count, n, confidence)
        cautions = _cautions(name in keys, count, n, right, float(r[place]), float(low_r[place]), least_persons)
        found.append(
            Option(
                name, name in keys, count, count / n if n else float("nan"), low, high,
                np.bincount(group[who & (group >= 0)], minlength=groups), float(r[place]), _mean(level[who]), cautions,
            )
        )  # fmt: skip
    few = (Caution("too_few_persons", {"n": n, "least": least_persons}),) if n < least_persons else ()
    return OptionTable(tuple(found), n, len(choices) - n, np.bincount(group[group >= 0], minlength=groups), few)


def score_groups(criterion: ArrayLike, groups: int) -> NDArray[np.intp]:
    """Which of `groups` about equal groups a person is in, weakest 0; −1 for NaN. Equal numbers are never parted.

    By the middle rank of all with the same number: floor(groups · (rank − ½) / n).
    """
    level = np.asarray(criterion, dtype=np.float64)
    known = ~np.isnan(level)
    found = np.full(len(level), -1, dtype=np.intp)
    if known.any():
        _, which, counts = np.unique(np.round(level[known], 12), return_inverse=True, return_counts=True)
        middle = np.cumsum(counts) - counts / 2
        found[known] = np.minimum((groups * middle / counts.sum()).astype(np.intp), groups - 1)[which]
    return found


def _cautions(is_key: bool, count: int, n: int, right: int, r: float, low: float, least: int) -> tuple[Caution, ...]:
    found = []
    if not is_key and n and not count:
        found.append(Caution("nobody_chooses"))
    if n < least:
        return tuple(found)
    if is_key:
        return (Caution("able_miss_key", {"r": r}),) if r <= 0 else ()
    if 0 < count < FEW * n:
        found.append(Caution("few_choose", {"share": count / n}))
    if low > 0:
        found.append(Caution("able_choose_wrong", {"r": r, "low": low}))
    if count > right:
        found.append(Caution("wrong_beats_key", {"n": count, "key": right}))
    return tuple(found)


def _mean(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
