"""Names that learners type: cleaned, never trusted, never cut."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable

from bdhvs.errors import Refused

MAX_NAME_CHARS = 40  # the longest full Vietnamese names have about 30
_JOINER = "\u200d"  # inside emoji; harmless, and without it a family falls apart


class NameRefused(Refused):
    """The name is empty or too long."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def clean_name(typed: str) -> str:
    """`typed` in NFC with single spaces and without control, bidi and invisible characters.

    Raises
    ------
    NameRefused
        with code ``name_empty`` or ``name_too_long``.
    """
    if len(typed) > 10 * MAX_NAME_CHARS:  # do not even normalise megabytes
        raise NameRefused("name_too_long", f"the name has {len(typed)} characters, at most {MAX_NAME_CHARS}")
    composed = unicodedata.normalize("NFC", typed)
    visible = "".join(one for one in composed if one == _JOINER or one.isspace() or unicodedata.category(one)[0] != "C")
    name = " ".join(visible.split()).strip(_JOINER)
    if not name:
        raise NameRefused("name_empty", "the name is empty")
    if len(name) > MAX_NAME_CHARS:
        raise NameRefused("name_too_long", f"the name has {len(name)} characters, at most {MAX_NAME_CHARS}")
    return name


def told_apart(names: Iterable[str]) -> list[str]:
    """The same names, a second "Lan" becoming "Lan (2)" and so on, in order of arrival."""
    seen: Counter[str] = Counter()
    apart = []
    for name in names:
        key = name.casefold()
        seen[key] += 1
        apart.append(name if seen[key] == 1 else f"{name} ({seen[key]})")
    return apart
