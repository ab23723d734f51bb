from __future__ import annotations

import dataclasses
from types import MappingProxyType
from typing import Any

import pytest

from bdhvs.bank.checks import RULES, coverage, run_checks, simulations
from bdhvs.bank.checks.texts import plain, sentences, syllables, texts_of
from bdhvs.bank.loader import Bank
from bdhvs.core.items.base import Text
from bdhvs.core.items.single_choice import SingleChoice
from tests.bank.conftest import SmallBank, cases, spoil

CASES = cases("checks")


def rules(*wanted: str) -> list[Any]:
    return [one for one in RULES if one.id in wanted]


def test_the_good_bank_gets_no_advice(small_bank: SmallBank) -> None:
    assert run_checks(small_bank.read()[0]) == []


@pytest.mark.parametrize("case", CASES)
def test_a_rule_speaks_on_the_line_or_is_silent(small_bank: SmallBank, case: dict[str, Any]) -> None:
    name = spoil(small_bank, case)
    bank, problems = small_bank.read()
    assert problems == ()
    found = [one for one in run_checks(bank) if one.rule == case["rule"]]
    if case.get("silent"):
        assert found == []
    else:
        assert all(one.path.endswith(name) for one in found)
        assert any(case["says"] in one.message and one.line == case["line"] for one in found), found


def test_every_rule_has_a_case_or_a_test_of_the_whole_bank() -> None:
    with_case = {one.values[0]["rule"] for one in CASES}
    whole_bank = {one.id for one in RULES if one.in_bank}
    of_simulations = {one.id for one in simulations.RULES}  # each is tried in test_simulation_rules.py
    assert with_case | whole_bank | of_simulations == {one.id for one in RULES}


def test_every_rule_has_a_name_of_its_own_and_one_function() -> None:
    assert len({one.id for one in RULES}) == len(RULES)
    assert all((one.in_item is None) != (one.in_bank is None) for one in RULES)


def many(bank: Bank, count: int, change: Any) -> Bank:
    """A bank of `count` copies of the single-choice item, each changed by ``change(item, number)``."""
    item = bank.item("ma-otp")
    copies = [change(item.model_copy(update={"id": f"ma-{number}"}), number) for number in range(count)]
    documents = {one.id: bank.item_documents["ma-otp"] for one in copies}
    return dataclasses.replace(
        bank, items=MappingProxyType({one.id: one for one in copies}), item_documents=MappingProxyType(documents)
    )


def with_texts(item: SingleChoice, texts: list[str], key: int) -> SingleChoice:
    options = [
        one.model_copy(update={"text": Text(vi=text), "key": place == key})
        for place, (one, text) in enumerate(zip(item.options, texts, strict=True))
    ]
    return item.model_copy(update={"options": tuple(options)})


def test_a_key_that_is_mostly_the_longest_option_is_noticed(small_bank: SmallBank) -> None:
    bank = many(small_bank.read()[0], 12, lambda item, n: with_texts(item, ["một hai", "một", "ba"], 0))
    (problem,) = run_checks(bank, rules("longest_key_often"))
    assert "in 12 of 12 items, by chance about 4" in problem.message
    assert "ma-11" in problem.message


def test_a_key_that_is_the_longest_as_often_as_chance_has_it_is_fine(small_bank: SmallBank) -> None:
    def change(item: SingleChoice, number: int) -> SingleChoice:
        return with_texts(item, ["một hai", "một", "ba"], number % 3)

    assert run_checks(many(small_bank.read()[0], 12, change), rules("longest_key_often", "key_place")) == []


def test_a_key_that_is_always_in_the_same_place_is_noticed(small_bank: SmallBank) -> None:
    problems = run_checks(many(small_bank.read()[0], 12, lambda item, n: item), rules("key_place"))
    assert any("option no. 1 in 12 items" in one.message for one in problems)


def test_few_items_say_nothing_about_habits(small_bank: SmallBank) -> None:
    bank = many(small_bank.read()[0], 4, lambda item, n: with_texts(item, ["một hai", "một", "ba"], 0))
    assert run_checks(bank, rules("longest_key_often", "key_place")) == []


def test_two_stems_that_are_nearly_the_same_are_noticed_once(small_bank: SmallBank) -> None:
    def change(item: SingleChoice, number: int) -> SingleChoice:
        return item.model_copy(update={"stem": Text(vi=item.stem.vi + " Nghĩ kỹ nhé." * number)})

    (problem,) = run_checks(many(small_bank.read()[0], 2, change), rules("twins"))
    assert 'that of "ma-0"' in problem.message


def test_a_bank_of_long_sentences_is_noticed(small_bank: SmallBank) -> None:
    def change(item: SingleChoice, number: int) -> SingleChoice:
        long = Text(vi=" ".join(["chữ"] * 22))
        return item.model_copy(update={"stem": long, "hint": long, "explanation": long})

    (problem,) = run_checks(many(small_bank.read()[0], 2, change), rules("long_sentences_often"))
    assert "of all sentences have more than 20 syllables" in problem.message


def test_the_coverage_names_the_empty_cells(small_bank: SmallBank) -> None:
    found = coverage(small_bank.read()[0])
    assert found.counts["4.2", 2] == 1
    assert ("0.2", 0) not in found.empty
    assert ("0.1", 0) in found.empty
    assert ("4.2", 0) not in found.counts
    assert ("6.3", 6) in found.empty
    assert found.table().splitlines()[0].split() == ["0", "1", "2", "3", "4", "5", "6", "all"]
    assert found.table().splitlines()[-1].split()[-1] == "6"  # six tasks and a self-assessment


def test_every_text_of_an_item_is_known_with_its_part(small_bank: SmallBank) -> None:
    roles = [one.role for one in texts_of(small_bank.read()[0].item("ten-khoa"))]
    assert roles == ["stem", "alt", "hint", "explanation", "mistake", "feedback", "feedback", "feedback"]


def test_syllables_and_sentences_are_counted_as_they_are_read() -> None:
    assert syllables("Mở **ví điện tử**, trả 15.000 đồng.") == 7
    assert plain("> - một\n> - hai") == "một\nhai"
    assert len(sentences("Bác Ba hỏi. Ai gọi?\n\n- một\n- hai")) == 4


def test_the_shipped_bank_has_no_errors() -> None:
    assert [str(one) for one in run_checks(Bank.load()) if one.severity == "error"] == []
