"""Rapid answers: the thresholds by hand, and the rate of false alarms that is said is the rate there is."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
import numpy as np

from bdhvs.measurement.rapid_guessing import false_alarms, rapid_answers


def times(spread: float, persons: int = 300, items: int = 20, seed: int = 1) -> np.ndarray:
    """Van der Linden's lognormal times: typical 12 to 60 seconds."""
    rng = np.random.default_rng(seed)
    typical, slow = np.log(rng.uniform(12, 60, items)), rng.normal(0, 0.3, (persons, 1))
    return np.exp(typical + slow + spread * rng.standard_normal((persons, items)))


def test_a_threshold_is_a_tenth_of_the_mean_time_and_at_most_ten_seconds() -> None:
    seconds = np.column_stack(
        [np.r_[np.full(9, 22.0), 2.0], np.r_[np.full(9, 300.0), 12.0], np.full(10, 5.0), np.full(10, np.nan)]
    )
    shares = np.column_stack([np.r_[np.ones(9), 0.5], np.ones(10), np.ones(10), np.full(10, np.nan)])
    found = rapid_answers(seconds, shares)
    np.testing.assert_allclose(found.threshold, [2.0, 10.0, 0.5, np.nan])
    assert not found.rapid.any()  # 2.0 is not below 2.0
    seconds[9, 0] = 1.9
    found = rapid_answers(seconds, shares)
    assert np.argwhere(found.rapid).tolist() == [[9, 0]]
    assert (found.share[0], found.right_rapid[0], found.right_other[0]) == (0.1, 0.5, 1.0)
    assert found.effort[9] == pytest.approx(2 / 3)
    assert np.isnan(found.share[3])


@pytest.mark.parametrize("spread", [0.5, 0.8])
def test_the_false_alarms_said_are_those_of_honest_people(spread: float) -> None:
    seconds = times(spread, persons=2000)
    said = false_alarms(seconds[:300], draws=40)
    real = rapid_answers(seconds)
    assert float(np.nanmean(said.answers)) == pytest.approx(real.share.mean(), abs=0.003)
    assert said.persons == pytest.approx((real.effort < 0.9).mean(), abs=0.012)


def test_who_rushes_is_found_and_does_not_raise_the_false_alarms() -> None:
    seconds = times(0.5)
    before = false_alarms(seconds, draws=20)
    seconds[:20] = np.random.default_rng(2).uniform(0.5, 2.0, (20, 20))
    assert (rapid_answers(seconds).effort < 0.9).nonzero()[0].tolist() == list(range(20))
    after = false_alarms(seconds, draws=20)
    assert float(np.nanmean(after.answers)) == pytest.approx(float(np.nanmean(before.answers)), abs=0.002)


def test_a_time_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="person 1, item 0: found 0"):
        rapid_answers(np.array([[1.0], [0.0]]))
