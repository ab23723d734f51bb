"""A class opened from a notebook: a real server on loopback, joined by a real learner."""

from __future__ import annotations

import ast
import os
import signal
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

import bdhvs
from bdhvs.errors import SetupError
from tests.widgets.conftest import kernel

LOOPBACK = "127.0.0.1"


@contextmanager
def joined(room: bdhvs.Classroom, name: str = "Lan") -> Iterator[httpx.Client]:
    """A learner who came in by the join link's form."""
    base = room.join_url.rsplit("/j/", 1)[0]
    with httpx.Client(base_url=base, headers={"origin": base}, trust_env=False) as client:
        reply = client.post("/vao", data={"code": room.code, "name": name})
        assert reply.status_code == 303, reply.text
        yield client


def test_a_learner_joins_and_the_answers_are_in_the_frame(tmp_path: Path) -> None:
    with bdhvs.open_class(tmp_path / "data", name="Lớp thử", host=LOOPBACK) as room, joined(room) as learner:
        opened = learner.post("/api/quiz", json={"v": 1, "type": "open", "form": "lam-quen"})
        assert opened.status_code == 200, opened.text
        frame = room.responses()
        assert set(frame["item"]) == {shown["id"] for shown in opened.json()["items"]}
        assert room.is_open
    assert not room.is_open
    assert len(bdhvs.responses(room.data)) == len(frame)


def test_opening_again_goes_on_with_the_same_class(tmp_path: Path) -> None:
    codes = []
    for _ in range(2):
        with bdhvs.open_class(tmp_path / "data", host=LOOPBACK) as room:
            codes.append(room.code)
    assert codes[0] == codes[1]


def test_it_shows_its_code_and_says_when_it_has_stopped(tmp_path: Path) -> None:
    room = bdhvs.open_class(tmp_path / "data", name="Lớp <b>", host=LOOPBACK)
    try:
        shown = room._repr_html_()
        assert room.code in shown
        assert "<svg" in shown
        assert "Lớp &lt;b&gt;" in shown
        assert room.teacher_url in shown
    finally:
        room.close()
    room.close()  # harmless
    assert "<svg" not in room._repr_html_()
    assert str(room.data) in room._repr_html_()


def test_a_folder_that_runs_already_says_where_its_page_is(tmp_path: Path) -> None:
    with bdhvs.open_class(tmp_path / "data", host=LOOPBACK) as room:
        with pytest.raises(SetupError) as refused:
            bdhvs.open_class(tmp_path / "data", host=LOOPBACK, lang="en")
        assert refused.value.code == "already_running"
        assert room.teacher_url in str(refused.value)
        with joined(room) as learner:
            assert learner.get("/", follow_redirects=True).status_code == 200, "the running class is not disturbed"
        if os.name == "posix":
            assert stat.S_IMODE((tmp_path / "data" / "running.json").stat().st_mode) == 0o600
    assert not (tmp_path / "data" / "running.json").exists()


def test_a_start_that_fails_quotes_what_the_server_said(tmp_path: Path) -> None:
    with bdhvs.open_class(tmp_path / "one", host=LOOPBACK) as room:
        port = httpx.URL(room.join_url).port
        with pytest.raises(SetupError, match=f"port_in_use: port {port}"):
            bdhvs.open_class(tmp_path / "two", host=LOOPBACK, port=port)


def test_a_file_in_the_place_of_the_folder_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(SetupError, match="data"):
        bdhvs.open_class(tmp_path / "data", host=LOOPBACK)


@pytest.mark.skipif(sys.platform == "win32", reason="there a kernel ends all its children")
def test_the_class_outlives_the_kernel_that_opened_it(tmp_path: Path) -> None:
    with kernel(tmp_path / "home") as front:
        text = front.execute(
            f"import bdhvs; room = bdhvs.open_class({str(tmp_path / 'data')!r}, host={LOOPBACK!r}); room._server.process.pid, room.join_url"
        )["data"]["text/plain"]
        front.client.shutdown()
    pid, url = ast.literal_eval(text)
    try:
        assert httpx.get(url, trust_env=False, follow_redirects=True).status_code == 200
    finally:
        os.kill(pid, signal.SIGTERM)
        while not _gone(url):
            time.sleep(0.1)


def _gone(url: str) -> bool:
    try:
        httpx.get(url, trust_env=False)
    except httpx.TransportError:
        return True
    return False


def test_a_class_without_names_asks_for_none_and_keeps_none(tmp_path: Path) -> None:
    with bdhvs.open_class(tmp_path / "data", host=LOOPBACK, no_names=True) as room, joined(room, "Nguyễn Thị Lan") as learner:
        assert "Lan" not in learner.get("/lop").text
    assert "Nguyễn".encode() not in b"".join(path.read_bytes() for path in room.data.rglob("*") if path.is_file())
