"""Normalisation, bare letters and numbers. Cases of numbers: cases/numbers.yaml."""

import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bdhvs.core.vietnamese import TREATMENTS, compose, normalise, parse_number, without_diacritics
from bdhvs.core.vietnamese_syllables import Syllable, parse_syllable

NUMBERS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "numbers.yaml").read_text("utf-8")
)

any_text = st.text(st.characters(exclude_categories=()))
signs_that_meet = st.text(st.sampled_from("aàạâậăơờưuyiqghktđdĐÐ̛̣̀̂ .?!…\"'“”,\u00a0\u200b\u0130ẞΣ\n"))
some_treatments = st.lists(st.sampled_from(TREATMENTS), unique=True)


@pytest.mark.parametrize(
    "case", NUMBERS, ids=lambda case: f"{case.get('lang', 'vi')} {case['typed']!r}: {case['why']}"
)
def test_a_typed_number_is_read_as_people_mean_it(case: dict[str, Any]) -> None:
    value = None if case["value"] is None else Decimal(case["value"])
    assert parse_number(case["typed"], case.get("lang", "vi")) == value


def test_there_are_enough_number_cases_and_none_twice() -> None:
    typed = [(case["typed"], case.get("lang", "vi")) for case in NUMBERS]
    assert len(typed) >= 60
    assert len(set(typed)) == len(typed)


@given(st.integers(0, 10**15), st.integers(0, 99))
def test_a_number_written_the_vietnamese_way_is_read_back(whole: int, hundredths: int) -> None:
    written = f"{whole:,}".replace(",", ".") + f",{hundredths:02}"
    assert parse_number(written) == Decimal(f"{whole}.{hundredths:02}")


@given(st.integers(0, 10**15), st.integers(0, 99))
def test_a_number_written_the_english_way_is_read_back(whole: int, hundredths: int) -> None:
    assert parse_number(f"{whole:,}.{hundredths:02}", "en") == Decimal(f"{whole}.{hundredths:02}")


@given(any_text | st.text("0123456789., -+ktrđnghìn%²½"), st.sampled_from(("vi", "en")))
def test_reading_a_number_never_fails_and_never_gives_nan(text: str, lang: str) -> None:
    value = parse_number(text, lang)
    assert value is None or value.is_finite()


def test_a_number_is_not_rounded() -> None:
    assert parse_number("1" * 40) == Decimal("1" * 40)


@given(any_text | signs_that_meet, some_treatments)
def test_normalising_twice_is_normalising_once(text: str, treatments: list[str]) -> None:
    once = normalise(text, treatments)
    assert normalise(once, treatments) == once


@given(any_text | signs_that_meet)
def test_composing_twice_is_composing_once_and_gives_nfc(text: str) -> None:
    once = compose(text)
    assert compose(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(any_text | signs_that_meet)
def test_decomposed_text_normalises_like_composed_text(text: str) -> None:
    assert normalise(unicodedata.normalize("NFD", text)) == normalise(unicodedata.normalize("NFC", text))


@given(any_text)
def test_the_order_in_which_treatments_are_named_does_not_matter(text: str) -> None:
    assert normalise(text, TREATMENTS[::-1]) == normalise(text)


def test_an_unknown_treatment_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"unknown treatments \['tones'\].*tone_place"):
        normalise("má", ["compose", "tones"])


def test_no_treatment_leaves_the_text_alone() -> None:
    assert normalise(" Hòa  quí. ", ()) == " Hòa  quí. "


def test_marks_are_never_dropped() -> None:
    assert len({normalise(word) for word in ("ma", "má", "mà", "mả", "mã", "mạ", "mâ", "mă")}) == 8


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà", "hòa"),
        ("toàn", "tòan"),
        ("quý", "qúy"),
        ("giá", "gía"),
        ("của", "cuả"),
        ("ký", "kí"),
        ("quy", "qui"),
        ("QUỲNH", "quình"),
        ("\u0110", "\u00d0"),
    ],
)
def test_two_spellings_of_one_word_become_one(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tay", "tai"),
        ("thúy", "thúi"),
        ("túy", "túi"),
        ("ý", "í"),
        ("y tế", "i tế"),
        ("vy", "vi"),
        ("thy", "thi"),
        ("kính", "kýnh"),
        ("đa", "da"),
        ("3.5", "35"),
        ("café", "cáfe"),
    ],
)
def test_two_words_stay_two(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Mật khẩu", "Mat khau"),
        ("đường ĐI", "duong DI"),
        ("\u00d0à Nẵng", "Da Nang"),
        ("naïve", "naive"),
        ("한글", "한글"),
        ("", ""),
    ],
)
def test_bare_letters_have_no_marks(text: str, bare: str) -> None:
    assert without_diacritics(text) == bare


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("nghiêng", ("ngh", "iê", "ng", "")),
        ("già", ("gi", "a", "", "\u0300")),
        ("gì", ("g", "i", "", "\u0300")),
        ("quốc", ("qu", "ô", "c", "\u0301")),
        ("uống", ("", "uô", "ng", "\u0301")),
        ("khuỷu", ("kh", "uyu", "", "\u0309")),
        ("Đắk", ("Đ", "ă", "k", "\u0301")),
    ],
)
def test_a_syllable_is_taken_apart(word: str, parts: tuple[str, str, str, str]) -> None:
    assert parse_syllable(word) == Syllable(*parts)


@pytest.mark.parametrize("word", ["", "đ", "café", "taxi", "mậtkhẩu", "má́", "wifi", "quu", "aeiou"])
def test_what_is_no_syllable_is_not_taken_apart(word: str) -> None:
    assert parse_syllable(word) is None
