"""Identifiers: UUIDv7 for facts, class codes that can be read aloud. Time and chance are arguments."""

from __future__ import annotations

import re
from collections.abc import Callable

#: Letters and digits that are not mistaken for one another, spoken or written (no 0/O, 1/I/L, 5/S, U/V, Z/2 …).
CODE_ALPHABET = "BCDFGHJKMPQRTVWXY2346789"
CODE_LENGTH = 6

_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def uuid7(now_us: int, random_bytes: bytes) -> str:
    """A UUID of version 7 (RFC 9562, section 5.7) from microseconds since the epoch and 10 random bytes."""
    milliseconds = now_us // 1000
    number = (milliseconds & (1 << 48) - 1) << 80 | int.from_bytes(random_bytes[:10], "big")
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    digits = f"{number:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def is_uuid7(text: str) -> bool:
    """Whether `text` is a UUIDv7 in canonical lower-case form."""
    return _UUID7.fullmatch(text) is not None


def class_code(choose: Callable[[str], str]) -> str:
    """A new class code; `choose` picks one character, e.g. ``secrets.choice``."""
    return "".join(choose(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def read_code(typed: str) -> str | None:
    """A typed class code in canonical form (case, spaces and dashes do not matter), or None if it cannot be one."""
    code = re.sub(r"[\s.\-–]", "", typed[:40]).upper()
    return code if len(code) == CODE_LENGTH and all(one in CODE_ALPHABET for one in code) else None
