"""What the teacher puts right is seen on the phone: more time, going on after handing in, a question that does not count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from bdhvs.bank.loader import Bank
from tests.browser.conftest import Watched
from tests.browser.driver import PHONE, ServedClass
from tests.browser.knowing import Knowing
from tests.content import with_time_limit

pytestmark = pytest.mark.browser
TIMED, LIMIT_MINUTES = "thu-suc-ngan", 20
SOON_MS = 15_000


@pytest.fixture
def timed(tmp_path: Path) -> Iterator[ServedClass]:
    """A class whose form `TIMED` has a limit, without lessons."""
    content = with_time_limit(tmp_path / "content", TIMED, LIMIT_MINUTES)
    (content / "notebooks").rename(content / "no-notebooks")
    one = ServedClass(tmp_path, "--content", str(content))
    yield one
    one.stop()


@pytest.fixture
def learner(watched: Watched, timed: ServedClass) -> Knowing:
    """Somebody on a phone who has joined and opened the timed quiz."""
    one = Knowing(watched.page(timed.origin, **PHONE), timed, Bank.load())
    one.join("Chị Mơ")
    one.open_quiz(TIMED)
    return one


@pytest.fixture
def teacher(watched: Watched, timed: ServedClass) -> Page:
    """The teacher's browser, let in, without JavaScript: the forms need none."""
    page = watched.page(timed.origin, viewport={"width": 1280, "height": 800}, java_script_enabled=False)
    page.goto(timed.told["teacher_url"])
    return page


def own_page(teacher: Page, timed: ServedClass) -> None:
    """Go to the quizzes of the only person in the class."""
    teacher.goto(f"{timed.origin}/gv/nguoi-hoc")
    teacher.get_by_role("link", name="Chị Mơ").click()
    teacher.get_by_role("link", name=re.compile("Bài làm của người này")).click()


def test_extra_time_is_seen_at_the_next_answer_and_can_be_hidden(
    learner: Knowing, teacher: Page, timed: ServedClass
) -> None:
    line = learner.page.locator(".bd-time")
    expect(line).to_contain_text(f"Còn khoảng {LIMIT_MINUTES} phút")
    own_page(teacher, timed)
    teacher.get_by_label("Thêm bao nhiêu phút").fill("30")
    teacher.get_by_role("button", name="Thêm giờ cho người này").click()
    expect(teacher.get_by_role("status")).to_contain_text("Đã thêm giờ")
    learner.answer()
    expect(line).to_contain_text(re.compile("Còn khoảng (50|49) phút"))
    expect(learner.page.locator(".bd-notices")).to_contain_text("Người hướng dẫn đã thêm giờ")
    learner.press("Ẩn giờ")
    expect(line).not_to_contain_text("Còn khoảng")
    learner.page.reload()
    expect(line).not_to_contain_text("Còn khoảng")
    learner.press("Xem còn bao nhiêu phút")
    expect(line).to_contain_text("Còn khoảng")


class Network:
    """Stands between the phone and the class: replies say that the time is over, or nothing gets through."""

    def __init__(self, page: Page) -> None:
        self.away = False
        page.route("**/api/quiz", self._pass)

    def _pass(self, route: Route) -> None:
        if self.away:
            route.abort()
            return
        response = route.fetch()
        told = response.json()
        if told.get("time_left_ms") is not None:
            told["time_left_ms"] = 0
        route.fulfill(response=response, json=told)


@pytest.fixture
def on_a_set_clock(watched: Watched, timed: ServedClass) -> Knowing:
    """As `learner`, on a phone whose clock the test moves."""
    page = watched.page(timed.origin, **PHONE)
    page.clock.install()
    one = Knowing(page, timed, Bank.load())
    one.join("Chị Mơ")
    one.open_quiz(TIMED)
    return one


def expect_one_answer(page: Page) -> None:
    expect(page.locator(".bd-result")).to_be_visible(timeout=SOON_MS)
    expect(page.locator(".bd-time")).to_be_hidden()
    page.get_by_text("Xem lại từng câu").click()
    expect(page.locator(".bd-yours")).to_have_count(1)


