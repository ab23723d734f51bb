"""The order of places in a list: by their names, so that people find their own and nobody is ranked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from unicodedata import combining, normalize

from bdhvs.analysis.programme import WHOLE


def in_list_order(places: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Rows with ``commune`` and ``name`` as a Vietnamese list has them, near enough for finding one's own: no ranking; the whole last."""
    return sorted(places, key=lambda place: (place["commune"] == WHOLE, _alphabetical(str(place["name"]))))


def _alphabetical(name: str) -> tuple[str, str]:
    """By letters first and marks second, đ after d."""
    letters = name.casefold().replace("đ", "d\N{LATIN SMALL LETTER Z WITH STROKE}")
    plain = "".join(one for one in normalize("NFD", letters) if not combining(one))
    return plain, letters
