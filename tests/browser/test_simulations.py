"""Every simulation of the bank, played in a real browser: a new one is covered by being there.

Of each: every dangerous act by its shortest way, by touch on a phone; then the shortest right way by touch, by keyboard
alone, and in the plain form, with the same full score; no axe violation and nothing cut on any screen of the way. With
``BDHVS_SCREENSHOTS`` naming a folder, the first and last screen of each are kept there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from bdhvs.bank.loader import Bank
from bdhvs.bank.paths import find_content
from bdhvs.core.items.simulation import Simulation
from bdhvs.core.presenting import arrangement
from bdhvs.core.simulation.machine import State
from bdhvs.core.simulation.search import shortest_way
from bdhvs.core.simulation.words import in_words
from bdhvs.store import EventRow, Store
from tests.browser.conftest import Watched
from tests.browser.driver import PHONE, ServedClass
from tests.browser.knowing import Knowing, facts
from tests.browser.test_accessible import CUT, SMALL_TARGETS, violations
from tests.content import with_forms

pytestmark = pytest.mark.browser

SHIPPED: Final = Bank.load()
#: One with every part there is, beside those of the bank.
EVERY_PART: Final = (Path(__file__).parents[1] / "fixtures" / "may-thu-moi-bo-phan.yaml").read_text("utf-8")
FILES: Final = {
    "items/4.2/may-thu-moi-bo-phan.yaml": EVERY_PART,
    "media/anh-thu.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60"><rect width="60" height="60" fill="#38348a"/></svg>',
}
TRIED: Final = Simulation.model_validate(yaml.safe_load(EVERY_PART))
BANK: Final = replace(SHIPPED, items=MappingProxyType({**SHIPPED.items, TRIED.id: TRIED}))
SIMULATIONS: Final = [item for item in BANK.items.values() if isinstance(item, Simulation)]
DONE: Final = "Tôi làm xong"
MOST_TABS = 80  # more stops than any screen has


def walks(item: Simulation) -> dict[str, list[tuple[Any, ...]]]:
    """Name of a walk → its actions: the shortest way to each dangerous act, and to full points in three manners."""
    dangers = {f"did-{one.id}": way for one in item.forbidden if (way := way_to(item, one.id))}
    return {**dangers, **{manner: list(item.route) for manner in ("touch", "keys", "plain")}}


def way_to(item: Simulation, act: str) -> list[tuple[Any, ...]] | None:
    """The shortest way on which a dangerous act is done; a story is then gone through to an end."""

    def is_done(state: State) -> bool:
        return act in state.done and (item.frame == "phone" or item.machine.screens[state.screen].end)

    return shortest_way(item.machine, is_done)


def form_of(item: Simulation, walk: str) -> str:
    return f"thu-{item.id}-{walk}"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedClass]:
    """A class with a form of its own for each walk."""
    folder = tmp_path_factory.mktemp("simulations")
    example = yaml.safe_load((find_content().forms / "luyen-may-tap.yaml").read_text("utf-8"))
    forms = [
        {**example, "id": form_of(item, walk), "items": [item.id], "tries": 1}
        for item in SIMULATIONS
        for walk in walks(item)
    ]
    one = ServedClass(folder, "--content", str(with_forms(folder / "content", forms, FILES)))
    yield one
    one.stop()


class Walker(Knowing):
    """Somebody who does the actions of a walk, and looks at every screen on the way."""

    seen: list[str]

    def start(self, form: str) -> None:
        self.open_quiz(form)
        self.seen = []

    def place(self, item: Simulation, actions: list[tuple[Any, ...]]) -> list[list[Any]]:
        """The actions as this learner's browser calls them."""
        with Store.read_only(self.served.data) as store:
            found = store.attempt(self.opened["attempt"])
        assert found is not None
        order = arrangement(item, found[0].seed, found[0].shuffle_options)
        placed: list[list[Any]] = item.places({"actions": actions}, order)["actions"]
        return placed

    def walk(self, item: Simulation, walk: str, *, look: bool = False) -> EventRow:
        """Do a walk and hand it in; what the server has stored."""
        self.start(form_of(item, walk))
        keep(self.page, f"{item.id}-{walk}-1")
        for action in self.place(item, walks(item)[walk]):
            if look:
                self.look()
            self.do(action)
        if look:
            self.look()
        keep(self.page, f"{item.id}-{walk}-2")
        self.finish()
        expect(self.page.locator(".bd-verdict")).to_be_visible()
        [answered] = facts(self.served, self.opened["attempt"])
        return answered

    def finish(self) -> None:
        self.press(DONE)

    def look(self) -> None:
        """Nothing is cut, too small to tap, or wrong for a screen reader, on a screen that was not seen yet."""
        screen = self.fieldset.locator(".bd-phone-title").inner_text()
        if screen not in self.seen:
            self.seen.append(screen)
            assert self.page.evaluate(CUT) == [], screen
            assert self.page.evaluate(SMALL_TARGETS) == [], screen
            assert violations(self.page) == [], screen


