"""A class before and after: counted by hand, in words, and as a picture."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import pytest

import bdhvs
from bdhvs.analysis.before_after import (
    ALL,
    SeveralAttempts,
    before_after,
    caution,
    change_in_words,
    first_and_last,
    first_and_second,
    item_changes,
    two_classes,
)
from bdhvs.analysis.example import example_course
from bdhvs.analysis.plot_changes import plot_changes
from tests.analysis.conftest import frame_of

SECONDS = 10


def answers(*, done: dict[str, str]) -> pd.DataFrame:
    """A frame: by learner a sign for each of the tasks mot (1.1), hai (1.2), ba (4.2): + right, - wrong, o skipped."""
    rows: list[tuple[Any, ...]] = []
    for learner, signs in done.items():
        for (item, code), sign in zip((("mot", "1.1"), ("hai", "1.2"), ("ba", "4.2")), signs, strict=True):
            if sign == "o":
                rows.append((learner, item, code, "skipped", 0, True, None, 1, None, None))
            else:
                rows.append((learner, item, code, "answered", 1, True, int(sign == "+"), 1, "right" if sign == "+" else "wrong", SECONDS))
    frame = frame_of(rows)
    return frame.assign(attempt=frame["learner"].astype("str"), form="f", started_at=pd.Timestamp("2026-09-01", tz="UTC"))


BEFORE = {"A": "+--", "B": "---", "C": "++-", "D": "+o-"}
AFTER = {"A": "++-", "B": "+--", "C": "++-", "E": "+++"}


def test_each_learner_is_compared_with_themselves() -> None:
    table = before_after(answers(done=BEFORE), answers(done=AFTER)).set_index("domain")
    both = table.loc[ALL]
    assert (both["learners"], both["before_only"], both["after_only"]) == (3, 1, 1)
    assert both["before"] == pytest.approx((1 / 3 + 0 + 2 / 3) / 3)
    assert both["after"] == pytest.approx((2 / 3 + 1 / 3 + 2 / 3) / 3)
    assert both["change"] == pytest.approx((1 / 3 + 1 / 3 + 0) / 3)
    # differences 1/3, 1/3, 0: mean 2/9, deviation 0.19245, t(2) = 4.3027
    assert both["low"] == pytest.approx(2 / 9 - 4.3027 * 0.19245 / 3**0.5, abs=1e-4)
    assert list(table.index) == [ALL, "1", "4"]
    assert table.loc["4", "change"] == 0


def test_a_silence_is_no_wrong_answer_and_is_counted() -> None:
    table = before_after(answers(done={"D": "+o-"}), answers(done={"D": "+--"})).set_index("domain")
    assert table.loc["1", "before"] == 1.0
    assert table.loc["1", "after"] == 0.5
    assert (table.loc["1", "answered_before"], table.loc["1", "answered_after"]) == (1, 2)


def test_nobody_or_one_person_has_no_interval() -> None:
    nobody = before_after(answers(done={"A": "+++"}), answers(done={"B": "+++"}))
    assert nobody["learners"].tolist() == [0, 0, 0]
    assert nobody[["before", "after", "change", "low", "high"]].isna().all(axis=None)
    one = before_after(answers(done={"A": "---"}), answers(done={"A": "+++"})).iloc[0]
    assert one["change"] == 1.0
    assert isnan(one["low"])


def test_an_interval_never_leaves_what_a_share_can_be() -> None:
    row = before_after(answers(done={"A": "---", "B": "---"}), answers(done={"A": "+++", "B": "---"})).iloc[0]
    assert (row["low"], row["high"]) == (-1.0, 1.0)


def test_two_classes_count_everybody_and_are_less_sure() -> None:
    before, after = answers(done={"A": "+--", "B": "++-", "C": "+--"}), answers(done={"A": "++-", "B": "+++", "C": "++-"})
    pairs, others = before_after(before, after).iloc[0], two_classes(before, after).iloc[0]
    assert pairs["change"] == pytest.approx(others["change"])
    assert others["high"] - others["low"] > pairs["high"] - pairs["low"]
    assert (others["learners"], others["learners_after"]) == (3, 3)


def test_single_tasks_are_parted_into_gained_and_lost() -> None:
    table = item_changes(answers(done=BEFORE), answers(done=AFTER)).set_index("item")
    assert table.loc["mot", ["learners", "done_both", "gained", "lost", "done_never"]].tolist() == [3, 2, 1, 0, 0]
    assert table.loc["ba", ["gained", "done_never"]].tolist() == [0, 3]
    assert table["chance"].tolist() == [1.0, 1.0, 1.0]


def test_several_attempts_of_one_person_are_refused() -> None:
    frame = answers(done=BEFORE)
    with pytest.raises(SeveralAttempts, match="4 learners"):
        before_after(pd.concat([frame, frame.assign(attempt="again")]), frame)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    folder: Path = tmp_path_factory.mktemp("course") / "data"
    return bdhvs.responses(example_course(folder))


def test_an_invented_course_has_a_first_and_a_last_time(course: pd.DataFrame) -> None:
    before, after = first_and_last(course, "thu-suc-ngan")
    assert before["learner"].nunique() == 24
    assert 0 < after["learner"].nunique() < 24, "some stayed at home"
    assert before["started_at"].max() < after["started_at"].min()
    assert not set(before["attempt"]) & set(after["attempt"])
    row = before_after(before, after).iloc[0]
    assert row["learners"] + row["before_only"] == before["learner"].nunique()
    assert row["low"] <= row["change"] <= row["high"]


def words(change: str, learners: int, lang: str = "en") -> str:
    before, after = {"up": ("-", "+"), "down": ("+", "-"), "same": ("+", "+")}[change]
    people = [f"L{number}" for number in range(learners)]
    row = next(before_after(answers(done=dict.fromkeys(people, before * 3)), answers(done=dict.fromkeys(people, after * 3))).itertuples())
    return change_in_words(row, lang)


def test_a_change_is_told_in_whole_tasks_and_small_numbers_are_said() -> None:
    assert words("up", 12) == "Of 10 tasks, 0 were done before and 10 after. The gain is larger than chance between learners explains."
    assert "The loss" in words("down", 12)
    assert "may be chance" in words("same", 12)
    assert words("up", 9).endswith("Only 9 learners: too few to rely on.")
    nobody = next(before_after(answers(done={"A": "+++"}), answers(done={"B": "+++"})).itertuples())
    assert "Nobody" in change_in_words(nobody, "en")
    assert "no sample" in caution("en")


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


def test_the_picture_shows_the_numbers_of_the_table(course: pd.DataFrame) -> None:
    before, after = first_and_last(course, "thu-suc-ngan")
    table = before_after(before, after)
    ax = plot_changes(table, lang="en")
    hollow, full = ax.get_lines()[:2]
    assert list(hollow.get_xdata()) == pytest.approx((100 * table["before"]).tolist())
    assert list(full.get_xdata()) == pytest.approx((100 * table["after"]).tolist())
    beside = [text.get_text() for text in ax.texts]
    assert beside[0].startswith(f"{100 * table['change'][0]:+.0f}".replace("-", "\N{MINUS SIGN}"))
    assert "no sample" in ax.get_xlabel().replace("\n", " ")
    assert f"n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{table['learners'][0]}" in ax.get_yticklabels()[0].get_text()


def test_the_picture_draws_on_given_axes_and_names_two_classes(course: pd.DataFrame) -> None:
    before, after = first_and_last(course, "thu-suc-ngan")
    own = plt.subplots()[1]
    ax = plot_changes(two_classes(before, after), ax=own, names=("lớp A", "lớp B"))
    assert ax is own
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["lớp A", "lớp B"]
    assert "24," in ax.get_yticklabels()[0].get_text()


def test_a_row_without_interval_says_too_few() -> None:
    table = before_after(answers(done={"A": "---"}), answers(done={"A": "+++"}))
    assert {text.get_text() for text in plot_changes(table, lang="en").texts} == {"too few"}


def test_of_two_parallel_forms_the_one_taken_first_is_before_whichever_it_is() -> None:
    early, late = pd.Timestamp("2026-09-01", tz="UTC"), pd.Timestamp("2026-10-01", tz="UTC")
    parts = [
        answers(done={"A": "+--", "C": "---"}).assign(form="x", started_at=early, attempt=lambda rows: rows["learner"].astype("str") + "1"),
        answers(done={"A": "++-"}).assign(form="y", started_at=late, attempt=lambda rows: rows["learner"].astype("str") + "2"),
        answers(done={"B": "++-"}).assign(form="y", started_at=early, attempt=lambda rows: rows["learner"].astype("str") + "3"),
        answers(done={"B": "+++"}).assign(form="x", started_at=late, attempt=lambda rows: rows["learner"].astype("str") + "4"),
        answers(done={"B": "---"}).assign(form="y", started_at=late, attempt=lambda rows: rows["learner"].astype("str") + "5"),  # the same again
    ]
    before, after = first_and_second(pd.concat(parts, ignore_index=True), ("x", "y"))
    assert set(before["attempt"]) == {"A1", "C1", "B3"}
    assert set(after["attempt"]) == {"A2", "B4"}
    assert before_after(before, after).set_index("domain").loc[ALL, "change"] == pytest.approx(1 / 3)
