"""A class as a child process, for a program that watches it from outside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from bdhvs.errors import SetupError

START_TIMEOUT_S = 90  # the slowest start measured is 9 s; a weak laptop whose disk is asleep takes several times that
STOP_TIMEOUT_S = 15  # the server gives open requests 3 s, then folds its log in
QUOTED_LINES = 6
ANY_ADDRESS = ("0.0.0.0", "::")


class ServedClass:
    """``bdhvs serve`` on the folder `data`, running inside a ``with`` block.

    Parameters
    ----------
    host : where it listens.
    options : more options of ``bdhvs serve``.

    Attributes
    ----------
    told : what the server announced (`bdhvs.server.run.Announcement` as JSON).
    host, port : where a program on this machine reaches it.

    Raises
    ------
    SetupError
        on entering, when the class does not start; with what it said. Code ``class_not_started``.
    """

    def __init__(self, data: Path, *options: str, host: str = "127.0.0.1") -> None:
        self._command = [sys.executable, "-m", "bdhvs", "serve", str(data), "--host", host, "--json", *options]
        self.host = "127.0.0.1" if host in ANY_ADDRESS else host
        self.told: dict[str, Any] = {}
        self.port = 0
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        with tempfile.TemporaryFile() as errors:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                encoding="utf-8",
                env={**os.environ, "PYTHONUTF8": "1"},  # it writes Vietnamese into a pipe, also on Windows
            )
            try:
                line = self._first_line()
                if not line.startswith("{"):
                    self.stop()  # it has closed its output, so what it had to say is written
                    errors.seek(0)
                    raise SetupError(_quoted(errors.read()), "class_not_started")
            except BaseException:  # Ctrl+C as well: no class is left behind
                self.stop()
                raise
        self.told = json.loads(line)
        self.port = urlsplit(self.told["addresses"][0]).port or 80
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Number of the process."""
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """Ask the process to end, then make it; what was acknowledged is on disk. Harmless a second time."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def _first_line(self) -> str:
        """What the server announces; empty when it ended, or took too long."""
        assert self._process is not None
        assert self._process.stdout is not None
        too_long = threading.Timer(START_TIMEOUT_S, self._process.kill)
        too_long.start()
        try:
            return self._process.stdout.readline()
        finally:
            too_long.cancel()


def _quoted(errors: bytes) -> str:
    lines = [line.strip() for line in errors.decode("utf-8", "replace").splitlines() if line.strip()]
    return "\n".join(lines[-QUOTED_LINES:]) or "the class server ended before it was ready, without saying why"
