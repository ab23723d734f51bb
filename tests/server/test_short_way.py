"""Answers over a real socket: the short way must say what the ordinary way says, and leave all else to that."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bdhvs.server.api import QuizApi
from bdhvs.server.run import http_server
from tests.server.conftest import Class, say

OPEN = {"v": 1, "type": "open", "form": "luyen-otp"}


@pytest.fixture
async def port(klass: Class) -> AsyncIterator[int]:
    server = http_server([klass.context], Path(), host="127.0.0.1", port=0)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await running


@pytest.fixture
def ordinary(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Bodies that came to the API the ordinary way."""
    came: list[bytes] = []
    ask = QuizApi.__call__

    async def noted(self: QuizApi, scope: Any, receive: Any, send: Any) -> None:
        came.append(scope["path"].encode())
        await ask(self, scope, receive, send)

    monkeypatch.setattr(QuizApi, "__call__", noted)
    return came


def request(cookie: str, port: int, message: object, **more: str) -> bytes:
    body = json.dumps(message).encode()
    headers = {
        "host": f"127.0.0.1:{port}",
        "origin": f"http://127.0.0.1:{port}",
        "content-type": "application/json",
        "content-length": str(len(body)),
        "cookie": f"bdhvs_hv={cookie}",
    } | {name.replace("_", "-"): value for name, value in more.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value)
    return f"POST /api/quiz HTTP/1.1\r\n{head}\r\n".encode() + body


async def replies(port: int, *pieces: bytes, count: int = 1) -> list[tuple[int, dict[str, str], dict[str, Any]]]:
    """Status, headers and body of `count` replies to what is sent, piece by piece."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(0.02)
    found = []
    for _ in range(count):
        head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20)).decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        found.append((int(head[0].split()[1]), headers, json.loads(await reader.readexactly(int(headers["content-length"])))))
    writer.close()
    return found


async def cookie_of(klass: Class) -> str:
    client = await klass.learner("Bà Tư")
    return client.cookies["bdhvs_hv"]


async def test_both_ways_say_the_same(klass: Class, port: int, ordinary: list[bytes]) -> None:
    client = await klass.learner("Bà Tư")
    by_the_ordinary = await say(client, type="open", form="luyen-otp")
    assert ordinary
    ordinary.clear()
    ((status, headers, body),) = await replies(port, request(client.cookies["bdhvs_hv"], port, OPEN))
    assert not ordinary
    assert (status, body) == (by_the_ordinary.status_code, by_the_ordinary.json())
    of_the_line = {"date", "content-length"}
    assert set(headers) - of_the_line == set(by_the_ordinary.headers) - of_the_line
    assert all(headers[name] == by_the_ordinary.headers[name].lower() for name in set(headers) - of_the_line)
    assert {"x-content-type-options", "cache-control", "content-security-policy", "date"} <= set(headers)


async def test_refusals_are_calm_both_ways(klass: Class, port: int, ordinary: list[bytes]) -> None:
    cookie = await cookie_of(klass)
    for message, wanted in [({"v": 1, "type": "dance"}, 400), (OPEN | {"form": "la"}, 404)]:
        ((status, _, body),) = await replies(port, request(cookie, port, message))
        assert (status, body["type"]) == (wanted, "refused")
    ((status, _, body),) = await replies(port, request("forged", port, OPEN))
    assert (status, body["code"]) == (401, "no_session")
    assert not ordinary


async def test_a_body_in_pieces_and_one_request_after_the_other(klass: Class, port: int) -> None:
    whole = request(await cookie_of(klass), port, OPEN)
    pieces = [whole[:30], whole[30:200], whole[200:-10], whole[-10:]]
    found = await replies(port, *pieces, whole, whole[:-1], whole[-1:], count=3)
    assert [status for status, _, _ in found] == [200, 200, 200]
    assert len({body["attempt"] for _, _, body in found}) == 1


async def test_requests_sent_before_the_reply_are_answered_in_order(klass: Class, port: int) -> None:
    cookie = await cookie_of(klass)
    one, other = (request(cookie, port, OPEN | {"form": form}) for form in ("luyen-otp", "lam-quen"))
    page = f"GET /suc-khoe HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n\r\n".encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(one + page + other + request(cookie, port, OPEN, connection="close"))
    said = (await asyncio.wait_for(reader.read(), 20)).decode()
    places = [said.index(word) for word in ('"id":"luyen-otp"', "\r\n\r\nok", '"id":"lam-quen"')]
    assert places == sorted(places)
    assert said.count("HTTP/1.1 200 OK") == 4
    assert "connection: close" in said.rpartition("HTTP/1.1 200 OK")[2].lower()
    writer.close()


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({"origin": "http://elsewhere.example"}, 403),
        ({"origin": "", "sec_fetch_site": "cross-site"}, 403),
        ({"content_length": "20000"}, 413),
        ({"content_length": "", "transfer_encoding": "chunked"}, 400),  # what follows is no chunk
    ],
    ids=["another origin", "across sites", "too long", "chunked"],
)
async def test_what_is_not_ordinary_takes_the_ordinary_way(
    klass: Class, port: int, more: dict[str, str], wanted: int
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request(await cookie_of(klass), port, OPEN, **more))
    assert str(wanted).encode() in await asyncio.wait_for(reader.readline(), 20)
    writer.close()


async def test_a_phone_that_leaves_before_the_reply_disturbs_nobody(klass: Class, port: int) -> None:
    cookie = await cookie_of(klass)
    for _ in range(5):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request(cookie, port, OPEN))
        await writer.drain()
        writer.transport.abort()
    ((status, _, _),) = await replies(port, request(cookie, port, OPEN))
    assert status == 200


async def test_a_browser_like_client_answers_over_it(klass: Class, port: int, ordinary: list[bytes]) -> None:
    base = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=base, headers={"origin": base}) as client:
        assert (await client.post("/vao", data={"code": klass.code, "name": "Chị Sáu"})).status_code == 303
        opened = (await client.post("/api/quiz", json=OPEN)).json()
        asked = {"v": 1, "type": "ask_help", "attempt": opened["attempt"], "item": opened["current"]}
        event = {"event_id": "01900000-0000-7000-8000-000000000001"}
        saved = (await client.post("/api/quiz", json=asked | event)).json()
        assert saved["state"]["asked_help"]
    assert not ordinary
