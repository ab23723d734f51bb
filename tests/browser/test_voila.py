"""Notebooks as pages of a real Voilà: our template, and the quiz over the comm of a real kernel."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page

pytest.importorskip("voila")
pytestmark = pytest.mark.browser

CHECKOUT = Path(__file__).parents[2]
LESSON = CHECKOUT / "notebooks" / "hoc-vien" / "an-toan-truoc-lua-dao-otp.ipynb"
START_S, PATIENCE_MS = 60, 60_000
PHONE = {"width": 360, "height": 640}


@contextmanager
def voila(notebook: Path, home: Path) -> Iterator[str]:
    """A Voilà that serves a notebook (or a folder) on loopback with our template; its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = {**os.environ, "JUPYTER_PATH": str(CHECKOUT / "bdhvs" / "share" / "jupyter"), "XDG_DATA_HOME": str(home)}
    command = [sys.executable, "-m", "voila", "--template=bdhvs", "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"]
    with (home / "voila.log").open("wb") as log:
        process = subprocess.Popen([*command, str(notebook)], env=env, stdout=log, stderr=log)
    try:
        _wait_for(port, process, home / "voila.log")
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/voila/static/voila.js"):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(log.read_text("utf-8")[-2000:])


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with voila(LESSON, tmp_path_factory.mktemp("home")) as one:
        yield one


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[[str], Page]]:
    """Open an address on a phone of 360 px and wait for the first question."""
    context = chromium.new_context(viewport=PHONE, locale="vi-VN")  # type: ignore[arg-type]

    def open_page(url: str) -> Page:
        page = context.new_page()
        page.goto(url, wait_until="commit")
        return page

    yield open_page
    context.close()


def first_question(page: Page) -> Locator:
    page.wait_for_selector("fieldset", timeout=PATIENCE_MS)
    return page.locator("fieldset").first


def test_the_page_waits_calmly_then_shows_the_lesson_and_asks_no_other_server(
    visit: Callable[[str], Page], address: str
) -> None:
    page = visit("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address, wait_until="commit")
    assert "Đang mở bài" in page.locator("#loading").inner_text()
    first_question(page)
    assert page.locator("#loading").count() == 0
    assert page.evaluate("document.documentElement.lang") == "vi"
    assert page.title() == "An toàn trước lừa đảo lấy mã OTP"
    assert page.locator("main").count() == page.locator("h1").count() == 1
    assert "import bdhvs" not in page.locator("body").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    own = (address, address.replace("http", "ws", 1), "data:", "blob:", "about:")
    assert [url for url in asked if not url.startswith(own)] == []


def test_an_answer_is_saved_and_judged_over_the_comm(visit: Callable[[str], Page], address: str) -> None:
    page = visit(address)
    question = first_question(page)
    assert page.locator("fieldset").count() == 2, "two quizzes in one notebook"
    question.locator("label").first.click()
    page.get_by_role("button", name="Trả lời").first.click()
    page.get_by_text("Đã lưu").first.wait_for(timeout=PATIENCE_MS)
    page.get_by_text(re.compile("^(Đúng|Chưa đúng)")).first.wait_for(timeout=PATIENCE_MS)


def test_a_reload_is_a_new_kernel_and_a_working_quiz(visit: Callable[[str], Page], address: str) -> None:
    page = visit(address)
    first_question(page)
    page.reload(wait_until="commit")
    first_question(page).locator("label").first.click()
    page.get_by_role("button", name="Trả lời").first.click()
    page.get_by_text("Đã lưu").first.wait_for(timeout=PATIENCE_MS)


def notebook_of(cells: list[str], path: Path) -> Path:
    about = {"bdhvs": {"title": "Thử", "lang": "vi"}, "kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(metadata=about, cells=[nbformat.v4.new_code_cell(one) for one in cells]), path)
    return path


def answer_something(view: Locator) -> str:
    """Give any complete answer to the question shown; its kind, as the screen shows it."""
    question = view.locator("fieldset").first
    if question.locator("details").count():
        for row in question.locator("details").all():
            if row.get_attribute("open") is None:
                row.locator("summary").click()
            row.locator("label").first.click()
        return "matching"
    if question.locator("button.bd-step").count():
        for step in question.locator("button.bd-step").all():
            step.click()
        return "ordering"
    if question.locator(".bd-options input[type=radio]").count():
        question.locator(".bd-options label").first.click()
        return "single_choice"
    if question.locator(".bd-options input[type=checkbox]").count():
        question.locator(".bd-options label").first.click()
        return "multiple_choice"
    field = question.locator("input").first
    field.fill("12")
    return "numeric" if field.get_attribute("inputmode") in ("decimal", "numeric") else "short_text"


def test_a_whole_form_of_all_kinds_is_answered_in_one_of_two_views(
    visit: Callable[[str], Page], tmp_path: Path
) -> None:
    cells = ["import bdhvs\nw = bdhvs.quiz('thu-suc')\nw", "w"]
    with voila(notebook_of(cells, tmp_path / "thu.ipynb"), tmp_path) as address:
        page = visit(address)
        first_question(page)
        views = page.locator(".jp-OutputArea-output")
        assert views.count() == 2
        view = views.first
        kinds = set()
        for number in range(1, 25):
            view.get_by_text(f"Câu {number}/24").wait_for(timeout=PATIENCE_MS)
            kinds.add(answer_something(view))
            view.get_by_role("button", name="Trả lời").click()
        assert kinds == {"single_choice", "multiple_choice", "numeric", "short_text", "ordering", "matching"}
        page.get_by_role("button", name="Nộp bài").first.click()
        page.get_by_text(re.compile("VNeID")).first.wait_for(timeout=PATIENCE_MS)


def test_a_cell_that_fails_is_said_calmly_and_shows_no_traceback(visit: Callable[[str], Page], tmp_path: Path) -> None:
    cells = ["print('trước')", "import warnings\nwarnings.warn('bí mật một')\nraise RuntimeError('bí mật hai')", "'sau'"]
    with voila(notebook_of(cells, tmp_path / "loi.ipynb"), tmp_path) as address:
        page = visit(address)
        page.get_by_role("alert").wait_for(timeout=PATIENCE_MS)
        text = page.content()
        assert page.get_by_text("trước", exact=True).is_visible(), "what was printed is shown"
        assert page.get_by_text("sau").count() == 0
        assert "chưa mở được" in page.get_by_role("alert").inner_text()
        for sign in ("bí mật", "Traceback", "RuntimeError", "show_tracebacks"):
            assert sign not in text


def test_a_page_that_is_not_there_is_said_in_vietnamese(visit: Callable[[str], Page], tmp_path: Path) -> None:
    (tmp_path / "bai").mkdir()
    with voila(tmp_path / "bai", tmp_path) as address:
        page = visit("about:blank")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}voila/render/khong-co.ipynb")
        assert "Chưa mở được trang này" in page.locator("main").inner_text()
        page.goto(address)
        assert all(url.startswith((address, "data:", "about:")) for url in asked), asked
