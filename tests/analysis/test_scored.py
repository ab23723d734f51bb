"""Which answer counts, and for how much: doing it alone, the first time."""

from __future__ import annotations

from typing import Any

import pytest

from bdhvs.analysis.scored import ItemKey, NothingToScore, scored


def row(**changes: Any) -> dict[str, Any]:
    """A row as stored answers are exported."""
    return {
        "learner": "an", "attempt": "1", "item": "a", "item_version": 1, "mode": "assessment", "outcome": "answered", "try": 1,
        "score": 1, "max": 1, "help": "none", "started_at": "2026-11-01T08:00:00", "recorded_at": "2026-11-01T08:01:00",
        "neutralised": None, "after_solutions": False, **changes,
    }  # fmt: skip


def only(*rows: dict[str, Any]) -> int:
    found = scored(rows)
    assert len(found.score) == 1
    return found.score[0]


def test_an_assessment_counts_the_last_answer_and_practice_the_first_try() -> None:
    changed = [row(score=0), row(score=1, **{"try": 2})]
    assert only(*changed) == 1
    assert only(*[{**one, "mode": "practice"} for one in changed]) == 0


@pytest.mark.parametrize("help_got", ["hint", "teacher"])
def test_what_was_done_with_help_was_not_done_alone(help_got: str) -> None:
    assert only(row(help=help_got, score=2, max=2)) == 0


def test_silences_are_no_points_or_not_shown() -> None:
    silent = {"score": None, "try": 0, "help": "none"}
    assert only(row(outcome="skipped", **silent)) == 0
    for outcome in ("not_reached", "cut_off"):
        with pytest.raises(NothingToScore):
            scored([row(outcome=outcome, recorded_at=None, **silent)])


def test_what_does_not_count_for_the_class_or_came_after_solutions_is_not_shown() -> None:
    assert only(row(), row(item="b", neutralised="2026-11-02T00:00:00")) == 1
    assert only(row(score=0), row(score=1, after_solutions=True, **{"try": 2})) == 0


def test_the_first_meeting_counts_whatever_the_order_of_the_rows() -> None:
    first, later = row(score=0), row(score=1, attempt="2", started_at="2026-11-09T08:00:00", recorded_at="2026-11-09T08:01:00")
    assert only(first, later) == only(later, first) == 0


def test_the_table_names_learners_items_points_and_days() -> None:
    rows = [row(), row(learner="ba", item="c", item_version=2, score=2, max=3, recorded_at="2026-11-05T09:00:00")]
    found = scored(rows)
    assert found.learners == ("an", "ba")
    assert found.items == (ItemKey("a", 1), ItemKey("c", 2))
    assert (found.maximum, found.person, found.item, found.score) == ((1, 3), (0, 1), (0, 1), (1, 2))
    assert (found.first, found.last) == ("2026-11-01", "2026-11-05")
    assert str(found.items[1]) == "c@2"
