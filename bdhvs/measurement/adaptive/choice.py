"""The choice of the next item: the most informative one of those the rules allow.

Information is Fisher's at the ability estimated so far (F. M. Lord 1980, Applications of Item Response Theory to Practical Testing
Problems, chapter 10), read from a table: a choice is a few passes over one row of it, 25 µs for 5,000 items. Among items about
as good a preference drawn from the seed decides, so that a bank in which many items are alike (all of a level, before
calibration) is used evenly; it costs at most `INDIFFERENCE` of an item's information.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from bdhvs.measurement.adaptive.form import AdaptiveForm
from bdhvs.measurement.adaptive.kindness import Kindness
from bdhvs.measurement.adaptive.pool import Flags
from bdhvs.measurement.item_models import Floats

INDIFFERENCE = 0.05  # share of information given up for even use
MODE = "mean"


@dataclass(frozen=True, slots=True)
class Choice:
    """The next item. `predicted` is its expected share of points at the estimate (0–1); `kind` whether the kind start asked for it."""

    item: str
    domain: str
    predicted: float
    kind: bool


def choose(form: AdaptiveForm, usable: Flags, preference: Floats, ability: float, kind: Kindness | None) -> Choice | None:
    """The best of the usable items at an ability; None when none is usable.

    When no usable item is as easy as the kind start asks, the easiest is chosen.
    """
    pool = form.pool
    node = pool.node(ability)
    places = usable.nonzero()[0]
    if not len(places):
        return None
    if kind is not None:
        success = pool.success[pool.node(kind.ability)].take(places)
        easy = (success >= kind.success).nonzero()[0]
        places = places.take(easy) if len(easy) else places[success.argmax() :][:1]
    place = int(places[(pool.information[node].take(places) * preference.take(places)).argmax()])
    return Choice(pool.items.ids[place], pool.domains[place], float(pool.success[node, place]), kind is not None)


def usable_items(form: AdaptiveForm, free: Flags, counts: tuple[int, ...], simulators: int) -> Flags:
    """Which of the free items domains and simulators allow, after `counts` items of each domain and so many simulators."""
    rules, pool = form.rules, form.pool
    usable = free & form.due(counts)
    if rules.simulators_at_most is not None and simulators >= rules.simulators_at_most:
        usable = usable & ~pool.is_simulator
    if simulators < required_by_now(rules.simulators_required, rules.minimum, sum(counts)):
        wanted = usable & pool.is_simulator
        usable = wanted if wanted.any() else usable  # none in these domains: with one of the next items
    return usable


def required_by_now(required: int, minimum: int, shown: int) -> int:
    """Simulators that should have come once the next item is shown: spread evenly over the first `minimum` items."""
    return min(required, ceil(required * (shown + 1) / minimum - 1 + 1e-9)) if shown + 1 < minimum else required
