"""A few real browsers among the simulated learners: the teacher's board then shows what true phones bring about.

playwright is no part of bdhvs; where it or a Chromium is missing, `BrowserPhones.start` says so and the rehearsal goes on.
"""

from __future__ import annotations

import logging
import os
import random
import re
import shutil
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from bdhvs.rehearsal.answers import TYPED
from bdhvs.rehearsal.child import ServedClass
from bdhvs.rehearsal.people import names
from bdhvs.rehearsal.person import Happening, Pace, RehearsalOver, Tell

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

log = logging.getLogger("bdhvs.rehearsal")
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True, "locale": "vi-VN"}
THINK_S = (6.0, 20.0)
START_S = 60.0  # Chromium from a cold disk
ENDING_S = 10.0
TAP_MS = 5_000  # what cannot be tapped by then is not there any more
SKIPS, ASKS = 0.1, 0.1

Lacking = Literal["playwright", "chromium"]


class BrowserPhones:
    """Headless phones in a running class; all in one thread, since a browser belongs to the thread that opened it."""

    def __init__(self, room: ServedClass, phones: int, speed: float) -> None:
        self._room = room
        self._over = threading.Event()
        self._pace = Pace(speed, self._over)
        self._chance = random.Random()
        self._names = names(phones, self._chance)
        self._lacking: Lacking | None = None
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, tell: Tell) -> Lacking | None:
        """Open the phones; None, or what is lacking for that."""
        self._thread = threading.Thread(target=self._run, args=(tell,), daemon=True)
        self._thread.start()
        self._ready.wait(START_S)
        return self._lacking

    @property
    def is_busy(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def stop(self) -> None:
        """Close the phones."""
        self._over.set()
        if self._thread:
            self._thread.join(ENDING_S)

    def _run(self, tell: Tell) -> None:
        try:
            from playwright.sync_api import Error, sync_playwright
        except ImportError:
            self._lack("playwright")
            return
        try:
            with sync_playwright() as playwright:
                try:
                    browser = playwright.chromium.launch(executable_path=find_chromium(), args=_arguments())
                except Error:
                    self._lack("chromium")
                    return
                self._ready.set()
                self._take_part(browser, tell)
        except RehearsalOver:
            pass
        except Error as error:
            if not self._over.is_set():
                log.warning("the browsers of the rehearsal stopped: %s", error)

    def _lack(self, what: Lacking) -> None:
        self._lacking = what
        self._ready.set()

    def _take_part(self, browser: Browser, tell: Tell) -> None:
        people = [_Person(browser.new_context(**PHONE).new_page(), name, self._chance, tell) for name in self._names]
        for person in people:
            person.join(self._room.told["code"], f"http://{self._room.host}:{self._room.port}")
        while not all(person.is_done for person in people):
            self._pace.think(self._chance.uniform(*THINK_S) / len(people))
            waiting = [person for person in people if not person.is_done]
            self._chance.choice(waiting).act()
        self._over.wait()  # they stay in the class, as phones do, until it ends


class _Person:
    """Somebody before a page; `act` does the next thing that the page invites to."""

    def __init__(self, page: Page, name: str, chance: random.Random, tell: Tell) -> None:
        page.set_default_timeout(TAP_MS)
        self._page = page
        self._name = name
        self._chance = chance
        self._tell = tell
        self._quizzes: list[str] = []
        self.is_done = False

    def join(self, code: str, origin: str) -> None:
        self._page.goto(f"{origin}/j/{code}")
        self._page.locator("input[name=name]").fill(self._name)
        self._page.locator("form.join button[type=submit]").tap()
        self._page.wait_for_url("**/lop")
        hrefs = self._page.locator("a[href^='/kiem-tra/']").all()
        self._quizzes = [f"{origin}{one.get_attribute('href')}" for one in hrefs]
        self._tell(Happening(self._name, "joined"))
        self._open_next()

    def act(self) -> None:
        from playwright.sync_api import Error

        try:
            self._act()
        except Error as error:  # the teacher moved on, or the page was being drawn anew: look again next time
            log.info("a tap of %s went nowhere: %s", self._name, error)

    def _act(self) -> None:
        page = self._page
        if page.locator(".bd-result").is_visible():
            self._tell(Happening(self._name, "finished"))
            self._open_next()
            return
        item = page.locator("fieldset.bd-item")
        if item.is_visible() and item.locator("input:enabled, button.bd-step:enabled").count():
            number = self._number()
            if self._chance.random() < SKIPS and self._tapped("skip"):
                self._tell(Happening(self._name, "skipped", number))
                return
            if self._chance.random() < ASKS and self._tapped("hand"):
                self._tell(Happening(self._name, "asked", number))
                return
            self._choose(item)
            if self._tapped("main"):
                self._tell(Happening(self._name, "answered", number))
            return
        self._tapped("main")

    def _number(self) -> int:
        """Which question is on the screen, as the screen says it; 0 when it does not."""
        found = re.search(r"\d+", self._page.locator(".bd-count").inner_text())
        return int(found[0]) if found else 0

    def _open_next(self) -> None:
        if self._quizzes:
            self._page.goto(self._quizzes.pop(0))
        else:
            self.is_done = True

    def _tapped(self, name: str) -> bool:
        """Tap the button of this name, if it is there and takes a tap."""
        button = self._page.locator(f".bd-actions [data-name={name}]:not([aria-disabled=true])")
        if not button.is_visible():
            return False
        button.tap()
        return True

    def _choose(self, item: Locator) -> None:
        for row in item.locator("details.bd-row").all():
            if row.get_attribute("open") is None:
                row.locator("summary").tap()
            self._tap_one(row)
        for step in item.locator("button.bd-step").all():
            step.tap()
        if field := item.locator("input[type=text]").all():
            number = field[0].get_attribute("inputmode") == "decimal"
            field[0].fill(str(self._chance.randint(1, 99)) if number else self._chance.choice(TYPED))
        elif not item.locator("details.bd-row, button.bd-step").count():
            self._tap_one(item)

    def _tap_one(self, place: Locator) -> None:
        self._chance.choice(place.locator("label.bd-card-option").all()).tap()


def find_chromium() -> Path | None:
    """The browser named in ``CHROMIUM``, else one on the path; None: playwright's own, if it has one."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    return Path(found) if found else None


def _arguments() -> list[str]:
    # Chromium refuses to run as root with its sandbox; a teacher is not root, a container often is.
    is_root = sys.platform != "win32" and os.geteuid() == 0
    return ["--disable-gpu", "--no-first-run", *(["--no-sandbox"] if is_root else [])]
