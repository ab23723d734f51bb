"""What is said after right and wrong answers: at once in practice, at the end in an assessment."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from bdhvs.bank.loader import Bank
from tests.browser.conftest import Watched
from tests.browser.driver import PHONE, ServedClass
from tests.browser.knowing import Knowing

pytestmark = pytest.mark.browser


@pytest.fixture
def learner(watched: Watched, shared: ServedClass) -> Knowing:
    one = Knowing(watched.page(shared.origin, **PHONE), shared, Bank.load())
    one.join()
    return one


def test_the_practice_of_a_lesson_gives_a_second_try_and_then_the_answer(learner: Knowing) -> None:
    learner.area = learner.page.locator("[data-bdhvs-embed*='luyen-otp']")
    learner.go_to("/bai/an-toan-truoc-lua-dao-otp", "luyen-otp")
    assert "Đúng rồi" not in learner.judged(right=False)
    assert learner.area.locator(".bd-solution, .bd-remember").count() == 0  # not while another try is open
    learner.press("Thử lại")
    learner.respond(right=False)
    expect(learner.area).to_contain_text("Vẫn là câu trả lời cũ")  # and it costs no try
    known = {learner.places(right=right)["choice"] for right in (True, False)}
    learner.put_in({"choice": next(place for place in "123" if place not in known)})
    learner.press("Trả lời")
    expect(learner.area.locator(".bd-solution")).to_be_visible()
    expect(learner.area.locator(".bd-remember")).to_be_visible()
    assert learner.area.get_by_role("button", name="Thử lại").count() == 0
    learner.press("Câu tiếp theo")
    learner.judged(right=False)
    learner.press("Thử lại")
    assert "Đúng rồi" in learner.judged(right=True)
    for _ in range(3):
        learner.press("Câu tiếp theo")
        assert "Đúng rồi" in learner.judged(right=True)
    learner.press("Đi tiếp")
    learner.press("Xem kết quả")
    expect(learner.area).to_contain_text("Làm được 4 trong 5 việc")
    expect(learner.area).to_contain_text("1 việc cần giúp")


def test_an_assessment_counts_what_was_right_and_shows_each_question_again(learner: Knowing) -> None:
    learner.open_quiz("thu-suc-ngan")

    for number in range(12):
        expect(learner.area.locator(".bd-count")).to_have_text(f"Câu {number + 1}/12")
        right = number % 2 == 0

        learner.respond(right=right)
    expect(learner.area).to_contain_text("Đã trả lời đủ 12 câu")
    assert learner.area.locator(".bd-verdict").count() == 0
    learner.press("Nộp bài")
    expect(learner.area).to_contain_text("Làm được 6 trong 12 việc")
    learner.touch(learner.page.get_by_text("Xem lại từng câu"))
    verdicts = learner.area.locator(".bd-review .bd-verdict").all_inner_texts()
    assert ["Đúng rồi" in one for one in verdicts] == [True, False] * 6
    domains = learner.area.locator(".bd-domain")
    expect(domains).to_have_count(6)
    for text in domains.all_inner_texts():
        assert re.search(r"làm được \d trong 2 việc", text, re.IGNORECASE), text


def test_who_skipped_everything_sees_the_answers_unjudged_and_a_lesson_that_opens(learner: Knowing) -> None:
    learner.open_quiz("thu-suc-ngan")
    for number in range(12):
        expect(learner.area.locator(".bd-count")).to_have_text(f"Câu {number + 1}/12")
        learner.press("Bỏ qua")
    expect(learner.area).to_contain_text("Còn 12 trên 12 câu chưa trả lời")
    learner.press("Nộp bài")
    learner.touch(learner.page.get_by_text("Xem lại từng câu"))
    for one in learner.area.locator(".bd-review > li").all_inner_texts():
        assert "Câu này đã bỏ qua." in one
        assert "Đáp án" in one
        assert not re.search(r"[a-z]+_[a-z]+|Chưa đúng", one), one  # nothing was wrong, and no name of a text shows through
    expect(learner.area).to_contain_text("Học gì tiếp")
    learner.touch(learner.area.locator("a.bd-lesson").first)
    learner.page.wait_for_url("**/bai/**")
    expect(learner.page.get_by_role("heading", level=1)).to_be_visible()
