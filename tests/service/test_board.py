"""The board in memory: states, calls for help, presence, counts, and nothing of a key unless asked."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from bdhvs.bank.loader import Bank
from bdhvs.core.items.choice import ChoiceItem
from bdhvs.service.board import Board
from bdhvs.service.board_rows import Cell, Row
from bdhvs.service.board_view import BoardView, Looking
from bdhvs.service.classrooms import ClassroomService
from bdhvs.service.quiz import QuizService
from bdhvs.service.seats import RELOAD_US, SILENCE_US
from bdhvs.store import Store
from tests.service.conftest import Clock, Player

PRACTICE, ASSESSMENT = "lam-quen", "thu-suc-ngan"


@pytest.fixture
async def rooms(store: Store, clock: Clock) -> ClassroomService:
    service = ClassroomService(store, now_us=clock)
    await service.open_class("Lớp thử")
    return service


@pytest.fixture
def board(rooms: ClassroomService, bank: Bank, clock: Clock) -> Board:
    one = Board(next(iter(rooms._open_ids)), bank, now_us=clock, offered=(PRACTICE, ASSESSMENT))
    rooms.on_join = one.joined
    return one


@pytest.fixture
def quiz(board: Board, bank: Bank, store: Store, clock: Clock) -> QuizService:
    return QuizService(bank, store, now_us=clock, on_change=board.changed)


def seen(board: Board, form: str = "", **asked: object) -> BoardView:
    return board.view(Looking(form=form, **asked), "vi")  # type: ignore[arg-type]


def row(view: BoardView, number: int = 1) -> Row:
    return next(one for one in view.rows if one.number == number)


async def test_an_item_goes_from_not_started_over_thinking_to_its_mark(board: Board, player: Player) -> None:
    assert row(seen(board, PRACTICE)).cells[0] == Cell("not_started", False)
    opened = await player.open(PRACTICE)
    first, second, third = [one.id for one in opened.items][:3]
    assert [one.state for one in row(seen(board, PRACTICE)).cells[:2]] == ["thinking", "not_started"]
    await player.answer(first, right=True)
    await player.answer(second, right=False)
    await player.act("skip", item=third)
    assert [one.state for one in row(seen(board, PRACTICE)).cells[:4]] == ["right", "wrong", "skipped", "thinking"]


async def test_help_of_every_kind_is_marked(board: Board, player: Player) -> None:
    opened = await player.open(PRACTICE)
    by_hand, retried, alone = [one.id for one in opened.items][:3]
    await player.answer(by_hand, right=True, help="teacher")
    await player.answer(retried, right=False)
    await player.answer(retried, right=True)
    await player.answer(alone, right=True)
    assert row(seen(board, PRACTICE)).cells[:3] == (Cell("right", True), Cell("right", True), Cell("right", False))


async def test_an_assessment_is_not_judged_until_the_teacher_asks(board: Board, player: Player) -> None:
    opened = await player.open(ASSESSMENT)
    one, other = [item.id for item in opened.items][:2]
    await player.answer(one, right=True)
    await player.answer(other, right=False)
    plain, judged = seen(board, ASSESSMENT), seen(board, ASSESSMENT, marks=True)
    place = {column.item: at for at, column in enumerate(plain.columns)}
    assert [row(plain).cells[place[item]].state for item in (one, other)] == ["answered", "answered"]
    assert [row(judged).cells[place[item]].state for item in (one, other)] == ["right", "wrong"]
    assert not plain.missed
    assert [judged.columns[at].item for at in judged.missed] == [other]


async def test_who_calls_longest_is_on_top_until_it_is_done(
    board: Board, player: Player, other: Player, clock: Clock
) -> None:
    first = (await player.open(PRACTICE)).items[0].id
    second = (await other.open(PRACTICE)).items[0].id
    clock.now += 60_000_000
    await other.act("ask_help", item=second)
    called_at = clock.now
    clock.now += 60_000_000
    await player.act("ask_help", item=first)
    view = seen(board)
    assert [one.number for one in view.rows] == [2, 1]
    assert view.rows[0].call is not None
    assert view.rows[0].call.since_ms == called_at // 1000
    assert view.rows[0].call.place.endswith("Câu 1")
    assert view.counts.calls == 2
    await other.answer(second, right=True)
    assert [one.number for one in seen(board).rows] == [1, 2]
    assert seen(board).counts.calls == 1


async def test_a_page_makes_present_and_a_reload_is_no_absence(board: Board, player: Player, clock: Clock) -> None:
    with board.page_of(player.learner.id):
        clock.now += 2 * SILENCE_US
        assert row(seen(board)).here
    left_at = clock.now
    clock.now += RELOAD_US
    assert row(seen(board)).here
    with board.page_of(player.learner.id):
        clock.now += RELOAD_US + 1
        assert row(seen(board)).here
    left_at = clock.now
    clock.now += RELOAD_US + 1
    assert not row(seen(board)).here
    assert row(seen(board)).away_ms == left_at // 1000
    assert (seen(board).counts.here, seen(board).counts.lost) == (0, 1)


async def test_without_a_stream_messages_are_signs_of_life(board: Board, player: Player, clock: Clock) -> None:
    await player.open(PRACTICE)
    clock.now += SILENCE_US
    assert row(seen(board)).here
    clock.now += 1
    assert not row(seen(board)).here


async def test_of_two_pages_one_may_close(board: Board, player: Player, clock: Clock) -> None:
    with board.page_of(player.learner.id):
        with board.page_of(player.learner.id):
            pass
        clock.now += 2 * RELOAD_US
        assert row(seen(board)).here


async def test_counts_are_of_those_who_are_here(board: Board, player: Player, other: Player, clock: Clock) -> None:
    await other.open(PRACTICE)
    opened = await player.open(PRACTICE)
    for item in opened.items[:2]:
        await other.answer(item.id, right=False)
        await player.answer(item.id, right=True)
    with board.page_of(player.learner.id):
        clock.now += SILENCE_US + 1
        view = seen(board)
    assert (view.counts.in_class, view.counts.here, view.counts.current) == (2, 1, 3)
    column = view.columns[0]
    assert (column.answered, column.answered_here, column.judged, column.right) == (2, 1, 2, 1)


async def test_the_items_missed_most_come_first(board: Board, player: Player, other: Player) -> None:
    items = [one.id for one in (await player.open(PRACTICE)).items]
    await other.open(PRACTICE)
    await player.answer(items[0], right=True)
    await other.answer(items[0], right=False)
    await player.answer(items[1], right=False)
    await other.answer(items[1], right=False)
    await player.answer(items[2], right=True)
    assert list(seen(board).missed) == [1, 0]


async def test_options_are_counted_in_the_author_s_order_and_the_key_comes_when_asked(
    board: Board, bank: Bank, player: Player, other: Player
) -> None:
    opened = await player.open(ASSESSMENT)
    await other.open(ASSESSMENT)
    item = next(bank.item(one.id) for one in opened.items if one.kind == "single_choice")
    assert isinstance(item, ChoiceItem)
    await player.answer(item.id, right=True)
    await other.answer(item.id, right=False)
    details = seen(board, ASSESSMENT, item=item.id).details
    assert details is not None
    assert (details.answers, details.solution) == (2, None)
    assert {choice.key for choice in details.choices} == {None}
    wrong = next(option.id for option in item.options if not option.key)
    wanted = [int(option.id in {*item.keys, wrong}) for option in item.options]
    assert [choice.count for choice in details.choices] == wanted
    told = seen(board, ASSESSMENT, item=item.id, key=True).details
    assert told is not None
    assert [choice.key for choice in told.choices] == [option.key for option in item.options]
    assert told.solution


async def test_typed_answers_are_counted_and_escaped(board: Board, bank: Bank, player: Player) -> None:
    opened = await player.open(PRACTICE)
    typed = next(one for one in opened.items if one.kind == "short_text")
    await player.act("answer", item=typed.id, version=typed.version, response={"text": "<b>mã"})
    details = seen(board, PRACTICE, item=typed.id).details
    assert details is not None
    assert [(choice.html, choice.count) for choice in details.choices] == [("&lt;b&gt;mã", 1)]


@pytest.mark.parametrize("form", [PRACTICE, ASSESSMENT])
async def test_a_view_holds_no_key_and_no_explanation_unless_asked(
    board: Board, bank: Bank, player: Player, form: str
) -> None:
    opened = await player.open(form)
    for one in opened.items:
        await player.answer(one.id, right=False)
    for one in opened.items:
        view = seen(board, form, item=one.id)
        assert view.details is not None
        assert view.details.solution is None
        assert all(choice.key is None for choice in view.details.choices)
        text = msgspec.json.encode(view).decode()
        explanation = bank.item(one.id).explanation
        assert explanation is None or explanation.vi[:40] not in text


async def test_hidden_names_do_not_leave_the_server(board: Board, player: Player) -> None:
    await player.open(PRACTICE)
    assert row(seen(board)).name == "Lan"
    hidden = seen(board, names=False)
    assert "Lan" not in msgspec.json.encode(hidden.rows).decode()
    assert player.learner.id not in msgspec.json.encode(seen(board)).decode()


async def test_a_second_lan_is_told_apart_and_a_correction_shows(board: Board, player: Player, other: Player) -> None:
    assert [one.name for one in seen(board).rows] == ["Lan", "Lan (2)"]
    board.rename(player.learner.id, "Lê Thị Lan")
    assert [one.name for one in seen(board).rows] == ["Lê Thị Lan", "Lan"]


async def test_a_forgotten_person_leaves_the_board_and_does_not_come_back(
    board: Board, store: Store, player: Player, other: Player
) -> None:
    await player.open(PRACTICE)
    read, loop = board._read, asyncio.get_running_loop()

    async def forget() -> None:
        await store.forget_person(player.learner.id)
        await board.forget_learner(player.learner.id)

    def forgotten_meanwhile(store: Store) -> object:
        found = read(store)
        board._read = read  # type: ignore[method-assign]
        asyncio.run_coroutine_threadsafe(forget(), loop).result()
        return found

    board._read = forgotten_meanwhile  # type: ignore[method-assign,assignment]
    await board.fill(store)
    assert [one.name for one in seen(board).rows] == ["Lan"]
    assert not board.knows(player.learner.id)


async def test_a_new_start_shows_what_the_store_knows_and_nobody_as_present(
    board: Board, bank: Bank, rooms: ClassroomService, store: Store, player: Player, clock: Clock
) -> None:
    opened = await player.open(PRACTICE)
    await player.answer(opened.items[0].id, right=True)
    await player.act("ask_help", item=opened.items[1].id)
    before = row(seen(board, PRACTICE))
    anew = Board(next(iter(rooms._open_ids)), bank, now_us=clock)
    await anew.fill(store)
    after = row(seen(anew, PRACTICE))
    assert (after.cells, after.call, after.name) == (before.cells, before.call, "Lan")
    assert (after.here, after.away_ms) == (False, None)


async def test_reading_the_store_never_turns_the_clock_back(board: Board, store: Store, player: Player) -> None:
    opened = await player.open(PRACTICE)
    stale = board._read(store)
    board._read = lambda _: stale  # type: ignore[method-assign]  # the read began before the answer came
    await player.answer(opened.items[0].id, right=True)
    await board.fill(store)
    assert row(seen(board, PRACTICE)).cells[0].state == "right"


async def test_the_attempt_begun_last_is_the_one_shown(board: Board, player: Player, clock: Clock) -> None:
    opened = await player.open(PRACTICE)
    await player.answer(opened.items[0].id, right=True)
    await player.act("finish")
    assert row(seen(board, PRACTICE)).finished
    clock.now += 1_000_000
    await player.open(PRACTICE, again=True)
    assert row(seen(board, PRACTICE)).cells[0].state == "thinking"


async def test_watchers_are_woken_by_joining_opening_answering_and_leaving(
    board: Board, rooms: ClassroomService, player: Player
) -> None:
    woken: list[str] = []
    with board.watched_by(lambda: woken.append("!")):
        await rooms.join(next(iter(rooms._open)), "Hoa", "vi")
        assert len(woken) == 1
        opened = await player.open(PRACTICE)
        assert len(woken) == 2
        await player.answer(opened.items[0].id, right=True)
        assert len(woken) == 3
        with board.page_of(player.learner.id):
            assert len(woken) == 4
        assert len(woken) == 5
    await player.act("skip", item=opened.items[1].id)
    assert len(woken) == 5


async def test_a_form_nobody_offers_falls_back_to_the_busiest(board: Board, player: Player) -> None:
    await player.open(ASSESSMENT)
    assert seen(board, "khong-co").form == ASSESSMENT
    assert [choice.opened for choice in seen(board).forms] == [0, 1]
