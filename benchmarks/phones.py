"""Learners' phones, many in one process: keep-alive HTTP/1.1 connections as light as asyncio allows.

A general HTTP client costs more per request than the server under test. This one knows what the class server sends
(a status, headers, a ``content-length``) and nothing else; anything unexpected ends the benchmark.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlencode

from bdhvs.core.identifiers import uuid7

COMMON_WORDS = ("mã OTP", "danh bạ", "danh ba", "mật khẩu", "maatj khaaur", "sức khỏe", "mã QR", "không biết", "số điện thoại")
CHANCE = random.Random()
LEARNERS_PER_ADDRESS = 40  # a village house: one Wi-Fi, so one address as the server sees it


@dataclass(slots=True)
class Response:
    """An HTTP response; `wire_bytes` counts its headers, too."""

    status: int
    head: bytes
    body: bytes
    wire_bytes: int

    def header(self, name: bytes) -> bytes:
        """Value of a header, empty when it is not there."""
        _, found, rest = self.head.lower().partition(b"\r\n" + name + b": ")
        start = len(self.head) - len(rest)
        return self.head[start:].partition(b"\r\n")[0] if found else b""


class Connection(asyncio.Protocol):
    """One connection; one request at a time."""

    def __init__(self) -> None:
        self._received = b""
        self._waiter: asyncio.Future[Response] | None = None
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def open(cls, host: str, port: int, source: str | None = None) -> Connection:
        """A connection to the server, from the loopback address `source` when given."""
        loop = asyncio.get_running_loop()
        _, one = await loop.create_connection(cls, host, port, local_addr=(source, 0) if source else None)
        return one

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but its bases

    @property
    def is_open(self) -> bool:
        return self._transport is not None

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(exc or ConnectionResetError("the server closed the connection"))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def request(self, data: bytes) -> asyncio.Future[Response]:
        """Send a request; the future is the response to it."""
        if self._transport is None:
            raise ConnectionResetError("the connection is closed")
        self._waiter = asyncio.get_running_loop().create_future()
        self._transport.write(data)
        return self._waiter

    def data_received(self, data: bytes) -> None:
        self._received = self._received + data if self._received else data
        head_end = self._received.find(b"\r\n\r\n")
        if head_end < 0:
            return
        length_at = self._received.find(b"content-length: ", 0, head_end)
        if length_at < 0:
            raise RuntimeError(f"a response without a length: {self._received[:300]!r}")
        length = int(self._received[length_at + 16 : self._received.index(b"\r", length_at)])
        total = head_end + 4 + length
        if len(self._received) < total:
            return
        response = Response(int(self._received[9:12]), self._received[:head_end], self._received[head_end + 4 : total], total)
        self._received = b""
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(response)


def loopback_addresses() -> Iterator[str]:
    """127.1.0.1, 127.1.0.2, …: every one a place of its own, as far as the server can tell."""
    for high, middle, low in itertools.product(range(1, 255), range(256), range(1, 255)):
        yield f"127.{high}.{middle}.{low}"


def get(path: str, host: str, cookie: bytes = b"", extra: bytes = b"") -> bytes:
    """The bytes of a GET request."""
    cookies = b"cookie: " + cookie + b"\r\n" if cookie else b""
    return f"GET {path} HTTP/1.1\r\nhost: {host}\r\n".encode() + cookies + extra + b"\r\n"


@dataclass(slots=True)
class Learner:
    """One learner: a cookie, an attempt, and answers that fit what was shown."""

    host: str
    head: bytes = b""  # of a POST to the API, without its length
    cookie: bytes = b""
    attempt: str = ""
    # (item, message up to the event id, message after it), once for each answer prepared
    answers: list[tuple[bytes, bytes]] = field(default_factory=list)
    turn: int = 0

    async def join(self, connection: Connection, code: str, name: str) -> Response:
        """Come into the class with its code, as the form of the first page does."""
        body = urlencode({"code": code, "name": name}).encode()
        head = f"POST /vao HTTP/1.1\r\nhost: {self.host}\r\ncontent-type: application/x-www-form-urlencoded\r\n"
        response = await connection.request(head.encode() + b"content-length: %d\r\n\r\n" % len(body) + body)
        if response.status != 303:
            raise RuntimeError(f"joining was refused: {response.status} {response.body[:2000].decode()}")
        self.cookie = response.header(b"set-cookie").partition(b";")[0]
        self.head = (
            f"POST /api/quiz HTTP/1.1\r\nhost: {self.host}\r\norigin: http://{self.host}\r\n"
            "content-type: application/json\r\naccept: */*\r\ncookie: "
        ).encode() + self.cookie + b"\r\ncontent-length: "
        return response

    def post(self, body: bytes) -> bytes:
        """The bytes of a request to the API."""
        return b"%b%d\r\n\r\n%b" % (self.head, len(body), body)

    async def open(self, connection: Connection, form: str) -> dict[str, Any]:
        """Open the form and prepare an answer to each of its items."""
        response = await connection.request(self.post(json.dumps({"v": 1, "type": "open", "form": form}).encode()))
        opened: dict[str, Any] = json.loads(response.body)
        if response.status != 200:
            raise RuntimeError(f"the form was not opened: {opened}")
        self.attempt = opened["attempt"]
        self.answers = [_answer(self.attempt, item) for item in opened["items"]]
        return opened

    def next_answer(self) -> tuple[str, bytes]:
        """Event id and request of the next answer; after the last item the first one is answered anew."""
        before, after = self.answers[self.turn % len(self.answers)]
        self.turn += 1
        event_id = uuid7(time.time_ns() // 1000, secrets.token_bytes(10))
        return event_id, self.post(b"%b%b%b" % (before, event_id.encode(), after))


def _answer(attempt: str, item: dict[str, Any]) -> tuple[bytes, bytes]:
    before = f'{{"v":1,"type":"answer","attempt":"{attempt}","event_id":"'
    response = json.dumps(some_response(item["kind"], item["body"]))
    after = f'","item":"{item["id"]}","version":{item["version"]},"response":{response},"help":"none","elapsed_ms":8200}}'
    return before.encode(), after.encode()


def typed_words(chance: random.Random) -> str:
    """What people type: half of them one of a few common answers, half something of their own with a slip in it."""
    words = chance.choice(COMMON_WORDS)
    if chance.random() < 0.5:
        return words
    place = chance.randrange(len(words))
    return words[:place] + chance.choice("aeiounhgst ") + words[place + chance.randint(0, 1) :] + chance.choice(["", " ạ", "."])


def some_response(kind: str, body: dict[str, Any], chance: random.Random = CHANCE) -> dict[str, Any]:
    """An answer to an item as it is shown, right or wrong by chance."""
    match kind:
        case "single_choice":
            return {"choice": chance.choice(body["options"])["id"]}
        case "multiple_choice":
            ids = [option["id"] for option in body["options"]]
            return {"choices": sorted(chance.sample(ids, chance.randint(1, len(ids))))}
        case "numeric":
            return {"text": str(chance.randint(1, 99))}
        case "short_text":
            return {"text": typed_words(chance)}
        case "ordering":
            ids = [step["id"] for step in body["steps"]]
            return {"order": chance.sample(ids, len(ids))}
        case "matching":
            rows, answers = ([part["id"] for part in body[name]] for name in ("rows", "answers"))
            return {"pairs": dict(zip(rows, chance.sample(answers, len(rows)), strict=False))}
    raise RuntimeError(f"no answer is known for items of kind {kind!r}")
