"""The pace kept by the service: for every client, over restarts, with no key before its time."""

from __future__ import annotations

import asyncio
import errno
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from bdhvs.bank.loader import Bank
from bdhvs.core.attempt import replay
from bdhvs.core.pace import Pace
from bdhvs.core.pace_commands import Begin, End, Free, Hold, Open, Reopen, Reveal, ShowAnswers, Wait
from bdhvs.errors import NotAllowed, StoreUnavailable
from bdhvs.service.board import Board
from bdhvs.service.classrooms import ClassroomService
from bdhvs.service.learner_sheet import learner_sheet
from bdhvs.service.pace import REOPEN_WITHIN_US, PaceService, ended_long_ago
from bdhvs.service.projected import projected
from bdhvs.service.protocol import Opened
from bdhvs.service.quiz import QuizService
from bdhvs.store import Store, events_of
from tests.service.conftest import Clock, Player

PRACTICE, ASSESSMENT = "lam-quen", "thu-suc"


@pytest.fixture
def pace(store: Store, clock: Clock) -> PaceService:
    return PaceService(store, now_us=clock)


@pytest.fixture
def board(bank: Bank, rooms: ClassroomService, clock: Clock, pace: PaceService) -> Board:
    return Board(room_of(rooms), bank, now_us=clock, offered=(PRACTICE, ASSESSMENT), pace_of=pace.of)


@pytest.fixture
def quiz(bank: Bank, store: Store, clock: Clock, pace: PaceService, board: Board) -> QuizService:
    return QuizService(bank, store, now_us=clock, pace_of=pace.of, on_change=board.changed)


def room_of(rooms: ClassroomService) -> str:
    return next(iter(rooms._open_ids))


@pytest.fixture
def lead(pace: PaceService, rooms: ClassroomService, bank: Bank) -> Any:
    """Puts the nth item of a form (from 0) on everybody's screen; its id."""

    async def opened(form: str, number: int = 0) -> str:
        items = bank.form(form).items
        await pace.do(room_of(rooms), Open(form, items[number], items))
        return items[number]

    return opened


async def refused(doing: Any) -> str:
    with pytest.raises(NotAllowed) as one:
        await doing
    return one.value.code


# ── what is taken ───────────────────────────────────────────────────────────────────────────────────


async def test_only_the_open_item_takes_answers(player: Player, bank: Bank, lead: Any) -> None:
    await player.open(ASSESSMENT)
    first = await lead(ASSESSMENT)
    ahead = bank.form(ASSESSMENT).items[5]
    assert await refused(player.answer(ahead, right=True)) == "not_open"
    for kind in ("skip", "go", "hint"):
        assert await refused(player.act(kind, item=ahead)) == "not_open"
    assert (await player.answer(first, right=True)).state.status == "answered"
    assert (await player.answer(first, right=False)).state.status == "answered", "an assessment lets one think again"


async def test_a_late_answer_counts_until_the_reveal_and_never_after(
    player: Player, other: Player, pace: PaceService, rooms: ClassroomService, lead: Any
) -> None:
    for one in (player, other):
        await one.open(ASSESSMENT)
    first = await lead(ASSESSMENT)
    await pace.do(room_of(rooms), Hold(ASSESSMENT, first))
    await player.answer(first, right=True)
    await lead(ASSESSMENT, 1)
    await player.answer(first, right=False)
    await lead(ASSESSMENT)
    await pace.do(room_of(rooms), Reveal(ASSESSMENT, first))
    for one in (player, other):
        assert await refused(one.answer(first, right=True)) == "revealed"
        assert await refused(one.act("skip", item=first)) == "revealed"
    await pace.do(room_of(rooms), Free(ASSESSMENT))
    assert await refused(other.answer(first, right=True)) == "revealed"
    assert (await other.act("go", item=first)).state.open is False


