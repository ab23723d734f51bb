"""Rules are read as all files are: with the line of what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from bdhvs.bank.adaptive_files import read_rules, rules_given
from bdhvs.errors import BankError


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "file.yaml"
    path.write_text(text, "utf-8")
    return path


def test_only_what_the_author_wrote_is_given(tmp_path: Path) -> None:
    rules = read_rules(written(tmp_path, "maximum: 12\ncuts: [-1, 0.5]\nenemies: [[a, b]]\nsimulators: [c]\n"))
    assert rules_given(rules) == {"maximum": 12, "cuts": (-1, 0.5)}
    assert (rules.enemies, rules.simulators) == ((("a", "b"),), ("c",))


@pytest.mark.parametrize(
    ("text", "line"), [("maximum: 12\ncertainty: 1.2\n", 2), ("minimum: 3\nlongest: 9\n", 2), ("cuts: low\n", 1)]
)
def test_wrong_rules_name_their_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(BankError, match=rf"file\.yaml:{line}: "):
        read_rules(written(tmp_path, text))
