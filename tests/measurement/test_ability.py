"""Ability in four ways: against equations solved one person at a time, and laws."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from bdhvs.measurement import ability
from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.grids import Normal
from bdhvs.measurement.responses import Responses

ITEMS = CalibratedItems.dichotomous([0.7, 1.0, 1.3, 1.8, 0.9, 2.2], [-1.5, -0.5, 0.0, 0.4, 1.2, 2.0])
METHODS: tuple[ability.Method, ...] = ("eap", "map", "wle", "ml")


def estimated(scores: Any, method: ability.Method, items: CalibratedItems = ITEMS, **more: Any) -> Any:
    responses = scores if isinstance(scores, Responses) else Responses.dense(np.asarray(scores, float))
    return ability.estimate(responses, items.family, items.parameters, method, **more)


def patterns(items: int = 6) -> Any:
    """All patterns of scores 0 and 1."""
    return np.array([[number >> bit & 1 for bit in range(items)] for number in range(2**items)], dtype=float)


def test_the_roots_are_those_of_the_equations_solved_one_by_one() -> None:
    slope, difficulty = ITEMS.slope, ITEMS.difficulty
    mean, sd = 0.3, 0.8

    def chance(theta: float) -> Any:
        return 1 / (1 + np.exp(-slope * (theta - difficulty)))

    def equation(theta: float, x: Any, method: str) -> float:
        p = chance(theta)
        e = float((slope * (x - p)).sum())
        info = float((slope**2 * p * (1 - p)).sum())
        bend = float((slope**3 * p * (1 - p) * (1 - 2 * p)).sum())  # Warm (1989), equation 9: J of the 2PL
        return e + {"ml": 0.0, "map": -(theta - mean) / sd**2, "wle": bend / (2 * info)}[method]

    for method in ("ml", "map", "wle"):
        found, error = estimated(patterns(), method, groups=[Normal(mean, sd)])  # type: ignore[arg-type]
        for x, theta, se in zip(patterns(), found, error, strict=True):
            if method == "ml" and x.sum() in (0, 6):
                assert theta == (np.inf if x.sum() else -np.inf)
                assert np.isnan(se)
                continue
            assert theta == pytest.approx(brentq(equation, -12, 12, args=(x, method), xtol=1e-12), abs=1e-6)
            p = chance(theta)
            info = (slope**2 * p * (1 - p)).sum() + (1 / sd**2 if method == "map" else 0)
            assert se == pytest.approx(1 / np.sqrt(info), rel=1e-5)


def test_eap_is_the_posteriors_mean_and_deviation() -> None:
    at = np.linspace(-6, 6, 61)
    p = 1 / (1 + np.exp(-ITEMS.slope * (at[:, None] - ITEMS.difficulty)))
    found, error = estimated(patterns(), "eap")
    for x, theta, se in zip(patterns(), found, error, strict=True):
        posterior = np.exp(-(at**2) / 2) * np.prod(np.where(x > 0, p, 1 - p), axis=1)
        posterior /= posterior.sum()
        assert theta == pytest.approx(posterior @ at, abs=1e-10)
        assert se == pytest.approx(np.sqrt(posterior @ (at - theta) ** 2), abs=1e-10)


@pytest.mark.parametrize("family", ["partial_credit", "graded"])
def test_partial_credit_roots_are_where_the_likelihood_is_highest(family: Any) -> None:
    parameters = np.array([[1.2, 1.5, 0.5], [0.8, 0.5, -1.0], [1.5, 0.3, np.nan], [1.0, 0.2, -0.4]])
    items = CalibratedItems(("a", "b", "c", "d"), parameters, family)
    scores = np.array([[2, 1, 0, 0], [0, 1, 1, 2], [1, np.nan, 0, 1], [2, 0, np.nan, 1]], dtype=float)
    fine = np.linspace(-6, 6, 1_200_001)
    logs, info = items.log_probabilities(fine), items.information(fine)
    for method in ("ml", "map"):
        found, error = estimated(scores, method, items)  # type: ignore[arg-type]
        for row, theta, se in zip(scores, found, error, strict=True):
            shown = ~np.isnan(row)
            height = logs[items.cells.first[shown] + row[shown].astype(int)].sum(axis=0)
            total = info[shown].sum(axis=0)
            if method == "map":
                height, total = height - fine**2 / 2, total + 1
            top = int(height.argmax())
            assert theta == pytest.approx(fine[top], abs=2e-5)
            assert se == pytest.approx(1 / np.sqrt(total[top]), rel=1e-4)


def test_nobody_answered_means_the_group_or_nothing() -> None:
    for method in METHODS:
        theta, error = estimated([[np.nan] * 6], method, groups=[Normal(0.5, 0.7)])
        if method in ("eap", "map"):
            assert theta[0] == pytest.approx(0.5, abs=1e-6)
            assert error[0] == pytest.approx(0.7, abs=1e-6)
        else:
            assert np.isnan(theta[0])
            assert np.isnan(error[0])


def test_a_sparse_table_gives_what_the_dense_one_gives() -> None:
    scores = patterns()
    scores[::3, 2] = np.nan
    person, item = np.nonzero(~np.isnan(scores))
    sparse = Responses.from_long(person, item, scores[person, item].astype(int))
    for method in METHODS:
        for one, other in zip(estimated(scores, method), estimated(sparse, method), strict=True):
            np.testing.assert_allclose(one, other, atol=1e-9)


def test_many_persons_in_single_precision_are_as_in_double() -> None:
    rng = np.random.default_rng(3)
    items = CalibratedItems.dichotomous(rng.lognormal(0, 0.3, 40), rng.normal(size=40))
    scores = (rng.random((12_000, 40)) < 0.6).astype(float)
    many, error = estimated(scores, "eap", items)
    few, other = estimated(scores[:500], "eap", items)
    np.testing.assert_allclose(many[:500], few, atol=2e-5)
    np.testing.assert_allclose(error[:500], other, atol=2e-5)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="found method 'mle'"):
        estimated(patterns(), "mle")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="found responses to 5 items, expected 6"):
        estimated(patterns(5), "eap")
    with pytest.raises(ValueError, match="item 0: found score 2, expected at most 1"):
        estimated(patterns() * 2, "eap")


slopes = st.lists(st.floats(0.3, 3.0), min_size=5, max_size=5)
places = st.lists(st.floats(-2.5, 2.5), min_size=5, max_size=5)
answers = st.lists(st.sampled_from([0.0, 1.0, np.nan]), min_size=5, max_size=5)


@settings(max_examples=60, deadline=None)
@given(slopes, places, answers, st.integers(0, 4))
def test_a_right_answer_in_place_of_a_wrong_one_never_lowers_ability(a: Any, b: Any, row: Any, item: int) -> None:
    """For all four: what Warm adds depends on ability and on what was shown, which stays the same."""
    items = CalibratedItems.dichotomous(a, b)
    wrong, right = list(row), list(row)
    wrong[item], right[item] = 0.0, 1.0
    for method in METHODS:
        (low, high), _ = estimated([wrong, right], method, items)
        assert high >= low - 1e-9, method


@settings(max_examples=60, deadline=None)
@given(slopes, places, answers, st.integers(0, 4))
def test_a_right_answer_more_never_lowers_ability(a: Any, b: Any, row: Any, item: int) -> None:
    items = CalibratedItems.dichotomous(a, b)
    before, after = list(row), list(row)
    before[item], after[item] = np.nan, 1.0
    for method in ("eap", "map", "ml"):
        (low, high), _ = estimated([before, after], method, items)  # type: ignore[arg-type]
        assert np.isnan(low) or high >= low - 1e-9, method


def test_with_warms_method_a_right_answer_more_can_lower_ability() -> None:
    """Nothing wrong: the weight pulls less when there is more information. Said aloud, since the law above leaves it out."""
    items = CalibratedItems.dichotomous([1.0, 3.0], [0.0, -2.0])
    (one, both), _ = estimated([[1.0, np.nan], [1.0, 1.0]], "wle", items)
    assert both < one


@settings(max_examples=30, deadline=None)
@given(slopes, places, answers, st.permutations(range(5)))
def test_the_order_of_items_changes_nothing(a: Any, b: Any, row: Any, order: Any) -> None:
    items = CalibratedItems.dichotomous(a, b)
    moved = items.take(order)
    for method in METHODS:
        one, other = estimated([row], method, items), estimated([[row[n] for n in order]], method, moved)
        np.testing.assert_allclose(one, other, atol=1e-9)


@settings(max_examples=30, deadline=None)
@given(slopes, places, st.floats(-4, 4))
def test_information_adds_up(a: Any, b: Any, theta: float) -> None:
    items = CalibratedItems.dichotomous(a, b)
    parts = sum(items.take([n]).information([theta])[0, 0] for n in range(5))
    assert items.information([theta]).sum() == pytest.approx(parts)