async def test_the_same_answer_sent_again_after_the_reveal_is_still_the_same_fact(
    player: Player, pace: PaceService, rooms: ClassroomService, lead: Any
) -> None:
    await player.open(ASSESSMENT)
    first = await lead(ASSESSMENT)
    await player.answer(first, right=True)
    await pace.do(room_of(rooms), Reveal(ASSESSMENT, first))
    again = {key: value for key, value in player.sent[-1].items() if key != "v"}
    assert (await player.say(**again)).state.status == "answered"


async def test_a_forward_only_form_jumps_to_where_the_class_is(
    player: Player, bank: Bank, store: Store, clock: Clock, pace: PaceService, lead: Any
) -> None:
    form = bank.form(ASSESSMENT)
    changed = form.model_copy(update={"allow_back": False})
    only_on = _with_form(bank, changed)
    player.quiz = QuizService(only_on, store, now_us=clock, pace_of=pace.of)
    await player.open(ASSESSMENT)
    third = await lead(ASSESSMENT, 2)
    await player.act("go", item=third)
    await player.answer(third, right=True)
    first = await lead(ASSESSMENT)
    assert (await player.answer(first, right=True)).state.status == "answered"
    restarted = Player(QuizService(only_on, store, now_us=clock, pace_of=pace.of), player.learner, bank)
    assert (await restarted.open(ASSESSMENT)).states[third].status == "answered"


def _with_form(bank: Bank, form: Any) -> Bank:
    return replace(bank, forms={**bank.forms, form.id: form})


async def test_who_begins_while_the_class_goes_together_gets_the_form_s_order(
    player: Player, bank: Bank, store: Store, clock: Clock, pace: PaceService, lead: Any
) -> None:
    shuffled = bank.form(ASSESSMENT).model_copy(update={"shuffle_items": True})
    player.quiz = QuizService(_with_form(bank, shuffled), store, now_us=clock, pace_of=pace.of)
    await lead(ASSESSMENT)
    opened = await player.open(ASSESSMENT)
    assert tuple(item.id for item in opened.items) == shuffled.items


# ── what is said ────────────────────────────────────────────────────────────────────────────────────


async def test_practice_says_nothing_of_the_key_until_the_reveal(
    player: Player, other: Player, pace: PaceService, rooms: ClassroomService, bank: Bank, store: Store, lead: Any
) -> None:
    first = await lead(PRACTICE)
    replies = []
    for one, right in ((player, True), (other, False)):
        await one.open(PRACTICE)
        replies.append((await one.answer(first, right=right)).state)
        assert await refused(one.answer(first, right=True)) == "closed_item", "a second try would be an oracle"
        assert await refused(one.act("finish")) == "together"
    right, wrong = (msgspec.structs.replace(state, response=None) for state in replies)
    assert right == wrong
    sheet = learner_sheet(
        store, player.learner.id, bank, class_name="", withheld=pace.of(room_of(rooms)).withholds
    )
    assert sheet.is_empty
    await pace.do(room_of(rooms), Reveal(PRACTICE, first))
    said = [(await one.open(PRACTICE)).states[first].feedback for one in (player, other)]
    assert [one.verdict == "right" for one in said] == [True, False]
    assert said[1].solution
    assert all(one.explanation for one in said)


async def test_reveal_gives_the_solution_to_who_has_not_answered_and_only_of_that_item(
    player: Player, pace: PaceService, rooms: ClassroomService, lead: Any
) -> None:
    await player.open(ASSESSMENT)
    first = await lead(ASSESSMENT)
    await pace.do(room_of(rooms), Reveal(ASSESSMENT, first))
    opened: Opened = await player.open(ASSESSMENT)
    told = {item: state.feedback for item, state in opened.states.items() if state.feedback}
    assert list(told) == [first]
    assert (told[first].verdict, bool(told[first].solution)) == ("none", True)  # type: ignore[union-attr]
    assert not opened.states[first].open


