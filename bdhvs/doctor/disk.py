"""The data folder and its disk: may it be written, is there room, how long does a saved answer take."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bdhvs.doctor.finding import Finding, megabytes, seconds
from bdhvs.errors import StoreError, StoreOwned
from bdhvs.i18n import Gettext
from bdhvs.store.folder import MIN_FREE_BYTES, free_bytes
from bdhvs.store.lock import FolderLock

WRITES = 50
WRITE_BYTES = 4096  # a page of the database
#: A class of 40 brings some 2 answers a second, and answers that wait are written together: even a memory card with
#: 100 ms is no trouble, but people see "Saving…" for a moment.
SLOW_S = 0.1
#: A phone that waits so long tells its owner that something is wrong.
DOOMED_S = 5.0
#: A day of class writes a few MB, lessons' pages too; a disk with less than this is full before long for other reasons.
COMFORTABLE_BYTES = 500 * 2**20


def check_folder(data: Path, _: Gettext) -> Finding:
    """Whether a class can write its data folder. Nothing is left behind, and a missing folder is not made."""
    figures: dict[str, object] = {"folder": str(data.absolute())}
    if data.exists() and not data.is_dir():
        text = _("Data folder: {folder} is a file. Give the name of a folder.")
        return Finding("folder", "problem", text.format(folder=data), figures)
    try:
        with tempfile.TemporaryDirectory(prefix=".bdhvs-", dir=nearest_folder(data)):
            pass
        if (data / "lock").exists():
            FolderLock(data / "lock").release()
    except StoreOwned:
        text = _("Data folder: a class is running on {folder} just now. It is left alone.")
        return Finding("folder", "note", text.format(folder=data), figures)
    except (OSError, StoreError):
        text = _("Data folder: {folder} cannot be written. Choose another folder, on this machine's own disk.")
        return Finding("folder", "problem", text.format(folder=data), figures)
    return Finding("folder", "ok", _("Data folder: {folder} can be written.").format(folder=data), figures)


def check_space(free: int, _: Gettext) -> Finding:
    """Whether `free` bytes on the disk will do."""
    figures: dict[str, object] = {"free_bytes": free, "needed_bytes": MIN_FREE_BYTES}
    values = {"free": megabytes(free)}
    if free < MIN_FREE_BYTES:
        text = _("Disk: it is full, {free} free. Delete files that are not needed, or choose another disk.")
        return Finding("space", "problem", text.format(**values), figures)
    if free < COMFORTABLE_BYTES:
        text = _("Disk: {free} free, enough for today. Delete files that are not needed before long.")
        return Finding("space", "note", text.format(**values), figures)
    return Finding("space", "ok", _("Disk: {free} free.").format(**values), figures)


def check_disk_speed(took: Sequence[float], _: Gettext) -> Finding:
    """Whether the disk is quick enough; `took` are seconds of single small writes, at least one."""
    ordered = sorted(took)
    median, late = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
    figures: dict[str, object] = {"median_s": round(median, 4), "p95_s": round(late, 4), "writes": len(ordered)}
    if late < SLOW_S:
        text = _("Saving: quick, {ms} ms for a write that lasts.")
        return Finding("disk", "ok", text.format(ms=max(1, round(median * 1000))), figures)
    shown = seconds(late, _)
    if median < DOOMED_S:
        text = _("Saving: slow, up to {time} for a write. Nothing is lost, but people wait; the machine's own disk is quicker than a memory stick.")
        return Finding("disk", "note", text.format(time=shown), figures)
    text = _("Saving: much too slow, {time} for a write. Choose a folder on the machine's own disk.")
    return Finding("disk", "problem", text.format(time=shown), figures)


def time_writes(data: Path, writes: int = WRITES) -> list[float]:
    """Seconds of each of `writes` small writes that reached the disk of `data`. Raises OSError when it cannot be written."""
    took = []
    with tempfile.TemporaryFile(dir=nearest_folder(data)) as file:
        for _ in range(writes):
            begin = time.perf_counter()
            file.write(os.urandom(WRITE_BYTES))
            file.flush()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - begin)
    return took


def free_space(data: Path) -> int:
    """Free bytes on the disk where `data` is or would be."""
    return free_bytes(nearest_folder(data))


def nearest_folder(data: Path) -> Path:
    """`data`, or the folder above it that is there already."""
    return next(one for one in (data.absolute(), *data.absolute().parents) if one.is_dir())
