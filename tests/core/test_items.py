"""Scoring cases of every kind (tests/core/cases/<kind>.yaml), and laws that hold for every item there is."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bdhvs.core.items import item_kinds, kind_name
from bdhvs.core.items.base import Arrangement, Item, Text
from bdhvs.errors import InvalidResponse

CASES = Path(__file__).parent / "cases"
COMMON: dict[str, Any] = {
    "id": "cau-thu",
    "version": 1,
    "competence": "4.2",
    "level": 2,
    "level_reason": "for this test",
    "skills": (),
    "audiences": ("adults",),
    "context": "home",
    "author": "Nhóm thử",
    "licence": "CC-BY-4.0",
    "date": "2026-11-22",
    "sources": (),
    "stem": {"vi": "Câu hỏi"},
    "hint": {"vi": "Lời gợi ý"},
    "explanation": {"vi": "Điều cần nhớ"},
}


def cases_of_kind(kind: str) -> Any:
    return yaml.safe_load((CASES / f"{kind}.yaml").read_text(encoding="utf-8"))


def make_item(kind: str, fields: dict[str, Any]) -> Item:
    return item_kinds()[kind].model_validate({**COMMON, "kind": kind, **fields})


def in_file_order(item: Item) -> Arrangement:
    if item.kind == "simulation":
        return (tuple(item.machine.controls),)  # type: ignore[attr-defined]
    lists = (getattr(item, name, None) for name in ("options", "steps", "rows", "answers", "things", "groups"))
    return tuple(tuple(part.id for part in parts) for parts in lists if parts)


def all_cases() -> Iterator[Any]:
    for kind in item_kinds():
        file = cases_of_kind(kind)
        for case in file["cases"]:
            yield pytest.param(kind, {**file["item"], **case.get("item", {})}, case, id=f"{kind}: {case['title']}")


@pytest.mark.parametrize(("kind", "fields", "case"), list(all_cases()))
def test_an_answer_is_worth_what_its_case_says(kind: str, fields: dict[str, Any], case: dict[str, Any]) -> None:
    item = make_item(kind, fields)
    order = in_file_order(item)
    if case.get("refused"):
        with pytest.raises(InvalidResponse):
            item.read(case["raw"], order)
        return
    response = item.read(case["raw"], order)
    score = item.score(response)
    assert (score.points, score.maximum, score.verdict) == (case["points"], case["maximum"], case["verdict"])
    assert response == case.get("response", response)
    said = [text.vi for text in item.feedback(response)]
    assert said == case.get("said", said)


def test_every_kind_has_cases_and_every_case_says_why() -> None:
    for kind in item_kinds():
        assert all(case["why"] for case in cases_of_kind(kind)["cases"])


def test_a_kind_is_called_by_its_class() -> None:
    assert all(kind_name(item_class) == name for name, item_class in item_kinds().items())


# ── laws ────────────────────────────────────────────────────────────────────────────────────────────

ITEMS = [make_item(kind, cases_of_kind(kind)["item"]) for kind in item_kinds()]
PARTIAL = [
    make_item(case.values[0], case.values[1])  # every rule for partial credit
    for case in all_cases()
    if "partial" in case.values[2].get("item", {})
]
SEEDS = st.integers(0, 2**32)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=8,
)
FIELDS = st.sampled_from(["choice", "choices", "text", "order", "pairs", "actions"])
PLACES = st.sampled_from(["0", "1", "2", "3", "99", "-1", "1.0", " 1", "²", "１", "", "a", "cup-may"])
NEARLY = st.dictionaries(
    FIELDS, PLACES | st.lists(PLACES | JSON, max_size=5) | st.dictionaries(PLACES, PLACES | JSON, max_size=4) | JSON
)


@st.composite
def walks(draw: st.DrawFn, item: Any, order: tuple[str, ...]) -> Any:
    """A walk through a simulation, of possible actions only, by places."""
    state, actions = item.machine.start, []
    for _ in range(draw(st.integers(1, 12))):
        moves = list(item.machine.moves(state))
        if not moves:
            break
        action, state = draw(st.sampled_from(moves))
        actions.append(action)
    return item.places({"actions": actions}, (order,))


@st.composite
def answered(draw: st.DrawFn) -> tuple[Item, Arrangement, Any]:
    """An item as somebody met it, and a complete raw answer."""
    item = draw(st.sampled_from(ITEMS + PARTIAL))
    order = item.arrange(random.Random(draw(SEEDS)))
    places = [[str(place + 1) for place in range(len(one))] for one in order]
    raw: Any = {"text": draw(st.sampled_from(["150.000", "15.000 đồng", "1,5 triệu", "7"]))}
    if item.kind in ("single_choice", "self_assessment"):
        raw = {"choice": draw(st.sampled_from(places[0]))}
    elif item.kind == "hotspot":
        most = None if item.several else 1  # type: ignore[attr-defined]
        raw = {"choices": draw(st.lists(st.sampled_from(places[0]), min_size=1, max_size=most, unique=True))}
    elif item.kind == "multiple_choice":
        raw = {"choices": draw(st.lists(st.sampled_from(places[0]), min_size=1, unique=True))}
    elif item.kind == "ordering":
        raw = {"order": draw(st.permutations(places[0]))}
    elif item.kind in ("matching", "categorise"):
        raw = {"pairs": {row: draw(st.sampled_from(places[1])) for row in places[0]}}
    elif item.kind == "simulation":
        raw = draw(walks(item, order[0]))
    elif item.kind == "short_text":
        raw = {"text": draw(st.sampled_from(["mật khẩu", "mat khau", "username"]) | st.text("aăâ ", min_size=1))}
        raw["text"] = raw["text"] if raw["text"].strip() else "a"
    return item, order, raw


@given(answered())
def test_a_score_lies_between_0_and_its_maximum(given_answer: tuple[Item, Arrangement, Any]) -> None:
    item, order, raw = given_answer
    score = item.score(item.read(raw, order))
    assert 0 <= score.points <= score.maximum == item.maximum
    assert (score.verdict == "right") == (score.points == score.maximum)


@given(answered(), SEEDS)
def test_shuffling_never_changes_a_score(given_answer: tuple[Item, Arrangement, Any], seed: int) -> None:
    item, order, raw = given_answer
    response = item.read(raw, order)
    other = item.arrange(random.Random(seed))
    read_again = item.read(item.places(response, other), other)
    assert read_again == response
    assert item.score(read_again) == item.score(response)


@given(answered())
def test_a_response_is_plain_json(given_answer: tuple[Item, Arrangement, Any]) -> None:
    item, order, raw = given_answer
    response = item.read(raw, order)
    assert json.loads(json.dumps(response)) == response


@given(st.sampled_from(ITEMS), SEEDS, JSON | NEARLY)
def test_junk_is_refused_in_one_way_only(item: Item, seed: int, raw: Any) -> None:
    order = item.arrange(random.Random(seed))
    try:
        response = item.read(raw, order)
    except InvalidResponse:
        return
    assert 0 <= item.score(response).points <= item.maximum  # what is not refused can be marked


@given(st.sampled_from(ITEMS + PARTIAL), SEEDS)
def test_a_face_holds_no_key(item: Item, seed: int) -> None:
    order = item.arrange(random.Random(seed))
    shown = json.dumps(asdict(item.face(order, Text.model_dump_json)), ensure_ascii=False)
    told = json.loads(item.model_dump_json(by_alias=True))
    ids = [one for names in order for one in names]
    secret = [*ids, *_texts_below(told, ("feedback", "accepted", "mistakes", "hint", "explanation", "goals", "forbidden", "evidence", "hints"))]
    assert [one for one in secret if one in shown] == []
    assert not any(name in shown for name in ("key", 'answer"', "feedback", "150000", "partial"))


def _texts_below(value: Any, names: tuple[str, ...], inside: bool = False) -> Iterator[str]:
    """All texts under fields called one of `names`, however deep."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _texts_below(one, names, inside or name in names)
    elif isinstance(value, list):
        for one in value:
            yield from _texts_below(one, names, inside)
    elif inside and isinstance(value, str):
        yield value


@given(st.sampled_from(ITEMS), SEEDS)
def test_the_same_seed_gives_the_same_order_with_nothing_lost(item: Item, seed: int) -> None:
    order = item.arrange(random.Random(seed))
    assert order == item.arrange(random.Random(seed))
    assert [sorted(one) for one in order] == [sorted(one) for one in in_file_order(item)]


@given(SEEDS)
def test_options_fixed_at_the_end_stay_there(seed: int) -> None:
    item = make_item("single_choice", {**cases_of_kind("single_choice")["item"], "fixed_last": ("cup-may",)})
    assert item.arrange(random.Random(seed))[0][-1] == "cup-may"


@given(SEEDS)
def test_steps_are_never_shown_already_in_order(seed: int) -> None:
    item = make_item("ordering", cases_of_kind("ordering")["item"])
    assert item.arrange(random.Random(seed)) != in_file_order(item)


def test_an_order_that_carries_meaning_is_kept() -> None:
    item = make_item("single_choice", {**cases_of_kind("single_choice")["item"], "shuffle": False})
    assert item.arrange(random.Random(1)) == in_file_order(item)
