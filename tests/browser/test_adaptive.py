"""A placement on a phone, items one by one: no total, no going back, through a dead network and a killed server, and the
stored events give the same items and the same estimate again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Response, expect

pytest.importorskip("numpy")
pytest.importorskip("scipy")

from bdhvs.bank.loader import Bank
from bdhvs.core.attempt import replay
from bdhvs.core.attempt_events import Given, ItemRef
from bdhvs.service.adaptive import Choosers, replayed
from bdhvs.store import Store, events_of
from tests.browser.conftest import Watched
from tests.browser.driver import PHONE, ServedClass
from tests.browser.knowing import Knowing
from tests.browser.test_accessible import CUT, SMALL_TARGETS, violations

pytestmark = pytest.mark.browser
FORM = "xep-lop"
BACK_MS = 40_000  # the longest pause between two trials is 15 s


class Placed(Knowing):
    """Hears which item each reply brings, as the page does."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.heard: list[str] = []
        self.page.on("response", self._hear)

    def _hear(self, response: Response) -> None:
        if not response.url.endswith("/api/quiz") or response.status != 200:
            return
        text = response.text()
        self.heard.append(text)
        reply = json.loads(text)
        known = {one["id"] for one in self.opened.get("items", [])}
        if "next" in reply and reply["next"]["item"]["id"] not in known:
            self.opened["items"].append(reply["next"]["item"])

    @property
    def number(self) -> int:
        return int(self.count.removeprefix("Câu "))

    def able(self) -> bool:
        return self.bank.item(self.item["id"]).level <= 2

    def go_on(self) -> None:
        """Answer, and wait for the next item or the end."""
        before = self.number
        self.respond(right=self.able())
        self.page.wait_for_function(
            "before => !document.querySelector('fieldset.bd-item') || document.querySelector('.bd-count').textContent !== before",
            arg=f"Câu {before}",
        )


@pytest.fixture
def learner(watched: Watched, served: ServedClass) -> Placed:
    one = Placed(watched.page(served.origin, **PHONE), served, Bank.load())
    one.join()
    return one


def test_a_placement_goes_through_a_dead_network_and_a_power_cut_and_is_replayed(learner: Placed, served: ServedClass) -> None:
    main = learner.page.locator("main")
    expect(main).to_contain_text("nhiều nhất 16 câu")  # on the home page
    learner.open_quiz(FORM)
    assert learner.count == "Câu 1"
    expect(learner.area.locator(".bd-status")).to_contain_text("Nhiều nhất 16 câu")
    expect(learner.area.locator(".bd-progress")).to_be_hidden()
    expect(learner.area.locator(".bd-most")).to_have_text("nhiều nhất 16 câu")  # it stays, where there is no total
    assert violations(learner.page) == []
    assert learner.page.evaluate(SMALL_TARGETS) == []
    assert learner.page.evaluate(CUT) == []
    learner.go_on()
    assert learner.count == "Câu 2"
    expect(learner.area.locator(".bd-status")).to_contain_text("Đã lưu câu 1")
    assert learner.area.get_by_role("button", name="Quay lại", exact=True).count() == 0

    learner.press("Bỏ qua")  # the next one comes with the reply
    expect(learner.area.locator(".bd-count")).to_have_text("Câu 3")

    learner.page.context.set_offline(True)
    learner.respond(right=learner.able())
    expect(main).to_contain_text("Câu tiếp theo sẽ đến khi có mạng")
    expect(main).not_to_contain_text("Cứ làm tiếp")  # there is nothing to go on with
    assert violations(learner.page) == []
    learner.page.context.set_offline(False)
    expect(learner.area.locator(".bd-count")).to_have_text("Câu 4", timeout=BACK_MS)
    learner.go_on()

    learner.put_in(learner.places(right=learner.able()))
    given = learner.opened["items"][4]["id"]
    served.kill()  # a power cut, and the answer is given all the same
    learner.press("Trả lời")
    expect(main).to_contain_text("Câu tiếp theo sẽ đến khi có mạng", timeout=BACK_MS)
    served.start()
    expect(learner.area.locator(".bd-count")).to_have_text("Câu 6", timeout=BACK_MS)
    learner.page.reload()
    expect(learner.area.locator(".bd-count")).to_have_text("Câu 6")
    assert learner.opened["items"][4]["id"] == given

    while learner.fieldset.is_visible():
        learner.go_on()
    learner.press("Nộp bài")
    expect(main).to_contain_text("Câu nào cũng được chọn cho vừa sức")
    with_lessons = learner.area.locator(".bd-nexts").count()  # there are lessons for some of what may be missed only
    expect(learner.area.locator(".bd-summary + .bd-subheading")).to_have_text(["Nên bắt đầu từ đây"] * with_lessons)
    for word in ("logit", "ability", "difficulty", "probabilit", '"sd"'):
        assert not any(word in one for one in learner.heard)
    _is_replayed(learner, served)


def _is_replayed(learner: Placed, served: ServedClass) -> None:
    """From the store alone: the items that stood on the screen, each as the engine chooses it, and one estimate."""
    with Store.read_only(served.data) as store:
        found = store.attempt(learner.opened["attempt"])
        assert found is not None
        row, events = found
        facts = events_of(row, events)
        attempt = replay(facts)
        assert [ref.id for ref in attempt.items] == [one["id"] for one in learner.opened["items"]]
        assert 8 <= len(attempt.items) <= 16
        chooser = Choosers(store).of(row.rules.adaptive or "")
        for place, fact in enumerate(facts):
            if isinstance(fact, Given):
                assert chooser.next(chooser.state(replay(facts[:place]), row.seed, ()), ()) == ItemRef(fact.item, fact.version)
        told = replayed(store, row, events)
        assert told == chooser.estimate(attempt, row.seed, ())
    assert told.ended in ("band_certain", "maximum")
    assert -2.5 < told.mean < 1.5
    assert [event.type for event in events].count("skipped") == 1


def test_an_answer_kept_over_a_closed_page_brings_the_next_item(learner: Placed, watched: Watched) -> None:
    learner.open_quiz(FORM)
    learner.page.context.set_offline(True)
    learner.respond(right=True)
    expect(learner.page.locator("main")).to_contain_text("Câu tiếp theo sẽ đến khi có mạng")
    context = learner.page.context
    learner.page.close()
    context.set_offline(False)
    again = Placed(context.new_page(), learner.served, learner.bank)
    again.page.goto(f"{learner.served.origin}/kiem-tra/{FORM}")
    expect(again.area.locator(".bd-count")).to_have_text("Câu 2", timeout=BACK_MS)


def test_the_teacher_sees_places_and_cannot_lead_it(learner: Placed, watched: Watched) -> None:
    learner.open_quiz(FORM)
    for _ in range(2):
        learner.go_on()
    page = watched.page(learner.served.origin, viewport={"width": 1280, "height": 900}, locale="vi-VN")
    page.goto(learner.served.told["teacher_url"])
    board = page.locator(".board")
    expect(board).to_contain_text("mỗi người có câu hỏi riêng")
    expect(board.locator("thead th")).to_have_count(2 + 16)
    expect(board.locator("tbody td.s-thinking")).to_have_count(1)
    assert board.locator("thead button").count() == 0
    assert f'value="{FORM}"' not in page.locator("#pace-form").inner_html()
    expect(page.locator("main")).to_contain_text("Chỉ để từng người tự làm")
