"""Whatever a browser sends, a quiz stays calm: a refusal or silence, never a traceback, never a changed trait."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.widgets.conftest import Front, new_event, shown_quiz

DEEP: Any = []
for _ in range(200):
    DEEP = [DEEP]

JUNK: list[Any] = [
    None,
    7,
    "open",
    [],
    {},
    {"v": 2, "type": "open", "form": "luyen-otp"},
    {"v": 1, "type": "open"},
    {"v": 1, "type": "open", "form": "luyen-otp", "learner": "somebody else"},
    {"v": 1, "type": "open", "form": ["luyen-otp"]},
    {"v": 1, "type": "close_class"},
    {"v": 1, "type": "answer", "attempt": "x" * 100, "event_id": "1"},
    {"v": 1, "type": "open", "form": DEEP},
]


@pytest.fixture(scope="module")
def comm(front: Front) -> str:
    return shown_quiz(front, "luyen-otp")


@pytest.mark.parametrize("message", JUNK, ids=lambda one: str(one)[:40])
def test_junk_is_refused_in_a_sentence(front: Front, comm: str, message: Any) -> None:
    status, refused = front.ask(comm, message)
    assert (status, refused["type"], refused["code"]) == (400, "refused", "invalid_message")


def test_another_form_cannot_be_opened_through_a_quiz(front: Front, comm: str) -> None:
    assert front.ask(comm, {"v": 1, "type": "open", "form": "kiem-tra-otp"})[1]["code"] == "invalid_message"


def test_a_foreign_attempt_and_an_item_outside_the_form_are_not_found(front: Front, comm: str) -> None:
    _, opened = front.ask(comm, {"v": 1, "type": "open", "form": "luyen-otp"})
    act = {"v": 1, "type": "skip", "event_id": new_event()}
    foreign = {**act, "attempt": "018bcfe5-6800-7000-8000-000000000000", "item": opened["items"][0]["id"]}
    outside = {**act, "attempt": opened["attempt"], "item": "ve-man-hinh-chinh"}
    for message in (foreign, outside):
        status, refused = front.ask(comm, message)
        assert (status, refused["code"]) == (404, "not_found")


def test_an_answer_longer_than_any_lawful_one_is_refused(front: Front, comm: str) -> None:
    status, refused = front.ask(comm, {"v": 1, "type": "open", "form": "a" * 20_000})
    assert (status, refused["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "custom",
        {},
        {"method": "drop_table"},
        {"method": "custom"},
        {"method": "custom", "content": []},
        {"method": "custom", "content": {"request": "1", "message": {}}},
        {"method": "custom", "content": {"id": "x", "kind": "anywidget-command", "name": "quiz", "msg": {}}},
        {"method": "update", "state": {"form": 7}},
        {"method": "update", "state": {"strings": "x", "lang": ["en"], "comm": None}},
        {"method": "update", "state": {"form": "thu-suc"}, "buffer_paths": [["form"]]},
    ],
    ids=str,
)
def test_a_message_outside_the_protocol_is_met_with_silence(front: Front, comm: str, data: Any) -> None:
    seen = front.settle(front.send(comm, data))
    assert {one["msg_type"] for one in seen} <= {"status"}, seen


def test_traits_written_by_the_browser_change_nothing(front: Front, comm: str) -> None:
    front.settle(front.send(comm, {"method": "update", "state": {"form": "kiem-tra-otp", "lang": "en"}}))
    state = front.settle(front.send(comm, {"method": "request_state"}))
    sent = next(one["content"]["data"]["state"] for one in state if one["msg_type"] == "comm_msg")
    assert (sent["form"], sent["lang"]) == ("luyen-otp", "vi")
    assert front.ask(comm, {"v": 1, "type": "open", "form": "kiem-tra-otp"})[0] == 400


def test_a_fault_of_ours_reaches_the_owner_s_file_and_not_the_browser(front: Front, home: Path) -> None:
    comm = shown_quiz(front, "lam-quen")
    front.execute("import bdhvs.service.quiz as q\nq.QuizService.handle = lambda self, learner, message: 1 / 0")
    try:
        status, refused = front.ask(comm, {"v": 1, "type": "open", "form": "lam-quen"})
    finally:
        front.execute("import importlib; importlib.reload(q); import bdhvs.widgets.local as l; l._services.clear()")
    assert (status, refused["code"]) == (500, "fault")
    assert "division by zero" in (home / "bdhvs" / "faults.log").read_text("utf-8")
    for sign in ("Traceback", "division by zero", "ZeroDivisionError", "site-packages", "answering.py"):
        assert sign not in front.text(), sign
