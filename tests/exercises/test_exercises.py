"""Every exercise: its solution passes, its starter does not, each foreseen mistake is met with its own hint."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bdhvs.bank.paths import find_content
from bdhvs.errors import NotFound
from bdhvs.exercises import sandbox
from bdhvs.exercises.checks import first_hint, judged, probes, same
from bdhvs.exercises.exercise import Exercise, load_exercise
from bdhvs.exercises.program import Outcome, Program
from bdhvs.exercises.proof import exercise_problems

IDS = sorted(path.stem for path in (find_content().assessments / "exercises").glob("*.yaml"))


def tried(exercise: Exercise, code: str) -> tuple[Outcome, list[bool], str]:
    outcome = Program(code, probes(exercise), in_class=sandbox.possible()).run()
    findings = judged(exercise, code, outcome, "vi")
    return outcome, [one.reached for one in findings], first_hint(findings)


@pytest.mark.parametrize("exercise_id", IDS)
def test_the_solution_passes(exercise_id: str) -> None:
    exercise = load_exercise(exercise_id)
    outcome, reached, hint = tried(exercise, exercise.solution)
    assert (outcome.end, outcome.error, all(reached), hint) == ("done", None, True, "")


@pytest.mark.parametrize("exercise_id", IDS)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_starter_runs_but_does_not_pass_and_says_why(exercise_id: str, lang: str) -> None:
    exercise = load_exercise(exercise_id)
    outcome, reached, hint = tried(exercise, exercise.starter.in_language(lang))
    assert outcome.end == "done"
    assert not all(reached)
    assert hint


@pytest.mark.parametrize("exercise_id", IDS)
def test_a_foreseen_mistake_is_met_with_its_own_hint(exercise_id: str) -> None:
    exercise = load_exercise(exercise_id)
    for check in exercise.checks:
        for mistake in check.mistakes:
            assert not same(mistake.value, check.expected)
            values = tuple({"value": mistake.value} for one in exercise.checks if one.kind in ("value", "call"))
            findings = judged(exercise, exercise.solution, Outcome("done", "", None, values), "vi")
            assert mistake.hint.in_language("vi") in [one.hint for one in findings]


def test_an_answer_written_in_by_hand_does_not_pass_a_second_table() -> None:
    exercise = load_exercise("trung-cu")
    _, reached, hint = tried(exercise, 'def trung_cu(dem):\n    return "Bình"\n')
    assert reached == [True, False]
    assert "mọi lớp" in hint


def test_a_program_that_writes_its_own_report_has_to_know_the_values() -> None:
    exercise = load_exercise("dem-phieu")
    claim = b'{"error": null, "values": [{"value": {"An": 9}}], "passed": true}'
    forged = f"import os\nfor n in range(3, 20):\n    try: os.write(n, {claim!r})\n    except OSError: pass\nos._exit(0)"
    outcome, reached, _ = tried(exercise, forged)
    assert outcome.values == ({"value": {"An": 9}},)  # it did get through …
    assert reached == [True, False]  # … and is worth nothing


@pytest.mark.parametrize("report", [b"", b"[]", b"{}", b"[" * 9_000, b'{"error": 1, "values": 2}', b'{"error": null, "values": [1]}', b"\xff"])
def test_a_report_that_is_junk_is_a_program_that_broke_off(report: bytes) -> None:
    code = f"import os\nfor n in range(3, 20):\n    try: os.write(n, {report!r})\n    except OSError: pass\nos._exit(0)"
    outcome, reached, _ = tried(load_exercise("chao-lop"), code)
    assert outcome.end == "killed"
    assert not any(reached)


@pytest.mark.parametrize(("found", "expected", "is_same"), [
    (1, 1.0, True), (1, True, False), (True, True, True), ("7", 7, False), ([1, 2], (1, 2), True), ([1], (1, 2), False),
    ({"An": 1}, {"An": 1}, True), ({"An": 1, "B": 2}, {"An": 1}, False), (None, None, True), (0.1 + 0.2, 0.3, True), (float("nan"), 1, False),
])  # fmt: skip
def test_what_counts_as_the_same(found: object, expected: object, is_same: bool) -> None:
    assert same(found, expected) is is_same


def test_an_unknown_exercise_names_those_there_are() -> None:
    with pytest.raises(NotFound, match="chao-lop"):
        load_exercise("nothing")


def test_what_an_author_gets_wrong_is_found_by_running_it(tmp_path: Path) -> None:
    folder = tmp_path / "exercises"
    folder.mkdir()
    good = (find_content().assessments / "exercises" / "dem-phieu.yaml").read_text("utf-8")
    (folder / "dem-phieu.yaml").write_text(good, "utf-8")
    assert exercise_problems(tmp_path) == (1, [])
    exercise = load_exercise("dem-phieu")
    document = yaml.safe_load(good)
    document["id"], document["starter"] = "da-xong", {"vi": exercise.solution, "en": exercise.solution}
    (folder / "da-xong.yaml").write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    document["id"], document["starter"], document["solution"] = "giai-sai", {"vi": "x = 1", "en": "x = 1"}, "x = 1 / 0"
    (folder / "giai-sai.yaml").write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    (folder / "khac-ten.yaml").write_text(good, "utf-8")
    count, problems = exercise_problems(tmp_path)
    assert count == 3
    assert sorted((Path(one.path).stem, one.rule) for one in problems) == [
        ("da-xong", "starter_fails"),
        ("da-xong", "starter_fails"),
        ("giai-sai", "solution_passes"),
        ("khac-ten", "file_name"),
    ]
    assert any("division by zero" in one.message for one in problems)
