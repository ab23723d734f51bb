"""What a phone loads, and how long a person waits, from the link on the board to the first question on the screen.

    python benchmarks/page_weight.py                # headless Chromium, 360 × 640; CHROMIUM names another one

Bytes are those on the wire, compressed, with the headers of the responses. Seconds are the sum of the waits: link → join
page, "join" → list of lessons, tap → first question; typing is not counted. A phone is as slow as Chromium can pretend
(CPU 4 times slower) on three networks: none (loopback), *fast 3G* as Lighthouse's "slow 4G" (1.6 Mbit/s down, 750 kbit/s
up, 150 ms) and *slow 3G* (400 kbit/s both ways, 400 ms). Beside it the same questions from plain Voilà (``voila_quiz.ipynb``):
one page, until the first radio button is there. Websockets are not slowed by the browser, which favours Voilà.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from join import calm
from machine import say, tell
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from running import HOST, RunningClass, data_folder, running_class
from voila_peer import running_voila

FORM = "thu-suc-ngan"
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 640}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # a village without internet: nothing leaves this machine
]
PATIENCE_MS = 300_000


@dataclass(frozen=True)
class Network:
    """Speeds in kbit/s, round trip in ms; all None: as it is."""

    name: str
    down: int | None = None
    up: int | None = None
    round_trip_ms: int = 0
    cpu_slowdown: int = 1


NETWORKS = (
    Network("loopback"),
    Network("fast_3g", 1600, 750, 150, 4),
    Network("slow_3g", 400, 400, 400, 4),
)


@dataclass
class Visit:
    """Requests, bytes and seconds of each step; addresses outside the server are an error."""

    server: str
    steps: dict[str, dict[str, float]] = field(default_factory=dict)
    outside: list[str] = field(default_factory=list)
    _requests: int = 0
    _bytes: float = 0

    def watch(self, session: CDPSession) -> None:
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def _sent(self, event: dict[str, Any]) -> None:
        address = event["request"]["url"]
        if not address.startswith(("data:", "blob:")) and not address.startswith(self.server):
            self.outside.append(address)

    def _finished(self, event: dict[str, Any]) -> None:
        self._bytes += event["encodedDataLength"]
        self._requests += event["encodedDataLength"] > 0  # what the browser has kept costs nothing

    def step(self, name: str, page: Page, act: Callable[[], Any], seen: str) -> None:
        """Do something and wait until `seen` is on the screen."""
        requests, size, begin = self._requests, self._bytes, time.perf_counter()
        act()
        page.locator(seen).first.wait_for(timeout=PATIENCE_MS)
        took = time.perf_counter() - begin
        page.wait_for_load_state("load", timeout=PATIENCE_MS)
        page.wait_for_timeout(300)  # what comes after (an icon) is counted as bytes, not as waiting
        self.steps[name] = {"requests": self._requests - requests, "bytes": self._bytes - size, "seconds": round(took, 3)}

    def total(self) -> dict[str, Any]:
        sums = {key: sum(step[key] for step in self.steps.values()) for key in ("requests", "bytes", "seconds")}
        return {**sums, "seconds": round(sums["seconds"], 3), "outside_the_server": len(self.outside), "steps": self.steps}


@contextmanager
def phone(browser: Browser, server: str, network: Network) -> Any:
    """A phone that was never here, and the record of its visit."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    session = context.new_cdp_session(page)
    visit = Visit(server)
    visit.watch(session)
    if network.down is not None and network.up is not None:
        speed = {"downloadThroughput": network.down * 125, "uploadThroughput": network.up * 125}
        session.send("Network.emulateNetworkConditions", {"offline": False, "latency": network.round_trip_ms, **speed})
    session.send("Emulation.setCPUThrottlingRate", {"rate": network.cpu_slowdown})
    try:
        yield page, visit
    finally:
        context.close()


def visit_class(browser: Browser, room: RunningClass, network: Network) -> dict[str, Any]:
    server = f"http://{HOST}:{room.port}"
    with phone(browser, server, network) as (page, visit):
        visit.step("join_page", page, lambda: page.goto(f"{server}/j/{room.code}", wait_until="commit"), "#name")
        page.fill("#name", "Cô Năm")
        visit.step("list_of_lessons", page, page.locator("form button.primary").click, f'a[href="/kiem-tra/{FORM}"]')
        first = "fieldset input, fieldset button"
        visit.step("first_question", page, page.locator(f'a[href="/kiem-tra/{FORM}"]').click, first)
        if visit.outside:
            raise RuntimeError(f"requests left the server: {visit.outside[:5]}")
        total: dict[str, Any] = visit.total()
        return total


def visit_voila(browser: Browser, port: int, network: Network) -> dict[str, Any]:
    server = f"http://{HOST}:{port}"
    with phone(browser, server, network) as (page, visit):
        visit.step("page", page, lambda: page.goto(f"{server}/", wait_until="commit", timeout=PATIENCE_MS), ".widget-radio-box input")
        total: dict[str, Any] = visit.total()
        return total | {"outside": sorted({address.split("/")[2] for address in visit.outside})}


def middle(visits: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The visit whose waiting was in the middle, with all waits beside it."""
    waits = [one["seconds"] for one in visits]
    chosen = min(visits, key=lambda one: abs(one["seconds"] - statistics.median(waits)))
    return {**chosen, "all_seconds": waits}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--voila-rounds", type=int, default=3)
    parser.add_argument("--disk", type=Path, default=None, help="folder on the disk to be measured")
    options = parser.parse_args()
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        parser.error("no Chromium found; name it in the environment variable CHROMIUM")
    figures: dict[str, Any] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        with data_folder(options.disk) as folder, running_class(folder / "data") as room:
            calm(room.process.pid)
            for network in NETWORKS:
                visits = [visit_class(browser, room, network) for _ in range(options.rounds)]
                figures.setdefault("class_server", {})[network.name] = middle(visits)
                say(f"class server, {network.name}: {figures['class_server'][network.name]}")
        if options.voila_rounds:
            with running_voila() as voila:
                for network in NETWORKS:
                    visits = [visit_voila(browser, voila.port, network) for _ in range(options.voila_rounds)]
                    figures.setdefault("voila", {})[network.name] = middle(visits)
                    say(f"Voilà, {network.name}: {figures['voila'][network.name]}")
        version = browser.version
        browser.close()
    shown = {network.name: vars(network) for network in NETWORKS}
    tell("page_weight", {"rounds": options.rounds, "chromium": version, "form": FORM, "networks": shown}, figures)


if __name__ == "__main__":
    main()
