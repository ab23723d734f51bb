"""Helping others, confirmed on another phone: what is kept, and what those who cheat meet."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator

import httpx
import pytest

from bdhvs.server.app import class_app
from bdhvs.server.context import DEVICE_COOKIE, LEARNER_COOKIE
from bdhvs.server.opening import ServeOptions, prepare
from bdhvs.service.ambassadors import AHEAD_US, DAY_US
from bdhvs.store import HelpedRow, Store
from tests.server.conftest import BASE, Class

HELPED = {"skill": "dvc", "hands": "own"}


@pytest.fixture(scope="module")
def klass(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    """A class that the tests of this file share: each brings a helper of its own."""
    folder = tmp_path_factory.mktemp("class") / "data"
    with Store.open(folder) as store:
        options = ServeOptions(folder, "Lớp thôn Đoài", ambassadors=True, lessons=("dai-su-so",))
        context, media = asyncio.run(prepare(options, store, [BASE]))
        yield Class(class_app(context, media), context)


@pytest.fixture
async def lan(klass: Class) -> httpx.AsyncClient:
    """A learner who keeps a log."""
    lan = await klass.learner("Lan")
    await lan.get("/dai-su")
    assert (await lan.post("/dai-su")).headers["location"] == "/dai-su"
    return lan


def who(klass: Class, client: httpx.AsyncClient) -> str:
    """The pseudonym of a learner."""
    found = klass.context.tokens.learner_of(client.cookies[LEARNER_COOKIE])
    assert found
    return found


async def code_of(helper: httpx.AsyncClient) -> str:
    """A code as it stands on the helper's screen."""
    await helper.post("/dai-su/ma")
    found = re.search(r'class="code">(\w{6})<', (await helper.get("/dai-su/ma")).text)
    assert found
    return found[1]


async def phone(klass: Class, code: str, address: str = "192.168.1.77") -> httpx.AsyncClient:
    """A phone that has looked at a code."""
    one = klass.client(address)
    assert (await one.get(f"/giup/{code}")).status_code == 200
    return one


def helped(klass: Class, helper: str) -> list[HelpedRow]:
    return klass.context.store.helped(helper)


async def test_five_people_confirm_without_a_name_and_it_stands_on_the_sheet(
    klass: Class, lan: httpx.AsyncClient
) -> None:
    codes = klass.context.ambassadors.codes
    learners, helper = len(klass.context.store.learners(klass.context.room.id)), who(klass, lan)
    for number in range(6):
        code = codes.make(helper)  # past the limit on new codes, which has a test of its own
        granny = await phone(klass, code)
        asked = (await granny.get(f"/giup/{code}")).text
        assert "Lan nói vừa giúp bác" in asked
        assert [asked.count(one) for one in ('<details class="skills">', 'name="skill"', " open>")] == [4, 14, 0]
        said = await granny.post(f"/giup/{code}", data={"skill": "dvc", "hands": "helper" if number == 2 else "own"})
        assert (said.status_code, said.headers["location"]) == (303, f"/giup/{code}")
        assert "Cảm ơn bác" in (await granny.get(f"/giup/{code}")).text
        sheet = (await lan.get("/ket-qua")).text
        assert ("bằng chứng biết hướng dẫn người khác: 5.4" in sheet) == (number == 5)
    assert "Đã giúp 5 người" in sheet
    assert "level" not in sheet.split("Giúp người khác")[1].split("</p>")[0]
    assert "5 trên 5 người" in (await lan.get("/dai-su")).text
    rows = helped(klass, helper)
    assert all((row.day_us + AHEAD_US) % DAY_US == 0 for row in rows)
    assert len({row.device for row in rows}) == 6
    assert len(klass.context.store.learners(klass.context.room.id)) == learners  # nobody of the six became one
    teacher = await klass.teacher()
    page = (await teacher.get("/gv/phong-trao")).text
    assert "1 người trong lớp đã giúp được từ 5 người trở lên" in page
    assert "Lan" not in page
    assert "1 người trong lớp đã giúp được từ 5 người trở lên" in (await teacher.get("/gv/bao-cao.html")).text
    assert (await teacher.get("/gv/bao-cao.pdf")).content.startswith(b"%PDF")
    assert (await lan.get("/ket-qua.pdf")).content.startswith(b"%PDF")