async def test_another_form_with_the_same_item_does_not_tell_it_either(
    player: Player, bank: Bank, store: Store, clock: Clock, pace: PaceService, lead: Any
) -> None:
    led = bank.form(ASSESSMENT)
    twin = led.model_copy(update={"id": "song-sinh"})
    player.quiz = QuizService(_with_form(bank, twin), store, now_us=clock, pace_of=pace.of)
    first = await lead(ASSESSMENT)
    await player.open("song-sinh")
    await player.answer(first, right=True)
    result = (await player.act("finish")).result
    assert [one.feedback for one in result.review if one.item in led.items] == [None] * len(led.items)


async def test_freed_practice_goes_on_where_its_tries_were(
    player: Player, pace: PaceService, rooms: ClassroomService, lead: Any
) -> None:
    first = await lead(PRACTICE)
    await player.open(PRACTICE)
    await player.answer(first, right=False)
    await pace.do(room_of(rooms), Free(PRACTICE))
    state = (await player.open(PRACTICE)).states[first]
    assert (state.open, state.feedback.retry, state.feedback.solution) == (True, True, None)
    assert (await player.answer(first, right=True)).state.feedback.verdict == "right"


async def test_the_opened_reply_tells_the_pace_and_no_key(player: Player, lead: Any) -> None:
    first = await lead(PRACTICE)
    opened = await player.open(PRACTICE)
    assert opened.pace.forms[PRACTICE].item == first
    assert (opened.pace.forms[PRACTICE].n, opened.pace.forms[PRACTICE].total, opened.pace.gate) == (1, 8, "begun")


# ── start and end ───────────────────────────────────────────────────────────────────────────────────


async def test_nobody_opens_a_quiz_before_the_class_has_begun(
    player: Player, pace: PaceService, rooms: ClassroomService
) -> None:
    await pace.do(room_of(rooms), Wait())
    assert await refused(player.open(PRACTICE)) == "not_begun"
    await pace.do(room_of(rooms), Begin())
    await player.open(PRACTICE)


async def test_the_end_hands_everything_in_and_tells_cut_off_from_not_reached(
    player: Player, other: Player, pace: PaceService, quiz: QuizService, rooms: ClassroomService, store: Store
) -> None:
    opened = await player.open(ASSESSMENT)
    await player.answer(opened.items[0].id, right=True)
    await other.open(PRACTICE)
    await other.act("pause")
    await pace.do(room_of(rooms), End())
    assert await quiz.finish_class(room_of(rooms)) == 2
    assert await quiz.finish_class(room_of(rooms)) == 0
    attempt = replay(events_of(*store.attempt(player.attempt)))  # type: ignore[misc]
    assert (attempt.status, attempt.finish_reason) == ("finished", "teacher")
    assert [attempt.outcome(item.id) for item in opened.items[:3]] == ["answered", "cut_off", "not_reached"]
    assert (await player.open(ASSESSMENT)).result is not None
    assert await refused(player.answer(opened.items[1].id, right=True)) == "class_ended"
    assert await refused(player.open(ASSESSMENT, again=True)) == "class_ended"
    assert await refused(player.open("thu-suc-ngan")) == "class_ended"


async def test_an_attempt_that_a_crash_left_open_is_handed_in_when_its_learner_comes(
    player: Player, pace: PaceService, rooms: ClassroomService
) -> None:
    await player.open(ASSESSMENT)
    await pace.do(room_of(rooms), End())
    assert (await player.open(ASSESSMENT)).status == "finished"


async def test_newcomers_are_let_in_again_when_the_class_is_reopened(
    pace: PaceService, rooms: ClassroomService, clock: Clock
) -> None:
    room = room_of(rooms)
    rooms.admits = lambda: pace.of(room).gate != "ended"
    code = next(iter(rooms._open))
    await pace.do(room, End())
    assert await refused(rooms.join(code, "Lan", "vi")) == "class_ended"
    await pace.do(room, Reopen())
    await rooms.join(code, "Lan", "vi")
    await pace.do(room, End())
    clock.now += REOPEN_WITHIN_US + 1
    assert await refused(pace.do(room, Reopen())) == "ended_long_ago"


