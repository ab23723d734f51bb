"""A class server as a process of its own, on a free port of this machine, ended when the block ends."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Entry:
    """How to come into a class: the learners' code, the teacher's link."""

    code: str
    teacher_url: str


@dataclass(frozen=True)
class RunningClass:
    """A class server that answers; `data` is its data folder, ``classes`` all its classes, `code` that of the first."""

    process: subprocess.Popen[str]
    port: int
    data: Path
    classes: tuple[Entry, ...]

    @property
    def code(self) -> str:
        return self.classes[0].code

    @property
    def teacher_url(self) -> str:
        return self.classes[0].teacher_url


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_class(
    data: Path, command: Sequence[str] = (), port: int | None = None, classes: int = 1
) -> Iterator[RunningClass]:
    """A class, or several, on the folder `data`. ``command`` stands before ``-m bdhvs`` (a profiler, for instance)."""
    port = port or free_port()
    start = [*(command or [sys.executable]), "-m", "bdhvs", "serve", str(data)]
    start += ["--host", HOST, "--port", str(port), "--json", "--no-browser"]
    if classes > 1:
        start += [word for number in range(1, classes + 1) for word in ("--class", f"Class {number}")]
    process = subprocess.Popen(start, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line.startswith("{"):
            raise RuntimeError(f"the class server did not start: exit code {process.wait(10)}")
        told = json.loads(line)
        entries = tuple(Entry(one["code"], one["teacher_url"]) for one in told["classes"])
        yield RunningClass(process, port, data, entries)
    finally:
        end(process)


def wait_until_settled(room: RunningClass, patience_s: float = 120) -> None:
    """Wait until the class has made its lesson pages: a new data folder's first half minute, in processes of their own."""
    quiet_since = begin = time.monotonic()
    while time.monotonic() - quiet_since < 1:
        time.sleep(0.1)
        tasks = Path(f"/proc/{room.process.pid}/task").iterdir()
        if any((task / "children").read_text("ascii").strip() for task in tasks):
            quiet_since = time.monotonic()
        if time.monotonic() - begin > patience_s:
            raise RuntimeError("the class server does not come to rest")


def end(process: subprocess.Popen[Any]) -> None:
    """Ask a process that we started to stop, then make it."""
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()


@contextmanager
def data_folder(parent: Path | None) -> Iterator[Path]:
    """A new folder on the disk to be measured (`parent`; none: where the system keeps temporary files)."""
    with tempfile.TemporaryDirectory(prefix="bdhvs-benchmark-", dir=parent) as name:
        yield Path(name)
