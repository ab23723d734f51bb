"""Hints of a simulation: the next step is looked up, from any state, and also after texts no author thought of."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest

from bdhvs.bank.loader import Bank
from bdhvs.core.items.simulation import Simulation
from bdhvs.core.simulation import guide
from bdhvs.core.simulation.conditions import compiled
from bdhvs.core.simulation.guide import Guide
from bdhvs.core.simulation.machine import State
from bdhvs.core.simulation.search import shortest_way
from tests.core.test_items import cases_of_kind, make_item

SMALL: Any = make_item("simulation", cases_of_kind("simulation")["item"])
BANK = Bank.load()
SHIPPED: list[Any] = [item for item in BANK.items.values() if isinstance(item, Simulation)]


def guide_of(item: Any) -> Guide:
    return Guide(item.machine, item.is_done, [compiled(one.when) for one in item.goals])


def no_search(*given: Any) -> NoReturn:
    raise AssertionError("a search for a single hint")


def followed(item: Any, adviser: Guide, state: State) -> list[Any]:
    """The actions of somebody who does what every hint says."""
    actions = []
    while not item.is_done(state):
        action = adviser.next_action(state)
        assert action is not None
        actions.append(action)
        state = item.machine.step(state, action)
    return actions


def test_the_next_step_is_that_of_a_search_from_every_state() -> None:
    adviser = guide_of(SMALL)
    for state in SMALL.reached.came:
        if not SMALL.is_done(state):
            way = shortest_way(SMALL.machine, SMALL.is_done, state)
            assert adviser.next_action(state) == (way[0] if way else None)


@pytest.mark.parametrize("item", SHIPPED, ids=lambda item: item.id)
def test_after_the_first_hint_none_is_searched_for(item: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    adviser = guide_of(item)
    monkeypatch.setattr(guide, "reach", no_search)
    assert followed(item, adviser, item.machine.start) == list(item.route)
    for act in item.forbidden:
        harmed = next(state for state in item.reached.came if act.id in state.done)
        assert adviser.next_action(harmed) is None  # full points are gone, and that is known at once


def test_a_password_of_one_s_own_is_typed_twice_and_led_on_from(monkeypatch: pytest.MonkeyPatch) -> None:
    item: Any = BANK.items["giu-hom-thu-hai-buoc"]
    adviser = guide_of(item)
    monkeypatch.setattr(guide, "reach", no_search)
    own = ("type", "o-mat-khau", "nắng lên giàn mướp nhà tôi")
    way = list(item.route)
    before = way.index(next(one for one in way if one[:2] == own[:2]))
    state = item.machine.run([*way[:before], own])
    actions = followed(item, adviser, state)
    assert actions[0] == ("type", "o-go-lai", own[2])
    assert len(actions) == len(way) - before - 1


def test_what_behaves_like_no_example_leads_back_to_where_the_way_is_known() -> None:
    item: Any = BANK.items["chuyen-tien-qr"]
    at_the_amount = next(place for place, one in enumerate(item.route) if one[0] == "type")
    state = item.machine.run([*item.route[:at_the_amount], ("type", "o-so-tien", "7"), ("back",)])
    assert followed(item, guide_of(item), state)[-1] == item.route[-1]
