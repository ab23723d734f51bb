"""``bdhvs simulate`` says what an adaptive form would do, where its numbers come from, and what makes it impossible."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("numpy")
from click.testing import CliRunner, Result

from bdhvs.cli import commands
from bdhvs.errors import BankError, SetupError


def simulate(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["simulate", *arguments])


def report(*arguments: str) -> dict[str, Any]:
    done = simulate("--json", "--learners", "60", *arguments)
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def rules(tmp_path: Path, text: str) -> str:
    path = tmp_path / "rules.yaml"
    path.write_text(text, "utf-8")
    return str(path)


def test_the_shipped_bank_is_simulated_and_said_to_be_a_guess() -> None:
    found = report()
    notes = " ".join(found["notes"])
    assert "are not calibrated: their level stands for difficulty" in notes
    assert "probability 0.67" in notes
    own = found["adaptive"]
    assert found["rules"]["minimum"] <= own["length"] <= found["rules"]["maximum"]
    assert 0.4 < own["accuracy"] < 1
    assert own["exposure"]["max"] < 0.25 + 3.5 * (0.25 * 0.75 / 60) ** 0.5  # before 40 learners chance is left alone
    assert sum(own["endings"].values()) == 60
    assert {*found["fixed"]} == {"central", "spread"}
    assert "0" not in found["pool"]["domains"]  # the entry module is no part of a placement


def test_the_same_seed_gives_the_same_numbers() -> None:
    first, again, other = (report("--imagined", "160", "--seed", seed) for seed in ("5", "5", "6"))
    assert first == again
    assert first["adaptive"] != other["adaptive"]


def test_the_table_says_the_same_in_words() -> None:
    done = simulate("--imagined", "160", "--learners", "60")
    assert done.exit_code == 0
    for word in ("No item is real", "Right band", "Exposure", "first 8", "Fixed form of", "band 1"):
        assert word in done.output


def test_rules_of_a_file_are_kept(tmp_path: Path) -> None:
    text = "minimum: 4\nmaximum: 6\nexposure_cap: 0.5\ncuts: [0.0]\ndomain_shares: {'2': 0.5, '4': 0.5}\n"
    found = report(rules(tmp_path, text))
    assert (found["rules"]["maximum"], found["rules"]["cuts"]) == (6, [0.0])
    assert 4 <= found["adaptive"]["length"] <= 6
    assert [one["who"] for one in found["adaptive"]["by"]][:2] == ["band 0", "band 1"]


def test_calibrated_items_replace_the_guess(tmp_path: Path) -> None:
    path = tmp_path / "estimates.yaml"
    path.write_text(
        "date: '2026-11-22'\nitems:\n"
        "  cuoc-goi-xin-ma-otp: {slope: 1.4, difficulty: -0.7, se: 0.1}\n"
        "  dat-lai-mat-khau-quen: {slope: 1.1, intercepts: [0.4]}\n",
        "utf-8",
    )
    notes = " ".join(report("--calibration", str(path))["notes"])
    assert f"2 items with the estimates of {path}" in notes


def test_groups_are_told_apart() -> None:
    found = report("--imagined", "160", "--group", "elderly:40:-1.5:0.5", "--group", "pupils:30:0.8:0.5")
    rows = {one["who"]: one for one in found["adaptive"]["by"]}
    assert (rows["elderly"]["learners"], rows["pupils"]["learners"]) == (40, 30)
    assert rows["elderly"]["success"] < rows["pupils"]["success"]


def test_pictures_are_written(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    folder = tmp_path / "pictures"
    done = simulate("--imagined", "160", "--learners", "60", "--pictures", str(folder))
    assert done.exit_code == 0, done.output
    names = {"lengths.svg", "exposure.svg", "success.svg", "accuracy.svg"}
    assert {path.name for path in folder.iterdir()} == names
    assert all("<svg" in path.read_text("utf-8") for path in folder.iterdir())


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("maximum: 60\n", SetupError, "add items, shorten the test or raise the cap"),
        ("certainty: 0.4\n", SetupError, "certainty 0.4, expected above 0.5"),
        ("enemies: [[khong-co-cau-nay, cuoc-goi-xin-ma-otp]]\n", SetupError, "enemies: found khong-co-cau-nay"),
        ("exposure_cap: 1.5\n", BankError, "rules.yaml:1"),
        ("minimun: 4\n", BankError, "rules.yaml:1"),
    ],
)
def test_rules_that_cannot_be_are_refused_with_reason(
    tmp_path: Path, text: str, error: type[Exception], said: str
) -> None:
    done = simulate(rules(tmp_path, text))
    assert done.exit_code == 1
    assert isinstance(done.exception, error)
    assert said in str(done.exception)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--group", "elderly:40"), "expected name:count:mean:sd"),
        (("--group", "elderly:0:0:1"), "1 to 100000 learners"),
        (("--imagined", "160", "--content", "."), "imagined bank has none of these"),
    ],
)
def test_wrong_arguments_are_refused_with_what_was_found(arguments: tuple[str, ...], said: str) -> None:
    done = simulate(*arguments)
    assert done.exit_code == 2
    assert said in done.output


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = simulate("--calibration", str(tmp_path / "none.yaml"))
    assert done.exit_code == 1
    assert "none.yaml" in str(done.exception)
