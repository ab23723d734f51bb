"""Letters of a class list: from the bytes of a file to Vietnamese in Unicode, however old the machine that wrote it.

Lists of the 1990s and 2000s, and many of today, are written with fonts that put Vietnamese letters in the places of
Western ones: *TCVN3* (ABC, fonts called ".VnTime") gives each letter one place, *VNI* (fonts called "VNI-Times") writes
a base letter and a sign. Such text looks like "NguyÔn" or "Nguyeãn", also inside a modern Excel file. Nothing in a file
says so; but read the right way most words are Vietnamese syllables, and read any other way hardly one is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bdhvs.core.vietnamese_syllables import parse_syllable

#: Share of the marked words that are syllables: below the first a reading is suspect, from the second on it is believed.
#: A list of forty Vietnamese names read right has 1.0, read wrong below 0.3; names of other peoples stand in between.
SUSPECT, BELIEVED = 0.5, 0.8

_TCVN3_BYTES = bytes([*range(0xA1, 0xAF), *range(0xB5, 0xBA), *range(0xBB, 0xBF), *range(0xC6, 0xCD)])
_TCVN3_BYTES += bytes([*range(0xCE, 0xD9), *range(0xDC, 0xE0), *range(0xE1, 0xF0), *range(0xF1, 0xFF)])
_TCVN3_LETTERS = "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
_TCVN3 = dict(zip(_TCVN3_BYTES, _TCVN3_LETTERS, strict=True))

_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
_HAT, _BREVE = "\u0302", "\u0306"
_VNI_MARKS = {
    "ø": _GRAVE, "ù": _ACUTE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "â": _HAT, "à": _HAT + _GRAVE, "á": _HAT + _ACUTE, "å": _HAT + _HOOK, "ã": _HAT + _TILDE, "ä": _HAT + _DOT,
    "ê": _BREVE, "è": _BREVE + _GRAVE, "é": _BREVE + _ACUTE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE,
    "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_LETTERS = {"ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI = {
    **{ord(sign): marks for sign, marks in _VNI_MARKS.items()},
    **{ord(sign.upper()): marks for sign, marks in _VNI_MARKS.items()},
    **{ord(sign): letter for sign, letter in _VNI_LETTERS.items()},
    **{ord(sign.upper()): letter.upper() for sign, letter in _VNI_LETTERS.items()},
}
_WORD = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f])+")  # a mark without a letter spoils its word


@dataclass(frozen=True, slots=True)
class Letters:
    """A text and the name of the encoding it was read with; ``guessed`` when nothing but the words spoke for it."""

    text: str
    encoding: str
    guessed: bool = False


def decode(data: bytes) -> Letters | None:
    """The text in `data`; None when no encoding we know gives Vietnamese words."""
    modern = _modern(data)
    if modern is not None:
        text, encoding = modern
        return Letters(text, encoding) if not is_suspect(text) else repair(text) or Letters(text, encoding)
    readings = [("Windows-1258", _decoded(data, "cp1258")), *_by_old_fonts(data.decode("latin-1"))]
    return _believed([(name, text) for name, text in readings if text is not None])


def repair(text: str) -> Letters | None:
    """`text`, in which old fonts' letters stand as Western ones, as Vietnamese; None when it would not become so."""
    return _believed(_by_old_fonts(text))


def is_suspect(text: str) -> bool:
    """Whether hardly any word with a mark is a Vietnamese syllable. Text without marks is not."""
    share = _share_of_syllables(text)
    return share is not None and share < SUSPECT


def _modern(data: bytes) -> tuple[str, str] | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = _decoded(data, "utf-16")
        return (text, "UTF-16") if text is not None else None
    zeros = data[:2000].count(0)
    if zeros > len(data[:2000]) // 5:  # UTF-16 without a mark: half of the bytes of plain letters are zero
        text = _decoded(data, "utf-16-le" if data[1:2000:2].count(0) * 2 >= zeros else "utf-16-be")
        return (text, "UTF-16") if text is not None else None
    text = _decoded(data, "utf-8-sig")
    return (text, "UTF-8") if text is not None else None


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _by_old_fonts(text: str) -> list[tuple[str, str]]:
    return [("TCVN3", _each_word(text.translate(_TCVN3), _one_case)), ("VNI", text.translate(_VNI))]


def _believed(readings: Sequence[tuple[str, str]]) -> Letters | None:
    """The reading with most syllables, if they are enough."""
    shares = [(_share_of_syllables(text) or 0.0, name, text) for name, text in readings]
    share, name, text = max(shares, key=lambda one: one[0], default=(0.0, "", ""))
    return Letters(unicodedata.normalize("NFC", text), name, guessed=True) if share >= BELIEVED else None


def _share_of_syllables(text: str) -> float | None:
    """Share of the words with other than plain letters that are Vietnamese syllables; None when there are none."""
    marked = [word for word in _WORD.findall(unicodedata.normalize("NFC", text)) if not word.isascii()]
    return sum(parse_syllable(word) is not None for word in marked) / len(marked) if marked else None


def _each_word(text: str, change: Callable[[str], str]) -> str:
    return _WORD.sub(lambda found: change(found[0]), text)


def _one_case(word: str) -> str:
    """A word with the capitals it was meant to have: TCVN3 has places for small letters with tones only.

    Capitals are made by a font of their own (".VnTimeH"), for the first letter or for whole words. These are names.
    """
    plain = [letter for letter in word if letter.isascii()]
    if len(plain) > 1 and all(letter.isupper() for letter in plain):
        return word.upper()
    return word if word[0].isascii() else word[0].upper() + word[1:]
