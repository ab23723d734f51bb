"""Wilson's interval against published numbers and its laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdhvs.measurement.proportions import wilson_interval

#: R. G. Newcombe (1998), Statistics in Medicine 17, 857–872, table I, method 3; printed to 4 decimals.
NEWCOMBE = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
PRINTED = 0.00005  # half a unit of the last decimal printed


@pytest.mark.parametrize(("successes", "trials", "low", "high"), NEWCOMBE)
def test_it_gives_newcombe_s_published_ends(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson_interval(successes, trials) == (pytest.approx(low, abs=PRINTED), pytest.approx(high, abs=PRINTED))


def test_it_agrees_with_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    for k, n, confidence in ((0, 1, 0.95), (3, 7, 0.9), (29, 30, 0.99)):
        theirs = stats.binomtest(k, n).proportion_ci(confidence, method="wilson")
        assert wilson_interval(k, n, confidence) == (pytest.approx(theirs.low), pytest.approx(theirs.high))


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_share_lies_within_and_failures_mirror_successes(counts: tuple[int, int]) -> None:
    k, n = counts
    low, high = wilson_interval(k, n)
    assert 0 <= low <= k / n <= high <= 1
    mirrored = wilson_interval(n - k, n)
    assert (1 - mirrored[1], 1 - mirrored[0]) == (pytest.approx(low, abs=1e-12), pytest.approx(high, abs=1e-12))


def test_arrays_keep_their_shape_and_no_trials_give_nan() -> None:
    low, high = wilson_interval([0, 1], [0, 2])
    assert low.shape == high.shape == (2,)
    assert np.isnan(low[0])
    assert np.isnan(high[0])
    assert (low[1], high[1]) == (pytest.approx(0.0945, abs=PRINTED), pytest.approx(0.9055, abs=PRINTED))


@pytest.mark.parametrize(("k", "n", "confidence"), [(2, 1, 0.95), (-1, 3, 0.95), (1, 3, 95), (1, 3, 0)])
def test_what_is_no_count_or_share_is_refused(k: int, n: int, confidence: float) -> None:
    with pytest.raises(ValueError, match=r"expected a share|more successes|negative"):
        wilson_interval(k, n, confidence)
