"""What if a form went live: simulated learners take an adaptive form, and fixed forms beside it.

Learners are drawn, their abilities known; each has one score for every item of the pool, drawn from the item's own model, so
that all forms meet the same people on the same day. The adaptive form is the real one (`bdhvs.measurement.adaptive.session`), one
learner after another, with counts of what was shown where the server would keep them.

What comes out is as true as the parameters that go in: items that fit their model, learners who try, no copying.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bdhvs.measurement import item_models
from bdhvs.measurement.adaptive.choice import Choice
from bdhvs.measurement.adaptive.exposure import Exposure, deal
from bdhvs.measurement.adaptive.form import AdaptiveForm
from bdhvs.measurement.adaptive.pool import Flags, Indices, Pool
from bdhvs.measurement.adaptive.rules import Rules
from bdhvs.measurement.adaptive.session import Answer, State, begin, next_item, record
from bdhvs.measurement.adaptive.stopping import Ending
from bdhvs.measurement.item_models import Floats

BLOCK = 64  # learners whose scores are drawn at once
Scores = NDArray[np.int8]
NONE = -1


@dataclass(frozen=True)
class Learners:
    """A group of simulated learners: normal abilities in logits."""

    count: int
    mean: float = 0.0
    sd: float = 1.0
    name: str = "learners"

    def __post_init__(self) -> None:
        if self.count < 1 or not self.sd >= 0:
            raise ValueError(
                f"group {self.name!r}: found {self.count} learners with sd {self.sd}, expected at least 1 and an sd ≥ 0"
            )


def draw_learners(groups: Sequence[Learners], seed: int) -> tuple[Floats, Indices]:
    """Abilities (logits) of all groups in one order of arrival, and the place of each learner's group."""
    rng = np.random.default_rng([seed, 1])
    drawn = np.concatenate([rng.normal(one.mean, one.sd, one.count) for one in groups])
    group = np.repeat(np.arange(len(groups)), [one.count for one in groups])
    order = rng.permutation(len(drawn))
    return drawn[order], group[order]


def draw_scores(pool: Pool, abilities: Floats, seed: int) -> Iterator[tuple[slice, Scores]]:
    """What each learner would score on each item: blocks of learners × items with which learners they are."""
    items, rng = pool.items, np.random.default_rng([seed, 2])
    for start in range(0, len(abilities), BLOCK):
        which = slice(start, min(start + BLOCK, len(abilities)))
        at, luck = abilities[which], rng.random((len(abilities[which]), len(pool)))
        scores = np.zeros(luck.shape, dtype=np.int8)
        for places, cells in item_models.alike(items.cells):
            chances = items.model.chances(items.parameters[places, : cells.shape[1]], at)
            reached = np.cumsum(chances, axis=1)[:, :-1].transpose(2, 0, 1)  # learners × items × scores
            scores[:, places] = (luck[:, places, None] > reached).sum(axis=2)
        yield which, scores


@dataclass(frozen=True, eq=False)
class AdaptiveRun:
    """An adaptive form taken by simulated learners. Arrays are by learner in order of arrival.

    Attributes
    ----------
    abilities, estimates, errors : true ability, its estimate and standard error, in logits.
    bands : band at the end, 0 the lowest; certainties : its probability.
    items, successes : learners × maximum: place of each item shown and share of its points won; −1 and NaN beyond the end.
    reasons : why each test ended.
    """

    form: AdaptiveForm
    abilities: Floats
    estimates: Floats
    errors: Floats
    bands: Indices
    certainties: Floats
    items: Indices
    successes: Floats
    reasons: NDArray[np.str_]

    @cached_property
    def lengths(self) -> Indices:
        """Items each learner answered."""
        return np.asarray((self.items != NONE).sum(axis=1))

    @cached_property
    def exposure(self) -> Floats:
        """Share of learners to whom each item was shown."""
        return np.bincount(self.items[self.items != NONE], minlength=len(self.form.pool)) / len(self.abilities)

    @cached_property
    def true_bands(self) -> Indices:
        """Band of the true ability."""
        return true_bands(self.form.rules, self.abilities)


def true_bands(rules: Rules, abilities: Floats) -> Indices:
    """Band of each ability, 0 the lowest; an ability at a cut belongs to the band above."""
    return np.searchsorted(np.array(rules.cuts, dtype=np.float64), abilities, side="right")


def take_adaptive(form: AdaptiveForm, abilities: Floats, seed: int, *, counting: bool = True) -> AdaptiveRun:
    """Simulated learners take the form, one after another.

    `counting`: items are dealt by counts of the learners before; False: from each learner's seed alone.
    """
    past = Exposure.none(form.pool) if counting else None
    run = _empty_run(form, abilities)
    for which, block in draw_scores(form.pool, abilities, seed):
        for row, scores in enumerate(block, start=which.start):
            dealt = deal(form.pool, form.rules, seed + row, past)
            state, end = take_one(form, scores, seed + row, dealt)
            places = _note(run, row, state, end)
            past = past.after(dealt, places) if past is not None else None
    return run


