"""``bdhvs doctor`` as a teacher and a program use it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def doctor(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bdhvs", "doctor", "data", "--content", str(ROOT), *options]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=120)


def test_json_holds_every_line_and_the_verdict(tmp_path: Path) -> None:
    done = doctor(tmp_path, "--json", "--students", "5")
    report = json.loads(done.stdout)
    assert (report["v"], report["students"]) == (1, 5)
    assert [set(line) for line in report["lines"]] == [{"check", "verdict", "text", "figures"}] * len(report["lines"])
    checks = [line["check"] for line in report["lines"]]
    assert len(set(checks)) == len(checks)
    assert {"memory", "disk", "port", "addresses", "content", "kernel", "trial"} <= set(checks)
    trial = next(line for line in report["lines"] if line["check"] == "trial")
    assert trial["figures"]["phones"] == 5
    assert trial["figures"]["last_s"] > 0
    assert done.returncode == (1 if report["verdict"] == "problem" else 0)
    assert list(tmp_path.iterdir()) == []


def test_a_doomed_set_up_is_refused_with_what_to_change(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    done = doctor(tmp_path, "--quick", "--lang", "en")
    assert done.returncode == 1
    assert "data is a file. Give the name of a folder." in done.stdout
    assert "Not ready yet" in done.stdout
    assert done.stderr == ""


def test_a_number_of_students_that_makes_no_sense_is_refused(tmp_path: Path) -> None:
    done = doctor(tmp_path, "--students", "0")
    assert done.returncode == 2
    assert "1<=x<=" in done.stderr
