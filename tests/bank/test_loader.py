from __future__ import annotations

import shutil
from typing import Any

import pytest

from bdhvs.bank.digests import digest
from bdhvs.bank.loader import Bank, load_items
from bdhvs.errors import BankError, NotFound
from tests.bank.conftest import SmallBank, cases, spoil


def test_the_good_bank_has_no_problems(small_bank: SmallBank) -> None:
    bank, problems = small_bank.read()
    assert problems == ()
    assert sorted(bank.items) == ["cac-buoc", "cho-tren-hinh", "ma-otp", "ten-khoa", "tien-cho", "tu-thay", "xep-nhom"]
    assert bank.form("bai-tap").items == ("cac-buoc", "ma-otp", "ten-khoa", "tien-cho")


@pytest.mark.parametrize("case", cases("loader"))
def test_a_mistake_is_named_with_its_line(small_bank: SmallBank, case: dict[str, Any]) -> None:
    name = spoil(small_bank, case)
    _, problems = small_bank.read()
    found = [one for one in problems if one.path.endswith(f"/{name}")]
    assert any(case["says"] in one.message and one.line == case["line"] for one in found), problems


@pytest.mark.parametrize("case", cases("loader"))
def test_no_message_speaks_of_the_validator(small_bank: SmallBank, case: dict[str, Any]) -> None:
    spoil(small_bank, case)
    _, problems = small_bank.read()
    text = "\n".join(str(one) for one in problems).lower()
    assert not any(word in text for word in ("pydantic", "input", "http", "tuple", "valid ", "str_"))


def test_a_misspelt_field_is_one_problem_not_two(small_bank: SmallBank) -> None:
    small_bank.change("ma-otp.yaml", "level_reason:", "level_raeson:")
    _, problems = small_bank.read()
    assert len(problems) == 1


def test_all_mistakes_of_all_files_come_at_once(small_bank: SmallBank) -> None:
    small_bank.change("ma-otp.yaml", "context: home", "context: no")
    small_bank.change("ma-otp.yaml", "key: true", "kye: true")
    small_bank.change("tien-cho.yaml", "level: 3", "level: three")
    small_bank.change("bai-tap.yaml", "mode: practice", "mode: play")
    with pytest.raises(BankError) as refused:
        load_items(small_bank.content)
    assert [one.line for one in refused.value.problems] == [5, 9, 21, 5]
    assert str(refused.value).count("\n") == 3


def test_a_broken_item_does_not_break_the_forms_that_use_it_twice_over(small_bank: SmallBank) -> None:
    small_bank.change("ma-otp.yaml", "level: 2", "level: two")
    bank, problems = small_bank.read()
    assert {one.path for one in problems} == {"assessments/items/4.2/ma-otp.yaml"}
    assert "bai-tap" not in bank.forms


def test_one_id_in_two_files_is_refused(small_bank: SmallBank) -> None:
    items = small_bank.content.items
    (items / "4.4").mkdir()
    shutil.copy(items / "4.2" / "ma-otp.yaml", items / "4.4" / "ma-otp.yaml")
    _, problems = small_bank.read()
    duplicate = next(one for one in problems if one.rule == "duplicate_id")
    assert duplicate.path == "assessments/items/4.4/ma-otp.yaml"
    assert "already that of assessments/items/4.2/ma-otp.yaml" in duplicate.message


def test_the_ending_yml_is_not_passed_over_in_silence(small_bank: SmallBank) -> None:
    small_bank.path("ma-otp.yaml").rename(small_bank.path("ma-otp.yaml").with_suffix(".yml"))
    _, problems = small_bank.read()
    assert any("rename the file" in one.message for one in problems)


def test_what_is_not_there_is_not_found(small_bank: SmallBank) -> None:
    bank, _ = small_bank.read()
    with pytest.raises(NotFound):
        bank.item("nothing")
    with pytest.raises(NotFound):
        bank.form("nothing")


def test_the_version_follows_the_content_and_nothing_else(small_bank: SmallBank) -> None:
    before = small_bank.read()[0].version
    assert small_bank.read()[0].version == before
    small_bank.change("ma-otp.yaml", "context: home", "context: 'home'   # quoted now")
    assert small_bank.read()[0].version == before
    small_bank.path("o-khoa.svg").write_text("<svg/>", encoding="utf-8")
    with_new_picture = small_bank.read()[0].version
    assert with_new_picture != before
    small_bank.change("ma-otp.yaml", "context: 'home'", "context: clinic")
    assert small_bank.read()[0].version not in (before, with_new_picture)


def test_the_digest_of_an_item_follows_its_content(small_bank: SmallBank) -> None:
    item = small_bank.read()[0].item("ma-otp")
    assert digest(item) == digest(item.model_copy())
    assert digest(item) != digest(item.model_copy(update={"version": 2}))


def test_the_bank_cannot_be_changed(small_bank: SmallBank) -> None:
    bank, _ = small_bank.read()
    with pytest.raises(TypeError):
        bank.items["x"] = bank.item("ma-otp")  # type: ignore[index]
    with pytest.raises(AttributeError):
        bank.items = {}  # type: ignore[misc]


def test_all_shipped_items_and_forms_load() -> None:
    bank = Bank.load()
    assert len(bank.items) >= 85
    assert bank.forms
