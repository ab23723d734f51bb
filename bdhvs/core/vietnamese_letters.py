"""Letters of Vietnamese as Unicode keeps them: put together, taken apart, bare.

One Vietnamese letter can reach us in several encodings. "ệ" is one code point
from most keyboards (NFC), three from some Apple programs (NFD), two from
keyboards in the manner of Windows-1258. `compose` makes them one.
"""

import re
import unicodedata
from typing import Final

TONES: Final = "\u0300\u0301\u0303\u0309\u0323"
"""The five written tones as combining marks: huyền, sắc, ngã, hỏi, nặng."""

_STROKE: Final = "\u0335"
"""Stands for the bar of đ while letters are apart; Unicode gives đ no parts."""

_JOINER: Final = "\u034f"
"""The combining grapheme joiner: invisible, yet Unicode counts it as a mark."""

_MARK: Final = re.compile("[\u0300-\u036f]")
_LETTER: Final = re.compile("(.)([\u0300-\u036f]*)", re.DOTALL)

_SAME_LETTER: Final = str.maketrans("\u00d0\u00f0\u0189\u0256", "ĐđĐđ")
"""Eth (Ð, ð) and African D (Ɖ, ɖ) to đ.

The capitals are drawn exactly like Đ and stand in many older Vietnamese
documents and keyboards; the small ones appear when such a capital is lowered.
None of them is a letter of Vietnamese or English, so nothing is confused.
"""


def compose_letters(text: str) -> str:
    """The text in NFC, without invisible signs; spaces stay as they are.

    Zero-width and bidi signs (category Cf), control codes that are no space,
    and the grapheme joiner come along when people paste; nobody types them.
    """
    if not text.isprintable() or _JOINER in text:
        text = "".join(sign for sign in text if not _is_invisible(sign))
    return unicodedata.normalize("NFC", text).translate(_SAME_LETTER)


def unify_spaces(text: str) -> str:
    """The text trimmed, with one plain space where any run of spaces was."""
    return " ".join(text.split())


def compose(text: str) -> str:
    """The text in NFC, without invisible signs, spaces unified and trimmed.

    >>> compose(" Ma\u0323\u0302t\u00a0 kha\u0302\u0309u ")
    'Mật khẩu'
    """
    return unify_spaces(compose_letters(text))


def decompose(text: str) -> str:
    """The text as bare letters followed by combining marks, đ included."""
    apart = unicodedata.normalize("NFD", text)
    return apart.replace("đ", "d" + _STROKE).replace("Đ", "D" + _STROKE)


def letters_with_marks(text: str) -> list[tuple[str, str]]:
    """Each bare letter (or other sign) of the text with the marks it bears."""
    return _LETTER.findall(decompose(text))


def without_diacritics(text: str) -> str:
    """The text without tone and vowel marks, đ as d: to *recognise* lost marks.

    >>> without_diacritics("Mật khẩu")
    'Mat khau'
    """
    bare = _MARK.sub("", decompose(compose_letters(text)))
    return unicodedata.normalize("NFC", bare)


def _is_invisible(sign: str) -> bool:
    category = unicodedata.category(sign)
    return category == "Cf" or (category == "Cc" and not sign.isspace()) or sign == _JOINER
