"""What is counted and what is not, by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from bdhvs.analysis.summaries import competence_results, domain_scores, item_difficulty, item_times, unaided_rows
from tests.analysis.conftest import ROWS, frame_of


def test_a_learner_s_share_is_of_the_points_of_what_was_answered(counted: pd.DataFrame) -> None:
    table = domain_scores(counted).set_index(["learner", "domain"])
    assert table["share"].to_dict() == {
        ("A", "1"): 1.0,  # 1/1 and, at last, 1/1
        ("A", "4"): pytest.approx(1 / 3),
        ("B", "1"): 1.0,  # the skipped item is silent, not wrong
        ("B", "4"): 1.0,
        ("C", "1"): 0.0,
    }
    assert table.loc[("A", "1"), "answered"] == 2


def test_an_item_s_share_counts_only_fully_right_answers(counted: pd.DataFrame) -> None:
    table = item_difficulty(counted).set_index("item")
    assert table[["right", "answered", "silent"]].T.to_dict("list") == {
        "hai": [1, 1, 2],
        "mot": [2, 3, 0],
        "ba": [1, 2, 1],  # 1 of 3 points is partly right
    }
    assert list(table.index) == ["hai", "mot", "ba"], "the easiest first"
    # Wilson by hand for 2 of 3, z = 1.959964: centre 0.5936, half 0.3854 after division by 1 + z²/3 = 2.2805
    assert (table.loc["mot", "low"], table.loc["mot", "high"]) == (pytest.approx(0.2077, abs=5e-5), pytest.approx(0.9385, abs=5e-5))


def test_times_are_of_first_answers_and_unknown_ones_are_counted(counted: pd.DataFrame) -> None:
    table = item_times(counted).set_index("item")
    assert table.loc["mot", ["lower", "median", "upper"]].tolist() == [15, 20, 25]  # of 10, 20, 30
    assert table.loc["hai", ["median", "known", "unknown"]].tolist() == [40, 1, 0]
    assert table.loc["ba", ["median", "known", "unknown"]].tolist() == [60, 1, 1]


def test_in_practice_the_first_answer_counts_and_silences_stay() -> None:
    rows = unaided_rows(frame_of(ROWS, mode="practice"))
    assert rows[["learner", "item", "try"]].apply(tuple, axis=1).tolist().count(("A", "hai", 1)) == 1
    assert len(rows) == 9
    assert item_difficulty(frame_of(ROWS, mode="practice")).set_index("item").loc["hai", "right"] == 0


def test_an_item_whose_times_are_all_unknown_stays_in_the_table() -> None:
    table = item_times(frame_of([("A", "ba", "4.2", "answered", 1, True, 3, 3, "right", None)]))
    assert math.isnan(table.loc[0, "median"])
    assert table.loc[0, "unknown"] == 1


def test_a_class_s_results_count_right_alone_and_right_with_help_apart() -> None:
    frame = frame_of(ROWS)
    frame["help"] = ["none", "none", "teacher", "hint", "none", "none", "none", "none", "none", "none"]
    table = competence_results(frame).set_index("competence")
    assert table.T.to_dict("list") == {
        # learners, answered, right_alone, right_helped, skipped, not_seen
        "1.1": [3, 3, 2, 0, 0, 0],
        "1.2": [1, 1, 0, 1, 1, 1],
        "4.2": [2, 2, 1, 0, 0, 1],
    }


def test_competences_stand_in_the_framework_s_order_and_an_empty_class_gives_an_empty_table() -> None:
    rows = [("A", f"i{code}", code, "answered", 1, True, 1, 1, "right", 1) for code in ("2.10", "2.9", "0.1")]
    frame = frame_of(rows).assign(help="none")
    assert competence_results(frame)["competence"].tolist() == ["0.1", "2.9", "2.10"]
    assert competence_results(frame.iloc[:0]).empty
