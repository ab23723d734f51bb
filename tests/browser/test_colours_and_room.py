"""Forced colours, strong contrast, large letters, a small screen: all is there, nothing lies over another thing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bdhvs.bank.loader import Bank
from tests.browser.conftest import Watched
from tests.browser.driver import PHONE, ServedClass
from tests.browser.knowing import Knowing
from tests.browser.test_accessible import CUT, set_up, violations, wait_until_drawn

pytestmark = pytest.mark.browser

#: Pairs of things to tap that lie over each other by more than a pixel.
OVERLAPS = """() => {
  const all = [...document.querySelectorAll('a, button, summary, label.bd-card-option, label.bd-helped, input.bd-field')]
    .filter((one) => one.checkVisibility() && !one.matches('.skip-link')).map((one) => [one, one.getBoundingClientRect()]);
  const found = [];
  for (const [one, a] of all) for (const [other, b] of all) {
    if (one === other || one.contains(other) || other.contains(one)) continue;
    if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1)
      found.push([one.outerHTML.slice(0, 60), other.outerHTML.slice(0, 60)]);
  }
  return found.slice(0, 4);
}"""

#: How an element looks apart from hue: its outline, edge, and shape.
LOOKS = """(one) => { const style = getComputedStyle(one);
  return [style.outlineStyle, style.outlineWidth, style.borderWidth, style.boxShadow, style.backgroundColor].join(' '); }"""


def knowing(watched: Watched, shared: ServedClass, **options: object) -> Knowing:
    return Knowing(watched.page(shared.origin, **{**PHONE, **options}), shared, Bank.load())


def each_item(learner: Knowing) -> None:
    learner.open_quiz("thu-suc-ngan")
    for number in range(12):
        expect(learner.area.locator(".bd-count")).to_have_text(f"Câu {number + 1}/12")
        assert fits(learner.page) == [], learner.kind
        learner.press("Bỏ qua")
    assert fits(learner.page) == [], "end"


def fits(page: Page) -> list[object]:
    return [*page.evaluate(CUT), *page.evaluate(OVERLAPS)]


@pytest.mark.parametrize(("width", "letters"), [(320, 3), (180, 1), (180, 3), (360, 2)])
def test_nothing_is_cut_and_nothing_lies_over_another_thing(watched: Watched, shared: ServedClass, width: int, letters: int) -> None:
    learner = knowing(watched, shared, viewport={"width": width, "height": 2 * width - 80})
    set_up(learner.page, letters=letters, contrast="more", theme="light")
    learner.join()
    for path in ("/lop", f"/j/{shared.told['code']}", "/bai/an-toan-truoc-lua-dao-otp", "/khong-co"):
        learner.page.goto(shared.origin + path)
        wait_until_drawn(learner.page)
        assert fits(learner.page) == [], path
    each_item(learner)
    learner.press("Nộp bài")
    expect(learner.area).to_contain_text("Làm được 0 trong 12 việc")
    for one in learner.page.locator("details > summary").all():
        one.tap()
    assert fits(learner.page) == [], "result"


def test_with_forced_colours_what_is_chosen_and_focused_is_still_to_be_seen(watched: Watched, shared: ServedClass) -> None:
    learner = knowing(watched, shared, forced_colors="active")
    learner.join()
    learner.open_quiz("lam-quen")
    options = learner.fieldset.locator("label.bd-card-option")
    learner.touch(options.first)
    chosen, other = options.first.evaluate(LOOKS), options.last.evaluate(LOOKS)
    assert chosen != other
    dot, empty = (one.locator("input").evaluate(LOOKS) for one in (options.first, options.last))
    assert dot != empty
    learner.press("Trả lời")
    verdict = learner.area.locator(".bd-verdict")
    expect(verdict).to_contain_text("ú")  # "Đúng rồi!" or "Chưa đúng": a word
    assert verdict.locator("svg").evaluate("(one) => getComputedStyle(one).stroke") != learner.page.locator("body").evaluate(
        "(one) => getComputedStyle(one).backgroundColor"
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast_and_theme_reach_every_part_of_the_page(watched: Watched, shared: ServedClass, theme: str) -> None:
    learner = knowing(watched, shared)
    set_up(learner.page, letters=1, contrast="more", theme=theme)
    learner.join()
    learner.page.goto(f"{shared.origin}/bai/an-toan-truoc-lua-dao-otp")
    wait_until_drawn(learner.page)
    colours = learner.page.evaluate(
        "() => ['body', '.page-settings', '.bdhvs-mount, [data-bdhvs-embed]'].map((one) => document.querySelector(one))"
        ".map((one) => getComputedStyle(one).getPropertyValue('--ink').trim())"
    )
    assert set(colours) == {"#000" if theme == "light" else "#fff"}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_teacher_s_page_with_learners_fits_a_phone_and_passes_axe(watched: Watched, shared: ServedClass, theme: str) -> None:
    learner = knowing(watched, shared)
    learner.join("Nguyễn Thị Hồng Nhung ở xóm Đình Thượng")
    learner.open_quiz("thu-suc-ngan")
    learner.press("Cần giúp")
    learner.respond(right=True)
    page = watched.page(shared.origin, **PHONE)
    set_up(page, letters=2, contrast="more" if theme == "dark" else "normal", theme=theme)
    page.goto(shared.told["teacher_url"])
    expect(page.locator("tbody").first).to_contain_text("Hồng Nhung")
    assert fits(page) == []
    assert violations(page) == []


def test_axe_finds_nothing_when_something_went_wrong(watched: Watched, shared: ServedClass) -> None:
    learner = knowing(watched, shared)
    learner.page.goto(f"{shared.origin}/j/BBBBBB")
    learner.page.get_by_label("Tên gọi trong lớp").fill("Lan")
    learner.press("Vào lớp")
    expect(learner.page.get_by_role("alert")).to_be_visible()
    assert violations(learner.page) == []
    learner.join()
    learner.open_quiz("lam-quen")
    learner.press("Màu")
    learner.press("Trả lời")
    assert violations(learner.page) == [], "nothing chosen, colours open"
    learner.page.context.set_offline(True)
    learner.respond(right=False)
    expect(learner.page.locator("main")).to_contain_text("Đã giữ trên máy")
    assert violations(learner.page) == [], "offline"
