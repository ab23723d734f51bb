"""The service, from open to result: what it gives, what it keeps, what it refuses."""

from __future__ import annotations

import pytest

from bdhvs.bank.loader import Bank
from bdhvs.core.identifiers import uuid7
from bdhvs.errors import InvalidMessage, InvalidResponse, NotAllowed, NotFound
from bdhvs.service.protocol import MAX_MESSAGE_BYTES, read_message
from bdhvs.service.quiz import QuizService
from bdhvs.store import Store
from tests.service.conftest import Clock, Player, event_id


async def test_a_whole_assessment_reveals_nothing_before_the_end(player: Player, bank: Bank) -> None:
    opened = await player.open("thu-suc")
    assert len(opened.items) == 24
    for shown in opened.items:
        saved = await player.answer(shown.id, right=True)
        assert saved.state.status == "answered"
        assert saved.state.feedback is None
    done = await player.act("finish")
    assert sum(domain.alone for domain in done.result.domains) == 24
    assert {review.feedback.verdict for review in done.result.review} == {"right"}
    assert [domain.code for domain in done.result.domains] == ["1", "2", "3", "4", "5", "6"]
    assert all(domain.band is domain.band_sentence is None for domain in done.result.domains)
    assert done.result.bands.startswith("Chưa gọi tên mức")
    assert "VNeID" in done.result.notice


async def test_practice_gives_feedback_and_a_retry_and_then_the_solution(player: Player) -> None:
    opened = await player.open("luyen-otp")
    first = opened.items[0].id
    saved = await player.answer(first, right=False)
    assert saved.state.feedback.verdict in ("wrong", "partly")
    assert saved.state.feedback.retry
    assert saved.state.feedback.solution is None
    assert saved.state.feedback.explanation is None
    saved = await player.answer(first, right=False)
    assert not saved.state.feedback.retry
    assert saved.state.feedback.solution
    with pytest.raises(NotAllowed):
        await player.answer(first, right=True)


async def test_right_after_wrong_counts_as_helped_in_practice(player: Player) -> None:
    opened = await player.open("luyen-otp")
    first, second = opened.items[0].id, opened.items[1].id
    await player.answer(first, right=False)
    await player.answer(first, right=True)
    await player.answer(second, right=True)
    result = (await player.act("finish")).result
    assert sum(domain.helped for domain in result.domains) == 1
    assert sum(domain.alone for domain in result.domains) == 1


async def test_the_same_event_again_is_the_same_fact(player: Player, store: Store) -> None:
    opened = await player.open("thu-suc-ngan")
    item, same = opened.items[0].id, event_id()
    one = await player.answer(item, right=True, event_id=same)
    two = await player.answer(item, right=True, event_id=same)
    assert one == two
    assert len(store.attempt(player.attempt)[1]) == 1  # type: ignore[index]


async def test_opening_again_goes_on_where_the_learner_was(
    player: Player, quiz: QuizService, bank: Bank, store: Store, clock: Clock
) -> None:
    opened = await player.open("thu-suc-ngan")
    for shown in opened.items[:3]:
        await player.answer(shown.id, right=True)
    again = await player.open("thu-suc-ngan")
    assert again.attempt == opened.attempt
    assert again.items == opened.items
    assert again.current == opened.items[3].id
    restarted = Player(QuizService(bank, store, now_us=clock), player.learner, bank)
    after = await restarted.open("thu-suc-ngan")
    assert (after.attempt, after.states, after.current) == (again.attempt, again.states, again.current)


async def test_what_a_reload_shows_is_what_was_chosen(player: Player) -> None:
    opened = await player.open("thu-suc")
    for shown in opened.items:
        await player.answer(shown.id, right=False)
        sent = player.sent[-1]["response"]
        seen = (await player.open("thu-suc")).states[shown.id].response
        if "choices" in sent:
            sent, seen = {"choices": sorted(sent["choices"])}, {"choices": sorted(seen["choices"])}
        assert seen == sent


async def test_opening_twice_at_once_starts_one_attempt(player: Player) -> None:
    import asyncio

    one, two = await asyncio.gather(player.open("lam-quen"), player.open("lam-quen"))
    assert one.attempt == two.attempt


async def test_a_finished_form_can_be_taken_again_on_request_only(player: Player) -> None:
    opened = await player.open("luyen-otp")
    await player.act("finish")
    shown_again = await player.open("luyen-otp")
    assert (shown_again.attempt, shown_again.status) == (opened.attempt, "finished")
    assert shown_again.result is not None
    assert (await player.open("luyen-otp", again=True)).attempt != opened.attempt


