"""Coming back: three pictures or the teacher's way, and what guessing gets."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx
import pytest
from starlette.applications import Starlette

from bdhvs.server.limits import TRIES_AT_ONCE, TRIES_PER_SECOND, RateLimit
from bdhvs.server.returning import WRONG_AT_ONCE, WRONG_PER_SECOND, ReturnPages
from bdhvs.service.pins import FREE_MISSES, MOST_MISSES
from tests.server.conftest import BASE, Class, say

OWN = {"first": "trau", "second": "non-la", "third": "ca"}
OTHER = {"first": "ca", "second": "non-la", "third": "trau"}


async def with_pictures(klass: Class, name: str = "Lan") -> httpx.AsyncClient:
    learner = await klass.learner(name)
    assert (await learner.post("/hinh", data=OWN)).headers["location"] == "/lop?hinh=1"
    return learner


async def mark(klass: Class, client: httpx.AsyncClient) -> str:
    page = (await client.get(f"/tro-lai/{klass.code}")).text
    found = re.search(rf"/tro-lai/{klass.code}/([0-9a-f]+)", page)
    assert found is not None
    return found[1]


def at_a_standstill(klass: Class, address: str) -> httpx.AsyncClient:
    """A visitor of the pages of coming back for whom no time passes: on a slow machine the limits would fill up again."""
    pages = ReturnPages(replace(klass.context, code_tries=RateLimit(TRIES_AT_ONCE, TRIES_PER_SECOND, clock=lambda: 0.0)))
    pages._wrong = RateLimit(WRONG_AT_ONCE, WRONG_PER_SECOND, clock=lambda: 0.0)
    transport = httpx.ASGITransport(Starlette(routes=pages.routes()), client=(address, 50000))
    return httpx.AsyncClient(transport=transport, base_url=BASE)


async def pseudonym(klass: Class, name: str = "Lan") -> str:
    (found,) = [one.id for one in klass.context.store.learners(klass.context.room.id) if one.nickname == name]
    return found


async def test_the_same_learner_on_another_phone_goes_on_where_the_work_was(klass: Class) -> None:
    phone = await with_pictures(klass)
    opened = (await say(phone, type="open", form="thu-suc-ngan")).json()
    other = klass.client("192.168.1.77")
    who = await mark(klass, other)
    assert "Lan" in (await other.get(f"/tro-lai/{klass.code}/{who}")).text
    back = await other.post("/tro-lai", data={"code": klass.code, "who": who, **OWN})
    assert (back.status_code, back.headers["location"]) == (303, "/lop")
    assert (await say(other, type="open", form="thu-suc-ngan")).json()["attempt"] == opened["attempt"]
    assert len(klass.context.store.learners(klass.context.room.id)) == 1
    assert (await say(phone, type="open", form="thu-suc-ngan")).status_code == 200  # the first phone stays in


async def test_names_and_pseudonyms_are_kept_from_those_without_the_code_and_pseudonyms_from_all(klass: Class) -> None:
    await with_pictures(klass, "Bác Năm")
    await klass.learner("Cô Sáu")  # chose no pictures
    stranger = klass.client("192.168.1.66")
    for address in ("/tro-lai", "/tro-lai/BBBBBB", "/tro-lai/x", "/tro-lai?code=BBBBBB", "/tro-lai/BBBBBB/abc", "/"):
        assert "Bác Năm" not in (await stranger.get(address, follow_redirects=True)).text
    page = (await stranger.get(f"/tro-lai?code={klass.code.lower()}", follow_redirects=True)).text
    assert "Bác Năm" in page
    assert "Cô Sáu" not in page
    who = await mark(klass, stranger)
    pictures = (await stranger.get(f"/tro-lai/{klass.code}/{who}")).text
    assert await pseudonym(klass, "Bác Năm") not in page + pictures


async def test_no_page_says_which_pictures_were_chosen(klass: Class) -> None:
    phone = await with_pictures(klass)
    stranger = klass.client("192.168.1.66")
    who = await mark(klass, stranger)
    for page in (await phone.get("/hinh"), await stranger.get(f"/tro-lai/{klass.code}/{who}")):
        assert " checked" not in page.text
    wrong = await stranger.post("/tro-lai", data={"code": klass.code, "who": who, **OTHER})
    assert wrong.status_code == 422
    assert 'role="alert"' in wrong.text
    assert " checked" not in wrong.text


async def test_wrong_pictures_wait_and_then_need_the_teacher(klass: Class) -> None:
    await with_pictures(klass)
    guesser = klass.client("192.168.1.66")
    who = await mark(klass, guesser)
    data = {"code": klass.code, "who": who}
    for _ in range(FREE_MISSES):
        assert (await guesser.post("/tro-lai", data={**data, **OTHER})).status_code == 422
    waits = await guesser.post("/tro-lai", data={**data, **OWN})
    assert waits.status_code == 429
    assert "set-cookie" not in waits.headers
    assert "nghỉ một chút" in waits.text
    await klass.context.store.note_misses(await pseudonym(klass), MOST_MISSES, 0)
    asleep = await klass.client("192.168.1.99").post("/tro-lai", data={**data, **OWN})
    assert (asleep.status_code, "set-cookie" in asleep.headers) == (429, False)
    assert "người hướng dẫn" in asleep.text


async def test_one_address_cannot_go_through_the_whole_class(klass: Class) -> None:
    guesser = at_a_standstill(klass, "192.168.1.66")
    for number in range(WRONG_AT_ONCE):
        assert (await guesser.get("/ve/BBBBBB")).status_code == 404, number
    assert (await guesser.get("/ve/BBBBBB")).status_code == 429
    await with_pictures(klass)
    data = {"code": klass.code, "who": await mark(klass, guesser), **OWN}
    assert (await guesser.post("/tro-lai", data=data)).status_code == 429
    assert (await klass.client("192.168.1.20").post("/tro-lai", data=data)).status_code == 303


@pytest.mark.parametrize(
    "sent",
    [{}, {"first": "ca"}, {"first": "ca", "second": "ca", "third": "rong"}, {"first": "", "second": "ca", "third": "ca"}],
)
async def test_too_few_or_foreign_pictures_are_asked_again_and_cost_no_try(klass: Class, sent: dict[str, str]) -> None:
    phone = await with_pictures(klass)
    assert (await phone.post("/hinh", data=sent)).status_code == 422
    other = klass.client("192.168.1.77")
    asked = await other.post("/tro-lai", data={"code": klass.code, "who": await mark(klass, other), **sent})
    assert asked.status_code == 422
    row = klass.context.store.pin(await pseudonym(klass))
    assert row is not None
    assert row.misses == 0


async def test_forged_fields_open_nothing(klass: Class) -> None:
    await with_pictures(klass)
    client = klass.client()
    who = await mark(klass, client)
    learner_id = await pseudonym(klass)
    for data in (
        {"code": klass.code, "who": learner_id, **OWN},
        {"code": klass.code, "who": "", **OWN},
        {"code": "BBBBBB", "who": who, **OWN},
        {"who": who, **OWN},
        {},
        {"code": klass.code, "who": who, "first": "x" * 20_000},
    ):
        reply = await client.post("/tro-lai", data=data)
        assert "bdhvs_hv" not in reply.headers.get("set-cookie", "")
        assert reply.status_code in (303, 404, 413, 422)


async def test_the_teacher_s_way_lets_one_person_in_one_time(klass: Class) -> None:
    phone = await klass.learner("Lan")
    attempt = (await say(phone, type="open", form="thu-suc-ngan")).json()["attempt"]
    teacher, who = await klass.teacher(), await pseudonym(klass)
    made = await teacher.post(f"/gv/nguoi-hoc/{who}/ve")
    found = re.search(r"/ve/([A-Z0-9]{6})<", made.text)
    assert found is not None
    other = klass.client("192.168.1.77")
    typed = await other.get("/ve", params={"ma": found[1].lower()})
    assert typed.headers["location"] == f"/ve/{found[1]}"
    for _ in range(2):  # a phone that looks at the link beforehand uses nothing up
        shown = await other.get(f"/ve/{found[1]}")
        assert (shown.status_code, "Lan" in shown.text, "set-cookie" in shown.headers) == (200, True, False)
    assert (await other.post("/ve", data={"way": found[1]})).headers["location"] == "/lop"
    assert (await say(other, type="open", form="thu-suc-ngan")).json()["attempt"] == attempt
    assert (await klass.client().post("/ve", data={"way": found[1]})).status_code == 404
    assert [one.action for one in klass.context.store.audit()] == ["way_back"]


async def test_the_teacher_clears_pictures_and_a_way_back_wakes_sleeping_ones(klass: Class) -> None:
    await with_pictures(klass)
    teacher, who, other = await klass.teacher(), await pseudonym(klass), klass.client("192.168.1.77")
    data = {"code": klass.code, "who": await mark(klass, other), **OWN}
    await klass.context.store.note_misses(who, MOST_MISSES, 0)
    made = await teacher.post(f"/gv/nguoi-hoc/{who}/ve")
    way = re.search(r"/ve/([A-Z0-9]{6})<", made.text)
    assert way is not None
    await klass.client().post("/ve", data={"way": way[1]})
    assert (await other.post("/tro-lai", data=data)).status_code == 303
    cleared = await teacher.post(f"/gv/nguoi-hoc/{who}/xoa-hinh")
    assert 'role="status"' in (await teacher.get(cleared.headers["location"])).text
    assert (await klass.client().post("/tro-lai", data=data)).headers["location"] == f"/tro-lai/{klass.code}"
    assert klass.context.store.consents(who) == []
    assert [one.action for one in klass.context.store.audit()] == ["way_back", "clear_pin"]


@pytest.mark.parametrize("deed", ["ve", "xoa-hinh"])
async def test_only_the_teacher_does_so_and_only_in_this_class(klass: Class, deed: str) -> None:
    learner = await with_pictures(klass)
    who = await pseudonym(klass)
    for client in (learner, klass.client()):
        assert (await client.post(f"/gv/nguoi-hoc/{who}/{deed}")).status_code == 403
    teacher = await klass.teacher()
    assert (await teacher.post(f"/gv/nguoi-hoc/nobody/{deed}")).status_code == 404
    assert klass.context.store.audit() == []


async def test_who_is_erased_comes_back_by_nothing(klass: Class) -> None:
    await with_pictures(klass)
    teacher, who, other = await klass.teacher(), await pseudonym(klass), klass.client("192.168.1.77")
    own_mark = await mark(klass, other)
    way = re.search(r"/ve/([A-Z0-9]{6})<", (await teacher.post(f"/gv/nguoi-hoc/{who}/ve")).text)
    assert way is not None
    assert (await teacher.post(f"/gv/nguoi-hoc/{who}/xoa", data={"sure": "yes"})).status_code == 200
    for reply in (
        await other.post("/ve", data={"way": way[1]}),
        await other.post("/tro-lai", data={"code": klass.code, "who": own_mark, **OWN}),
    ):
        assert "set-cookie" not in reply.headers
    assert "Lan" not in (await other.get(f"/tro-lai/{klass.code}")).text


async def test_what_was_agreed_to_is_seen_and_taken_back_by_the_learner_alone(klass: Class) -> None:
    klass.context.rooms.names = ("Nguyễn Thị Hòa",)
    learner = klass.client()
    await learner.post("/vao", data={"code": klass.code, "listed": "Nguyễn Thị Hòa", "agreed": "yes"})
    assert (await klass.client().get("/dong-y")).headers["location"] == "/"
    assert (await klass.client().post("/dong-y", data={"purpose": "keep_name"})).headers["location"] == "/"
    shown = (await learner.get("/dong-y")).text
    assert "Tôi đồng ý để lớp ghi tên tôi" in shown
    assert "2026-11-22" in shown
    done = (await learner.post("/dong-y", data={"purpose": "keep_name"})).text
    (note,) = klass.context.store.audit()
    assert (note.action, note.actor) == ("withdraw", "learner")
    assert note.reference in done
    assert "Trâu Vàng" in done
    for address in ("/gv", "/gv/bang.json", "/gv/nguoi-hoc"):
        page = (await (await klass.teacher()).get(address)).text
        assert ("Trâu Vàng" in page, "Nguyễn Thị Hòa" in page) == (True, False)
    again = await learner.post("/dong-y", data={"purpose": "keep_name"})
    assert again.status_code == 200
    assert len(klass.context.store.audit()) == 1


async def test_choosing_is_offered_and_never_forced(klass: Class) -> None:
    learner = await klass.learner()
    home = (await learner.get("/lop")).text
    assert 'href="/hinh"' in home
    assert "/kiem-tra/thu-suc-ngan" in home
    assert klass.context.store.pin_owners(klass.context.room.id) == set()
    assert (await klass.client().get("/hinh")).headers["location"] == "/"
    for _ in range(30):
        reply = await learner.post("/hinh", data=OWN)
    assert reply.status_code == 429  # each change costs the machine some work


async def test_codes_are_not_tried_without_end(klass: Class) -> None:
    await with_pictures(klass, "Bác Năm")
    guesser = at_a_standstill(klass, "192.168.1.66")
    for _ in range(TRIES_AT_ONCE):
        await guesser.get("/tro-lai/BBBBBB")
    assert "Bác Năm" not in (await guesser.get(f"/tro-lai/{klass.code}")).text
    assert "Bác Năm" in (await klass.client("192.168.1.67").get(f"/tro-lai/{klass.code}")).text
