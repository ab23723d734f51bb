"""From the QR link to the result, as learners and a teacher go it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from bdhvs.bank.loader import Bank
from tests.browser.conftest import Watched
from tests.browser.driver import PHONE, Person, ServedClass
from tests.browser.knowing import Knowing

pytestmark = pytest.mark.browser


def test_a_phone_goes_the_whole_way_by_touch_through_all_six_kinds(on_phone: Person) -> None:
    on_phone.join()
    expect(on_phone.page.get_by_role("heading", level=1)).to_have_text("Xin chào Bác Năm!")
    on_phone.touch(on_phone.page.locator("summary").filter(has_text="Thử sức"))  # what there is lies folded by topic
    on_phone.touch(on_phone.page.get_by_role("link", name=re.compile("mười hai câu")))
    on_phone.fieldset.wait_for()
    assert on_phone.page.locator("input:checked").count() == 0  # nothing is chosen beforehand
    kinds = on_phone.answer_all()
    assert set(kinds) == {"single_choice", "multiple_choice", "numeric", "short_text", "ordering", "matching"}
    on_phone.press("Nộp bài")
    result = on_phone.page.locator("#noi-dung")
    expect(result).to_contain_text(re.compile(r"Làm được \d+ trong 12 việc"))
    expect(result).to_contain_text("không phải là xác nhận của Nhà nước trên VNeID")
    expect(result).to_contain_text("Chưa gọi tên mức")
    expect(result.get_by_role("link", name=re.compile("OTP"))).to_be_visible()
    on_phone.page.reload()
    expect(result).to_contain_text(re.compile(r"Làm được \d+ trong 12 việc"))


def test_practice_gives_feedback_a_hint_and_another_try(watched: Watched, shared: ServedClass) -> None:
    learner = Knowing(watched.page(shared.origin, **PHONE), shared, Bank.load())
    learner.join()
    learner.open_quiz("lam-quen")
    learner.press("Gợi ý")
    expect(learner.page.locator(".bd-hint")).not_to_be_empty()
    learner.press("Cần giúp")
    expect(learner.page.get_by_role("button", name="Đã gọi giúp")).to_be_visible()
    assert "Đúng rồi" not in learner.judged(right=False)
    learner.press("Thử lại")
    assert "Đúng rồi" in learner.judged(right=True)
    expect(learner.page.locator(".bd-verdict svg")).to_be_visible()  # a drawing and a word, not colour alone
    expect(learner.page.locator(".bd-remember")).to_be_visible()
    learner.press("Câu tiếp theo")
    expect(learner.page.locator(".bd-count")).to_have_text("Câu 2/8")


def test_saved_is_said_only_after_the_server_said_so(on_phone: Person) -> None:
    on_phone.join()
    on_phone.open_quiz("thu-suc")
    held = []
    on_phone.page.route("**/api/quiz", lambda route: held.append(route))
    on_phone.choose()
    on_phone.press("Trả lời")
    expect(on_phone.page.locator(".bd-card")).to_contain_text("Đang lưu")
    assert "Đã lưu" not in on_phone.page.locator("main").inner_text()
    for route in held:
        route.continue_()
    expect(on_phone.page.locator("main")).to_contain_text("Đã lưu")


def test_names_and_answers_are_text_wherever_they_are_shown(watched: Watched, shared: ServedClass) -> None:
    hostile = '<img src=x onerror="document.title=1">'
    person = Person(watched.page(shared.origin, **PHONE), shared)
    person.join(hostile[:40])
    expect(person.page.get_by_role("heading", level=1)).to_contain_text("<img")
    person.open_quiz("thu-suc-ngan")
    while person.kind != "short_text":
        person.answer()
    before = person.count
    person.fieldset.get_by_role("textbox").fill(hostile)
    person.press("Trả lời")
    expect(person.page.locator(".bd-count")).not_to_have_text(before)
    person.answer_all()
    person.press("Nộp bài")
    expect(person.page.locator("#noi-dung")).to_contain_text("Làm được")
    assert person.page.locator("main img[src=x]").count() == 0
    teacher = watched.page(shared.origin)
    teacher.goto(shared.told["teacher_url"])
    expect(teacher.locator("tbody").first).to_contain_text("<img")
    assert teacher.locator("main img").count() == 0


def test_without_javascript_joining_works_and_the_quiz_says_what_it_needs(watched: Watched, shared: ServedClass) -> None:
    person = Person(watched.page(shared.origin, **{**PHONE, "has_touch": False}, java_script_enabled=False), shared)
    person.page.goto(shared.told["join_url"])
    person.page.get_by_label("Tên gọi trong lớp").fill("Cô Sáu")
    person.page.get_by_role("button", name="Vào lớp").click()
    person.page.wait_for_url("**/lop")
    person.page.goto(f"{shared.origin}/kiem-tra/lam-quen")
    assert "cần JavaScript" in person.page.locator("main").inner_text()


def test_the_teacher_s_page_follows_the_class_by_itself(watched: Watched, shared: ServedClass, on_phone: Person) -> None:
    teacher = watched.page(shared.origin, viewport={"width": 1280, "height": 800})
    teacher.goto(shared.told["teacher_url"])
    assert shared.told["code"] in teacher.locator("main").inner_text()
    on_phone.join("Chị Bảy")
    row = teacher.get_by_role("row", name=re.compile("Chị Bảy"))
    expect(row).to_be_visible(timeout=15_000)
    on_phone.open_quiz("lam-quen")
    on_phone.press("Cần giúp")
    expect(row).to_contain_text("✋", timeout=15_000)
    with teacher.expect_download() as download:
        teacher.get_by_role("link", name=re.compile("CSV")).click()
    assert download.value.suggested_filename.endswith(".csv")
