"""A class that asks: a phone tells and is told what is kept; a keyboard does, too; nothing is ticked beforehand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from bdhvs.store import Store
from bdhvs.store.learners import learner_rows
from tests.browser.conftest import Watched
from tests.browser.driver import PHONE, Person, ServedClass
from tests.browser.test_accessible import CUT, SMALL_TARGETS, SMALL_TEXT, set_up, violations

pytestmark = pytest.mark.browser
SERVED = (
    "--ask-learners",
    "--province",
    "hoa binh",
    "--commune",
    "01234 Xã Mẫu",
    "--lesson",
    "an-toan-truoc-lua-dao-otp",
)


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedClass]:
    served = ServedClass(tmp_path_factory.mktemp("asking"), *SERVED)
    yield served
    served.stop()


def come_in(person: Person, name: str) -> None:
    person.page.goto(person.served.told["join_url"])
    person.page.get_by_label("Tên gọi trong lớp").fill(name)
    person.press("Vào lớp")
    person.page.wait_for_url("**/ve-toi")


def test_a_phone_tells_what_it_likes_and_deletes_it_again(watched: Watched, asking: ServedClass) -> None:
    person = Person(watched.page(asking.origin, **PHONE), asking)
    come_in(person, "Bác Năm")
    page = person.page
    expect(page.locator("input:checked")).to_have_count(0)
    expect(page.get_by_label("Tôi dưới 16 tuổi")).to_be_hidden()
    assert (violations(page), page.evaluate(CUT), page.evaluate(SMALL_TARGETS), page.evaluate(SMALL_TEXT)) == (
        [],
        [],
        [],
        [],
    )
    person.touch(page.get_by_text("60 đến 74"))
    person.touch(page.get_by_text("Nữ", exact=True))
    person.press("Lưu câu trả lời")
    expect(page.get_by_role("alert")).to_contain_text("đánh dấu")
    expect(page.get_by_label("60 đến 74")).to_be_checked()
    person.touch(page.get_by_text("Xem các nhóm"))
    person.touch(page.get_by_text("Nông dân"))
    person.touch(page.get_by_label("Tôi đồng ý để lớp giữ"))
    person.press("Lưu câu trả lời")
    page.wait_for_url("**/lop?da-ke=1")
    expect(page.get_by_role("status")).to_contain_text("Đã lưu. Cảm ơn bác.")
    person.open_quiz("thu-suc-ngan")
    with Store.read_only(asking.data) as store:
        (row,) = learner_rows(store)
    assert (row["province"], row["commune"], row["region"]) == ("25", "01234", "rural")
    assert (row["age_band"], row["sex"], row["audience"], row["device"]) == ("60_74", "female", "farmers", "phone")
    page.goto(f"{asking.origin}/ve-toi")
    expect(page.get_by_role("region", name="Lớp đang giữ")).to_contain_text("60 đến 74")
    person.press("Xóa những điều tôi đã kể")
    expect(page.get_by_role("status")).to_contain_text("Đã xóa")
    with Store.read_only(asking.data) as store:
        assert next(learner_rows(store))["age_band"] is None


def test_with_a_keyboard_and_for_the_young(watched: Watched, asking: ServedClass) -> None:
    person = Person(watched.page(asking.origin, viewport={"width": 1280, "height": 800}, locale="vi-VN"), asking)
    come_in(person, "Tí")
    page = person.page
    page.get_by_label("Dưới 15").focus()
    page.keyboard.press("Space")
    guardian = page.get_by_label("Tôi dưới 16 tuổi")
    expect(guardian).to_be_visible()
    page.keyboard.press("ArrowDown")  # 15 to 24
    expect(guardian).to_be_hidden()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")  # one stop for each question
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Tôi đồng ý để lớp giữ")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(guardian).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lop?da-ke=1")
    come_in(person, "Hoa")
    page.get_by_role("link", name="Bỏ qua").first.press("Enter")
    page.wait_for_url("**/lop")


@pytest.mark.parametrize("letters", [1, 3])
def test_both_pages_fit_in_the_dark_with_large_letters(watched: Watched, asking: ServedClass, letters: int) -> None:
    person = Person(watched.page(asking.origin, **{**PHONE, "viewport": {"width": 320, "height": 568}}), asking)
    set_up(person.page, letters=letters, contrast="normal", theme="dark")
    come_in(person, f"Bà {letters}")
    assert (violations(person.page), person.page.evaluate(CUT)) == ([], [])
    person.page.goto(asking.told["teacher_url"])
    person.page.goto(f"{asking.origin}/gv/noi-hoc")
    expect(person.page.get_by_label("Xã, phường hoặc đặc khu")).to_have_value("01234 Xã Mẫu")
    assert (violations(person.page), person.page.evaluate(CUT)) == ([], [])
