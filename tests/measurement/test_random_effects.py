"""Random effects against the published analyses of the BCG vaccine trials."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bdhvs.measurement.random_effects import random_effects
from tests.measurement.published import BCG

TRIALS = np.array(BCG, dtype=float)


def bcg() -> tuple[np.ndarray, np.ndarray]:
    a, b, c, d = TRIALS[:, :4].T
    return np.log(a / (a + b) / (c / (c + d))), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)


def test_mean_and_regression_are_those_printed_by_metafor() -> None:
    # W. Viechtbauer (2010), Conducting meta-analyses in R with the metafor package, Journal of Statistical Software 36(3): REML,
    # printed to four decimals. Checked against rma(yi, vi, data=dat) in metafor's README (tau^2 0.3132, SE 0.1664) and
    # rma(yi, vi, mods = ~ ablat + year) as current vignettes of other packages print it; PyMARE's are in test_peers.
    y, v = bcg()
    mean = random_effects(y, v)
    np.testing.assert_allclose([mean.coefficients[0], mean.se[0], mean.between], [-0.7145, 0.1798, 0.3132], atol=5e-5)
    design = np.column_stack([np.ones(13), TRIALS[:, 4], TRIALS[:, 5]])
    line = random_effects(y, v, design)
    # The intercept (at the year 0, error 29) shows that they stop at a change of 1e-5 in the variance and we at 1e-10.
    np.testing.assert_allclose(line.coefficients, [-3.5455, -0.0280, 0.0019], atol=5e-5, rtol=5e-5)
    np.testing.assert_allclose(line.se, [29.0959, 0.0102, 0.0147], atol=5e-5, rtol=2e-5)
    np.testing.assert_allclose(line.between, 0.1108, atol=5e-5)


@given(st.lists(st.floats(-3, 3), min_size=3, max_size=12), st.floats(0, 2))
def test_equal_errors_have_a_closed_form(values: list[float], variance: float) -> None:
    found = random_effects(values, variance)
    spread = np.var(values, ddof=1)
    assert found.coefficients[0] == pytest.approx(np.mean(values), abs=1e-9)
    assert found.between == pytest.approx(max(0.0, spread - variance), abs=1e-6)
    assert found.se[0] == pytest.approx(np.sqrt(max(spread, variance) / len(values)), abs=1e-5)


def restricted_loglik(between: float, y: np.ndarray, v: np.ndarray) -> float:
    w = 1 / (v + between)
    mean = (w @ y) / w.sum()
    return float(np.log(w).sum() / 2 - np.log(w.sum()) / 2 - w @ (y - mean) ** 2 / 2)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6))
def test_the_variance_is_where_the_restricted_likelihood_is_flat_or_nothing(seed: int) -> None:
    """However unequal the errors."""
    draw = np.random.default_rng(seed)
    units = draw.integers(3, 12)
    v = np.exp(draw.normal(-2, 2.5, units))
    y = draw.normal(0, 1, units) * np.sqrt(v + draw.choice([0.0, 0.1, 1.0]))
    between = random_effects(y, v).between
    assert between >= 0
    here, step = restricted_loglik(between, y, v), 1e-3 * (between + v.min())
    above = restricted_loglik(between + step, y, v)
    below = restricted_loglik(between - step, y, v) if between > step else -np.inf
    assert here >= max(above, below) - 1e-9 * (1 + abs(here))


@pytest.mark.parametrize("seed", [3783])
def test_a_search_that_crept_for_ever_ends(seed: int) -> None:
    """Fisher scoring stopped after 200 steps without a result in three of 4,000 such draws."""
    draw = np.random.default_rng(seed)
    units = draw.integers(3, 12)
    v = np.exp(draw.normal(-2, 2.5, units))
    y = draw.normal(0, 1, units) * np.sqrt(v + draw.choice([0, 0.1, 1]))
    assert np.isfinite(random_effects(y, v).between)


def test_as_many_units_as_columns_say_nothing_of_the_spread() -> None:
    found = random_effects([0.3], [0.04])
    assert np.isnan(found.between)
    assert found.se[0] == pytest.approx(0.2)


def test_missing_numbers_and_twin_columns_are_refused() -> None:
    with pytest.raises(ValueError, match="leave such units out"):
        random_effects([0.1, np.nan], [0.1, 0.1])
    with pytest.raises(ValueError, match="columns that differ"):
        random_effects([0.1, 0.2, 0.3], [0.1, 0.1, 0.1], np.ones((3, 2)))
