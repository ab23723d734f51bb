"""A small bank in a folder of its own, and a way to spoil one file of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from bdhvs.bank.loader import Bank, read_bank
from bdhvs.bank.paths import Content, find_content
from bdhvs.errors import Problem

HERE = Path(__file__).parent


@dataclass(frozen=True)
class SmallBank:
    """The good files of tests/bank/good, copied to where a bank keeps them."""

    content: Content

    def path(self, name: str) -> Path:
        """The file called `name`, wherever it lies."""
        return next(self.content.assessments.rglob(name))

    def change(self, name: str, old: str, new: str) -> None:
        """Replace the first `old` in a file; it must be there."""
        path = self.path(name)
        text = path.read_text(encoding="utf-8")
        assert old in text, f"the good file {name} has no {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def read(self) -> tuple[Bank, tuple[Problem, ...]]:
        return read_bank(self.content)


@pytest.fixture
def small_bank(tmp_path: Path) -> SmallBank:
    """Seven items of seven kinds, a form of some of them, two pictures."""
    for path in sorted((HERE / "good").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        data = yaml.safe_load(text)
        folder = Path("items") / data["competence"] if "competence" in data else Path("forms")
        target = tmp_path / "assessments" / folder / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    media = tmp_path / "assessments" / "media"
    media.mkdir()
    (media / "o-khoa.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    (media / "la-thu.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 300 200'/>", encoding="utf-8")
    return SmallBank(find_content(tmp_path))


def cases(name: str) -> list[Any]:
    """The cases of a file in tests/bank/cases, each named by its title."""
    found = yaml.safe_load((HERE / "cases" / f"{name}.yaml").read_text(encoding="utf-8"))
    return [pytest.param(one, id=one["title"]) for one in found]


def spoil(bank: SmallBank, case: dict[str, Any]) -> str:
    """Make the change a case describes; gives the name of the changed file."""
    name = str(case.get("file", "ma-otp.yaml"))
    for change in case.get("changes", [case.get("change")]):
        bank.change(name, change["from"], change["to"])
    return name