async def test_serve_goes_on_with_a_class_that_ended_today_and_opens_a_new_one_later(
    pace: PaceService, rooms: ClassroomService, store: Store, clock: Clock
) -> None:
    assert not ended_long_ago(store, clock.now)
    await pace.do(room_of(rooms), End())
    assert not ended_long_ago(store, clock.now + REOPEN_WITHIN_US)
    assert ended_long_ago(store, clock.now + REOPEN_WITHIN_US + 1)
    await pace.do(room_of(rooms), Reopen())
    assert not ended_long_ago(store, clock.now + REOPEN_WITHIN_US + 1)


# ── on disk ─────────────────────────────────────────────────────────────────────────────────────────


async def test_a_restart_goes_on_in_mid_item_also_when_the_clock_went_back(
    pace: PaceService, rooms: ClassroomService, store: Store, clock: Clock, lead: Any
) -> None:
    room, before = room_of(rooms), Pace()
    for number in range(4):
        first = await lead(PRACTICE, number)
        await pace.do(room, Hold(PRACTICE, first))
        await pace.do(room, ShowAnswers(PRACTICE, first))
        if number % 2:
            await pace.do(room, Reveal(PRACTICE, first))
        clock.now -= 3_600_000_000
        before = pace.of(room)
    again = PaceService(store, now_us=clock)
    assert await again.load(room) == before == again.of(room)
    await again.do(room, End())
    third = PaceService(store, now_us=clock)
    assert (await third.load(room)).gate == "ended"
    await third.do(room, Reopen())


async def test_what_could_not_be_written_did_not_happen(
    pace: PaceService, rooms: ClassroomService, store: Store, lead: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await lead(PRACTICE)

    async def full(*_: Any) -> None:
        raise StoreUnavailable(errno.errorcode[errno.ENOSPC])

    woken: list[bool] = []
    with monkeypatch.context() as patch, pace.watched_by(lambda: woken.append(True)):
        patch.setattr(store, "append_class_event", full)
        with pytest.raises(StoreUnavailable):
            await pace.do(room_of(rooms), Reveal(PRACTICE, first))
    assert pace.of(room_of(rooms)).revealed == frozenset()
    assert woken == []


async def test_two_teachers_at_once_make_one_story(
    pace: PaceService, rooms: ClassroomService, store: Store, clock: Clock, bank: Bank
) -> None:
    items = bank.form(PRACTICE).items
    await asyncio.gather(*(pace.do(room_of(rooms), Open(PRACTICE, item, items)) for item in items for _ in range(3)))
    again = PaceService(store, now_us=clock)
    assert await again.load(room_of(rooms)) == pace.of(room_of(rooms))


# ── looked at ───────────────────────────────────────────────────────────────────────────────────────


async def test_the_wall_shows_no_key_before_the_reveal_and_the_key_after(
    player: Player, board: Board, bank: Bank, pace: PaceService, rooms: ClassroomService, lead: Any
) -> None:
    assert projected(board, bank, "vi") is None
    kinds = set()
    await player.open(ASSESSMENT)
    for number, item in enumerate(bank.form(ASSESSMENT).items):
        kinds.add(bank.item(item).kind)
        await lead(ASSESSMENT, number)
        await player.answer(item, right=True)
        shown = projected(board, bank, "vi")
        assert shown is not None
        assert (shown.solution, shown.explanation) == (None, None)
        assert {(part.count, part.key) for part in shown.parts} <= {(None, False)}
        assert (shown.led.n, shown.led.answered, shown.led.here) == (number + 1, 1, 1)
        await pace.do(room_of(rooms), ShowAnswers(ASSESSMENT, item))
        shown = projected(board, bank, "vi")
        assert shown is not None
        assert not any(part.key for part in shown.parts)
        assert shown.typed == (), "what one person typed stays off the wall"
        await pace.do(room_of(rooms), Reveal(ASSESSMENT, item))
        shown = projected(board, bank, "vi")
        assert shown is not None
        assert shown.solution
    assert len(kinds) >= 5
