"""What `make serve` and `make test` say when the machine is not ready: a sentence, not a stack of messages."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the script needs of a checkout, in a folder of its own."""
    for name in ("tools/setup", "setup.cfg", "pyproject.toml", "Makefile"):
        target = tmp_path / name
        target.parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, target)
    return tmp_path


def program(folder: Path, name: str, script: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def setup(checkout: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **environment}
    return subprocess.run(["sh", "tools/setup", "serve"], cwd=checkout, capture_output=True, text=True, env=env)


def test_no_python_says_what_to_install(checkout: Path) -> None:
    done = setup(checkout, PYTHON="no-such-python")
    assert done.returncode == 1
    assert "Máy chưa có Python" in done.stderr


def test_an_old_python_says_which_version_is_needed(checkout: Path) -> None:
    old = program(checkout, "old-python", 'case "$1" in -V) echo "Python 3.9.2";; *) exit 1;; esac')
    done = setup(checkout, PYTHON=str(old))
    assert done.returncode == 1
    assert "3.9.2, cần 3.11 trở lên" in done.stderr


def test_a_full_disk_and_no_network_are_said_and_a_ready_machine_installs_nothing(checkout: Path) -> None:
    """One story, since making an environment takes a while: full disk, then no network, then everything is there."""
    df = program(checkout, "df", 'echo "Filesystem blocks used available use mount"; echo "/dev/x 100 99 1000 99% /"')
    full = setup(checkout, PATH=f"{df.parent}:{os.environ['PATH']}")
    assert full.returncode == 1
    assert "Ổ đĩa gần đầy" in full.stderr

    offline = setup(checkout, PIP_NO_INDEX="1", PIP_CONFIG_FILE="/dev/null", PIP_FIND_LINKS="")
    assert offline.returncode == 1
    assert "Thường là do máy không có mạng" in offline.stderr
    ready = checkout / ".venv" / ".ready-serve"
    assert not ready.exists()

    stamp = 'printf "%s" "$(cksum <setup.cfg) $(.venv/bin/python -V) $(pwd)" > .venv/.ready-serve'
    subprocess.run(["sh", "-c", stamp], cwd=checkout, check=True)
    again = setup(checkout, PIP_NO_INDEX="1")
    assert (again.returncode, again.stdout) == (0, "")
