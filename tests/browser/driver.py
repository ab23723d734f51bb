"""A class as a process of its own, and a person before a screen."""

from __future__ import annotations

import json
import random
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

MOST_TURNS = 12  # of a story, whatever is chosen
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 640},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
    "locale": "vi-VN",
}


def _free_port() -> str:
    """A port that is free, by chance and below those that the system hands out for a moment."""
    while True:
        port = random.randint(20_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return str(port)


class ServedClass:
    """``bdhvs serve`` on loopback; can be killed and started again on the same folder and port."""

    def __init__(self, folder: Path, *options: str, launcher: str = "") -> None:
        self.data = folder / "data"
        self._options = options
        self._launcher = launcher
        self._port = _free_port()  # kept over restarts, so not one of those that others try first
        self.start()

    def start(self) -> None:
        program = ["-c", self._launcher] if self._launcher else ["-m", "bdhvs"]
        command = [sys.executable, *program, "serve", str(self.data), "--host", "127.0.0.1", "--json", *self._options]
        command += ["--port", self._port]
        errors = self.data.parent / "server-errors.txt"
        with errors.open("w") as log:
            self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"the class did not start: {errors.read_text()}"
        self.told: dict[str, Any] = json.loads(line)
        self.origin: str = self.told["addresses"][0]

    def kill(self) -> None:
        """Like a power cut."""
        self._process.kill()
        self._end()

    def fall_asleep(self) -> None:
        """Like a laptop whose lid is closed: connections stay, nobody answers."""
        self._process.send_signal(signal.SIGSTOP)

    def wake_up(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        self._process.terminate()
        self._end()

    def _end(self) -> None:
        self._process.wait(timeout=30)
        if self._process.stdout:
            self._process.stdout.close()


class Person:
    """Somebody who joins and works through a quiz, by tapping or clicking."""

    def __init__(self, page: Page, served: ServedClass) -> None:
        self.page = page
        self.served = served

    def join(self, name: str = "Bác Năm") -> None:
        self.page.goto(self.served.told["join_url"])
        self.page.get_by_label("Tên gọi trong lớp").fill(name)
        self.press("Vào lớp")
        self.page.wait_for_url("**/lop")

    def open_quiz(self, form: str) -> None:
        self.page.goto(f"{self.served.origin}/kiem-tra/{form}")
        self.fieldset.wait_for()

    @property
    def fieldset(self) -> Locator:
        return self.page.locator("fieldset.bd-item")

    @property
    def kind(self) -> str:
        classes = (self.fieldset.get_attribute("class") or "").split()
        return next(one.removeprefix("bd-kind-") for one in classes if one.startswith("bd-kind-"))

    @property
    def count(self) -> str:
        return self.page.locator(".bd-count").inner_text()

    def press(self, name: str) -> None:
        self.touch(self.page.get_by_role("button", name=name, exact=True))

    def touch(self, target: Locator) -> None:
        if self.page.evaluate("navigator.maxTouchPoints > 0"):
            target.tap()
        else:
            target.click()

    def choose(self) -> None:
        """Give some answer to whatever kind of item is on the screen."""
        match self.kind:
            case "single_choice" | "self_assessment":
                self.touch(self.fieldset.locator("label.bd-card-option").first)
            case "multiple_choice":
                for option in self.fieldset.locator("label.bd-card-option").all()[:2]:
                    self.touch(option)
            case "numeric":
                self.fieldset.get_by_role("textbox").fill("12")
            case "short_text":
                self.fieldset.get_by_role("textbox").fill("một hai ba")
            case "ordering":
                for step in self.fieldset.locator("button.bd-step").all():
                    self.touch(step)
            case "hotspot":
                self.touch(self.fieldset.locator(".bd-spot").first)
            case "categorise":
                for thing in self.fieldset.locator(".bd-thing").all():
                    self.touch(thing.locator("label.bd-card-option").first)
            case "matching":
                for row in self.fieldset.locator("details.bd-row").all():
                    if row.get_attribute("open") is None:
                        self.touch(row.locator("summary"))
                    self.touch(row.locator("label.bd-card-option").first)
            case "simulation":
                control = self.fieldset.locator("button[data-control]:not(:disabled):visible").first
                self.touch(control)
                for _ in range(MOST_TURNS):  # a story is handed in at its end
                    if not self.fieldset.locator("[data-frame=story]").count() or not control.count():
                        break
                    self.touch(control)

    def hand_in(self) -> None:
        """Press the button that gives the answer, whatever the kind calls it."""
        self.press("Tôi làm xong" if self.kind == "simulation" else "Trả lời")

    def answer(self) -> None:
        """Choose and press; in an assessment the next item comes."""
        before = self.count
        self.choose()
        self.hand_in()
        expect(self.page.locator(".bd-count")).not_to_have_text(before)

    def answer_all(self) -> list[str]:
        """Go through an assessment to its last screen; the kinds met."""
        kinds = []
        while self.fieldset.is_visible():
            kinds.append(self.kind)
            self.choose()
            before = self.count
            self.hand_in()
            self.page.wait_for_function(
                "before => (document.querySelector('.bd-count')?.textContent ?? '') !== before"
                " || !document.querySelector('fieldset.bd-item')",
                arg=before,
            )
        return kinds
