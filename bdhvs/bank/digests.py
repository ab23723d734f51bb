"""Short names for exact contents: two things with the same digest are the same."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from pydantic import BaseModel

DIGEST_CHARS = 12  # 48 bits: two different banks among a million meet with a chance of 1 in 500


def digest(record: BaseModel) -> str:
    """Digest of an item or form: the same for the same content, however its file is laid out.

    Fields left at their default do not count, so a new optional field does not change the digest of old items.
    """
    content = record.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return _short(json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())


def digest_of_all(parts: Iterable[str]) -> str:
    """Digest of many parts, whose order does not matter."""
    return _short("\n".join(sorted(parts)).encode())


def file_digest(path: Path) -> str:
    """Digest of a file's bytes; of nothing when there is no such file."""
    return _short(path.read_bytes()) if path.is_file() else _short(b"")


def _short(content: bytes) -> str:
    return sha256(content).hexdigest()[:DIGEST_CHARS]
