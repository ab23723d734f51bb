"""One process at a time owns a data folder.

The lock belongs to an open file, so the system drops it when the process ends, however it ends: ``kill -9`` leaves
nothing stale behind. The file also says who holds it, for the message to the second one who comes; that text decides
nothing. A child made by a bare ``fork`` shares the lock until it ends; children started as programs do not.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path

from bdhvs.errors import StoreError, StoreOwned
from bdhvs.store.times import from_us, now_us

# Windows locks bytes, and others cannot read them: lock one far behind the text.
_LOCKED_BYTE = 1 << 30

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    _TAKEN = (PermissionError,)
else:
    import fcntl

    # flock, not lockf: it also keeps a second Store of the same process out, and closing another descriptor of the
    # file does not drop it.
    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    _TAKEN = (BlockingIOError,)


class FolderLock:
    """The held lock of a folder; `release` or the end of the process gives it back."""

    def __init__(self, path: Path) -> None:
        """Take the lock at `path`.

        Raises
        ------
        StoreOwned
            when another process holds it; says which one and since when.
        StoreError
            when the folder's file system knows no locks.
        OSError
            when the file cannot be opened for writing.
        """
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _take(self._descriptor)
        except _TAKEN as exc:
            os.close(self._descriptor)
            raise StoreOwned(_owned_message(path)) from exc
        except OSError as exc:
            os.close(self._descriptor)
            raise StoreError(
                f"{path}: this folder cannot be locked ({exc}), expected a folder on this computer's own disk; "
                "choose one that is not on the network"
            ) from exc
        self._sign()

    def _sign(self) -> None:
        text = json.dumps({"pid": os.getpid(), "since_us": now_us()})
        os.ftruncate(self._descriptor, 0)
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        # A full disk cannot take the text. The lock holds all the same; only the other's message knows less.
        with suppress(OSError):
            os.write(self._descriptor, text.encode())

    def release(self) -> None:
        """Give the lock back. The file stays: deleting it would let two processes lock two different files."""
        if self._descriptor >= 0:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = -1


def _owned_message(path: Path) -> str:
    try:
        owner = json.loads(path.read_text("utf-8"))
        who = f"process {owner['pid']}, since {from_us(owner['since_us']):%Y-%m-%d %H:%M:%S} UTC"
    except (OSError, ValueError, KeyError, TypeError):  # not yet written, or not readable: only less to say
        who = "another process"
    return (
        f"{path.parent}: found in use by {who}, expected to be the only one; "
        "use the class that is already running, or stop it first, or give another folder"
    )
