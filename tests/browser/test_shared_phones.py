"""One phone, several learners: nobody sees, sends or loses what is another's."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, expect

from bdhvs.bank.loader import Bank
from tests.browser.conftest import Watched
from tests.browser.driver import PHONE, ServedClass
from tests.browser.knowing import Knowing, facts

pytestmark = pytest.mark.browser
QUIZ = "**/api/quiz"


@pytest.fixture
def phone(watched: Watched, shared: ServedClass) -> Knowing:
    return Knowing(watched.page(shared.origin, **PHONE), shared, Bank.load())


def hand_over(phone: Knowing, name: str) -> None:
    phone.page.goto(f"{phone.served.origin}/lop")
    phone.press("Đổi người học")
    phone.page.get_by_label("Tên gọi trong lớp").fill(name)
    phone.press("Vào lớp")
    phone.page.wait_for_url("**/lop")


def without_api(context: BrowserContext) -> None:
    """Pages come through, answers do not: the moment in which a weak network fails."""
    context.route(QUIZ, lambda route: route.abort())


def test_the_next_learner_sees_nothing_of_the_one_before(phone: Knowing) -> None:
    phone.join("Ông Ba")
    phone.open_quiz("lam-quen")
    phone.judged(right=True)
    hand_over(phone, "Bà Tư")
    before = phone.opened["attempt"]
    phone.open_quiz("lam-quen")
    assert phone.opened["attempt"] != before
    expect(phone.area.locator(".bd-count")).to_have_text("Câu 1/8")
    assert phone.page.locator("input:checked, .bd-verdict").count() == 0
    assert "Ông Ba" not in phone.page.content()


def test_without_network_the_next_learner_is_not_shown_the_form_kept_for_the_one_before(phone: Knowing) -> None:
    phone.join("Ông Ba")
    phone.open_quiz("lam-quen")
    phone.judged(right=True)
    hand_over(phone, "Bà Tư")
    without_api(phone.page.context)
    phone.page.goto(f"{phone.served.origin}/kiem-tra/lam-quen")
    expect(phone.page.locator("main")).to_contain_text("Chưa mở được bài")
    assert phone.fieldset.count() == 0


def test_unsent_answers_are_never_sent_as_another_learner_s(phone: Knowing) -> None:
    phone.join("Ông Ba")
    phone.open_quiz("thu-suc-ngan")
    phone.respond(right=True)
    expect(phone.area.locator(".bd-count")).to_have_text("Câu 2/12")
    without_api(phone.page.context)
    phone.respond(right=True)
    expect(phone.page.locator("main")).to_contain_text("đã giữ trên máy")
    first = phone.opened["attempt"]
    hand_over(phone, "Bà Tư")
    phone.page.context.unroute(QUIZ)
    phone.open_quiz("thu-suc-ngan")
    expect(phone.area.locator(".bd-count")).to_have_text("Câu 1/12")
    phone.respond(right=False)
    expect(phone.area.locator(".bd-count")).to_have_text("Câu 2/12")
    assert len(facts(phone.served, phone.opened["attempt"])) == 1
    assert len(facts(phone.served, first)) == 1  # the second one waits for Ông Ba


def test_unsent_answers_are_sent_when_their_learner_opens_the_quiz_again(phone: Knowing) -> None:
    phone.join("Cô Sáu")
    phone.open_quiz("thu-suc-ngan")
    without_api(phone.page.context)
    for number in (2, 3):
        phone.respond(right=True)
        expect(phone.area.locator(".bd-count")).to_have_text(f"Câu {number}/12")
    phone.page.goto(f"{phone.served.origin}/lop")
    phone.page.context.unroute(QUIZ)
    phone.open_quiz("thu-suc-ngan")
    expect(phone.area.locator(".bd-count")).to_have_text("Câu 3/12")
    phone.respond(right=True)
    expect(phone.area).to_contain_text("Đã lưu câu 3")
    items = [event.item_id for event in facts(phone.served, phone.opened["attempt"])]
    assert items == [one["id"] for one in phone.opened["items"][:3]]
