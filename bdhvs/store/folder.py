"""The data folder: what lies in it, and whether it can be used.

::

    bdhvs.sqlite3        everything stored: names, answers, keys of the items given; readable by its owner only
                         (with -wal and -shm beside it while a class runs; copy all or none)
    secret               the key that signs cookies; readable by its owner only
    lock                 held while a class runs
    backups/             copies made before an upgrade
"""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path

from bdhvs.errors import StoreError
from bdhvs.store.failures import CannotWrite
from bdhvs.store.lock import FolderLock

DATABASE = "bdhvs.sqlite3"
SECRET_BYTES = 32
#: A day of class writes a few MB; the log may grow to 64 MB and an upgrade copies the file. Less than this is trouble.
MIN_FREE_BYTES = 32 * 2**20


class DataFolder:
    """A data folder that was checked and is owned by this process until `release`."""

    def __init__(self, path: Path, lock: FolderLock) -> None:
        self.path = path
        self._lock = lock

    @classmethod
    def own(cls, path: Path, *, create: bool = True, min_free_bytes: int = MIN_FREE_BYTES) -> DataFolder:
        """The folder at `path`, checked and locked; made when it is missing and `create` says so.

        Raises
        ------
        StoreError
            when it is missing (and not to be made) or is a file.
        StoreUnavailable
            when it cannot be written or the disk is nearly full.
        StoreOwned
            when another process uses it.
        """
        path = path.absolute()
        _make(path, create)
        try:
            lock = FolderLock(path / "lock")
        except OSError as exc:
            raise CannotWrite(path, "read_only", str(exc)) from exc
        try:
            _check_space(path, min_free_bytes)
            _keep_private(path, create)
        except BaseException:
            lock.release()
            raise
        return cls(path, lock)

    @property
    def database(self) -> Path:
        """Where the database lies."""
        return self.path / DATABASE

    def secret(self) -> bytes:
        """The folder's own random key, made at the first call: 32 bytes.

        Raises
        ------
        StoreError
            when the file is too short to be a key. It is not replaced in silence: that would send everyone out.
        """
        path = self.path / "secret"
        if not path.exists():
            _write_secret(path)
        if os.name == "posix":
            path.chmod(0o600)  # a copied folder may have lost it
        key = path.read_bytes()
        if len(key) != SECRET_BYTES:
            raise StoreError(
                f"{path}: found {len(key)} bytes, expected {SECRET_BYTES}; delete the file to make a new key "
                "(everyone then joins the class again; answers are not touched)"
            )
        return key

    def release(self) -> None:
        """Let another process own the folder."""
        self._lock.release()


def free_bytes(path: Path) -> int:
    """Free space for this user on the disk of `path`, in bytes."""
    return shutil.disk_usage(path).free


def _make(path: Path, create: bool) -> None:
    if path.is_dir():
        return
    if path.exists():
        raise StoreError(f"{path}: found a file, expected a folder; give the folder in which to keep the data")
    if not create:
        raise StoreError(f"{path}: found nothing, expected a data folder; check the name")
    try:
        path.mkdir(mode=0o700, parents=True)  # names and keys are nobody else's on this machine
    except OSError as exc:
        raise StoreError(
            f"{path}: the folder cannot be made ({exc}), expected a place where this user may write; choose another"
        ) from exc


def _keep_private(path: Path, create: bool) -> None:
    """The database is its owner's: made before SQLite would make it readable by all, and narrowed when it was copied.

    SQLite gives the log beside it the same mode. A group that the owner let in stays in.
    """
    if os.name != "posix":
        return  # elsewhere a user's folders are private by the rights they inherit
    try:
        if create:
            (path / DATABASE).touch(0o600)
    except OSError as exc:
        raise CannotWrite(path, "read_only", str(exc)) from exc
    for file in (*path.glob(f"{DATABASE}*"), *path.glob("backups/*")):
        mode = file.stat().st_mode & 0o777
        if mode & 0o007:
            with suppress(PermissionError):  # of another owner, who let this user in
                file.chmod(mode & ~0o007)


def _check_space(path: Path, needed: int) -> None:
    free = free_bytes(path)
    if free < needed:
        raise CannotWrite(path, "disk_full", f"{free // 2**20} MB free, at least {needed // 2**20} MB needed")


def _write_secret(path: Path) -> None:
    # Written aside and renamed: a crash half way leaves no short key behind.
    aside = path.with_name("secret.new")
    aside.unlink(missing_ok=True)
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(SECRET_BYTES))
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
