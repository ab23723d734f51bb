"""Several classes behind one address: everybody reaches their own, nobody another."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bdhvs.server.api import QuizApi
from bdhvs.server.app import class_app
from bdhvs.server.context import LEARNER_COOKIE
from bdhvs.server.house import House, Room
from bdhvs.server.limits import RateLimit
from bdhvs.server.opening import ServeOptions, prepare_all
from bdhvs.store import Store
from tests.server.conftest import BASE, Class, say

NAMES = ("Thôn Đoài", "Thôn Đông", "Thôn Trung")


@dataclass
class Building:
    house: House
    rooms: list[Class]


@pytest.fixture
async def building(store: Store, tmp_path: Path) -> Building:
    rooms, tries = [], RateLimit(burst=400, per_second=0, clock=time.monotonic)
    contexts, media = await prepare_all(ServeOptions(tmp_path / "data", "Lớp", classes=NAMES), store, [BASE])
    for context in (replace(one, code_tries=tries) for one in contexts):
        api = QuizApi(context)
        rooms.append(Room(context, class_app(context, media, api), api))
    house = House(rooms)
    classes = [Class(house, room.context) for room in rooms]
    return Building(house, classes)


async def test_learners_come_into_the_class_of_their_code(building: Building) -> None:
    for number, room in enumerate(building.rooms):
        learner = await room.learner(f"Bác {number}")
        home = await learner.get("/lop")
        assert room.context.room.name in home.text
        opened = await say(learner, type="open", form="lam-quen")
        assert opened.status_code == 200
        view = room.context.store.learners(room.context.room.id)
        assert [one.nickname for one in view] == [f"Bác {number}"]


async def test_the_short_way_finds_the_class_of_a_cookie(building: Building) -> None:
    room = building.rooms[2]
    learner = await room.learner("Bác Ba")
    cookie = f"{LEARNER_COOKIE}={learner.cookies[LEARNER_COOKIE]}".encode()
    reply = await building.house.answer({b"cookie": cookie}, b'{"v":1,"type":"open","form":"lam-quen"}')
    assert reply.status == 200
    assert [seat.name for seat in building.rooms[2].context.board._seats.values()] == ["Bác Ba"]
    assert (await building.house.answer({}, b'{"v":1,"type":"open","form":"lam-quen"}')).status == 401


async def test_each_teacher_sees_the_own_class_only(building: Building) -> None:
    for number, room in enumerate(building.rooms):
        await room.learner(f"Cô {number}")
    for number, room in enumerate(building.rooms):
        teacher = await room.teacher()
        page = (await teacher.get("/gv")).text
        assert room.code in page
        board = (await teacher.get("/gv/bang.json")).json()["view"]
        assert [row["name"] for row in board["rows"]] == [f"Cô {number}"]
        people = (await teacher.get("/gv/nguoi-hoc")).text
        assert f"Cô {number}" in people
        assert not any(f"Cô {other}" in people for other in range(3) if other != number)
        theirs = building.rooms[(number + 1) % 3].context.store.learners(building.rooms[(number + 1) % 3].context.room.id)[0]
        assert (await teacher.get(f"/gv/nguoi-hoc/{theirs.id}")).status_code == 404


async def test_a_stranger_learns_nothing_of_any_class(building: Building) -> None:
    stranger = building.rooms[0].client()
    front = (await stranger.get("/")).text
    assert not any(room.context.room.name in front or room.code in front for room in building.rooms)
    assert (await stranger.get("/gv")).status_code == 403
    assert (await stranger.get(f"/gv/{'0' * 32}")).status_code == 403
    wrong = await stranger.post("/vao", data={"code": "XXXXXX", "name": "Ai"})
    assert wrong.status_code == 404


@pytest.mark.parametrize("body", [b"", b"x" * 20_000, b"&" * 200, b"code=%ff%00"])
async def test_a_strange_form_is_refused_as_by_a_class_alone(building: Building, body: bytes) -> None:
    stranger = building.rooms[0].client()
    headers = {"content-type": "application/x-www-form-urlencoded"}

    async def chunks():  # type: ignore[no-untyped-def]  # without a stated length
        yield body

    reply = await stranger.post("/vao", content=chunks(), headers={**headers, "content-length": "12"})
    assert reply.status_code in (404, 413)


async def test_guessing_codes_is_as_slow_as_in_a_class_alone(building: Building) -> None:
    stranger = building.rooms[0].client()
    while building.rooms[0].context.code_tries.allow("192.168.1.20"):
        pass
    for address in ("/j/XXXXXX", f"/j/{building.rooms[2].code}"):
        assert (await stranger.get(address)).status_code == 429  # a right guess says no more than a wrong one
    right = await stranger.post("/vao", data={"code": building.rooms[2].code, "name": "Ai"})
    assert right.status_code == 429


async def test_people_come_back_into_their_own_class(building: Building) -> None:
    pictures = {"first": "ca", "second": "sen", "third": "nha"}
    for number, room in enumerate(building.rooms):
        learner = await room.learner(f"Dì {number}")
        assert (await learner.post("/hinh", data=pictures)).status_code == 303
    for number, room in enumerate(building.rooms):
        phone = room.client("192.168.1.77")
        names = (await phone.get("/tro-lai", params={"code": room.code}, follow_redirects=True)).text
        assert [f"Dì {other}" in names for other in range(3)] == [other == number for other in range(3)]
        (who,) = await room.context.pins.returners(room.context.room.id)
        assert f"Dì {number}" in (await phone.get(f"/tro-lai/{room.code}/{who.mark}")).text
        back = await phone.post("/tro-lai", data={"code": room.code, "who": who.mark, **pictures})
        assert back.headers["location"] == "/lop"
        assert room.context.room.name in (await phone.get("/lop")).text
        way = room.context.ways_back.make(who.learner_id)
        other = room.client("192.168.1.78")
        assert f"Dì {number}" in (await other.get(f"/ve/{way}")).text
        await room.context.movement.switch(ambassadors=number != 1)
        code = room.context.ambassadors.codes.make(who.learner_id)
        helped = await room.client("192.168.1.79").get(f"/giup/{code}")  # somebody of no class at all
        assert (helped.status_code, f"Dì {number} nói" in helped.text) == ((404, False) if number == 1 else (200, True))
        assert (await other.post("/ve", data={"way": way})).headers["location"] == "/lop"
        assert room.context.room.name in (await other.get("/lop")).text
