"""Names that learners type: cleaned, never trusted, never cut."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable

from bdhvs.errors import Refused

MAX_NAME_CHARS = 40  # the longest full Vietnamese names have about 30
_JOINER = "\u200d"  # inside emoji; harmless, and without it a family falls apart
#: Letters and signs by Unicode's books that nobody sees: Hangul and Khmer fillers, the empty Braille cell, the joiner.
_BLANK = frozenset("\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800\u034f")
_MARKS_TOGETHER = 3  # composed Vietnamese needs none, other scripts up to three; more paint over the lines around


class NameRefused(Refused):
    """The name is empty or too long."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def clean_name(typed: str) -> str:
    """`typed` in NFC with single spaces, without control, bidi and invisible characters and without towers of marks.

    Raises
    ------
    NameRefused
        with code ``name_empty`` or ``name_too_long``.
    """
    if len(typed) > 10 * MAX_NAME_CHARS:  # do not even normalise megabytes
        raise NameRefused("name_too_long", f"the name has {len(typed)} characters, at most {MAX_NAME_CHARS}")
    composed = unicodedata.normalize("NFC", typed)
    visible = "".join(one for one in composed if one == _JOINER or one.isspace() or _is_visible(one))
    # Composed again: what was taken out may have stood between a letter and its mark.
    name = _without_towers(unicodedata.normalize("NFC", " ".join(visible.split()).strip(_JOINER)))
    if all(one == _JOINER or one.isspace() or _is_mark(one) for one in name):
        raise NameRefused("name_empty", "the name is empty")
    if len(name) > MAX_NAME_CHARS:
        raise NameRefused("name_too_long", f"the name has {len(name)} characters, at most {MAX_NAME_CHARS}")
    return name


def _is_visible(one: str) -> bool:
    return unicodedata.category(one)[0] != "C" and one not in _BLANK


def _is_mark(one: str) -> bool:
    return unicodedata.category(one) in ("Mn", "Me")


def _without_towers(text: str) -> str:
    """`text` with at most a few marks on one letter."""
    kept: list[str] = []
    for one in text:
        if not (_is_mark(one) and len(kept) >= _MARKS_TOGETHER and all(map(_is_mark, kept[-_MARKS_TOGETHER:]))):
            kept.append(one)
    return "".join(kept)


def told_apart(names: Iterable[str]) -> list[str]:
    """The same names, a second "Lan" becoming "Lan (2)" and so on, in order of arrival."""
    seen: Counter[str] = Counter()
    apart = []
    for name in names:
        key = name.casefold()
        seen[key] += 1
        apart.append(name if seen[key] == 1 else f"{name} ({seen[key]})")
    return apart
