"""Exact and Bayesian intervals of shares against published tables and other programs."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bdhvs.measurement.exact_shares import exact_interval, shrunk_shares

#: R. G. Newcombe (1998), Statistics in Medicine 17, 857–872, table I, method 5 (Clopper–Pearson); printed to 4 decimals.
NEWCOMBE = [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0.0, 0.1684), (1, 29, 0.0009, 0.1776)]
PRINTED = 0.00005
#: statsmodels 0.15.0, proportion_confint(3, 20, method="jeffreys") and (12, 25)
JEFFREYS = [(0.04413134197515587, 0.348577710858454), (0.29537050046364927, 0.6689728450092756)]


@pytest.mark.parametrize(("right", "persons", "low", "high"), NEWCOMBE)
def test_it_gives_newcombe_s_published_ends(right: int, persons: int, low: float, high: float) -> None:
    found = exact_interval(right, persons)
    assert (float(found[0]), float(found[1])) == (pytest.approx(low, abs=PRINTED), pytest.approx(high, abs=PRINTED))


@given(st.integers(1, 60))
def test_it_holds_the_truth_at_least_as_often_as_it_says(persons: int) -> None:
    from scipy.stats import binom

    low, high = exact_interval(np.arange(persons + 1), persons)
    for truth in (0.02, 0.13, 0.5, 0.71, 0.99):
        held = binom.pmf(np.arange(persons + 1), persons, truth)[(low <= truth) & (truth <= high)].sum()
        assert held >= 0.95 - 1e-9


def test_jeffreys_interval_is_statsmodels() -> None:
    found = shrunk_shares([3, 12], [20, 25], expected=0.5, persons=1)
    np.testing.assert_allclose(found.low, [JEFFREYS[0][0], JEFFREYS[1][0]], atol=1e-10)
    np.testing.assert_allclose(found.high, [JEFFREYS[0][1], JEFFREYS[1][1]], atol=1e-10)


@given(
    st.integers(0, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.floats(0.05, 0.95),
    st.floats(0.5, 50),
)
def test_shrunk_shares_lie_between_what_was_seen_and_what_was_expected(counts, expected, weight) -> None:  # type: ignore[no-untyped-def]
    right, persons = counts
    found = shrunk_shares(right, persons, expected, weight)
    seen = right / persons if persons else expected
    assert min(seen, expected) - 1e-12 <= found.mean <= max(seen, expected) + 1e-12
    assert 0 <= found.low < found.high <= 1


def test_nobody_gives_nan_and_what_is_no_count_is_refused() -> None:
    assert np.isnan(exact_interval(0, 0)).all()
    with pytest.raises(ValueError, match="more successes"):
        exact_interval(3, 2)
    with pytest.raises(ValueError, match="confidence"):
        exact_interval(1, 2, 95)
    with pytest.raises(ValueError, match="expected share"):
        shrunk_shares(1, 2, expected=0)
