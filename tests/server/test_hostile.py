"""What a clever or ill-willed person on the class's Wi-Fi tries, told as tests: each was once possible, or must never be."""

from __future__ import annotations

import asyncio
import csv
import json
import logging
import os
import re
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from bdhvs.core import typing_methods
from bdhvs.core.identifiers import uuid7
from bdhvs.core.items import reading
from bdhvs.errors import InvalidResponse
from bdhvs.server import connections
from bdhvs.server.app import class_app
from bdhvs.server.limits import RateLimit
from bdhvs.server.run import http_server
from bdhvs.service import quiz
from bdhvs.service.tokens import MAX_TOKEN_CHARS, Tokens
from tests.server.conftest import BASE, Class, say


def event_id() -> str:
    return uuid7(1_700_000_000_000_000, secrets.token_bytes(10))


async def opened(client: httpx.AsyncClient, form: str) -> dict[str, Any]:
    response = await say(client, type="open", form=form)
    assert response.status_code == 200, response.text
    return response.json()  # type: ignore[no-any-return]


def choices(opening: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for item in opening["items"] if item["kind"] == "single_choice"]


def answering(opening: dict[str, Any], item: dict[str, Any], **more: Any) -> dict[str, Any]:
    about = {"attempt": opening["attempt"], "item": item["id"], "version": item["version"]}
    return {"type": "answer", "event_id": event_id(), "response": {"choice": "1"}, **about, **more}


# ── keys ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", ["thu-suc-ngan", "luyen-otp"])
async def test_the_id_of_an_old_fact_does_not_buy_the_result_of_an_unfinished_attempt(klass: Class, form: str) -> None:
    client = await klass.learner()
    opening = await opened(client, form)
    answer = answering(opening, choices(opening)[0])
    assert (await say(client, **answer)).status_code == 200
    refused = await say(client, type="finish", attempt=opening["attempt"], event_id=answer["event_id"])
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_message")
    assert "review" not in refused.text
    assert (await opened(client, form))["status"] == "started"


async def test_a_pause_in_practice_shows_no_solution(klass: Class) -> None:
    client = await klass.learner()
    opening = await opened(client, "luyen-otp")
    paused = await say(client, type="pause", attempt=opening["attempt"], event_id=event_id())
    assert paused.json()["status"] == "paused"
    assert {state["feedback"] for state in (await opened(client, "luyen-otp"))["states"].values()} == {None}


async def test_an_assessment_opened_anew_paused_hinted_or_in_english_still_says_nothing(klass: Class) -> None:
    client = await klass.learner()
    opening = await opened(client, "thu-suc-ngan")
    attempt = opening["attempt"]
    for item in choices(opening):
        await say(client, **answering(opening, item))
    replies = [
        await say(client, type="open", form="thu-suc-ngan", again=True),
        await say(client, type="open", form="thu-suc-ngan", lang="en"),
        await say(client, type="hint", attempt=attempt, event_id=event_id(), item=opening["items"][0]["id"]),
        await say(client, type="pause", attempt=attempt, event_id=event_id()),
        await say(client, type="open", form="thu-suc-ngan"),
    ]
    for reply in replies:
        assert reply.status_code == 200
        assert "verdict" not in reply.text
        assert reply.json().get("result") is None
        assert '"solution"' not in reply.text


# ── floods ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_one_phone_with_wrong_codes_does_not_lock_out_the_class_behind_the_same_address(klass: Class) -> None:
    wrong = klass.client("100.64.0.1")
    for _ in range(60):
        await wrong.post("/vao", data={"code": "BBBBBB", "name": "x"})
    assert (await wrong.post("/vao", data={"code": "BBBBBB", "name": "x"})).status_code == 429
    await klass.learner("Lan", "100.64.0.1")


