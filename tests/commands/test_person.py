"""``bdhvs person``: the whole way on a real folder, and what it says when it cannot."""

from __future__ import annotations

import asyncio
import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bdhvs.cli import commands
from bdhvs.store import Store
from tests.store.making import Begun, Maker, begin


@pytest.fixture
def begun(tmp_path: Path) -> Begun:
    """A class with two learners; the second one, "Bà Năm", has begun nothing."""
    make = Maker()

    async def fill(store: Store) -> Begun:
        found = await begin(store, make)
        about = {"nickname": "Bà Năm", "name_kind": "nickname", "lang": "vi", "at_us": make.now_us()}
        await store.add_learner(make.id(), found.classroom.id, **about)  # type: ignore[arg-type]
        return found

    with Store.open(tmp_path / "data") as store:
        return asyncio.run(fill(store))


def run(tmp_path: Path, deed: str, *arguments: str, typed: str = "") -> Result:
    done = CliRunner().invoke(commands, ["person", deed, str(tmp_path / "data"), *arguments], input=typed)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def names(tmp_path: Path) -> list[str | None]:
    with Store.read_only(tmp_path / "data") as store:
        return [one.nickname for room in store.classrooms() for one in store.learners(room.id)]


def test_people_are_listed_and_named_by_the_end_of_the_pseudonym(tmp_path: Path, begun: Begun) -> None:
    listed = run(tmp_path, "list")
    assert f"{begun.learner_id}  {begun.classroom.code}  Bà Tư" in listed.output
    assert run(tmp_path, "rename", begun.learner_id[-12:].upper(), "Bà Tám").exit_code == 0
    assert "Bà Tám" in run(tmp_path, "list").output
    log = run(tmp_path, "log").output
    assert "rename" in log
    assert "Bà" not in log


@pytest.mark.parametrize(("deed", "left"), [("forget", [None, "Bà Năm"]), ("erase", ["Bà Năm"])])
def test_a_person_goes_after_a_question_and_a_reference_is_given(
    tmp_path: Path, begun: Begun, deed: str, left: list[str | None]
) -> None:
    assert run(tmp_path, deed, begun.learner_id, typed="n\n").exit_code == 1
    assert names(tmp_path) == ["Bà Tư", "Bà Năm"]
    done = run(tmp_path, deed, begun.learner_id, "--yes", "--lang", "en")
    assert done.exit_code == 0, done.output
    assert sorted(names(tmp_path), key=str) == sorted(left, key=str)
    with Store.read_only(tmp_path / "data") as store:
        (note,) = store.audit()
    assert (note.action, note.actor) == (deed, "cli")
    assert note.reference in done.output
    files = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert not [path for path in files for word in ("Bà Tư", begun.learner_id) if word.encode() in path.read_bytes()]


def test_all_that_is_held_is_printed_or_written_for_this_user_alone(tmp_path: Path, begun: Begun) -> None:
    with Store.read_only(tmp_path / "data") as store:
        who = store.learners(begun.classroom.id)[-1].id
    assert "Bà Năm" in run(tmp_path, "export", who, "--lang", "en").output
    assert json.loads(run(tmp_path, "export", who, "--json").output)["person"]["pseudonym"] == who
    out = tmp_path / "cho bà Năm"
    assert run(tmp_path, "export", who, "--out", str(out)).exit_code == 0
    assert json.loads((out / "du-lieu.json").read_text("utf-8"))["person"]["name"] == "Bà Năm"
    assert "Bà Năm" in (out / "du-lieu.txt").read_text("utf-8")
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}


def test_while_a_class_runs_the_teacher_s_page_is_named_and_nothing_is_changed(tmp_path: Path, begun: Begun) -> None:
    with Store.open(tmp_path / "data"):
        done = run(tmp_path, "forget", begun.learner_id, "--yes", "--lang", "en")
        listed = run(tmp_path, "list")
    assert done.exit_code == 1
    assert "teacher's page" in done.output
    assert "Bà Tư" in listed.output
    assert names(tmp_path) == ["Bà Tư", "Bà Năm"]


@pytest.mark.parametrize("who", ["", "0", "nobody", "019e0000-0000-7000-8000-000000000000", "%"])
def test_nobody_is_meant_by_a_wrong_pseudonym(tmp_path: Path, begun: Begun, who: str) -> None:
    done = run(tmp_path, "erase", who, "--yes", "--lang", "en")
    assert done.exit_code == 1
    assert "bdhvs person list" in done.output
    assert names(tmp_path) == ["Bà Tư", "Bà Năm"]


def test_an_end_that_means_two_people_is_refused(tmp_path: Path, begun: Begun) -> None:
    twin = "11111111" + begun.learner_id[8:]
    with Store.open(tmp_path / "data") as store:
        about = {"nickname": "Bà Tư", "name_kind": "nickname", "lang": "vi", "at_us": 1}
        asyncio.run(store.add_learner(twin, begun.classroom.id, **about))  # type: ignore[arg-type]
    done = run(tmp_path, "forget", begun.learner_id[-12:], "--yes", "--lang", "en")
    assert done.exit_code == 1
    assert "Please give more of it" in done.output
    assert run(tmp_path, "forget", twin, "--yes").exit_code == 0
    assert sorted(names(tmp_path), key=str) == ["Bà Năm", "Bà Tư", None]


def test_a_folder_without_data_is_not_made(tmp_path: Path) -> None:
    for deed in ("list", "log"):
        assert run(tmp_path, deed).exit_code == 1
    assert run(tmp_path, "erase", "abcdef", "--yes").exit_code == 1
    assert not (tmp_path / "data").exists()
