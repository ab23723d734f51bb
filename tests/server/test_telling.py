"""What a class says of its place, and what its learners may tell: asked, kept, shown and gone, over the real pages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from bdhvs.cli import commands
from bdhvs.core.about_learners import Place
from bdhvs.core.framework import Framework
from bdhvs.server.opening import ServeOptions, prepare
from bdhvs.service.consents import RESEARCH, RESEARCH_GUARDIAN
from bdhvs.service.place import PlaceTyped
from bdhvs.store.learners import learner_rows
from tests.server.conftest import Class, say

TOLD = {"age_band": "60_74", "sex": "female", "audience": "farmers", "agreed": "yes"}


async def asking(klass: Class) -> httpx.AsyncClient:
    teacher = await klass.teacher()
    assert (await teacher.post("/gv/hoi-nguoi-hoc", data={"on": "yes"})).status_code == 303
    return teacher


async def only_id(klass: Class) -> str:
    (row,) = klass.context.store.learners(klass.context.room.id)
    return row.id


def told_of(klass: Class, learner_id: str) -> tuple[str | None, ...] | None:
    row = klass.context.store.told(learner_id)
    return (row.age_band, row.sex, row.audience) if row else None


async def test_a_class_that_does_not_ask_neither_shows_nor_takes_anything(klass: Class) -> None:
    client = await klass.learner()
    assert (await client.get("/ve-toi")).headers["location"] == "/lop"
    assert "/ve-toi" not in (await client.get("/lop")).text
    await client.post("/ve-toi", data=TOLD)
    assert told_of(klass, await only_id(klass)) is None
    assert (await klass.client().get("/ve-toi")).headers["location"] == "/"
    for address in ("/gv/noi-hoc", "/gv/hoi-nguoi-hoc"):
        assert (await client.post(address, data={"on": "yes"})).status_code == 403


async def test_it_is_asked_once_after_joining_and_nothing_is_ticked(klass: Class) -> None:
    await asking(klass)
    client = klass.client()
    joined = await client.post("/vao", data={"code": klass.code, "name": "Lan"})
    assert joined.headers["location"] == "/ve-toi"
    page = (await client.get("/ve-toi")).text
    assert not re.search(r"<input[^>]*\bchecked", page)
    assert page.count("Tôi không muốn nói") == 3
    framework: Framework = klass.context.bank.framework
    offered = set(re.findall(r'name="audience" value="([^"]+)"', page))
    assert offered == {
        one.id for one in framework.audiences
    }  # none of the planning groups: ethnicity and health are among those
    assert not offered & {"ethnic_minorities", "disabled", "vulnerable"}
    assert (await client.post("/ve-toi", data={"age_band": "", "sex": ""})).headers["location"] == "/lop"
    assert told_of(klass, await only_id(klass)) is None
    assert klass.context.store.consents(await only_id(klass)) == []


async def test_without_consent_nothing_is_kept_and_the_choice_is_not_lost(klass: Class) -> None:
    await asking(klass)
    client = await klass.learner()
    refused = await client.post("/ve-toi", data={**TOLD, "agreed": ""})
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert re.search(r'value="60_74"[^>]* checked', refused.text)
    assert not re.search(r'id="agreed"[^>]* checked', refused.text)
    assert told_of(klass, await only_id(klass)) is None
    for wrong in ({"age_band": "31"}, {"sex": "x" * 500}, {"audience": "ethnic_minorities"}):
        assert (await client.post("/ve-toi", data={**TOLD, **wrong})).status_code == 422
    assert told_of(klass, await only_id(klass)) is None


async def test_told_changed_seen_and_deleted(klass: Class) -> None:
    teacher = await asking(klass)
    client = await klass.learner("Bác Năm")
    who = await only_id(klass)
    assert (await client.post("/ve-toi", data=TOLD)).headers["location"] == "/lop?da-ke=1"
    assert told_of(klass, who) == ("60_74", "female", "farmers")
    assert [one.purpose for one in klass.context.store.consents(who)] == [RESEARCH]
    await client.post("/ve-toi", data={**TOLD, "sex": "", "age_band": "75_up"})
    assert told_of(klass, who) == ("75_up", None, "farmers")
    assert "75 trở lên" in (await client.get("/ve-toi")).text
    assert "không kèm tên" in (await client.get("/dong-y")).text
    # The person's own export has it; no page for the teacher shows it.
    held = json.loads((await teacher.get(f"/gv/nguoi-hoc/{who}/du-lieu.json")).text)
    assert (held["told"]["age_band"], held["told"]["sex"]) == ("75_up", None)
    assert "75 trở lên" in (await teacher.get(f"/gv/nguoi-hoc/{who}/du-lieu.txt")).text
    for address in (
        "/gv",
        "/gv/nguoi-hoc",
        f"/gv/nguoi-hoc/{who}",
        "/gv/bao-cao.html",
        "/gv/ket-qua.csv",
        "/gv/bang.json",
        "/gv/noi-hoc",
    ):
        shown = (await teacher.get(address)).text
        assert not [word for word in ("75_up", "75 trở lên", "research", "không kèm tên") if word in shown], address
    # Asking no more leaves what was told, and its person can still delete it.
    await teacher.post("/gv/hoi-nguoi-hoc", data={"on": "no"})
    page = (await client.get("/ve-toi")).text
    assert ('type="radio"' in page, "75 trở lên" in page) == (False, True)
    assert (await client.post("/ve-toi", data={"do": "delete"})).headers["location"] == "/ve-toi?da-xoa=1"
    assert told_of(klass, who) is None
    assert klass.context.store.consents(who) == []
    assert [(one.action, one.actor) for one in klass.context.store.audit()][-1] == ("withdraw", "learner")


async def test_taking_the_consent_back_deletes_it(klass: Class) -> None:
    await asking(klass)
    client = await klass.learner()
    await client.post("/ve-toi", data=TOLD)
    await client.post("/dong-y", data={"purpose": RESEARCH})
    assert told_of(klass, await only_id(klass)) is None
    assert (await client.get("/lop")).status_code == 200  # still in, under the same name


@pytest.mark.parametrize(("class_under_16", "age"), [(False, "under_15"), (True, "15_24"), (True, "")])
async def test_for_the_young_a_guardian_agrees_too(klass: Class, class_under_16: bool, age: str) -> None:
    await asking(klass)
    klass.context.rooms.under_16 = class_under_16
    client = await klass.learner()
    data = {**TOLD, "age_band": age}
    assert (await client.post("/ve-toi", data=data)).status_code == 422
    assert told_of(klass, await only_id(klass)) is None
    assert (await client.post("/ve-toi", data={**data, "guardian": "yes"})).status_code == 303
    who = await only_id(klass)
    assert {one.purpose for one in klass.context.store.consents(who)} == {RESEARCH, RESEARCH_GUARDIAN}
    await client.post("/dong-y", data={"purpose": RESEARCH_GUARDIAN})
    assert (told_of(klass, who), klass.context.store.consents(who)) == (None, [])


async def test_one_phone_cannot_wear_out_the_disk(klass: Class) -> None:
    await asking(klass)
    client = await klass.learner()
    statuses = [(await client.post("/ve-toi", data=TOLD)).status_code for _ in range(14)]
    assert statuses[0] == 303
    assert statuses[-1] == 429


async def test_the_device_is_kept_with_the_attempt_and_only_as_one_of_three(klass: Class) -> None:
    client = await klass.learner()
    await say(client, type="open", form="thu-suc-ngan", device="tablet")
    await say(client, type="open", form="thu-suc-ngan", device="phone")  # goes on with the attempt
    refused = await say(client, type="open", form="thu-suc", device="Mozilla/5.0 (iPhone)")
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_message")
    await say(client, type="open", form="thu-suc")
    (row,) = learner_rows(klass.context.store)
    assert row["device"] == "tablet"


async def test_the_teacher_says_where_the_class_is(klass: Class) -> None:
    teacher = await klass.teacher()
    assert "Yên Bái" in (await teacher.get("/gv/noi-hoc")).text
    said = await teacher.post(
        "/gv/noi-hoc", data={"province": "15", "commune": "1234 phường  Mẫu", "region": "", "audience": "elderly"}
    )
    assert said.headers["location"] == "/gv/noi-hoc?da-ghi=1"
    assert klass.context.place.now == Place("15", "01234", "phường Mẫu", "urban", "elderly")
    assert "phường Mẫu, Tỉnh Lào Cai" in (await teacher.get("/gv/noi-hoc?da-ghi=1")).text
    for wrong, words in (
        ({"province": "99"}, "không có trong danh sách"),
        ({"commune": "Xã Mẫu"}, "chọn cả tỉnh"),
        ({"region": "sea"}, "thành thị"),
        ({"province": "15", "audience": "disabled"}, "một nhóm"),
    ):
        refused = await teacher.post("/gv/noi-hoc", data=wrong)
        assert refused.status_code == 422
        assert words in refused.text
    assert klass.context.place.now.province == "15"
    await klass.learner()
    hostile = await teacher.post("/gv/noi-hoc", data={"province": "15", "commune": "<b>=1+1</b>"})
    assert hostile.status_code == 303
    assert "<b>=1" not in (await teacher.get("/gv/noi-hoc?da-ghi=1")).text


async def test_what_was_said_is_known_at_the_next_start_and_may_be_said_anew(klass: Class) -> None:
    table = klass.context.store.folder / "xa.csv"
    table.write_text("code,name,province,former\n00001,Phường Mẫu,38,Cũ\n00002,Xã Mẫu,38,\n00003,Xã Mẫu,01,\n", "utf-8")

    async def again(**said: str) -> Place:
        options = ServeOptions(
            klass.context.store.folder, "Lớp", place=PlaceTyped(**said), communes=table, ask_learners=True
        )
        context, _media = await prepare(options, klass.context.store, ["http://lop"])
        assert context.room == klass.context.room
        assert context.telling.is_asked
        return context.place.now

    assert await again(commune="cũ") == Place("38", "00001", "Phường Mẫu", "urban")
    assert await again(region="rural") == Place("38", "00001", "Phường Mẫu", "rural")
    assert await again(commune="2", audience="farmers") == Place("38", "00002", "Xã Mẫu", "rural", "farmers")
    assert await again() == Place("38", "00002", "Xã Mẫu", "rural", "farmers")
    assert (await again(province="Hà Nội")).commune is None


def test_a_place_that_is_none_is_one_clean_sentence_at_the_start(tmp_path: Path) -> None:
    said = CliRunner().invoke(
        commands, ["serve", str(tmp_path / "lop"), "--province", "Atlantis", "--no-browser", "--json"]
    )
    assert said.exit_code == 1
    assert "không có trong danh sách" in said.output
    assert "place_unknown" in said.output
    assert "Traceback" not in said.output
