"""Alpha, omega and the standard error of measurement against other programs, closed forms and laws."""

from __future__ import annotations

from math import nan, sqrt

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bdhvs.measurement.cautions import codes
from bdhvs.measurement.omega import omega_total, one_factor
from bdhvs.measurement.reliability import alpha, alpha_without_each, kr20, lengthened, standard_error
from tests.measurement.classical_data import EASY_TO_HARD, right_or_wrong, several_scores

RIGHT_OR_WRONG = right_or_wrong(80, EASY_TO_HARD, seed=1)
SEVERAL = several_scores(60, 6, seed=2)
#: pingouin 0.7.0, cronbach_alpha: alpha to rounding, Feldt's ends at 95 % and 90 % to the 3 decimals it gives
PINGOUIN = [
    (RIGHT_OR_WRONG, 0.6131974280032236, (0.47, 0.729), (0.496, 0.713)),
    (SEVERAL, 0.8220388516417397, (0.742, 0.884), (0.757, 0.875)),
]
#: factor_analyzer 0.5.1, FactorAnalyzer(1, rotation=None): loadings to 6 decimals; omega computed from them
FACTOR_ANALYZER = [
    (
        RIGHT_OR_WRONG,
        "minres",
        [0.144993, 0.5156, 0.335657, 0.424855, 0.518842, 0.368054, 0.532239, 0.417398],
        0.622413,
    ),
    (RIGHT_OR_WRONG, "ml", [0.14498, 0.520478, 0.334707, 0.442621, 0.524552, 0.361445, 0.52382, 0.40273], 0.622613),
    (SEVERAL, "minres", [0.733578, 0.8102, 0.646969, 0.70252, 0.408112, 0.660788], 0.829521),
    (SEVERAL, "ml", [0.748267, 0.816918, 0.652117, 0.679169, 0.389964, 0.664363], 0.828848),
]


@pytest.mark.parametrize(("table", "value", "at95", "at90"), PINGOUIN)
def test_alpha_and_feldt_s_interval_are_pingouin_s(table, value, at95, at90) -> None:  # type: ignore[no-untyped-def]
    found = alpha(table, interval="feldt")
    assert found.value == pytest.approx(value, abs=1e-14)
    assert (found.low, found.high) == pytest.approx(at95, abs=5e-4)
    narrower = alpha(table, 0.9, "feldt")
    assert (narrower.low, narrower.high) == pytest.approx(at90, abs=5e-4)


@pytest.mark.parametrize(("table", "method", "loadings", "value"), FACTOR_ANALYZER)
def test_omega_and_its_loadings_are_factor_analyzer_s(table, method, loadings, value) -> None:  # type: ignore[no-untyped-def]
    assert omega_total(table, method).value == pytest.approx(value, abs=2e-6)
    # its optimiser stops earlier than ours: the sixth decimal differs
    np.testing.assert_allclose(one_factor(np.corrcoef(table, rowvar=False), method).loadings, loadings, atol=3e-6)


@pytest.mark.parametrize("method", ["minres", "ml"])
def test_an_exact_one_factor_matrix_gives_its_loadings_back(method) -> None:  # type: ignore[no-untyped-def]
    loadings = np.array([0.9, 0.7, 0.5, 0.6, 0.8])
    exact = np.outer(loadings, loadings)
    np.fill_diagonal(exact, 1)
    found = one_factor(exact, method)
    np.testing.assert_allclose(found.loadings, loadings, atol=1e-6)
    assert found.converged
    assert not found.heywood


def test_kuder_and_richardson_s_formula_20_by_hand() -> None:
    p, k = RIGHT_OR_WRONG.mean(axis=0), 8
    by_hand = k / (k - 1) * (1 - (p * (1 - p)).sum() / RIGHT_OR_WRONG.sum(axis=1).var())
    found = kr20(RIGHT_OR_WRONG)
    assert found.value == pytest.approx(by_hand)
    assert found.standard_error == pytest.approx(RIGHT_OR_WRONG.sum(axis=1).std(ddof=1) * sqrt(1 - by_hand))
    with pytest.raises(ValueError, match=r"person 0, item \d: found .*; for other scores use alpha"):
        kr20(SEVERAL)


def test_the_normal_interval_is_the_delta_method_on_a_wishart_matrix() -> None:
    found = alpha(SEVERAL, interval="normal")
    spread, n, k = np.cov(SEVERAL, rowvar=False), *SEVERAL.shape
    step, slope = 1e-6, np.zeros((k, k))
    for i, j in np.ndindex(k, k):
        more, less = spread.copy(), spread.copy()
        more[i, j] += step
        less[i, j] -= step
        slope[i, j] = (_alpha_of(more) - _alpha_of(less)) / (2 * step)
    both = (slope + slope.T) / 2
    variance = 2 * np.trace(both @ spread @ both @ spread)  # var vec S = (I + K)(S ⊗ S)/n
    assert (found.high - found.low) / 2 == pytest.approx(1.959964 * sqrt(variance / n), rel=1e-6)


