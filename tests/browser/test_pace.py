"""The whole class at one pace, in real browsers: a teacher, three phones, the projector; reload, power cut, lost network."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bdhvs.bank.loader import Bank
from bdhvs.core.attempt import replay
from bdhvs.i18n import translator
from bdhvs.store import Store, events_of
from tests.browser.conftest import Watched
from tests.browser.driver import PHONE, Person, ServedClass
from tests.browser.knowing import Knowing, facts
from tests.browser.test_accessible import CUT, SMALL_TARGETS, set_up, violations
from tests.clients import ApiLearner

pytestmark = pytest.mark.browser
_ = translator("vi")
LAPTOP = {"width": 1280, "height": 800}
SOON_MS = 20_000
FORM = "lam-quen"
PICTURES = os.environ.get("BDHVS_PICTURES")  # a folder: keep pictures of each state to look at


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"pace-{name}.png"), full_page=True)


class Teacher:
    """The teacher's page, worked by its buttons."""

    def __init__(self, watched: Watched, served: ServedClass, **options: object) -> None:
        self.served = served
        self.page = watched.page(served.origin, viewport=LAPTOP, locale="vi-VN", **options)
        self.page.goto(served.told["teacher_url"])

    def press(self, text: str) -> None:
        self.page.locator("#nhip").get_by_role("button", name=_(text), exact=True).click()

    def unfold(self) -> None:
        """Show what is folded away while a class works alone."""
        folded = self.page.locator("#nhip details:not([open]) > summary")
        if folded.count():
            folded.click()

    def lead(self, form: str = FORM) -> None:
        self.unfold()
        self.page.locator("#pace-form").select_option(form)
        self.press("Take it together")
        self.now("Question %(n)s/%(total)s is open", n=1, total=len(Bank.load().form(form).items))

    def now(self, text: str, **values: int) -> None:
        expect(self.page.locator(".pace-now")).to_contain_text(_(text) % values, timeout=SOON_MS)

    def counts(self, answered: int, here: int) -> None:
        expect(self.page.locator("[data-answered]")).to_have_text(
            _("{answered}/{here} have answered").format(answered=answered, here=here), timeout=SOON_MS
        )


def phone(watched: Watched, served: ServedClass, name: str) -> Knowing:
    """Somebody who joins, and comes to the led quiz if there is one."""
    one = Knowing(watched.page(served.origin, **PHONE), served, Bank.load())
    one.page.goto(served.told["join_url"])
    one.page.get_by_label("Tên gọi trong lớp").fill(name)
    one.press("Vào lớp")
    one.page.wait_for_url(lambda url: url.endswith(("/lop", f"/kiem-tra/{FORM}")))
    return one


def at(person: Person, number: int, total: int = 8) -> None:
    expect(person.page.locator(".bd-count")).to_have_text(f"Câu {number}/{total}", timeout=SOON_MS)


def says(person: Person, text: str) -> None:
    expect(person.page.locator(".bd-pace")).to_have_text(_(text) if text else "", timeout=SOON_MS)


def give(person: Knowing, *, right: bool) -> None:
    """Answer as wanted and wait until it is kept."""
    person.respond(right=right)
    says(person, "Your answer is in. The teacher will open the next question.")


def give_without_network(person: Knowing) -> None:
    """Answer while nothing can be sent: nobody is told that the answer is in."""
    person.respond(right=True)
    says(person, "Kept on this device, will be sent when the network is back")


def open_quiz(person: Knowing, form: str = FORM) -> None:
    person.open_quiz(form)


def sent(person: Knowing) -> list[str | None]:
    """Items answered in the store, once the phone has nothing left to send."""
    person.page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('bdhvs.queue.'))")
    return [fact.item_id for fact in facts(person.served, person.opened["attempt"])]


