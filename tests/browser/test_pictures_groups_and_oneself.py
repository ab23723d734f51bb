"""Places of a picture, groups, and what people think of themselves: by finger, by keyboard alone, and after a reload."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from bdhvs.bank.loader import Bank
from tests.browser.conftest import Watched
from tests.browser.driver import PHONE, ServedClass
from tests.browser.knowing import Knowing, facts
from tests.browser.test_accessible import CUT, SIZES, SMALL_TARGETS, SMALL_TEXT, set_up, violations

pytestmark = pytest.mark.browser

KINDS = ["hotspot", "categorise", "self_assessment"]
PRACTICE, ONESELF = "nhin-va-xep", "tu-xem-minh"


@pytest.fixture
def with_phone(watched: Watched, shared: ServedClass) -> Knowing:
    one = Knowing(watched.page(shared.origin, **PHONE), shared, Bank.load())
    one.join()
    return one


@pytest.fixture
def with_keys(watched: Watched, shared: ServedClass) -> Knowing:
    one = Knowing(watched.page(shared.origin, viewport={"width": 1280, "height": 800}, locale="vi-VN"), shared, Bank.load())
    one.join()
    return one


def to_item(learner: Knowing, kind: str) -> None:
    """Skip to the first item of this kind."""
    learner.open_quiz(ONESELF if kind == "self_assessment" else PRACTICE)
    while learner.kind != kind:
        before = learner.count
        learner.press("Bỏ qua")
        expect(learner.area.locator(".bd-count")).not_to_have_text(before)


def said_by(learner: Knowing) -> list[dict[str, Any]]:
    """The responses stored, in the order given."""
    return [json.loads(one.response or "{}") for one in facts(learner.served, learner.opened["attempt"])]


def go_back_after_reload(learner: Knowing, count: str) -> None:
    learner.page.reload()
    learner.fieldset.wait_for()
    while learner.count != count:
        before = learner.count
        learner.press("Quay lại")
        expect(learner.area.locator(".bd-count")).not_to_have_text(before)


def press_keys(learner: Knowing, target: Locator) -> None:
    """Tab to a control as far as it takes, so that one which Tab never reaches fails."""
    for _ in range(60):
        learner.page.keyboard.press("Tab")
        if target.evaluate("(one) => one === document.activeElement"):
            return
    raise AssertionError("Tab does not come to the control")


# ── a picture ───────────────────────────────────────────────────────────────────────────────────────


def test_a_place_of_the_picture_is_tapped_judged_and_there_again_after_a_reload(with_phone: Knowing) -> None:
    to_item(with_phone, "hotspot")
    count, right = with_phone.count, with_phone.places(right=True)
    expect(with_phone.fieldset.locator(".bd-spot.is-on")).to_have_count(0)
    expect(with_phone.fieldset.get_by_role("status")).to_have_text("Chưa chọn chỗ nào")
    wrong = with_phone.places(right=False)
    with_phone.put_in(wrong)
    with_phone.put_in(right)  # the mark moves: one place is asked for
    expect(with_phone.fieldset.locator(".bd-spot.is-on")).to_have_count(1)
    expect(with_phone.fieldset.get_by_role("status")).to_contain_text("Đã chọn: ")
    with_phone.press("Trả lời")
    expect(with_phone.area.locator(".bd-verdict")).to_have_text("Đúng rồi!")
    go_back_after_reload(with_phone, count)
    spot = with_phone.fieldset.locator(".bd-spot").nth(int(right["choices"][0]) - 1)
    expect(spot).to_have_class("bd-spot is-on")
    item = with_phone.bank.item(with_phone.item["id"])
    assert said_by(with_phone) == [{"choices": sorted(item.keys)}]  # type: ignore[attr-defined]


def test_the_list_beside_the_picture_gives_the_same_answer_by_keyboard_alone(with_keys: Knowing) -> None:
    to_item(with_keys, "hotspot")
    right = with_keys.places(right=True)
    marks = with_keys.fieldset.locator(".bd-marks")
    expect(marks).to_have_attribute("aria-hidden", "true")
    assert marks.locator("button, a, input, [tabindex]").count() == 0  # who cannot see them does not meet them
    press_keys(with_keys, with_keys.fieldset.locator("summary"))
    with_keys.page.keyboard.press("Enter")
    press_keys(with_keys, with_keys.fieldset.locator("input").first)
    with_keys.page.keyboard.press("Space")
    for _ in range(int(right["choices"][0]) - 1):
        with_keys.page.keyboard.press("ArrowDown")
    expect(with_keys.fieldset.locator(".bd-spot.is-on")).to_have_count(1)
    press_keys(with_keys, with_keys.area.get_by_role("button", name="Trả lời", exact=True))
    with_keys.page.keyboard.press("Enter")
    expect(with_keys.area.locator(".bd-verdict")).to_have_text("Đúng rồi!")
    item = with_keys.bank.item(with_keys.item["id"])
    assert said_by(with_keys) == [{"choices": sorted(item.keys)}]  # type: ignore[attr-defined]


def test_several_places_are_tapped_and_taken_back(with_phone: Knowing) -> None:
    to_item(with_phone, "hotspot")
    while not with_phone.item["body"].get("several"):
        before = with_phone.count
        with_phone.press("Bỏ qua")
        expect(with_phone.area.locator(".bd-count")).not_to_have_text(before)
    spots = with_phone.fieldset.locator(".bd-spot")
    for place in (0, 1, 0):
        with_phone.touch(spots.nth(place))
    expect(with_phone.fieldset.locator(".bd-spot.is-on")).to_have_count(1)
    expect(spots.nth(1)).to_have_class("bd-spot is-on")


def test_without_the_picture_the_list_is_open(with_phone: Knowing) -> None:
    with_phone.page.route("**/media/**", lambda route: route.abort())
    to_item(with_phone, "hotspot")
    expect(with_phone.fieldset.locator("details")).to_have_attribute("open", "")
    with_phone.touch(with_phone.fieldset.locator("label.bd-card-option").first)
    expect(with_phone.fieldset.get_by_role("status")).to_contain_text("Đã chọn: ")


def test_nothing_tapped_is_said_and_the_focus_goes_to_the_list(with_phone: Knowing) -> None:
    to_item(with_phone, "hotspot")
    with_phone.press("Trả lời")
    expect(with_phone.page.get_by_role("status").filter(has_text="Chạm vào một chỗ trên hình")).to_have_count(1)
    expect(with_phone.fieldset.locator("input").first).to_be_focused()


# ── groups ──────────────────────────────────────────────────────────────────────────────────────────


def test_each_thing_takes_one_tap_and_stays_after_a_reload(with_phone: Knowing) -> None:
    to_item(with_phone, "categorise")
    count, right = with_phone.count, with_phone.places(right=True)
    with_phone.put_in(right)
    with_phone.press("Trả lời")
    expect(with_phone.area.locator(".bd-verdict")).to_have_text("Đúng rồi!")
    go_back_after_reload(with_phone, count)
    for thing, group in right["pairs"].items():
        chosen = with_phone.fieldset.locator(".bd-thing").nth(int(thing) - 1).locator("input:checked")
        expect(chosen).to_have_value(group)
    assert said_by(with_phone) == [{"pairs": dict(with_phone.bank.item(with_phone.item["id"]).fitting)}]  # type: ignore[attr-defined]


def test_things_are_sorted_by_keyboard_alone(with_keys: Knowing) -> None:
    to_item(with_keys, "categorise")
    right = with_keys.places(right=True)
    for thing, group in right["pairs"].items():
        inputs = with_keys.fieldset.locator(".bd-thing").nth(int(thing) - 1).locator("input")
        press_keys(with_keys, inputs.first)
        with_keys.page.keyboard.press("Space")
        for _ in range(int(group) - 1):
            with_keys.page.keyboard.press("ArrowRight")
    press_keys(with_keys, with_keys.area.get_by_role("button", name="Trả lời", exact=True))
    with_keys.page.keyboard.press("Enter")
    expect(with_keys.area.locator(".bd-verdict")).to_have_text("Đúng rồi!")


def test_a_thing_left_over_is_counted_and_focused(with_phone: Knowing) -> None:
    to_item(with_phone, "categorise")
    things = with_phone.fieldset.locator(".bd-thing")
    with_phone.touch(things.first.locator("label").first)
    with_phone.press("Trả lời")
    expect(with_phone.page.get_by_role("status").filter(has_text=str(things.count() - 1))).to_have_count(1)
    expect(things.nth(1).locator("input").first).to_be_focused()


# ── oneself ─────────────────────────────────────────────────────────────────────────────────────────


def test_what_somebody_says_of_themselves_is_kept_and_never_counted(with_phone: Knowing) -> None:
    with_phone.open_quiz(ONESELF)
    expect(with_phone.fieldset).to_contain_text("không tính điểm")
    assert "Có người giúp tôi" not in with_phone.page.locator("main").inner_text()
    with_phone.touch(with_phone.fieldset.locator("label").nth(3))
    expect(with_phone.page.locator(".bd-confidence")).to_have_count(0)
    with_phone.press("Trả lời")
    expect(with_phone.area.locator(".bd-count")).to_have_text("Câu 2/11")
    go_back_after_reload(with_phone, "Câu 1/11")
    expect(with_phone.fieldset.locator("input").nth(3)).to_be_checked()
    (kept,) = facts(with_phone.served, with_phone.opened["attempt"])
    assert (kept.points, kept.maximum, kept.verdict) == (None, None, "noted")
    assert said_by(with_phone)[0]["can"] is True
    with_phone.press("Câu tiếp theo")
    for number in range(2, 12):
        expect(with_phone.area.locator(".bd-count")).to_have_text(f"Câu {number}/11")
        with_phone.press("Bỏ qua")
    with_phone.press("Nộp bài")
    expect(with_phone.area.locator(".bd-summary")).to_contain_text("0 trong 7")  # seven tasks, four questions about oneself


def test_how_sure_is_asked_after_choosing_kept_and_there_again(with_phone: Knowing) -> None:
    with_phone.open_quiz(ONESELF)
    with_phone.press("Bỏ qua")  # saying nothing of oneself is fine
    expect(with_phone.area.locator(".bd-count")).to_have_text("Câu 2/11")
    sure = with_phone.page.get_by_role("group", name="Bác chắc đến đâu?")
    expect(sure).to_be_hidden()
    with_phone.put_in(with_phone.places(right=True))
    expect(sure).to_be_visible()
    expect(sure.locator("input:checked")).to_have_count(0)
    with_phone.touch(sure.get_by_text("Khá chắc"))
    with_phone.press("Trả lời")
    expect(with_phone.area.locator(".bd-count")).to_have_text("Câu 3/11")
    go_back_after_reload(with_phone, "Câu 2/11")
    expect(sure.get_by_role("radio", name="Khá chắc")).to_be_checked()
    with_phone.touch(sure.get_by_text("Đoán thôi"))  # the same answer, less sure of it
    with_phone.press("Trả lời")
    expect(with_phone.area.locator(".bd-count")).to_have_text("Câu 3/11")
    assert [one.confidence for one in facts(with_phone.served, with_phone.opened["attempt"])] == [3, 1]


# ── for everybody ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_before_choosing_after_it_and_after_the_answer(watched: Watched, shared: ServedClass, theme: str) -> None:
    learner = Knowing(watched.page(shared.origin, **PHONE), shared, Bank.load())
    set_up(learner.page, theme=theme)
    learner.join()
    found = []
    for kind in KINDS:
        to_item(learner, kind)
        found += violations(learner.page)
        learner.choose()
        found += violations(learner.page)
        learner.press("Trả lời")
        learner.page.wait_for_timeout(300)
        found += violations(learner.page)
    learner.choose()  # the task after the first self-assessment, with the question how sure one is
    found += violations(learner.page)
    assert found == []


@pytest.mark.parametrize("letters", [1, 3])
def test_nothing_is_cut_or_too_small_to_tap_or_read(watched: Watched, shared: ServedClass, letters: int) -> None:
    learner = Knowing(watched.page(shared.origin, **PHONE), shared, Bank.load())
    set_up(learner.page, letters=letters)
    learner.join()
    for kind in KINDS:
        to_item(learner, kind)
        learner.choose()
        for width, height in SIZES:
            learner.page.set_viewport_size({"width": width, "height": height})
            assert learner.page.evaluate(CUT) == [], (kind, width)
        learner.page.set_viewport_size(PHONE["viewport"])
        assert learner.page.evaluate(SMALL_TARGETS) == [], kind
        assert learner.page.evaluate(SMALL_TEXT) == [], kind
        if kind == "hotspot":
            boxes = [one.bounding_box() for one in learner.fieldset.locator(".bd-spot").all()]
            assert min(min(box["width"], box["height"]) for box in boxes if box) >= 40  # where 300 px are not to be had
