"""What a teacher may put right: letting go on, taking a faulty item out, another item, another order."""

from __future__ import annotations

import asyncio

import pytest

from bdhvs.bank.loader import Bank
from bdhvs.errors import InvalidMessage, NotAllowed, NotFound
from bdhvs.service.board_view import Looking
from bdhvs.service.class_report import class_report
from bdhvs.service.form_lines import form_lines
from bdhvs.service.learner_sheet import learner_sheet
from bdhvs.service.overview import overview
from bdhvs.service.swaps import candidates
from bdhvs.store import Store
from bdhvs.store.export import csv_lines, response_rows
from tests.service.conftest import Clock, Player
from tests.service.repairing import LIMIT_MINUTES, TIMED, UNTIMED, Room, with_limit

WHY = "Đáp án in sai"
MINUTE_MS = 60_000


@pytest.fixture
async def room(bank: Bank, store: Store, clock: Clock) -> Room:
    return await Room.open(with_limit(bank), store, clock)


async def handed_in(room: Room, form: str, name: str = "Lan", wrong: tuple[int, ...] = (0,)) -> Player:
    """Somebody who answered everything, the places in `wrong` wrongly, and handed in."""
    player = await room.learner(name)
    opened = await player.open(form)
    for place, shown in enumerate(opened.items):
        await player.answer(shown.id, right=place not in wrong)
    await player.act("finish")
    return player


# ── letting go on ─────────────────────────────────────────────────────────────────────────────────────


async def test_a_reopened_attempt_goes_on_where_it_was_and_is_counted_anew(room: Room) -> None:
    player = await handed_in(room, UNTIMED)
    first = player.opened.items[0].id
    await room.repairs.reopen(player.learner.id, UNTIMED, "mistake")
    again = await room.restarted()
    player = again.same(player)
    shown = await player.open(UNTIMED)
    assert (shown.status, shown.result, shown.attempt) == ("started", None, player.attempt)
    assert all(state.feedback is None for state in shown.states.values())
    await player.answer(first, right=True)
    result = (await player.act("finish")).result
    assert sum(domain.alone for domain in result.domains) == 24


async def test_the_table_says_which_answers_came_after_the_solutions(room: Room) -> None:
    player = await handed_in(room, UNTIMED)
    (work,) = [one for one in await room.repairs.works(player.learner.id) if one.form.id == UNTIMED]
    assert work.solutions_out
    await room.repairs.reopen(player.learner.id, UNTIMED, "machine")
    await player.answer(player.opened.items[0].id, right=True)
    rows = [row for row in response_rows(room.store) if row["attempt"] == player.attempt]
    assert {row["reopened"] for row in rows} == {1}
    assert [row["after_solutions"] for row in rows if row["position"] == 1] == [False, True]
    assert not any(row["after_solutions"] for row in rows if row["position"] > 1)


async def test_the_time_stands_still_while_an_attempt_is_handed_in(room: Room) -> None:
    player = await room.learner()
    await player.open(TIMED)
    room.passes(5)
    await player.act("finish")
    room.passes(60)
    (work,) = [one for one in await room.repairs.works(player.learner.id) if one.form.id == TIMED]
    assert work.left_ms == 15 * MINUTE_MS
    await room.repairs.reopen(player.learner.id, TIMED, "mistake")
    room.passes(1)
    assert (await player.open(TIMED)).time_left_ms == 14 * MINUTE_MS
    await player.act("finish")
    room.passes(600)
    await room.repairs.reopen(player.learner.id, TIMED, "mistake", 2)
    again = await room.restarted()
    assert (await again.same(player).open(TIMED)).time_left_ms == 16 * MINUTE_MS


async def test_when_the_time_was_over_minutes_must_be_given(room: Room) -> None:
    player = await room.learner()
    await player.open(TIMED)
    room.passes(LIMIT_MINUTES + 30)
    await room.keeper.look()
    with pytest.raises(NotAllowed) as refused:
        await room.repairs.reopen(player.learner.id, TIMED, "interrupted")
    assert refused.value.code == "no_time_left"
    await room.repairs.reopen(player.learner.id, TIMED, "interrupted", 10)
    shown = await player.open(TIMED)
    assert (shown.status, shown.time_left_ms) == ("started", 10 * MINUTE_MS)
    await room.keeper.look()
    assert (await player.open(TIMED)).status == "started"