async def test_nobody_opens_or_answers_the_attempt_of_another(player: Player, other: Player) -> None:
    opened = await player.open("thu-suc-ngan")
    other.attempt = opened.attempt
    for kind, more in (("finish", {}), ("skip", {"item": opened.items[0].id}), ("hint", {"item": opened.items[0].id})):
        with pytest.raises(NotFound):
            await other.act(kind, **more)
    with pytest.raises(NotFound):
        await other.answer(opened.items[0].id, right=True)
    assert (await other.open("thu-suc-ngan")).attempt != opened.attempt


async def test_an_item_outside_the_form_and_a_wrong_version_are_refused(player: Player) -> None:
    opened = await player.open("luyen-otp")
    with pytest.raises(NotFound):
        await player.answer("viec-cua-tri-tue-nhan-tao", right=True)
    shown = opened.items[0]
    with pytest.raises((NotFound, InvalidResponse)):
        await player.act("answer", item=shown.id, version=99, response={"choice": "1"})


async def test_a_response_that_does_not_fit_is_refused_and_the_item_stays_open(player: Player) -> None:
    opened = await player.open("thu-suc-ngan")
    for shown in opened.items:
        for junk in (
            None,
            {},
            {"choice": "99"},
            {"text": ""},
            {"order": ["1"]},
            {"pairs": {}},
            "1",
            [1],
            {"text": "x" * 600},
        ):
            with pytest.raises(InvalidResponse):
                await player.act("answer", item=shown.id, version=shown.version, response=junk)
    assert all(state.open for state in (await player.open("thu-suc-ngan")).states.values())


async def test_a_clock_that_jumps_back_changes_neither_order_nor_answers(
    player: Player, clock: Clock, store: Store
) -> None:
    opened = await player.open("thu-suc-ngan")
    for step, shown in enumerate(opened.items[:4]):
        clock.now -= 3_600_000_000 * step
        await player.answer(shown.id, right=True, elapsed_ms=-5)
    events = store.attempt(player.attempt)[1]  # type: ignore[index]
    assert [event.item_id for event in events] == [shown.id for shown in opened.items[:4]]
    assert {event.elapsed_ms for event in events} == {None}


async def test_help_and_hints_are_recorded_with_the_answer(player: Player, store: Store) -> None:
    opened = await player.open("luyen-otp")
    item = opened.items[0].id
    hinted = await player.act("hint", item=item)
    assert hinted.state.hint
    await player.act("ask_help", item=item)
    saved = await player.answer(item, right=True, help="teacher")
    assert (saved.state.help, saved.state.asked_help) == ("teacher", True)
    assert [event.help for event in store.attempt(player.attempt)[1] if event.type == "answered"] == ["teacher"]  # type: ignore[index]


async def test_an_attempt_outlives_an_edit_of_the_bank(player: Player, bank: Bank, store: Store, clock: Clock) -> None:
    opened = await player.open("luyen-otp")
    first = opened.items[0].id
    changed = {**bank.items, first: bank.item(first).model_copy(update={"version": 2})}
    import dataclasses

    newer = Player(QuizService(dataclasses.replace(bank, items=changed), store, now_us=clock), player.learner, bank)
    again = await newer.open("luyen-otp")
    assert (again.attempt, again.items[0].version) == (opened.attempt, 1)
    saved = await newer.answer(first, right=True)
    assert saved.state.feedback.verdict == "right"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b'{"v": 2, "type": "open", "form": "x"}',
        b'{"v": 1, "type": "nope"}',
        b'{"v": 1, "type": "open", "form": "x", "admin": true}',
        b'{"v": 1, "type": "finish", "attempt": "a", "event_id": "not-a-uuid"}',
        b'{"v": 1, "type": "open", "form": 7}',
        b"[" * 5000,
        b'{"v": 1, "type": "open", "form": "\xff"}',
    ],
)
def test_a_message_off_the_protocol_is_refused(body: bytes) -> None:
    assert len(body) < MAX_MESSAGE_BYTES
    with pytest.raises(InvalidMessage):
        read_message(body)


def test_event_ids_made_here_are_taken() -> None:
    body = f'{{"v": 1, "type": "pause", "attempt": "a", "event_id": "{uuid7(5, b"0123456789")}"}}'
    assert read_message(body.encode()).attempt == "a"  # type: ignore[union-attr]
