"""Classification accuracy and consistency against a published recursion, enumeration and simulation."""

from __future__ import annotations

from itertools import product

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.classification import lee, rudner, sum_score_distribution

MIXED = CalibratedItems(("a", "b", "c"), np.array([[1.2, 0.5, -0.4], [0.8, 0.3, np.nan], [1.5, -0.2, np.nan]]))


def test_the_recursion_is_that_of_kolen_and_brennan() -> None:
    # M. J. Kolen, R. L. Brennan (2004), Test equating, scaling, and linking, page 183: chances .26, .27 and .18, printed to four
    # decimals (neither the book nor the R package classify was at hand when sources were checked); here the eight products added by
    # hand, such as .74 · .73 · .82 = .442964. Beside R's mirt: test_peers.
    chance = np.array([0.26, 0.27, 0.18])
    items = CalibratedItems.dichotomous(1.0, -np.log(chance / (1 - chance)))
    found = sum_score_distribution(items, 0.0)[:, 0]
    np.testing.assert_allclose(found, [0.442964, 0.416708, 0.127692, 0.012636], atol=1e-9)


@pytest.mark.parametrize("at", [-1.5, 0.0, 2.0])
def test_sum_scores_by_enumeration(at: float) -> None:
    chance = np.exp(MIXED.log_probabilities(at))[:, 0]
    by_item = [chance[MIXED.cells.item == item] for item in range(3)]
    expected = np.zeros(5)
    for scores in product(range(3), range(2), range(2)):
        expected[sum(scores)] += np.prod([by_item[item][score] for item, score in enumerate(scores)])
    np.testing.assert_allclose(sum_score_distribution(MIXED, at)[:, 0], expected, rtol=1e-12)


def test_lee_by_enumeration_of_all_patterns() -> None:
    at, weights, cuts = np.linspace(-3, 3, 13), norm.pdf(np.linspace(-3, 3, 13)), [1.5, 3]
    weights = weights / weights.sum()
    accuracy = consistency = 0.0
    for theta, weight in zip(at, weights, strict=True):
        scores = sum_score_distribution(MIXED, theta)[:, 0]
        into = [scores[:2].sum(), scores[2:3].sum(), scores[3:].sum()]  # below 1.5; 2; 3 and more
        true = sum(MIXED.expected_scores(theta).sum() >= cut for cut in cuts)
        accuracy += weight * into[true]
        consistency += weight * sum(one**2 for one in into)
    found = lee(MIXED, at, cuts, weights)
    assert found.accuracy == pytest.approx(accuracy)
    assert found.consistency == pytest.approx(consistency)


def test_lee_by_simulation_of_two_forms() -> None:
    rng = np.random.default_rng(5)
    items = CalibratedItems.dichotomous(rng.uniform(0.8, 1.6, 20), rng.normal(0, 1, 20))
    theta, cuts = rng.normal(0, 1, 60_000), np.array([8, 14])
    chance = items.expected_scores(theta).T
    once, twice = ((rng.random(chance.shape) < chance).sum(axis=1) for _ in range(2))
    true, first, second = (np.searchsorted(cuts, one, side="right") for one in (chance.sum(axis=1), once, twice))
    nodes = np.linspace(-5, 5, 201)
    found = lee(items, nodes, cuts, norm.pdf(nodes))
    assert found.accuracy == pytest.approx((true == first).mean(), abs=0.006)
    assert found.consistency == pytest.approx((first == second).mean(), abs=0.006)
    assert found.too_high == pytest.approx((first > true).mean(), abs=0.006)
    assert found.accuracy_at == pytest.approx([((true > n) == (first > n)).mean() for n in (0, 1)], abs=0.006)
    assert found.consistency_at == pytest.approx([((second > n) == (first > n)).mean() for n in (0, 1)], abs=0.006)
    shares = np.bincount(first, minlength=3) / len(first)
    assert found.by_chance == pytest.approx((shares**2).sum(), abs=0.006)
    assert found.kappa == pytest.approx(((first == second).mean() - (shares**2).sum()) / (1 - (shares**2).sum()), abs=0.02)


def test_rudner_by_normal_areas_and_by_simulation() -> None:
    ability, se, cuts = np.array([-1.0, 0.2, 1.4]), np.array([0.5, 0.4, 0.6]), [-0.5, 1.0]
    found = rudner(ability, se, cuts)
    into = [np.diff([0, *norm.cdf(cuts, mean, error), 1]) for mean, error in zip(ability, se, strict=True)]
    assert found.accuracy == pytest.approx((into[0][0] + into[1][1] + into[2][2]) / 3)
    assert found.consistency == pytest.approx(sum((one**2).sum() for one in into) / 3)
    np.testing.assert_allclose(found.table, np.array(into) / 3)
    rng = np.random.default_rng(2)
    drawn = np.searchsorted(cuts, rng.normal(ability, se, (200_000, 3)))
    assert found.accuracy == pytest.approx((drawn == [0, 1, 2]).mean(), abs=0.003)


def test_rudner_and_lee_meet_on_a_long_test() -> None:
    items = CalibratedItems.dichotomous(1.2, np.tile(np.linspace(-2, 2, 40), 5))
    nodes = np.linspace(-4, 4, 81)
    se = 1 / np.sqrt(items.information(nodes).sum(axis=0))
    cuts = np.array([-0.53, 0.71])
    by_sum = lee(items, nodes, items.expected_scores(cuts).sum(axis=0), norm.pdf(nodes))
    assert rudner(nodes, se, cuts, norm.pdf(nodes)).accuracy == pytest.approx(by_sum.accuracy, abs=0.01)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(0.05, 1.5)), min_size=1, max_size=8), st.floats(-1, 0), st.floats(0.1, 1))
def test_laws_of_classification(people: list[tuple[float, float]], low: float, high: float) -> None:
    ability, se = np.array(people).T
    found, doubled = rudner(ability, se, [low, high]), rudner(ability, se, [low, high], np.full(len(people), 2.0))
    assert found.table.sum() == pytest.approx(1)
    assert found.accuracy + found.too_high + found.too_low == pytest.approx(1)
    assert 1 / 3 - 1e-9 <= found.consistency <= 1 + 1e-9
    assert found.consistency == pytest.approx(doubled.consistency)
    sharper = rudner(ability, se / 2, [low, high])
    assert sharper.accuracy >= found.accuracy - 1e-9  # with more information nobody is placed worse
    for n in range(2):
        assert found.accuracy_at[n] >= found.accuracy - 1e-9


def test_wrong_input_is_refused() -> None:
    with pytest.raises(ValueError, match="rising"):
        rudner([0.0], [1.0], [1.0, 0.0])
    with pytest.raises(ValueError, match="not above 0"):
        rudner([0.0], [0.0], [1.0])
    with pytest.raises(ValueError, match="weights"):
        rudner([0.0], [1.0], [1.0], [-1.0])
