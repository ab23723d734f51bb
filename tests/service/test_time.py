"""A limited time: when it ends, who may have more, what a phone without a network may still send."""

from __future__ import annotations

import pytest

from bdhvs.bank.loader import Bank
from bdhvs.core.timing import GRACE_MINUTES
from bdhvs.errors import InvalidMessage, NotAllowed
from bdhvs.service.held import as_text, held
from bdhvs.store import Store
from bdhvs.store.export import response_rows
from tests.service.conftest import Clock, Player
from tests.service.repairing import LIMIT_MINUTES, TIMED, UNTIMED, Room, with_limit

MINUTE_MS = 60_000


@pytest.fixture
async def room(bank: Bank, store: Store, clock: Clock) -> Room:
    return await Room.open(with_limit(bank), store, clock)


def status(player: Player) -> tuple[str, str | None]:
    """The attempt's end as the table of answers tells it."""
    row = next(one for one in response_rows(player.quiz.store) if one["attempt"] == player.attempt)
    return row["attempt_status"], row["finish_reason"]


async def test_the_time_left_is_told_with_each_reply_and_only_where_there_is_a_limit(room: Room) -> None:
    player = await room.learner()
    opened = await player.open(TIMED)
    assert opened.form.limit_minutes == LIMIT_MINUTES
    assert opened.time_left_ms == LIMIT_MINUTES * MINUTE_MS
    room.passes(3)
    saved = await player.answer(opened.items[0].id, right=True)
    assert saved.time_left_ms == (LIMIT_MINUTES - 3) * MINUTE_MS
    free = await player.open(UNTIMED)
    assert (free.form.limit_minutes, free.time_left_ms) == (None, None)
    assert not isinstance((await player.answer(free.items[0].id, right=True)).time_left_ms, int)


async def test_a_phone_that_hands_in_at_the_end_hands_in_because_of_the_time(room: Room) -> None:
    player = await room.learner()
    await player.open(TIMED)
    room.passes(LIMIT_MINUTES)
    assert (await player.open(TIMED)).time_left_ms == 0
    await player.act("finish")
    assert status(player) == ("finished", "time")
    other = await room.learner("Mơ")
    await other.open(TIMED)
    await other.act("finish")
    assert status(other) == ("finished", "learner")


async def test_answers_that_a_phone_kept_are_taken_in_the_grace_and_then_refused_in_words_of_their_own(room: Room) -> None:
    player = await room.learner()
    opened = await player.open(TIMED)
    room.passes(LIMIT_MINUTES + GRACE_MINUTES - 0.1)
    assert (await player.answer(opened.items[0].id, right=True)).state.status == "answered"
    room.passes(0.2)
    with pytest.raises(NotAllowed) as refused:
        await player.answer(opened.items[1].id, right=True)
    assert refused.value.code == "time_over"
    assert status(player) == ("finished", "time")
    shown = await player.open(TIMED)
    assert shown.result.domains
    assert [one.status for one in shown.states.values()].count("answered") == 1


async def test_whoever_is_away_is_ended_also_after_a_restart(room: Room) -> None:
    player = await room.learner()
    opened = await player.open(TIMED)
    await player.answer(opened.items[0].id, right=True)
    room.passes(LIMIT_MINUTES)
    await room.keeper.look()
    assert status(player) == ("started", None)
    again = await room.restarted()
    room.passes(GRACE_MINUTES + 0.1)
    await again.keeper.look()
    assert status(player) == ("finished", "time")
    await again.keeper.look()
    outcomes = [row["outcome"] for row in response_rows(room.store) if row["attempt"] == player.attempt]
    assert outcomes[:3] == ["answered", "cut_off", "not_reached"]


async def test_a_pause_does_not_stop_the_time(room: Room) -> None:
    player = await room.learner()
    await player.open(TIMED)
    assert (await player.act("pause")).time_left_ms == LIMIT_MINUTES * MINUTE_MS
    room.passes(8)
    assert (await player.act("resume")).time_left_ms == (LIMIT_MINUTES - 8) * MINUTE_MS


