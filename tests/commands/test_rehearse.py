"""``bdhvs rehearse`` as a teacher runs it: started, watched, ended with Ctrl+C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bdhvs.store import Store, events_of

ROOT = Path(__file__).parents[2]
ENDING_S = 60


def rehearse(folder: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bdhvs", "rehearse", *options, "--host", "127.0.0.1", "--content", str(ROOT)]
    command += ["--students", "6", "--speed", "200", "--lang", "en"]
    environment = {**os.environ, "TMPDIR": str(folder), "TEMP": str(folder), "PYTHONUTF8": "1"}
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )


def read_until(process: subprocess.Popen[str], enough: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
    """Lines of JSON until there are enough; the first is the announcement."""
    assert process.stdout is not None
    lines: list[dict[str, Any]] = []
    while not enough(lines):
        line = process.stdout.readline()
        assert line, process.stderr.read() if process.stderr else "it ended too early"
        lines.append(json.loads(line))
    return lines


def ended(process: subprocess.Popen[str], by: signal.Signals) -> str:
    process.send_signal(by)
    _, errors = process.communicate(timeout=ENDING_S)
    assert process.returncode == 0, errors
    return errors


def is_full(lines: list[dict[str, Any]]) -> bool:
    happened = [line.get("what") for line in lines]
    return happened.count("joined") == 6 and "asked" in happened and happened.count("answered") > 10


def test_a_rehearsal_is_a_real_class_with_people_who_ask_for_help(tmp_path: Path) -> None:
    process = rehearse(tmp_path, "practice", "--json")
    told = read_until(process, is_full)[0]
    assert ended(process, signal.SIGINT) == ""
    assert (told["name"], told["students"]) == ("Rehearsal", 6)
    assert (tmp_path / "practice" / "rehearsal.txt").exists()
    with Store.read_only(tmp_path / "practice") as store:
        assert len(store.learners(store.classrooms()[0].id)) == 6
        events = [event for rows in store.response_rows() for event in events_of(rows.attempt, rows.events)]
    assert {"HelpAsked", "Answered"} <= {type(event).__name__ for event in events}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without asking")
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_without_a_folder_nothing_is_left(tmp_path: Path, by: signal.Signals) -> None:
    process = rehearse(tmp_path, "--json")
    read_until(process, is_full)
    assert any(tmp_path.iterdir())
    ended(process, by)
    assert list(tmp_path.iterdir()) == []


def test_a_teacher_reads_the_announcement_and_who_needs_help(tmp_path: Path) -> None:
    process = rehearse(tmp_path)
    assert process.stdout is not None
    shown = ""
    while "asks for help with question" not in shown:
        line = process.stdout.readline()
        assert line, shown
        shown += line
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=ENDING_S)
    shown += rest
    assert (process.returncode, errors) == (0, "")
    assert "This is a rehearsal: 6 simulated learners" in shown
    assert "/gv/" in shown
    assert "Nothing of it was kept" in shown
    assert "Start again with the same command" not in shown


def test_a_rehearsal_can_end_by_itself(tmp_path: Path) -> None:
    process = rehearse(tmp_path, "--minutes", "0.01")
    _, errors = process.communicate(timeout=ENDING_S)
    assert (process.returncode, errors) == (0, "")
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_a_real_class_is_refused_and_not_touched(tmp_path: Path) -> None:
    with Store.open(tmp_path / "data"):
        pass
    before = sorted(path.name for path in (tmp_path / "data").iterdir())
    process = rehearse(tmp_path, "data")
    _, errors = process.communicate(timeout=ENDING_S)
    assert process.returncode == 1
    assert "A rehearsal needs a folder of its own" in errors
    assert "Traceback" not in errors
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == before


def test_a_class_that_cannot_start_says_why(tmp_path: Path) -> None:
    process = rehearse(tmp_path, "--form", "khong-co")
    _, errors = process.communicate(timeout=ENDING_S)
    assert process.returncode == 1
    assert "unknown_form" in errors
    assert "Traceback" not in errors
