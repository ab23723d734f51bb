"""A simulation by the protocol: replayed, marked, hinted; nothing of its key is sent before feedback is due."""

from __future__ import annotations

import threading
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import msgspec
import pytest

from bdhvs.bank.loader import Bank
from bdhvs.core.items.simulation import Simulation
from bdhvs.errors import InvalidMessage, InvalidResponse
from bdhvs.service.learner_work import work_of
from bdhvs.service.quiz import QuizService
from bdhvs.service.views import inline
from bdhvs.store import Store
from tests.service.conftest import Clock, Player

SIMULATIONS = [item for item in Bank.load().items.values() if isinstance(item, Simulation)]


@pytest.fixture(scope="module")
def bank() -> Bank:
    """The bank with one form more: every simulation, as an assessment."""
    whole = Bank.load()
    form = whole.form("luyen-may-tap").model_copy(
        update={"id": "kiem-tra-may-tap", "mode": "assessment", "items": tuple(item.id for item in SIMULATIONS)}
    )
    return replace(whole, forms=MappingProxyType({**whole.forms, form.id: form}))


@pytest.fixture
def quiz(bank: Bank, store: Store, clock: Clock) -> QuizService:
    return QuizService(bank, store, now_us=clock)


def by_id(wanted: str) -> Simulation:
    return next(item for item in SIMULATIONS if item.id == wanted)


def secrets_of(item: Simulation) -> list[str]:
    """Texts that are due only with feedback, as they are sent."""
    texts = [
        *(one.why for one in item.forbidden),
        *(one.missed for one in item.goals),
        *(one.nudge for one in item.hints),
    ]
    texts += [one for one in (item.feedback_.right, item.feedback_.wrong, item.explanation) if one]
    return [inline("vi")(one) for one in texts]


async def test_an_assessment_of_simulations_gives_nothing_away(player: Player) -> None:
    opened = await player.open("kiem-tra-may-tap")
    received = [msgspec.json.encode(opened)]
    for item in SIMULATIONS:
        received.append(msgspec.json.encode(await player.answer(item.id, right=False)))
        received.append(msgspec.json.encode(await player.answer(item.id, right=True)))
    everything = b"\n".join(received).decode()
    for item in SIMULATIONS:
        ids = [
            *(one.id for one in (*item.goals, *item.forbidden, *item.screens)),
            *item.variables,
            *item.machine.controls,
        ]
        for secret in [*secrets_of(item), *(f'"{one}"' for one in ids)]:
            assert msgspec.json.encode(secret).decode().strip('"') not in everything, (item.id, secret)


@pytest.mark.parametrize("item", SIMULATIONS, ids=lambda item: item.id)
async def test_what_counts_is_what_the_server_replayed(player: Player, item: Simulation) -> None:
    await player.open("kiem-tra-may-tap")
    forged: list[Any] = [
        {"actions": [], "solved": True},
        {"solved": True},
        {"actions": [["tap", "1"]], "points": item.maximum},
        {"actions": [["tap", "1"]] * 201},
        {"actions": [["tap", "²"]]},
        {"actions": [["back", "1"]]},
        {"actions": [["tap", 1]]},
        {"actions": "tap"},
    ]
    for response in forged:
        with pytest.raises(InvalidResponse):
            await player.act("answer", item=item.id, version=item.version, response=response)
    with pytest.raises(InvalidMessage):
        await player.act(
            "answer", item=item.id, version=item.version, response={"actions": [["tap", "1"]]}, score=item.maximum
        )
    row, events = player.quiz.store.attempt(player.attempt)  # type: ignore[misc]
    assert events == []
    await player.answer(item.id, right=True)
    _attempt, tasks = work_of(
        row, player.quiz.store.attempt(player.attempt)[1], player.quiz._catalogue, player.quiz._decisions()
    )  # type: ignore[index]
    done = {task.item.id: task.done for task in tasks}
    assert done[item.id].alone