async def test_a_code_is_good_once_and_for_one_phone(klass: Class, lan: httpx.AsyncClient) -> None:
    code = await code_of(lan)
    assert await code_of(lan) == code  # pressing again shows the one that is open
    first, second = await phone(klass, code), await phone(klass, code)
    for _ in range(3):  # a finger that presses again
        assert (await first.post(f"/giup/{code}", data=HELPED)).status_code == 303
    assert (await second.post(f"/giup/{code}", data=HELPED)).status_code == 404
    assert (await klass.client().get(f"/giup/{code}")).status_code == 404
    assert [(row.skill, row.own_hands) for row in helped(klass, who(klass, lan))] == [("dvc", True)]
    assert (await second.post(f"/giup/{code}/rut-lai")).status_code == 404
    assert (await first.post(f"/giup/{code}/rut-lai")).status_code == 200
    assert helped(klass, who(klass, lan)) == []
    assert (await first.post(f"/giup/{code}", data=HELPED)).status_code == 404


async def test_a_phone_confirms_once_for_one_helper(klass: Class, lan: httpx.AsyncClient) -> None:
    granny = await phone(klass, code := await code_of(lan))
    await granny.post(f"/giup/{code}", data=HELPED)
    again = await code_of(lan)
    refused = await granny.post(f"/giup/{again}", data=HELPED)
    assert (refused.status_code, "một lần là đủ" in refused.text) == (422, True)
    other = await phone(klass, again)  # the code was not used up by it
    assert (await other.post(f"/giup/{again}", data=HELPED)).status_code == 303
    hoa = await klass.learner("Hoa")
    await hoa.post("/dai-su")
    third = await code_of(hoa)
    assert (await granny.post(f"/giup/{third}", data=HELPED)).status_code == 303
    marks = {row.device for one in (lan, hoa) for row in helped(klass, who(klass, one))}
    assert len(marks) == 3  # the same phone for two helpers cannot be matched


async def test_the_helper_s_own_phone_confirms_nothing_signed_in_or_not(klass: Class, lan: httpx.AsyncClient) -> None:
    code, helper = await code_of(lan), who(klass, lan)
    assert (await lan.get(f"/giup/{code}")).status_code == 403
    assert (await lan.post(f"/giup/{code}", data=HELPED)).status_code == 403
    await lan.post("/ra")  # "change person": another learner, or none, on the same phone
    assert (await lan.post(f"/giup/{code}", data=HELPED)).status_code == 403
    await lan.post("/vao", data={"code": klass.code, "name": "Người khác"})
    assert (await lan.post(f"/giup/{code}", data=HELPED)).status_code == 403
    assert helped(klass, helper) == []


async def test_a_phone_that_turns_out_to_be_the_helper_s_counts_no_more(klass: Class, lan: httpx.AsyncClient) -> None:
    granny = await phone(klass, code := await code_of(lan))
    await granny.post(f"/giup/{code}", data=HELPED)
    granny.cookies.set("bdhvs_hv", lan.cookies["bdhvs_hv"], domain="lop.example")
    await granny.get("/dai-su")
    assert helped(klass, who(klass, lan)) == []


async def test_a_forged_mark_is_none(klass: Class, lan: httpx.AsyncClient) -> None:
    code = await code_of(lan)
    signed = (await phone(klass, code)).cookies[DEVICE_COOKIE]
    changed = ("A" if signed[1] != "A" else "B") + signed[1:]
    for cookie in ("", "x", "abc.def", '"m".AAAA', "é" * 50, "a" * 5000, changed):
        headers = {"cookie": f"{DEVICE_COOKIE}={cookie}".encode()}
        refused = await klass.client().post(f"/giup/{code}", data=HELPED, headers=headers)
        assert refused.status_code == 422
    assert helped(klass, who(klass, lan)) == []


async def test_nothing_is_learnt_by_guessing_and_guesses_come_to_an_end(klass: Class, lan: httpx.AsyncClient) -> None:
    code = await code_of(lan)
    await (await phone(klass, code)).post(f"/giup/{code}", data=HELPED)
    guesser = klass.client("192.168.1.99")
    used = await guesser.get(f"/giup/{code}")
    never = await guesser.get("/giup/BBBBBB")
    post = await guesser.post("/giup/BBBBBB", data=HELPED)
    assert used.text == never.text == post.text
    assert DEVICE_COOKIE not in guesser.cookies  # a mark is given for an open code only
    seen = {(await guesser.get(f"/giup/CCCC{a}{b}")).status_code for a in "BCDFGH" for b in "BCDFGH"}
    assert seen == {404, 429}
    open_one = await code_of(lan)
    assert (await guesser.get(f"/giup/{open_one}")).status_code == 429
    assert (await (await phone(klass, open_one)).post(f"/giup/{open_one}", data=HELPED)).status_code == 303


