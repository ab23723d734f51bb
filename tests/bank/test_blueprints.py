"""Blueprints, enemies and lessons' forms as files: mistakes named with their lines, and rules of the linter that speak."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bdhvs.bank.checks import run_checks
from bdhvs.bank.schema import schemas
from bdhvs.commands.forms import forms
from tests.bank.conftest import SmallBank

BLUEPRINT = """id: do
version: 1
forms: [bai-tap]
items: 2
pool:
  audiences: [adults]
shares:
  "4": 1.0
minutes: 20
seed: 1
author: Nhóm thử
licence: CC-BY-4.0
date: "2026-11-22"
"""


def with_blueprint(small_bank: SmallBank, old: str = "", new: str = "") -> list[str]:
    """The bank's problems, after a blueprint with one thing changed was put into it."""
    folder = small_bank.content.assessments / "blueprints"
    folder.mkdir(exist_ok=True)
    assert old in BLUEPRINT
    (folder / "do.yaml").write_text(BLUEPRINT.replace(old, new, 1) if old else BLUEPRINT, encoding="utf-8")
    return [f"{one.line}: {one.message}" for one in small_bank.read()[1]]


def found_by(small_bank: SmallBank, rule: str) -> list[str]:
    bank, problems = small_bank.read()
    assert problems == ()
    return [f"{Path(one.path).name}:{one.line} {one.message}" for one in run_checks(bank) if one.rule == rule]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("id: do", "id: do-khac", 'found id "do-khac" in a file called do.yaml'),
        ("[bai-tap]", "[bai-tapp]", '3: fixed form "bai-tapp" does not exist. Did you mean "bai-tap"?'),
        ("[adults]", "[adult]", 'audience "adult" does not exist. Did you mean "adults"?'),
        ('"4": 1.0', '"4": 0.5', "found shares that add up to 0.5, expected 1"),
        ('"4": 1.0', '"9": 1.0', '7: domain "9" does not exist'),
        ("minutes: 20", "without: [unit_practise]\nminutes: 20", "unit_practise"),
        ("minutes: 20", "simulators: {at_least: 3}\nminutes: 20", "found at least 3 simulators in a form of 2 items"),
        ("minutes: 20", "kinds_at_most: {singel_choice: 1}\nminutes: 20", 'Did you mean "single_choice"?'),
        ("2026-11-22", "2026-02-30", 'there is no day "2026-02-30"'),
    ],
)
def test_a_mistake_is_named_with_its_line(small_bank: SmallBank, old: str, new: str, says: str) -> None:
    found = with_blueprint(small_bank, old, new)
    assert any(says in one for one in found), found


def test_two_blueprints_do_not_draw_one_form(small_bank: SmallBank) -> None:
    with_blueprint(small_bank)
    again = small_bank.content.assessments / "blueprints" / "do-nua.yaml"
    again.write_text(BLUEPRINT.replace("id: do", "id: do-nua"), encoding="utf-8")
    assert any(
        '"bai-tap" is drawn by the blueprint "do-nua" already' in one.message or '"do" already' in one.message
        for one in small_bank.read()[1]
    )


def test_a_form_that_does_not_keep_its_blueprint_is_an_error_that_names_the_cell(small_bank: SmallBank) -> None:
    assert with_blueprint(small_bank) == []
    found = found_by(small_bank, "blueprint")
    assert any(
        "the whole form: found 4 items, expected 2" in one and one.startswith("bai-tap.yaml:6") for one in found
    ), found
    assert any("bdhvs forms do --draw --write" in one for one in found)


