"""Forecasts of counts: laws, a province that goes on as it went, and what is refused."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy")

from bdhvs.programme.forecast import forecast  # noqa: E402


def test_counts_that_go_on_as_they_went_lie_within_the_interval_as_often_as_it_says() -> None:
    rng = np.random.default_rng(4)
    held = 0
    for _ in range(14):
        # Classes of 15 on average, of whom all or few reach it: variance five times the mean.
        rate = 0.012
        counts, left = [], 4000
        for _week in range(26):
            gained = min(left, rng.negative_binomial(left * rate / 4, 0.2))
            counts.append(gained)
            left -= gained
        found = forecast(counts[:18], 4000, 8, paths=500)
        held += found.low[-1] <= sum(counts) <= found.high[-1]
    assert held >= 8  # of 14 at 80 %: 11 are expected, and 8 is 2.1 standard errors below


def test_a_growing_start_lies_within_the_interval_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(11)
    held = []
    for _ in range(24):
        # Of 3,000 people two fifths come, half of them reach it: a steep logistic year of whole classes, good weeks and bad.
        grown = np.diff(1 / (1 + np.exp(-0.2 * (np.arange(30) - rng.normal(24, 3)))))
        classes = rng.poisson(40 * grown * np.exp(rng.normal(0, 0.35, len(grown))))
        counts = np.array([rng.binomial(30 * one, 0.5) for one in classes])
        if counts[:10].any():
            found = forecast(counts[:10], 3000, 8, paths=400)
            held.append(found.low[-1] <= counts[:18].sum() <= found.high[-1])
    # 80 % are meant; of 19, 12 are 1.8 standard errors below. The case was made steep so that the settings before fail (7 held);
    # with those of today 13 did when it was written. It guards against missing growth, and is no proof of 80 %.
    assert len(held) == 19
    assert sum(held) >= 12


def test_laws_of_a_forecast() -> None:
    counts = [12, 0, 30, 22, 18, 0, 41, 25, 16, 33]
    found = forecast(counts, 600, 30)
    assert (np.diff(found.paths, axis=1) >= 0).all()
    assert found.paths.min() >= sum(counts)
    assert found.paths.max() <= 600
    assert (found.low <= found.middle).all()
    assert (found.middle <= found.high).all()
    assert np.diff(found.high - found.low)[:4].min() > 0  # farther is less sure
    assert found.chance_of(sum(counts), 1) == 1
    assert found.chance_of(601, 30) == 0
    again = forecast(counts, 600, 30)
    assert np.array_equal(found.paths, again.paths)
    wider = forecast(counts, 600, 30, confidence=0.95)
    assert wider.low[-1] <= found.low[-1] <= found.high[-1] <= wider.high[-1]


def test_a_known_holiday_is_neither_the_end_nor_forgotten() -> None:
    counts = [20, 25, 22, 28, 24, 26, 30, 0, 0, 0]
    known = forecast(counts, 5000, 4, quiet={7: 0, 8: 0, 9: 0})
    unknown = forecast(counts, 5000, 4)
    assert known.middle[-1] > unknown.middle[-1]
    ahead = forecast(counts, 5000, 4, quiet={7: 0, 8: 0, 9: 0, 10: 0, 11: 0})
    assert ahead.high[1] == sum(counts)
    assert ahead.middle[3] > sum(counts)


@pytest.mark.parametrize(
    ("counts", "people", "weeks", "said"),
    [
        ([5] * 7, 100, 4, "at least 8"),
        ([5] * 10, 49, 4, "among 49 people"),
        ([5] * 9 + [-1], 100, 4, "at least 0"),
        ([5] * 9 + [float("nan")], 100, 4, "at least 0"),
        ([5] * 10, 100, 0, "at least 1 week"),
    ],
)
def test_what_cannot_be_forecast_is_said(counts: list[float], people: int, weeks: int, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        forecast(counts, people, weeks)