class ByKeys(Walker):
    """Somebody without a pointer: Tab, Enter, Space, arrows and letters."""

    def do(self, action: list[Any]) -> None:
        verb, place, given = (*action, "", "")[:3]
        keys = self.page.keyboard
        if verb == "choose":
            self.go_to_element(f"[data-control='{place}'] input")
            self.page.evaluate("() => document.activeElement.checked || document.activeElement.click()")
            while self.page.evaluate("() => document.activeElement.value") != given:
                keys.press("ArrowDown")
            return
        self.go_to_element(".bd-phone-back" if verb == "back" else f"[data-control='{place}']")
        if verb == "type":
            keys.press("Control+a")
            keys.press("Delete")
            keys.type(given)
        else:
            keys.press("Space" if verb == "switch" else "Enter")

    def go_to_element(self, selector: str) -> None:
        for _ in range(MOST_TABS):
            if self.page.evaluate(
                "selector => document.activeElement.matches(selector)", f"fieldset.bd-item {selector}"
            ):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not come to {selector}")

    def finish(self) -> None:
        for _ in range(MOST_TABS):
            if self.page.evaluate("() => document.activeElement.textContent.trim()") == DONE:
                break
            self.page.keyboard.press("Tab")
        self.page.keyboard.press("Enter")


def keep(page: Page, name: str) -> None:
    if folder := os.environ.get("BDHVS_SCREENSHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.fixture(scope="module")
def people(chromium: Browser, served: ServedClass) -> Iterator[dict[str, Walker]]:
    """One with a phone, one with a keyboard, one who wants the plain form."""
    watched = Watched(chromium)
    by_touch = Walker(watched.page(served.origin, **PHONE), served, BANK)
    by_keys = ByKeys(watched.page(served.origin, viewport={"width": 360, "height": 640}, locale="vi-VN"), served, BANK)
    plain = Walker(watched.page(served.origin, **PHONE), served, BANK)
    plain.page.add_init_script("localStorage.setItem('bdhvs.settings', '{\"plain\": \"yes\"}')")
    for one in (by_touch, by_keys, plain):
        one.join()
    yield {"touch": by_touch, "keys": by_keys, "plain": plain}
    for context in chromium.contexts:
        context.close()
    assert watched.wrong == []


@pytest.mark.parametrize("item", SIMULATIONS, ids=lambda item: item.id)
def test_the_shortest_way_is_worth_the_same_by_touch_by_keyboard_and_in_the_plain_form(
    people: dict[str, Walker], item: Simulation
) -> None:
    stored = {manner: person.walk(item, manner, look=manner == "touch") for manner, person in people.items()}
    people["plain"].look()  # the last screen speaks for the plain form: axe is slow, and its parts are the same
    assert people["plain"].fieldset.locator(".bd-plain").count() == 1
    assert people["touch"].fieldset.locator(".bd-plain").count() == 0
    expected = item.score({"actions": [list(one) for one in item.route]})
    for manner, answered in stored.items():
        found = (answered.points, answered.maximum, answered.verdict, answered.reason, answered.help)
        assert found == (item.maximum, item.maximum, "right", expected.reason, "none"), manner


@pytest.mark.parametrize("item", SIMULATIONS, ids=lambda item: item.id)
def test_every_dangerous_act_is_recorded_and_explained_afterwards(people: dict[str, Walker], item: Simulation) -> None:
    person = people["touch"]
    for act in item.forbidden:
        answered = person.walk(item, f"did-{act.id}")
        assert f"did:{act.id}" in (answered.reason or "").split()
        assert answered.points is not None
        assert answered.points <= act.cap
        plain = act.why.vi.replace("**", "")
        expect(person.page.locator(".bd-feedback")).to_contain_text(plain)


def test_who_wrote_a_message_is_said_in_words(people: dict[str, Walker]) -> None:
    """On the phone side and colour show it to those who see; the plain form has neither."""
    for manner in ("touch", "plain"):
        person = people[manner]
        person.start(form_of(TRIED, "keys"))
        mine = person.fieldset.locator(".bd-bubble.is-mine")
        expect(mine).to_have_text("Tin đã gửi: Tôi đây.")
        assert mine.locator(".bd-bubble-from").count() == (1 if manner == "plain" else 0)


def test_a_claim_that_it_is_solved_is_worth_nothing(people: dict[str, Walker]) -> None:
    """A browser can send what it likes: only actions that can have been done are read."""
    person, item = people["touch"], SIMULATIONS[0]
    person.start(form_of(item, "plain"))  # not taken by this person
    claims: list[Any] = [
        {"solved": True},
        {"actions": [], "points": item.maximum, "verdict": "right"},
        {"actions": [["tap", "99"]]},
        {"actions": [["go", "1"]]},
        {
            "actions": [
                ["tap", item.places({"actions": [item.route[-1]]}, (tuple(item.machine.controls),))["actions"][0][1]]
            ]
        },
    ]
    for response in claims:
        status = person.page.evaluate(
            """async ([attempt, item, version, response]) => {
              const hex = (n) => Array.from(crypto.getRandomValues(new Uint8Array(n)), (one) => (one % 16).toString(16)).join("");
              const event_id = `018bcfe5-6800-7${hex(3)}-8${hex(3)}-${hex(12)}`;
              const body = JSON.stringify({v: 1, type: "answer", attempt, event_id, item, version, response});
              return (await fetch("/api/quiz", {method: "POST", headers: {"content-type": "application/json"}, body})).status;
            }""",
            [person.opened["attempt"], item.id, item.version, response],
        )
        assert status == 422, response
    assert facts(person.served, person.opened["attempt"]) == []


@pytest.mark.parametrize("item", SIMULATIONS[:1], ids=lambda item: item.id)
def test_hints_fit_where_somebody_stands_and_what_was_done_outlives_a_reload(
    people: dict[str, Walker], item: Simulation
) -> None:
    person = people["touch"]
    person.start(form_of(item, "keys"))
    first, second = person.place(item, list(item.route))[:2]
    person.do(first)
    title = person.fieldset.locator(".bd-phone-title")
    stands = title.inner_text()
    person.page.reload()
    expect(title).to_have_text(stands)
    hint = person.page.locator(".bd-hint")
    person.press("Gợi ý")
    expect(hint).not_to_be_empty()
    nudge = hint.inner_text()
    person.press("Gợi ý")
    expect(hint).not_to_have_text(nudge, use_inner_text=True)
    [step] = in_words(item.machine, item.route[1:2], lambda text: text.vi.replace("**", ""))
    expect(hint).to_contain_text(unescape(step))
    person.do(second)
    expect(hint).to_be_empty()
    for action in person.place(item, list(item.route))[2:]:
        person.do(action)
    person.finish()
    expect(person.page.locator(".bd-verdict")).to_be_visible()
    [answered] = facts(person.served, person.opened["attempt"])
    assert (answered.points, answered.help) == (item.maximum, "hint")
