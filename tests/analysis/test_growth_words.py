"""What a teacher is told of growth, on frames made by hand."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")
pytest.importorskip("pandas")

import pandas as pd

from bdhvs.analysis.growth_words import growth, growth_in_words


def frame(done: list[int | None], tasks: int = 10) -> pd.DataFrame:
    """One attempt each: so many of ten tasks done; None: did not come."""
    rows = [
        {"learner": f"l{who}", "attempt": f"a{who}", "mode": "assessment", "last": True, "try": 1, "outcome": "answered",
         "item": f"i{task}", "item_version": 1, "domain": "1", "max": 1, "verdict": "right" if task < right else "wrong"}
        for who, right in enumerate(done) if right is not None
        for task in range(tasks)
    ]  # fmt: skip
    return pd.DataFrame(rows)


FIRST = [1, 2, 2, 3, 3, 4, 5, 5, 6, 7, 8, 9]


def test_the_mean_change_and_its_effect_are_those_of_the_shares() -> None:
    found = growth(frame(FIRST), frame([min(10, one + 3) for one in FIRST]))
    assert found.persons == 12
    assert found.change == pytest.approx((3 * 10 + 2 + 1) / 120)
    assert found.effect.low < found.effect.value < found.effect.high


def test_single_learners_are_said_to_have_gained_only_when_it_is_sure() -> None:
    """From 0 to 10 of 10: (12/14 − 2/14)… in shares 1 ± 0.19 is sure; from 4 to 6, 0.2 ± 0.26, is not."""
    found = growth(frame([0, 4, 4, 5]), frame([10, 6, 5, 5]))
    assert (found.gained, found.lost) == (1, 0)


def test_a_large_class_that_grew_is_told_so_and_what_comes_by_itself() -> None:
    said = growth_in_words(frame(FIRST * 3), frame([min(10, one + 4) for one in FIRST * 3]), "en")
    assert said[0].startswith("The change is ")
    assert "Of 36 learners" in said[1]
    assert any("come by itself" in one for one in said)
    assert not any("Do not conclude" in one for one in said)


def test_a_small_class_is_told_why_not_to_conclude() -> None:
    said = growth_in_words(frame([2, 3, 5, 6, None]), frame([3, 3, 5, 6, 7]), "vi")
    assert said[-1].startswith("Không nên kết luận")
    assert "4" in said[-1]


def test_one_learner_alone_gives_no_number_and_no_error() -> None:
    said = growth_in_words(frame([3]), frame([5]), "en")
    assert said[-1].startswith("Do not conclude")
