"""The teacher's pages for putting things right: behind the teacher's link, as plain forms, with a sentence for each refusal."""

from __future__ import annotations

import re

import httpx
import pytest

from bdhvs.server.app import class_app
from bdhvs.server.opening import ServeOptions, prepare
from bdhvs.service.swaps import candidates
from bdhvs.store import Store
from tests.content import with_time_limit
from tests.server.conftest import BASE, Class, say

FORM, TIMED = "thu-suc", "thu-suc-ngan"
FORBIDDEN, REFUSED = 403, 422


@pytest.fixture
async def klass(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Class:
    """A class whose form `TIMED` has a limit of 20 minutes, without lessons."""
    content = with_time_limit(tmp_path_factory.mktemp("content"), TIMED, 20)
    options = ServeOptions(store.folder, "Lớp thôn Đoài", content=content, lessons=())
    context, media = await prepare(options, store, [BASE])
    return Class(class_app(context, media), context)


def first_item(klass: Class, form: str = FORM) -> str:
    return klass.context.bank.form(form).items[0]


async def begun(klass: Class, form: str) -> tuple[httpx.AsyncClient, dict[str, object], str]:
    """A learner who opened a form: the phone, what it got, the pseudonym."""
    phone = await klass.learner()
    opened = (await say(phone, type="open", form=form)).json()
    return phone, opened, klass.context.store.learners(klass.context.room.id)[-1].id


async def test_only_the_teacher_sees_and_does_these_things(klass: Class) -> None:
    learner, _opened, who = await begun(klass, FORM)
    pages = ["/gv/de", f"/gv/de/{FORM}", f"/gv/de/{FORM}?dap-an={first_item(klass)}", f"/gv/de/{FORM}/{first_item(klass)}"]
    deeds = [f"/gv/de/{FORM}/{one}" for one in ("thu-tu", "gio", *(f"{first_item(klass)}/{deed}" for deed in ("doi", "khong-tinh", "tinh-lai")))]
    own = f"/gv/nguoi-hoc/{who}/bai"
    fields = {"why": "x", "into": "x", "minutes": "5", "form": FORM, "reason": "other", "sure": "yes", "order": "fixed"}
    for visitor in (learner, klass.client()):
        for path in [*pages, own]:
            assert (await visitor.get(path)).status_code == FORBIDDEN
        for path in [*deeds, f"{own}/them-gio", f"{own}/mo-lai"]:
            assert (await visitor.post(path, data=fields)).status_code == FORBIDDEN
    assert klass.context.store.class_events(klass.context.room.id) == []
    teacher = await klass.teacher()
    foreign = await teacher.post(deeds[0], data=fields, headers={"origin": "http://elsewhere.example"})
    assert foreign.status_code == FORBIDDEN


async def test_a_key_is_in_the_page_only_after_a_press(klass: Class) -> None:
    teacher, slot = await klass.teacher(), first_item(klass)
    for path in (f"/gv/de/{FORM}", f"/gv/de/{FORM}/{slot}"):
        shown = (await teacher.get(path)).text
        assert "repair-key" not in shown
    assert (await teacher.get(f"/gv/de/{FORM}?dap-an={slot}")).text.count('class="repair-key"') == 1
    assert (await teacher.get(f"/gv/de/{FORM}/{slot}?dap-an=1")).text.count('class="repair-key"') == 1


async def test_every_quiz_has_a_page_in_both_languages_and_nothing_else_has(klass: Class) -> None:
    teacher = await klass.teacher()
    listed = re.findall(r'href="(/gv/de/[a-z0-9-]+)"', (await teacher.get("/gv/de")).text)
    assert f"/gv/de/{FORM}" in listed
    for path in listed:
        for lang in ("vi", "en"):
            assert (await teacher.get(f"{path}?lang={lang}")).status_code == 200
    for path in ("/gv/de/khong-co", f"/gv/de/{FORM}/khong-co", "/gv/nguoi-hoc/ai-do/bai"):
        assert (await teacher.get(path)).status_code == 404


async def test_a_question_is_replaced_and_put_back(klass: Class) -> None:
    teacher, context = await klass.teacher(), klass.context
    now = context.repairs.decisions
    slot, new = next((one, found[0].id) for one in context.bank.form(FORM).items if (found := candidates(context.bank, now, FORM, one)))
    path = f"/gv/de/{FORM}/{slot}"
    assert f'value="{new}"' in (await teacher.get(path)).text
    done = await teacher.post(f"{path}/doi", data={"into": new})
    assert (done.status_code, done.headers["location"]) == (303, f"/gv/de/{FORM}?da=doi")
    assert 'role="status"' in (await teacher.get(done.headers["location"])).text
    phone = await klass.learner()
    assert new in {one["id"] for one in (await say(phone, type="open", form=FORM)).json()["items"]}
    refused = await teacher.post(f"{path}/doi", data={"into": slot})
    assert refused.status_code == REFUSED
    assert 'role="alert"' in refused.text
    assert 'name="into"' not in refused.text


@pytest.mark.parametrize("into", ["", "khong-co", "dan-loi-phan-anh-cho-ai"])
async def test_a_question_that_may_not_stand_there_is_refused_in_words(klass: Class, into: str) -> None:
    done = await (await klass.teacher()).post(f"/gv/de/{FORM}/{first_item(klass)}/doi", data={"into": into})
    assert done.status_code == REFUSED
    assert 'role="alert"' in done.text


async def test_the_order_is_changed_before_anybody_begins(klass: Class) -> None:
    teacher = await klass.teacher()
    assert (await teacher.post(f"/gv/de/{FORM}/thu-tu", data={"order": "shuffled"})).status_code == 303
    assert 'value="fixed"' in (await teacher.get(f"/gv/de/{FORM}")).text
    await begun(klass, FORM)
    assert (await teacher.post(f"/gv/de/{FORM}/thu-tu", data={"order": "fixed"})).status_code == REFUSED


async def test_a_faulty_question_is_taken_out_with_a_reason_that_is_escaped(klass: Class) -> None:
    phone, opened, _who = await begun(klass, FORM)
    teacher, slot = await klass.teacher(), first_item(klass)
    path = f"/gv/de/{FORM}/{slot}"
    assert (await teacher.post(f"{path}/khong-tinh", data={"why": " "})).status_code == REFUSED
    assert (await teacher.post(f"{path}/khong-tinh", data={"why": "x" * 201})).status_code == REFUSED
    done = await teacher.post(f"{path}/khong-tinh", data={"why": "<b>Sai</b>"})
    assert (done.status_code, done.headers["location"]) == (303, f"{path}?da=khong-tinh")
    shown = (await teacher.get(path)).text
    assert "&lt;b&gt;Sai" in shown
    assert "<b>Sai" not in shown
    assert slot not in {one["item"] for one in (await teacher.get(f"/gv/bang.json?form={FORM}")).json()["view"]["columns"]}
    assert (await say(phone, type="open", form=FORM)).json()["states"][slot]["neutralised"] is True
    assert "&lt;b&gt;Sai" in (await teacher.get("/gv/bao-cao.html")).text
    assert "neutralised_why" in (await teacher.get("/gv/ket-qua.csv")).text
    assert (await teacher.post(f"{path}/tinh-lai")).status_code == 303
    assert "neutralised" not in (await say(phone, type="open", form=FORM)).json()["states"][slot]
    assert opened["status"] == "started"


@pytest.mark.parametrize("minutes", ["", "0", "-3", "241", "nhiều", "1e3", "²"])
async def test_minutes_are_a_whole_number_in_reason(klass: Class, minutes: str) -> None:
    _phone, _opened, who = await begun(klass, TIMED)
    teacher = await klass.teacher()
    for path in (f"/gv/de/{TIMED}/gio", f"/gv/nguoi-hoc/{who}/bai/them-gio"):
        done = await teacher.post(path, data={"minutes": minutes, "form": TIMED})
        assert done.status_code == REFUSED
        assert 'role="alert"' in done.text


async def test_minutes_for_everybody_and_for_one_reach_the_phone(klass: Class) -> None:
    phone, opened, who = await begun(klass, TIMED)
    teacher = await klass.teacher()
    assert 0 < opened["time_left_ms"] <= 20 * 60_000  # type: ignore[operator]
    assert (await teacher.post(f"/gv/de/{TIMED}/gio", data={"minutes": "10"})).status_code == 303
    assert (await teacher.post(f"/gv/nguoi-hoc/{who}/bai/them-gio", data={"minutes": "30", "form": TIMED})).status_code == 303
    assert 50 * 60_000 < (await say(phone, type="open", form=TIMED)).json()["time_left_ms"] <= 60 * 60_000
    untimed = await teacher.post(f"/gv/nguoi-hoc/{who}/bai/them-gio", data={"minutes": "30", "form": FORM})
    assert untimed.status_code == REFUSED


async def test_a_person_is_let_go_on_only_after_the_warning_was_ticked(klass: Class) -> None:
    phone, opened, who = await begun(klass, FORM)
    event = "018bcfe5-6800-7000-8000-000000000001"
    await say(phone, type="finish", attempt=opened["attempt"], event_id=event)
    teacher, path = await klass.teacher(), f"/gv/nguoi-hoc/{who}/bai"
    assert 'name="sure"' in (await teacher.get(path)).text
    for fields in ({"reason": "mistake"}, {"sure": "yes"}, {"sure": "yes", "reason": "no such"}):
        done = await teacher.post(f"{path}/mo-lai", data={"form": FORM, **fields})
        assert done.status_code == REFUSED
    done = await teacher.post(f"{path}/mo-lai", data={"form": FORM, "sure": "yes", "reason": "mistake"})
    assert (done.status_code, done.headers["location"]) == (303, f"{path}?da=mo-lai")
    assert (await say(phone, type="open", form=FORM)).json()["status"] == "started"


async def test_pages_about_a_person_have_no_name_in_title_or_address(klass: Class) -> None:
    await klass.learner("Nguyễn Thị Hòa")
    who = klass.context.store.learners(klass.context.room.id)[-1].id
    shown = (await (await klass.teacher()).get(f"/gv/nguoi-hoc/{who}/bai")).text
    assert "Nguyễn Thị Hòa" in shown
    assert "Hòa" not in re.search(r"<title>(.*?)</title>", shown)[1]  # type: ignore[index]
