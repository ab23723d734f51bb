from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bdhvs.bank.checks import RULES
from bdhvs.commands.check import check
from bdhvs.commands.schema import schema
from tests.bank.conftest import SmallBank


def run(bank: SmallBank, *arguments: Any) -> Result:
    home = bank.content.assessments.parent
    return CliRunner().invoke(check, [str(home), *map(str, arguments)])


def test_a_good_bank_is_told_so(small_bank: SmallBank) -> None:
    result = run(small_bank)
    assert result.exit_code == 0
    assert result.output.endswith("7 items, 1 form; 0 errors, 0 pieces of advice.\n")
    assert "cells are empty" in result.output


def test_errors_are_grouped_by_file_and_end_in_code_1(small_bank: SmallBank) -> None:
    small_bank.change("ma-otp.yaml", "level: 2", "level: two")
    small_bank.change("ma-otp.yaml", "context: home", "context: hme")
    result = run(small_bank)
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0] == "assessments/items/4.2/ma-otp.yaml"
    assert lines[1].startswith('     5 error: level: found "two"')
    assert lines[2].startswith('     9 error: context: found "hme"')
    assert "6 items, 0 forms; 2 errors" in lines[-1]


def test_advice_is_an_error_only_when_strict(small_bank: SmallBank) -> None:
    small_bank.change("ma-otp.yaml", "Đọc mã rồi đổi mật khẩu ngay", "Đọc mã rồi đổi password ngay")
    assert run(small_bank).exit_code == 0
    assert "23 advice: found" in run(small_bank).output
    assert run(small_bank, "--strict").exit_code == 1


def test_json_has_stable_fields(small_bank: SmallBank) -> None:
    small_bank.change("ma-otp.yaml", "context: home", "context: hme")
    report = json.loads(run(small_bank, "--json").stdout)
    fields = ["v", "bank", "items", "forms", "exercises", "errors", "warnings", "problems", "coverage"]
    assert list(report) == fields
    assert (report["v"], report["items"], report["errors"]) == (1, 6, 1)
    assert list(report["problems"][0]) == ["path", "line", "severity", "rule", "message"]
    assert {"competence": "5.2", "level": 3, "items": 1} in report["coverage"]


def test_one_file_can_be_checked_alone(small_bank: SmallBank) -> None:
    small_bank.change("ma-otp.yaml", "context: home", "context: hme")
    for name, code in (("ma-otp.yaml", 1), ("tien-cho.yaml", 0)):
        result = CliRunner().invoke(check, [str(small_bank.path(name))])
        assert result.exit_code == code
    assert CliRunner().invoke(check, [str(small_bank.content.items / "4.2")]).exit_code == 1
    assert CliRunner().invoke(check, [str(small_bank.content.items / "5.2")]).exit_code == 0


def test_a_broken_framework_is_reported_like_any_file(small_bank: SmallBank) -> None:
    folder = small_bank.content.assessments / "framework"
    folder.mkdir()
    result = run(small_bank)
    assert result.exit_code == 1
    assert "no bank could be read" in result.output


def test_the_rules_can_be_listed() -> None:
    result = CliRunner().invoke(check, ["--rules"])
    assert [line.split()[0] for line in result.output.splitlines()] == [one.id for one in RULES]


def test_a_schema_is_shown_or_written(small_bank: SmallBank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(small_bank.content.assessments.parent)
    assert json.loads(CliRunner().invoke(schema, ["form"]).output)["required"]
    assert CliRunner().invoke(schema, ["--write"]).output.count("written") == 3
    assert "up to date" in CliRunner().invoke(schema, ["--write"]).output


def test_every_rule_and_the_commands_are_in_the_authors_guide() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "author.md").read_text(encoding="utf-8")
    assert [one.id for one in RULES if f"`{one.id}`" not in guide] == []
    assert "bdhvs check" in guide
    assert "bdhvs schema --write" in guide
