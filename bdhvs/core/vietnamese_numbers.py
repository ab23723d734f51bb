"""Numbers as people in Vietnam type them: `1.234,5`, `200 nghìn`, `1tr5`, `50.000đ`.

In Vietnamese the comma is the decimal sign and the point groups thousands; in
English the other way round. People mix the two, because phones and calculators
follow English. So a sign is taken by its usual role, except where that role is
impossible or nobody writes it so:

* `1.5` cannot be a group of thousands, so it is one and a half;
* `1,234,567` has two commas, so they are groups; `1,234.5` likewise;
* `150,000` ends in three noughts: nobody writes a fraction of noughts by hand,
  a bank's screen writes thousands so. `1,250` stays 1.25, the usual role.
"""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal, localcontext
from typing import Final

from bdhvs.core.vietnamese_letters import compose

_POWER: Final = {
    **dict.fromkeys(("trăm", "tram", "hundred"), 2),
    **dict.fromkeys(("nghìn", "ngàn", "nghin", "ngan", "k", "thousand"), 3),
    **dict.fromkeys(("vạn", "van"), 4),
    **dict.fromkeys(("triệu", "trieu", "tr", "million"), 6),
    **dict.fromkeys(("tỷ", "tỉ", "ty", "ti", "billion"), 9),
}
"""Power of ten of each number word, also as typed without marks."""

_HALF: Final = frozenset(("rưỡi", "ruoi"))
_UNITS: Final = frozenset(("₫", "đ", "d", "đồng", "dong", "vnđ", "vnd", "%", "kb", "mb", "gb", "tb"))
_TOKEN: Final = re.compile(r"[.,]?\d+(?:[., ]\d+)*|[^\W\d_]+|\S")
_PLAIN: Final = str.maketrans("−–—‐‑﹣－＋，．％", "-------+,.%")
_CLOSING: Final = ".,;!?… "
_LONGEST: Final = 60
"""Signs in the longest text read as a number; no item asks for more."""

_SPACED: Final = re.compile(r"[1-9]\d{0,2}(?: \d{3})+(?:[.,]\d+)?")
_DECIMAL: Final = re.compile(r"\d*[.,]?\d+")
_GROUPED: Final = {
    "vi": re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?"),
    "en": re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?"),
}
"""Thousands by the language's usual sign: any number of groups."""

_SURELY_GROUPED: Final = {
    "vi": re.compile(r"[1-9]\d{0,2}(?:,000|(?:,\d{3}){2,}|(?:,\d{3})+\.\d+)"),
    "en": re.compile(r"[1-9]\d{0,2}(?:\.000|(?:\.\d{3}){2,}|(?:\.\d{3})+,\d+)"),
}
"""Thousands by the other sign: only where it cannot be a decimal sign."""


def parse_number(text: str, lang: str = "vi") -> Decimal | None:
    """The number a person typed, or None when the text is no number.

    Parameters
    ----------
    text : what was typed; a sign, number words and one of the units đ, đồng,
        vnd, %, kb, mb, gb, tb may stand with it. An item's own unit is taken
        off by the caller. The unit is dropped, never converted: "1 GB" gives
        1, "5 %" gives 5.
    lang : "en", where the comma groups thousands; anything else is read as
        "vi", where the point does.

    Notes
    -----
    After a number word the rest is read as it is said: "1tr5" and "1 triệu 5"
    are one and a half million, "1tr250" is 1,250,000; "2 tỷ 300 triệu" adds up.
    """
    plain = _plain(text)
    sign = plain[:1] if plain[:1] in ("+", "-") else ""
    tokens = _TOKEN.findall(plain.removeprefix(sign))
    if tokens and tokens[-1] in _UNITS:
        tokens.pop()
    if not tokens or len(plain) > _LONGEST:
        return None
    with localcontext(prec=2 * _LONGEST):  # the usual 28 digits would round silently
        amount = _amount(tokens, lang)
        return -amount if amount is not None and sign == "-" else amount


def _plain(text: str) -> str:
    """The text composed, in small letters, with plain digits and signs."""
    small = compose(text).lower().translate(_PLAIN).rstrip(_CLOSING)
    # `decimal` knows fullwidth digits but not ², so 5² does not become 52.
    digits = "".join(str(unicodedata.decimal(sign, sign)) for sign in small)
    return digits.replace("phần trăm", "%").replace("phan tram", "%")


def _amount(tokens: Sequence[str], lang: str) -> Decimal | None:
    """The sum of parts such as 2 tỷ + 300 triệu, each below the unit before it."""
    total, limit, power = Decimal(0), Decimal("Infinity"), 0
    for number, words in _parts(tokens):
        if power and not words:
            part = _said_fraction(number, power)
        else:
            power = sum(_POWER.get(word, 0) for word in words)
            part = _part(number, words, power, lang)
        if part is None or part >= limit:
            return None
        total, limit = total + part, Decimal(1).scaleb(power if words else 0)
    return total


def _parts(tokens: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Each number with the words after it; words before any number go with ""."""
    parts: list[tuple[str, list[str]]] = []
    for token in tokens:
        if token[-1].isdecimal():
            parts.append((token, []))
        elif parts:
            parts[-1][1].append(token)
        else:
            parts.append(("", [token]))
    return parts


def _part(number: str, words: Sequence[str], power: int, lang: str) -> Decimal | None:
    """One number with its words: "5" + "trăm nghìn", "1" + "triệu rưỡi"."""
    value = _digits(number, lang)
    half = bool(words) and words[-1] in _HALF
    known = words[:-1] if half else words
    if value is None or any(word not in _POWER for word in known) or (half and not known):
        return None
    return (value + Decimal("0.5") if half else value).scaleb(power)


def _said_fraction(number: str, power: int) -> Decimal | None:
    """The rest after a number word: the 5 of "1tr5", the 250 of "1 triệu 250"."""
    if not number.isdecimal() or len(number) > min(power, 3):
        return None
    return Decimal("0." + number).scaleb(power)


def _digits(number: str, lang: str) -> Decimal | None:
    """The value of digits with their points, commas and spaces."""
    role = "en" if lang == "en" else "vi"
    grouping = " "
    if _GROUPED[role].fullmatch(number):
        grouping = "." if role == "vi" else ","
    elif _SURELY_GROUPED[role].fullmatch(number):
        grouping = "," if role == "vi" else "."
    elif not (_SPACED.fullmatch(number) or _DECIMAL.fullmatch(number)):
        return None
    return Decimal(number.replace(grouping, "").replace(",", "."))