def test_the_distribution_free_interval_is_the_infinitesimal_jackknife() -> None:
    found, n, step = alpha(RIGHT_OR_WRONG), len(RIGHT_OR_WRONG), 1e-5
    slopes = []
    for person in range(n):  # how alpha moves when one person weighs a little more or less
        more, less = np.ones(n), np.ones(n)
        more[person] += step
        less[person] -= step
        ends = [_alpha_of(np.cov(RIGHT_OR_WRONG, rowvar=False, aweights=weights, ddof=0)) for weights in (more, less)]
        slopes.append((ends[0] - ends[1]) / (2 * step))
    assert (found.high - found.low) / 2 == pytest.approx(1.959964 * sqrt(sum(one**2 for one in slopes)), rel=1e-6)


@pytest.mark.parametrize("interval", ["distribution_free", "feldt", "bonett", "normal"])
def test_intervals_hold_the_true_alpha_as_often_as_they_say(interval) -> None:  # type: ignore[no-untyped-def]
    draw = np.random.default_rng(7)
    truth = 6 * 0.5 / (1 + 5 * 0.5)  # six parallel items that correlate 0.5
    held = 0
    for _ in range(300):
        table = draw.normal(size=(60, 1)) * sqrt(0.5) + draw.normal(size=(60, 6)) * sqrt(0.5)
        found = alpha(table, interval=interval)
        held += found.low <= truth <= found.high
    assert 0.90 <= held / 300 <= 0.985  # 95 % ± 3 standard errors, and a little less for the large-sample ones


def test_alpha_without_each_is_alpha_of_the_others() -> None:
    expected = [alpha(np.delete(SEVERAL, j, axis=1)).value for j in range(6)]
    np.testing.assert_allclose(alpha_without_each(SEVERAL), expected)
    assert np.isnan(alpha_without_each(SEVERAL[:, :2])).all()


def test_incomplete_persons_are_left_out_and_counted() -> None:
    table = SEVERAL.copy()
    table[:5, 0] = np.nan
    found = alpha(table)
    assert (found.persons, found.value) == (55, pytest.approx(alpha(SEVERAL[5:]).value))
    assert codes(found.cautions) == ("incomplete_left_out",)
    assert found.cautions[0].numbers == {"n": 5}


def test_what_cannot_be_said_is_nan_with_a_reason() -> None:
    assert codes(alpha(SEVERAL[:, :1]).cautions) == ("too_few_items",)
    assert codes(alpha(np.ones((40, 3))).cautions) == ("no_spread",)
    assert codes(omega_total(np.column_stack([SEVERAL, np.ones(60)])).cautions) == ("no_spread",)
    assert codes(omega_total(SEVERAL[:, :2]).cautions) == ("too_few_items",)
    assert codes(alpha(SEVERAL[:2]).cautions) == ("too_few_persons",)
    for found in (alpha(SEVERAL[:, :1]), alpha(np.ones((40, 3))), alpha(SEVERAL[:2]), omega_total(SEVERAL[:, :2])):
        assert np.isnan([found.value, found.low, found.high, found.standard_error]).all()


def test_items_that_run_against_each_other_are_said_to() -> None:
    table = np.column_stack([RIGHT_OR_WRONG[:, 4], 1 - RIGHT_OR_WRONG[:, 6], RIGHT_OR_WRONG[:, 0]])
    found = alpha(table)
    assert found.value < 0
    assert "negative_alpha" in codes(found.cautions)
    assert found.standard_error == found.total_sd


def test_a_heywood_case_is_said_aloud() -> None:
    table = np.column_stack([SEVERAL[:, 0], SEVERAL[:, 0] * 1.0, SEVERAL[:, 4]])
    assert "heywood" in codes(omega_total(table).cautions)


def test_omega_s_bootstrap_holds_it_and_is_repeatable() -> None:
    one, again = (omega_total(SEVERAL, resamples=40, seed=3) for _ in range(2))
    assert one == again
    assert one.low < one.value < one.high


@settings(max_examples=40, deadline=None)
@given(st.floats(0.1, 9), st.floats(-5, 5), st.integers(0, 5))
def test_units_origins_and_order_do_not_matter(unit, origin, turn) -> None:  # type: ignore[no-untyped-def]
    moved = np.roll(SEVERAL, turn, axis=1) * unit + origin + 10
    assert alpha(moved).value == pytest.approx(alpha(SEVERAL).value)
    assert alpha(moved).standard_error == pytest.approx(unit * alpha(SEVERAL).standard_error)
    assert alpha(moved).low == pytest.approx(alpha(SEVERAL).low)


def test_longer_tests_and_errors() -> None:
    assert lengthened(0.6, 2) == pytest.approx(0.75)
    assert lengthened(lengthened(0.6, 3), 1 / 3) == pytest.approx(0.6)
    assert standard_error(10, 0.91) == pytest.approx(3)
    assert np.isnan(standard_error(10, nan))
    with pytest.raises(ValueError, match="more than 0"):
        lengthened(0.5, 0)
    with pytest.raises(ValueError, match="expected 'minres' or 'ml'"):
        one_factor(np.eye(3), "pca")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="found the interval"):
        alpha(SEVERAL, interval="exact")  # type: ignore[arg-type]


def _alpha_of(spread: np.ndarray) -> float:
    k = len(spread)
    return float(k / (k - 1) * (1 - np.trace(spread) / spread.sum()))
