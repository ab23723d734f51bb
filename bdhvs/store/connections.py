"""How the database file is opened. One place for every setting of SQLite, each with its reason."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from bdhvs.errors import StoreError
from bdhvs.store.failures import failure_of

BUSY_TIMEOUT_S = 5.0  # how long to wait for another program's lock; longer than any commit of ours takes

WRITER_SETTINGS = (
    # Reset by every connection. FULL syncs the log at each commit: an acknowledged answer survives a power cut.
    # (NORMAL in WAL mode would survive a crash of the program only.)
    "synchronous = FULL",
    # macOS: an ordinary sync stops at the drive's own cache. Other systems ignore these two.
    "fullfsync = ON",
    "checkpoint_fullfsync = ON",
    # SQLite forgets this per connection, too: without it the REFERENCES of the tables are decoration.
    "foreign_keys = ON",
    # Copy the log into the database every 16 MB instead of every 4: a page written many times is copied once, and a
    # busy class pauses for this seldom.
    "wal_autocheckpoint = 4000",
    # After a burst, or a researcher's long read, give the log's space back down to 64 MB.
    "journal_size_limit = 67108864",
    # A forgotten person's name is overwritten with zeros, not merely unlinked.
    "secure_delete = ON",
    # 32 MB of pages: the indexes of a full day stay in memory. Negative means KiB.
    "cache_size = -32768",
)


def connect_writer(path: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> sqlite3.Connection:
    """The writing connection to the database at `path`, created when missing. Transactions are explicit.

    Raises
    ------
    StoreError
        when the file cannot be opened, is no database, or lies where SQLite's log cannot work (network folders).
    """
    try:
        # isolation_level=None: BEGIN and COMMIT are ours, Python adds none behind our back.
        connection = sqlite3.connect(path, busy_timeout_s, isolation_level=None, check_same_thread=False)
        try:
            _prepare(connection, path)
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as exc:
        raise failure_of(exc, path) from exc
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    # WAL: readers never wait for the writer nor the writer for readers, and a commit is one append and one sync.
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise StoreError(
            f"{path}: found journal mode {mode!r}, expected 'wal'; "
            "network and some shared folders cannot hold a live database, choose a folder on this computer's disk"
        )
    for setting in WRITER_SETTINGS:
        connection.execute(f"PRAGMA {setting}")


def connect_reader(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, usable from any one thread at a time, also while a class is running.

    Raises
    ------
    StoreError
        when the file is missing, is no database, or cannot be read.
    """
    uri = f"{path.absolute().as_uri()}?mode=ro"
    try:
        try:
            return _readable(uri)
        except sqlite3.OperationalError as exc:
            if not _lies_still(path, exc):
                raise
            return _readable(f"{uri}&immutable=1")
    except sqlite3.Error as exc:
        raise failure_of(exc, path) from exc


def _lies_still(path: Path, error: sqlite3.Error) -> bool:
    """Whether `error` only means that the disk is read-only, so that the file may be read as it stands.

    SQLite then cannot make the small file through which readers and writers share the log. With an empty log there
    is nothing to share, and where nobody can write there is nobody to share it with. A locked file is another
    matter: somebody is writing.
    """
    log = path.with_name(path.name + "-wal")
    could_not_make = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
    return could_not_make and path.is_file() and not (log.exists() and log.stat().st_size)


def _readable(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False, uri=True)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection
