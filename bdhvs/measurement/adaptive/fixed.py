"""The fixed form an adaptive one is held against: the same blueprint, the same items for everybody.

Items are put in an order of which every beginning keeps to the blueprint, so one order gives the forms of all lengths.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from bdhvs.measurement import grids
from bdhvs.measurement.adaptive.choice import usable_items
from bdhvs.measurement.adaptive.form import AdaptiveForm
from bdhvs.measurement.adaptive.pool import Indices
from bdhvs.measurement.item_models import Floats

Manner = Literal["central", "spread"]


def fixed_form(form: AdaptiveForm, learners: grids.Normal, length: int, manner: Manner = "spread") -> Indices:
    """Places of the items in order; fewer than `length` when domains, enemies or simulators allow no more.

    Each item is the most informative one that may come next: "central": on average over the learners; "spread": at one ability
    after another, taken evenly from the learners' distribution (van der Corput's sequence of quantiles), as an author spreads
    difficulties. No exposure control: a fixed form shows everything to everybody.
    """
    pool = form.pool
    weights = grids.weights(pool.abilities, learners)
    free, counts, simulators = np.ones(len(pool), dtype=np.bool_), (0,) * len(pool.domain_names), 0
    chosen: list[int] = []
    while len(chosen) < length:
        usable = usable_items(form, free, counts, simulators)
        if not usable.any():
            break
        aim = weights if manner == "central" else _at(weights, len(chosen) + 1)
        place = int(np.where(usable, aim @ pool.information, -1.0).argmax())
        chosen.append(place)
        free[place] = False
        if place in pool.foes:
            free[pool.foes[place]] = False
        counts = tuple(n + (k == pool.domain[place]) for k, n in enumerate(counts))
        simulators += int(pool.is_simulator[place])
    return np.array(chosen, dtype=np.intp)


def _at(weights: Floats, number: int) -> Floats:
    """All weight on the node at the `number`-th quantile of van der Corput's sequence: 1/2, 1/4, 3/4, 1/8 …"""
    quantile, step = 0.0, 0.5
    while number:
        quantile, number, step = quantile + step * (number & 1), number >> 1, step / 2
    aim = np.zeros_like(weights)
    aim[int(np.searchsorted(np.cumsum(weights), quantile))] = 1.0
    return aim
