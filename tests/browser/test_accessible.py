"""For everybody: keyboard alone, screen readers, large letters, small screens, strong contrast.

axe-core finds only part of this; the rest is asserted as a person would meet it (docs of design: native elements,
48 px to tap, 18 px to read, nothing cut at 360 px and at 200 % zoom, one Tab stop a group).
"""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.browser.driver import PHONE, Person, ServedClass

pytestmark = pytest.mark.browser

#: Sizes at which nothing may be cut: a phone, an old phone, and the phone at 200 % zoom (half its CSS width).
SIZES = [(360, 640), (320, 568), (180, 320)]

SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, input, select, summary, label.bd-card-option')]
  .filter((one) => one.checkVisibility() && !one.closest('.skip-link, p, li:not(.cards li):not(.bd-steps li), .qr-box'))
  .map((one) => {
    const box = (one.matches('input') && one.closest('label') || one).getBoundingClientRect();
    return [one.outerHTML.slice(0, 90), Math.round(box.width), Math.round(box.height)];
  })
  .filter(([, width, height]) => width < 47.5 || height < 47.5)"""

SMALL_TEXT = """() => [...document.querySelectorAll('main *, .page-settings *')]
  .filter((one) => one.checkVisibility() && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .filter((one) => !one.closest('.bd-heard, .heard, svg, .bd-letter'))
  .map((one) => [one.outerHTML.slice(0, 80), parseFloat(getComputedStyle(one).fontSize)])
  .filter(([html, size]) => size < (/<small|class="(help|bd-unit)/.test(html) ? 16 : 17.5))"""

CUT = """() => {
  const width = document.documentElement.clientWidth, found = [];
  if (document.scrollingElement.scrollWidth > width + 1) found.push('page ' + document.scrollingElement.scrollWidth);
  for (const one of document.querySelectorAll('main *')) {
    const box = one.getBoundingClientRect();
    if (!box.width || one.closest('.scroll, .bd-heard, .heard, .skip-link, svg')) continue;
    if (box.right > width + 1 || box.left < -1) found.push(one.outerHTML.slice(0, 90));
    const style = getComputedStyle(one);
    if (style.overflow === 'hidden' && one.scrollWidth > one.clientWidth + 2) found.push('hides ' + one.outerHTML.slice(0, 90));
  }
  return found.slice(0, 5);
}"""


def violations(page: Page) -> list[str]:
    # Half faded in, letters are pale; what counts is how they stay.
    page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null)))")
    results = Axe().run(page).response["violations"]
    return [f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:120]}" for one in results]


def set_up(page: Page, **settings: Any) -> None:
    """Choose letters, contrast and theme as the buttons at the top do, before anything is drawn."""
    import json

    page.add_init_script(f"localStorage.setItem('bdhvs.settings', {json.dumps(json.dumps(settings))})")


def pages_of(person: Person) -> list[str]:
    """Addresses of the pages a learner meets; the person must have joined."""
    origin = person.served.origin
    return [person.served.told["join_url"], f"{origin}/lop", f"{origin}/bai/an-toan-truoc-lua-dao-otp", f"{origin}/khong-co"]


def wait_until_drawn(page: Page) -> None:
    page.wait_for_function(
        "() => ![...document.querySelectorAll('[data-bdhvs-embed]')].some((one) => !one.querySelector('fieldset, .bd-heading'))"
        " && !document.querySelector('meta[http-equiv=refresh]')",
        timeout=60_000,
    )


@pytest.mark.parametrize(("contrast", "theme"), [("normal", "light"), ("normal", "dark"), ("more", "dark")])
def test_axe_finds_nothing_on_any_page_or_item_kind(watched: Watched, shared: ServedClass, theme: str, contrast: str) -> None:
    person = Person(watched.page(shared.origin, **PHONE), shared)
    set_up(person.page, letters=1, contrast=contrast, theme=theme)
    person.join()
    for address in pages_of(person):
        person.page.goto(address)
        wait_until_drawn(person.page)
        assert violations(person.page) == [], address
    person.open_quiz("thu-suc-ngan")
    seen = set()
    while person.fieldset.is_visible():
        if person.kind not in seen:
            seen.add(person.kind)
            assert violations(person.page) == [], person.kind
        person.choose()
        before = person.page.locator(".bd-card").inner_text()
        person.press("Trả lời")
        expect(person.page.locator(".bd-card")).not_to_have_text(before)
        person.page.wait_for_function("() => !document.querySelector('.bd-status')?.textContent.includes('Đang lưu')")
    assert len(seen) == 6
    assert violations(person.page) == [], "end"
    person.press("Nộp bài")
    expect(person.page.locator("#noi-dung")).to_contain_text("Làm được")
    assert violations(person.page) == [], "result"
    person.open_quiz("lam-quen")
    person.choose()
    person.press("Trả lời")
    expect(person.page.locator(".bd-verdict")).to_be_visible()
    assert violations(person.page) == [], "feedback"


