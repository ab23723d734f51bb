"""Pages, files and headers: what a security review would look for, and what must not be reachable."""

from __future__ import annotations

import re

import pytest

from tests.server.conftest import Class, say

PAGES = ["/", "/lop", "/kiem-tra/thu-suc-ngan", "/bai/an-toan-truoc-lua-dao-otp", "/khong-co-trang-nay"]


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_carries_the_security_headers(klass: Class, path: str) -> None:
    client = await klass.learner()
    headers = (await client.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
async def test_no_page_has_inline_script_or_style_or_asks_elsewhere(klass: Class, path: str) -> None:
    client = await klass.learner()
    text = (await client.get(path)).text
    for script in re.findall(r"<script[^>]*>", text):
        assert "src=" in script or 'type="application/json"' in script
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text)
    assert not re.search(r"(src|href)=[\"'](https?:)?//", text)


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_says_its_language_and_has_one_main(klass: Class, path: str) -> None:
    client = klass.client() if path == "/" else await klass.learner()
    text = (await client.get(path)).text
    assert re.search(r'<html[^>]* lang="vi"', text)
    assert text.count("<main") == 1
    assert 'name="viewport"' in text


async def test_a_browser_without_javascript_gets_a_sentence(klass: Class) -> None:
    client = await klass.learner()
    for path in ("/kiem-tra/thu-suc-ngan", "/bai/an-toan-truoc-lua-dao-otp"):
        assert "JavaScript" in re.search(r"<noscript>(.*?)</noscript>", (await client.get(path)).text, re.S).group(1)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "path",
    [
        "/static/x/page.js", "/static/../setup.cfg", "/static/x/..%2f..%2fsetup.cfg", "/media/../items", "/media/%2e%2e%2fLICENSE",
        "/bdhvs.sqlite3", "/data/bdhvs.sqlite3", "/bai/..%2f..%2fsetup", "/bai/mo-lop", "/bai/doc-ket-qua", "/kiem-tra/luyen-otp",
        "/assessments/items", "/gv/khong-phai-ma", "/.git/config",
    ],
)  # fmt: skip
async def test_nothing_outside_the_chosen_lessons_media_and_static_files_can_be_fetched(
    klass: Class, path: str
) -> None:
    client = await klass.learner()
    assert (await client.get(path)).status_code in (403, 404, 307)


async def test_static_files_are_packed_and_kept_forever_under_a_name_that_changes(klass: Class) -> None:
    client = await klass.learner()
    page = (await client.get("/kiem-tra/thu-suc-ngan")).text
    for url in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
        response = await client.get(url, headers={"accept-encoding": "gzip"})
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]
        assert response.headers["content-encoding"] == "gzip"
        plain = await client.get(url, headers={"accept-encoding": "identity"})
        assert plain.content == response.content


async def test_a_learner_cannot_see_the_teacher_s_pages(klass: Class) -> None:
    client = await klass.learner()
    for path in ("/gv", "/gv/bang", "/gv/ket-qua.csv"):
        refused = await client.get(path)
        assert refused.status_code == 403
        assert klass.code not in refused.text
    client.cookies.set("bdhvs_gv", "0" * 32, domain="lop.example", path="/gv")
    assert (await client.get("/gv")).status_code == 403


async def test_the_teacher_sees_who_joined_answers_and_results(klass: Class) -> None:
    client = await klass.learner("Bác Năm")
    opening = (await say(client, type="open", form="thu-suc-ngan")).json()
    item = next(one for one in opening["items"] if one["kind"] == "single_choice")
    await say(
        client, type="answer", attempt=opening["attempt"], event_id="01890a5d-ac96-774b-bcce-b302099a8057",
        item=item["id"], version=item["version"], response={"choice": "1"},
    )  # fmt: skip
    board = (await (await klass.teacher()).get("/gv")).text
    assert "Bác Năm" in board
    assert klass.code in board
    assert klass.context.bank.item(item["id"]).competence in board


async def test_the_csv_has_a_row_per_response_no_name_and_no_formula(klass: Class) -> None:
    client = await klass.learner("=HYPERLINK(1)")
    opening = (await say(client, type="open", form="lam-quen")).json()
    typed = next(one for one in opening["items"] if one["kind"] == "short_text")
    await say(
        client, type="answer", attempt=opening["attempt"], event_id="01890a5d-ac96-774b-bcce-b302099a8057",
        item=typed["id"], version=typed["version"], response={"text": "=1+1"},
    )  # fmt: skip
    table = await (await klass.teacher()).get("/gv/ket-qua.csv")
    assert table.headers["content-type"].startswith("text/csv")
    text = table.content.decode("utf-8-sig")
    lines = text.splitlines()
    assert len(lines) == 1 + len(opening["items"])
    assert "HYPERLINK" not in text
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in lines for cell in line.split(","))


async def test_the_teacher_s_link_leaves_the_address_bar_at_once(klass: Class) -> None:
    client = klass.client()
    response = await client.get(f"/gv/{klass.context.tokens.for_teacher(klass.context.room.id)}")
    assert response.headers["location"] == "/gv"
    assert "samesite=strict" in response.headers["set-cookie"].lower()


async def test_a_method_a_page_does_not_know_is_a_calm_page(klass: Class) -> None:
    client = await klass.learner()
    assert (await client.put("/lop")).status_code == 405
    assert (await client.get("/vao")).status_code == 405
