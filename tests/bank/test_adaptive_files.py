"""Rules and calibrated items are read as all files are: with the line of what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from bdhvs.bank.adaptive_files import read_calibration, read_rules, rules_given
from bdhvs.errors import BankError


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "file.yaml"
    path.write_text(text, "utf-8")
    return path


def test_only_what_the_author_wrote_is_given(tmp_path: Path) -> None:
    rules = read_rules(written(tmp_path, "maximum: 12\ncuts: [-1, 0.5]\nenemies: [[a, b]]\nsimulators: [c]\n"))
    assert rules_given(rules) == {"maximum": 12, "cuts": (-1, 0.5)}
    assert (rules.enemies, rules.simulators) == ((("a", "b"),), ("c",))


def test_a_difficulty_is_an_intercept_of_the_slope(tmp_path: Path) -> None:
    text = "program: any\nitems:\n  a: {slope: 2.0, difficulty: -0.5, se: 0.1}\n  b: {intercepts: [0.3, -1.0]}\n  c: {slope: 1.5}\n"
    items = read_calibration(written(tmp_path, text)).items
    assert [items[name].steps for name in "abc"] == [(1.0,), (0.3, -1.0), ()]


@pytest.mark.parametrize(
    ("text", "line"), [("maximum: 12\ncertainty: 1.2\n", 2), ("minimum: 3\nlongest: 9\n", 2), ("cuts: low\n", 1)]
)
def test_wrong_rules_name_their_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(BankError, match=rf"file\.yaml:{line}: "):
        read_rules(written(tmp_path, text))


def test_an_empty_calibration_and_a_slope_below_0_are_refused(tmp_path: Path) -> None:
    for text in ("items: {}\n", "items:\n  a: {slope: -1.0, difficulty: 0.0}\n"):
        with pytest.raises(BankError):
            read_calibration(written(tmp_path, text))
