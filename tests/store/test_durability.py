"""What was acknowledged is there, whatever happens to the process or the disk. Real processes, real limits."""

from __future__ import annotations

import json
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from bdhvs.store import Store
from tests.store.making import Maker, begin

posix = pytest.mark.skipif(sys.platform == "win32", reason="uses POSIX signals and limits")


def stored_ids(store: Store) -> list[str]:
    return [event.event_id for rows in store.response_rows() for event in rows.events]


@posix
@pytest.mark.asyncio
async def test_a_killed_process_loses_no_acknowledged_answer(folder: Path, make: Maker, start_child: Any) -> None:
    with Store.open(folder) as store:
        begun = await begin(store, make)
        attempts = [make.attempt(begun.learner_id, begun.classroom.id) for _ in range(20)]
        for attempt in attempts:
            await store.start_attempt(attempt)
    child = start_child("write_until_killed.py", str(folder), *(attempt.id for attempt in attempts))
    acknowledged = [child.stdout.readline().strip() for _ in range(500)]
    child.send_signal(signal.SIGKILL)
    acknowledged += child.communicate()[0].split()

    with Store.open(folder) as store:  # at once: no stale lock, no repair by hand
        stored = stored_ids(store)
        assert len(acknowledged) >= 500
        assert set(acknowledged) <= set(stored)
        assert len(stored) == len(set(stored))
        places = [[event.seq for event in rows.events] for rows in store.response_rows()]
        assert all(found == list(range(1, len(found) + 1)) for found in places)
        assert await store.append([make.answer(attempts[0].id, 10**6)])


@posix
@pytest.mark.asyncio
async def test_writes_refused_at_a_file_limit_succeed_after_it_is_raised(
    folder: Path, make: Maker, start_child: Any
) -> None:
    with Store.open(folder) as store:
        begun = await begin(store, make)
    output, errors = start_child("meet_file_limit.py", str(folder), begun.attempt.id).communicate(timeout=60)
    said = json.loads(output or errors)
    assert said["reasons"] == ["io"]
    assert said["failing"] == "io"
    assert said["health"] is None
    assert said["acknowledged"]
    assert said["refused"]
    with Store.open(folder) as store:
        assert sorted(stored_ids(store)) == sorted(said["acknowledged"] + said["refused"])


@posix
def test_a_full_disk_refuses_and_recovers_and_a_read_only_disk_can_be_read(tmp_path: Path, start_child: Any) -> None:
    apart = ("unshare", "--user", "--map-root-user", "--mount")
    if shutil.which("unshare") is None:
        pytest.skip("needs unshare to mount a small disk")
    child = start_child("small_disk.py", str(tmp_path), before=apart)
    output, errors = child.communicate(timeout=60)
    if "unshare" in errors or "mount" in errors.splitlines()[-1:]:
        pytest.skip(f"this machine forbids mounting a small disk: {errors.splitlines()[0]}")
    assert json.loads(output or errors) == {
        "reason": "disk_full",
        "health": None,
        "read_only": "read_only",
        "classes": ["A", "B"],
    }
