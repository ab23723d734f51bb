"""What was said beside what was done, counted by hand; and laws that hold for every class."""

from __future__ import annotations

import json
from itertools import count
from math import isnan
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdhvs.analysis import overconfidence as oc
from bdhvs.measurement.changes import mean_interval
from bdhvs.measurement.proportions import wilson_ends
from bdhvs.store.export import COLUMNS

Task = tuple[str, str, str, int | None]  # competence, item, verdict or silence, confidence


def said(step: int, about: tuple[str, ...] = ()) -> str:
    return json.dumps({"said": "x", "step": step, "steps": 4, "can": step >= 3, "about": list(about)})


def frame_of(people: dict[str, list[Any]], *, room: str = "lop") -> pd.DataFrame:
    """A row per entry: ("says", competence, step, about) or a task; each learner has one attempt at an assessment."""
    rows = []
    for learner, entries in people.items():
        for entry in entries:
            row = {**dict.fromkeys(COLUMNS), "classroom": room, "learner": learner, "attempt": learner, "mode": "assessment", "last": True, "try": 1}
            row |= {"started_at": "2026-01-01", "after_solutions": False, "help": "none"}
            if entry[0] == "says":
                _, competence, step, about = entry
                row |= {"kind": "self_assessment", "item": f"self-{competence}", "competence": competence, "outcome": "answered", "response": said(step, about)}
            else:
                competence, item, verdict, sure = entry
                answered = verdict in ("right", "wrong", "helped")
                row |= {"kind": "single_choice", "item": item, "competence": competence, "max": 1, "confidence": sure}
                row |= {"outcome": "answered" if answered else verdict, "verdict": "right" if verdict == "helped" else verdict if answered else None}
                row |= {"help": "teacher" if verdict == "helped" else "none"}
            rows.append(row)
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype({"max": "Int64", "try": "Int64", "confidence": "Int64", "last": "bool", "after_solutions": "bool"})


def one(table: pd.DataFrame) -> Any:
    (row,) = table.itertuples()
    return row


def test_groups_are_counted_by_hand() -> None:
    can, cannot = ("says", "4.2", 3, ()), ("says", "4.2", 2, ())
    right, wrong = ("4.2", "mot", "right", None), ("4.2", "hai", "wrong", None)
    people = {
        "A": [can, right, wrong],  # half: shown
        "B": [can, wrong],
        "C": [can, ("4.2", "mot", "helped", None)],  # with help is not alone
        "D": [can, ("4.2", "mot", "skipped", None)],  # a skip is not done
        "E": [can, ("4.2", "mot", "not_reached", None)],  # nothing is known
        "F": [cannot, right],
        "G": [cannot, wrong],
        "H": [right],  # said nothing
    }
    row = one(oc.overconfidence(frame_of(people)))
    assert (row.group, row.competence, row.learners, row.can, row.over, row.cannot, row.under, row.no_task) == ("lop", "4.2", 6, 4, 3, 2, 1, 1)
    assert (row.share, row.low, row.high, row.few) == (0.75, *wilson_ends(3, 4), True)
    assert "too few" in oc.in_words(row, "en")


def test_what_is_said_of_named_items_is_set_beside_these_alone() -> None:
    entries = [("says", "4.2", 4, ("mot",)), ("4.2", "mot", "wrong", None), ("4.2", "hai", "right", None), ("4.2", "ba", "right", None)]
    row = one(oc.said_and_did(frame_of({"A": entries})))
    assert (row.step, row.steps, row.can, row.tasks, row.alone, row.share) == (4, 4, True, 1, 0, 0.0)


def test_tasks_of_another_competence_show_nothing() -> None:
    row = one(oc.said_and_did(frame_of({"A": [("says", "4.2", 4, ()), ("4.1", "mot", "right", None)]})))
    assert row.tasks == 0
    assert isnan(row.share)


def test_the_first_meeting_counts_for_what_is_said_and_done() -> None:
    before = frame_of({"A": [("says", "4.2", 4, ()), ("4.2", "mot", "wrong", None)]})
    after = frame_of({"A": [("says", "4.2", 1, ()), ("4.2", "mot", "right", None)]}).assign(started_at="2026-02-01", attempt="later")
    row = one(oc.overconfidence(pd.concat([after, before], ignore_index=True)))
    assert (row.can, row.over) == (1, 1)


def test_what_the_teacher_took_out_is_out() -> None:
    frame = frame_of({"A": [("says", "4.2", 4, ()), ("4.2", "mot", "wrong", None), ("4.2", "hai", "right", None)]})
    frame.loc[frame["item"] == "mot", "neutralised"] = "2026-01-02"
    assert one(oc.overconfidence(frame)).over == 0


def test_groups_of_ones_own_leave_out_who_is_in_none() -> None:
    person = [("says", "4.2", 3, ()), ("4.2", "mot", "wrong", 4)]
    frame = frame_of({"A": person, "B": person, "C": person})
    table = oc.overconfidence(frame, {"A": "trẻ", "B": "già"})
    assert [(row.group, row.can) for row in table.itertuples()] == [("già", 1), ("trẻ", 1)]
    assert list(oc.sureness(frame, {"A": "trẻ"})["learners"]) == [1]


def test_how_often_the_sure_are_right_is_a_mean_over_learners() -> None:
    people = {
        "A": [("4.2", "mot", "right", 4), ("4.2", "hai", "right", 4), ("4.2", "ba", "wrong", 4)],
        "B": [("4.2", "mot", "wrong", 4), ("4.2", "hai", "wrong", 1), ("4.2", "ba", "helped", 4)],
        "C": [("4.2", "mot", "right", None)],
    }
    table = oc.sureness(frame_of(people))
    guess, sure = table.itertuples()
    assert (guess.confidence, guess.learners, guess.answers, guess.right) == (1, 1, 1, 0)
    assert isnan(guess.low)
    assert (sure.confidence, sure.learners, sure.answers, sure.right) == (4, 2, 4, 2)
    low, high = mean_interval([2 / 3, 0])
    assert (sure.share, sure.low, sure.high) == pytest.approx((1 / 3, max(0, low), min(1, high)))


def test_a_class_that_was_asked_nothing_has_empty_tables() -> None:
    frame = frame_of({"A": [("4.2", "mot", "right", None)]})
    assert len(oc.said_and_did(frame)) == len(oc.overconfidence(frame)) == len(oc.sureness(frame)) == 0


def test_the_example_of_the_docs_runs_on_real_rows(example: pd.DataFrame) -> None:
    assert len(oc.overconfidence(example)) == 0  # the invented class takes forms without self-assessments
    assert example["max"].notna().all()


PERSON = st.tuples(st.integers(1, 4), st.lists(st.sampled_from(["right", "wrong", "helped", "skipped", "not_reached", "cut_off"]), max_size=4))


@given(st.lists(PERSON, min_size=1, max_size=8))
def test_everybody_who_spoke_is_counted_once(people: list[tuple[int, list[str]]]) -> None:
    numbers = count()
    frame = frame_of({f"P{next(numbers)}": [("says", "4.2", step, ()), *(("4.2", f"viec-{n}", one, None) for n, one in enumerate(done))] for step, done in people})
    row = one(oc.overconfidence(frame))
    assert row.can + row.cannot == row.learners
    assert row.learners + row.no_task == len(people)
    assert 0 <= row.over <= row.can
    assert 0 <= row.under <= row.cannot
    assert row.can == 0 or 0 <= row.low <= row.share <= row.high <= 1
    assert oc.in_words(row, "vi")
