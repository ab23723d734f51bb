"""The live board over a real socket: the feed, who may read it, who is here, and that streams end with the class."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from bdhvs.server import event_stream
from bdhvs.server.connections import MOST_UNRECEIVED_MS
from bdhvs.server.presence import MOST_PAGES
from bdhvs.server.run import http_server
from tests.server.conftest import Class, say
from tests.service.conftest import event_id

PATIENCE_S = 20
TEACHER_ONLY = ["/gv/dong", "/gv/bang.json", "/gv/chieu"]


@pytest.fixture
async def server(klass: Class) -> AsyncIterator[uvicorn.Server]:
    one = http_server([klass.context], Path(), host="127.0.0.1", port=0)
    running = asyncio.create_task(one.serve())
    while not one.started:
        await asyncio.sleep(0.01)
    yield one
    one.should_exit = True
    await asyncio.wait_for(running, PATIENCE_S)


@pytest.fixture
def base(server: uvicorn.Server) -> str:
    return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"


@asynccontextmanager
async def visitor(base: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=base, headers={"origin": base}, trust_env=False, timeout=PATIENCE_S) as client:
        yield client


@asynccontextmanager
async def learner_of(base: str, klass: Class, name: str) -> AsyncIterator[httpx.AsyncClient]:
    async with visitor(base) as client:
        assert (await client.post("/vao", data={"code": klass.code, "name": name})).status_code == 303
        yield client


@asynccontextmanager
async def teacher_of(base: str, klass: Class) -> AsyncIterator[httpx.AsyncClient]:
    async with visitor(base) as client:
        await client.get(f"/gv/{klass.context.tokens.for_teacher(klass.context.room.id)}")
        yield client


@asynccontextmanager
async def events(client: httpx.AsyncClient, address: str) -> AsyncIterator[AsyncIterator[tuple[str, Any]]]:
    """Events of a stream, as name and data."""
    async with client.stream("GET", address) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        yield _parsed(response)


async def _parsed(response: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    name = ""
    async for line in response.aiter_lines():
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, json.loads(value)


async def until(feed: AsyncIterator[tuple[str, Any]], wanted: Any) -> Any:
    """The first view of the feed of which `wanted` is true."""

    async def found() -> Any:
        async for name, shown in feed:
            assert name == "board"
            if wanted(shown["view"]):
                return shown["view"]
        raise AssertionError("the feed ended")

    return await asyncio.wait_for(found(), PATIENCE_S)


async def answer(client: httpx.AsyncClient, form: str) -> dict[str, Any]:
    opening: dict[str, Any] = (await say(client, type="open", form=form)).json()
    item = next(one for one in opening["items"] if one["kind"] == "single_choice")
    reply = await say(
        client, type="answer", attempt=opening["attempt"], event_id=event_id(),
        item=item["id"], version=item["version"], response={"choice": "1"},
    )  # fmt: skip
    assert reply.status_code == 200, reply.text
    return item


@pytest.mark.parametrize("path", TEACHER_ONLY)
async def test_only_the_teacher_sees_the_board(klass: Class, path: str) -> None:
    learner = await klass.learner("Bác Năm")
    for who in (klass.client(), learner):
        refused = await who.get(path)
        assert refused.status_code == 403
        assert klass.code not in refused.text
    learner.cookies.set("bdhvs_gv", "0" * 32, domain="lop.example", path="/gv")
    assert (await learner.get(path)).status_code == 403


async def test_an_answer_reaches_the_feed(klass: Class, base: str) -> None:
    async with teacher_of(base, klass) as teacher, learner_of(base, klass, "Bác Năm") as learner:
        async with events(teacher, "/gv/dong?form=thu-suc-ngan") as feed:
            first = await until(feed, lambda view: view["rows"])
            assert first["rows"][0]["name"] == "Bác Năm"
            item = await answer(learner, "thu-suc-ngan")
            view = await until(feed, lambda view: any(cell[0] == "answered" for cell in view["rows"][0]["cells"]))
        place = [column["item"] for column in view["columns"]].index(item["id"])
        assert view["rows"][0]["cells"][place] == ["answered", False]


async def test_a_call_for_help_reaches_the_feed_with_its_place(klass: Class, base: str) -> None:
    async with teacher_of(base, klass) as teacher, learner_of(base, klass, "Cụ Tý") as learner:
        opening = (await say(learner, type="open", form="lam-quen")).json()
        async with events(teacher, "/gv/dong") as feed:
            await until(feed, lambda view: view["rows"][0]["call"] is None)
            event = {"attempt": opening["attempt"], "event_id": event_id(), "item": opening["current"]}
            await say(learner, type="ask_help", **event)
            view = await until(feed, lambda view: view["rows"][0]["call"])
        assert view["rows"][0]["call"]["place"] == "Làm quen với điện thoại · Câu 1"


async def test_the_same_stands_in_the_json_for_those_without_a_stream(klass: Class) -> None:
    learner, teacher = await klass.learner("Bác Năm"), await klass.teacher()
    item = await answer(learner, "thu-suc-ngan")
    shown = (await teacher.get("/gv/bang.json?form=thu-suc-ngan")).json()
    assert shown["view"]["counts"]["in_class"] == 1
    assert shown["health"] is None
    assert shown["now_ms"] > 0
    column = next(one for one in shown["view"]["columns"] if one["item"] == item["id"])
    assert column["answered"] == 1


async def test_no_key_in_the_feed_unless_it_is_asked_for(klass: Class) -> None:
    learner, teacher = await klass.learner("Bác Năm"), await klass.teacher()
    item = await answer(learner, "thu-suc-ngan")
    address = f"/gv/bang.json?form=thu-suc-ngan&item={item['id']}"
    plain = (await teacher.get(address)).json()["view"]
    assert plain["details"]["solution"] is None
    assert {choice["key"] for choice in plain["details"]["choices"]} == {None}
    assert sum(column["judged"] for column in plain["columns"]) == 0
    told = (await teacher.get(address + "&key=1")).json()["view"]
    assert sorted({choice["key"] for choice in told["details"]["choices"]}) == [False, True]


async def test_odd_wishes_show_the_board_all_the_same(klass: Class) -> None:
    teacher = await klass.teacher()
    for query in ("form=" + "x" * 5000, "form=<script>", "item=..&key=maybe", "names=0&marks=%00", "form=thu-suc&item=%FF"):
        shown = await teacher.get(f"/gv/bang.json?{query}")
        assert shown.status_code == 200
        assert shown.json()["view"]["details"] is None


async def test_an_open_page_makes_its_learner_present(klass: Class, base: str) -> None:
    async with teacher_of(base, klass) as teacher, learner_of(base, klass, "Chị Mơ") as learner:
        async with events(learner, "/api/o-day") as page:
            assert await asyncio.wait_for(anext(page), PATIENCE_S) == ("hello", {"v": 1})
            async with events(teacher, "/gv/dong") as feed:
                view = await until(feed, lambda view: view["counts"]["here"] == 1)
                assert view["rows"][0]["here"]
        (seat,) = klass.context.board._seats.values()
        while seat.pages:  # the server notices that the page has gone
            await asyncio.sleep(0.01)


async def test_a_stranger_gets_no_stream_and_no_browser_asks_again(klass: Class) -> None:
    stranger = klass.client()
    assert (await stranger.get("/api/o-day")).status_code == 401
    stranger.cookies.set("bdhvs_hv", "forged", domain="lop.example")
    assert (await stranger.get("/api/o-day")).status_code == 401
    learner = await klass.learner()
    await klass.context.rooms.close_class(klass.context.room)
    assert (await learner.get("/api/o-day")).status_code == 401


async def test_one_learner_holds_only_a_few_streams(klass: Class, base: str) -> None:
    async with learner_of(base, klass, "Chị Mơ") as learner:
        cookie = {"cookie": f"bdhvs_hv={learner.cookies['bdhvs_hv']}"}
        lines = [await asyncio.open_connection(*base.removeprefix("http://").split(":")) for _ in range(MOST_PAGES + 3)]
        for reader, writer in lines:
            writer.write(f"GET /api/o-day HTTP/1.1\r\nhost: x\r\ncookie: {cookie['cookie']}\r\n\r\n".encode())
            await asyncio.wait_for(reader.readuntil(b"hello"), PATIENCE_S)
        for reader, _ in lines[:3]:  # the oldest have come to their end
            await asyncio.wait_for(reader.readuntil(b"0\r\n\r\n"), PATIENCE_S)
        assert len(klass.context.streams) == MOST_PAGES
        for _, writer in lines:
            writer.close()


async def test_streams_end_when_the_server_stops(klass: Class, server: uvicorn.Server, base: str) -> None:
    async with (
        teacher_of(base, klass) as teacher,
        learner_of(base, klass, "Chị Mơ") as learner,
        events(learner, "/api/o-day") as page,
        events(teacher, "/gv/dong") as feed,
    ):
        await asyncio.wait_for(anext(page), PATIENCE_S)
        await until(feed, lambda view: view["counts"]["here"] == 1)
        assert len(klass.context.streams) == 2
        server.should_exit = True

        async def rest() -> list[Any]:
            return [one async for one in page] + [one async for one in feed]

        await asyncio.wait_for(rest(), PATIENCE_S)  # ends in order: a broken stream would raise
    assert len(klass.context.streams) == 0


async def test_the_projector_shows_the_way_in_and_no_name(klass: Class) -> None:
    await klass.learner("Bác Năm")
    text = (await (await klass.teacher()).get("/gv/chieu")).text
    assert klass.code in text
    assert "Bác Năm" not in text
    assert "<svg" in text
    assert 'data-count="in_class">1<' in text


async def test_without_javascript_the_teacher_s_page_has_its_table(klass: Class) -> None:
    await klass.learner("Bác Năm")
    text = (await (await klass.teacher()).get("/gv")).text
    assert "Bác Năm" in text.partition("bdhvs-board-strings")[0]
    assert "<noscript><meta http-equiv=\"refresh\"" in text


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux lets us say how long to wait")
async def test_a_phone_out_of_reach_is_noticed(klass: Class, server: uvicorn.Server, base: str) -> None:
    async with learner_of(base, klass, "Chị Mơ") as learner, events(learner, "/api/o-day") as page:
        await asyncio.wait_for(anext(page), PATIENCE_S)
        lines = [one.transport.get_extra_info("socket") for one in server.server_state.connections]  # type: ignore[union-attr]
        waits = {line.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) for line in lines}
        assert waits == {MOST_UNRECEIVED_MS}


async def test_a_forgotten_person_s_stream_ends(klass: Class, base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_stream, "PING_S", 0.05)
    async with learner_of(base, klass, "Chị Mơ") as learner, events(learner, "/api/o-day") as page:
        await asyncio.wait_for(anext(page), PATIENCE_S)
        (learner_id,) = klass.context.board._seats
        await klass.context.board.forget_learner(learner_id)

        async def rest() -> list[Any]:
            return [one async for one in page]

        await asyncio.wait_for(rest(), PATIENCE_S)
    assert (await (await klass.teacher()).get("/gv/bang.json")).json()["view"]["rows"] == []


@pytest.mark.parametrize("path", ["/lop", "/kiem-tra/thu-suc-ngan", "/bai/an-toan-truoc-lua-dao-otp"])
async def test_the_learner_s_pages_open_the_stream(klass: Class, path: str) -> None:
    assert "/here.js" in (await (await klass.learner()).get(path)).text