async def test_hints_follow_what_was_done_and_are_recorded_as_help(player: Player) -> None:
    opened = await player.open("luyen-may-tap")
    item = by_id(opened.items[0].id)
    order = (tuple(item.machine.controls),)
    raw = item.places({"actions": [list(one) for one in item.route[:1]]}, order)
    nudge = (await player.act("hint", item=item.id, response={"actions": []})).state.hint
    step = (await player.act("hint", item=item.id, response={"actions": []}, deeper=True)).state.hint
    later = (await player.act("hint", item=item.id, response=raw)).state.hint
    assert len({nudge, step, later}) == 3
    assert None not in (nudge, step, later)
    assert (await player.act("ask_help", item=item.id)).state.hint is None  # it fitted only there
    saved = await player.answer(item.id, right=True)
    assert saved.state.help == "hint"
    facts = player.quiz.store.attempt(player.attempt)[1]  # type: ignore[index]
    assert [one.type for one in facts] == ["hinted", "help_asked", "answered"]
    assert item.evidence_level(player.bank.item(item.id).read(raw, order), helped=True) <= 1


async def test_hints_are_searched_for_beside_the_event_loop_and_ahead(
    player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = set()
    real = Simulation.hint_at

    def noted(self: Simulation, *given: Any, **more: Any) -> str:
        where.add(threading.current_thread().name)
        return real(self, *given, **more)

    monkeypatch.setattr(Simulation, "hint_at", noted)
    item = player.bank.item(player.bank.form("luyen-may-tap").items[0])
    for found in ("_guide", "route"):
        item.__dict__.pop(found, None)
    opened = await player.open("luyen-may-tap")
    await player.quiz._searching.found(lambda: None)  # searches come in turn, so what opening asked for is done now
    assert {"_guide", "route"} <= item.__dict__.keys()
    await player.act("hint", item=opened.items[0].id, response={"actions": []}, deeper=True)
    assert [name.startswith("bdhvs-search") for name in where] == [True]


async def test_another_phone_goes_on_from_what_was_told_until_it_is_handed_in(player: Player) -> None:
    opened = await player.open("luyen-may-tap")
    item = by_id(opened.items[0].id)
    order = (tuple(item.machine.controls),)
    told = item.places({"actions": [list(one) for one in item.route[:2]]}, order)

    async def so_far() -> Any:
        return (await player.open("luyen-may-tap")).states[item.id].so_far

    assert await so_far() is msgspec.UNSET
    assert (await player.act("so_far", item=item.id, response=told)).state.help == "none"
    assert await so_far() == told
    for wrong in ({"actions": [["tap", "99"]]}, {"actions": []} | {"points": 3}, None):
        with pytest.raises(InvalidResponse):
            await player.act("so_far", item=item.id, response=wrong)
    assert await so_far() == told
    await player.act("so_far", item=item.id, response={"actions": []})  # began anew
    assert await so_far() is msgspec.UNSET
    await player.act("so_far", item=item.id, response=told)
    assert player.quiz.store.attempt(player.attempt)[1] == []  # type: ignore[index]
    await player.answer(item.id, right=True)
    await player.act("so_far", item=item.id, response=told)  # arrives too late
    assert await so_far() is msgspec.UNSET


async def test_a_hint_for_what_cannot_have_been_done_is_refused_and_not_recorded(player: Player) -> None:
    opened = await player.open("luyen-may-tap")
    for response in ({"actions": [["back"]]}, {"actions": [["tap", "99"]]}, None, {}):
        with pytest.raises(InvalidResponse):
            await player.act("hint", item=opened.items[0].id, response=response)
    assert player.quiz.store.attempt(player.attempt)[1] == []  # type: ignore[index]


async def test_other_kinds_have_the_one_hint_they_had(player: Player) -> None:
    opened = await player.open("luyen-otp")
    item = player.bank.item(opened.items[0].id)
    assert item.hint is not None
    plain = (await player.act("hint", item=item.id)).state.hint
    assert plain == (await player.act("ask_help", item=item.id)).state.hint
    assert plain is not None