def test_the_class_goes_from_item_to_item_together(watched: Watched, served: ServedClass) -> None:
    teacher = Teacher(watched, served)
    wall = watched.page(served.origin, viewport=LAPTOP, locale="vi-VN")
    wall.goto(served.told["teacher_url"])
    wall.goto(f"{served.origin}/gv/chieu")
    mo, nam = phone(watched, served, "Chị Mơ"), phone(watched, served, "Bác Năm")
    for one in (mo, nam):
        open_quiz(one)
    mo.judged(right=True)
    mo.press("Câu tiếp theo")
    at(mo, 2)
    picture(teacher.page, "teacher-free")

    teacher.lead()
    for one in (mo, nam):
        at(one, 1)
    says(mo, "Your answer is in. The teacher will open the next question.")
    says(nam, "The whole class is at this question.")
    teacher.counts(1, 2)
    picture(nam.page, "phone-open")
    picture(teacher.page, "teacher-open")
    expect(nam.page.get_by_role("button", name="Bỏ qua")).to_have_count(0)

    late = phone(watched, served, "Cô Út")
    at(late, 1)
    late.go_to(f"/kiem-tra/{FORM}", FORM)
    give(nam, right=False)
    expect(nam.page.locator(".bd-feedback")).to_have_count(0)
    picture(nam.page, "phone-answered")
    teacher.counts(2, 3)
    nam.page.reload()
    says(nam, "Your answer is in. The teacher will open the next question.")
    expect(nam.page.locator(".bd-feedback")).to_have_count(0)
    expect(wall.locator(".wall-stem")).to_be_visible(timeout=SOON_MS)
    expect(wall.locator(".wall-count, .wall-key, .wall-solution")).to_have_count(0)
    picture(wall, "wall-open")

    teacher.press("Hold: no more answers")
    teacher.now("Question %(n)s/%(total)s is held", n=1, total=8)
    says(late, "The teacher is holding this question. Please wait a moment.")
    expect(late.page.get_by_role("button", name="Trả lời")).to_have_count(0)
    picture(late.page, "phone-held")
    picture(teacher.page, "teacher-held")
    teacher.press("Show what was answered")
    expect(wall.locator(".wall-count").first).to_be_visible(timeout=SOON_MS)
    expect(wall.locator(".wall-key, .wall-solution")).to_have_count(0)
    picture(wall, "wall-shown")
    teacher.press("Open it again")
    says(late, "The whole class is at this question.")
    give(late, right=True)
    teacher.counts(3, 3)

    teacher.press("Reveal the answer")
    for one in (mo, nam, late):
        says(one, "The teacher is going over this question.")
        expect(one.page.locator(".bd-feedback")).to_be_visible(timeout=SOON_MS)
    expect(nam.page.locator(".bd-solution")).to_be_visible()
    expect(wall.locator(".wall-key").first).to_be_visible(timeout=SOON_MS)
    picture(nam.page, "phone-revealed")
    picture(teacher.page, "teacher-revealed")
    picture(wall, "wall-revealed")

    teacher.press("Open the next question")
    for one in (mo, nam, late):
        at(one, 2)
        says(one, "The whole class is at this question.")
    expect(teacher.page.locator(".grid thead th.is-led button")).to_have_text("2", timeout=SOON_MS)
    teacher.press("Let everybody go on alone")
    teacher.now("Everybody works alone, at their own pace.")
    says(nam, "")
    assert nam.judged(right=True) == _("Right!")
    nam.press("Câu tiếp theo")
    at(nam, 3)
    expect(wall.locator(".wall")).to_have_count(0, timeout=SOON_MS)
    assert "Bác Năm" not in wall.content()


def test_a_power_cut_in_mid_item_changes_nothing(watched: Watched, served: ServedClass) -> None:
    teacher = Teacher(watched, served)
    nam, mo = phone(watched, served, "Bác Năm"), phone(watched, served, "Chị Mơ")
    for one in (nam, mo):
        open_quiz(one)
    teacher.lead()
    teacher.press("Open the next question")
    for one in (nam, mo):
        at(one, 2)
    give(mo, right=True)
    teacher.press("Hold: no more answers")
    says(nam, "The teacher is holding this question. Please wait a moment.")
    served.kill()
    served.start()
    nam.page.reload()
    at(nam, 2)
    says(nam, "The teacher is holding this question. Please wait a moment.")
    teacher.page.goto(served.told["teacher_url"])
    teacher.now("Question %(n)s/%(total)s is held", n=2, total=8)
    teacher.press("Open it again")
    says(nam, "The whole class is at this question.")
    nam.go_to(f"/kiem-tra/{FORM}", FORM)
    give(nam, right=False)
    teacher.counts(2, 2)
    teacher.press("Reveal the answer")
    says(mo, "The teacher is going over this question.")


