"""A test is a function of rules, pool, seed and answers: nothing else moves it, and it can be had again."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bdhvs.measurement import grids
from bdhvs.measurement.adaptive.choice import Choice
from bdhvs.measurement.adaptive.form import AdaptiveForm
from bdhvs.measurement.adaptive.pool import Pool
from bdhvs.measurement.adaptive.rules import Rules
from bdhvs.measurement.adaptive.session import Answer, State, begin, next_item, record, replay
from bdhvs.measurement.adaptive.stopping import Ending
from bdhvs.measurement.calibrated import CalibratedItems
from tests.measurement.adaptive.pools import form_of, pool_of

FORM = form_of(pool_of(240, partial=True, enemies=(frozenset({"item0", "item8", "item16"}),)))


def walk(form: AdaptiveForm, seed: int, luck: list[int]) -> list[State]:
    """All states of a test: each answer's score is a number of `luck` cut to the item's scores; None where it is 3."""
    states = [begin(form, seed)]
    for number in luck:
        step = next_item(states[-1])
        if isinstance(step, Ending):
            break
        top = int(form.pool.items.cells.maximum[form.pool.place(step.item)])
        states.append(
            record(states[-1], Answer(step.item, None if number == 3 else min(number, top), helped=number == 4))
        )
    return states


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**63), luck=st.lists(st.integers(0, 4), max_size=20))
def test_any_prefix_replayed_is_the_same_state_and_goes_on_with_the_same_item(seed: int, luck: list[int]) -> None:
    for state in walk(FORM, seed, luck):
        again = replay(FORM, seed, state.answers)
        assert again == state
        assert next_item(again) == next_item(state)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**31), luck=st.lists(st.integers(0, 2), max_size=20))
def test_the_posterior_is_that_of_all_answers_at_once(seed: int, luck: list[int]) -> None:
    state = walk(FORM, seed, luck)[-1]
    at, items = FORM.pool.abilities, FORM.pool.items
    places = [FORM.pool.place(one.item) for one in state.answers]
    cells = [items.cells.first[place] + one.score for place, one in zip(places, state.answers, strict=True)]
    weight = np.exp(items.log_probabilities(at)[cells].sum(axis=0)) * grids.weights(at, grids.Normal())
    np.testing.assert_allclose(state.posterior, weight / weight.sum(), rtol=1e-9, atol=1e-300)
    assert state.mean == pytest.approx(float(weight @ at / weight.sum()), abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**31), luck=st.lists(st.integers(0, 1), min_size=20, max_size=20))
def test_no_item_twice_no_enemies_no_item_that_was_not_dealt(seed: int, luck: list[int]) -> None:
    state = walk(FORM, seed, luck)[-1]
    shown = [one.item for one in state.answers]
    assert len(set(shown)) == len(shown)
    assert len({"item0", "item8", "item16"} & set(shown)) <= 1
    assert all(state.dealt[FORM.pool.place(name)] for name in shown)


def test_enemies_are_shut_out_also_when_they_would_be_the_best_items() -> None:
    items = CalibratedItems.dichotomous([2.0, 2.0, 2.0, 1.0, 1.0], [0.0, 0.0, 0.0, 0.0, 0.0], ["a", "b", "c", "d", "e"])
    pool = Pool(items, ("1",) * 5, enemies=(frozenset("ab"), frozenset("bc")))
    form = AdaptiveForm(Rules(minimum=1, maximum=2, exposure_cap=1, kind_items=0), pool)
    first = record(begin(form, 1), Answer("b", 1))
    assert [pool.items.ids[k] for k in np.flatnonzero(first.free)] == ["d", "e"]
    second = next_item(record(begin(form, 1), Answer("a", 1)))
    assert isinstance(second, Choice)
    assert second.item == "c"  # a's enemy is b alone


def test_the_same_seed_asks_the_same_and_another_seed_something_else() -> None:
    def first(seed: int) -> str:
        step = next_item(begin(FORM, seed))
        assert isinstance(step, Choice)
        return step.item

    assert [first(seed) for seed in range(30)] == [first(seed) for seed in range(30)]
    assert len({first(seed) for seed in range(30)}) > 3


def test_help_and_no_evidence_count_as_shown_but_not_for_ability() -> None:
    state = begin(FORM, 5)
    step = next_item(state)
    assert isinstance(step, Choice)
    for answer in (Answer(step.item, 1, helped=True), Answer(step.item, None)):
        after = record(state, answer)
        assert np.array_equal(after.posterior, state.posterior)
        assert (after.counted, after.points, sum(after.counts)) == (0, 0.0, 1)
        assert next_item(after) != step


def test_a_better_score_never_lowers_ability() -> None:
    state = begin(FORM, 5)
    for name in ("item0", "item3", "item1"):
        tops = FORM.pool.items.cells.maximum[FORM.pool.place(name)]
        means = [record(state, Answer(name, score)).mean for score in range(tops + 1)]
        assert means == sorted(means)
        assert means[0] < state.mean < means[-1]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer("nothing", 1), "not in the pool"),
        (Answer("item1", 2), "whole number from 0 to 1"),
        (Answer("item1", -1), "whole number from 0 to 1"),
        (Answer("item2", 0), "second answer"),
    ],
)
def test_what_cannot_be_is_refused_with_item_and_reason(answer: Answer, said: str) -> None:
    state = record(begin(FORM, 1), Answer("item2", 1))
    with pytest.raises(ValueError, match=said):
        record(state, answer)


def test_seeds_and_parts_that_fit_no_pool_are_refused() -> None:
    with pytest.raises(ValueError, match="seed -1"):
        begin(FORM, -1)
    with pytest.raises(ValueError, match="part of a pool of 3"):
        begin(FORM, 1, np.ones(3, dtype=np.bool_))