def take_one(form: AdaptiveForm, scores: Scores, seed: int, dealt: Flags | None = None) -> tuple[State, Ending]:
    """One learner with these scores on the pool's items takes the form."""
    state = begin(form, seed, dealt)
    step = next_item(state)
    while isinstance(step, Choice):
        state = record(state, Answer(step.item, int(scores[form.pool.place(step.item)])))
        step = next_item(state)
    return state, step


def _empty_run(form: AdaptiveForm, abilities: Floats) -> AdaptiveRun:
    count, longest = len(abilities), form.rules.maximum
    numbers = [np.full(count, np.nan) for _ in range(3)]
    return AdaptiveRun(
        form=form,
        abilities=abilities,
        estimates=numbers[0],
        errors=numbers[1],
        certainties=numbers[2],
        bands=np.full(count, NONE, dtype=np.intp),
        items=np.full((count, longest), NONE, dtype=np.intp),
        successes=np.full((count, longest), np.nan),
        reasons=np.full(count, "", dtype="U12"),
    )


def _note(run: AdaptiveRun, row: int, state: State, end: Ending) -> list[int]:
    """Write a learner's test into the run; the places of the items shown."""
    pool = run.form.pool
    places = [pool.place(one.item) for one in state.answers]
    run.estimates[row], run.errors[row] = state.mean, state.sd
    run.bands[row], run.certainties[row], run.reasons[row] = end.band, end.certainty, end.reason
    run.items[row, : len(places)] = places
    run.successes[row, : len(places)] = [one.score for one in state.answers]
    run.successes[row, : len(places)] /= pool.items.cells.maximum[places]
    return places


@dataclass(frozen=True, eq=False)
class FixedRun:
    """A fixed form taken by the same learners, looked at after every item.

    Attributes
    ----------
    places : items in order.
    accuracy, rmse : after 1, 2, … items: share of learners in their true band, and root mean square error of ability.
    success : share of points won with all items.
    """

    places: Indices
    accuracy: Floats
    rmse: Floats
    success: float

    def items_for(self, accuracy: float) -> float:
        """Items after which this accuracy is reached; NaN when it never is. Between two lengths: in proportion.

        Noise is taken out by isotonic regression first (`rising`): more items are never worse in truth.
        """
        curve = rising(self.accuracy)
        if not len(curve) or curve[-1] < accuracy:
            return float("nan")
        after = int(np.argmax(curve >= accuracy))
        if after == 0:
            return 1.0
        low, high = curve[after - 1], curve[after]
        return after + float((accuracy - low) / (high - low))


def rising(values: Floats) -> Floats:
    """The nearest values (least squares) that never fall, by pooling neighbours that do.

    Source: M. Ayer, H. D. Brunk, G. M. Ewing, W. T. Reid and E. Silverman (1955), An empirical distribution function for sampling
    with incomplete information, Annals of Mathematical Statistics 26, 641–647.
    """
    blocks: list[tuple[float, int]] = []  # mean, length
    for value in values.tolist():
        mean, length = value, 1
        while blocks and blocks[-1][0] >= mean:
            before, count = blocks.pop()
            mean, length = (before * count + mean * length) / (count + length), count + length
        blocks.append((mean, length))
    return np.repeat([mean for mean, _ in blocks], [length for _, length in blocks])


def take_fixed(form: AdaptiveForm, places: Indices, abilities: Floats, seed: int) -> FixedRun:
    """The same learners, with the same scores as in `take_adaptive`, take a fixed form."""
    pool, rules = form.pool, form.rules
    truth = true_bands(rules, abilities)
    right, squares, points = np.zeros(len(places)), np.zeros(len(places)), 0.0
    for which, block in draw_scores(pool, abilities, seed):
        posterior = np.tile(form.prior, (len(block), 1))
        for number, place in enumerate(places):
            scores = block[:, place]
            posterior *= pool.chances[pool.items.cells.first[place] + scores]
            posterior /= posterior.sum(axis=1, keepdims=True)
            right[number] += ((posterior @ form.bands.T).argmax(axis=1) == truth[which]).sum()
            squares[number] += ((posterior @ pool.abilities - abilities[which]) ** 2).sum()
            points += float(scores.sum() / pool.items.cells.maximum[place])
    count = len(abilities)
    return FixedRun(places, right / count, np.sqrt(squares / count), points / (count * max(1, len(places))))
