"""``running.json`` in the data folder: how to reach the class that runs, for a notebook that wants to attach to it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bdhvs.server.run import Announcement

RUNNING = "running.json"


@contextmanager
def noted(told: Announcement) -> Iterator[None]:
    """Keep what is announced in the data folder as long as the class runs, readable by its owner only."""
    file = told.data / RUNNING
    with suppress(OSError):  # the class runs all the same; only nobody can attach to it by its folder
        file.touch(mode=0o600)  # it holds the teacher's link
        file.chmod(0o600)
        content = {**asdict(told), "pid": os.getpid()}
        file.write_text(json.dumps(content, default=str, ensure_ascii=False), "utf-8")
    try:
        yield
    finally:
        with suppress(OSError):  # a file left behind does no harm: its reader asks whether the class answers
            file.unlink(missing_ok=True)


def read_running(folder: Path) -> dict[str, Any] | None:
    """What is noted in a data folder (fields of `Announcement`, and ``pid``); None when nothing is.

    A class that was killed leaves its note behind: ask the class itself.
    """
    try:
        told = json.loads((folder / RUNNING).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    wanted = {"teacher_url": str, "join_url": str, "pid": int}
    fits = isinstance(told, dict) and all(isinstance(told.get(name), kind) for name, kind in wanted.items())
    return told if fits else None
