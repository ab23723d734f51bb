"""An adaptive form in the service: items one by one, chosen for good, rebuilt from events, nothing of it told to the learner."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")

from bdhvs.bank.loader import Bank
from bdhvs.core.attempt import replay
from bdhvs.core.attempt_commands import Extend, Reopen
from bdhvs.core.attempt_events import Given, ItemRef
from bdhvs.core.decisions import NOTHING, Decisions, Neutralised, after
from bdhvs.core.items.base import Item
from bdhvs.errors import NotAllowed
from bdhvs.service.adaptive import Chooser, Choosers, replayed
from bdhvs.service.adaptive_versions import version_of
from bdhvs.service.quiz import QuizService
from bdhvs.store import Store, events_of
from bdhvs.store.codec import items_given
from tests.service.conftest import Clock, Player, event_id

FORM = "xep-lop"
Right = Callable[[Item], bool]


def able(level: int) -> Right:
    """Somebody who does all up to a level."""
    return lambda item: item.level <= level


async def step(player: Player, current: str, right: Right) -> Any:
    return await player.answer(current, right=right(player.bank.item(current)))


async def take(player: Player, right: Right) -> list[str]:
    """Answer until no item follows; the items in the order given."""
    current = (await player.open(FORM)).current
    met = []
    while current:
        met.append(current)
        saved = await step(player, current, right)
        assert (saved.next is msgspec.UNSET) == (saved.current is None)
        if saved.current:
            assert saved.next.item.id == saved.current
            assert (saved.next.state.status, saved.next.state.open) == ("new", True)
        current = saved.current
    return met


def stored(store: Store, player: Player) -> tuple[Any, list[Any]]:
    found = store.attempt(player.attempt)
    assert found is not None
    return found


async def test_items_come_one_by_one_and_within_the_stated_numbers(player: Player, store: Store, bank: Bank) -> None:
    opened = await player.open(FORM)
    assert [shown.id for shown in opened.items] == [opened.current]
    assert opened.form.at_most == 16
    met = await take(player, able(2))
    rules = bank.form(FORM).adaptive
    assert rules is not None
    assert rules.minimum <= len(met) <= rules.maximum
    assert len(set(met)) == len(met)
    row, events = stored(store, player)
    assert [ref.id for ref in items_given(row, events)] == met
    assert [ref.id for ref in replay(events_of(row, events)).items] == met
    assert (await player.act("finish")).result.review[0].item == met[0]


async def test_harder_items_come_to_those_who_can(player: Player, other: Player, bank: Bank) -> None:
    strong, weak = await take(player, lambda item: True), await take(other, lambda item: False)

    def mean_level(items: list[str]) -> float:
        return sum(bank.item(one).level for one in items[4:]) / len(items[4:])

    assert mean_level(strong) > mean_level(weak) + 1
    assert bank.item(strong[0]).level <= 1  # the kind start


async def test_a_restart_in_the_middle_gives_the_same_screen_and_the_same_next_items(
    player: Player, store: Store, bank: Bank, clock: Clock
) -> None:
    current = (await player.open(FORM)).current
    for _ in range(5):
        current = (await step(player, current, able(2))).current
    before = await player.open(FORM)
    restarted = Player(QuizService(bank, store, now_us=clock), player.learner, bank)
    again = await restarted.open(FORM)
    assert (again.attempt, again.items, again.states, again.current) == (before.attempt, before.items, before.states, before.current)
    row, events = stored(store, player)
    while current:  # after the restart, with the choice that the first server would have made
        expected = Choosers(store).of(row.rules.adaptive)
        saved = await step(restarted, current, able(2))
        row, events = stored(store, player)
        facts = events_of(row, events)
        if saved.current:
            assert isinstance(facts[-1], Given)
            assert expected.next(expected.state(replay(facts[:-1]), row.seed, ()), ()) == ItemRef(facts[-1].item, facts[-1].version)
        current = saved.current


async def test_events_give_the_same_items_and_the_same_estimate_whatever_becomes_of_the_bank(
    player: Player, store: Store, bank: Bank
) -> None:
    await take(player, able(2))
    await player.act("finish")
    row, events = stored(store, player)
    live = player.quiz._choosing._choosers.made(row.rules.adaptive)
    assert isinstance(live, Chooser)
    told = live.estimate(replay(events_of(row, events)), row.seed, ())
    assert replayed(store, row, events) == told  # from the store alone: no bank, no calibration
    assert told.ended in ("band_certain", "maximum")
    assert told.sd < 1.2
    assert -3 < told.mean < 2
    facts = events_of(row, events)
    for place, fact in enumerate(facts):
        if isinstance(fact, Given):
            assert live.next(live.state(replay(facts[:place]), row.seed, ()), ()) == ItemRef(fact.item, fact.version)


async def test_what_was_kept_outlives_a_later_version_of_an_item(player: Player, store: Store, bank: Bank, clock: Clock) -> None:
    current = (await player.open(FORM)).current
    for _ in range(3):
        current = (await step(player, current, able(2))).current
    later = {one.id: one.model_copy(update={"version": one.version + 1}) for one in bank.items.values()}
    new_bank = Bank(later, bank.forms, bank.framework, bank.content, bank.item_documents, bank.form_documents)
    assert version_of(bank.form(FORM), new_bank).digest != stored(store, player)[0].rules.adaptive
    goes_on = Player(QuizService(new_bank, store, now_us=clock), player.learner, bank)
    await goes_on.open(FORM)
    saved = await step(goes_on, current, able(2))
    assert saved.next.item.version == bank.item(saved.current).version  # not the later one


async def test_a_message_sent_again_brings_the_item_again_and_stores_nothing(player: Player, store: Store) -> None:
    current = (await player.open(FORM)).current
    same = event_id()
    one = await player.answer(current, right=True, event_id=same)
    two = await player.answer(current, right=True, event_id=same)
    assert one == two
    assert [event.type for event in stored(store, player)[1]] == ["answered", "given"]


async def test_there_is_no_going_back_and_no_item_out_of_turn(player: Player) -> None:
    first = (await player.open(FORM)).current
    second = (await player.answer(first, right=True)).current
    for act in ("go", "skip"):
        with pytest.raises(NotAllowed):
            await player.act(act, item=first)
    with pytest.raises(NotAllowed):
        await player.answer(first, right=False)
    assert (await player.open(FORM)).current == second


async def test_a_skip_counts_as_a_wrong_answer_and_stays_a_skip(player: Player, other: Player, store: Store) -> None:
    current = (await player.open(FORM)).current
    while current:
        current = (await player.act("skip", item=current)).current
    row, events = stored(store, player)
    attempt = replay(events_of(row, events))
    assert {attempt.outcome(ref.id) for ref in attempt.items} == {"skipped"}
    skipped = replayed(store, row, events)
    assert skipped.counted == len(attempt.items)
    assert skipped.mean < -1.5


async def test_help_is_kept_but_says_nothing_of_ability(player: Player, bank: Bank, store: Store) -> None:
    current = (await player.open(FORM)).current
    for _ in range(3):
        current = (await player.answer(current, right=True, help="teacher")).current
    helped = replayed(store, *stored(store, player))
    form = bank.form(FORM)
    assert form.adaptive is not None
    assert (helped.counted, helped.mean) == (0, pytest.approx(form.adaptive.prior.mean, abs=0.05))
    await player.answer(current, right=True)
    assert replayed(store, *stored(store, player)).counted == 1
    assert [event.help for event in stored(store, player)[1] if event.type == "answered"] == ["teacher"] * 3 + ["none"]


async def test_an_item_that_the_teacher_took_out_is_no_evidence_and_comes_to_nobody_else(
    player: Player, other: Player, bank: Bank, store: Store, clock: Clock
) -> None:
    first = (await player.open(FORM)).current
    await player.answer(first, right=False)
    before = replayed(store, *stored(store, player))
    decisions = after(NOTHING, Neutralised(0, FORM, ItemRef(first, bank.item(first).version), "key is wrong"))
    assert replayed(store, *stored(store, player), decisions.out).counted == before.counted - 1
    everything: Decisions = NOTHING
    keep = {"gui-anh-qua-thu-dien-tu", "tin-cho-dong-cua"}
    for item in bank.items.values():
        if item.competence.startswith("4.") and item.id not in keep:
            everything = after(everything, Neutralised(0, FORM, ItemRef(item.id, item.version), "for the test"))
    with_decisions = Player(QuizService(bank, store, now_us=clock, decisions=lambda: everything), other.learner, bank)
    met = await take(with_decisions, able(2))
    assert not [one for one in met if not everything.counts(one, bank.item(one).version)]


async def test_pausing_finishing_early_more_time_and_reopening_leave_the_item_on_the_screen(player: Player, store: Store) -> None:
    current = (await player.open(FORM)).current
    for _ in range(2):
        current = (await player.answer(current, right=True)).current
    await player.act("pause")
    with pytest.raises(NotAllowed):
        await player.answer(current, right=True)
    assert (await player.act("resume")).current == current
    result = (await player.act("finish")).result
    assert [one.outcome for one in result.review] == ["answered", "answered", "cut_off"]
    with pytest.raises(NotAllowed):
        await player.quiz.by_teacher(player.attempt, Extend(5))
    await player.quiz.by_teacher(player.attempt, Reopen("mistake"))
    assert (await player.open(FORM)).current == current
    saved = await player.answer(current, right=True)
    assert saved.next is not msgspec.UNSET


async def test_taking_it_again_draws_anew(player: Player, store: Store) -> None:
    one = await take(player, able(2))
    await player.act("finish")
    seed = stored(store, player)[0].seed
    opened = await player.open(FORM, again=True)
    assert stored(store, player)[0].seed != seed
    current, two = opened.current, []
    while current:
        two.append(current)
        current = (await step(player, current, able(2))).current
    assert one != two


async def test_nothing_of_key_difficulty_or_ability_goes_to_the_browser(player: Player, bank: Bank) -> None:
    opened = await player.open(FORM)
    received = [msgspec.json.encode(opened)]
    current = opened.current
    while current:
        saved = await step(player, current, able(2))
        received.append(msgspec.json.encode(saved))
        current = saved.current
    names = {name for one in received for name in re.findall(r'"(\w+)":', one.decode())}
    assert not names & {"level", "difficulty", "slope", "intercepts", "ability", "mean", "sd", "bands", "seed", "rules", "key", "score", "adaptive"}
    result = json.loads(msgspec.json.encode(await player.act("finish")))["result"]
    assert all(domain["band"] is None for domain in result["domains"])
