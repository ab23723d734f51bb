"""The pace over HTTP: the teacher's buttons, what phones hear, a hostile phone, and how the class begins and ends."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from bdhvs.bank.loader import Bank
from bdhvs.core.pace_commands import Hold, Open, Reveal, ShowAnswers
from bdhvs.errors import StoreUnavailable
from bdhvs.server.app import class_app
from bdhvs.server.opening import ServeOptions, prepare
from bdhvs.service.pace import REOPEN_WITHIN_US
from bdhvs.store import Store
from tests.clients import some_response
from tests.server.conftest import BASE, Class, say
from tests.server.test_board import base, events, learner_of, server, teacher_of
from tests.server.test_short_way import cookie_of, port, replies, request
from tests.service.conftest import event_id

__all__ = ["base", "port", "server"]  # fixtures

FORM = "lam-quen"
ITEMS = Bank.load().form(FORM).items
BUTTONS = ["open", "hold", "show", "hide", "reveal", "free", "wait", "begin", "end", "reopen"]


async def press(teacher: httpx.AsyncClient, do: str, **fields: str) -> httpx.Response:
    return await teacher.post("/gv/nhip", data={"do": do, **fields})


async def lead(klass: Class, number: int = 0, form: str = FORM) -> str:
    items = klass.context.bank.form(form).items
    await klass.context.pace.do(klass.context.room.id, Open(form, items[number], items))
    return items[number]


async def answer(client: httpx.AsyncClient, opened: dict[str, Any], item_id: str, **more: Any) -> httpx.Response:
    item = next(one for one in opened["items"] if one["id"] == item_id)
    message = {"item": item_id, "version": item["version"], "response": some_response(item), "event_id": event_id()}
    return await say(client, type="answer", attempt=opened["attempt"], **(message | more))


# ── the teacher ─────────────────────────────────────────────────────────────────────────────────────


async def test_the_buttons_take_the_class_from_item_to_item(klass: Class) -> None:
    teacher = await klass.teacher()
    pace = lambda: klass.context.pace.of(klass.context.room.id)  # noqa: E731
    response = await press(teacher, "open", form=FORM)
    assert (response.status_code, response.headers["location"]) == (303, "/gv#nhip")
    assert pace().led[FORM].item == ITEMS[0]
    await press(teacher, "hold", form=FORM, item=ITEMS[0])
    assert pace().led[FORM].held
    await press(teacher, "show", form=FORM, item=ITEMS[0])
    assert pace().led[FORM].shown
    await press(teacher, "hide", form=FORM, item=ITEMS[0])
    await press(teacher, "reveal", form=FORM, item=ITEMS[0])
    assert pace().revealed == {ITEMS[0]}
    for _ in range(2):  # pressed twice: one step
        await press(teacher, "open", form=FORM, item=ITEMS[1])
    assert (pace().led[FORM].item, pace().led[FORM].shown) == (ITEMS[1], False)
    await press(teacher, "free", form=FORM)
    assert pace().led == {}
    await press(teacher, "open", form=FORM)
    assert pace().led[FORM].item == ITEMS[1], "what was revealed is not offered again"


async def test_the_page_says_how_it_is_and_a_part_of_it_is_the_same(klass: Class) -> None:
    teacher = await klass.teacher()
    learner = await klass.learner()
    opened = (await say(learner, type="open", form=FORM)).json()
    await lead(klass)
    await answer(learner, opened, ITEMS[0])
    whole, part = (await teacher.get("/gv")).text, (await teacher.get("/gv/nhip")).text
    assert part.strip() in whole
    assert 'data-rev="1"' in part
    assert "1/1" in part
    after = await press(teacher, "hold", form=FORM, item=ITEMS[0], part="1")
    assert (after.status_code, 'data-rev="2"' in after.text) == (200, True)


async def test_nobody_else_can_press(klass: Class) -> None:
    for client in (klass.client(), await klass.learner()):
        for do in BUTTONS:
            response = await press(client, do, form=FORM, item=ITEMS[0], sure="yes")
            assert response.status_code == 403
        for path in ("/gv/nhip", "/gv/chieu/cau", "/gv/ket-thuc"):
            assert (await client.get(path)).status_code == 403
    assert klass.context.pace.of(klass.context.room.id).rev == 0


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"do": "explode"},
        {"do": "open", "form": "khong-co"},
        {"do": "open", "form": FORM, "item": "khong-co"},
        {"do": "open", "form": FORM, "item": "x" * 9000},
        {"do": "hold", "form": FORM, "item": ITEMS[0]},
        {"do": "reveal", "form": "", "item": ""},
        {"do": "free", "form": "<script>"},
    ],
)
async def test_a_wish_that_makes_no_sense_changes_nothing_and_is_answered_calmly(klass: Class, fields: dict[str, str]) -> None:
    teacher = await klass.teacher()
    response = await teacher.post("/gv/nhip", data=fields)
    assert response.status_code == 303
    page = await teacher.get(response.headers["location"])
    assert page.status_code == 200
    assert "<script>" not in page.text
    assert klass.context.pace.of(klass.context.room.id).rev == 0


async def test_a_full_disk_is_said_and_nothing_changes(klass: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: Any) -> None:
        raise StoreUnavailable("the disk is full")

    teacher = await klass.teacher()
    monkeypatch.setattr(klass.context.store, "append_class_event", full)
    response = await press(teacher, "open", form=FORM, part="1")
    assert 'role="alert"' in response.text
    assert klass.context.pace.of(klass.context.room.id).rev == 0


async def test_foreign_pages_cannot_press_the_teacher_s_buttons(klass: Class) -> None:
    teacher = await klass.teacher()
    response = await teacher.post("/gv/nhip", data={"do": "end", "sure": "yes"}, headers={"origin": "http://evil.example"})
    assert response.status_code == 403
    assert klass.context.pace.of(klass.context.room.id).gate == "begun"


async def test_the_wall_has_names_of_nobody_and_no_key_before_the_reveal(klass: Class, bank: Bank) -> None:
    teacher, learner = await klass.teacher(), await klass.learner("Bác Năm Bí Mật")
    opened = (await say(learner, type="open", form=FORM)).json()
    item = await lead(klass)
    await answer(learner, opened, item)
    room, pace = klass.context.room.id, klass.context.pace
    for step in (None, Hold(FORM, item), ShowAnswers(FORM, item)):
        if step:
            await pace.do(room, step)
        for path in ("/gv/chieu/cau", "/gv/chieu"):
            html = (await teacher.get(path)).text
            assert "wall-stem" in html
            assert "is-key" not in html
            assert "wall-solution" not in html
            assert "Bí Mật" not in html
    await pace.do(room, Reveal(FORM, item))
    html = (await teacher.get("/gv/chieu/cau")).text
    assert "is-key" in html
    assert "wall-solution" in html


@pytest.fixture
def bank(klass: Class) -> Bank:
    return klass.context.bank


# ── phones ──────────────────────────────────────────────────────────────────────────────────────────


async def test_a_phone_hears_each_change_and_no_key(klass: Class, base: str, server: uvicorn.Server) -> None:
    async with (
        learner_of(base, klass, "Lan") as client,
        teacher_of(base, klass) as teacher,
        events(client, "/api/o-day") as feed,
    ):
        assert await anext(feed) == ("hello", {"v": 1})
        name, said = await anext(feed)
        assert (name, said["rev"], said["forms"]) == ("pace", 0, {})
        for number, (do, item) in enumerate([("open", ITEMS[0]), ("hold", ITEMS[0]), ("reveal", ITEMS[0])], start=1):
            await press(teacher, do, form=FORM, item=item)
            name, said = await asyncio.wait_for(anext(feed), 20)
            assert (name, said["rev"]) == ("pace", number)
            assert set(said) == {"v", "rev", "gate", "forms", "revealed"}
            assert set(said["forms"][FORM]) == {"item", "n", "total", "held", "opened"}
        assert said["revealed"] == [ITEMS[0]]
        assert (await client.get("/api/nhip")).json() == said


async def test_strangers_ask_in_vain(klass: Class) -> None:
    assert (await klass.client().get("/api/nhip")).status_code == 401


async def test_a_hostile_phone_gets_neither_ahead_nor_a_key(klass: Class) -> None:
    learner = await klass.learner()
    item = await lead(klass)
    opened = (await say(learner, type="open", form=FORM)).json()
    tries = [
        await answer(learner, opened, ITEMS[3]),
        await say(learner, type="go", attempt=opened["attempt"], item=ITEMS[3], event_id=event_id()),
        await say(learner, type="hint", attempt=opened["attempt"], item=ITEMS[3], event_id=event_id()),
        await say(learner, type="skip", attempt=opened["attempt"], item=ITEMS[3], event_id=event_id()),
    ]
    assert {(one.status_code, one.json()["code"]) for one in tries} == {(403, "not_open")}
    finish = await say(learner, type="finish", attempt=opened["attempt"], event_id=event_id())
    assert (finish.status_code, finish.json()["code"]) == (403, "together")
    before = (await learner.get("/ket-qua")).text
    saved = await answer(learner, opened, item)
    assert saved.json()["state"]["feedback"] is None
    assert (await answer(learner, opened, item)).json()["code"] == "closed_item"
    again = (await say(learner, type="open", form=FORM)).json()
    assert [state["feedback"] for state in again["states"].values() if state["feedback"]] == []
    assert (await learner.get("/ket-qua")).text == before, "nor does the learner's own sheet say anything"
    await klass.context.pace.do(klass.context.room.id, Reveal(FORM, item))
    assert (await answer(learner, opened, item)).json()["code"] == "revealed"
    other = await klass.learner("Tư")
    late = (await say(other, type="open", form=FORM)).json()
    assert late["states"][item]["feedback"]["solution"]
    assert (await answer(other, late, item)).json()["code"] == "revealed"


async def test_the_short_way_keeps_the_pace_as_well(klass: Class, port: int) -> None:
    cookie = await cookie_of(klass)
    item = await lead(klass)
    ((_, _, opened),) = await replies(port, request(cookie, port, {"v": 1, "type": "open", "form": FORM}))
    faces = {one["id"]: one for one in opened["items"]}

    def said(item_id: str) -> bytes:
        face = faces[item_id]
        message = {"v": 1, "type": "answer", "attempt": opened["attempt"], "event_id": event_id(), "item": item_id}
        return request(cookie, port, message | {"version": face["version"], "response": some_response(face)})

    ((status, _, reply),) = await replies(port, said(ITEMS[2]))
    assert (status, reply["code"]) == (403, "not_open")
    ((status, _, reply),) = await replies(port, said(item))
    assert (status, reply["state"]["feedback"]) == (200, None)
    await klass.context.pace.do(klass.context.room.id, Reveal(FORM, item))
    ((status, _, reply),) = await replies(port, said(item))
    assert (status, reply["code"]) == (403, "revealed")


async def test_who_joins_late_comes_to_the_others(klass: Class) -> None:
    client = klass.client()
    await lead(klass)
    response = await client.post("/vao", data={"code": klass.code, "name": "Lan"})
    assert response.headers["location"] == f"/kiem-tra/{FORM}"
    assert f'href="/kiem-tra/{FORM}"' in (await client.get("/lop")).text.split("data-follow", 1)[1].split("</div>", 1)[0]


async def test_a_form_inside_a_lesson_is_led_there(klass: Class) -> None:
    teacher, client = await klass.teacher(), klass.client()
    await press(teacher, "open", form="luyen-otp")
    response = await client.post("/vao", data={"code": klass.code, "name": "Lan"})
    assert response.headers["location"].startswith("/bai/")
    assert "luyen-otp" in klass.context.shelf.forms()


# ── begin and end ───────────────────────────────────────────────────────────────────────────────────


async def test_learners_wait_in_the_lobby_when_the_teacher_wants_it(klass: Class) -> None:
    teacher, learner = await klass.teacher(), await klass.learner()
    await press(teacher, "wait")
    lesson = klass.context.shelf.lessons[0].id
    for path in ("/lop", f"/kiem-tra/{FORM}", f"/bai/{lesson}"):
        page = await learner.get(path)
        assert (page.status_code, 'data-follow="waiting"' in page.text) == (200, True)
        assert "data-bdhvs-embed" not in page.text
    assert (await say(learner, type="open", form=FORM)).json()["code"] == "not_begun"
    await press(teacher, "begin")
    assert 'data-follow="begun"' in (await learner.get("/lop")).text


async def test_the_class_ends_after_a_second_question_and_can_be_reopened(klass: Class) -> None:
    teacher, learner = await klass.teacher(), await klass.learner()
    opened = (await say(learner, type="open", form=FORM)).json()
    await lead(klass)
    response = await press(teacher, "end")
    assert response.headers["location"] == "/gv/ket-thuc"
    assert klass.context.pace.of(klass.context.room.id).gate == "begun"
    assert "1" in (await teacher.get("/gv/ket-thuc")).text
    await press(teacher, "end", sure="yes")
    assert (await say(learner, type="open", form=FORM)).json()["result"]["review"][0]["feedback"]["solution"]
    assert (await answer(learner, opened, ITEMS[1])).json()["code"] == "class_ended"
    assert 'data-follow="ended"' in (await learner.get("/lop")).text
    late = await klass.client().post("/vao", data={"code": klass.code, "name": "Tư"})
    assert late.status_code == 422
    await press(teacher, "reopen")
    assert (await klass.client().post("/vao", data={"code": klass.code, "name": "Tư"})).status_code == 303
    assert (await say(learner, type="open", form=FORM, again=True)).json()["status"] == "started"


async def test_serving_again_goes_on_in_mid_item_and_after_the_end_until_the_next_day(
    klass: Class, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    teacher = await klass.teacher()
    await lead(klass, 2)
    options = ServeOptions(tmp_path / "data", "Lớp thôn Đoài")
    context, media = await prepare(options, store, [BASE])
    again = Class(class_app(context, media), context)
    assert context.room == klass.context.room
    assert (await (await again.learner()).get("/api/nhip")).json()["forms"][FORM]["n"] == 3
    await press(teacher, "end", sure="yes")
    same, _ = await prepare(options, store, [BASE])
    assert (same.room.id, same.pace.of(same.room.id).gate) == (context.room.id, "ended")
    clock = klass.context.pace._ended_us[context.room.id] + REOPEN_WITHIN_US + 1
    monkeypatch.setattr("bdhvs.server.opening.now_us", lambda: clock)
    new, _ = await prepare(options, store, [BASE])
    assert new.room.id != context.room.id
    assert new.pace.of(new.room.id).gate == "begun"
