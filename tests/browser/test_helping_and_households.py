"""Two phones side by side: who was helped confirms on their own, and a family comes together."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.browser.driver import PHONE, Person, ServedClass
from tests.browser.test_accessible import CUT, SMALL_TARGETS, SMALL_TEXT, set_up, violations

pytestmark = pytest.mark.browser
LAPTOP: dict[str, Any] = {"viewport": {"width": 1024, "height": 768}, "locale": "vi-VN"}


def look(page: Page) -> None:
    """Nothing is cut, on a phone nothing small to read or to tap; axe finds nothing."""
    for one in (CUT, SMALL_TEXT, SMALL_TARGETS) if "/gv/" not in page.url else (CUT,):
        assert page.evaluate(one) == [], page.url
    assert violations(page) == [], page.url


def test_two_phones(watched: Watched, shared: ServedClass) -> None:
    teacher = Person(watched.page(shared.origin, **LAPTOP), shared)
    helper, helped = (Person(watched.page(shared.origin, **PHONE), shared) for _ in range(2))
    offered_by(teacher)
    code = code_of(helper)
    confirm_by_keyboard(helped, code)

    helper.page.get_by_role("link", name="Đã xác nhận xong").tap()
    expect(helper.page.get_by_role("heading", level=2).first).to_have_text("1 trên 5 người")
    expect(helper.page.get_by_role("listitem").first).to_contain_text("Nộp hồ sơ dịch vụ công trực tuyến")
    look(helper.page)
    helper.press("Người được giúp đang ở cạnh: hiện mã")
    helper.page.wait_for_url("**/dai-su/ma")
    own = helper.page.locator("strong.code").inner_text()
    helper.page.goto(f"{shared.origin}/giup/{own}")
    expect(helper.page.get_by_role("alert")).to_contain_text("Không ai tự xác nhận cho mình")
    look(helper.page)

    come_together(helper, helped)
    teacher.page.reload()
    expect(teacher.page.locator("#noi-dung")).to_contain_text("1 người xác nhận")
    expect(teacher.page.locator("#noi-dung")).to_contain_text("chưa đến 5 nhóm gia đình")
    look(teacher.page)


def offered_by(teacher: Person) -> None:
    teacher.page.goto(teacher.served.told["teacher_url"])
    teacher.touch(teacher.page.get_by_role("link", name="Đại sứ số, gia đình số"))
    for model in ("Đại sứ số", "Gia đình số"):
        teacher.touch(
            teacher.page.get_by_role("region", name=model, exact=True).get_by_role("button", name="Mở cho cả lớp")
        )
    expect(teacher.page.get_by_text("Lớp đang mở phần này")).to_have_count(2)
    look(teacher.page)


def code_of(helper: Person) -> str:
    helper.join("Bác Tích")
    helper.touch(helper.page.get_by_role("link", name="Bác vừa giúp ai tự làm được"))
    helper.page.wait_for_url("**/dai-su")
    look(helper.page)
    helper.press("Tôi đồng ý, mở sổ của tôi")
    expect(helper.page.get_by_role("heading", level=2).first).to_have_text("0 trên 5 người")
    helper.press("Người được giúp đang ở cạnh: hiện mã")
    helper.page.wait_for_url("**/dai-su/ma")
    look(helper.page)
    return helper.page.locator("strong.code").inner_text()


def confirm_by_keyboard(helped: Person, code: str) -> None:
    page = helped.page
    page.goto(f"{helped.served.origin}/giup")
    look(page)
    page.get_by_label("Mã của người đã giúp").focus()
    page.keyboard.type(code.lower())
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/giup/{code}")
    expect(page.locator("#noi-dung")).to_contain_text("Bác Tích nói vừa giúp bác")
    assert page.locator("input:checked").count() == 0
    helped.press("Đúng, tôi đã được giúp")
    expect(page.get_by_role("alert")).to_have_text("Bác chọn giúp việc bác vừa làm được.")
    look(page)
    expect(page.get_by_role("radio")).to_have_count(2)  # skills stand folded by topic: the page is about one screen
    page.locator("summary", has_text="Giấy tờ, dịch vụ công").focus()
    page.keyboard.press("Enter")
    look(page)
    page.get_by_role("radio", name="Nộp hồ sơ dịch vụ công").focus()
    page.keyboard.press("Space")
    for _topic in ("Trả tiền", "Học tập", "whose hands"):  # one stop a topic, one for the radios
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_role("radio", name="Tôi tự tay làm")).to_be_checked()
    page.keyboard.press("Tab")
    look(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã xác nhận xong")
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("Đã xác nhận xong")
    look(page)


def come_together(first: Person, second: Person) -> None:
    set_up(second.page, letters=3, contrast="normal", theme="dark")
    second.join("Bà Ngoan")
    first.page.goto(f"{first.served.origin}/gia-dinh")
    look(first.page)
    first.page.get_by_role("region", name="Tôi là người đầu tiên trong nhà").get_by_role("checkbox").check()
    first.press("Lập nhóm gia đình")
    expect(first.page.get_by_text("Nhà mình có 1 người")).to_be_visible()
    first.press("Mời người trong nhà")
    first.page.wait_for_url("**/gia-dinh/ma")
    look(first.page)
    second.page.goto(f"{first.served.origin}/gia-dinh?ma={first.page.locator('strong.code').inner_text()}")
    look(second.page)
    second.page.get_by_role("checkbox").check()
    second.press("Vào nhóm")
    second.page.wait_for_url("**/gia-dinh")
    for one in (second, first):
        one.page.goto(f"{first.served.origin}/gia-dinh")
        expect(one.page.get_by_text("Nhà mình chưa có người làm được cả năm việc")).to_be_visible()
        expect(one.page.get_by_text("Nhà mình có 2 người")).to_be_visible()
        look(one.page)
    second.press("Rời nhóm gia đình")
    second.page.wait_for_url("**/lop")