def test_at_the_end_of_the_time_the_phone_hands_in_what_is_chosen(on_a_set_clock: Knowing) -> None:
    page = on_a_set_clock.page
    on_a_set_clock.choose()
    page.clock.fast_forward("15:30")
    expect(page.locator(".bd-notices")).to_contain_text("Còn 5 phút")
    Network(page)
    page.clock.fast_forward("04:40")
    expect_one_answer(page)


def test_without_a_network_at_the_end_nothing_is_lost(on_a_set_clock: Knowing) -> None:
    page, network = on_a_set_clock.page, Network(on_a_set_clock.page)
    on_a_set_clock.choose()
    network.away = True
    page.clock.fast_forward("20:10")
    expect(page.get_by_role("heading", name="Hết giờ")).to_be_visible(timeout=SOON_MS)
    expect(page.get_by_text("tự nộp khi có mạng")).to_be_visible()
    network.away = False
    page.clock.fast_forward("01:00")  # the next trial
    expect_one_answer(page)


def test_the_teacher_s_minutes_come_before_the_phone_s_own_count(
    on_a_set_clock: Knowing, teacher: Page, timed: ServedClass
) -> None:
    page = on_a_set_clock.page
    on_a_set_clock.choose()
    page.clock.fast_forward("20:10")  # the class's own clock has hardly moved: to it there is time left
    expect(page.locator(".bd-time")).to_contain_text(re.compile("Còn khoảng (20|19) phút"))
    on_a_set_clock.press("Trả lời")  # what was chosen is still chosen
    expect(page.locator(".bd-count")).to_contain_text("2/")


def test_somebody_who_handed_in_by_mistake_goes_on(learner: Knowing, teacher: Page, timed: ServedClass) -> None:
    learner.answer_all()
    learner.press("Nộp bài")
    expect(learner.page.locator(".bd-result")).to_be_visible()
    own_page(teacher, timed)
    teacher.get_by_text("Cho làm tiếp", exact=True).first.click()
    teacher.get_by_label("bấm nộp nhầm").first.check()
    teacher.get_by_role("button", name="Mở lại bài").first.click()
    expect(teacher.get_by_role("alert")).to_contain_text("lời giải")
    teacher.get_by_label("bấm nộp nhầm").first.check()
    teacher.get_by_label("Tôi biết điều này").first.check()
    teacher.get_by_role("button", name="Mở lại bài").first.click()
    expect(teacher.get_by_role("status")).to_contain_text("Đã mở lại bài")
    learner.page.reload()
    expect(learner.page.get_by_role("button", name="Nộp bài")).to_be_visible()
    expect(learner.page.locator(".bd-result")).to_be_hidden()
    learner.press("Nộp bài")
    expect(learner.page.locator(".bd-result")).to_be_visible()


def test_a_faulty_question_is_told_to_whoever_is_on_it_and_gone_from_the_result(
    learner: Knowing, teacher: Page, timed: ServedClass
) -> None:
    teacher.goto(f"{timed.origin}/gv/de/{TIMED}")
    teacher.get_by_role("link", name="Câu này bị sai?").first.click()
    teacher.get_by_label(re.compile("Sai ở đâu")).fill("Đáp án in sai")
    teacher.get_by_role("button", name="Không tính câu này").click()
    expect(teacher.get_by_role("status")).to_contain_text("không tính nữa")
    learner.press("Cần giúp")  # the next message of any kind brings the news
    expect(learner.page.locator(".bd-out")).to_contain_text("Câu này không tính")
    learner.answer_all()
    learner.press("Nộp bài")
    expect(learner.page.locator(".bd-summary")).to_contain_text("11")
    learner.page.get_by_text("Xem lại từng câu").click()
    expect(learner.page.locator(".bd-review > li").first).to_contain_text("Câu này không tính")
    teacher.goto(f"{timed.origin}/gv/bao-cao.html")
    expect(teacher.get_by_text("Đáp án in sai")).to_be_visible()
