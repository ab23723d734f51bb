"""``bdhvs serve --class A --class B``: one server, several classes, the same ones again after a restart."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from bdhvs.cli import commands
from bdhvs.server.opening import ServeOptions, prepare_all
from bdhvs.store import Store
from tests.clients import ApiLearner

NAMES = ("Thôn Đoài", "Thôn Đông")


def options(data: Path, *names: str) -> ServeOptions:
    return ServeOptions(data, "Lớp", classes=names)


async def test_the_same_names_go_on_with_the_same_classes(store: Store, tmp_path: Path) -> None:
    first, _ = await prepare_all(options(tmp_path, *NAMES), store, ["http://lop"])
    again, _ = await prepare_all(options(tmp_path, NAMES[1], "Thôn Trung", NAMES[0]), store, ["http://lop"])
    assert [one.room.name for one in again] == [NAMES[1], "Thôn Trung", NAMES[0]]
    assert (again[2].room, again[0].room) == (first[0].room, first[1].room)
    assert len({one.room.code for one in again}) == 3


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(["--class", "A", "--class", "A"], "class_twice"), (["--class", "A", "--class", "B", "--names", "ds.txt"], "names_and_classes")],
)
def test_what_cannot_be_is_one_clean_sentence(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    (tmp_path / "ds.txt").write_text("Nguyễn Thị Hòa\n", "utf-8")
    arguments = [str(tmp_path / one) if one == "ds.txt" else one for one in arguments]
    done = CliRunner().invoke(commands, ["serve", str(tmp_path / "data"), "--host", "127.0.0.1", "--no-browser", *arguments])
    assert done.exit_code == 1
    assert sentence in done.output
    assert "Traceback" not in done.output


def test_learners_and_teachers_of_two_classes_on_one_server(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bdhvs", "serve", str(tmp_path / "data"), "--host", "127.0.0.1", "--json"]
    command += [word for name in NAMES for word in ("--class", name)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            told: dict[str, Any] = json.loads(server.stdout.readline())
            url = told["addresses"][0]
            assert [one["name"] for one in told["classes"]] == list(NAMES)
            for number, entrance in enumerate(told["classes"]):
                learner = ApiLearner(url)
                learner.join(entrance["code"], f"Bác {number}")
                for item in learner.open("thu-suc-ngan")["items"][: number + 2]:
                    learner.answer(item)
                learner.close()
            for number, entrance in enumerate(told["classes"]):
                with httpx.Client(follow_redirects=True, trust_env=False, timeout=30) as teacher:
                    page = teacher.get(entrance["teacher_url"])
                    assert entrance["code"] in page.text
                    origin = re.match(r"http://[^/]+", entrance["teacher_url"])
                    assert origin is not None
                    rows = teacher.get(f"{origin[0]}/gv/bang.json?form=thu-suc-ngan").json()["view"]["rows"]
                    assert [row["name"] for row in rows] == [f"Bác {number}"]
                    assert sum(state == "answered" for state, _ in rows[0]["cells"]) == number + 2
        finally:
            server.terminate()
