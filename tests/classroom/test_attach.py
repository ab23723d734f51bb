"""Attaching to a class that runs: by its folder, by the teacher's link, from another kernel; and what it can do then."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import bdhvs
from bdhvs.errors import SetupError
from tests.test_classroom import LOOPBACK, joined


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[bdhvs.Classroom]:
    with bdhvs.open_class(tmp_path_factory.mktemp("class") / "data", name="Lớp thử", host=LOOPBACK) as one:
        yield one


def test_it_is_found_by_its_folder_and_by_the_teacher_s_link(room: bdhvs.Classroom) -> None:
    assert room.data is not None
    for where in (room.data, str(room.data), room.teacher_url):
        found = bdhvs.attach(where)
        assert (found.name, found.code, found.join_url) == ("Lớp thử", room.code, room.join_url)
        assert found.is_open
        assert "<svg" in found._repr_html_()
        assert found.data is not None
        assert found.data.samefile(room.data)


def test_without_a_place_the_folder_of_the_environment_is_meant(room: bdhvs.Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BDHVS_DATA", str(room.data))
    assert bdhvs.attach().code == room.code


def test_open_class_may_give_the_one_that_runs(room: bdhvs.Classroom) -> None:
    assert room.data is not None
    assert bdhvs.open_class(room.data, attach=True, name="Khác").name == "Lớp thử"


def test_the_note_is_the_owner_s_and_goes_with_the_class(tmp_path: Path) -> None:
    with bdhvs.open_class(tmp_path, host=LOOPBACK):
        assert (tmp_path / "running.json").stat().st_mode & 0o077 == 0
        found = bdhvs.attach(tmp_path)
        found.close()  # whoever attached may stop it
        assert not found.is_open
    assert not (tmp_path / "running.json").exists()
    found.close()  # harmless
    with pytest.raises(SetupError) as refused:
        bdhvs.attach(tmp_path)
    assert refused.value.code == "not_running"


def test_a_note_left_behind_by_a_killed_class_is_no_class(tmp_path: Path) -> None:
    killed = bdhvs.open_class(tmp_path, host=LOOPBACK)
    killed._server.process.kill()  # type: ignore[attr-defined]
    killed._server.process.wait()  # type: ignore[attr-defined]
    killed.close()
    assert (tmp_path / "running.json").exists()
    with pytest.raises(SetupError, match="open_class"):
        bdhvs.attach(tmp_path, lang="en")
    with bdhvs.open_class(tmp_path, host=LOOPBACK, attach=True) as again:
        assert again.code == killed.code, "a new start goes on with the class"


@pytest.mark.parametrize("link", ["http://127.0.0.1:1/xyz", "ftp://a/gv/b", "http:///gv/b", "https://a/gv/b/c"])
def test_what_is_no_teacher_s_link_is_said_in_words(link: str) -> None:
    with pytest.raises(SetupError, match="not a teacher's link") as refused:
        bdhvs.attach(link, lang="en")
    assert refused.value.code == "bad_link"


def test_a_wrong_or_old_link_and_a_dead_address_are_told_apart(room: bdhvs.Classroom) -> None:
    base = room.join_url.rsplit("/j/", 1)[0]
    for link, code in ((f"{base}/gv/abc", "not_teacher"), ("http://127.0.0.1:1/gv/abc", "class_away")):
        with pytest.raises(SetupError) as refused:
            bdhvs.attach(link)
        assert refused.value.code == code
        assert "abc" not in str(refused.value), "a token is never quoted"


def test_another_program_in_the_place_of_the_class_is_no_class(tmp_path: Path) -> None:
    for content in ("", "[]", "{", json.dumps({"teacher_url": 3, "join_url": "", "pid": 1})):
        (tmp_path / "running.json").write_text(content)
        with pytest.raises(SetupError) as refused:
            bdhvs.attach(tmp_path)
        assert refused.value.code == "not_running"


def test_a_class_whose_folder_is_not_here_shows_its_qr_but_gives_no_files(
    room: bdhvs.Classroom, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("bdhvs.classroom.room.read_running", lambda folder: None)  # as on another machine
    found = bdhvs.attach(room.teacher_url, lang="en")
    assert found.data is None
    assert "<svg" in found._repr_html_()
    for act in (found.close, found.responses, lambda: found.report(tmp_path)):
        with pytest.raises(SetupError) as refused:
            act()
        assert refused.value.code == "elsewhere"
    assert room.is_open


def test_only_the_teacher_learns_of_the_class(room: bdhvs.Classroom) -> None:
    base = room.join_url.rsplit("/j/", 1)[0]
    with joined(room) as learner, httpx.Client(trust_env=False) as nobody:
        for client in (learner, nobody):
            reply = client.get(f"{base}/gv/lop.json")
            assert reply.status_code == 403
            assert str(room.data) not in reply.text


def test_the_report_is_written_as_page_paper_and_tables(room: bdhvs.Classroom, tmp_path: Path) -> None:
    with joined(room, "Chị Hoa") as learner:
        learner.post("/api/quiz", json={"v": 1, "type": "open", "form": "lam-quen"})
    made = room.report(tmp_path / "bao-cao")
    assert [file.suffix for file in made.files] == [".html", ".pdf", ".xlsx"]
    page, paper, table = (file.read_bytes() for file in made.files)
    assert "Chị Hoa" not in page.decode()
    assert paper.startswith(b"%PDF")
    assert table.startswith(b"PK")
    assert all(file.name in made._repr_html_() for file in made.files)
    assert "Chị Hoa" in room.report(tmp_path, names=True).files[0].read_text("utf-8")
    with pytest.raises(SetupError) as refused:
        room.report(made.files[0])  # a file in the place of the folder
    assert refused.value.code == "cannot_write"


def test_without_the_extra_the_page_is_written_and_what_is_missing_said(
    room: bdhvs.Classroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bdhvs.errors import MissingExtra

    def missing(*_: object) -> bytes:
        raise MissingExtra("fpdf2", "report")

    monkeypatch.setattr("bdhvs.classroom.report.report_file", missing)
    made = room.report(tmp_path)
    assert [file.suffix for file in made.files] == [".html"]
    assert 'pip install "bdhvs[report]"' in made.missing


def test_a_class_offers_the_chosen_lessons_and_forms_only(tmp_path: Path) -> None:
    with bdhvs.open_class(tmp_path, host=LOOPBACK, lessons=["dich-vu-cong-dau-tien"], forms=["lam-quen"]) as room, joined(room) as learner:
        home = learner.get("/lop").text
        assert "/kiem-tra/lam-quen" in home
        assert "/kiem-tra/thu-suc" not in home
        assert "an-toan-truoc-lua-dao-otp" not in home
    with pytest.raises(SetupError, match="unknown_form"):
        bdhvs.open_class(tmp_path, host=LOOPBACK, forms=["khong-co"])
    with pytest.raises(SetupError) as refused:
        bdhvs.open_class(tmp_path, host=LOOPBACK, lessons=[])
    assert refused.value.code == "nothing_offered"