def test_a_phone_without_network_loses_no_answer_and_is_told_of_one_too_late(watched: Watched, served: ServedClass) -> None:
    teacher = Teacher(watched, served)
    nam = phone(watched, served, "Bác Năm")
    open_quiz(nam)
    teacher.lead()
    says(nam, "The whole class is at this question.")
    first = nam.opened["items"][0]["id"]

    nam.page.context.set_offline(True)
    give_without_network(nam)
    teacher.press("Open the next question")
    teacher.now("Question %(n)s/%(total)s is open", n=2, total=8)
    nam.page.context.set_offline(False)
    at(nam, 2)
    expect(nam.page.locator(".bd-pace")).to_have_text(_("The whole class is at this question."))
    assert sent(nam) == [first]

    nam.page.context.set_offline(True)
    give_without_network(nam)
    teacher.press("Reveal the answer")
    teacher.now("Question %(n)s/%(total)s: the answer is shown", n=2, total=8)
    nam.page.context.set_offline(False)
    told = _("The teacher has already gone over this question, so this answer was not counted.")
    expect(nam.page.locator(".bd-notice")).to_contain_text(told, timeout=SOON_MS)
    expect(nam.page.locator(".bd-notice")).to_contain_text("Câu 2")
    kept = nam.page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('bdhvs.aside.')).length")
    assert kept == 1
    assert sent(nam) == [first]
    says(nam, "The teacher is going over this question.")


def test_what_was_answered_ahead_without_network_waits_for_its_item(watched: Watched, served: ServedClass) -> None:
    teacher = Teacher(watched, served)
    nam = phone(watched, served, "Bác Năm")
    open_quiz(nam)
    nam.page.context.set_offline(True)
    nam.respond(right=True)
    nam.press("Câu tiếp theo")
    at(nam, 2)
    nam.respond(right=True)
    teacher.lead()
    nam.page.context.set_offline(False)
    at(nam, 1)
    expect(nam.page.locator(".bd-notice")).to_contain_text("Câu 2", timeout=SOON_MS)
    assert len(facts(served, nam.opened["attempt"])) == 1
    nam.page.reload()
    at(nam, 1)
    teacher.press("Open the next question")
    at(nam, 2)
    says(nam, "Your answer is in. The teacher will open the next question.")
    teacher.counts(1, 1)
    assert sent(nam) == [one["id"] for one in nam.opened["items"][:2]]


def test_learners_wait_then_work_then_see_their_result(watched: Watched, served: ServedClass) -> None:
    teacher = Teacher(watched, served)
    teacher.press("Let learners wait before it begins")
    teacher.now("Learners are waiting. They can join, but see no questions yet.")
    nam = phone(watched, served, "Bác Năm")
    expect(nam.page.locator("h1")).to_have_text(_("You are in the class"))
    picture(nam.page, "phone-lobby")
    picture(teacher.page, "teacher-waiting")
    teacher.press("Begin the class")
    expect(nam.page.locator("h1")).to_contain_text("Bác Năm", timeout=SOON_MS)
    open_quiz(nam)
    nam.judged(right=True)
    nam.press("Câu tiếp theo")
    at(nam, 2)
    teacher.unfold()
    teacher.page.locator("#nhip").get_by_role("link", name=_("End the class")).click()
    picture(teacher.page, "teacher-ending")
    teacher.page.get_by_role("button", name=_("End the class for everybody")).click()
    teacher.now("The class has ended. Nobody can join or answer any more; everybody can see their result.")
    expect(nam.page.locator(".bd-pace")).to_have_text(
        _("The class has ended. Thank you for coming. Everything you did is kept."), timeout=SOON_MS
    )
    picture(nam.page, "phone-ended")
    picture(teacher.page, "teacher-ended")
    with Store.read_only(served.data) as store:
        found = store.attempt(nam.opened["attempt"])
    assert found is not None
    attempt = replay(events_of(*found))
    assert (attempt.status, attempt.finish_reason) == ("finished", "teacher")
    ids = [ref.id for ref in attempt.items]
    assert [attempt.outcome(one) for one in ids[:3]] == ["answered", "cut_off", "not_reached"]
    stranger = watched.page(served.origin, **PHONE)
    stranger.goto(served.told["join_url"])
    stranger.get_by_label("Tên gọi trong lớp").fill("Cô Út")
    stranger.get_by_role("button", name="Vào lớp").click()
    expect(stranger.get_by_role("alert")).to_contain_text(_("The teacher has ended the class. What was saved is kept; nothing more is taken now."))

    served.kill()
    served.start()
    teacher.page.goto(served.told["teacher_url"])
    teacher.press("Reopen the class")
    teacher.now("Everybody works alone, at their own pace.")
    stranger.get_by_label("Tên gọi trong lớp").fill("Cô Út")
    stranger.get_by_role("button", name="Vào lớp").click()
    stranger.wait_for_url("**/lop")


def test_the_controls_work_without_javascript(watched: Watched, served: ServedClass) -> None:
    teacher = Teacher(watched, served, java_script_enabled=False)
    teacher.lead()
    teacher.press("Hold: no more answers")
    teacher.now("Question %(n)s/%(total)s is held", n=1, total=8)
    teacher.press("Reveal the answer")
    teacher.now("Question %(n)s/%(total)s: the answer is shown", n=1, total=8)
    teacher.press("Open the next question")
    teacher.now("Question %(n)s/%(total)s is open", n=2, total=8)
    teacher.press("Let everybody go on alone")
    teacher.now("Everybody works alone, at their own pace.")


