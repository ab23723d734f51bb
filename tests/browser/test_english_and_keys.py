"""From the link to the result in English, and all that a browser gets on the way."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Response, expect

from bdhvs.bank.loader import Bank
from bdhvs.i18n import translator
from bdhvs.widgets.strings import strings
from tests.browser.conftest import Watched
from tests.browser.driver import PHONE, ServedClass
from tests.browser.knowing import Knowing
from tests.service.test_keys_stay_here import secrets_of

pytestmark = pytest.mark.browser

#: Letters that Vietnamese alone has.
VIETNAMESE = re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
#: What the page itself says: not the question, not the review of it, not the name of the class or the learner.
INTERFACE = """() => {
  const copy = document.body.cloneNode(true);
  for (const one of copy.querySelectorAll('fieldset, .bd-review, .bd-said, script, .lang, .brand')) one.remove();
  return copy.textContent.replace(/\\s+/g, ' ');
}"""


def test_in_english_the_interface_has_no_vietnamese_up_to_the_result(watched: Watched, shared: ServedClass) -> None:
    learner = Knowing(watched.page(shared.origin, **PHONE), shared, Bank.load())
    page = learner.page

    def look(where: str) -> None:
        assert page.locator("html").get_attribute("lang") == "en"
        found = VIETNAMESE.search(page.evaluate(INTERFACE))
        assert not found, (where, page.evaluate(INTERFACE)[max(0, found.start() - 60) : found.end() + 60])

    page.goto(f"{shared.told['join_url']}?lang=en")
    look("join")
    page.get_by_label("Your name in class").fill("Sam")
    learner.press("Join the class")
    page.wait_for_url("**/lop")
    look("home")
    page.goto(f"{shared.origin}/khong-co")
    look("missing")
    learner.open_quiz("thu-suc-ngan")
    for number in range(12):
        expect(learner.area.locator(".bd-count")).to_have_text(f"Question {number + 1}/12")
        look(f"question {number + 1}")
        learner.put_in(learner.places(right=True))
        learner.press("Answer")
    look("end")
    learner.press("Hand in")
    expect(learner.area).to_contain_text("VNeID")
    look("result")
    learner.open_quiz("lam-quen")
    learner.put_in(learner.places(right=False))
    learner.press("Answer")
    expect(learner.area.get_by_role("button", name="Try again")).to_be_visible()
    look("feedback")


def test_every_text_of_the_front_end_is_translated() -> None:
    vietnamese, english = (strings(translator(lang)) for lang in ("vi", "en"))
    assert [key for key, text in vietnamese.items() if text == english[key]] == []


def test_no_response_message_or_kept_value_holds_a_key_before_the_end(watched: Watched, shared: ServedClass) -> None:
    learner = Knowing(watched.page(shared.origin, **PHONE), shared, Bank.load())
    page, received, sockets = learner.page, [], []
    page.on("websocket", lambda one: sockets.append(one.url))

    def keep(response: Response) -> None:
        if response.status == 200:
            received.append(response.text())

    page.on("response", keep)
    learner.join()
    learner.open_quiz("thu-suc-ngan")
    for number in range(12):
        expect(learner.area.locator(".bd-count")).to_have_text(f"Câu {number + 1}/12")
        received.append(page.content())
        learner.respond(right=False)
    expect(learner.area).to_contain_text("Đã trả lời đủ")
    received += [page.content(), page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])")]
    everything = "\n".join(received).lower()
    assert len(received) > 12 + 14
    assert sockets == []
    for shown in learner.opened["items"]:
        face = json.dumps(shown, ensure_ascii=False).lower()
        for secret in secrets_of(learner.bank.item(shown["id"])):
            written = {secret.lower(), json.dumps(secret, ensure_ascii=False)[1:-1].lower()}
            assert not any(one in everything and one not in face for one in written), (shown["id"], secret)
