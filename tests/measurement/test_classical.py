"""Classical item statistics against numpy and pingouin, and their laws."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from bdhvs.measurement.cautions import codes
from bdhvs.measurement.classical import correlation_interval, correlations, item_statistics, upper_lower
from bdhvs.measurement.proportions import wilson_ends
from bdhvs.measurement.responses import Responses
from bdhvs.measurement.score_tables import centred_means, score_table
from tests.measurement.classical_data import EASY_TO_HARD, right_or_wrong, several_scores

RIGHT_OR_WRONG = right_or_wrong(80, EASY_TO_HARD, seed=1)
#: pingouin 0.7.0, `corr(x[:, j], total - x[:, j])["r"]` on RIGHT_OR_WRONG; to rounding.
PINGOUIN_ITEM_REST = [
    0.1160533983,
    0.3724844841,
    0.2593437511,
    0.3203840468,
    0.4006048199,
    0.264531692,
    0.4117069031,
    0.3415655362,
]
TABLES = hnp.arrays(
    np.float64,
    hnp.array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=12),
    elements=st.sampled_from([0.0, 1, 2, np.nan]),
)


def test_item_rest_correlations_are_those_of_pingouin() -> None:
    found = item_statistics(RIGHT_OR_WRONG)
    np.testing.assert_allclose(found.item_rest, PINGOUIN_ITEM_REST, atol=5e-11)
    assert (round(found.rest_low[3], 2), round(found.rest_high[3], 2)) == (
        0.11,
        0.50,
    )  # pingouin 0.7.0: CI95 [0.11, 0.5]


def test_complete_scores_of_several_points_give_the_textbook_numbers() -> None:
    table = several_scores(60, 6, seed=2)
    found = item_statistics(table, maximum=3)
    total = table.sum(axis=1)
    np.testing.assert_allclose(found.mean, table.mean(axis=0))
    np.testing.assert_allclose(found.share, table.mean(axis=0) / 3)
    np.testing.assert_allclose(found.sd, table.std(axis=0, ddof=1))
    np.testing.assert_allclose(found.item_total, [np.corrcoef(one, total)[0, 1] for one in table.T])
    np.testing.assert_allclose(found.item_rest, [np.corrcoef(one, total - one)[0, 1] for one in table.T])
    assert (found.low < found.share).all()
    assert (found.share < found.high).all()


def test_intervals_of_yes_or_no_items_are_wilson_s() -> None:
    found = item_statistics(RIGHT_OR_WRONG, confidence=0.9)
    low, high = wilson_ends(RIGHT_OR_WRONG[:, 0].sum(), 80, 0.9)
    assert (found.low[0], found.high[0]) == (pytest.approx(low), pytest.approx(high))


def test_missing_responses_are_left_out_and_a_hard_booklet_is_no_weakness() -> None:
    easy, hard = [1.0, 1, 0, np.nan, np.nan, np.nan], [np.nan, np.nan, np.nan, 0.0, 1, 0]
    table = np.array([easy, hard] * 10 + [[1, 1, 1, np.nan, np.nan, np.nan], [np.nan, np.nan, np.nan, 1, 1, 0]])
    means = centred_means(table)
    assert means[1] == pytest.approx(1 / 3 - (1 / 11 + 1 + 0) / 3)
    found = item_statistics(table)
    np.testing.assert_array_equal(found.persons, [11] * 6)
    assert found.share[3] == pytest.approx(1 / 11)
    assert codes(found.cautions[0])[:2] == ("too_few_persons", "much_missing")


def test_what_cannot_be_said_is_nan_with_a_reason() -> None:
    table = np.array([[1.0, 0, np.nan, 1], [1, 0, np.nan, 0], [1, 0, np.nan, 1], [1, 0, np.nan, 0]])
    found = item_statistics(table, least_persons=2)
    assert [codes(one) for one in found.cautions[:3]] == [("all_right",), ("all_wrong",), ("nobody_answered",)]
    assert np.isnan(found.item_rest).all()
    assert np.isnan([found.share[2], found.low[2], found.mean[2]]).all()


def test_an_item_against_the_others_is_said_to_be_so() -> None:
    table = RIGHT_OR_WRONG.copy()
    table[:, 4] = 1 - table[:, 4]
    assert codes(item_statistics(table).cautions[4]) == ("negative_discrimination",)


def test_upper_and_lower_groups_by_hand() -> None:
    # ten persons, totals 0 … 9 by ten items of which person i has the first i right: groups of 27 % weigh 2.7 persons
    table = np.tri(10, 10, -1)
    found = upper_lower(table)
    np.testing.assert_allclose(found.upper[8], 1 / 2.7)  # only the best person has the ninth
    np.testing.assert_allclose(found.lower[0], 1.7 / 2.7)  # all but the last of the weakest have the first
    np.testing.assert_allclose(found.discrimination, found.upper - found.lower)


@settings(max_examples=60, deadline=None)
@given(TABLES, st.randoms(use_true_random=False))
def test_the_order_of_persons_and_items_does_not_matter(table, random) -> None:  # type: ignore[no-untyped-def]
    rows, columns = random.sample(range(len(table)), len(table)), random.sample(range(table.shape[1]), table.shape[1])
    one, other = item_statistics(table, maximum=2), item_statistics(table[np.ix_(rows, columns)], maximum=2)
    for name in ("share", "low", "high", "sd", "item_total", "item_rest"):
        np.testing.assert_allclose(getattr(one, name)[columns], getattr(other, name), atol=1e-7, err_msg=name)
    groups = upper_lower(table, 2), upper_lower(table[np.ix_(rows, columns)], 2)
    np.testing.assert_allclose(groups[0].discrimination[columns], groups[1].discrimination, atol=1e-9)
    assert ((one.share >= one.low - 1e-12) | np.isnan(one.share)).all()


def test_responses_of_the_calibration_s_form_give_the_same() -> None:
    table = several_scores(40, 5, seed=3)
    table[::3, 2] = np.nan
    np.testing.assert_array_equal(score_table(Responses.dense(table)), table)
    np.testing.assert_array_equal(score_table(np.nan_to_num(table, nan=-1).astype(np.int8)), table)


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ([1, 0], "persons × items"),
        ([["a"]], "expected numbers"),
        ([[np.inf]], "person 0, item 0"),
        ([[0], [-2]], "person 1, item 0"),
    ],
)
def test_what_is_no_table_is_refused(scores: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        score_table(scores)


def test_scores_beyond_the_maximum_and_odd_groups_are_refused() -> None:
    with pytest.raises(ValueError, match=r"person 1, item 0: found .*2\.0"):
        item_statistics([[1.0], [2.0]], maximum=1)
    with pytest.raises(ValueError, match=r"at most 0\.5"):
        upper_lower(RIGHT_OR_WRONG, share=0.6)


def test_fisher_s_interval_by_hand_and_at_its_ends() -> None:
    low, high = correlation_interval([0.5, 1.0, np.nan, 0.5], [28, 10, 30, 3])
    assert (low[0], high[0]) == (
        pytest.approx(np.tanh(np.arctanh(0.5) - 1.959964 / 5), abs=1e-6),
        pytest.approx(0.7359, abs=1e-4),
    )
    assert (low[1], high[1]) == (1, 1)
    assert np.isnan(low[2:]).all()
    assert np.isnan(correlations(np.ones((5, 1)), np.arange(5.0)[:, None]))[0]
