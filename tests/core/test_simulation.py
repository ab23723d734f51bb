"""The machine of a simulation: conditions, search, evidence, and the same rules in the browser."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdhvs.bank.loader import Bank
from bdhvs.core.items.base import Text
from bdhvs.core.items.simulation import Simulation
from bdhvs.core.simulation.conditions import compiled, complaints, folded, holds
from bdhvs.core.simulation.machine import variables_of
from bdhvs.core.simulation.search import TooManyStates, reach
from tests.core.test_items import cases_of_kind, make_item

SMALL = make_item("simulation", cases_of_kind("simulation")["item"])
SHIPPED = [item for item in Bank.load().items.values() if isinstance(item, Simulation)]
VARIABLES = variables_of({"mo": False, "tien": 0, "ten": "", "nhac_lai": "", "cach": ("mot", "hai")})
VALUES = {
    "mo": True,
    "tien": 50000,
    "ten": "Giấy khai sinh",
    "nhac_lai": "Giấy khai sinh",
    "cach": "hai",
    "screen": "dau",
}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (None, True),
        ({"mo": True}, True),
        ({"mo": True, "cach": "mot"}, False),
        ({"any": [{"mo": False}, {"cach": "hai"}]}, True),
        ({"all": [{"mo": True}, {"not": {"cach": "hai"}}]}, False),
        ({"tien": {"at_least": 50000, "at_most": 50000}}, True),
        ({"tien": {"one_of": [1, 2]}}, False),
        ({"ten": {"contains": "giay  KHAI sinh"}}, True),
        ({"ten": "giấy khai sinh"}, False),
        ({"ten": {"has": ["letter", "capital"]}}, True),
        ({"ten": {"has": ["digit"]}}, False),
        ({"ten": {"min_length": 14, "max_length": 14}}, True),
        ({"ten": {"same_as": "nhac_lai"}}, True),
        ({"ten": {"filled": False}}, False),
        ({"screen": "dau"}, True),
        ({"screen": {"one_of": ["cuoi", "giua"]}}, False),
    ],
)
def test_a_condition_holds_or_not(written: Any, expected: bool) -> None:
    assert written is None or list(complaints(written, VARIABLES, ["dau", "giua", "cuoi"])) == []
    assert holds(compiled(written), VALUES) is expected


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({}, "expected a condition"),
        ({"mở": True}, 'there is no variable "mở"'),
        ({"mo": 1}, "expected true or false"),
        ({"tien": "50000"}, "expected a whole number"),
        ({"tien": {"longer": 3}}, 'there is no test "longer"'),
        ({"tien": {"min_length": 3}}, "does not fit"),
        ({"cach": "ba"}, "expected one of mot, hai"),
        ({"ten": {"same_as": "tien"}}, "another variable of the kind text"),
        ({"ten": {"has": ["umlaut"]}}, "letter, capital"),
        ({"any": {"mo": True}}, "needs a list"),
        ({"screen": "dâu"}, "there is no screen"),
        ({"not": {"not": {"x": 1}}}, 'there is no variable "x"'),
    ],
)
def test_a_condition_that_cannot_be_asked_is_explained(written: Any, said: str) -> None:
    assert any(said in one for one in complaints(written, VARIABLES, ["dau"]))


def test_the_shortest_way_is_found_and_there_are_others() -> None:
    assert isinstance(SMALL, Simulation)
    assert len(SMALL.route) == SMALL.shortest == 5
    assert SMALL.score({"actions": [list(one) for one in SMALL.route]}).verdict == "right"


def test_a_machine_without_bound_is_not_searched_for_ever() -> None:
    fields = cases_of_kind("simulation")["item"]
    names = [f"dau_{n}" for n in range(16)]
    switches = [{"switch": {"vi": name}, "id": name, "sets": name} for name in names]
    fields["screens"][0]["elements"] += switches
    item = make_item("simulation", {**fields, "variables": {**fields["variables"], **dict.fromkeys(names, False)}})
    assert isinstance(item, Simulation)
    assert item.reached is None
    with pytest.raises(TooManyStates):
        reach(item.machine)


@pytest.mark.parametrize(
    ("actions", "helped", "level"),
    [
        ([["tap", "mo-vi-that"]], False, 0),
        ([["tap", "mo-vi-that"], ["type", "o-so-tien", "50000"], ["tap", "nut-tra"], ["tap", "nut-dong-y"]], False, 1),
        ([list(one) for one in SMALL.route], False, 2),  # type: ignore[attr-defined]
        ([list(one) for one in SMALL.route], True, 1),  # type: ignore[attr-defined]
        ([["tap", "mo-vi-gia"], ["tap", "dang-nhap"], *[list(one) for one in SMALL.route]], False, 0),  # type: ignore[attr-defined]
    ],
)
def test_help_lowers_evidence_to_level_one_and_danger_to_none(actions: Any, helped: bool, level: int) -> None:
    assert isinstance(SMALL, Simulation)
    response = {"actions": actions}
    assert SMALL.evidence_level(response, helped=helped) == level
    if not helped:
        assert SMALL.score(response).reason.split()[0] == f"level:{level}"


def test_what_was_done_beyond_the_task_shows_more_and_gives_no_points() -> None:
    fields = cases_of_kind("simulation")["item"]
    fields["evidence"] = [*fields["evidence"], {"level": 4, "when": {"cach": "thu_lon"}}]
    item = make_item("simulation", fields)
    assert isinstance(item, Simulation)
    route = [list(one) for one in item.route]
    beyond = {"actions": [route[0], ["choose", "chon-cach", "thu_lon"], *route[1:]]}
    assert [item.evidence_level({"actions": route}, helped=False), item.evidence_level(beyond, helped=False)] == [2, 4]
    assert item.evidence_level(beyond, helped=True) == 1
    assert item.score(beyond).points == item.score({"actions": route}).points == item.maximum
    assert item.evidence_level({"actions": beyond["actions"][:2]}, helped=False) == 0  # without the task itself


def test_hints_are_for_the_place_and_then_the_next_step() -> None:
    assert isinstance(SMALL, Simulation)
    order = (tuple(SMALL.machine.controls),)

    def said(*actions: Any, deeper: bool = False) -> str:
        return SMALL.hint_at({"actions": list(actions)}, order, lambda text: text.vi, deeper=deeper)

    assert said() == "Ví nào của bác"
    assert said(deeper=True) == "Chọn dòng “Mở ví”"
    assert said(["tap", "1"]) == "Gõ số tiền"
    assert said(["tap", "1"], deeper=True) == "Gõ “50000” vào ô “Số tiền”"
    assert said(["tap", "2"]) == "Bấm “Trở về màn hình trước”"  # no nudge is written for it
    assert "chưa làm trọn được nữa" in said(["tap", "2"], ["tap", "9"], deeper=True)


def test_what_was_typed_into_a_masked_field_is_never_shown() -> None:
    fields = cases_of_kind("simulation")["item"]
    fields["screens"][1]["elements"][1]["masked"] = True
    item = make_item("simulation", fields)
    response = {"actions": [["tap", "mo-vi-that"], ["type", "o-so-tien", "4711"]]}
    assert "4711" not in item.in_words(response, lambda text: text.vi)


def test_typed_markup_stays_text() -> None:
    response = {"actions": [["tap", "mo-vi-that"], ["type", "o-so-tien", "<b>{label}</b>"]]}
    shown = SMALL.in_words(response, lambda text: text.vi)
    assert "&lt;b&gt;{label}&lt;/b&gt;" in shown


def test_the_choices_of_a_story_are_shuffled_and_those_of_a_phone_are_not() -> None:
    assert isinstance(SMALL, Simulation)
    phone = {SMALL.arrange(random.Random(seed)) for seed in range(20)}
    fields = cases_of_kind("simulation")["item"]
    fields["frame"] = "story"
    fields["screens"][2]["elements"] += [
        {"button": {"vi": f"Nút {n}"}, "id": f"nut-{n}", "do": [{"go": "man-dau"}]} for n in range(3)
    ]
    story = make_item("simulation", fields)
    assert len(phone) == 1
    assert len({story.arrange(random.Random(seed)) for seed in range(20)}) > 5
    order = story.arrange(random.Random(3))
    la = story.face(order, Text.model_dump_json).screens[2]["elements"]
    assert [int(one["id"]) for one in la] == sorted(int(one["id"]) for one in la)


def test_a_variable_that_only_goals_look_at_is_not_sent() -> None:
    fields = cases_of_kind("simulation")["item"]
    fields["variables"]["da_lo"] = False
    fields["screens"][2]["elements"][0]["do"] = [{"set": {"da_lo": True}, "go": "man-dau"}]
    fields["goals"][1]["when"] = {"nhac": True, "da_lo": False}
    item = make_item("simulation", fields)
    face = item.face((tuple(item.machine.controls),), lambda text: text.vi)  # type: ignore[attr-defined]
    assert len(face.variables) == 4
    assert face.screens[2]["elements"][0]["do"] == [{"go": "1"}]


def test_a_notebook_gets_the_pictures_themselves() -> None:
    fields = cases_of_kind("simulation")["item"]
    fields["screens"][0]["elements"].append({"picture": {"file": "cho.svg", "alt": {"vi": "Một phiên chợ"}}})
    item = make_item("simulation", fields)
    face = item.face((tuple(item.machine.controls),), lambda text: text.vi).with_pictures(lambda file: f"data:{file}")  # type: ignore[attr-defined]
    assert face.screens[0]["elements"][-1] == {"kind": "picture", "file": "data:cho.svg", "alt": "Một phiên chợ"}
    assert [one.file for one in item.pictures()] == ["cho.svg"]


@given(st.text(max_size=12))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


# ── the same rules in the browser ───────────────────────────────────────────────────────────────────────


def walk(item: Simulation, chance: random.Random, most: int) -> list[tuple[Any, ...]]:
    state, actions = item.machine.start, []
    for _ in range(most):
        moves = list(item.machine.moves(state))
        if not moves:
            break
        action, state = chance.choice(moves)
        actions.append(action)
    return actions


@pytest.mark.parametrize("item", [SMALL, *SHIPPED], ids=lambda item: item.id)
def test_the_browser_s_machine_shows_what_the_server_s_machine_allows(item: Simulation) -> None:
    """200 random walks; after each step both name the same screen and the same things to act on."""
    if shutil.which("node") is None:
        pytest.skip("no node, in which the browser's rules could be run")
    chance = random.Random(20261122)
    order = item.arrange(chance)
    walks = [walk(item, chance, 25) for _ in range(200)]
    places = [item.places({"actions": one}, order)["actions"] for one in walks]
    body = asdict(item.face(order, lambda text: text.vi))
    told = subprocess.run(
        ["node", str(Path(__file__).parent / "play.mjs")],
        input=json.dumps({"body": body, "walks": places}),
        capture_output=True,
        text=True,
        check=True,
    )
    for actions, steps in zip(walks, json.loads(told.stdout), strict=True):
        state = item.machine.start
        for length, found in enumerate(steps):
            state = item.machine.step(state, actions[length - 1]) if length else state
            assert found["screen"] == str(list(item.machine.screens).index(state.screen) + 1), actions[:length]
            possible = sorted(str(order[0].index(one.id) + 1) for one in item.machine.possible(state))
            assert found["controls"] == possible, actions[:length]
            assert found["back"] == item.machine.can_go_back(state)
