"""Households: who comes in, what its members see, and that nobody else sees one."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence

import httpx
import pytest

from bdhvs.server.app import class_app
from bdhvs.server.context import LEARNER_COOKIE
from bdhvs.server.opening import ServeOptions, prepare
from bdhvs.service.learner import Learner
from bdhvs.store import Store
from tests.server.conftest import BASE, Class
from tests.service.conftest import Player

YES = {"agreed": "yes"}
#: Together they hold, at the goal's levels, three tasks or more of each of its five parts.
FORMS = ("kiem-tra-dich-vu-cong", "luyen-mua-ban", "kiem-tra-thanh-toan", "luyen-hoc-truc-tuyen")


@pytest.fixture(scope="module")
def klass(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    """A class that the tests of this file share: each brings people of its own."""
    folder = tmp_path_factory.mktemp("class") / "data"
    with Store.open(folder) as store:
        options = ServeOptions(folder, "Lớp thôn Đoài", households=True, lessons=("dai-su-so",), forms=FORMS)
        context, media = asyncio.run(prepare(options, store, [BASE]))
        yield Class(class_app(context, media), context)


def who(klass: Class, client: httpx.AsyncClient) -> str:
    found = klass.context.tokens.learner_of(client.cookies[LEARNER_COOKIE])
    assert found
    return found


async def house(klass: Class, *names: str) -> list[httpx.AsyncClient]:
    """Learners in one household; the first began it."""
    people = [await klass.learner(name) for name in names]
    await people[0].post("/gia-dinh/lap", data=YES)
    code = await code_of(people[0])
    for one in people[1:]:
        assert (await one.post("/gia-dinh/vao", data={**YES, "code": code})).headers["location"] == "/gia-dinh"
    return people


async def code_of(client: httpx.AsyncClient) -> str:
    await client.post("/gia-dinh/ma")
    found = re.search(r'class="code">(\w{6})<', (await client.get("/gia-dinh/ma")).text)
    assert found
    return found[1]


async def test_a_house_sees_that_it_has_somebody_and_never_who(klass: Class) -> None:
    granny, son = await house(klass, "Bà Ngoan", "Anh Cả")
    for one in (granny, son):
        page = (await one.get("/gia-dinh")).text
        assert "Nhà mình chưa có người làm được cả năm việc" in page
        assert "Nhà mình có 2 người" in page
    await learn(klass, who(klass, son), FORMS[:-1])
    assert "Nhà mình chưa có người" in (await son.get("/gia-dinh")).text  # four of five
    await learn(klass, who(klass, granny), FORMS[-1:])
    assert "Nhà mình chưa có người" in (await son.get("/gia-dinh")).text  # two people are not one
    await learn(klass, who(klass, son), FORMS[-1:])
    pages = [(await one.get("/gia-dinh")).text for one in (granny, son)]
    assert pages[0] == pages[1]
    assert "Gia đình mình đã có người làm được cả năm việc" in pages[0]
    assert [word for word in ("Bà Ngoan", "Anh Cả", who(klass, son)) if word in pages[0]] == []
    await son.post("/gia-dinh/ra")
    assert "Nhà mình chưa có người" in (await granny.get("/gia-dinh")).text
    assert (klass.context.store.household_of(who(klass, son)), klass.context.store.consents(who(klass, son))) == (
        None,
        [],
    )


async def learn(klass: Class, learner_id: str, forms: Sequence[str]) -> None:
    """Do all tasks of these forms alone, and hand them in."""
    player = Player(klass.context.quiz, Learner(learner_id, klass.context.room.id, "vi"), klass.context.bank)
    for form in forms:
        for face in (await player.open(form)).items:
            await player.answer(face.id, right=True)
        await player.act("finish")


async def test_without_consent_nobody_comes_in(klass: Class) -> None:
    hoa = await klass.learner("Hoa")
    refused = await hoa.post("/gia-dinh/lap", data={})
    assert (refused.status_code, "đánh dấu vào ô" in refused.text) == (422, True)
    (first,) = await house(klass, "Tư")
    code = await code_of(first)
    assert (await hoa.post("/gia-dinh/vao", data={"code": code})).status_code == 422
    assert klass.context.store.household_of(who(klass, hoa)) is None
    scanned = (await hoa.get(f"/gia-dinh?ma={code}")).text
    assert f'value="{code}"' in scanned
    assert "checked" not in scanned


async def test_nobody_is_in_two_houses_and_a_full_one_takes_nobody(klass: Class) -> None:
    first, *_rest = await house(klass, *(f"Người {n}" for n in range(12)))
    late, (other,) = await klass.learner("Muộn"), await house(klass, "Khác")
    full = await late.post("/gia-dinh/vao", data={**YES, "code": await code_of(first)})
    assert (full.status_code, "mười hai" in full.text) == (422, True)
    assert klass.context.store.consents(who(klass, late)) == []
    second = await first.post("/gia-dinh/vao", data={**YES, "code": await code_of(other)})
    assert (second.status_code, "rời nhóm ấy trước" in second.text) == (422, True)
    before = klass.context.store.household_of(who(klass, first))
    await first.post("/gia-dinh/lap", data=YES)
    assert klass.context.store.household_of(who(klass, first)) == before


async def test_guessing_a_code_comes_to_an_end_and_says_nothing(klass: Class) -> None:
    (first,) = await house(klass, "Năm")
    code = await code_of(first)
    await first.post("/gia-dinh/ra")  # a code of somebody who left opens nothing
    guesser = await klass.learner("Đoán", "192.168.1.99")
    gone = await guesser.post("/gia-dinh/vao", data={**YES, "code": code})
    never = await guesser.post("/gia-dinh/vao", data={**YES, "code": "BBBBBB"})
    assert (gone.status_code, gone.text) == (404, never.text)
    seen = [(await guesser.post("/gia-dinh/vao", data={**YES, "code": f"CCCCC{n}"})).status_code for n in "BCDFGHJKMP"]
    assert seen[-1] == 429
    assert (await klass.client().get("/gia-dinh")).headers["location"] == "/"


async def test_the_teacher_sees_counts_of_five_or_more_and_no_household(klass: Class) -> None:
    store, room = klass.context.store, klass.context.room.id
    while len(store.households(room)) > 4:
        await store.erase_person(store.households(room)[0][0])
    teacher = await klass.teacher()
    assert "chưa đến 5 nhóm gia đình" in (await teacher.get("/gv/phong-trao")).text
    people = [one for n in range(5) for one in await house(klass, f"Nhà {n}", f"Con {n}")]
    page = (await teacher.get("/gv/phong-trao")).text
    count = len(store.households(room))
    assert f"có {count} nhóm gia đình. Bao nhiêu nhà" in page  # none has somebody: a cell of fewer than five
    assert "Nhà 1" not in page
    told = (await teacher.get(f"/gv/nguoi-hoc/{who(klass, people[0])}/du-lieu.json")).json()
    assert told["in_a_household"]
    assert store.household_of(who(klass, people[0])) not in str(told)
    assert "năm việc" not in (await teacher.get(f"/gv/nguoi-hoc/{who(klass, people[0])}")).text


@pytest.mark.parametrize("deed", ["quen", "xoa"])
async def test_who_is_forgotten_or_erased_is_in_no_house(klass: Class, deed: str) -> None:
    granny, son = await house(klass, "Bà", "Con")
    gone, teacher = who(klass, son), await klass.teacher()
    await teacher.post(f"/gv/nguoi-hoc/{gone}/{deed}", data={"sure": "yes"})
    assert klass.context.store.household_of(gone) is None
    assert "Nhà mình có 1 người" in (await granny.get("/gia-dinh")).text


async def test_a_class_that_does_not_offer_it_shows_none(klass: Class) -> None:
    (first,) = await house(klass, "Sáu")
    await klass.context.movement.switch(households=False)
    assert (await first.get("/gia-dinh")).headers["location"] == "/lop"
    assert 'href="/gia-dinh"' not in (await first.get("/lop")).text
    assert "rời nhóm gia đình" in (await first.get("/dong-y")).text
    await first.post("/gia-dinh/ra")  # leaving is always possible
    assert klass.context.store.household_of(who(klass, first)) is None
    await klass.context.movement.switch(households=True)
