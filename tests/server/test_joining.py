"""Coming in: codes, names, cookies, and everything people type there."""

from __future__ import annotations

import html

import pytest

from bdhvs.server.pages import WRONG_CODES
from tests.server.conftest import Class, say


async def test_a_learner_joins_by_code_and_name_and_is_greeted(klass: Class) -> None:
    client = await klass.learner("Bác Năm")
    page = await client.get("/lop")
    assert "Xin chào Bác Năm!" in page.text
    assert "/bai/an-toan-truoc-lua-dao-otp" in page.text
    assert "/kiem-tra/thu-suc-ngan" in page.text
    assert "/kiem-tra/luyen-otp" not in page.text


async def test_the_qr_link_fills_in_the_code(klass: Class) -> None:
    page = await klass.client().get(f"/j/{klass.code}")
    assert f'value="{klass.code}"' in page.text


async def test_the_code_may_be_typed_small_and_with_spaces(klass: Class) -> None:
    client = klass.client()
    typed = f" {klass.code[:3].lower()} {klass.code[3:].lower()} "
    assert (await client.post("/vao", data={"code": typed, "name": "Lan"})).status_code == 303


async def test_the_cookie_is_signed_and_out_of_reach_of_scripts(klass: Class) -> None:
    response = await klass.client().post("/vao", data={"code": klass.code, "name": "Lan"})
    cookie = response.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie  # plain http on a village network; over https it is set


async def test_a_wrong_code_fifty_times_has_to_wait_and_then_still_says_so_calmly(klass: Class) -> None:
    client = klass.client("192.168.1.66")
    statuses = [(await client.post("/vao", data={"code": "BBBBBB", "name": "Lan"})).status_code for _ in range(50)]
    assert statuses[:WRONG_CODES] == [404] * WRONG_CODES
    assert set(statuses[WRONG_CODES:]) == {429}
    assert (await klass.learner("Hoa", "192.168.1.67")) is not None  # the others are not held up


async def test_a_wrong_code_says_nothing_about_codes_that_exist(klass: Class) -> None:
    client = klass.client()
    one = await client.post("/vao", data={"code": "BBBBBB", "name": "Lan"})
    two = await client.post("/vao", data={"code": "not a code at all", "name": "Lan"})
    assert one.status_code == two.status_code == 404
    assert 'role="alert"' in one.text


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "a" * 41])
async def test_a_name_that_is_none_gets_a_sentence(klass: Class, name: str) -> None:
    response = await klass.client().post("/vao", data={"code": klass.code, "name": name})
    assert response.status_code == 422
    assert 'role="alert"' in response.text
    assert "set-cookie" not in response.headers


async def test_a_three_megabyte_name_is_refused_before_it_is_read(klass: Class) -> None:
    response = await klass.client().post("/vao", data={"code": klass.code, "name": "a" * 3_000_000})
    assert response.status_code == 413
    assert len(response.text) < 20_000


async def test_a_long_chunked_body_is_refused_too(klass: Class) -> None:
    async def chunks():  # type: ignore[no-untyped-def]
        for _ in range(3000):
            yield b"a" * 1000

    response = await klass.client().post("/vao", content=chunks())
    assert response.status_code == 413


async def test_names_are_never_read_as_html(klass: Class) -> None:
    name = "<b>Lan</b>&\"'"
    client = await klass.learner(name)
    page = (await client.get("/lop")).text
    assert "<b>Lan" not in page
    assert html.escape(name, quote=True).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in page
    board = (await (await klass.teacher()).get("/gv")).text
    assert "<b>Lan" not in board


async def test_an_emoji_name_and_two_learners_with_one_name_are_fine(klass: Class) -> None:
    await klass.learner("Tí 😀")
    await klass.learner("Lan")
    await klass.learner("Lan")
    board = (await (await klass.teacher()).get("/gv")).text
    assert all(name in board for name in ("Tí 😀", "Lan", "Lan (2)"))


async def test_a_stale_or_forged_cookie_leads_back_to_joining(klass: Class) -> None:
    client = klass.client()
    client.cookies.set("bdhvs_hv", "ImZvcmdlZCI.nothing", domain="lop.example")
    assert (await client.get("/lop")).headers["location"] == "/"
    assert (await client.get("/")).status_code == 200
    refused = await say(client, type="open", form="thu-suc-ngan")
    assert (refused.status_code, refused.json()["code"]) == (401, "no_session")


async def test_a_phone_is_handed_on_to_the_next_person(klass: Class) -> None:
    client = await klass.learner("Ông Ba")
    await client.post("/ra")
    assert (await client.get("/lop")).headers["location"] == "/"


async def test_the_language_can_be_changed_and_stays(klass: Class) -> None:
    client = await klass.learner()
    assert "Hello, Lan!" in (await client.get("/lop?lang=en")).text
    assert "Hello, Lan!" in (await client.get("/lop")).text
    assert 'lang="en"' in (await client.get("/kiem-tra/thu-suc")).text


async def test_after_the_class_is_closed_nobody_joins_or_answers(klass: Class) -> None:
    client = await klass.learner()
    await klass.context.rooms.close_class(klass.context.room)
    assert (await klass.client().post("/vao", data={"code": klass.code, "name": "Hoa"})).status_code == 404
    refused = await say(client, type="open", form="thu-suc-ngan")
    assert (refused.status_code, refused.json()["code"]) == (401, "class_closed")


async def test_the_class_list_is_shown_only_to_those_who_have_the_code(klass: Class) -> None:
    klass.context.rooms.names = ("Nguyễn Thị Hòa", "Trần <b>Nam</b>")
    client = klass.client()
    assert "Nguyễn Thị Hòa" not in (await client.get("/")).text
    assert "Nguyễn Thị Hòa" not in (await client.get("/j/BBBBBB")).text
    page = (await client.get(f"/j/{klass.code}")).text
    assert "Nguyễn Thị Hòa" in page
    assert "<b>Nam" not in page
    assert " checked" not in page


async def test_a_listed_name_without_consent_is_asked_again_and_with_it_joins(klass: Class) -> None:
    klass.context.rooms.names = ("Nguyễn Thị Hòa",)
    client = klass.client()
    data = {"code": klass.code, "name": "", "listed": "Nguyễn Thị Hòa"}
    asked = await client.post("/vao", data=data)
    assert asked.status_code == 422
    assert 'role="alert"' in asked.text
    assert (await client.post("/vao", data={**data, "agreed": "yes"})).status_code == 303
    assert "Nguyễn Thị Hòa" in (await client.get("/lop")).text


async def test_for_under_16s_a_second_box_is_asked_for_and_never_ticked_beforehand(klass: Class) -> None:
    klass.context.rooms.names = ("Nguyễn Thị Hòa",)
    client = klass.client()
    assert 'name="guardian"' not in (await client.get(f"/j/{klass.code}")).text
    klass.context.rooms.under_16 = True
    page = (await client.get(f"/j/{klass.code}")).text
    assert 'name="guardian"' in page
    assert " checked" not in page
    data = {"code": klass.code, "name": "", "listed": "Nguyễn Thị Hòa", "agreed": "yes"}
    asked = await client.post("/vao", data=data)
    assert asked.status_code == 422
    assert " checked" not in asked.text
    assert (await client.post("/vao", data={**data, "guardian": "yes"})).status_code == 303
