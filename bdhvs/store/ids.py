"""Names for what is kept: they rise with the time at which they are given, and nobody can guess them."""

from __future__ import annotations

import secrets

from bdhvs.core.identifiers import uuid7


def new_id(at_us: int) -> str:
    """A UUIDv7 of this time (microseconds since the epoch, UTC) that nothing else has."""
    return uuid7(at_us, secrets.token_bytes(10))