async def test_whoever_guesses_codes_is_slowed_down_and_then_told_nothing(klass: Class) -> None:
    """The code guards the names of a class list, on the page of the QR link too."""
    tries = RateLimit(burst=3, per_second=0, clock=time.monotonic)
    klass.app = class_app(replace(klass.context, code_tries=tries), Path())
    klass.context.rooms.names = ("Nguyễn Thị Hòa",)
    guesser = klass.client("100.64.0.2")
    for _ in range(3):
        assert (await guesser.get("/j/BBBBBB")).status_code == 200
    right, wrong = await guesser.get(f"/j/{klass.code}"), await guesser.get("/j/BBBBBB")
    assert right.status_code == wrong.status_code == 429
    assert right.text == wrong.text
    posted = [await guesser.post("/vao", data={"code": code, "name": "x"}) for code in (klass.code, "BBBBBB")]
    assert posted[0].status_code == 429
    assert posted[0].text == posted[1].text
    assert "Nguyễn" in (await klass.client("100.64.0.3").get(f"/j/{klass.code}")).text


async def test_leaving_a_class_one_was_never_in_does_not_tell_its_code(klass: Class) -> None:
    for path in ("/ra", "/vao", "/lop", "/", "/gv", "/kiem-tra/thu-suc", "/bai/x", "/api/quiz", "/suc-khoe"):
        for method in ("GET", "POST"):
            answer = await klass.client().request(method, path)
            assert klass.code not in answer.text + str(answer.headers), (method, path)
    learner = await klass.learner()
    assert (await learner.post("/ra")).headers["location"] == f"/j/{klass.code}"


async def test_forged_cookies_are_not_remembered(klass: Class) -> None:
    tokens = Tokens(b"k" * 32)
    good = tokens.for_learner("018bcfe5-6800-7000-8000-000000000000")
    assert len(good) < MAX_TOKEN_CHARS
    for forged in ("x", good[:-2], good + "A", "é", "a" * 60_000):
        assert tokens.learner_of(forged) is None
    assert tokens.remembered == 0
    assert tokens.learner_of(good)
    assert tokens.remembered == 1


async def test_an_attempt_takes_a_day_s_facts_and_not_a_flood_and_can_still_be_handed_in(
    klass: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quiz, "MOST_FACTS", 5)
    client = await klass.learner()
    opening = await opened(client, "thu-suc-ngan")
    item = choices(opening)[0]
    statuses = [(await say(client, **answering(opening, item))).status_code for _ in range(7)]
    assert statuses == [200] * 5 + [403] * 2
    assert (await say(client, type="finish", attempt=opening["attempt"], event_id=event_id())).status_code == 200


async def test_a_form_can_be_taken_again_often_and_not_for_ever(klass: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quiz, "MOST_ATTEMPTS", 2)
    client = await klass.learner()
    for _ in range(2):
        opening = (await say(client, type="open", form="lam-quen", again=True)).json()
        await say(client, type="finish", attempt=opening["attempt"], event_id=event_id())
    refused = await say(client, type="open", form="lam-quen", again=True)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert (await opened(client, "lam-quen"))["status"] == "finished"  # without `again` the last result is there


