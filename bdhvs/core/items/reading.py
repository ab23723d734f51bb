"""Reading the raw answer of a browser: hostile until proven otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bdhvs.core.items.base import MAX_TYPED_CHARS
from bdhvs.errors import InvalidResponse


def field(raw: Any, name: str) -> Any:
    """The one field `raw` may have; anything else is refused."""
    if not isinstance(raw, dict) or set(raw) != {name}:
        raise InvalidResponse(f'a response to this item is an object with the one field "{name}"')
    return raw[name]


def place(value: Any, order: Sequence[str]) -> str:
    """The author's id behind a place on the screen ("1" is the first)."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and 1 <= len(value) <= 3:
        index = int(value) - 1
        if 0 <= index < len(order):
            return order[index]
    # Its type and not the value: the text of a list that is nested a thousand deep cannot be made.
    found = repr(value[:20]) if isinstance(value, str) else type(value).__name__
    raise InvalidResponse(f"found place {found}, expected one of 1 to {len(order)}")


def places(value: Any, order: Sequence[str]) -> list[str]:
    """Author's ids behind a list of places, none twice."""
    if not isinstance(value, list) or len(value) > len(order):
        raise InvalidResponse(f"expected a list of at most {len(order)} places")
    ids = [place(one, order) for one in value]
    if len(set(ids)) != len(ids):
        raise InvalidResponse("a place is named twice")
    return ids


def typed(value: Any) -> str:
    """A typed text that is neither empty nor longer than a few words."""
    if not isinstance(value, str):
        raise InvalidResponse("expected a text")
    if len(value) > MAX_TYPED_CHARS:
        raise InvalidResponse(f"the text has {len(value)} characters, at most {MAX_TYPED_CHARS} are read")
    if not value.strip():
        raise InvalidResponse("the text is empty")
    return value
