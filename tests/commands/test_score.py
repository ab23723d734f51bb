"""``bdhvs score``: what was handed in before there was a calibration, scored, and scored again by a new one."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import random
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

pytest.importorskip("numpy")
pytest.importorskip("scipy")

from bdhvs.bank.loader import Bank
from bdhvs.bank.paths import find_content
from bdhvs.cli import commands
from bdhvs.service.classrooms import ClassroomService
from bdhvs.service.learner import Learner
from bdhvs.service.quiz import QuizService
from bdhvs.store import Store
from bdhvs.store.export import response_rows
from tests.calibrated import add, calibrated_content, invented
from tests.service.conftest import Player

LEARNERS = 8


async def _class(store: Store, bank: Bank) -> None:
    clock = iter(range(1_760_000_000_000_000, 1_790_000_000_000_000, 1_000_000))
    rooms = ClassroomService(store, now_us=lambda: next(clock))
    quiz = QuizService(bank, store, now_us=lambda: next(clock))
    room = await rooms.open_class("Lớp thử", new=True)
    rng = random.Random(3)
    for number in range(LEARNERS):
        joined = await rooms.join(room.code, f"Người {number}", "vi")
        player = Player(quiz, Learner(joined.learner.id, room.id), bank)
        for shown in (await player.open("thu-suc")).items:
            await player.answer(shown.id, right=bank.item(shown.id).level <= rng.choice([1, 2, 3, 4]))
        await player.act("finish")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with Store.open(tmp_path / "data") as store:
        asyncio.run(_class(store, Bank.load()))
    return tmp_path / "data"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    (tmp_path / "content").mkdir()
    calibrated_content(tmp_path / "content", synthetic=False)
    return tmp_path / "content"


def run(*words: object, code: int = 0) -> Result:
    found = CliRunner().invoke(commands, [str(one) for one in words])
    assert (found.exit_code == 0) == (code == 0), found.output + str(found.exception)
    return found


def score(data: Path, content: Path, *more: object) -> Result:
    return run("score", data, "--content", content, *more)


def test_scores_are_added_once_and_a_new_calibration_says_what_it_moved(data: Path, content: Path) -> None:
    first = json.loads(score(data, content, "--json").output)
    assert first["written"]
    assert first["shown"]
    assert first["by"]["calibration"] == "2026-11-01"
    assert len(first["scored"]) == LEARNERS
    assert {one["reason"] for one in first["scored"]} == {"handed_in"}
    assert "nothing to score" in score(data, content).output

    bank = Bank.load(content)
    harder = invented(bank, version="2026-11-02", synthetic=False, shift=1.0).model_copy(update={"previous": "2026-11-01"})
    add(find_content(content), harder, cuts=False)  # the scale and so the cuts are kept: whoever did as much is now more able
    again = json.loads(score(data, content, "--json", "--dry-run").output)
    said = score(data, content).output
    assert "8 by another version before" in said
    moved = [one for one in again["scored"] if one["moved"]]
    assert moved
    order = ["below", "co_ban", "trung_cap"]
    for pair in (pair for one in moved for pair in one["moved"].values() if "insufficient" not in pair):
        assert order.index(pair[0]) < order.index(pair[1])
    assert {one["before"] for one in again["scored"]} == {first["by"]["version"]}
    with Store.read_only(data) as store:
        rows = store.scores()
        assert len(rows) == 2 * LEARNERS
        newest = {row["calibration"] for row in response_rows(store)}
    assert newest == {"2026-11-02"}


def test_an_older_calibration_may_be_asked_for_and_is_told_to_be_for_comparison(data: Path, content: Path, tmp_path: Path) -> None:
    bank = Bank.load(content)
    add(find_content(content), invented(bank, version="2026-11-02", synthetic=False))
    found = score(data, content, "--calibration", "2026-11-01").output
    assert "for comparison" in found
    elsewhere = content / "assessments" / "calibration" / "2026-11-01.yaml"
    assert "nothing to score" in score(data, content, "--calibration", elsewhere).output


def test_only_attempts_since_a_day(data: Path, content: Path) -> None:
    with Store.read_only(data) as store:
        days = sorted({row["started_at"][:10] for row in response_rows(store)})
    assert json.loads(score(data, content, "--dry-run", "--json", "--since", days[0]).output)["scored"]
    assert not json.loads(score(data, content, "--dry-run", "--json", "--since", "2099-01-01").output)["scored"]
    with Store.read_only(data) as store:
        assert store.scores() == []


def test_without_a_calibration_the_message_says_what_to_do(data: Path, tmp_path: Path) -> None:
    found = CliRunner().invoke(commands, ["score", str(data)])
    assert found.exit_code != 0
    assert "bdhvs calibrate" in str(found.exception)


def test_simulated_learners_score_nobody_unless_asked_for(data: Path, tmp_path: Path) -> None:
    (tmp_path / "trial").mkdir()
    calibrated_content(tmp_path / "trial")
    found = CliRunner().invoke(commands, ["score", str(data), "--content", str(tmp_path / "trial"), "--calibration", "2026-11-01"])
    assert "simulated learners" in str(found.exception)
    assert "SIMULATED" in score(data, tmp_path / "trial", "--synthetic").output


def test_a_person_s_history_and_the_table_of_scores(data: Path, content: Path) -> None:
    score(data, content)
    with Store.read_only(data) as store:
        who = store.learners(store.classrooms()[0].id)[0].id
        (row,) = store.scores_of(who)
    (one,) = json.loads(run("person", "scores", data, who, "--content", content, "--json").output)
    assert one["by"]["calibration"] == "2026-11-01"
    assert one["domains"]["1"]["ability"] == row.details["domains"]["1"]["ability"]
    assert "± " in run("person", "scores", data, who, "--content", content).output
    table = list(csv.DictReader(io.StringIO(run("results", data, "--scores").output.removeprefix("\ufeff"))))
    assert len(table) == 6 * LEARNERS
    mine = next(line for line in table if line["learner"] == who and line["domain"] == "1")
    assert float(mine["ability"]) == one["domains"]["1"]["ability"]
    assert mine["newest"] == "true"
    assert "autonomy" in run("results", "--scores", "--columns").output


def test_the_report_names_bands_by_the_scores_that_are_there(data: Path, content: Path) -> None:
    assert "2026-11-01" in run("report", data, "--content", content, "--lang", "en").output
    score(data, content)
    out = data.parent / "report.html"
    run("report", data, "--content", content, "--html", out, "--lang", "en")
    page = out.read_text("utf-8")
    assert "8 of 8 learners have handed in a quiz" in page
    assert "Intermediate" in page
    assert "Người 1" not in page
