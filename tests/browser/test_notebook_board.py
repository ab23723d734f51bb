"""The board in a notebook of a real Voilà: the same board, fed by the kernel from a class that the page cannot know."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.driver import ServedClass
from tests.browser.test_board import open_pages, seat
from tests.browser.test_voila import notebook_of, voila

pytest.importorskip("voila")
pytestmark = pytest.mark.browser

SOON_MS = 60_000


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedClass]:
    one = ServedClass(tmp_path_factory.mktemp("class"))
    yield one
    one.stop()


@pytest.fixture(scope="module")
def address(served: ServedClass, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("home")
    cells = [f"import bdhvs\nboard = bdhvs.board({str(served.data)!r})\nboard", "board"]
    with voila(notebook_of(cells, home / "bang.ipynb"), home) as one:
        yield one


def board_page(chromium: Browser, address: str, asked: list[str]) -> Page:
    page = chromium.new_context(viewport={"width": 1000, "height": 900}, locale="vi-VN").new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    expect(page.locator(".board .grid tbody tr").first).to_be_visible(timeout=SOON_MS)
    return page


def test_the_board_lives_in_two_cells_follows_the_class_and_asks_no_port_of_it(
    chromium: Browser, served: ServedClass, address: str
) -> None:
    asked: list[str] = []
    learners = seat(served, 9)
    try:
        with open_pages(learners):
            page = board_page(chromium, address, asked)
            boards = page.locator(".board")
            expect(boards).to_have_count(2)
            first, second = boards.nth(0), boards.nth(1)
            expect(first.locator(".grid tbody tr")).to_have_count(9)
            assert first.locator(".grid tbody tr th").first.inner_text() == "Người học 3", "who calls for help comes first"

            first.get_by_role("button", name="Ẩn tên").click()
            expect(first.locator(".grid tbody tr th").first).not_to_contain_text("Người học 3")
            expect(second.locator(".grid tbody tr th").first).to_contain_text("Người học 3")

            heading = first.locator(".grid thead button").first
            heading.focus()
            page.keyboard.press("Enter")
            details = first.locator(".board-details")
            expect(details.locator("h3")).to_be_focused()
            expect(details.locator(".is-key")).to_have_count(0)
            details.get_by_role("button", name="Hiện đáp án").focus()
            page.keyboard.press("Enter")
            expect(details.locator(".is-key")).to_have_count(1)
            expect(details.get_by_role("button", name="Hiện đáp án")).to_be_focused()
            expect(second.locator(".board-details h3")).to_have_count(0)

            answered = second.locator(".grid tfoot td").nth(9)
            before = int(answered.inner_text())
            opened = learners[0].open("thu-suc")
            for item in opened["items"][1:9]:
                learners[0].answer(item)
            expect(answered).to_have_text(str(before + 1), timeout=SOON_MS)
            assert page.evaluate("document.documentElement.scrollWidth") <= 1000, "the grid scrolls within its cell"
            assert not [url for url in asked if url.startswith(served.origin)]
            assert served.told["teacher_url"].rsplit("/", 1)[1] not in page.content()
            page.context.close()
    finally:
        for one in learners:
            one.close()


def test_a_class_that_stops_is_said_and_one_that_comes_back_is_shown(
    chromium: Browser, served: ServedClass, address: str
) -> None:
    page = board_page(chromium, address, [])
    served.stop()
    trouble = page.locator(".board .problem[role=status]").first
    expect(trouble).to_contain_text("tự thử lại", timeout=SOON_MS)
    served.start()
    expect(trouble).to_be_hidden(timeout=SOON_MS)
    page.context.close()
