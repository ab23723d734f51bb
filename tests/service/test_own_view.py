"""What people say of themselves changes no number about what they do; and what a teacher is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from bdhvs.analysis.scored import NothingToScore, scored
from bdhvs.bank.checks import coverage
from bdhvs.bank.loader import Bank
from bdhvs.core.decisions import NOTHING
from bdhvs.core.items.self_assessment import SelfAssessment
from bdhvs.service.board import Board
from bdhvs.service.board_view import Looking
from bdhvs.service.class_report import ClassReport, class_report
from bdhvs.service.classrooms import ClassroomService
from bdhvs.service.held import as_text, held
from bdhvs.service.learner import Learner
from bdhvs.service.learner_sheet import learner_sheet
from bdhvs.service.overview import overview
from bdhvs.service.own_view import OwnWords, Said, own_view
from bdhvs.service.quiz import QuizService
from bdhvs.service.swaps import candidates
from bdhvs.store import Store
from bdhvs.store.export import csv_lines, response_rows
from tests.service.conftest import Clock, Player

FORM = "tu-xem-minh"  # four self-assessments, seven tasks
TASKS = 7


class Class:
    """A class in a folder of its own, whose people say what the test wants and do what it wants."""

    def __init__(self, folder: Path, bank: Bank) -> None:
        self.bank, self.clock = bank, Clock()
        self.store = Store.open(folder)
        self.rooms = ClassroomService(self.store, now_us=self.clock)
        self.quiz = QuizService(bank, self.store, now_us=self.clock)
        self.people: list[Learner] = []

    async def open(self) -> Class:
        await self.rooms.open_class("Lớp thử")
        return self

    async def take(self, *, says: str | None, does: bool, sure: int | None = None) -> Player:
        """Somebody joins and hands in ``tu-xem-minh``; `says`: "can", "cannot", or nothing at all."""
        self.clock.now += 1_000_000
        joined = await self.rooms.join(next(iter(self.rooms._open)), f"Bác {len(self.people)}", "en")
        self.people.append(joined.learner)
        player = Player(self.quiz, joined.learner, self.bank)
        for shown in (await player.open(FORM)).items:
            if shown.kind != "self_assessment":
                await player.answer(shown.id, right=does, confidence=sure)
            elif says is None:
                await player.act("skip", item=shown.id)
            else:
                await player.answer(shown.id, right=says == "can")
        return player

    def report(self) -> ClassReport:
        return class_report(self.store, self.store.classrooms()[0], self.bank, lang="en")


@pytest.fixture
async def room(tmp_path: Path, bank: Bank) -> Any:
    one = await Class(tmp_path / "one", bank).open()
    yield one
    one.store.close()


@pytest.fixture
async def silent(tmp_path: Path, bank: Bank) -> Any:
    one = await Class(tmp_path / "silent", bank).open()
    yield one
    one.store.close()


async def results_of(room: Class, says: str | None) -> list[Any]:
    found = []
    for does in (True, False, True):
        player = await room.take(says=says, does=does)
        found.append((await player.act("finish")).result)
    return found


async def test_saying_something_changes_no_number_of_what_was_done(room: Class, silent: Class, bank: Bank) -> None:
    said, unsaid = await results_of(room, "can"), await results_of(silent, None)
    assert [(one.summary, one.domains, one.competences, one.next) for one in said] == [
        (one.summary, one.domains, one.competences, one.next) for one in unsaid
    ]
    assert f"0 of {TASKS} tasks" in said[1].summary
    assert f"{TASKS} of {TASKS} tasks" in said[0].summary
    one, other = room.report(), silent.report()
    assert (one.domains, one.hardest, one.lessons) == (other.domains, other.hardest, other.lessons)
    assert [(there.given, there.answered) for there in one.attendance] == [(TASKS, TASKS)] * 3
    assert [(there.given, there.answered) for there in other.attendance] == [(TASKS, TASKS)] * 3
    seen, unseen = (overview(each.store, each.store.classrooms()[0].id, bank, "en") for each in (room, silent))
    assert [asdict(line) for line in seen.competences] == [asdict(line) for line in unseen.competences]
    assert [(line.answered, line.right) for line in seen.learners] == [(TASKS, TASKS), (TASKS, 0), (TASKS, TASKS)]
    for each in (room, silent):
        sheet = learner_sheet(each.store, each.people[0].id, bank, class_name="Lớp", lang="en")
        assert f"{TASKS} of {TASKS}" in sheet.summary
        points = scored(response_rows(each.store))
        assert len(points.items) == TASKS
        assert sum(points.score) == sum(bank.item(item.id).maximum for item in points.items) * 2


async def test_no_points_are_stored_or_exported(room: Class, bank: Bank) -> None:
    await room.take(says="can", does=True)
    await room.take(says=None, does=True)
    rows = [row for row in response_rows(room.store) if row["kind"] == "self_assessment"]
    assert [(row["score"], row["max"]) for row in rows] == [(None, None)] * 8
    assert {row["verdict"] for row in rows if row["outcome"] == "answered"} == {"noted"}
    with pytest.raises(NothingToScore):
        scored(rows)
    about = held(room.store, room.people[0].id, bank, "en", room.clock.now)
    own = [one for one in about["attempts"][0]["events"] if one["verdict"] == "noted"]
    assert [(one["points"], one["maximum"]) for one in own] == [(None, None)] * 4
    assert "None" not in as_text(about, "en")
    assert "None" not in "".join(csv_lines(room.store))


async def test_an_attempt_rebuilt_from_the_store_says_the_same(room: Class) -> None:
    player = await room.take(says="can", does=True)
    again = QuizService(room.bank, room.store, now_us=room.clock)
    opened = await Player(again, player.learner, room.bank).open(FORM)
    states = [opened.states[item.id] for item in opened.items if item.kind == "self_assessment"]
    assert [(state.status, state.response) for state in states] == [("answered", {"choice": "4"})] * 4


async def test_the_board_shows_an_answer_and_never_a_judgement(room: Class) -> None:
    player = await room.take(says="cannot", does=True)
    board = Board(player.learner.classroom_id, room.bank, now_us=room.clock, offered=(FORM,))
    await board.fill(room.store)
    view = board.view(Looking(form=FORM, item="tu-thay-nop-ho-so", marks=True, key=True), "en")
    cells = dict(zip((column.item for column in view.columns), view.rows[0].cells, strict=True))
    assert cells["tu-thay-nop-ho-so"].state == "answered"
    assert cells["nop-ho-so-khai-sinh"].state == "right"
    assert view.columns[0].judged == 0
    assert view.details is not None
    assert view.details.solution is None
    assert [choice.count for choice in view.details.choices] == [1, 0, 0, 0]


async def test_in_practice_it_is_noted_once_and_nothing_is_given_away(bank: Bank, store: Store, rooms: ClassroomService, clock: Clock) -> None:
    practice = bank.form(FORM).model_copy(update={"mode": "practice", "tries": 3})
    quiz = QuizService(replace(bank, forms={FORM: practice}), store, now_us=clock)
    joined = await rooms.join(next(iter(rooms._open)), "Bác", "en")
    player = Player(quiz, joined.learner, bank)
    await player.open(FORM)
    saved = await player.answer("tu-thay-nop-ho-so", right=False)
    assert saved.state.open is False
    assert (saved.state.feedback.verdict, saved.state.feedback.solution, saved.state.feedback.retry) == ("noted", None, False)


def test_no_pool_no_coverage_and_no_swap_takes_it_for_a_task(bank: Bank) -> None:
    own = [item for item in bank.items.values() if isinstance(item, SelfAssessment)]
    assert own
    assert sum(coverage(bank).counts.values()) == len(bank.items) - len(own)
    into = {item.id for item in candidates(bank, NOTHING, FORM, "nop-ho-so-khai-sinh")}
    assert into.isdisjoint(item.id for item in own)


async def test_how_sure_people_were_comes_back_and_asks_nothing_of_the_score(room: Class) -> None:
    player = await room.take(says=None, does=False, sure=4)
    opened = await player.open(FORM)
    assert opened.form.ask_confidence is True
    states = [opened.states[item.id] for item in opened.items if item.kind != "self_assessment"]
    assert {state.confidence for state in states} == {4}


# ── what the teacher is told ────────────────────────────────────────────────────────────────────────


async def many(room: Class, *people: tuple[str | None, bool], sure: int | None = None) -> Sequence[str]:
    for says, does in people:
        await room.take(says=says, does=does, sure=sure)
    return room.report().own_view


async def test_many_who_overrate_themselves_are_told_of_kindly_and_without_names(room: Class) -> None:
    said = await many(room, *[("can", False)] * 4, ("can", True), ("cannot", False))
    assert said[0].startswith("Many people think they can do it alone, but it does not go yet: of 5 who said so, 4 did")
    assert said[1].startswith("Most of all at: ")
    assert len(said) == 2
    assert not any("Bác" in one for one in said)


async def test_a_few_who_overrate_themselves_are_a_few(room: Class) -> None:
    said = await many(room, *[("can", True)] * 5, ("can", False))
    assert said == ("Of 6 people who said they can do something alone, 1 did fewer than half of its tasks alone. That is usual. Let people try first, then explain.",)


async def test_a_class_that_can_more_than_it_thinks_hears_it(room: Class) -> None:
    said = await many(room, *[("cannot", True)] * 3, *[("cannot", False)] * 2)
    assert len(said) == 1
    assert said[0].startswith("Of 5 people who did not say so of something, 3 did")


async def test_of_fewer_than_five_nothing_is_said(room: Class) -> None:
    assert await many(room, *[("can", False)] * 4, (None, True), sure=4) != ()  # five were sure of answers …
    assert not any("think they can" in one for one in room.report().own_view)  # … but four said they can


async def test_sure_and_not_right_is_counted_in_answers(room: Class) -> None:
    said = await many(room, *[(None, True)] * 3, *[(None, False)] * 2, sure=3)
    assert said == (f"Of {5 * TASKS} answers that people were sure of, {2 * TASKS} are not right yet. Looking once more helps also when one is sure.",)


def test_what_was_never_tried_is_set_beside_nothing(bank: Bank) -> None:
    words = OwnWords(said={"a": Said("4.2", (), True)})
    assert own_view([(words, {})] * 9, bank.framework, "vi") == ()
