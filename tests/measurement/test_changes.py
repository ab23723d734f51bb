"""Intervals of changes, held against published tables and worked examples."""

from __future__ import annotations

from math import isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdhvs.measurement.changes import difference_interval, mean_interval, sign_probability, t_probability, t_quantile

#: Upper 97.5 % and 99.5 % points of Student's t, as printed in every table (Abramowitz & Stegun, table 26.10).
TABLE = {1: (12.706, 63.657), 2: (4.303, 9.925), 3: (3.182, 5.841), 7: (2.365, 3.499), 10: (2.228, 3.169), 29: (2.045, 2.756), 120: (1.980, 2.617)}


@pytest.mark.parametrize("freedom", TABLE)
def test_quantiles_are_those_of_the_table(freedom: int) -> None:
    assert t_quantile(0.975, freedom) == pytest.approx(TABLE[freedom][0], abs=6e-4)
    assert t_quantile(0.995, freedom) == pytest.approx(TABLE[freedom][1], abs=6e-4)


@given(st.floats(-30, 30), st.integers(1, 200))
def test_the_probability_is_symmetric_and_its_quantile_leads_back(t: float, freedom: int) -> None:
    below = t_probability(t, freedom)
    assert 0 <= below <= 1
    assert below + t_probability(-t, freedom) == pytest.approx(1, abs=1e-9)
    if 0.5 <= below < 1 - 1e-6:
        assert t_quantile(below, freedom) == pytest.approx(t, abs=1e-3, rel=1e-3)


def test_student_s_own_example_of_two_sleeping_drugs() -> None:
    # Student (1908), section IX: extra sleep of ten patients, difference of the two drugs; mean 1.58, t = 4.06.
    differences = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]
    low, high = mean_interval(differences)
    assert (low, high) == (pytest.approx(0.700, abs=1e-3), pytest.approx(2.460, abs=1e-3))


def test_two_groups_are_less_sure_than_pairs() -> None:
    first, second = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0], [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    low, high = difference_interval(first, second)
    # R 4: t.test(extra ~ group, data = sleep) gives -3.365 to 0.205 with 17.776 degrees of freedom; 17 are a little wider.
    assert low == pytest.approx(-0.205, abs=0.02)
    assert high == pytest.approx(3.365, abs=0.02)
    assert low < -0.2054
    assert high > 3.3654


def test_one_person_or_none_gives_no_interval() -> None:
    for values in ([], [0.3]):
        assert all(isnan(end) for end in mean_interval(values))
        assert all(isnan(end) for end in difference_interval(values, [1.0, 2.0]))


def test_values_that_do_not_vary_give_an_interval_of_no_width() -> None:
    assert mean_interval([0.5, 0.5]) == (0.5, 0.5)
    assert difference_interval([0.0, 0.0], [1.0, 1.0]) == (1.0, 1.0)


@pytest.mark.parametrize(("gained", "lost", "chance"), [(0, 0, 1.0), (1, 0, 1.0), (6, 0, 2 / 64), (8, 1, 20 / 512), (5, 5, 1.0)])
def test_the_sign_test_counts_coins(gained: int, lost: int, chance: float) -> None:
    assert sign_probability(gained, lost) == pytest.approx(chance)
    assert sign_probability(lost, gained) == pytest.approx(chance)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="degrees of freedom"):
        t_probability(1.0, 0)
    with pytest.raises(ValueError, match="probability"):
        t_quantile(nan, 5)
    with pytest.raises(ValueError, match="negative"):
        sign_probability(-1, 2)