async def test_the_board_asked_for_by_many_at_once_is_counted_once(
    klass: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bdhvs.server import teacher

    made = []
    real = teacher.overview
    monkeypatch.setattr(teacher, "overview", lambda *about: made.append(about) or real(*about))
    client = await klass.teacher()
    boards = await asyncio.gather(*(client.get("/gv/bang") for _ in range(20)))
    assert {board.status_code for board in boards} == {200}
    assert len(made) <= 2


# ── odd messages and requests ───────────────────────────────────────────────────────────────────────────


async def test_no_message_however_odd_is_a_fault_of_ours(klass: Class, caplog: pytest.LogCaptureFixture) -> None:
    client = await klass.learner()
    opening = await opened(client, "thu-suc-ngan")
    before = json.dumps(answering(opening, choices(opening)[0]))[:-1].replace('"type"', '"v": 1, "type"')
    head = re.sub(r', "response": \{[^}]*\}', "", before)
    deep = [f'{{"choice": {"[" * depth}{"]" * depth}}}' for depth in (10, 900, *range(940, 1000, 3), 4000)]
    odd = [
        *deep,
        "9" * 5000,
        f'{{"choice": {"9" * 5000}}}',
        '{"choice": NaN}',
        '{"choice": 1e999}',
        '{"text": "\\ud800"}',
        '{"choice": "\\u0000"}',
        '{"choice": "\\u0661"}',
        '{"choice": true}',
        "null",
    ]
    for response in odd:
        klass.app = class_app(klass.context, Path())  # fresh limits: here it is not about speed
        fresh = klass.client()
        fresh.cookies = client.cookies
        body = head.replace(re.search(r'"event_id": "([^"]+)"', head).group(1), event_id())  # type: ignore[union-attr]
        reply = await fresh.post("/api/quiz", content=f'{body}, "response": {response}}}'.encode())
        assert reply.status_code in (400, 422), (response[:60], reply.status_code)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize(
    "change",
    [
        {"version": -1},
        {"version": 1.0},
        {"elapsed_ms": 1e308},
        {"event_id": "019"},
        {"event_id": "018bcfe5-6800-7ab3-940d-9065602e1d1d\n"},
    ],
    ids=str,
)
async def test_odd_numbers_and_ids_are_refused_or_kept_as_unknown(klass: Class, change: dict[str, Any]) -> None:
    client = await klass.learner()
    opening = await opened(client, "thu-suc-ngan")
    reply = await say(client, **answering(opening, choices(opening)[0], **change))
    assert reply.status_code == (200 if "elapsed_ms" in change else 404 if change == {"version": -1} else 400)
    events = klass.context.store.attempt(opening["attempt"])[1]  # type: ignore[index]
    assert all(event.elapsed_ms is None for event in events)


async def test_a_hundred_messages_at_once_leave_one_order_of_facts(klass: Class) -> None:
    client = await klass.learner()
    opening = await opened(client, "thu-suc-ngan")
    item = choices(opening)[0]
    replies = await asyncio.gather(
        *(say(client, **answering(opening, item)) for _ in range(50)),
        *(say(client, type="finish", attempt=opening["attempt"], event_id=event_id()) for _ in range(4)),
        *(say(client, type="open", form="thu-suc-ngan") for _ in range(40)),
    )
    assert {reply.status_code for reply in replies} <= {200, 403, 429}
    assert sum(reply.json()["type"] == "finished" for reply in replies) <= 1
    events = klass.context.store.attempt(opening["attempt"])[1]  # type: ignore[index]
    acknowledged = {reply.json()["event_id"] for reply in replies if reply.json()["type"] in ("saved", "finished")}
    assert acknowledged == {event.event_id for event in events}
    assert [event.seq for event in events] == list(range(1, len(events) + 1))


async def test_a_fact_s_id_of_one_learner_means_nothing_in_another_s_attempt(klass: Class) -> None:
    mine, theirs = await klass.learner("Lan"), await klass.learner("Hoa")
    one, two = await opened(mine, "thu-suc-ngan"), await opened(theirs, "thu-suc-ngan")
    same = event_id()
    for client, opening in ((mine, one), (theirs, two)):
        assert (await say(client, **answering(opening, choices(opening)[0], event_id=same))).status_code == 200
    for opening in (one, two):
        assert len(klass.context.store.attempt(opening["attempt"])[1]) == 1  # type: ignore[index]


async def test_a_posted_form_with_a_hundred_fields_is_no_fault(klass: Class) -> None:
    fields = {f"f{n}": "1" for n in range(100)}
    answer = await klass.client().post("/vao", data={"code": klass.code, "name": "Lan", **fields})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "origin", ["http://[", "null", "", "http://lop.example:8000.evil.example", "http://a@evil.example"]
)
async def test_an_origin_that_is_no_address_is_foreign(klass: Class, origin: str) -> None:
    refused = await klass.client().post("/vao", data={"code": klass.code, "name": "x"}, headers={"origin": origin})
    assert refused.status_code == 403


