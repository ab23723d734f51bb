"""The quiz API over HTTP: what it answers, what it refuses, with which status."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

import httpx
import pytest

from bdhvs.core.identifiers import uuid7
from tests.server.conftest import BASE, Class, say


def event_id() -> str:
    return uuid7(1_700_000_000_000_000, secrets.token_bytes(10))


async def opened(client: httpx.AsyncClient, form: str = "thu-suc-ngan") -> dict[str, Any]:
    response = await say(client, type="open", form=form)
    assert response.status_code == 200, response.text
    return response.json()  # type: ignore[no-any-return]


def single(opening: dict[str, Any]) -> dict[str, Any]:
    return next(item for item in opening["items"] if item["kind"] == "single_choice")


async def test_open_answer_finish_over_http(klass: Class) -> None:
    client = await klass.learner()
    opening = await opened(client)
    item = single(opening)
    about = {"attempt": opening["attempt"], "item": item["id"], "version": item["version"]}
    saved = await say(client, type="answer", event_id=event_id(), response={"choice": "1"}, elapsed_ms=1200, **about)
    assert saved.json()["state"]["status"] == "answered"
    done = await say(client, type="finish", attempt=opening["attempt"], event_id=event_id())
    assert done.json()["type"] == "finished"
    assert "VNeID" in done.json()["result"]["notice"]


async def test_without_a_cookie_nothing_is_given(klass: Class) -> None:
    refused = await say(klass.client(), type="open", form="thu-suc-ngan")
    assert refused.status_code == 401
    assert refused.json()["text"]


async def test_another_learner_s_attempt_looks_as_if_it_did_not_exist(klass: Class) -> None:
    mine, theirs = await klass.learner("Lan"), await klass.learner("Hoa")
    opening = await opened(mine)
    item = single(opening)
    forged = {"attempt": opening["attempt"], "event_id": event_id(), "item": item["id"], "version": 1}
    refused = await say(theirs, type="answer", response={"choice": "1"}, **forged)
    missing = await say(theirs, type="answer", response={"choice": "1"}, **{**forged, "attempt": "no-such-attempt"})
    assert refused.status_code == missing.status_code == 404
    assert refused.json() == missing.json()


async def test_refusals_carry_status_code_and_a_sentence(klass: Class) -> None:
    client = await klass.learner()
    opening = await opened(client)
    item = single(opening)
    about = {"attempt": opening["attempt"], "item": item["id"], "version": item["version"]}
    cases: list[tuple[dict[str, Any], int, str]] = [
        ({"type": "open", "form": "no-such-form"}, 404, "not_found"),
        ({"type": "nonsense"}, 400, "invalid_message"),
        ({"type": "answer", "event_id": event_id(), "response": {"choice": "9"}, **about}, 422, "invalid_response"),
        ({"type": "skip", "event_id": event_id(), "attempt": opening["attempt"], "item": "x"}, 404, "not_found"),
        ({"type": "answer", "event_id": "1", "response": {"choice": "1"}, **about}, 400, "invalid_message"),
    ]
    for message, status, code in cases:
        refused = await say(client, **message)
        assert (refused.status_code, refused.json()["code"]) == (status, code), message
        assert refused.json()["text"]
        assert "Traceback" not in refused.text


async def test_forms_outside_the_chosen_lessons_cannot_be_opened(klass: Class) -> None:
    klass.context.shelf.pages.clear()
    client = await klass.learner()
    assert (await say(client, type="open", form="kiem-tra-otp")).status_code == 404
    assert (await say(client, type="open", form="thu-suc-ngan")).status_code == 200


async def test_a_replayed_event_is_the_same_fact(klass: Class) -> None:
    client = await klass.learner()
    opening = await opened(client)
    item = single(opening)
    message = {
        "type": "answer", "attempt": opening["attempt"], "event_id": event_id(),
        "item": item["id"], "version": item["version"], "response": {"choice": "1"},
    }  # fmt: skip
    replies = await asyncio.gather(*(say(client, **message) for _ in range(8)))
    assert {reply.status_code for reply in replies} == {200}
    assert len({reply.text for reply in replies}) == 1
    assert len(klass.context.store.attempt(opening["attempt"])[1]) == 1  # type: ignore[index]


async def test_a_request_from_a_foreign_page_is_refused(klass: Class) -> None:
    client = await klass.learner()
    for headers in ({"origin": "http://evil.example"}, {"origin": "null"}, {"origin": BASE.replace("8000", "8001")}):
        refused = await client.post("/api/quiz", json={"v": 1, "type": "open", "form": "thu-suc"}, headers=headers)
        assert refused.status_code == 403
        assert (await client.post("/vao", data={"code": klass.code, "name": "x"}, headers=headers)).status_code == 403
    client.headers.pop("origin")
    cross = await client.post("/ra", headers={"sec-fetch-site": "cross-site"})
    assert cross.status_code == 403


async def test_a_message_longer_than_any_answer_is_refused(klass: Class) -> None:
    client = await klass.learner()
    refused = await client.post("/api/quiz", content=b'{"v": 1, "type": "open", "form": "' + b"a" * 20_000 + b'"}')
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("length", ["abc", "-5", "9" * 30])
async def test_a_lying_content_length_is_a_refusal_and_not_a_fault(klass: Class, length: str) -> None:
    client = await klass.learner()
    refused = await client.post("/api/quiz", content=b"{}", headers={"content-length": length})
    assert refused.status_code in (400, 413)


async def test_too_many_messages_at_once_are_asked_to_wait(klass: Class) -> None:
    client = await klass.learner()
    statuses = [(await say(client, type="open", form="thu-suc-ngan")).status_code for _ in range(80)]
    assert statuses[:50] == [200] * 50
    assert statuses[-1] == 429
    assert (await say(await klass.learner("Hoa"), type="open", form="thu-suc-ngan")).status_code == 200
