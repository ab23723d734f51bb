"""The class server as a process of its own, started from a notebook.

A process and not a thread of the kernel: the class goes on when a cell raises, and interrupting or restarting the kernel
does not throw forty people out. What the server says on its error stream goes to ``server.log`` in the data folder: a
pipe that nobody reads would stop it one day.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bdhvs.errors import SetupError
from bdhvs.i18n import Gettext
from bdhvs.server.running import read_running

START_TIMEOUT_S = 60  # the slowest start measured is 4 s; a disk that is asleep may take half a minute
STOP_TIMEOUT_S = 10
LOOK_S = 0.1
LOG_BYTES = 1_000_000  # a longer log begins anew at the next start
QUOTED_LINES = 6
LOG = "server.log"


class Server(Protocol):
    """A class server, whoever started it."""

    def is_running(self) -> bool:
        """Whether it serves the class now."""

    def stop(self) -> None:
        """Stop it; harmless when it has stopped. Raises SetupError when it is not ours to stop."""


@dataclass(frozen=True, slots=True)
class OwnServer:
    """The one this kernel started."""

    process: subprocess.Popen[str]

    def is_running(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> None:
        if self.is_running():
            self.process.terminate()
            try:
                self.process.wait(timeout=STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self.process.kill()  # what was acknowledged is on disk
                self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


@dataclass(frozen=True, slots=True)
class FoundServer:
    """One that ran already. ``answers`` asks the class itself; ``pid`` is None when it runs on another machine."""

    answers: Callable[[], bool]
    pid: int | None
    refusal: str

    def is_running(self) -> bool:
        return self.answers()

    def stop(self) -> None:
        if not self.is_running():
            return
        if self.pid is None:
            raise SetupError(self.refusal, "elsewhere")
        os.kill(self.pid, signal.SIGTERM)
        end = time.monotonic() + STOP_TIMEOUT_S
        while self.is_running() and time.monotonic() < end:
            time.sleep(LOOK_S)


def start(command: Sequence[str], folder: Path, _: Gettext) -> tuple[OwnServer, str]:
    """A new server, and the line in which it announces the class.

    Raises
    ------
    SetupError
        with what the server said, when it stopped before; code ``already_running`` when another one has the folder.
    """
    process, started_at = _process(command, folder, _)
    line = _first_line(process)
    if not line.startswith("{"):
        process.communicate()
        raise _not_started(folder, started_at, _)
    return OwnServer(process), line


def _process(command: Sequence[str], folder: Path, _: Gettext) -> tuple[subprocess.Popen[str], int]:
    """The server's process, and where its part of the log begins."""
    log = folder / LOG
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.unlink()
        with log.open("ab") as errors:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                encoding="utf-8",
                start_new_session=True,  # else the kernel's interrupts and restarts stop the class as well
            )
            return process, errors.tell()
    except OSError as exc:
        sentence = _("The data folder cannot be written. Please check that the disk has free space and is not write-protected.")
        raise SetupError(f"{sentence} ({folder}: {exc.strerror})") from exc


def _first_line(process: subprocess.Popen[str]) -> str:
    """What the server announces; empty when it stopped, or was stopped because it took too long."""
    assert process.stdout is not None
    too_long = threading.Timer(START_TIMEOUT_S, process.kill)
    too_long.start()
    try:
        return process.stdout.readline()
    finally:
        too_long.cancel()


def _not_started(folder: Path, started_at: int, _: Gettext) -> SetupError:
    with (folder / LOG).open("rb") as log:
        log.seek(started_at)
        lines = [line.strip() for line in log.read().decode("utf-8", "replace").splitlines() if line.strip()]
    said = "\n".join(lines[-QUOTED_LINES:])
    if "(store_owned:" in said:
        return SetupError(_already_running(folder, said, _), "already_running")
    return SetupError(said or _("The class server stopped before it was ready, without saying why."))


def _already_running(folder: Path, said: str, _: Gettext) -> str:
    owner = re.search(r"process (\d+)", said)
    told = read_running(folder)
    sentences = [_("A class is already running on the folder {folder}.").format(folder=folder)]
    if owner and told and told["pid"] == int(owner[1]):
        sentences.append(_("The teacher's page: {url}").format(url=told["teacher_url"]))
        sentences.append(_("Learners join at: {url}").format(url=told["join_url"]))
        sentences.append(_("To go on with it here: bdhvs.attach({folder!r}).").format(folder=str(folder)))
    else:
        sentences.append(_("Its QR and the teacher's link stand in the window in which it was started."))
    if owner:
        sentences.append(_("To stop it, end process {pid}; to teach another class, give another folder.").format(pid=owner[1]))
    return "\n".join(sentences)
