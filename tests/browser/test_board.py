"""The teacher's board in a real browser: several phones at once, sixty learners, the projector, keyboard and axe."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from playwright.sync_api import Locator, Page, expect

from bdhvs.bank.loader import Bank
from bdhvs.i18n import translator
from tests.browser.conftest import Watched
from tests.browser.driver import PHONE, Person, ServedClass
from tests.browser.knowing import Knowing
from tests.browser.test_accessible import CUT, SMALL_TARGETS, set_up, tab_to, violations
from tests.clients import ApiLearner

pytestmark = pytest.mark.browser
_ = translator("vi")
LAPTOP = {"width": 1280, "height": 800}
SOON_MS = 20_000  # what takes a second on an idle machine


def board_of(watched: Watched, served: ServedClass, width: int = 1280, height: int = 800) -> Page:
    page = watched.page(served.origin, viewport={"width": width, "height": height}, locale="vi-VN")
    page.goto(served.told["teacher_url"])
    expect(page.locator(".board .grid tbody tr").first).to_be_visible(timeout=SOON_MS)
    return page


def row_of(page: Page, name: str) -> Locator:
    return page.locator(".grid tbody tr").filter(has=page.locator("th", has_text=re.compile(f"^{name}$")))


def phone(watched: Watched, served: ServedClass, name: str) -> Knowing:
    one = Knowing(watched.page(served.origin, **PHONE), served, Bank.load())
    one.join(name)
    return one


@contextmanager
def open_pages(learners: list[ApiLearner]) -> Iterator[None]:
    """A page's stream for each learner, as long as the block runs."""
    with ExitStack() as stack:
        for one in learners:
            url = one._http.base_url
            line = stack.enter_context(socket.create_connection((url.host, url.port)))
            cookie = one._http.cookies["bdhvs_hv"]
            line.sendall(f"GET /api/o-day HTTP/1.1\r\nhost: {url.host}\r\ncookie: bdhvs_hv={cookie}\r\n\r\n".encode())
            while b"hello" not in line.recv(4096):
                pass
        yield


def seat(served: ServedClass, count: int, form: str = "thu-suc") -> list[ApiLearner]:
    """Learners through HTTP who have answered more and more items; every ninth calls for help."""
    learners = []
    for number in range(1, count + 1):
        one = ApiLearner(served.origin)
        one.join(served.told["code"], f"Người học {number}")
        opened = one.open(form)
        for item in opened["items"][: number % 9]:
            one.answer(item)
        if number % 9 == 3:
            one.act("ask_help", item=opened["items"][5]["id"])
        learners.append(one)
    return learners


def test_several_phones_work_and_the_board_follows(watched: Watched, served: ServedClass) -> None:
    mo, nam = phone(watched, served, "Chị Mơ"), phone(watched, served, "Bác Năm")
    teacher = board_of(watched, served)
    for one in (mo, nam):
        one.open_quiz("lam-quen")
    expect(row_of(teacher, "Chị Mơ").locator(".s-thinking")).to_have_count(1, timeout=SOON_MS)
    mo.judged(right=True)
    expect(row_of(teacher, "Chị Mơ").locator(".s-right")).to_have_count(1, timeout=SOON_MS)
    nam.judged(right=False)
    expect(row_of(teacher, "Bác Năm").locator(".s-wrong")).to_have_count(1, timeout=SOON_MS)
    assert _("Not yet right") in row_of(teacher, "Bác Năm").locator(".s-wrong").inner_text()
    nam.press("Thử lại")
    nam.press("Cần giúp")
    expect(teacher.locator(".board-calls li")).to_contain_text("Bác Năm", timeout=SOON_MS)
    expect(teacher.locator(".board-calls li")).to_contain_text("Làm quen với điện thoại · Câu 1")
    expect(teacher.locator(".grid tbody th").first).to_have_text("Bác Năm")
    expect(teacher.locator(".board [role=status].heard")).to_contain_text("Bác Năm")
    nam.judged(right=True)
    expect(teacher.locator(".board-calls")).to_be_hidden(timeout=SOON_MS)
    expect(teacher.locator(".grid tbody th").first).to_have_text("Chị Mơ")
    mo.page.close()
    expect(row_of(teacher, "Chị Mơ")).to_contain_text(_("Lost the connection"), timeout=SOON_MS)
    expect(row_of(teacher, "Bác Năm")).not_to_contain_text(_("Lost the connection"))


def test_hidden_names_are_nowhere_in_the_page(watched: Watched, served: ServedClass) -> None:
    phone(watched, served, "Bác Năm")
    teacher = board_of(watched, served)
    expect(row_of(teacher, "Bác Năm")).to_be_visible()
    button = teacher.get_by_role("button", name=_("Hide names"))
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(teacher.locator(".grid tbody th").first).to_have_text(_("Person {n}").format(n=1), timeout=SOON_MS)
    assert "Bác Năm" not in teacher.locator("main").inner_html()
    teacher.reload()
    expect(teacher.locator(".grid tbody th").first).to_have_text(_("Person {n}").format(n=1), timeout=SOON_MS)


