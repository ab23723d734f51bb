"""The data folder: what is refused before anything is written, its secret, its one owner."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from bdhvs.errors import StoreError, StoreOwned
from bdhvs.store import CannotWrite, Store
from bdhvs.store.folder import DataFolder, free_bytes

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")


def test_a_missing_folder_is_made_only_when_asked(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="found nothing, expected a data folder"):
        Store.open(tmp_path / "a" / "b", create=False)
    assert not (tmp_path / "a").exists()
    Store.open(tmp_path / "a" / "b").close()
    Store.open(tmp_path / "a" / "b", create=False).close()


def test_an_empty_folder_holds_no_class_unless_one_may_be_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="expected the data of a class"):
        Store.open(tmp_path, create=False)
    with pytest.raises(StoreError, match="expected the data of a class"):
        Store.read_only(tmp_path)
    Store.open(tmp_path).close()  # the refusal let go of the lock


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="found a file, expected a folder"):
        Store.open(tmp_path / "file")
    with pytest.raises(StoreError, match="cannot be made"):
        Store.open(tmp_path / "file" / "inside")
    assert (tmp_path / "file").read_text() == "x"


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs /proc: a folder even root cannot write in")
def test_a_folder_that_cannot_be_written_is_refused() -> None:
    with pytest.raises(CannotWrite) as refused:
        Store.open("/proc/self")
    assert refused.value.reason == "read_only"


def test_a_nearly_full_disk_is_refused_before_the_class_begins(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite) as refused:
        DataFolder.own(tmp_path, min_free_bytes=free_bytes(tmp_path) * 2)
    assert refused.value.reason == "disk_full"
    DataFolder.own(tmp_path).release()


def test_the_secret_is_made_once_and_is_long_enough(folder: Path) -> None:
    with Store.open(folder) as store:
        secret = store.secret
        assert len(secret) == 32
        assert store.secret == secret
    with Store.open(folder) as store:
        assert store.secret == secret
        assert {one.name for one in folder.iterdir()} >= {"secret", "lock", "bdhvs.sqlite3"}
        assert not (folder / "secret.new").exists()
    with Store.open(folder.parent / "other") as store:
        assert store.secret != secret


@posix
def test_only_its_owner_reads_the_secret(store: Store) -> None:
    path = store.folder / "secret"
    _ = store.secret
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    _ = store.secret
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@posix
def test_names_and_answers_are_closed_to_others_also_after_a_copy_and_a_group_let_in_stays(folder: Path) -> None:
    Store.open(folder).close()
    assert stat.S_IMODE(folder.stat().st_mode) & 0o077 == 0
    database = folder / "bdhvs.sqlite3"
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
    database.chmod(0o664)
    Store.open(folder).close()
    assert stat.S_IMODE(database.stat().st_mode) == 0o660


def test_a_spoilt_secret_is_not_replaced_in_silence(store: Store) -> None:
    (store.folder / "secret").write_bytes(b"short")
    with pytest.raises(StoreError, match="found 5 bytes, expected 32; delete the file"):
        _ = store.secret
    (store.folder / "secret").unlink()
    (store.folder / "secret.new").write_bytes(b"left by a crash")
    assert len(store.secret) == 32


def test_one_process_owns_a_folder_and_a_killed_one_leaves_no_lock(folder: Path, start_child: Any) -> None:
    child = start_child("hold_folder.py", str(folder))
    assert child.stdout.readline() == "open\n"
    with pytest.raises(StoreOwned, match=rf"in use by process {child.pid}, since \d{{4}}-.* UTC, expected"):
        Store.open(folder)
    Store.read_only(folder).close()
    child.kill()
    child.wait()
    Store.open(folder).close()


def test_a_second_store_of_the_same_process_is_kept_out_too(store: Store) -> None:
    with pytest.raises(StoreOwned, match=str(os.getpid())):
        Store.open(store.folder)


def test_an_owner_who_left_no_name_is_still_an_owner(store: Store) -> None:
    (store.folder / "lock").write_text("{")
    with pytest.raises(StoreOwned, match="another process"):
        Store.open(store.folder)
