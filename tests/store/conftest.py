"""A fresh store per test, and child processes that end with the test."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bdhvs.store import Store
from tests.store.making import Begun, Maker, begin

CHILDREN = Path(__file__).parent / "children"


@pytest.fixture
def make() -> Maker:
    return Maker()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "dữ liệu 100%"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with Store.open(folder) as opened:
        yield opened


@pytest_asyncio.fixture
async def begun(store: Store, make: Maker) -> Begun:
    return await begin(store, make)


@pytest.fixture
def start_child() -> Iterator[Any]:
    """Starts a program of ``children/`` with this process's import path; ends it after the test."""
    started: list[subprocess.Popen[str]] = []

    def start(name: str, *arguments: str, before: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        command = [*before, sys.executable, str(CHILDREN / name), *arguments]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path.cwd()), *filter(None, sys.path)])}
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        started.append(child)
        return child

    yield start
    for child in started:
        child.kill()
        child.communicate()