def test_axe_finds_nothing_on_the_teacher_s_pages(watched: Watched, shared: ServedClass) -> None:
    page = watched.page(shared.origin, viewport={"width": 1280, "height": 800})
    page.goto(f"{shared.origin}/gv")
    assert violations(page) == []
    page.goto(shared.told["teacher_url"])
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_nothing_is_cut_too_small_to_read_or_too_small_to_tap(watched: Watched, shared: ServedClass, size: tuple[int, int]) -> None:
    viewport = {"width": size[0], "height": size[1]}
    person = Person(watched.page(shared.origin, **{**PHONE, "viewport": viewport}), shared)
    person.join()

    def look(where: str) -> None:
        assert person.page.evaluate(CUT) == [], where
        assert person.page.evaluate(SMALL_TEXT) == [], where
        assert person.page.evaluate(SMALL_TARGETS) == [], where

    for address in pages_of(person):
        person.page.goto(address)
        wait_until_drawn(person.page)
        look(address)
    person.open_quiz("thu-suc-ngan")
    while person.fieldset.is_visible():
        look(person.kind)
        before = person.page.locator(".bd-card").inner_text()
        person.choose()
        look(f"{person.kind}, chosen")
        person.press("Trả lời")
        person.page.wait_for_function(
            "before => document.querySelector('.bd-card').innerText !== before"
            " && !document.querySelector('.bd-status')?.textContent.includes('Đang lưu')",
            arg=before,
        )
    look("end")
    person.press("Nộp bài")
    expect(person.page.locator("#noi-dung")).to_contain_text("Làm được")
    look("result")


def test_the_largest_letters_fit_the_smallest_phone(watched: Watched, shared: ServedClass) -> None:
    person = Person(watched.page(shared.origin, **{**PHONE, "viewport": {"width": 320, "height": 568}}), shared)
    set_up(person.page, letters=3, contrast="more", theme="light")
    person.join()
    for address in pages_of(person):
        person.page.goto(address)
        wait_until_drawn(person.page)
        assert person.page.evaluate(CUT) == [], address
    person.open_quiz("thu-suc")
    assert person.page.evaluate(CUT) == []
    assert person.page.evaluate("parseFloat(getComputedStyle(document.querySelector('.bd-text')).fontSize)") >= 25


def test_letters_and_colours_stay_and_reach_the_whole_page(on_phone: Person) -> None:
    on_phone.join()
    on_phone.press("Chữ rất to")
    on_phone.touch(on_phone.page.get_by_role("button", name="Màu"))
    on_phone.press("Tối")
    on_phone.page.reload()
    body = on_phone.page.locator("body")
    assert body.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)") >= 25
    red, green, blue = body.evaluate("(one) => getComputedStyle(one).backgroundColor.match(/\\d+/g).map(Number)")
    assert max(red, green, blue) < 60


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.outerHTML.slice(0, 160)"))


def ring(page: Page) -> float:
    """Width of the outline that shows the focus, of the element or of the card around it, in px."""
    return float(
        page.evaluate(
            """() => Math.max(...[document.activeElement, document.activeElement.closest('label')].filter(Boolean)
                 .map((one) => getComputedStyle(one).outlineStyle === 'none' ? 0 : parseFloat(getComputedStyle(one).outlineWidth)))"""
        )
    )


