"""The whole application in one process: real bank, real store, real pages; only the network is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from bdhvs.server.app import class_app
from bdhvs.server.context import ClassContext
from bdhvs.server.lessons import LightPage
from bdhvs.server.opening import ServeOptions, prepare
from bdhvs.store import Store

BASE = "http://lop.example:8000"


@dataclass
class Class:
    """A class under test: its application and what the server holds."""

    app: ASGIApp
    context: ClassContext

    @property
    def code(self) -> str:
        return self.context.room.code

    def client(self, address: str = "192.168.1.20") -> httpx.AsyncClient:
        """A new visitor, from the given address, without cookies."""
        transport = httpx.ASGITransport(self.app, client=(address, 50000), raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=BASE, headers={"origin": BASE})

    async def learner(self, name: str = "Lan", address: str = "192.168.1.20") -> httpx.AsyncClient:
        """A visitor who has joined."""
        client = self.client(address)
        response = await client.post("/vao", data={"code": self.code, "name": name})
        assert response.status_code == 303, response.text
        return client

    async def teacher(self) -> httpx.AsyncClient:
        """The teacher, by the teacher's link."""
        client = self.client("127.0.0.1")
        response = await client.get(f"/gv/{self.context.tokens.for_teacher(self.context.room.id)}")
        assert (response.status_code, response.headers["location"]) == (303, "/gv")
        return client


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
async def klass(store: Store, tmp_path: Path) -> Class:
    context, media = await prepare(ServeOptions(tmp_path / "data", "Lớp thôn Đoài"), store, [BASE])
    for info in context.shelf.lessons:  # lessons have tests of their own; here no kernel is needed
        forms = ("luyen-otp", "kiem-tra-otp") if "otp" in info.id else ("luyen-dich-vu-cong", "kiem-tra-dich-vu-cong")
        context.shelf.pages[info.path] = LightPage("<section><p>Bài học</p></section>", forms)
    return Class(class_app(context, media), context)


async def say(client: httpx.AsyncClient, **message: Any) -> httpx.Response:
    """A protocol message over HTTP."""
    return await client.post("/api/quiz", json={"v": 1, **message})
