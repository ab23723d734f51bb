"""Alike answers: the distribution by enumeration, false alarms by simulation, and what is put in is found."""

from __future__ import annotations

from itertools import product

import pytest

pytest.importorskip("numpy")
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bdhvs.measurement.alike_answers import alike_answers, at_least, false_alarms
from bdhvs.measurement.multiplicity import benjamini_hochberg, holm
from bdhvs.measurement.nominal import NONE, NominalItems, fit_nominal


def bank(count: int = 20, options: int = 4) -> NominalItems:
    rng = np.random.default_rng(8)
    slopes = [np.r_[rng.lognormal(0, 0.3), rng.normal(-0.3, 0.3, options - 1)] for _ in range(count)]
    intercepts = [np.r_[0.5, rng.normal(0, 0.8, options - 1)] for _ in range(count)]
    return NominalItems(tuple(a - a.mean() for a in slopes), tuple(c - c.mean() for c in intercepts), 0.0, True)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=7), st.integers(0, 7))
def test_the_chance_of_as_many_matches_is_that_of_all_outcomes_counted(chances: list[float], wanted: int) -> None:
    wanted = min(wanted, len(chances))
    expected = sum(
        float(np.prod([c if hit else 1 - c for c, hit in zip(chances, outcome, strict=True)]))
        for outcome in product((True, False), repeat=len(chances))
        if sum(outcome) >= wanted
    )
    assert at_least(np.array([chances]), np.array([wanted]))[0] == pytest.approx(min(expected, 1), abs=1e-12)


def test_far_tails_keep_their_digits() -> None:
    assert at_least(np.full((1, 30), 0.1), np.array([30]))[0] == pytest.approx(1e-30, rel=1e-9)


def test_holm_is_statsmodels_and_never_below_benjamini_hochberg() -> None:
    p = np.array([0.01, 0.04, 0.03, np.nan, 0.005, 0.5])
    # statsmodels 0.15.0, multipletests(method="holm") without the NaN
    np.testing.assert_allclose(holm(p), [0.04, 0.09, 0.09, np.nan, 0.025, 0.5], atol=1e-12)
    assert (holm(p) >= benjamini_hochberg(p) - 1e-12)[~np.isnan(p)].all()
    with pytest.raises(ValueError, match="outside"):
        holm([1.5])


def test_in_at_most_five_of_a_hundred_honest_classes_any_pair_is_called() -> None:
    # 60 classes of 25 with known abilities; with options fitted to the class itself fewer still, and more classes: docs/measurement.md.
    theta = np.random.default_rng(1).normal(0, 1, 25)
    assert false_alarms(bank(), theta, np.ones((25, 20), dtype=bool), draws=60, refit=False) <= 0.05
    assert false_alarms(bank(), theta, np.ones((25, 20), dtype=bool), draws=2) == 0


def test_who_copied_is_found_in_a_class_of_forty_and_nobody_else() -> None:
    rng, true = np.random.default_rng(3), bank(25)
    choices = true.draw(rng.normal(0, 1, 40), rng)
    choices[7, :24] = choices[3, :24]
    choices[30, ::6] = NONE
    found = alike_answers(choices, fit_nominal(choices, [4] * 25))
    flagged = found.flagged()
    assert [(int(found.one[at]), int(found.other[at])) for at in flagged] == [(3, 7)]
    assert found.same[flagged[0]] > found.expected[flagged[0]]
    assert found.common.max() == 25
    assert found.common[(found.one == 30) | (found.other == 30)].max() == 20
    rooms = np.where(np.arange(40) < 5, "a", "b")
    assert len(alike_answers(choices, true, groups=rooms).one) == 10 + 35 * 34 // 2
    assert not len(alike_answers(choices, true, least_common=26).p)
