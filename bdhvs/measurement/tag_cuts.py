"""Cuts before there are answers: from nothing but the levels that authors gave to items."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from bdhvs.measurement.cut_scores import LEAST_ITEMS, Cut, Flag, LevelCuts
from bdhvs.measurement.thresholds import RESPONSE_PROBABILITY, tag_difficulty

TAG_SD = 1.0  # of items within a level: an author's level tells difficulty about so well
LEVEL_SD = 0.5  # of a level as a whole: authors may see all its items half a level too hard or too easy


def cuts_from_tags(
    levels: ArrayLike, wanted: Iterable[int], response_probability: float = RESPONSE_PROBABILITY, least_items: int = LEAST_ITEMS
) -> LevelCuts:
    """Cuts before there are data, from nothing but the levels authors gave to items. Provisional by nature.

    Parameters
    ----------
    levels : level of each item of the bank.
    wanted : levels to give a cut for; one with fewer than `least_items` items gets none.

    Notes
    -----
    cut = difficulty of the tag + ln(RP/(1 − RP)), slope 1; standard error √(LEVEL_SD² + TAG_SD²/n).
    """
    level = np.asarray(levels, dtype=np.intp)
    above = np.log(response_probability / (1 - response_probability))
    assumed = Flag("assumed", "Taken from the level authors gave; no answer of a learner stands behind this cut.")
    cuts = []
    for one in wanted:
        count = int((level == one).sum())
        if count < least_items:
            few = Flag("no_items" if not count else "too_few_items", f"Level {one} has {count} of the {least_items} items it needs: no cut.")
            cuts.append(Cut(one, np.nan, np.nan, count, np.nan, (few,)))
        else:
            ability = tag_difficulty(one) + float(above)
            cuts.append(Cut(one, ability, float(np.hypot(LEVEL_SD, TAG_SD / np.sqrt(count))), count, ability, (assumed,)))
    return LevelCuts(tuple(cuts), TAG_SD, response_probability)
