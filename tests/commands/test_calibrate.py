"""``bdhvs calibrate`` on a data folder that learners have answered into."""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

pytest.importorskip("numpy")
pytest.importorskip("scipy")

from bdhvs.bank.calibration import load_calibrations
from bdhvs.bank.loader import Bank
from bdhvs.cli import commands
from bdhvs.service.classrooms import ClassroomService
from bdhvs.service.learner import Learner
from bdhvs.service.quiz import QuizService
from bdhvs.store import Store
from tests.service.conftest import Player

FORM = "thu-suc-ngan"
LEARNERS = 60


async def _class(store: Store, bank: Bank) -> None:
    clock = iter(range(1_760_000_000_000_000, 1_790_000_000_000_000, 1_000_000))
    rooms = ClassroomService(store, now_us=lambda: next(clock))
    quiz = QuizService(bank, store, now_us=lambda: next(clock))
    room = await rooms.open_class("Lớp thử", new=True)
    rng = random.Random(7)
    for number in range(LEARNERS):
        joined = await rooms.join(room.code, f"Người {number}", "vi")
        player = Player(quiz, Learner(joined.learner.id, room.id), bank)
        opened = await player.open(FORM)
        able = rng.gauss(0, 1)
        for shown in opened.items:
            level = bank.item(shown.id).level
            await player.answer(shown.id, right=rng.random() < 1 / (1 + 2.718 ** (0.8 * (level - 2) - able)))
        await player.act("finish")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    with Store.open(folder) as store:
        asyncio.run(_class(store, Bank.load()))
    return folder


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """The shipped bank, with a folder for calibrations of its own."""
    shipped = Bank.load().content
    (tmp_path / "assessments").mkdir()
    for part in ("items", "forms", "framework", "media"):
        (tmp_path / "assessments" / part).symlink_to((shipped.assessments / part).resolve())
    return tmp_path


def calibrate(*arguments: object) -> Result:
    return CliRunner().invoke(commands, ["calibrate", *map(str, arguments)])


def test_a_file_is_written_that_the_bank_reads_and_the_next_one_keeps_its_scale(data: Path, content: Path) -> None:
    first = calibrate(data, "--content", content)
    assert first.exit_code == 0, first.output
    assert f"{LEARNERS} learners" in first.output
    assert "the scale is new" in first.output
    assert "few_for_slope_prior" in first.output
    again = calibrate(data, "--content", content, "--json")
    assert again.exit_code == 0, again.output
    told = json.loads(again.output)
    bank = Bank.load(content)
    old, new = load_calibrations(bank.content, bank.items)
    assert (old.previous, new.previous) == (None, old.version)
    assert told["calibration"]["version"] == new.version
    assert abs(told["calibration"]["mean"]) < 1e-3
    assert [one for one in told["drift"] if one["moved"]] == []
    assert {one.id for one in new.items} <= set(bank.form(FORM).items)
    checked = CliRunner().invoke(commands, ["check", str(content)])
    assert checked.exit_code == 0, checked.output


def test_a_dry_run_and_a_simulation_are_marked_and_a_simulation_lends_no_scale(data: Path, content: Path) -> None:
    dry = calibrate(data, "--content", content, "--dry-run", "--kind", "pcm")
    assert "Nothing was written" in dry.output
    assert not (content / "assessments" / "calibration").exists()
    assert "SIMULATED" in calibrate(data, "--content", content, "--synthetic").output
    real = calibrate(data, "--content", content)
    assert "the scale is new" in real.output


def test_a_folder_without_answers_is_told_so(tmp_path: Path, content: Path) -> None:
    with Store.open(tmp_path / "empty") as store:
        asyncio.run(ClassroomService(store, now_us=lambda: 1_760_000_000_000_000).open_class("Lớp", new=True))
    done = calibrate(tmp_path / "empty", "--content", content)
    assert done.exit_code == 1
    assert "found no answer that counts" in str(done.exception)
    assert calibrate(tmp_path / "nowhere", "--content", content).exit_code == 1
