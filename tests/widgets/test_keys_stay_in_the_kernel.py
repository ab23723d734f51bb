"""Nothing a browser gets before feedback is due holds a key: every message of a kernel is searched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bdhvs.bank.loader import Bank
from bdhvs.core.items.base import Item
from tests.service.conftest import right_response
from tests.service.test_keys_stay_here import ids_of, secrets_of
from tests.widgets.conftest import Front, kernel, new_event, raw_answer, shown_quiz

FORM = "thu-suc"  # one item for each competence: every kind is among them


@pytest.fixture(scope="module")
def bank() -> Bank:
    return Bank.load()


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    with kernel(tmp_path_factory.mktemp("home")) as one:
        yield one


@pytest.fixture(scope="module")
def answered(front: Front, bank: Bank) -> dict[str, Any]:
    """Everything answered, nothing handed in; the `opened` reply."""
    comm = shown_quiz(front, FORM)
    front.settle(front.send(comm, {"method": "request_state"}))
    _, opened = front.ask(comm, {"v": 1, "type": "open", "form": FORM})
    for shown in opened["items"]:
        item = bank.item(shown["id"])
        message = {"v": 1, "type": "answer", "attempt": opened["attempt"], "event_id": new_event(), "item": item.id}
        message |= {"version": item.version, "response": raw_answer(item, shown, right_response(item))}
        assert front.ask(comm, message)[0] == 200
    front.ask(comm, {"v": 1, "type": "open", "form": FORM})
    return opened


def everything(front: Front) -> str:
    """All received, as JSON with Vietnamese letters as they are; our own code comes back as `execute_input`."""
    received = [one["content"] for one in front.received if one["msg_type"] != "execute_input"]
    return json.dumps(received, ensure_ascii=False)


def test_the_form_has_every_kind(answered: dict[str, Any]) -> None:
    kinds = {shown["kind"] for shown in answered["items"]}
    assert kinds == {"single_choice", "multiple_choice", "numeric", "short_text", "ordering", "matching"}


def test_no_solution_feedback_hint_or_accepted_form_was_sent(
    front: Front, bank: Bank, answered: dict[str, Any]
) -> None:
    sent = everything(front)
    for shown in answered["items"]:
        item = bank.item(shown["id"])
        own = json.dumps([shown["stem"], shown["body"]], ensure_ascii=False).lower()
        for secret in secrets_of(item):
            escaped = json.dumps(secret, ensure_ascii=False).strip('"')
            mine = json.dumps(right_response(item), ensure_ascii=False)  # a typed answer comes back to who typed it
            assert escaped not in sent or escaped.lower() in own or escaped in mine, (item.id, secret)


def test_parts_have_no_author_s_ids_and_faces_no_key(front: Front, bank: Bank, answered: dict[str, Any]) -> None:
    sent = everything(front)
    for shown in answered["items"]:
        item: Item = bank.item(shown["id"])
        for name in ids_of(item):
            assert f'"id": "{name}"' not in sent
        for part in (part for parts in shown["body"].values() if isinstance(parts, list) for part in parts):
            assert set(part) == {"id", "html"}
            assert part["id"].isdigit()
    for word in ('"key"', '"score"', '"points"', '"accepted"', '"tolerance"', '"learner"'):
        assert word not in sent, word


def test_the_synced_state_is_texts_and_addresses_only(front: Front, answered: dict[str, Any]) -> None:
    states = [
        one["content"]["data"]["state"]
        for one in front.received
        if one["msg_type"] in ("comm_open", "comm_msg") and "_esm" in one["content"]["data"].get("state", {})
    ]
    ours = {name for state in states for name in state if not name.startswith("_")}
    assert ours == {"form", "lang", "strings", "layout", "tabbable", "tooltip"}


def test_right_and_wrong_answers_get_replies_of_the_same_shape(front: Front, bank: Bank) -> None:
    """In an assessment the state after an answer says nothing of its worth."""
    replies = [
        one["content"]["data"]["content"]["message"]
        for one in front.received
        if one["msg_type"] == "comm_msg" and one["content"]["data"].get("method") == "custom"
    ]
    saved = [reply["state"] for reply in replies if reply["type"] == "saved"]
    assert saved
    assert all(state["feedback"] is None and state["hint"] is None for state in saved)


def test_the_embed_type_stands_beside_the_widget_view(front: Front) -> None:
    data = front.execute("bdhvs.quiz('luyen-otp')")["data"]
    assert data["application/vnd.bdhvs.embed+json"] == {"kind": "quiz", "form": "luyen-otp"}
    assert "application/vnd.jupyter.widget-view+json" in data


def test_a_quiz_that_is_only_shown_opens_no_store(tmp_path: Path) -> None:
    """So it is in a light page: the cell leaves a mount point, the kernel marks nothing."""
    with kernel(tmp_path) as fresh:
        shown_quiz(fresh, "luyen-otp")
        loaded = fresh.execute("import sys; [m for m in ('bdhvs.store', 'bdhvs.service.quiz', 'sqlalchemy') if m in sys.modules]")
    assert loaded["data"]["text/plain"] == "[]"
    assert not (tmp_path / "bdhvs").exists()
