"""The choice of the next item: of those the rules allow, the one that tells most where it matters.

Information is Fisher's, read from a table at one ability, the *aim*. A test that ends when a band is certain has to know on
which side of a cut the learner is, so the aim is the cut that is most in doubt (T. J. H. M. Eggen 1999, Item selection in adaptive
testing with the sequential probability ratio test, Applied Psychological Measurement 23, 249–261: information at the cut), but
never farther than one standard error from the estimate, so that no item is hopeless or a bore. Without cuts the aim is the estimate
(F. M. Lord 1980, Applications of Item Response Theory to Practical Testing Problems, chapter 10). In simulation this took as many
items as weighing all abilities by the posterior, or the mutual information of answer and band, at a fraction of the time.

Among items about as good a preference drawn from the seed decides, so that a bank in which many items are alike (all of a level,
before calibration) is used evenly; it costs at most `INDIFFERENCE` of an item's information.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from bdhvs.measurement.adaptive.form import AdaptiveForm
from bdhvs.measurement.adaptive.kindness import Kindness
from bdhvs.measurement.adaptive.pool import Flags, Indices
from bdhvs.measurement.item_models import Floats

INDIFFERENCE = 0.05  # share of information given up for even use


@dataclass(frozen=True, slots=True)
class Choice:
    """The next item. `predicted` is its expected share of points at the estimate (0–1); `kind` whether the kind start asked for it."""

    item: str
    domain: str
    predicted: float
    kind: bool


def aim(cuts: Sequence[float], bands: Floats, mean: float, sd: float) -> float:
    """The ability (logits) at which the next item should inform, from each band's probability and the estimate."""
    if not cuts:
        return mean
    below = list(accumulate(bands.tolist()))[:-1]
    doubts = [min(share, 1 - share) for share in below]
    cut = cuts[doubts.index(max(doubts))]
    return min(max(cut, mean - sd), mean + sd)


def choose(
    form: AdaptiveForm,
    usable: Flags,
    spare: Flags,
    preference: Floats,
    mean: float,
    target: float,
    kind: Kindness | None,
) -> Choice | None:
    """The best of the usable items for a learner of estimate `mean`, informing at `target`; None when none is usable.

    When no usable item is as easy as the kind start asks, the `spare` ones (to warm up with) are looked at, too; when none of
    those is either, the easiest is chosen.
    """
    pool = form.pool
    places = usable.nonzero()[0]
    if not len(places):
        return None
    if kind is not None:
        places = easy_enough(form, places, kind)
        if pool.success[pool.node(kind.ability), places[0]] < kind.success and spare.any():
            places = easy_enough(form, (usable | spare).nonzero()[0], kind)
    place = int(places[(pool.information[pool.node(target)].take(places) * preference.take(places)).argmax()])
    return Choice(
        pool.items.ids[place], pool.domains[place], float(pool.success[pool.node(mean), place]), kind is not None
    )


def easy_enough(form: AdaptiveForm, places: Indices, kind: Kindness) -> Indices:
    """Those of some items (at least one) that are as easy as asked; the easiest when none is."""
    success = form.pool.success[form.pool.node(kind.ability)].take(places)
    easy = (success >= kind.success).nonzero()[0]
    return places.take(easy) if len(easy) else places[success.argmax() :][:1]


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
    return min(required, required * (shown + 1) // minimum)
