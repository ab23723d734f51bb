"""The programming lesson in a real browser on a phone: run, read the hint, repair, pass; stop; the waiting page; a dead Voilà."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Browser, Page, expect

from bdhvs.bank.paths import find_content
from tests.browser.conftest import chromium  # noqa: F401  # a fixture
from tests.live.conftest import LiveRoom, content

pytestmark = pytest.mark.browser
LESSON = "chuong-trinh-dau-tien"
PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def room(live_extra: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveRoom]:
    folder = tmp_path_factory.mktemp("live")
    lessons = content(folder)
    (lessons / f"{LESSON}.ipynb").symlink_to((find_content().notebooks / "hoc-vien" / f"{LESSON}.ipynb").resolve())
    one = LiveRoom(folder, "--live-ready", "2")
    yield one
    one.stop()


@pytest.fixture
def phone(chromium: Browser, room: LiveRoom, request: pytest.FixtureRequest) -> Iterator[Page]:  # noqa: F811
    context = chromium.new_context(viewport={"width": 360, "height": 640}, locale="vi-VN", has_touch=True, is_mobile=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    strange: list[str] = []
    page.on("request", lambda one: one.url.startswith((room.base, "data:", "blob:")) or strange.append(one.url))
    page.goto(f"{room.base}/j/{room.code}")
    page.fill("input[name=name]", request.node.name[:30])
    page.click("main button[type=submit]")
    page.click(f"a[href='/song/{LESSON}']")
    expect(page.locator(".bdhvs-exercise")).to_have_count(3, timeout=PATIENCE_MS)
    yield page
    assert strange == []  # nothing was asked from outside of the class
    context.close()


def exercise(page: Page, number: int):  # type: ignore[no-untyped-def]
    return page.locator(".bdhvs-exercise").nth(number)


def test_run_read_the_hint_repair_pass(phone: Page) -> None:
    one = exercise(phone, 1)
    one.locator(".run").tap()
    expect(one.locator(".hint")).to_contain_text("cộng thêm 1", timeout=PATIENCE_MS)
    expect(one.locator(".output")).to_contain_text("{'An': 1, 'Bình': 1, 'Chi': 1}")
    area = one.locator("textarea")
    area.fill(area.input_value().replace("dem[ten] = 1", "dem[ten] = dem.get(ten, 0) + 1"))
    one.locator(".run").tap()
    expect(one.locator(".said.right")).to_be_visible(timeout=PATIENCE_MS)
    expect(one.locator("li .reached")).to_have_count(2)
    expect(one.locator(".hint")).to_be_empty()


def test_an_error_is_said_in_words_with_its_line(phone: Page) -> None:
    one = exercise(phone, 0)
    one.locator("textarea").fill('print("Chào lớp 8A")\nso_phieu = so_phiu + 7')
    one.locator(".run").tap()
    expect(one.locator(".said.wrong")).to_contain_text("2", timeout=PATIENCE_MS)
    expect(one.locator(".said.wrong")).to_contain_text("NameError")


def test_a_runaway_loop_can_be_stopped_and_its_text_survives_a_reload(phone: Page) -> None:
    one = exercise(phone, 0)
    one.locator("textarea").fill("while True:\n    pass")
    one.locator(".run").tap()
    stop = one.locator(".doing button").nth(1)
    expect(stop).to_be_visible()
    stop.tap()
    expect(one.locator(".run")).to_be_visible(timeout=PATIENCE_MS)
    phone.reload()
    expect(exercise(phone, 0).locator("textarea")).to_have_value("while True:\n    pass", timeout=PATIENCE_MS)


def test_it_fits_a_phone_and_can_be_done_by_keyboard(phone: Page) -> None:
    assert phone.evaluate("document.scrollingElement.scrollWidth") <= 360
    small = phone.evaluate(
        "[...document.querySelectorAll('.bdhvs-exercise button, .bdhvs-bar a')].filter(b => b.offsetParent)"
        ".filter(b => b.getBoundingClientRect().height < 48 || b.getBoundingClientRect().width < 48).length"
    )
    assert small == 0
    area = exercise(phone, 0).locator("textarea")
    area.fill("")
    area.press_sequentially("for i in range(3):")
    area.press("Enter")
    area.press_sequentially("x = i")
    assert area.input_value() == "for i in range(3):\n    x = i"
    area.press("Escape")
    area.press("Tab")
    assert not area.evaluate("one => one === document.activeElement")


def test_no_expected_value_and_no_solution_is_in_what_was_sent(phone: Page) -> None:
    assert "dem.get(ten, 0) + 1\\n" not in phone.content()
    states = phone.evaluate("fetch(location.href).then(r => r.text())")
    assert "solution" not in states
    assert "expected" not in states


def test_when_voila_dies_the_page_comes_back_with_what_was_typed(phone: Page, room: LiveRoom) -> None:
    one = exercise(phone, 2)
    one.locator("textarea").fill("# của em\nx = 1")
    (voila,) = room.voila()
    os.kill(voila, signal.SIGKILL)
    phone.wait_for_event("load", timeout=PATIENCE_MS)
    expect(phone.locator(".bdhvs-exercise")).to_have_count(3, timeout=PATIENCE_MS)
    again = exercise(phone, 2)
    expect(again.locator("textarea")).to_have_value("# của em\nx = 1")
    again.locator(".run").tap()
    expect(again.locator(".output")).not_to_be_empty(timeout=PATIENCE_MS)
    assert room.voila() != [voila]
    assert Path(f"/proc/{voila}").exists() is False
