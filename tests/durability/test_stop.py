"""A class that is told to end leaves its folder tidy."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bdhvs.store import Store
from tests.clients import ApiLearner, ClassProcess


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without asking")
def test_a_class_that_is_told_to_end_leaves_all_answers_in_one_file(tmp_path: Path) -> None:
    with ClassProcess(tmp_path / "data", "--lesson", "an-toan-truoc-lua-dao-otp") as room:
        learner = ApiLearner(room.url)
        learner.join(room.code, "Lan")
        learner.answer(learner.open("thu-suc-ngan")["items"][0])
        learner.close()
        assert room.stop() == 0
    assert not (room.data / "bdhvs.sqlite3-wal").exists()
    with Store.read_only(room.data) as store:
        stored = [event.event_id for rows in store.response_rows() for event in rows.events]
    assert stored == learner.acknowledged


def test_a_class_stops_at_once_even_while_its_lessons_are_being_made(tmp_path: Path) -> None:
    with ClassProcess(tmp_path / "data") as room:
        assert room.stop() == 0  # lessons take seconds to make; the wait inside has a limit of its own