async def test_minutes_for_one_are_told_at_the_next_message_and_survive_a_restart(room: Room) -> None:
    one, other = await room.learner("Lan"), await room.learner("Mơ")
    for player in (one, other):
        await player.open(TIMED)
    await room.repairs.extend(one.learner.id, TIMED, 10)
    item = one.opened.items[0].id
    assert (await one.answer(item, right=True)).time_left_ms == (LIMIT_MINUTES + 10) * MINUTE_MS
    assert (await other.answer(item, right=True)).time_left_ms == LIMIT_MINUTES * MINUTE_MS
    again = await room.restarted()
    assert (await again.same(one).open(TIMED)).time_left_ms == (LIMIT_MINUTES + 10) * MINUTE_MS
    room.passes(LIMIT_MINUTES + GRACE_MINUTES + 1)
    await again.keeper.look()
    assert [status(one)[0], status(other)[0]] == ["started", "finished"]
    rows = {row["attempt"]: row for row in response_rows(room.store)}
    assert [rows[one.attempt]["extra_minutes"], rows[other.attempt]["extra_minutes"]] == [10, 0]
    assert rows[one.attempt]["limit_minutes"] == LIMIT_MINUTES


async def test_minutes_for_everybody_hold_for_those_who_begin_later_too(room: Room) -> None:
    early = await room.learner("Lan")
    await early.open(TIMED)
    await room.repairs.extend_all(TIMED, 5)
    late = await room.learner("Mơ")
    for player in (early, late):
        assert (await player.open(TIMED)).time_left_ms >= (LIMIT_MINUTES + 5) * MINUTE_MS - 1000
    await room.repairs.extend_all(TIMED, 5)
    assert (await (await room.restarted()).same(late).open(TIMED)).time_left_ms == (LIMIT_MINUTES + 10) * MINUTE_MS


async def test_extra_time_given_before_the_start_is_there_from_the_start(room: Room) -> None:
    player = await room.learner()
    await room.repairs.extend(player.learner.id, TIMED, 7)
    await room.repairs.extend(player.learner.id, TIMED, 3)
    (work,) = [one for one in await room.repairs.works(player.learner.id) if one.form.id == TIMED]
    assert (work.status, work.extra_minutes, work.may_be_extended) == ("not_begun", 10, True)
    assert (await player.open(TIMED)).time_left_ms == (LIMIT_MINUTES + 10) * MINUTE_MS
    again = await room.restarted()
    assert (await again.same(player).open(TIMED)).time_left_ms == (LIMIT_MINUTES + 10) * MINUTE_MS
    (work,) = [one for one in await again.repairs.works(player.learner.id) if one.form.id == TIMED]
    assert (work.status, work.extra_minutes) == ("started", 10)


@pytest.mark.parametrize("way", ["forget_person", "erase_person"])
async def test_extra_time_goes_with_the_person(room: Room, way: str) -> None:
    player = await room.learner()
    await room.repairs.extend(player.learner.id, TIMED, 7)
    await getattr(room.store, way)(player.learner.id)
    assert room.store.extra_time(player.learner.id) == []


@pytest.mark.parametrize("minutes", [0, -5, 241, 100_000])
async def test_minutes_out_of_reason_are_refused(room: Room, minutes: int) -> None:
    player = await room.learner()
    for call in (room.repairs.extend(player.learner.id, TIMED, minutes), room.repairs.extend_all(TIMED, minutes)):
        with pytest.raises(InvalidMessage):
            await call


async def test_there_is_no_more_time_where_there_is_no_limit_or_no_more_attempt(room: Room) -> None:
    player = await room.learner()
    await player.open(TIMED)
    await player.act("finish")
    for form, code in ((UNTIMED, "no_time_limit"), (TIMED, "finished")):
        with pytest.raises(NotAllowed) as refused:
            await room.repairs.extend(player.learner.id, form, 5)
        assert refused.value.code == code
    with pytest.raises(NotAllowed):
        await room.repairs.extend_all(UNTIMED, 5)


async def test_what_is_held_about_a_person_tells_of_extra_time_and_of_going_on(room: Room) -> None:
    player = await room.learner()
    await room.repairs.extend(player.learner.id, TIMED, 7)
    await player.open(TIMED)
    await player.act("finish")
    await room.repairs.reopen(player.learner.id, TIMED, "machine")
    found = held(room.store, player.learner.id, room.bank, "en", room.clock())
    (given,) = found["extra_time"]
    assert (given["form"], given["minutes"]) == (TIMED, 7)
    assert [one["type"] for one in found["attempts"][0]["events"]] == ["extended", "finished", "reopened"]
    text = as_text(found, "en")
    for wanted in (f"{TIMED}: 7 minutes", "was given more time", "was let go on by the teacher"):
        assert wanted in text
