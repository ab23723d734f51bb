"""Shares of people in classes: against another program, against the truth of simulated classes, and laws."""

from __future__ import annotations

from math import isnan

import pytest

np = pytest.importorskip("numpy")

from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from bdhvs.measurement.proportions import wilson_ends  # noqa: E402
from bdhvs.programme.shares import (  # noqa: E402
    Coverage,
    Margin,
    likeness,
    share_of,
    t_of,
    weighted_share,
    weights_to_margins,
)


def classes(seed: int, count: int, a: float = 3, b: float = 4) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(8, 30, count)
    chance = rng.beta(a, b, count)
    place = np.repeat(np.arange(count), sizes)
    return (rng.random(place.size) < chance[place]).astype(float), place


def test_the_standard_error_agrees_with_samplics() -> None:
    rng = np.random.default_rng(7)
    sizes = rng.integers(8, 30, 24)
    place = np.repeat(np.arange(24), sizes)
    chance = rng.beta(3, 4, 24)[place]
    reached = (rng.random(place.size) < chance).astype(float)
    weights = rng.uniform(0.5, 2, place.size)
    # samplics 0.6.0, TaylorEstimator(PopParam.mean), the same numbers; agreement to rounding.
    alone = share_of(reached, place, weights=weights)
    assert (alone.people, alone.clusters) == (457, 24)
    assert alone.share == pytest.approx(0.41623878779920626, abs=1e-12)
    assert alone.se == pytest.approx(0.04137261305106741, abs=1e-12)
    stratified = share_of(reached, place, weights=weights, strata=place % 3)
    assert stratified.se == pytest.approx(0.04199641764764353, abs=1e-12)


@pytest.mark.parametrize(("freedom", "printed"), [(4, 2.776), (9, 2.262), (30, 2.042), (120, 1.980)])
def test_student_s_quantile_is_that_of_the_printed_tables(freedom: int, printed: float) -> None:
    # Every statistics book's table of t, 0.975; Hill's expansion is 0.3 % off with 4 degrees of freedom.
    assert t_of(0.95, freedom) == pytest.approx(printed, rel=3e-3)


@pytest.mark.parametrize("count", [5, 30])
def test_intervals_hold_the_truth_as_often_as_they_say(count: int) -> None:
    held = 0
    for seed in range(400):
        found = share_of(*classes(seed, count))
        held += found.low <= 3 / 7 <= found.high
    # Of 400 draws, 3 standard errors of 0.95 are 0.033. Classes of unequal size make few classes a little too sure.
    assert held / 400 >= 0.915
    naive = sum(
        (lambda y: wilson_ends(y.sum(), y.size)[0] <= 3 / 7 <= wilson_ends(y.sum(), y.size)[1])(classes(seed, count)[0])
        for seed in range(100)
    )
    assert naive / 100 < 0.75  # what it is for: without classes, one interval in four or more misses


def test_people_in_classes_of_their_own_give_wilson_s_interval() -> None:
    reached = np.r_[np.ones(120), np.zeros(280)]
    found = share_of(reached, np.arange(400))
    low, high = wilson_ends(120, 400)
    assert found.low == pytest.approx(low, abs=2e-3)
    assert found.high == pytest.approx(high, abs=2e-3)


def test_few_classes_or_all_alike_are_never_sure() -> None:
    all_of_them = share_of(np.ones(60), np.repeat([0, 1, 2], 20))
    assert (all_of_them.effect_from, all_of_them.high) == ("stated", 1.0)
    assert all_of_them.low < 0.92  # so many drawn one by one would give 0.94
    one_class = share_of(np.r_[np.ones(15), np.zeros(15)], np.zeros(30))
    assert one_class.effect_from == "stated"
    assert one_class.high - one_class.low > 0.4
    assert isnan(share_of([], []).share)
    assert not share_of(np.ones(9), np.arange(9)).may_be_told


