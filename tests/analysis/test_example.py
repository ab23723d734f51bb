"""The invented class has every gap a real one has, says that it is invented, and never mixes with real data."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import bdhvs
from bdhvs.analysis.example import CLASS_NAME, example_class, right_response, wrong_response
from bdhvs.bank.loader import Bank
from bdhvs.errors import SetupError
from bdhvs.store import Store

REPEATED = ["form", "item", "outcome", "try", "score", "max", "verdict", "help", "elapsed_ms"]


def test_the_same_seed_gives_the_same_answers(example: pd.DataFrame, tmp_path: Path) -> None:
    again = bdhvs.responses(example_class(tmp_path / "data", learners=6, seed=7))
    pd.testing.assert_frame_equal(example[REPEATED], again[REPEATED])
    other = bdhvs.responses(example_class(tmp_path / "other", learners=6, seed=8))
    assert not example["score"].equals(other["score"])


def test_its_class_says_that_it_is_invented(tmp_path: Path) -> None:
    with Store.read_only(example_class(tmp_path / "data", learners=1)) as store:
        assert [room.name for room in store.classrooms()] == [CLASS_NAME]
    assert "synthetic" in CLASS_NAME


def test_thirty_learners_show_every_value_of_outcome_and_help(tmp_path: Path) -> None:
    frame = bdhvs.responses(example_class(tmp_path / "data"))
    assert set(frame["outcome"]) == {"answered", "skipped", "not_reached", "cut_off"}
    assert set(frame["help"]) == {"none", "hint", "teacher"}
    assert frame["learner"].nunique() == 30
    assert frame["try"].max() > 1


def test_it_refuses_a_folder_with_a_class(tmp_path: Path) -> None:
    example_class(tmp_path / "data", learners=1)
    with pytest.raises(SetupError, match="empty folder"):
        example_class(tmp_path / "data", learners=1)


async def test_it_works_where_a_loop_runs_already(tmp_path: Path) -> None:
    assert example_class(tmp_path / "data", learners=1).is_dir()


def test_right_and_wrong_responses_are_what_they_say_for_every_item() -> None:
    import random

    for item in filter(lambda one: one.is_performance, Bank.load().items.values()):
        assert item.score(right_response(item)).verdict == "right", item.id
        assert item.score(wrong_response(item, random.Random(1))).verdict != "right", item.id