async def test_half_an_answer_keeps_what_was_chosen_and_says_what_is_missing(
    klass: Class, lan: httpx.AsyncClient
) -> None:
    granny = await phone(klass, code := await code_of(lan))
    empty = await granny.post(f"/giup/{code}", data={})
    assert (empty.status_code, "Bác chọn giúp việc" in empty.text) == (422, True)
    half = await granny.post(f"/giup/{code}", data={"skill": "dvc"})
    assert (half.status_code, 'value="dvc" required checked' in half.text) == (422, True)
    for wrong in (
        {"skill": "huong_dan", "hands": "own"},
        {"skill": "<b>", "hands": "own"},
        {"skill": "dvc", "hands": "x"},
    ):
        assert (await granny.post(f"/giup/{code}", data=wrong)).status_code == 422
    assert (await granny.post(f"/giup/{code}", data={"skill": "x" * 20_000})).status_code == 413
    assert helped(klass, who(klass, lan)) == []


async def test_codes_come_slowly_and_only_to_those_who_agreed(klass: Class, lan: httpx.AsyncClient) -> None:
    hoa = await klass.learner("Hoa")
    assert (await hoa.post("/dai-su/ma")).headers["location"] == "/dai-su"
    assert (await hoa.get("/dai-su/ma")).headers["location"] == "/dai-su"
    for _ in range(3):
        code = await code_of(lan)
        await (await phone(klass, code)).post(f"/giup/{code}", data=HELPED)
    assert (await lan.post("/dai-su/ma")).status_code == 429
    assert (await klass.client().get("/dai-su")).headers["location"] == "/"


async def test_the_teacher_switches_it_and_what_is_there_stays(klass: Class, lan: httpx.AsyncClient) -> None:
    code = await code_of(lan)
    await (await phone(klass, code)).post(f"/giup/{code}", data=HELPED)
    code, granny = await code_of(lan), klass.client()
    teacher = await klass.teacher()
    assert (await lan.post("/gv/phong-trao", data={"model": "ambassadors", "offer": "off"})).status_code == 403
    assert klass.context.movement.offered.ambassadors
    await teacher.post("/gv/phong-trao", data={"model": "ambassadors", "offer": "off"})
    assert (await granny.get(f"/giup/{code}")).status_code == 404
    assert (await lan.get("/dai-su")).headers["location"] == "/lop"
    assert 'href="/dai-su"' not in (await lan.get("/lop")).text
    assert "1 người đã xác nhận được giúp" in (await lan.get("/ket-qua")).text
    await teacher.post("/gv/phong-trao", data={"model": "ambassadors", "offer": "on"})
    assert 'href="/dai-su"' in (await lan.get("/lop")).text
    await klass.context.movement.load()  # as the next start does
    assert klass.context.movement.offered.ambassadors


async def test_a_helper_takes_the_consent_back_and_all_of_it_goes(klass: Class, lan: httpx.AsyncClient) -> None:
    code = await code_of(lan)
    await (await phone(klass, code)).post(f"/giup/{code}", data=HELPED)
    code = await code_of(lan)
    agreed = (await lan.get("/dong-y")).text
    assert "sổ của bác bị xóa" in agreed
    await lan.post("/dong-y", data={"purpose": "ambassador"})
    store, helper = klass.context.store, who(klass, lan)
    assert (store.helped(helper), store.own_phones(helper), store.consents(helper)) == ([], set(), [])
    assert (await klass.client().get(f"/giup/{code}")).status_code == 404
    assert store.audit()[-1].action == "withdraw"


@pytest.mark.parametrize("deed", ["quen", "xoa"])
async def test_forgetting_keeps_the_evidence_for_nobody_and_erasing_takes_it(
    klass: Class, lan: httpx.AsyncClient, deed: str
) -> None:
    code = await code_of(lan)
    await (await phone(klass, code)).post(f"/giup/{code}", data=HELPED)
    known = {row.id for row in klass.context.store.helped_in()}
    (before,) = helped(klass, who(klass, lan))
    teacher = await klass.teacher()
    person = f"/gv/nguoi-hoc/{before.learner_id}"
    assert "đã được người này giúp: 1" in (await teacher.get(person)).text
    told = (await teacher.get(f"{person}/du-lieu.json")).json()
    assert [(one["skill"], one["own_hands"]) for one in told["helped"]] == [("dvc", True)]
    assert (await teacher.post(f"{person}/{deed}", data={"sure": "yes"})).status_code == 200
    after = [row for row in klass.context.store.helped_in() if row.id not in known]
    assert before.id not in {row.id for row in klass.context.store.helped_in()}
    assert len(after) == (1 if deed == "quen" else 0)
    for row in after:
        assert {row.id, row.learner_id, row.device}.isdisjoint({before.id, before.learner_id, before.device})
        assert (row.skill, row.day_us) == ("dvc", before.day_us)
    assert (await klass.client().get(f"/giup/{code}")).status_code == 404