def test_weights_give_back_the_population_whose_old_people_stayed_away() -> None:
    rng = np.random.default_rng(3)
    old = rng.random(6000) < 0.1  # a third of the population, a tenth of those who came
    woman = rng.random(6000) < 0.7
    reached = (rng.random(6000) < np.where(old, 0.2, 0.7) + np.where(woman, 0.05, -0.05)).astype(float)
    place = np.arange(6000) // 25
    cells = [f"{'old' if a else 'young'}/{'w' if b else 'm'}" for a, b in zip(old, woman, strict=True)]
    population = {"old/w": 2000.0, "old/m": 1333.0, "young/w": 3200.0, "young/m": 3467.0}
    share, weighted = weighted_share(reached, place, [Margin("age × sex", cells, population)])
    truth = (2000 * 0.25 + 1333 * 0.15 + 3200 * 0.75 + 3467 * 0.65) / 10_000
    assert share_of(reached, place).share - truth > 0.09
    assert share.share == pytest.approx(truth, abs=0.03)
    assert share.low < truth < share.high
    assert share.weighting > 1.2
    assert weighted.rounds == 1
    by_hand = sum(population[cell] * reached[np.array(cells) == cell].mean() for cell in population) / 10_000
    assert share.share == pytest.approx(by_hand, abs=1e-12)  # Cochran (1977), section 5A.9


def test_raking_meets_both_margins_and_says_whom_nobody_met() -> None:
    ages = ["young"] * 60 + ["old"] * 40
    sexes = (["f"] * 3 + ["m"]) * 25
    margins = [
        Margin("age", ages, {"young": 500, "old": 400, "oldest": 100}),
        Margin("sex", sexes, {"f": 510, "m": 490}),
    ]
    weighted = weights_to_margins(margins)
    assert weighted.unseen == {"age": ("oldest",), "sex": ()}
    assert weighted.represented == pytest.approx(0.9)
    total = weighted.weights.sum()
    assert weighted.weights[:60].sum() / total == pytest.approx(5 / 9)
    assert weighted.weights[np.array(sexes) == "f"].sum() / total == pytest.approx(0.51)


def test_margins_that_cannot_be_met_or_read_are_named() -> None:
    with pytest.raises(ValueError, match="age"):
        weights_to_margins([Margin("age", ["x", "y"], {"young": 3})])
    apart = [Margin("a", ["u", "v"], {"u": 1, "v": 9}), Margin("b", ["p", "q"], {"p": 5, "q": 5})]
    with pytest.raises(ValueError, match="do not meet"):
        weights_to_margins(apart)


def test_likeness_is_that_of_the_classes_drawn() -> None:
    # Beta(3, 4) classes: the correlation within one is 1 / (3 + 4 + 1).
    found = [likeness(*classes(seed, 200)) for seed in range(20)]
    assert np.mean(found) == pytest.approx(1 / 8, abs=0.01)
    assert isnan(likeness([1, 0], [1, 2]))


def test_the_rest_of_a_population_may_be_anything() -> None:
    half = Coverage(500, 1000)
    assert half.share == 0.5
    assert half.bounds(0.6) == (0.3, 0.8)
    assert Coverage(5, None).bounds(0.5) is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=1, max_size=80))
def test_laws_of_a_share(people: list[tuple[bool, int]]) -> None:
    reached, place = np.array([float(one) for one, _ in people]), np.array([where for _, where in people])
    found = share_of(reached, place)
    assert 0 <= found.low <= found.share <= found.high <= 1
    turned = np.random.default_rng(0).permutation(len(people))
    assert share_of(reached[turned], place[turned]).se == pytest.approx(found.se, abs=1e-12)
    other = share_of(1 - reached, place)
    assert other.low == pytest.approx(1 - found.high, abs=1e-12)
    assert share_of(reached, place, weights=np.full(len(people), 3.0)).se == pytest.approx(found.se, abs=1e-12)
