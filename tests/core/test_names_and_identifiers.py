"""Names as people type them; class codes that can be read aloud; ids that sort by time."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdhvs.core.identifiers import CODE_ALPHABET, class_code, is_uuid7, read_code, uuid7
from bdhvs.core.names import MAX_NAME_CHARS, NameRefused, clean_name, told_apart


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Bác   Lan ", "Bác Lan"),
        (unicodedata.normalize("NFD", "Nguyễn Thị Hòa"), "Nguyễn Thị Hòa"),
        ("Tí 😀", "Tí 😀"),
        ("Gia đình 👩\u200d👩\u200d👧", "Gia đình 👩\u200d👩\u200d👧"),
        ("Lan\u202egnúđ\u202c", "Langnúđ"),
        ("Lan\x00\x07", "Lan"),
        ("<b>Lan</b>", "<b>Lan</b>"),  # kept as typed: pages escape it
        ("=1+1", "=1+1"),
    ],
)
def test_a_name_is_cleaned_of_what_nobody_sees(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "name_empty"),
        ("\u200b \u202e", "name_empty"),
        ("a" * 41, "name_too_long"),
        ("a" * 3_000_000, "name_too_long"),
    ],
)
def test_a_name_that_is_none_is_refused_with_a_reason(typed: str, code: str) -> None:
    with pytest.raises(NameRefused) as refused:
        clean_name(typed)
    assert refused.value.code == code


@given(st.text(max_size=120))
def test_cleaning_twice_is_cleaning_once(typed: str) -> None:
    try:
        name = clean_name(typed)
    except NameRefused:
        return
    assert clean_name(name) == name
    assert len(name) <= MAX_NAME_CHARS
    assert unicodedata.is_normalized("NFC", name)


def test_learners_with_one_name_are_told_apart_by_arrival() -> None:
    assert told_apart(["Lan", "Hoa", "lan", "Lan"]) == ["Lan", "Hoa", "lan (2)", "Lan (3)"]


def test_a_class_code_survives_being_typed_by_people() -> None:
    code = class_code(lambda letters: letters[0])
    assert set(code) <= set(CODE_ALPHABET)
    assert read_code(f" {code[:3].lower()}-{code[3:]} ") == code


@pytest.mark.parametrize("typed", ["", "ABC", "O0I1LS", "BBBBBBB", "B" * 3_000_000, "BBBBB\u0000", "ＢＢＢＢＢＢ"])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


def test_codes_have_no_look_alikes() -> None:
    assert not set("0OQDILSUZAEN15") & set(CODE_ALPHABET) - {"D", "Q"}


@given(st.integers(0, 2**48 * 1000 - 1), st.binary(min_size=10, max_size=10))
def test_ids_are_uuids_of_version_7_that_sort_by_time(now_us: int, chance: bytes) -> None:
    made = uuid7(now_us, chance)
    assert is_uuid7(made)
    assert made < uuid7(now_us + 1000, chance) or now_us // 1000 == 2**48 - 1