@pytest.mark.parametrize(
    "path", ["//evil.example/x", "/%2f%2fevil.example", "/%2F/evil.example/%2e%2e", "/javascript:alert(1)"]
)
async def test_no_link_of_a_page_leads_where_its_address_says(klass: Class, path: str) -> None:
    page = await klass.client().get(httpx.URL(BASE + path))
    assert page.status_code == 404
    assert not [
        link for link in re.findall(r'(?:href|src|action)="([^"]*)"', page.text) if "evil" in link or ":" in link
    ]


async def test_a_typed_answer_cannot_become_a_formula_in_any_spreadsheet(klass: Class) -> None:
    """Vietnamese and many other spreadsheets split lines at semicolons, whatever the quotes inside say."""
    client = await klass.learner()
    opening = await opened(client, "lam-quen")
    item = next(one for one in opening["items"] if one["kind"] == "short_text")
    typed = ';=HYPERLINK("http://evil.example")\t=1+1\r\n=2+2;@x'
    reply = await say(client, **answering(opening, item, response={"text": typed}))
    assert reply.status_code == 200
    table = (await (await klass.teacher()).get("/gv/ket-qua.csv")).content.decode("utf-8-sig")
    cells = [cell.strip("\" '") for line in table.splitlines() for cell in re.split("[;\t]", line)]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    row = next(row for row in csv.DictReader(table.splitlines(keepends=True)) if row["response"])
    assert json.loads(row["response"])["text"] == typed


async def test_the_teacher_s_token_is_not_repeated_in_any_page(klass: Class) -> None:
    token = klass.context.tokens.for_teacher(klass.context.room.id)
    stale = await klass.client().get(f"/gv/{token[:-1]}x")
    assert token[:-1] not in stale.text
    board = await (await klass.teacher()).get("/gv")
    assert token not in board.text