def test_the_key_shows_only_after_a_press(watched: Watched, served: ServedClass) -> None:
    nam = phone(watched, served, "Bác Năm")
    nam.open_quiz("thu-suc-ngan")
    item = next(one for one in nam.opened["items"] if one["kind"] == "single_choice")
    teacher = board_of(watched, served)
    number = [one["id"] for one in nam.opened["items"]].index(item["id"])
    while nam.item["id"] != item["id"]:
        nam.answer()
    nam.answer()
    place = list(Bank.load().form("thu-suc-ngan").items).index(item["id"])
    teacher.locator(".grid thead button").nth(place).click()
    details = teacher.locator(".board-details")
    expect(details.locator("h3")).to_be_focused(timeout=SOON_MS)
    expect(details.locator("tbody tr")).to_have_count(len(item["body"]["options"]))
    expect(details.locator(".is-key, .solution")).to_have_count(0)
    details.get_by_role("button", name=_("Show the answer")).click()
    expect(details.locator(".is-key")).to_have_count(1, timeout=SOON_MS)
    expect(details.get_by_role("button", name=_("Show the answer"))).to_be_focused()
    expect(row_of(teacher, "Bác Năm").locator(".s-answered")).to_have_count(number + 1)
    teacher.get_by_role("button", name=_("Show right and wrong")).click()
    expect(row_of(teacher, "Bác Năm").locator(".s-answered")).to_have_count(0, timeout=SOON_MS)


def test_the_board_by_keyboard(watched: Watched, served: ServedClass) -> None:
    phone(watched, served, "Bác Năm")
    teacher = board_of(watched, served, width=700)
    teacher.locator("#board-form").select_option("thu-suc")
    expect(teacher.locator(".grid thead button")).to_have_count(24, timeout=SOON_MS)
    teacher.locator("#board-form").focus()
    tab_to(teacher, ".board-scroll")
    for _press in range(5):
        teacher.keyboard.press("ArrowRight")
    teacher.wait_for_function("() => document.querySelector('.board-scroll').scrollLeft > 20")
    tab_to(teacher, ".grid thead button")
    teacher.keyboard.press("Enter")
    expect(teacher.locator(".board-details h3")).to_be_focused(timeout=SOON_MS)
    tab_to(teacher, ".board-details [data-act=close]")
    teacher.keyboard.press("Enter")
    expect(teacher.locator(".grid thead button").first).to_be_focused()
    expect(teacher.locator(".board-details section")).to_have_count(0)


def test_the_board_without_streams(watched: Watched, served: ServedClass) -> None:
    page = watched.page(served.origin, viewport=LAPTOP)
    page.add_init_script("delete window.EventSource")
    page.goto(served.told["teacher_url"])
    expect(page.locator(".grid tbody td")).to_have_text(_("Nobody has joined yet."), timeout=SOON_MS)
    nam = Person(watched.page(served.origin, **PHONE), served)
    nam.page.add_init_script("delete window.EventSource")
    nam.join("Bác Năm")
    nam.open_quiz("lam-quen")
    expect(row_of(page, "Bác Năm").locator(".s-thinking")).to_have_count(1, timeout=SOON_MS)
    expect(row_of(page, "Bác Năm")).not_to_contain_text(_("Lost the connection"))


def test_the_projector_counts_and_names_nobody(watched: Watched, served: ServedClass) -> None:
    wall = watched.page(served.origin, viewport=LAPTOP)
    wall.goto(served.told["teacher_url"])
    wall.goto(f"{served.origin}/gv/chieu")
    expect(wall.locator("[data-count=in_class]")).to_have_text("0")
    expect(wall.locator(".beam-code")).to_have_text(served.told["code"])
    phone(watched, served, "Bác Năm").open_quiz("lam-quen")
    expect(wall.locator("[data-count=in_class]")).to_have_text("1", timeout=SOON_MS)
    expect(wall.locator("[data-count=opened]")).to_have_text("1", timeout=SOON_MS)
    assert "Bác Năm" not in wall.content()
    assert violations(wall) == []
    assert wall.evaluate("document.scrollingElement.scrollHeight <= innerHeight + 1"), "all of it fits the picture"
    assert wall.evaluate("parseFloat(getComputedStyle(document.querySelector('.beam-code')).fontSize)") >= LAPTOP["width"] / 15


@pytest.mark.parametrize(("count", "theme"), [(5, "light"), (60, "light"), (60, "dark")])
def test_axe_finds_nothing_and_nothing_is_cut(watched: Watched, served: ServedClass, count: int, theme: str) -> None:
    learners = seat(served, count)
    with open_pages(learners[: count * 3 // 4]):
        page = watched.page(served.origin, viewport=LAPTOP, locale="vi-VN")
        set_up(page, letters=1, contrast="normal", theme=theme)
        page.goto(served.told["teacher_url"])
        expect(page.locator(".grid tbody tr")).to_have_count(count, timeout=SOON_MS)
        page.locator(".grid thead button").first.click()
        expect(page.locator(".board-details h3")).to_be_focused(timeout=SOON_MS)
        assert violations(page) == []
        for width, height in ((1280, 800), (820, 1180), (360, 640)):
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate(CUT) == [], width
            assert page.evaluate(SMALL_TARGETS) == [], width
    for one in learners:
        one.close()
