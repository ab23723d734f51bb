"""Simulated learners before a real class."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest

from bdhvs.bank.loader import Bank
from bdhvs.core.items.simulation import Simulation
from bdhvs.errors import NotAllowed, SetupError
from bdhvs.rehearsal.answers import some_answer
from bdhvs.rehearsal.child import ServedClass
from bdhvs.rehearsal.people import LEAVING, STEADY, STUCK, TEN, Manner, manners, names
from bdhvs.rehearsal.person import Happening, Pace, Person, RehearsalOver
from bdhvs.rehearsal.phone import Phone
from bdhvs.rehearsal.play import Play, Tally
from bdhvs.store import Store, events_of
from tests.clients import ClassProcess

ONE_LESSON = ("--lesson", "an-toan-truoc-lua-dao-otp")  # or the server makes four while the tests run
PATIENCE_S = 120


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedClass]:
    with ServedClass(tmp_path_factory.mktemp("class") / "data", *ONE_LESSON) as one:
        yield one


def take_part(room: ServedClass, manner: Manner, over: threading.Event | None = None) -> list[Happening]:
    """One person goes through the class; what was told of it."""
    told: list[Happening] = []
    pace = Pace(10_000, over or threading.Event())
    with closing(Phone(room.host, room.port)) as phone:
        Person("Bác Tư", manner, phone, pace, random.Random(1), told.append).take_part(room.told["code"])
    return told


def test_somebody_works_through_every_quiz_of_the_class_and_nothing_is_refused(room: ServedClass) -> None:
    kinds = [one.what for one in take_part(room, STEADY)]
    assert kinds[0] == "joined"
    assert kinds.count("finished") > 1
    assert kinds.count("answered") > 30


def test_who_is_stuck_asks_for_help_and_what_follows_counts_as_helped(tmp_path: Path) -> None:
    with ServedClass(tmp_path / "data", *ONE_LESSON, "--form", "thu-suc-ngan") as room:
        told = take_part(room, Manner((1, 2), asks=1, skips=0, helped=0))
    with Store.read_only(tmp_path / "data") as store:
        events = [event for rows in store.response_rows() for event in events_of(rows.attempt, rows.events)]
    names_of = [type(event).__name__ for event in events]
    assert names_of.count("HelpAsked") == 12 == [one.what for one in told].count("asked")
    assert {getattr(event, "help", "teacher") for event in events if type(event).__name__ == "Answered"} == {"teacher"}


def test_somebody_goes_away_and_leaves_questions_open(room: ServedClass) -> None:
    told = take_part(room, Manner((1, 2), asks=0, skips=0, leaves_after=2))
    assert [one.what for one in told if one.what in ("left", "finished")] == ["left"]
    assert {one.question for one in told if one.what == "answered"} == {1, 2}


def test_a_rehearsal_that_is_over_ends_in_the_middle_of_a_thought(room: ServedClass) -> None:
    over = threading.Event()
    over.set()
    with pytest.raises(RehearsalOver):
        take_part(room, STEADY, over)


def test_a_wrong_code_is_a_refusal(room: ServedClass) -> None:
    with closing(Phone(room.host, room.port)) as phone, pytest.raises(NotAllowed, match="404"):
        phone.join("BCDFGH", "Lan")


def test_a_phone_sends_the_same_fact_until_the_class_is_back(tmp_path: Path) -> None:
    with ClassProcess(tmp_path / "data", *ONE_LESSON) as served:
        pauses: list[float] = []

        def pause(seconds: float) -> None:
            pauses.append(seconds)
            served.start()

        phone = Phone("127.0.0.1", served.port, pause)
        phone.join(served.code, "Lan")
        opened = phone.open("thu-suc-ngan")
        item = opened["items"][0]
        served.kill()
        saved = phone.act("skip", opened["attempt"], item=item["id"])
        phone.close()
    assert len(pauses) == 1
    assert saved["state"]["status"] == "skipped"


def test_a_phone_that_does_not_try_again_says_that_the_class_is_away() -> None:
    with pytest.raises(ConnectionError):
        Phone("127.0.0.1", 9).visit("/")


def test_a_class_that_does_not_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(SetupError, match="found a file") as caught, ServedClass(tmp_path / "data"):
        pass
    assert caught.value.code == "class_not_started"


def test_a_whole_play_fills_the_class_and_stops_when_told(tmp_path: Path) -> None:
    told: list[Happening] = []
    with ServedClass(tmp_path / "data", *ONE_LESSON) as room:
        play, tally = Play(room, 12, speed=100, seed=1), Tally(told.append)
        play.start(tally.note)
        until = time.monotonic() + PATIENCE_S
        while (tally["joined"] < 12 or tally["answered"] < 20 or not tally["asked"]) and time.monotonic() < until:
            time.sleep(0.05)
        play.stop()
        assert not play.is_busy
    with Store.read_only(tmp_path / "data") as store:
        people = store.learners(store.classrooms()[0].id)
    assert len({one.nickname for one in people}) == 12 == tally["joined"]
    assert len(told) == sum(tally[what] for what in ("joined", "answered", "skipped", "asked", "finished", "left"))


def test_the_simulated_learners_load_nothing_that_holds_keys() -> None:
    program = (
        "import sys, bdhvs.rehearsal.play, bdhvs.rehearsal.browsers;"
        "print([m for m in sys.modules if m.startswith(('bdhvs.bank', 'bdhvs.service', 'bdhvs.store', 'bdhvs.core.items'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("students", [1, 2, 3, 10, 40, 200])
def test_a_class_of_any_size_has_somebody_who_needs_help_and_one_who_goes_away(students: int) -> None:
    chosen = manners(students)
    assert len(chosen) == students
    assert chosen[0] == STUCK
    assert chosen.count(LEAVING) == (students >= 3)
    if students >= 2 * len(TEN):
        assert set(chosen) == {*TEN, LEAVING}
    invented = names(students, random.Random(0))
    assert len(set(invented)) == students


def test_an_answer_is_not_given_twice_if_that_can_be_helped() -> None:
    item = {"kind": "single_choice", "body": {"options": [{"id": "1"}, {"id": "2"}]}}
    chance = random.Random(3)
    assert {some_answer(item, chance, [{"choice": "1"}])["choice"] for _ in range(20)} == {"2"}
    assert some_answer(item, chance, [{"choice": "1"}, {"choice": "2"}])["choice"] in "12"


@pytest.mark.browser
def test_a_real_browser_joins_and_answers(tmp_path: Path) -> None:
    from bdhvs.rehearsal.browsers import BrowserPhones, find_chromium

    if find_chromium() is None or shutil.which(str(find_chromium())) is None:
        pytest.skip("no Chromium")
    told: list[Happening] = []
    with ServedClass(tmp_path / "data", *ONE_LESSON, "--form", "thu-suc-ngan") as room:
        phones = BrowserPhones(room, 1, speed=1000)
        assert phones.start(told.append) is None
        until = time.monotonic() + PATIENCE_S
        while not any(one.what == "finished" for one in told) and time.monotonic() < until and phones.is_busy:
            time.sleep(0.1)
        phones.stop()
    assert [one.what for one in told][::len(told) - 1] == ["joined", "finished"]
    assert {one.question for one in told if one.what == "answered"} & set(range(2, 13))


@pytest.mark.browser
def test_without_a_browser_it_is_said_what_is_lacking(room: ServedClass, monkeypatch: pytest.MonkeyPatch) -> None:
    from bdhvs.rehearsal.browsers import BrowserPhones

    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    phones = BrowserPhones(room, 1, speed=1000)
    assert phones.start(lambda _: None) == "chromium"
    phones.stop()


@pytest.mark.parametrize("item", [one for one in Bank.load().items.values() if isinstance(one, Simulation)], ids=lambda item: item.id)
def test_what_a_simulated_learner_taps_on_a_practised_phone_can_be_done(item: Simulation) -> None:
    chance = random.Random(7)
    order = item.arrange(chance)
    shown = {"kind": "simulation", "body": json.loads(json.dumps(asdict(item.face(order, lambda text: text.vi))))}
    answers = [some_answer(shown, chance) for _ in range(50)]
    assert all(item.read(one, order)["actions"] for one in answers)