async def test_a_link_in_the_media_folder_does_not_lead_out_of_it(klass: Class, tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    (media / "picture.png").write_bytes(b"png")
    try:
        (media / "key.png").symlink_to(tmp_path / "data" / "secret")
    except OSError:
        pytest.skip("no symbolic links here")
    klass.app = class_app(klass.context, media)
    assert (await klass.client().get("/media/picture.png")).status_code == 200
    assert (await klass.client().get("/media/key.png")).status_code == 404


async def test_names_cannot_paint_over_the_board(klass: Class) -> None:
    await klass.learner("Z" + "\u0301\u0323" * 18)
    board = (await (await klass.teacher()).get("/gv")).text
    assert not re.search("[\u0300-\u036f]{4}", board)
    for invisible in ("\u3164", "\u2800", "\ufe0f", "\u115f\u1160", "\u034f"):
        answer = await klass.client().post("/vao", data={"code": klass.code, "name": invisible})
        assert answer.status_code == 422, invisible


# ── connections ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
async def port(klass: Class, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """The class on a real socket with the real HTTP settings, but less patient."""
    monkeypatch.setattr(connections, "MOST_SECONDS", 2)
    server = http_server(klass.context, Path(), host="127.0.0.1", port=0)
    server.config.log_level = "critical"
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await running


async def said(port: int, *pieces: bytes) -> bytes:
    """What the server says to these bytes until it closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        return await ending(reader)
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def ending(reader: asyncio.StreamReader) -> bytes:
    """What comes until the connection ends, however abruptly."""
    try:
        return await asyncio.wait_for(reader.read(), 20)
    except ConnectionError:
        return b""


async def test_a_request_whose_head_never_ends_is_cut_off(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_SECONDS", 60)
    endless = [b"GET / HTTP/1.1\r\nHost: x\r\n", *(b"X: " + b"a" * 9_000 + b"\r\n" for _ in range(40))]
    assert b"200" not in await said(port, *endless)
    assert b"200" not in await said(port, b"GET /", *(b"a" * 9_000 for _ in range(40)))
    assert b"200" not in await said(port, b"GET / HTTP/1.1\r\nX: ", *(b"a" * 9_000 for _ in range(40)))


@pytest.mark.parametrize(
    "beginning",
    [b"", b"GET / HTT", b"POST /vao HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\ncode="],
    ids=["silent", "half a head", "half a body"],
)
async def test_a_connection_that_says_nothing_in_time_is_closed(port: int, beginning: bytes) -> None:
    assert b"200" not in await said(port, beginning)


async def test_a_kept_connection_that_begins_another_request_has_to_end_it_too(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /suc-khoe HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"200 OK" in await reader.readuntil(b"\r\n\r\nok")
    writer.write(b"GET / HTT")
    assert b"200" not in await ending(reader)
    writer.close()


async def test_while_hundreds_of_connections_hang_a_learner_is_served(klass: Class, port: int) -> None:
    hanging = [await asyncio.open_connection("127.0.0.1", port) for _ in range(300)]
    for _, writer in hanging:
        writer.write(b"GET / HTTP/1.1\r\nX: ")
    base = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=base, headers={"origin": base}) as learner:
        assert (await learner.post("/vao", data={"code": klass.code, "name": "Lan"})).status_code == 303
        ends = [await ending(reader) for reader, _ in hanging]
        assert (await learner.get("/lop")).status_code == 200  # a kept connection is not cut while it rests
    assert all(b"200" not in end for end in ends)
    for _, writer in hanging:
        writer.close()


async def test_one_address_cannot_take_every_connection(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_FROM_ONE_ADDRESS", 5)
    monkeypatch.setattr(connections, "is_own", lambda address: False)
    held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(5)]
    await asyncio.sleep(0.1)
    assert await said(port, b"GET /suc-khoe HTTP/1.1\r\nHost: x\r\n\r\n") == b""
    for _, writer in held:
        writer.close()
        await writer.wait_closed()
    await asyncio.sleep(0.1)
    assert b"200 OK" in await said(port, b"GET /suc-khoe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")


# ── what others on the same machine can read ────────────────────────────────────────────────────────────


@pytest.mark.skipif(os.name != "posix", reason="file modes are of POSIX systems")
async def test_other_users_of_the_machine_cannot_read_names_answers_or_keys(klass: Class, tmp_path: Path) -> None:
    await klass.learner("Bác Năm")
    folder = tmp_path / "data"
    assert folder.stat().st_mode & 0o077 == 0
    for path in folder.glob("bdhvs.sqlite3*"):
        assert path.stat().st_mode & 0o077 == 0, path
    assert (folder / "secret").stat().st_mode & 0o077 == 0


def test_a_typed_word_of_keys_is_read_in_few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each d could mark any d before it: such words once took 5 ms each, on the loop that serves everybody."""
    steps = 0
    bound = typing_methods._may_be_syllable

    def counted(state: typing_methods.Reading) -> bool:
        nonlocal steps
        steps += 1
        return bound(state)

    monkeypatch.setattr(typing_methods, "_may_be_syllable", counted)
    typing_methods.readings.cache_clear()
    for word in ("dadodadacdwd", "dodododododo", "dadedodadedo", "ouewgwaooued"):
        assert typing_methods.readings(word, "telex") == frozenset()
    assert steps < 400


def test_a_place_nested_a_hundred_thousand_deep_is_refused_and_not_written_out() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(InvalidResponse):
        reading.place(deep, ("a", "b"))


async def test_an_item_s_shared_order_cannot_be_worked_out_from_what_is_shown(klass: Class) -> None:
    """The program is public: whoever knows an item's id, version and number of steps must not know their right order."""
    import random

    from bdhvs.core.presenting import arrangement

    ordering = next(item for item in klass.context.bank.items.values() if item.kind == "ordering")
    renamed = [ordering.model_copy(update={"id": f"viec-{n}"}) for n in range(20)]
    guessed = 0
    for item in renamed:
        places = [step.model_copy(update={"id": str(n)}) for n, step in enumerate(item.steps)]  # type: ignore[attr-defined]
        public = item.model_copy(update={"steps": tuple(places)})
        order = public.arrange(random.Random(f"{item.id}:{item.version}"))[0]
        shown = arrangement(item, 1, shuffle=False)[0]
        guessed += [shown[order.index(str(n))] for n in range(len(places))] == item.right_order  # type: ignore[attr-defined]
    assert guessed < 5
