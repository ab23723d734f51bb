"""Somebody who knows every answer and can miss on purpose: a test may look where no learner can."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Locator, Page, Response, expect

from bdhvs.bank.loader import Bank
from bdhvs.core.presenting import arrangement
from bdhvs.store import EventRow, Store
from tests.browser.driver import Person, ServedClass
from tests.service.conftest import right_response, wrong_response


class Knowing(Person):
    """A person whose answers are right or wrong as the test wants; ``area`` is the quiz, where a page holds several."""

    def __init__(self, page: Page, served: ServedClass, bank: Bank) -> None:
        super().__init__(page, served)
        self.bank = bank
        self.area: Locator = page.locator("body")
        self.opened: dict[str, Any] = {}

    @property
    def fieldset(self) -> Locator:
        return self.area.locator("fieldset.bd-item")

    @property
    def count(self) -> str:
        return self.area.locator(".bd-count").inner_text()

    @property
    def item(self) -> dict[str, Any]:
        """The public face of the item on the screen."""
        number = int("".join(sign for sign in self.count.split("/")[0] if sign.isdigit()))
        shown: dict[str, Any] = self.opened["items"][number - 1]
        return shown

    def press(self, name: str) -> None:
        self.touch(self.area.get_by_role("button", name=name, exact=True))

    def open_quiz(self, form: str) -> None:
        self.go_to(f"/kiem-tra/{form}", form)

    def go_to(self, path: str, form: str) -> None:
        """Open a page and keep what the server said of this form's attempt."""

        def opens(response: Response) -> bool:
            return response.url.endswith("/api/quiz") and json.loads(response.request.post_data or "{}").get("form") == form

        with self.page.expect_response(opens, timeout=60_000) as reply:
            self.page.goto(self.served.origin + path)
        self.opened = reply.value.json()
        self.fieldset.wait_for()

    def places(self, *, right: bool) -> dict[str, Any]:
        """A right or wrong response to the item on the screen, by the places shown there."""
        item = self.bank.item(self.item["id"])
        with Store.read_only(self.served.data) as store:
            found = store.attempt(self.opened["attempt"])
        assert found is not None
        response = right_response(item) if right else wrong_response(item)
        places: dict[str, Any] = item.places(response, arrangement(item, found[0].seed, found[0].shuffle_options))
        return places

    def put_in(self, response: dict[str, Any]) -> None:
        """Tap or type a response, as it stands in the protocol."""
        match self.kind:
            case "single_choice" | "multiple_choice" | "self_assessment":
                for place in response.get("choices") or [response["choice"]]:
                    self.touch(self.fieldset.locator(f"label:has(input[value='{place}'])"))
            case "numeric" | "short_text":
                self.fieldset.get_by_role("textbox").fill(response["text"])
            case "ordering":
                for place in response["order"]:
                    self.touch(self.fieldset.locator("button.bd-step").nth(int(place) - 1))
            case "hotspot":
                for place in response["choices"]:
                    self.touch(self.fieldset.locator(".bd-spot").nth(int(place) - 1))
            case "categorise":
                for row, group in response["pairs"].items():
                    thing = self.fieldset.locator(".bd-thing").nth(int(row) - 1)
                    self.touch(thing.locator(f"label:has(input[value='{group}'])"))
            case "matching":
                for row, answer in response["pairs"].items():
                    card = self.fieldset.locator("details.bd-row").nth(int(row) - 1)
                    if card.get_attribute("open") is None:
                        self.touch(card.locator("summary"))
                    self.touch(card.locator(f"label:has(input[value='{answer}'])"))

            case "simulation":
                for action in response["actions"]:
                    self.do(action)

    def do(self, action: list[Any]) -> None:
        """Do one action of a simulation, as it stands in the protocol."""
        verb, place, given = (*action, "", "")[:3]
        if verb == "back":
            self.touch(self.fieldset.locator(".bd-phone-back"))
        elif verb == "tap":
            self.touch(self.control(place))
        elif verb == "type":
            self.control(place).fill(given)
        elif verb == "switch":
            self.touch(self.control(place))
        else:
            self.touch(self.control(place).locator(f"input[value='{given}']"))

    def control(self, place: str) -> Locator:
        """What a place of a simulation is on the screen: a button, a field, a switch, or a group to choose from."""
        return self.fieldset.locator(f"[data-control='{place}']")

    def respond(self, *, right: bool) -> None:
        """Put in a right or wrong answer and press the button."""
        self.put_in(self.places(right=right))
        self.hand_in()

    def judged(self, *, right: bool) -> str:
        """In practice: answer, and give the verdict that is shown."""
        self.respond(right=right)
        verdict = self.area.locator(".bd-verdict")
        expect(verdict).to_be_visible()
        return verdict.inner_text().strip()


def facts(served: ServedClass, attempt: str, kind: str = "answered") -> list[EventRow]:
    """What is stored of an attempt, read beside the running class."""
    with Store.read_only(served.data) as store:
        found = store.attempt(attempt)
    assert found is not None
    return [event for event in found[1] if event.type == kind]
