"""A real browser for the tests in this folder; all of them carry the marker ``browser``."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from bdhvs.bank.loader import Bank
from bdhvs.bank.paths import find_content
from bdhvs.server.lessons import LessonShelf, read_lessons
from tests.browser.driver import PHONE, Person, ServedClass

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
LESSONS_S = 600  # how long a worker waits for the one that makes the lessons; less than a minute, unless others use the machine


@pytest.fixture(scope="module")  # not session: its event loop would stand in the way of every async test after it
def chromium() -> Iterator[Browser]:
    """A headless Chromium: the one named in ``CHROMIUM``, else the one on the path."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        pytest.skip("no Chromium: install it, or name it in the environment variable CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lesson_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lessons as pages, made once for all workers. A class finds them in its folder."""
    base = tmp_path_factory.getbasetemp()
    home = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "lessons"
    ready, until = home / "ready", time.monotonic() + LESSONS_S
    try:
        home.mkdir()
    except FileExistsError:  # another worker makes them
        while not ready.exists():
            assert time.monotonic() < until, "the worker that makes the lessons did not come to an end"
            time.sleep(0.1)
    else:
        content = find_content()
        lessons = tuple(read_lessons(content.notebooks / "hoc-vien"))
        shelf = LessonShelf(lessons, home / "cache" / "lessons", Bank.load(content.assessments).version)
        shelf.prepare()
        assert not shelf.unmade()
        ready.touch()
    return home / "cache"


def in_folder(folder: Path, lesson_pages: Path, launcher: str = "") -> ServedClass:
    """A running class in a new folder, with its lessons ready."""
    shutil.copytree(lesson_pages, folder / "data" / "cache")
    return ServedClass(folder, launcher=launcher)


@pytest.fixture
def served(tmp_path: Path, lesson_pages: Path) -> Iterator[ServedClass]:
    """A class of its own for one test."""
    one = in_folder(tmp_path, lesson_pages)
    yield one
    one.stop()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, lesson_pages: Path) -> Iterator[ServedClass]:
    """A class that the tests of a file share: each brings a learner of its own."""
    one = in_folder(tmp_path_factory.mktemp("class"), lesson_pages)
    yield one
    one.stop()


class Watched:
    """Opens pages and notes what no test may see: errors of scripts, what the content policy stopped, requests that leave the class."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.wrong: list[str] = []

    def page(self, origin: str, **options: object) -> Page:
        page = self.browser.new_context(**options).new_page()  # type: ignore[arg-type]
        page.on("pageerror", lambda error: self.wrong.append(f"script error: {error}"))
        page.on("console", self._read)
        page.on("request", lambda one: one.url.startswith((origin, "data:")) or self.wrong.append(f"left the class: {one.url}"))
        return page

    def _read(self, message: ConsoleMessage) -> None:
        # A refusal (403, 404, 503) or an absent network is noted by the browser itself; tests bring them about.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.wrong.append(f"console: {message.text}")


@pytest.fixture
def watched(chromium: Browser) -> Iterator[Watched]:
    one = Watched(chromium)
    yield one
    for context in chromium.contexts:
        context.close()
    assert one.wrong == []


@pytest.fixture
def on_phone(watched: Watched, shared: ServedClass) -> Person:
    """Somebody with a phone, 360 × 640, before the shared class."""
    return Person(watched.page(shared.origin, **PHONE), shared)


@pytest.fixture
def on_laptop(watched: Watched, shared: ServedClass) -> Person:
    """Somebody with a laptop and a keyboard."""
    return Person(watched.page(shared.origin, viewport={"width": 1280, "height": 800}, locale="vi-VN"), shared)
