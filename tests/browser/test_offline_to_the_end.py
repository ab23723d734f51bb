"""Away from the network up to handing in, over a closed page and a dead server: what was given arrives once, in order."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bdhvs.bank.loader import Bank
from tests.browser.conftest import Watched
from tests.browser.driver import PHONE, ServedClass
from tests.browser.knowing import Knowing, facts

pytestmark = pytest.mark.browser
BACK_MS = 40_000  # the longest pause between two trials is 15 s


@pytest.fixture
def learner(watched: Watched, shared: ServedClass) -> Knowing:
    one = Knowing(watched.page(shared.origin, **PHONE), shared, Bank.load())
    one.join()
    return one


def items_of(learner: Knowing) -> list[str]:
    return [one["id"] for one in learner.opened["items"]]


def test_a_quiz_finished_without_network_hands_itself_in_later(learner: Knowing) -> None:
    learner.open_quiz("thu-suc-ngan")
    learner.page.context.set_offline(True)
    for number in range(12):
        expect(learner.area.locator(".bd-count")).to_have_text(f"Câu {number + 1}/12")
        learner.respond(right=number < 5)
    learner.press("Nộp bài")
    expect(learner.area).to_contain_text("Bài sẽ tự nộp khi có mạng")
    assert facts(learner.served, learner.opened["attempt"]) == []
    learner.page.context.set_offline(False)
    expect(learner.area).to_contain_text("Làm được 5 trong 12 việc", timeout=BACK_MS)
    assert [event.item_id for event in facts(learner.served, learner.opened["attempt"])] == items_of(learner)
    assert len(facts(learner.served, learner.opened["attempt"], "finished")) == 1


def test_in_practice_the_marks_come_by_themselves_when_the_network_is_back(learner: Knowing) -> None:
    learner.open_quiz("lam-quen")
    learner.page.context.set_offline(True)
    learner.respond(right=True)
    expect(learner.area.locator(".bd-verdict")).to_contain_text("Đã giữ trên máy")
    learner.page.context.set_offline(False)
    expect(learner.area.locator(".bd-verdict")).to_contain_text("Đúng rồi", timeout=BACK_MS)


def test_without_network_a_hint_is_refused_kindly_and_help_is_called_for_by_voice(learner: Knowing) -> None:
    learner.open_quiz("lam-quen")
    learner.page.context.set_offline(True)
    learner.press("Gợi ý")
    expect(learner.area.locator(".bd-status")).to_contain_text("Gợi ý cần có mạng")
    learner.press("Cần giúp")
    expect(learner.area.locator(".bd-status")).to_contain_text("giơ tay")
    learner.page.context.set_offline(False)
    expect(learner.page.locator("main")).to_contain_text("Đã có mạng lại", timeout=BACK_MS)
    expect(learner.area.locator(".bd-hint")).to_be_empty()  # nobody who went on without it is said to have had it
    assert facts(learner.served, learner.opened["attempt"], "hint_taken") == []


def test_answers_kept_on_the_phone_survive_a_closed_page(learner: Knowing, watched: Watched) -> None:
    learner.open_quiz("thu-suc-ngan")
    context = learner.page.context
    context.set_offline(True)
    for number in (2, 3):
        learner.respond(right=True)
        expect(learner.area.locator(".bd-count")).to_have_text(f"Câu {number}/12")
    learner.page.close()
    context.set_offline(False)
    again = Knowing(context.new_page(), learner.served, learner.bank)
    again.open_quiz("thu-suc-ngan")
    expect(again.area.locator(".bd-count")).to_have_text("Câu 3/12")
    again.press("Quay lại")
    expect(again.area.locator(".bd-count")).to_have_text("Câu 2/12")
    again.press("Trả lời")  # the same answer is there, and pressing sends nothing new
    expect(again.area.locator(".bd-count")).to_have_text("Câu 3/12")
    assert [event.item_id for event in facts(learner.served, again.opened["attempt"])] == items_of(again)[:2]


def test_a_page_opened_while_the_class_machine_is_down_goes_on_by_itself(watched: Watched, served: ServedClass) -> None:
    learner = Knowing(watched.page(served.origin, **PHONE), served, Bank.load())
    learner.join()
    learner.open_quiz("thu-suc-ngan")
    learner.respond(right=True)
    expect(learner.area).to_contain_text("Đã lưu câu 1")
    learner.put_in(learner.places(right=True))
    served.kill()
    learner.press("Trả lời")
    expect(learner.area.locator(".bd-count")).to_have_text("Câu 3/12")
    learner.press("Quay lại")
    assert learner.fieldset.locator("input:checked").count() == 1  # what was given is still to be seen
    served.start()
    expect(learner.page.locator("main")).to_contain_text("Đã có mạng lại", timeout=BACK_MS)
    learner.page.reload()
    expect(learner.area.locator(".bd-count")).to_have_text("Câu 2/12")  # where they were looking
    assert learner.fieldset.locator("input:checked").count() == 1
    assert [event.item_id for event in facts(served, learner.opened["attempt"])] == items_of(learner)[:2]
