"""Running a learner's program: a process of its own, shut in, bounded in time, memory and output, and stoppable."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from bdhvs.exercises import sandbox

INMATE = Path(__file__).with_name("inmate.py")
MOST_SIGNS = 20_000  # of a program
MOST_OUTPUT_BYTES = 20_000
MOST_REPORT_BYTES = 65_536
MOST_SECONDS = 5.0
LIMITS = {
    "RLIMIT_CPU": 6,  # seconds; the clock is first, this is for when nobody watches
    "RLIMIT_AS": 256 * 2**20,
    "RLIMIT_FSIZE": 0,
    "RLIMIT_NOFILE": 32,
    "RLIMIT_CORE": 0,
}
End = Literal["done", "error", "time", "output", "stopped", "killed", "refused"]


@dataclass(frozen=True, slots=True)
class Probe:
    """What is looked at when the program has ended: a name's value, or that of a call when ``arguments`` are given."""

    name: str
    arguments: tuple[Any, ...] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a program. Everything here is a claim of the program's; ``values`` stand in the order of the probes.

    ``error``: kind, message, line (None when unknown). ``end``: "killed" is mostly too much memory; "refused" means that
    this machine cannot keep the program apart, so it was not run.
    """

    end: End
    output: str = ""
    error: dict[str, Any] | None = None
    values: tuple[dict[str, Any], ...] = ()


@dataclass
class Program:
    """One run. ``run`` blocks its thread; ``stop`` may be called from another one.

    ``in_class``: True on the teacher's machine, where a program that cannot be shut in is not run at all. On a machine of
    the learner's own it runs with limits only.
    """

    code: str
    probes: Sequence[Probe] = ()
    in_class: bool = True
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _stopped: bool = field(default=False, init=False)

    def run(self) -> Outcome:
        """Run it to its end, however that comes."""
        shut = sandbox.possible()
        if self.in_class and not shut:
            return Outcome("refused")
        if sys.platform == "win32" or len(self.code) > MOST_SIGNS:
            return Outcome("refused")
        ours, its = os.pipe()
        try:
            # -I -S: no path to anything but Python's own library. The environment is empty: it may hold secrets.
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-X", "utf8", str(INMATE), str(its)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=[its],
                env={},
                cwd="/",
                start_new_session=True,
            )
        finally:
            os.close(its)
        try:
            if self._stopped:  # while it was being started
                self._kill()
            return self._watched(self._process, ours, shut)
        finally:
            os.close(ours)
            self._kill()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe:
                    with contextlib.suppress(OSError):
                        pipe.close()

    def stop(self) -> None:
        """End it now; `run`, in its own thread, closes what it reads from."""
        self._stopped = True
        self._kill()

    def _kill(self) -> None:
        process = self._process
        if process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _watched(self, process: subprocess.Popen[bytes], report: int, shut: bool) -> Outcome:
        assert process.stdin is not None
        assert process.stdout is not None
        order = {"code": self.code, "probes": [_asked(one) for one in self.probes], "sandbox": shut, "limits": LIMITS}
        with contextlib.suppress(OSError):
            process.stdin.write(json.dumps(order).encode() + b"\n")
            process.stdin.close()
        output, told, end = _gathered(process.stdout.fileno(), report)
        text = bytes(output[:MOST_OUTPUT_BYTES]).decode("utf-8", "replace")
        if self._stopped:
            return Outcome("stopped", text)
        if end is not None:
            return Outcome(end, text)
        return _read(text, bytes(told))


def _gathered(output_handle: int, report_handle: int) -> tuple[bytearray, bytearray, End | None]:
    """What was printed and reported until both ends closed; with the bound that was met, if any."""
    kept = {output_handle: bytearray(), report_handle: bytearray()}
    most = {output_handle: MOST_OUTPUT_BYTES, report_handle: MOST_REPORT_BYTES}
    until = time.monotonic() + MOST_SECONDS
    end: End | None = None
    with selectors.DefaultSelector() as selector:
        for handle in kept:
            selector.register(handle, selectors.EVENT_READ)
        while selector.get_map() and end is None:
            ready = selector.select(max(0.0, until - time.monotonic()))
            if time.monotonic() >= until:
                end = "time"
            for key, _ in ready:
                piece = os.read(key.fd, 65_536)
                if not piece:
                    selector.unregister(key.fd)
                kept[key.fd] += piece
                if len(kept[key.fd]) > most[key.fd]:
                    end = "output"
    return kept[output_handle], kept[report_handle], end


def _read(text: str, told: bytes) -> Outcome:
    """The program's own report, which may say anything."""
    try:
        report = json.loads(told)
        error, values = report["error"], report["values"]
        well_made = (error is None or isinstance(error, dict)) and all(isinstance(one, dict) for one in values)
    except (ValueError, KeyError, TypeError, RecursionError):
        return Outcome("killed", text)
    if not well_made:
        return Outcome("killed", text)
    return Outcome("error" if error else "done", text, error, tuple(values))


def _asked(probe: Probe) -> dict[str, Any]:
    return {"name": probe.name} if probe.arguments is None else {"name": probe.name, "arguments": list(probe.arguments)}