def test_enemies_are_kept_out_of_a_form_and_must_exist(small_bank: SmallBank) -> None:
    path = small_bank.content.assessments / "quality" / "alike.yaml"
    path.parent.mkdir()
    head = "what: alike\nformat: 1\nlook_from: 0.25\nenemies:\n"
    items = small_bank.read()[0].form("bai-tap").items
    path.write_text(
        head + f"  - items: [{items[0]}, {items[1]}]\n    why: The one tells the other.\n", encoding="utf-8"
    )
    (found,) = found_by(small_bank, "enemies")
    assert f"{items[0]} and {items[1]}" in found or f"{items[1]} and {items[0]}" in found
    path.write_text(head + "  - items: [ma-otp, ma-otpp]\n    why: Wrong.\n", encoding="utf-8")
    (problem,) = small_bank.read()[1]
    assert (problem.line, problem.path) == (5, "assessments/quality/alike.yaml")
    assert 'Did you mean "ma-otp"?' in problem.message


def test_a_check_reuses_nothing_that_its_lesson_practises(small_bank: SmallBank) -> None:
    folder = small_bank.content.forms
    practice = (folder / "bai-tap.yaml").read_text(encoding="utf-8")
    item = small_bank.read()[0].form("bai-tap").items[1]
    check = practice.replace("id: bai-tap", "id: cuoi-bai").replace("mode: practice", "mode: assessment")
    (folder / "cuoi-bai.yaml").write_text(check, encoding="utf-8")
    lessons = small_bank.content.notebooks / "hoc-vien"
    lessons.mkdir(parents=True)
    cells = [
        {"cell_type": "code", "source": ["import bdhvs\n", f'bdhvs.quiz("{one}", lang="vi")']}
        for one in ("bai-tap", "cuoi-bai")
    ]
    (lessons / "bai-mot.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    (lessons / "hong.ipynb").write_text("{", encoding="utf-8")
    assert small_bank.read()[0].units == {"bai-mot": ("bai-tap", "cuoi-bai")}
    assert any(
        f'"{item}" is practised in "bai-tap" of the same lesson (bai-mot)' in one
        for one in found_by(small_bank, "practised")
    )


def test_a_form_for_before_and_after_keeps_to_itself(small_bank: SmallBank) -> None:
    folder = small_bank.content.forms
    practice = (folder / "bai-tap.yaml").read_text(encoding="utf-8")
    measure = practice.replace("id: bai-tap", "id: do-hai-lan").replace("mode: practice", "mode: assessment")
    measure += "purpose: before_after\nlisted: false\nreview: false\n"
    (folder / "do-hai-lan.yaml").write_text(measure, encoding="utf-8")
    items = small_bank.read()[0].form("bai-tap").items
    assert [f'item "{item}" of a form for before and after is explained in "bai-tap"' for item in items] == [
        one.split(" ", 1)[1].split(";")[0] for one in found_by(small_bank, "measured")
    ]
    assert with_blueprint(small_bank, "[bai-tap]", "[do-hai-lan]\nwithout: [explained]") == []
    assert any(f'item "{items[0]}" is not among those' in one for one in found_by(small_bank, "blueprint"))


def test_a_draw_is_written_as_the_next_version_and_twice_changes_nothing(small_bank: SmallBank) -> None:
    pytest.importorskip("numpy")
    pytest.importorskip("scipy")
    with_blueprint(small_bank, 'shares:\n  "4": 1.0\n', "")
    home = str(small_bank.content.assessments.parent)
    path = small_bank.path("bai-tap.yaml")
    before = small_bank.read()[0].form("bai-tap")
    asked = ["do", "--draw", "--seed", "5", "--write", "--content", home]
    first = CliRunner().invoke(forms, asked)
    assert first.exit_code == 0, first.output
    after, text = small_bank.read()[0].form("bai-tap"), path.read_text(encoding="utf-8")
    assert (after.version, len(after.items)) == (before.version + 1, 2)
    assert (
        after.model_copy(update={"items": before.items, "version": before.version, "minutes": before.minutes}) == before
    )
    assert small_bank.read()[0].blueprints["do"].seed == 5
    assert found_by(small_bank, "blueprint") == []
    again = CliRunner().invoke(forms, asked)
    assert "written" not in again.output
    assert path.read_text(encoding="utf-8") == text
    listed = CliRunner().invoke(forms, ["--content", home])
    assert "no form waits" in listed.output
    assert "blueprint.schema.json" in schemas()
