"""An item that is being written: read as ``bdhvs check`` reads it, and saved where it belongs."""

from __future__ import annotations

from pathlib import Path

import pytest

from bdhvs.bank.checks import run_checks
from bdhvs.bank.drafts import own_bank, read_draft, save_draft
from bdhvs.bank.loader import Bank, load_items, read_bank
from bdhvs.errors import SetupError

GOOD = (Path(__file__).parents[2] / "assessments" / "items" / "4.2" / "cuoc-goi-xin-ma-otp.yaml").read_text("utf-8")


@pytest.fixture
def empty(tmp_path: Path) -> Bank:
    return own_bank(tmp_path / "mine")


def test_a_good_text_is_an_item_with_a_place(empty: Bank) -> None:
    draft = read_draft(GOOD, empty)
    assert draft.item is not None
    assert draft.item.id == "cuoc-goi-xin-ma-otp"
    assert draft.path == "assessments/items/4.2/cuoc-goi-xin-ma-otp.yaml"
    assert draft.problems == ()


def test_every_error_has_its_line_and_a_near_word(empty: Bank) -> None:
    draft = read_draft(GOOD.replace("hint:", "hnt:").replace("level: 2", 'level: "2"'), empty)
    assert draft.item is None
    assert draft.path is None
    found = {problem.line: problem.message for problem in draft.problems}
    assert "whole number" in found[5]
    assert any('Did you mean "hint"' in message for message in found.values())


def test_advice_is_what_check_says_of_the_saved_file(tmp_path: Path) -> None:
    bank = own_bank(tmp_path)
    without_hint = GOOD.split("hint:")[0] + "explanation:" + GOOD.split("explanation:")[1]
    draft = read_draft(without_hint.replace("Đọc mã, vì", "Luôn luôn đọc mã, vì"), bank)
    assert draft.item is not None
    assert {"missing_hint", "absolute_words"} <= {problem.rule for problem in draft.problems}
    save_draft(draft, bank)
    whole, errors = read_bank(bank.content)
    assert not errors
    rules = {problem.rule for problem in run_checks(whole) if problem.path == draft.path}
    assert {problem.rule for problem in draft.problems} == rules


def test_a_twin_of_another_item_is_noticed_and_an_earlier_wording_is_none(tmp_path: Path) -> None:
    bank = own_bank(tmp_path)
    save_draft(read_draft(GOOD, bank), bank)
    bank = own_bank(tmp_path)
    assert read_draft(GOOD, bank).problems == ()
    other = read_draft(GOOD.replace("id: cuoc-goi-xin-ma-otp", "id: a-khac"), bank)
    assert "twins" in {problem.rule for problem in other.problems}


@pytest.mark.parametrize("text", ["", "x", "- a", "id: [", "id: ../../x\ncompetence: ../..", "a: &b 1\nc: *b", "\x00", "id: 1"])
def test_no_text_makes_it_raise_or_leave_the_folder(text: str, empty: Bank) -> None:
    draft = read_draft(text, empty)
    assert draft.item is None
    assert draft.problems
    with pytest.raises(SetupError):
        save_draft(draft, empty)


def test_what_is_saved_can_be_loaded_and_is_the_same_text(tmp_path: Path) -> None:
    bank = own_bank(tmp_path)
    path = save_draft(read_draft(GOOD + "\n\n", bank), bank)
    assert path.read_text("utf-8") == GOOD
    assert "cuoc-goi-xin-ma-otp" in load_items(tmp_path).items
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_folder_that_takes_no_files_is_said(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("")
    bank = own_bank(tmp_path / "mine")
    with pytest.raises(SetupError, match="choose another folder") as refused:
        save_draft(read_draft(GOOD, bank), bank)
    assert refused.value.code == "cannot_write"
