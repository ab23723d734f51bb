"""What SQLite says when it cannot go on, in our words.

Two kinds of trouble must not be mixed up. When the *machine* is in the way (disk full, read-only, locked, a read or
write error) nothing of the batch was kept, and the same writes succeed once the cause is gone. When one *statement* is
wrong (a second fact for one place, a value that does not fit) it will be wrong again, and only its own unit fails.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bdhvs.errors import StoreCorrupted, StoreError, StoreUnavailable

Reason = Literal["disk_full", "read_only", "locked", "io"]

# Primary result codes: the low byte of SQLite's extended codes (https://sqlite.org/rescode.html).
_REASONS: dict[int, Reason] = {
    sqlite3.SQLITE_FULL: "disk_full",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_PERM: "read_only",
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_PROTOCOL: "locked",  # the WAL's lock dance was lost too many times in a row
    sqlite3.SQLITE_IOERR: "io",
    sqlite3.SQLITE_CANTOPEN: "io",
    sqlite3.SQLITE_NOMEM: "io",
}
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

_ADVICE: dict[Reason, tuple[str, str, str]] = {
    "disk_full": ("the disk is full", "some free space", "delete or move other files; nothing need be restarted"),
    "read_only": ("it cannot be written", "a writable file", "make the folder writable or choose another one"),
    "locked": ("another program holds it", "this program alone", "close other programs that opened the file"),
    "io": ("the disk does not answer properly", "a working disk", "check the disk, cable or memory stick"),
}


class CannotWrite(StoreUnavailable):
    """Writing failed for now; ``reason`` is a stable word, the message is for the teacher or operator."""

    def __init__(self, where: Path, reason: Reason, detail: str) -> None:
        self.reason: Reason = reason
        found, expected, advice = _ADVICE[reason]
        super().__init__(f"{where}: {found} ({detail}), expected {expected}; {advice}")


class OutOfStep(StoreError):
    """What is stored says otherwise: another fact has this place, or what is named does not exist.

    Nothing of the unit was kept and trying again gives the same. Read anew what is stored, then decide again.
    """

    code = "store_out_of_step"


@dataclass(frozen=True, slots=True)
class Health:
    """The last failure to write, for the teacher's page; ``since_us`` is when this run of failures began."""

    error: StoreError
    since_us: int

    @property
    def reason(self) -> str:
        """One of `Reason`, else the code of the error (``store_corrupted``)."""
        return self.error.reason if isinstance(self.error, CannotWrite) else self.error.code


def is_of_the_machine(error: sqlite3.Error) -> bool:
    """Whether `error` is trouble of the disk or file, and not of one statement."""
    return _primary(error) in _REASONS or _primary(error) in _DAMAGE


def failure_of(error: sqlite3.Error, where: Path) -> StoreError:
    """`error` of SQLite as an error of ours; raise it ``from`` the original."""
    primary = _primary(error)
    if primary in _REASONS:
        return CannotWrite(where, _REASONS[primary], str(error))
    if primary in _DAMAGE:
        return damaged(where, str(error))
    if primary == sqlite3.SQLITE_CONSTRAINT:
        return OutOfStep(f"{where}: refused ({error}), expected facts that fit what is stored; read it anew first")
    return StoreError(
        f"{where}: the database did not accept a statement ({error}); this is a mistake of bdhvs, report it"
    )


def damaged(where: Path, detail: str) -> StoreCorrupted:
    """The error for a file that is no longer a sound database."""
    return StoreCorrupted(
        f"{where}: found damage ({detail}), expected a sound SQLite database; the file was not touched. "
        f"Copy the whole folder to a safe place first, then put the newest copy from {where.parent / 'backups'} "
        f'(or your own copy) in its place, or rescue what can be read with: sqlite3 {where.name} ".recover"'
    )


def _primary(error: sqlite3.Error) -> int:
    # Errors raised by Python's sqlite3 module itself (not by SQLite) carry no code.
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF
