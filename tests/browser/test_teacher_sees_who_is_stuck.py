"""The teacher's page says in words where somebody waits for help, for as long as they wait."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from bdhvs.bank.loader import Bank
from tests.browser.conftest import Watched
from tests.browser.driver import PHONE, ServedClass
from tests.browser.knowing import Knowing

pytestmark = pytest.mark.browser
A_FEW_LOOKS_MS = 15_000


def test_help_asked_after_a_wrong_try_is_shown_until_it_is_done(watched: Watched, shared: ServedClass) -> None:
    teacher = watched.page(shared.origin, viewport={"width": 1280, "height": 800})
    teacher.goto(shared.told["teacher_url"])
    learner = Knowing(watched.page(shared.origin, **PHONE), shared, Bank.load())
    learner.join("Chị Mơ")
    learner.open_quiz("lam-quen")
    learner.judged(right=False)
    learner.press("Thử lại")
    learner.press("Cần giúp")
    calls = teacher.locator(".board-calls")
    expect(calls).to_contain_text("Chị Mơ", timeout=A_FEW_LOOKS_MS)
    expect(calls).to_contain_text("Làm quen với điện thoại · Câu 1")
    learner.judged(right=True)
    expect(calls).to_be_hidden(timeout=A_FEW_LOOKS_MS)
    row = teacher.get_by_role("row", name=re.compile("Chị Mơ"))
    expect(row.get_by_role("cell").first).to_contain_text("1/")  # one task answered, though it took two tries
    expect(learner.area.locator(".bd-verdict")).to_contain_text("Đúng rồi")


def test_the_table_taken_away_has_the_answers_and_no_name(watched: Watched, shared: ServedClass) -> None:
    learner = Knowing(watched.page(shared.origin, **PHONE), shared, Bank.load())
    learner.join("Cụ Đoàn Văn Hiền")
    learner.open_quiz("lam-quen")
    learner.judged(right=True)
    teacher = watched.page(shared.origin, viewport={"width": 1280, "height": 800})
    teacher.goto(shared.told["teacher_url"])
    with teacher.expect_download() as download:
        teacher.get_by_role("link", name=re.compile("CSV")).click()
    table = download.value.path().read_text("utf-8-sig")
    assert learner.opened["attempt"] in table
    assert learner.opened["items"][0]["id"] in table
    assert "Đoàn Văn Hiền" not in table
