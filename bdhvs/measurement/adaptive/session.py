"""One learner's adaptive test, as pure functions: begin, next item, record; or replay it all from the answers.

::

    form = AdaptiveForm(rules, pool)
    state = begin(form, seed=7)
    while isinstance(step := next_item(state), Choice):
        state = record(state, Answer(step.item, score=1))
    step.reason, step.band, state.mean, state.sd

A state is never changed; `replay` of the same answers gives an equal one, to the last bit. What a server has to keep is the
seed, the answers in order, the versions of rules and pool, and (only when it deals by counts) the part dealt.

Ability is the mean of the posterior over a grid (expected a posteriori: R. D. Bock and R. J. Mislevy 1982, Adaptive EAP estimation
of ability in a microcomputer environment, Applied Psychological Measurement 6, 431–444). Each answer multiplies it by one
row of chances; nothing is computed again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from math import sqrt

import numpy as np

from bdhvs.measurement.adaptive.chance import uniform
from bdhvs.measurement.adaptive.choice import INDIFFERENCE, Choice, aim, choose, usable_items
from bdhvs.measurement.adaptive.exposure import deal
from bdhvs.measurement.adaptive.form import AdaptiveForm
from bdhvs.measurement.adaptive.kindness import kindness
from bdhvs.measurement.adaptive.pool import Flags
from bdhvs.measurement.adaptive.stopping import Ending
from bdhvs.measurement.item_models import Floats


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an item that was shown.

    `score` is a whole number from 0 to the item's highest; None when there is no evidence (withdrawn, cut off). A skipped item
    is the caller's to judge: 0 where skipping is a way to say "I do not know". `helped`: done with help, which shows level 1
    (with guidance) only; it counts as shown, not for ability.
    """

    item: str
    score: int | None
    helped: bool = False


@dataclass(frozen=True, eq=False)
class State:
    """Where a learner stands. Two states are equal when everything in them is.

    Attributes
    ----------
    dealt : the part of the pool this learner may meet.
    preference : factor on each item's information (1 − `INDIFFERENCE` … 1), from the seed.
    answers : what was shown, in order.
    free : items dealt, not shown, and no enemy of one shown.
    counts : items shown of each domain, in the pool's order of domains.
    simulators, counted : how many shown were simulators, and how many answers count for ability.
    points : shares of points won without help, added up.
    posterior : weight of each node of the grid; adds up to 1.
    """

    form: AdaptiveForm
    seed: int
    dealt: Flags
    preference: Floats
    answers: tuple[Answer, ...]
    free: Flags
    counts: tuple[int, ...]
    simulators: int
    counted: int
    points: float
    posterior: Floats

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, State):
            return NotImplemented
        plain = ("form", "seed", "answers", "counts", "simulators", "counted", "points")
        arrays = ("dealt", "preference", "free", "posterior")
        return all(getattr(self, one) == getattr(other, one) for one in plain) and all(
            np.array_equal(getattr(self, one), getattr(other, one)) for one in arrays
        )

    __hash__ = None  # type: ignore[assignment]  # holds arrays

    @cached_property
    def mean(self) -> float:
        """Ability: the posterior mean, in logits."""
        return float(self.posterior @ self.form.pool.abilities)

    @cached_property
    def sd(self) -> float:
        """Standard error of the ability: the posterior's standard deviation, in logits."""
        at = self.form.pool.abilities
        return sqrt(max(float(self.posterior @ (at * at)) - self.mean**2, 0.0))

    @cached_property
    def bands(self) -> Floats:
        """Probability of each band, the lowest first."""
        return np.maximum(
            self.form.bands @ self.posterior, 0.0
        )  # interpolation may put an impossible band a hair below 0

    @cached_property
    def doubt(self) -> float:
        """How probable it still is that this is a beginner, as a share of how probable it was before the first answer."""
        beginners = self.form.beginners
        return float(beginners @ self.posterior) / float(beginners @ self.form.prior)


def begin(form: AdaptiveForm, seed: int, dealt: Flags | None = None) -> State:
    """Before the first item.

    `dealt` is the part of the pool from `bdhvs.measurement.adaptive.exposure.deal`, when it was drawn with counts of past
    learners; None: drawn from the seed alone.
    """
    pool = form.pool
    part = deal(pool, form.rules, seed) if dealt is None else dealt
    if part.shape != (len(pool),):
        raise ValueError(f"found a part of a pool of {part.size} items, expected one of {len(pool)}")
    preference = 1 - INDIFFERENCE * uniform(seed, len(pool), skip=len(pool) + 1)  # those skipped are the deal's
    none = (0,) * len(pool.domain_names)
    return State(form, seed, part, preference, (), part, none, 0, 0, 0.0, form.prior)


def next_item(state: State) -> Choice | Ending:
    """The next item, or that and why the test is over. Asked twice, it says the same."""
    form, shown = state.form, len(state.answers)
    rules = form.rules
    bands = state.bands
    band = int(bands.argmax())
    certainty = float(bands[band])
    is_enough = state.counted >= rules.minimum and state.simulators >= rules.simulators_required
    if rules.cuts and is_enough and certainty >= rules.certainty:
        return Ending("band_certain", band, certainty)
    if shown >= rules.maximum:
        return Ending("maximum", band, certainty)
    usable = usable_items(form, state.free, state.counts, state.simulators)
    kind = kindness(rules, state.points, shown, state.mean, state.sd, state.doubt)
    target = aim(rules.cuts, bands, state.mean, state.sd)
    chosen = choose(form, usable, state.free & form.warm_up, state.preference, state.mean, target, kind)
    return chosen or Ending("no_item_left", band, certainty)


def record(state: State, answer: Answer) -> State:
    """The state after an answer, whether or not these rules chose its item: what happened is a fact.

    Raises
    ------
    ValueError
        when the item is not in the pool or was answered before, or the score is none of the item's.
    """
    pool = state.form.pool
    place = pool.place(answer.item)
    if any(one.item == answer.item for one in state.answers):
        raise ValueError(f"item {answer.item!r}: found a second answer, expected one")
    top = int(pool.items.cells.maximum[place])
    if answer.score is not None and answer.score not in range(top + 1):
        raise ValueError(
            f"item {answer.item!r}: found score {answer.score!r}, expected a whole number from 0 to {top} or none"
        )
    domain, free = pool.domains[place], state.free.copy()
    free[place] = False
    if place in pool.foes:
        free[pool.foes[place]] = False
    after = replace(
        state,
        answers=(*state.answers, answer),
        free=free,
        counts=tuple(count + (name == domain) for name, count in zip(pool.domain_names, state.counts, strict=True)),
        simulators=state.simulators + int(pool.is_simulator[place]),
    )
    if answer.score is None or answer.helped:
        return after
    posterior = state.posterior * pool.chances[pool.items.cells.first[place] + answer.score]
    return replace(
        after,
        counted=state.counted + 1,
        points=state.points + answer.score / top,
        posterior=posterior / posterior.sum(),
    )


def replay(form: AdaptiveForm, seed: int, answers: Iterable[Answer], dealt: Flags | None = None) -> State:
    """The state after these answers, equal to the one that was lost. Some milliseconds for a bank of 5,000."""
    state = begin(form, seed, dealt)
    for answer in answers:
        state = record(state, answer)
    return state