def tab_to(page: Page, wanted: str, most: int = 80) -> None:
    """Press Tab until the focused element is the wanted one (a CSS selector)."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
            assert ring(page) >= 3, focused(page)
            return
    raise AssertionError(f"Tab never came to {wanted}; now at {focused(page)}")


def test_the_whole_way_by_keyboard_alone(on_laptop: Person) -> None:
    page, keys = on_laptop.page, on_laptop.page.keyboard
    page.goto(on_laptop.served.told["join_url"])
    expect(page.get_by_label("Tên gọi trong lớp")).to_be_focused()
    keys.type("Thầy Sơn")
    keys.press("Enter")
    page.wait_for_url("**/lop")
    keys.press("Tab")
    assert "skip-link" in focused(page)
    keys.press("Enter")
    tab_to(page, "#thu-suc > summary")
    keys.press("Enter")
    tab_to(page, "a[href='/kiem-tra/thu-suc-ngan']")
    keys.press("Enter")
    on_laptop.fieldset.wait_for()
    while on_laptop.fieldset.is_visible():
        before = page.locator(".bd-card").inner_text()
        by_keyboard(on_laptop)
        tab_to(page, "button.bd-main")
        keys.press("Enter")
        page.wait_for_function(
            "before => document.querySelector('.bd-card').innerText !== before"
            " && !document.querySelector('.bd-status')?.textContent.includes('Đang lưu')",
            arg=before,
        )
    tab_to(page, "button.bd-main", most=40)
    keys.press("Enter")
    expect(page.locator("#noi-dung")).to_contain_text("Làm được")


def by_keyboard(person: Person) -> None:
    """Answer the item on the screen with Tab, arrows, Space and letters."""
    page, keys = person.page, person.page.keyboard
    match person.kind:
        case "single_choice":
            tab_to(page, "input[type=radio]")
            first = page.evaluate("document.activeElement.value")
            keys.press("ArrowDown")
            assert page.evaluate("document.activeElement.value") != first
            assert page.evaluate("document.activeElement.checked")
            keys.press("Tab")  # one Tab stop a group
            assert "radio" not in focused(page)
            keys.press("Shift+Tab")
        case "multiple_choice":
            tab_to(page, "input[type=checkbox]")
            keys.press("Space")
        case "numeric" | "short_text":
            tab_to(page, "input.bd-field")
            keys.type("12")
        case "ordering":
            for number in range(person.fieldset.locator("button.bd-step").count()):
                tab_to(page, "button.bd-step[aria-pressed=false]")
                keys.press("Space")
                assert page.locator("button.bd-step[aria-pressed=true]").count() == number + 1
        case "matching":
            for row in range(person.fieldset.locator("details.bd-row").count()):
                tab_to(page, f"details.bd-row:nth-of-type({row + 1}) summary")
                if person.fieldset.locator("details.bd-row").nth(row).get_attribute("open") is None:
                    keys.press("Enter")
                tab_to(page, "input[type=radio]")
                keys.press("Space")


def test_what_happens_is_spoken_and_the_focus_goes_where_the_news_is(on_laptop: Person) -> None:
    on_laptop.join()
    on_laptop.open_quiz("lam-quen")
    on_laptop.press("Trả lời")
    spoken = on_laptop.page.locator("[role=status]")
    expect(spoken.filter(has_text="Chọn một đáp án")).to_have_count(1)
    on_laptop.choose()
    on_laptop.press("Trả lời")
    expect(on_laptop.page.locator(".bd-verdict")).to_be_focused()
    expect(spoken.filter(has_text="Đã lưu")).to_have_count(1)


def test_reading_aloud_is_offered_only_where_the_device_has_a_voice(watched: Watched, shared: ServedClass) -> None:
    voices = """(lang) => {
      const spoken = []; window.spoken = spoken;
      const voice = { lang, name: lang, default: true, localService: true, voiceURI: lang };
      Object.defineProperty(window, 'speechSynthesis', { value: {
        getVoices: () => [voice], addEventListener() {}, removeEventListener() {}, cancel() {}, pause() {}, resume() {},
        speak: (one) => spoken.push(one.text), speaking: false, pending: false } });
      window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } addEventListener() {} };
    }"""
    for lang, offered in (("vi-VN", True), ("fr-FR", False)):
        person = Person(watched.page(shared.origin, **PHONE), shared)
        person.page.add_init_script(f"({voices})('{lang}')")
        person.join()
        person.open_quiz("lam-quen")
        button = person.page.get_by_role("button", name="Nghe")
        assert button.is_visible() is offered
        if offered:
            person.touch(button)
            stem = person.page.locator(".bd-stem").inner_text()
            assert stem[:20] in " ".join(person.page.evaluate("window.spoken"))


def test_people_who_asked_for_less_motion_get_none(watched: Watched, shared: ServedClass) -> None:
    person = Person(watched.page(shared.origin, **PHONE, reduced_motion="reduce"), shared)
    person.join()
    person.open_quiz("lam-quen")
    moving = """() => [...document.querySelectorAll('*')].filter((one) => {
      const style = getComputedStyle(one);
      return parseFloat(style.animationDuration) > 0.01 || parseFloat(style.transitionDuration) > 0.01;
    }).map((one) => one.outerHTML.slice(0, 80))"""
    assert person.page.evaluate(moving) == []