async def test_what_cannot_be_reopened_is_refused(room: Room) -> None:
    player = await room.learner()
    with pytest.raises(NotFound):
        await room.repairs.reopen(player.learner.id, UNTIMED, "mistake")
    await player.open(UNTIMED)
    with pytest.raises(NotAllowed) as refused:
        await room.repairs.reopen(player.learner.id, UNTIMED, "mistake")
    assert refused.value.code == "not_finished"
    await player.act("finish")
    with pytest.raises(InvalidMessage):
        await room.repairs.reopen(player.learner.id, UNTIMED, "because")


# ── a faulty item ─────────────────────────────────────────────────────────────────────────────────────


async def test_a_neutralised_item_leaves_every_result_and_comes_back_whole(room: Room, bank: Bank) -> None:
    player = await handed_in(room, UNTIMED)
    item = player.opened.items[0].id

    def told(at: Room) -> list[object]:
        """Every place that counts: result, sheet, report, overview, board."""
        report = class_report(at.store, at.row, at.bank)
        seen = overview(at.store, at.row.id, at.bank, "vi")
        view = at.board.view(Looking(form=UNTIMED, marks=True), "vi")
        sheet = learner_sheet(at.store, player.learner.id, at.bank, class_name="Lớp")
        return [
            sum(domain.total for domain in sheet.domains),
            sum(line.met for line in report.domains),
            [one.answered for one in report.attendance],
            sum(one.answered for one in seen.competences),
            [one.answered for one in seen.learners],
            len(view.columns),
            [row.done for row in view.rows],
        ]

    before = told(room)
    assert before == [24, 24, [24], 24, [24], 24, [24]]
    await room.repairs.neutralise(UNTIMED, item, WHY)
    shown = await player.open(UNTIMED)
    assert sum(domain.total for domain in shown.result.domains) == 23
    assert "23" in shown.result.summary
    review = next(one for one in shown.result.review if one.item == item)
    assert (review.outcome, review.feedback) == ("neutralised", None)
    assert review.yours
    assert told(room) == told(await room.restarted()) == [23, 23, [23], 23, [23], 23, [23]]
    await room.repairs.restore(UNTIMED, item)
    assert told(room) == told(await room.restarted()) == before
    assert (await player.open(UNTIMED)).result.summary.count("24") == 1


async def test_the_trace_says_when_and_why_in_the_report_and_the_table(room: Room) -> None:
    player = await handed_in(room, UNTIMED)
    item = player.opened.items[0].id
    await room.repairs.neutralise(UNTIMED, item, "  Sai;=1+1\n đáp án ")
    rows = [row for row in response_rows(room.store) if row["item"] == item]
    assert {row["neutralised_why"] for row in rows} == {"Sai;=1+1 đáp án"}
    assert all(row["neutralised"].startswith("2023-11-14T") for row in rows)
    assert all(row["response"] for row in rows)  # nothing is taken away
    assert not any(row["neutralised"] for row in response_rows(room.store) if row["item"] != item)
    assert "Sai,=1+1 đáp án" in "".join(csv_lines(room.store))
    (change,) = class_report(room.store, room.row, room.bank, lang="en").changes
    assert "Sai;=1+1 đáp án" in change.sentence
    await room.repairs.restore(UNTIMED, item)
    assert len(class_report(room.store, room.row, room.bank).changes) == 2
    assert not any(row["neutralised"] for row in response_rows(room.store))


async def test_a_learner_on_the_item_is_told_and_goes_on_and_the_answer_is_kept(room: Room) -> None:
    player = await room.learner()
    opened = await player.open(UNTIMED)
    item = opened.items[0].id
    await room.repairs.neutralise(UNTIMED, item, WHY)
    saved = await player.answer(item, right=False)
    assert saved.state.neutralised is True
    assert saved.current == opened.items[1].id
    assert (await player.open(UNTIMED)).states[item].neutralised is True
    assert (await player.answer(opened.items[1].id, right=True)).state.neutralised is not True


async def test_a_neutralised_practice_item_is_not_judged(room: Room) -> None:
    player = await room.learner()
    opened = await player.open("luyen-otp")
    await room.repairs.neutralise("luyen-otp", opened.items[0].id, WHY)
    saved = await player.answer(opened.items[0].id, right=False)
    assert saved.state.feedback is None
    assert (await player.act("skip", item=opened.items[1].id)).status == "started"


