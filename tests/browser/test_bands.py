"""A band on a phone, by an invented calibration that says so; and the plain sentence of a class that has none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytest.importorskip("numpy")
pytest.importorskip("scipy")

from bdhvs.bank.loader import Bank
from tests.browser.conftest import Watched
from tests.browser.driver import PHONE, ServedClass
from tests.browser.knowing import Knowing
from tests.calibrated import calibrated_content

pytestmark = pytest.mark.browser


@pytest.fixture
def played(tmp_path: Path, lesson_pages: Path) -> Iterator[ServedClass]:
    """A class that is only played, with a calibration of learners who never were."""
    content = tmp_path / "content"
    content.mkdir()
    calibrated_content(content)
    shutil.copytree(lesson_pages, tmp_path / "data" / "cache")
    one = ServedClass(tmp_path, "--content", str(content), "--synthetic")
    yield one
    one.stop()


def learner_of(watched: Watched, served: ServedClass) -> Knowing:
    one = Knowing(watched.page(served.origin, **PHONE), served, Bank.load())
    one.join()
    return one


def take(learner: Knowing, form: str, number: int) -> None:
    learner.open_quiz(form)
    for place in range(number):
        expect(learner.area.locator(".bd-count")).to_have_text(f"Câu {place + 1}/{number}")
        learner.respond(right=True)
    expect(learner.area).to_contain_text(f"Đã trả lời đủ {number} câu")
    learner.press("Nộp bài")
    learner.area.locator(".bd-result").wait_for()


def test_a_band_on_a_phone_and_what_would_add_evidence(watched: Watched, played: ServedClass) -> None:
    learner = learner_of(watched, played)
    take(learner, "thu-suc-ngan", 12)
    expect(learner.area).to_contain_text("CHỈ LÀ LÀM THỬ")
    assert learner.area.locator(".bd-band").count() == 0
    expect(learner.area.locator(".bd-domain").first).to_contain_text("làm thêm", ignore_case=True)
    take(learner, "thu-suc", 24)
    expect(learner.area.locator(".bd-band").first).to_have_text("Trung cấp")
    assert learner.page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    learner.page.goto(f"{played.origin}/ket-qua")
    expect(learner.page.locator(".sheet-band").first).to_have_text("Trung cấp")
    assert learner.page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    teacher = watched.page(played.origin, viewport={"width": 1280, "height": 900}, locale="vi-VN")
    teacher.goto(played.told["teacher_url"])
    teacher.goto(f"{played.origin}/gv/bao-cao.html")
    levels = teacher.locator("table.report-levels")
    expect(levels).to_contain_text("chưa đủ bằng chứng")
    expect(teacher.locator("#levels-title + p")).to_contain_text("CHỈ LÀ LÀM THỬ")


def test_without_a_calibration_one_sentence_says_why(watched: Watched, shared: ServedClass) -> None:
    learner = learner_of(watched, shared)
    take(learner, "thu-suc-ngan", 12)
    expect(learner.area).to_contain_text("Chưa gọi tên mức: phải có nhiều người làm các việc này")
    assert learner.area.locator(".bd-band").count() == 0
