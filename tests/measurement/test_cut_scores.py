"""Cut scores from level-tagged items: locations by formula, cuts by hand, and what is said when items are few or disagree."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.cut_scores import Cut, level_cuts, locations

LN2 = np.log(0.67 / 0.33)


def codes(cut: Cut) -> list[str]:
    return [flag.code for flag in cut.flags]


def spread_over(levels: dict[int, list[float]], **options):  # type: ignore[no-untyped-def]
    at = [one for values in levels.values() for one in values]
    return level_cuts(at, [level for level, values in levels.items() for _ in values], **options)


def test_a_right_wrong_item_lies_a_logit_formula_above_its_difficulty() -> None:
    items = CalibratedItems.dichotomous([1.0, 0.5, 2.0], [-1.0, 0.0, 1.5])
    np.testing.assert_allclose(locations(items), [-1 + LN2, LN2 / 0.5, 1.5 + LN2 / 2], atol=1e-9)
    np.testing.assert_allclose(locations(items, 0.5), items.difficulty, atol=1e-9)


@pytest.mark.parametrize("family", ["partial_credit", "graded"])
def test_with_partial_credit_the_expected_share_of_points_is_the_response_probability(family) -> None:  # type: ignore[no-untyped-def]
    parameters = np.array([[1.3, 1.4, 0.1, -1.0], [0.7, 2.0, 0.3, np.nan], [1.1, 0.4, np.nan, np.nan]])
    items = CalibratedItems(("a", "b", "c"), parameters, family)
    found = locations(items, 0.67)
    share = np.diag(items.expected_scores(found)) / items.cells.maximum
    np.testing.assert_allclose(share, 0.67, atol=1e-9)


def test_an_item_that_tells_nothing_has_no_location_and_is_left_out_loudly() -> None:
    items = CalibratedItems.dichotomous([1.0, 1.0, -0.3], [0.0, 1.0, 0.0])
    at = locations(items)
    assert np.isnan(at[2])
    found = level_cuts(at, [1, 1, 1], least_items=2)
    assert found.flags[0].code == "items_without_location"
    assert found[1].items == 2


def test_cuts_of_full_levels_are_means_with_the_common_spread_of_items() -> None:
    found = spread_over({1: [-1.2, -1.0, -0.8, -1.4, -0.6], 2: [0.0, 0.2, -0.2, 0.4, -0.4, 0.0], 3: [1.0, 1.2, 0.8, 1.1, 0.9]})
    squares = 0.4 + 0.4 + 0.1  # about each level's own mean, by hand
    sd = np.sqrt(squares / (16 - 3))
    assert found.item_sd == pytest.approx(sd)
    assert [cut.ability for cut in found.cuts] == pytest.approx([-1.0, 0.0, 1.0])
    assert [cut.se for cut in found.cuts] == pytest.approx([sd / np.sqrt(5), sd / np.sqrt(6), sd / np.sqrt(5)])
    assert [codes(cut) for cut in found.cuts] == [[], [], []]


def test_known_errors_of_items_are_not_taken_for_differences_between_items() -> None:
    at, level = [-0.3, 0.1, 0.3, -0.1, 0.0, 1.0, 1.4, 0.9, 1.1, 0.6], [1] * 5 + [2] * 5
    exact, vague = level_cuts(at, level), level_cuts(at, level, se=0.2)
    assert vague.item_sd < exact.item_sd
    assert vague[1].se == pytest.approx(exact[1].se, rel=1e-6)  # with equal errors what is one is not the other


def test_a_thin_level_borrows_from_the_line_and_says_how_much() -> None:
    full = {1: [-1.1, -0.9, -1.0, -1.2, -0.8], 2: [0.1, -0.1, 0.0, 0.2, -0.2], 3: [1.1, 0.9, 1.0, 1.2, 0.8]}
    found = spread_over({**full, 4: [3.0]})
    assert 2.0 < found[4].ability < 3.0  # between the line (2.0) and its only item (3.0)
    assert codes(found[4]) == ["borrowed"]
    assert "comes from the line" in found[4].flags[0].message
    assert found[4].own == pytest.approx(3.0)
    assert found[4].se > found[3].se


def test_where_nothing_can_be_borrowed_there_is_no_cut_but_a_reason() -> None:
    two = spread_over({1: [-1.1, -0.9, -1.0, -1.2, -0.8, -1.0, -1.1, -0.9, -1.0], 4: [1.0, 1.2]}, wanted=range(1, 7))
    assert [cut.is_given for cut in two.cuts] == [True, False, False, False, False, False]
    assert codes(two[3]) == ["no_items"]
    assert codes(two[4]) == ["too_few_items"]
    assert np.isnan(two[4].ability)
    few = spread_over({1: [-1.1, -0.9], 2: [0.1, -0.1], 3: [1.0, 1.2]})  # three levels, but six items
    assert [codes(cut) for cut in few.cuts] == [["too_few_items"]] * 3
    lonely = level_cuts([0.3, 1.0], [1, 2])
    assert [codes(cut) for cut in lonely.cuts] == [["spread_unknown"], ["spread_unknown"]]


def test_levels_all_thin_hold_each_other_up() -> None:
    rng = np.random.default_rng(4)
    levels = {level: list(level - 2.5 + rng.normal(0, 0.3, 3)) for level in (1, 2, 3, 4)}
    found = spread_over(levels)
    assert [codes(cut)[0] for cut in found.cuts] == ["borrowed"] * 4
    own_se = found.item_sd / np.sqrt(3)
    assert all(cut.se < own_se for cut in found.cuts)


def test_borrowing_by_hand() -> None:
    full = {1: [-1.1, -0.9, -1.0, -1.2, -0.8], 2: [0.1, -0.1, 0.0, 0.2, -0.2], 3: [1.1, 0.9, 1.0, 1.2, 0.8], 4: [2.0]}
    found = spread_over(full)  # the four means lie on a line, so the cut is the line's, whatever the weights
    assert found[4].ability == pytest.approx(2.0)
    own = 0.09 / (0.09 + found.item_sd**2)
    spread = np.array([found.item_sd**2 / 5] * 3 + [found.item_sd**2]) + 0.09
    design = np.column_stack([np.ones(4), [1, 2, 3, 4]])
    covariance = np.linalg.inv(design.T @ np.diag(1 / spread) @ design)
    expected = own * found.item_sd**2 + (1 - own) ** 2 * (np.array([1, 4]) @ covariance @ [1, 4])
    assert found[4].se == pytest.approx(np.sqrt(expected))


def test_levels_in_the_wrong_order_share_one_cut_and_it_is_said() -> None:
    found = spread_over({1: [0.4, 0.2, 0.3, 0.5, 0.1], 2: [0.2, 0.0, 0.1, 0.3, -0.1], 3: [1.1, 0.9, 1.0, 1.2, 0.8]})
    assert found[1].ability == found[2].ability == pytest.approx(0.2)  # equal errors: the plain mean of 0.3 and 0.1
    assert found[1].se == found[2].se < found[3].se
    assert codes(found[1]) == codes(found[2]) == ["pooled"]
    assert (found[1].own, found[2].own) == pytest.approx((0.3, 0.1))


def test_neighbours_that_hardly_differ_are_said_to() -> None:
    found = spread_over({1: [-1, 0, 1, 0.5, -0.5], 2: [-0.9, 0.1, 1.1, 0.6, -0.4], 3: [5, 6, 7, 6.5, 5.5]})
    assert codes(found[2]) == ["close"]
    assert codes(found[3]) == []


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.floats(-2, 2))
def test_laws_of_cuts(seed: int, shift: float) -> None:
    rng = np.random.default_rng(seed)
    level = rng.integers(1, 5, 40)
    at = 0.3 * level + rng.normal(0, 0.8, 40)
    found, order = level_cuts(at, level), rng.permutation(40)
    given_cuts = [cut.ability for cut in found.cuts if cut.is_given]
    assert given_cuts == sorted(given_cuts)
    for same, by in ((level_cuts(at[order], level[order]), 0.0), (level_cuts(at + shift, level), shift)):
        assert [cut.ability - by for cut in same.cuts] == pytest.approx([cut.ability for cut in found.cuts], nan_ok=True, abs=1e-6)
        assert [cut.se for cut in same.cuts] == pytest.approx([cut.se for cut in found.cuts], nan_ok=True, abs=1e-6)


def test_intervals_of_cuts_hold_what_they_promise() -> None:
    rng, inside = np.random.default_rng(7), 0
    truth, level = np.array([-1.0, 0.0, 1.0, 2.0]), np.repeat([1, 2, 3, 4], 8)
    for _ in range(300):
        found = level_cuts(truth[level - 1] + rng.normal(0, 0.6, 32) + rng.normal(0, 0.2, 32), level, se=0.2)
        inside += sum(abs(cut.ability - goal) < 1.96 * cut.se for cut, goal in zip(found.cuts, truth, strict=True))
    assert 0.92 < inside / 1200 < 0.97


def test_wrong_input_is_refused() -> None:
    with pytest.raises(ValueError, match="one of each per item"):
        level_cuts([0.0, 1.0], [1])
    with pytest.raises(ValueError, match="standard error"):
        level_cuts([0.0, 1.0], [1, 1], se=[0.1, -0.1])
    with pytest.raises(ValueError, match="rising"):
        level_cuts([0.0, 1.0], [1, 2], wanted=[2, 1])
    with pytest.raises(ValueError, match="response probability"):
        locations(CalibratedItems.dichotomous(1.0, [0.0]), 67)
