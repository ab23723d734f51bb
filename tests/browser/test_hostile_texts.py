"""Whatever people type is text: nothing runs, nothing becomes an element, nothing reaches another server."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from bdhvs.bank.loader import Bank
from tests.browser.conftest import Watched
from tests.browser.driver import PHONE, ServedClass
from tests.browser.knowing import Knowing

pytestmark = pytest.mark.browser

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    '"><script>alert(1)</script>',
    "'-alert(1)-'</title><svg/onload=alert(1)>",
    "{{ 7*7 }}{% raw %}${alert(1)}",
    "=HYPERLINK(1)+<b>đậm</b>",
]


@pytest.fixture
def learner(watched: Watched, shared: ServedClass) -> Knowing:
    one = Knowing(watched.page(shared.origin, **PHONE), shared, Bank.load())
    one.page.on("dialog", lambda dialog: watched.wrong.append(f"ran: {dialog.message}") or dialog.dismiss())
    return one


def made_of_text(page: Page) -> bool:
    """Whether nothing on the page came into being from what was typed."""
    strange = "main img[src='x'], main script, main svg[onload], main b, [onerror], [onload]"
    return page.locator(strange).count() == 0


@pytest.mark.parametrize("text", HOSTILE)
def test_names_codes_and_addresses_are_shown_as_typed(learner: Knowing, text: str) -> None:
    page, name = learner.page, text[:40]
    for path in (f"/j/{quote(text, safe='')}", f"/{quote(text, safe='')}", f"/lop?lang={quote(text)}", f"/bai/{quote(text, safe='')}"):
        page.goto(learner.served.origin + path)
        assert made_of_text(page), path
    page.goto(f"{learner.served.origin}/j/{learner.served.told['code']}")
    page.get_by_label("Mã lớp").fill(text[:12])
    page.get_by_label("Tên gọi trong lớp").fill(name)
    learner.press("Vào lớp")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Tên gọi trong lớp")).to_have_value(name)
    assert made_of_text(page)
    learner.join(name)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Xin chào {' '.join(name.split())}!")
    assert made_of_text(page)
    page.goto(learner.served.told["teacher_url"])
    expect(page.get_by_role("rowheader", name=name, exact=True)).to_have_count(1)
    assert made_of_text(page)


def test_typed_answers_come_back_as_text_after_a_reload_and_in_the_result(learner: Knowing) -> None:
    learner.join("Cô Mận")
    learner.open_quiz("thu-suc-ngan")
    for number in range(12):
        expect(learner.area.locator(".bd-count")).to_have_text(f"Câu {number + 1}/12")
        if learner.kind == "short_text":
            learner.put_in({"text": HOSTILE[0]})
            learner.press("Trả lời")
            expect(learner.area.locator(".bd-count")).to_have_text(f"Câu {number + 2}/12")
            learner.page.reload()
            learner.press("Quay lại")
            expect(learner.fieldset.get_by_role("textbox")).to_have_value(HOSTILE[0])
            learner.press("Trả lời")
        else:
            learner.press("Bỏ qua")
    learner.press("Nộp bài")
    learner.touch(learner.page.get_by_text("Xem lại từng câu"))
    expect(learner.page.locator(".bd-review")).to_contain_text(HOSTILE[0])
    assert made_of_text(learner.page)
