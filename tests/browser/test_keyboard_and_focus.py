"""The finer points of the keyboard: where the focus goes, what arrows do, that the ring is always to be seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bdhvs.bank.loader import Bank
from tests.browser.conftest import Watched
from tests.browser.driver import ServedClass
from tests.browser.knowing import Knowing

pytestmark = pytest.mark.browser

#: The focused element in a few words, and the width of the ring around it (or around the card it lies in), in px.
FOCUSED = """() => {
  const one = document.activeElement, ringed = [one, one.closest('label')].filter(Boolean).map((each) => getComputedStyle(each));
  const ring = Math.max(...ringed.map((style) => style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth)));
  return { tag: one.tagName, text: (one.innerText || one.name || '').trim().slice(0, 60), ring, name: one.name || '' };
}"""


@pytest.fixture
def learner(watched: Watched, shared: ServedClass) -> Knowing:
    one = Knowing(watched.page(shared.origin, viewport={"width": 1280, "height": 800}, locale="vi-VN"), shared, Bank.load())
    one.join()
    return one


def stops(page: Page) -> list[dict[str, object]]:
    """Everything that Tab comes to, once round the page."""
    found: list[dict[str, object]] = []
    page.locator(".skip-link").focus()
    for _ in range(60):
        page.keyboard.press("Tab")
        one = page.evaluate(FOCUSED)
        if one["tag"] in ("BODY", "HTML"):
            return found
        found.append(one)
    raise AssertionError("Tab goes round for ever")


def to_item(learner: Knowing, kind: str) -> None:
    """Skip to the first item of this kind."""
    learner.open_quiz("thu-suc-ngan")
    while learner.kind != kind:
        number = int(learner.count.removeprefix("Câu ").split("/")[0])
        learner.press("Bỏ qua")
        expect(learner.area.locator(".bd-count")).to_have_text(f"Câu {number + 1}/12")


@pytest.mark.parametrize("kind", ["single_choice", "multiple_choice", "numeric", "ordering", "matching"])
def test_every_stop_of_tab_shows_a_ring_and_a_group_of_radio_buttons_is_one_stop(learner: Knowing, kind: str) -> None:
    to_item(learner, kind)
    found = stops(learner.page)
    assert [one for one in found if float(str(one["ring"])) < 3] == []
    groups = [one["name"] for one in found if one["name"] and kind != "multiple_choice"]
    assert len(groups) == len(set(groups)) == (1 if kind in ("single_choice", "matching") else 0), found


def test_also_the_first_thing_done_on_a_page_moves_the_focus(learner: Knowing) -> None:
    learner.open_quiz("thu-suc-ngan")
    learner.press("Bỏ qua")
    expect(learner.area.locator(".bd-count")).to_have_text("Câu 2/12")
    expect(learner.area.locator(".bd-count")).to_be_focused()


def test_the_skip_link_leads_past_the_head_of_the_page(learner: Knowing) -> None:
    learner.page.goto(f"{learner.served.origin}/lop")
    learner.page.keyboard.press("Tab")
    skip = learner.page.get_by_role("link", name="Đến nội dung chính")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    learner.page.keyboard.press("Enter")
    expect(learner.page.locator("main")).to_be_focused()
    learner.page.keyboard.press("Tab")
    assert learner.page.evaluate("document.activeElement.closest('main') !== null")


def test_after_an_answer_the_focus_is_on_the_number_of_the_next_question(learner: Knowing) -> None:
    learner.open_quiz("thu-suc-ngan")
    learner.fieldset.get_by_role("textbox").fill("12")
    learner.page.keyboard.press("Enter")  # in a typed field Enter is the button
    expect(learner.area.locator(".bd-count")).to_have_text("Câu 2/12")
    expect(learner.area.locator(".bd-count")).to_be_focused()
    expect(learner.page.get_by_role("status").filter(has_text="Đã lưu câu 1")).to_have_count(1)
    learner.page.keyboard.press("Tab")
    assert learner.page.evaluate("document.activeElement.closest('.bdhvs-mount') !== null")


def test_in_matching_the_arrows_choose_and_the_card_stays_open(learner: Knowing) -> None:
    to_item(learner, "matching")
    first = learner.fieldset.locator("details.bd-row").first
    first.locator("input").first.focus()
    for place in (1, 2):
        learner.page.keyboard.press("ArrowDown")
        expect(first.locator("input").nth(place)).to_be_checked()
        expect(first).to_have_attribute("open", "")
    learner.page.keyboard.press("Tab")
    assert learner.page.evaluate("document.activeElement.tagName") == "SUMMARY"
    learner.page.keyboard.press("Space")
    expect(learner.fieldset.locator("details.bd-row").nth(1)).to_have_attribute("open", "")


def test_a_step_taken_by_mistake_is_put_back_with_the_same_key(learner: Knowing) -> None:
    to_item(learner, "ordering")
    steps = learner.fieldset.locator("button.bd-step")
    for place in (0, 1):
        steps.nth(place).focus()
        learner.page.keyboard.press("Enter")
    expect(steps.nth(1)).to_contain_text("2")
    steps.nth(0).focus()
    learner.page.keyboard.press("Space")
    expect(steps.nth(0)).to_have_attribute("aria-pressed", "false")
    expect(steps.nth(1)).to_contain_text("1")
    expect(learner.page.get_by_role("status").filter(has_text="Đã bỏ ra")).to_have_count(1)


def test_nothing_given_is_said_and_the_focus_goes_to_where_it_is_missing(learner: Knowing) -> None:
    learner.open_quiz("thu-suc-ngan")
    learner.area.get_by_role("button", name="Trả lời").focus()
    learner.page.keyboard.press("Enter")
    expect(learner.page.get_by_role("status").filter(has_text="Gõ một số")).to_have_count(1)
    expect(learner.fieldset.get_by_role("textbox")).to_be_focused()
