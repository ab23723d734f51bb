"""The teacher's pages about people: behind the teacher's link, with a tick, from our own pages only."""

from __future__ import annotations

import re

import pytest

from tests.server.conftest import Class, say

DEEDS = ("ten", "quen", "xoa")


async def pseudonym(klass: Class) -> str:
    return klass.context.store.learners(klass.context.room.id)[-1].id


async def test_only_the_teacher_sees_and_changes_people(klass: Class) -> None:
    learner = await klass.learner()
    who = await pseudonym(klass)
    for visitor in (learner, klass.client()):
        for path in ("", f"/{who}", f"/{who}/du-lieu.json", f"/{who}/du-lieu.txt"):
            shown = await visitor.get(f"/gv/nguoi-hoc{path}")
            assert shown.status_code == 403
            assert "Lan" not in shown.text
        for deed in DEEDS:
            done = await visitor.post(f"/gv/nguoi-hoc/{who}/{deed}", data={"sure": "yes", "name": "X"})
            assert done.status_code == 403
    row = klass.context.store.learner(who)
    assert row is not None
    assert row.nickname == "Lan"


async def test_people_are_listed_told_apart_escaped_and_linked(klass: Class) -> None:
    for name in ("Lan", "Lan", "<b>Tí</b>"):
        await klass.learner(name)
    shown = (await (await klass.teacher()).get("/gv/nguoi-hoc")).text
    assert "Lan (2)" in shown
    assert "<b>Tí" not in shown
    assert len(set(re.findall(r'href="/gv/nguoi-hoc/([0-9a-f-]{36})"', shown))) == 3


async def test_no_page_has_a_name_in_its_title_or_address(klass: Class) -> None:
    await klass.learner("Nguyễn Thị Hòa")
    teacher, who = await klass.teacher(), await pseudonym(klass)
    for lang in ("vi", "en"):
        shown = (await teacher.get(f"/gv/nguoi-hoc/{who}?lang={lang}")).text
        assert "Nguyễn Thị Hòa" in shown
        assert "Hòa" not in re.search(r"<title>(.*?)</title>", shown)[1]  # type: ignore[index]
        assert "data-who" not in shown
        assert " checked" not in shown


async def test_what_is_held_is_given_as_files(klass: Class) -> None:
    learner = await klass.learner()
    await say(learner, type="open", form="thu-suc-ngan")
    teacher, who = await klass.teacher(), await pseudonym(klass)
    made = await teacher.get(f"/gv/nguoi-hoc/{who}/du-lieu.json")
    assert made.json()["person"]["name"] == "Lan"
    assert len(made.json()["attempts"]) == 1
    assert made.headers["cache-control"] == "no-store"
    text = await teacher.get(f"/gv/nguoi-hoc/{who}/du-lieu.txt")
    assert "attachment" in text.headers["content-disposition"]
    assert "Lan" in text.text
    assert [one.action for one in klass.context.store.audit()] == ["export", "export"]


@pytest.mark.parametrize(("deed", "left"), [("quen", 1), ("xoa", 0)])
async def test_with_the_tick_the_person_goes_and_the_phone_is_out(klass: Class, deed: str, left: int) -> None:
    learner = await klass.learner()
    await say(learner, type="open", form="thu-suc-ngan")
    teacher, who = await klass.teacher(), await pseudonym(klass)
    asked = await teacher.post(f"/gv/nguoi-hoc/{who}/{deed}", data={})
    assert asked.status_code == 422
    assert 'role="alert"' in asked.text
    assert klass.context.store.learner(who) is not None
    done = await teacher.post(f"/gv/nguoi-hoc/{who}/{deed}", data={"sure": "yes"})
    assert done.status_code == 200
    (note,) = klass.context.store.audit()
    assert note.reference in done.text
    refused = await say(learner, type="open", form="thu-suc-ngan")
    assert (refused.status_code, refused.json()["code"]) == (401, "no_session")
    assert (await learner.get("/lop")).headers["location"] == "/"
    assert klass.context.tokens.remembered == 1  # that of the visit just now
    rows = klass.context.store.learners(klass.context.room.id)
    assert [one.nickname for one in rows] == [None] * left
    assert (await teacher.post(f"/gv/nguoi-hoc/{who}/{deed}", data={"sure": "yes"})).status_code == 404
    assert (await klass.learner("Lan")) is not None  # and may come again, as somebody new


async def test_a_name_is_corrected_or_the_page_says_why_not(klass: Class) -> None:
    learner = await klass.learner("Lna")
    teacher, who = await klass.teacher(), await pseudonym(klass)
    for typed in ("", "x" * 60, "x" * 20_000):
        asked = await teacher.post(f"/gv/nguoi-hoc/{who}/ten", data={"name": typed})
        assert asked.status_code in (413, 422)
    done = await teacher.post(f"/gv/nguoi-hoc/{who}/ten", data={"name": "Lan"})
    assert done.status_code == 303
    assert 'role="status"' in (await teacher.get(done.headers["location"])).text
    assert "Lan" in (await learner.get("/lop")).text


async def test_another_site_changes_nobody(klass: Class) -> None:
    await klass.learner()
    teacher, who = await klass.teacher(), await pseudonym(klass)
    for deed in DEEDS:
        headers = {"origin": "http://evil.example"}
        done = await teacher.post(f"/gv/nguoi-hoc/{who}/{deed}", data={"sure": "yes"}, headers=headers)
        assert done.status_code == 403
    assert klass.context.store.audit() == []


async def test_somebody_of_another_class_or_nobody_is_not_found(klass: Class) -> None:
    await klass.learner()
    who = await pseudonym(klass)
    old = klass.context.room
    other = await klass.context.rooms.open_class("Lớp khác", new=True)
    object.__setattr__(klass.context, "room", other)
    teacher = await klass.teacher()
    for one in (who, "nobody", "%2e%2e", "x" * 2000):
        assert (await teacher.get(f"/gv/nguoi-hoc/{one}")).status_code == 404
        assert (await teacher.post(f"/gv/nguoi-hoc/{one}/xoa", data={"sure": "yes"})).status_code == 404
    assert len(klass.context.store.learners(old.id)) == 1
