"""A learner's program reaches nothing: no file, no network, no other process, no more than its share."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bdhvs.bank.paths import find_content
from bdhvs.exercises import program as running
from bdhvs.exercises import sandbox
from bdhvs.exercises.program import MOST_OUTPUT_BYTES, Program

pytestmark = pytest.mark.skipif(not sandbox.possible(), reason="this system has no Landlock")


def error_of(code: str) -> str:
    outcome = Program(code).run()
    assert outcome.end == "error", outcome
    assert outcome.error
    return str(outcome.error["kind"])


def test_neither_keys_nor_answers_nor_anything_else_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("key")
    item = next((find_content().assessments / "items").rglob("*.yaml")).resolve()
    for path in (tmp_path / "secret", item, Path("/etc/passwd"), Path("/proc/self/environ"), Path(f"/proc/{os.getpid()}/environ")):
        assert error_of(f"open({str(path)!r}).read()") == "PermissionError"
    assert error_of(f"import os\nos.listdir({str(tmp_path)!r})") == "PermissionError"
    assert error_of("import bdhvs") == "ModuleNotFoundError"


def test_nothing_can_be_written_or_changed(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_text("as it was")
    mode = there.stat().st_mode
    lines = [
        *("open({0!r}, 'w')", "os.remove({0!r})", "os.rename({0!r}, {0!r} + 'x')", "os.chmod({0!r}, 0)", "os.utime({0!r})"),
        *("os.truncate({0!r}, 0)", "os.mkdir({0!r} + 'd')", "os.symlink('/', {0!r} + 'l')"),
    ]
    for line in lines:
        assert error_of("import os\n" + line.format(str(there))) in ("PermissionError", "OSError"), line
    assert there.read_text() == "as it was"
    assert there.stat().st_mode == mode
    assert list(tmp_path.iterdir()) == [there]


def test_there_is_no_network() -> None:
    for line in ("socket.socket()", "socket.socketpair()", "socket.create_connection(('127.0.0.1', 9))", "socket.socket(socket.AF_UNIX)"):
        assert error_of("import socket\n" + line) == "PermissionError"


def test_other_processes_are_out_of_reach() -> None:
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        lines = [
            *(f"os.kill({other.pid}, {signal.SIGKILL})", "os.kill(-1, 9)", f"os.pidfd_open({other.pid})"),
            *(f"resource.prlimit({other.pid}, 0, (1, 1))", f"os.setpriority(0, {other.pid}, 19)"),
        ]
        for line in lines:
            assert error_of("import os, resource\n" + line) == "PermissionError", line
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_no_process_can_be_started() -> None:
    for line in ("os.fork()", "os.execv('/bin/true', ['true'])", "subprocess.run(['true'])", "os.posix_spawn('/bin/true', ['true'], {})"):
        assert error_of("import os, subprocess\n" + line) in ("PermissionError", "BlockingIOError"), line


def test_the_environment_is_empty() -> None:
    os.environ["BDHVS_SECRET"] = "word"
    try:
        outcome = Program("import os\nprint(sorted(os.environ))").run()
    finally:
        del os.environ["BDHVS_SECRET"]
    assert "SECRET" not in outcome.output


@pytest.mark.parametrize("code", ["while True: pass", "import time\ntime.sleep(60)", "import threading\nthreading.Event().wait()"])
def test_a_program_without_end_is_ended(code: str) -> None:
    assert Program(code).run().end == "time"


@pytest.mark.parametrize("code", ["while True: print('x' * 1000)", "print('x' * 10**7)"])
def test_output_without_end_is_ended(code: str) -> None:
    outcome = Program(code).run()
    assert outcome.end == "output"
    assert len(outcome.output) <= MOST_OUTPUT_BYTES


def test_memory_has_a_bound() -> None:
    assert error_of("a = [0] * 10**9") == "MemoryError"
    assert error_of("a = []\nwhile True: a.append('x' * 10**6)") == "MemoryError"


def test_a_program_can_be_stopped() -> None:
    program = Program("while True: pass")
    threading.Timer(0.7, program.stop).start()
    assert program.run().end == "stopped"


def test_who_stops_a_program_closes_nothing_that_is_still_read(monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program("while True: print('x')")
    stopper = threading.Timer(0.5, program.stop)

    def read_late(*handles: int) -> object:
        stopper.join()
        return gathered(*handles)

    gathered = running._gathered
    monkeypatch.setattr(running, "_gathered", read_late)
    stopper.start()
    assert program.run().end == "stopped"


def test_a_program_too_long_is_not_run() -> None:
    assert Program("x = 1\n" * 10_000).run().end == "refused"


def test_without_a_fence_no_program_is_run_in_a_class(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "possible", lambda: False)  # an older system; there is no other way to be one
    assert Program("print(1)", in_class=True).run().end == "refused"
    assert Program("print(1)", in_class=False).run().output == "1\n"


def test_usual_python_works() -> None:
    code = """
import math, random, datetime, statistics, json, collections, threading, decimal, fractions, calendar
print(math.pi > 3, statistics.mean([1, 2]), decimal.Decimal("0.1"))
t = threading.Thread(target=print, args=("xin chào",))
t.start()
t.join()
"""
    outcome = Program(code).run()
    assert (outcome.end, outcome.output) == ("done", "True 1.5 0.1\nxin chào\n")