@pytest.mark.parametrize("why", ["", "   ", "x" * 201])
async def test_a_reason_is_needed(room: Room, why: str) -> None:
    with pytest.raises(InvalidMessage):
        await room.repairs.neutralise(UNTIMED, room.bank.form(UNTIMED).items[0], why)


# ── another item, another order ───────────────────────────────────────────────────────────────────────


def swappable(room: Room, form: str) -> tuple[str, str]:
    """The first item of a form that has a candidate, and that."""
    for item in room.bank.form(form).items:
        if found := candidates(room.bank, room.decided.now(), form, item):
            return item, found[0].id
    raise AssertionError("no item has a candidate")


async def test_candidates_are_near_and_used_nowhere_else(room: Room) -> None:
    bank, form = room.bank, room.bank.form(UNTIMED)
    practised = {one for other in bank.forms.values() if other.mode == "practice" for one in other.items}
    for item in form.items:
        for one in candidates(bank, room.decided.now(), UNTIMED, item):
            assert one.competence == bank.item(item).competence
            assert abs(one.level - bank.item(item).level) <= 1
            assert one.id not in practised | set(form.items)


async def test_a_swapped_item_is_given_to_those_who_begin_later_and_shown_on_the_board(room: Room) -> None:
    old, new = swappable(room, UNTIMED)
    place = room.bank.form(UNTIMED).items.index(old)
    await room.repairs.swap(UNTIMED, old, new)
    again = await room.restarted()
    assert again.board.view(Looking(form=UNTIMED), "vi").columns[place].item == new
    player = await again.learner()
    assert (await player.open(UNTIMED)).items[place].id == new
    lines = list(form_lines(again.bank, again.decided.now(), again.bank.form(UNTIMED), "vi"))
    assert (lines[place].slot, lines[place].item, lines[place].swapped, lines[place].key) == (old, new, True, None)
    (change,) = class_report(again.store, again.row, again.bank).changes
    assert change.at_us


async def test_an_item_goes_back_and_nothing_else_may_stand_there(room: Room) -> None:
    old, new = swappable(room, UNTIMED)
    await room.repairs.swap(UNTIMED, old, new)
    await room.repairs.swap(UNTIMED, old, old)
    player = await room.learner()
    assert tuple(one.id for one in (await player.open(UNTIMED)).items) == room.bank.form(UNTIMED).items
    for into in (room.bank.form(UNTIMED).items[1], "lo-cai-ung-dung-la", "not-there"):
        with pytest.raises(NotAllowed) as refused:
            await room.repairs.swap(TIMED, room.bank.form(TIMED).items[0], into)
        assert refused.value.code == "no_candidate"
    with pytest.raises(NotFound):
        await room.repairs.swap(TIMED, "khong-co-trong-bai", new)


async def test_a_form_that_somebody_began_stays_as_it_is(room: Room) -> None:
    old, new = swappable(room, UNTIMED)
    await (await room.learner()).open(UNTIMED)
    for call in (room.repairs.swap(UNTIMED, old, new), room.repairs.order(UNTIMED, "shuffled")):
        with pytest.raises(NotAllowed) as refused:
            await call
        assert refused.value.code == "form_begun"


async def test_nobody_gets_the_old_list_while_it_changes(room: Room) -> None:
    old, new = swappable(room, UNTIMED)
    players = [await room.learner(f"Lan {n}") for n in range(8)]
    opened = [player.open(UNTIMED) for player in players]
    outcomes = await asyncio.gather(
        *opened[:4], room.repairs.swap(UNTIMED, old, new), *opened[4:], return_exceptions=True
    )
    swapped = not isinstance(outcomes.pop(4), NotAllowed)
    assert {new in {one.id for one in got.items} for got in outcomes} == {swapped}  # type: ignore[union-attr]


async def test_the_class_has_one_order_or_many(room: Room) -> None:
    await room.repairs.order(UNTIMED, "shuffled")
    again = await room.restarted()
    orders = {tuple(one.id for one in (await (await again.learner(f"L{n}")).open(UNTIMED)).items) for n in range(4)}
    assert len(orders) > 1
    assert {frozenset(order) for order in orders} == {frozenset(room.bank.form(UNTIMED).items)}