def test_phones_follow_without_streams(watched: Watched, served: ServedClass) -> None:
    teacher = Teacher(watched, served)
    nam = phone(watched, served, "Bác Năm")
    nam.page.add_init_script("delete window.EventSource")
    open_quiz(nam)
    teacher.lead()
    says(nam, "The whole class is at this question.")
    teacher.press("Open the next question")
    at(nam, 2)


def test_a_page_out_of_date_moves_nobody_on_by_mistake(watched: Watched, served: ServedClass) -> None:
    one = Teacher(watched, served)
    one.lead()
    other = Teacher(watched, served, java_script_enabled=False)  # a tablet that does not follow
    one.press("Open the next question")
    one.now("Question %(n)s/%(total)s is open", n=2, total=8)
    other.press("Reveal the answer")
    expect(other.page.get_by_role("alert")).to_contain_text(_("Another question is open by now. This is how it is at the moment."))
    other.now("Question %(n)s/%(total)s is open", n=2, total=8)


def test_axe_finds_nothing_in_any_state(watched: Watched, served: ServedClass) -> None:
    learner = ApiLearner(served.origin)
    learner.join(served.told["code"], "Bác Năm")
    learner.open(FORM)
    teacher = Teacher(watched, served)
    set_up(teacher.page, letters=1, contrast="normal", theme="dark")
    wall = watched.page(served.origin, viewport=LAPTOP, locale="vi-VN")
    wall.goto(served.told["teacher_url"])
    wall.goto(f"{served.origin}/gv/chieu")
    nam = phone(watched, served, "Chị Mơ")
    open_quiz(nam)

    def look() -> None:
        for page in (teacher.page, wall, nam.page):
            assert violations(page) == []
            assert page.evaluate(CUT) == []
            assert page.evaluate(SMALL_TARGETS) == []

    look()
    teacher.lead()
    says(nam, "The whole class is at this question.")
    expect(wall.locator(".wall")).to_be_visible(timeout=SOON_MS)
    look()
    teacher.press("Reveal the answer")
    expect(nam.page.locator(".bd-feedback")).to_be_visible(timeout=SOON_MS)
    expect(wall.locator(".wall-key").first).to_be_visible(timeout=SOON_MS)
    look()
    teacher.page.set_viewport_size({"width": 360, "height": 640})
    look()
    learner.close()


def test_nothing_a_phone_receives_holds_the_key_before_the_reveal(watched: Watched, served: ServedClass) -> None:
    teacher = Teacher(watched, served)
    nam = phone(watched, served, "Bác Năm")
    heard: list[str] = []
    nam.page.on("response", lambda one: heard.append(one.text()) if one.url.endswith("/api/quiz") else None)
    teacher.lead()
    open_quiz(nam)
    says(nam, "The whole class is at this question.")
    give(nam, right=True)
    replies = [json.loads(text) for text in heard]
    states = [state for reply in replies for state in (reply.get("states") or {}).values()]
    states += [reply["state"] for reply in replies if reply.get("state")]
    assert states
    assert [state["feedback"] for state in states if state["feedback"]] == []
    assert {state["tries_left"] for state in states} == {1}


def test_who_is_at_another_quiz_is_shown_the_way_to_the_others(watched: Watched, served: ServedClass) -> None:
    teacher = Teacher(watched, served)
    nam, mo = phone(watched, served, "Bác Năm"), phone(watched, served, "Chị Mơ")
    nam.open_quiz("thu-suc-ngan")
    teacher.lead()
    says_so = _("The whole class is working together at another quiz.")
    expect(nam.page.locator(".bd-pace")).to_contain_text(says_so, timeout=SOON_MS)
    expect(mo.page.get_by_role("heading", name=_("The class is working together now"))).to_be_visible(timeout=SOON_MS)
    picture(nam.page, "phone-elsewhere")
    picture(mo.page, "phone-home")
    assert violations(nam.page) == []
    nam.answer()
    expect(nam.page.locator(".bd-pace")).to_contain_text(says_so)
    nam.touch(nam.page.get_by_role("link", name=_("Join in")))
    expect(nam.page.locator("[data-follow] a.card")).to_be_visible(timeout=SOON_MS)
    for one in (nam, mo):
        one.touch(one.page.locator("[data-follow] a.card"))
        at(one, 1)
        says(one, "The whole class is at this question.")
