"""One evening in a village house: a teacher, five phones, and everything that goes wrong. Nothing is lost or counted twice."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from bdhvs.store import Store
from tests.browser.conftest import Watched
from tests.browser.driver import PHONE, Person, ServedClass
from tests.browser.test_coming_back import choose_pictures, come_back

pytestmark = pytest.mark.browser
FORM, ITEMS = "thu-suc-ngan", 12
NAMES = ("Bác Năm", "Cô Sáu", "Chú Bảy", "Chị Tám", "Anh Chín")
BACK_MS = 60_000  # a phone tries again at least every fifteen seconds


def answers(data: Path) -> Counter[str]:
    """How many answers each item of each learner has in the store."""
    with Store.read_only(data) as store:
        return Counter(
            f"{rows.attempt.learner_id} {event.item_id}"
            for rows in store.response_rows()
            for event in rows.events
            if event.type == "answered"
        )


def grid_row(teacher: Page, name: str) -> Locator:
    return teacher.locator(".grid tbody tr").filter(has=teacher.locator("th", has_text=re.compile(f"^{name}$")))


def says(person: Person, text: str) -> None:
    expect(person.page.locator("main")).to_contain_text(text, timeout=BACK_MS)


def answer(person: Person, times: int) -> None:
    for _ in range(times):
        person.answer()


def test_an_evening_with_everything_that_goes_wrong(watched: Watched, served: ServedClass) -> None:
    teacher = watched.page(served.origin, viewport={"width": 1280, "height": 800}, locale="vi-VN")
    teacher.goto(served.told["teacher_url"])
    phones = [Person(watched.page(served.origin, **PHONE), served) for _ in NAMES]
    five, six, seven, eight, nine = phones
    for name, phone in zip(NAMES, phones, strict=True):
        phone.join(name)
        if phone is eight:
            choose_pictures(phone)
        phone.open_quiz(FORM)
    for name in NAMES:
        expect(grid_row(teacher, name)).to_be_visible(timeout=BACK_MS)

    # Two go on; one of them loads the page anew between choosing and answering.
    answer(five, 2)
    five.choose()
    five.page.reload()
    five.fieldset.wait_for()
    expect(five.page.locator(".bd-count")).to_have_text(f"Câu 3/{ITEMS}")
    answer(six, 1)

    # One loses the network and goes on alone; meanwhile the others do not wait.
    six.page.context.set_offline(True)
    answer(six, 4)
    says(six, "đã giữ trên máy")
    answer(seven, 3)

    # Power cut in mid-item: who answers now keeps it on the phone, and it is sent when the class is back.
    seven.choose()
    served.kill()
    seven.press("Trả lời")
    says(seven, "đã giữ trên máy")
    served.start()
    says(seven, "Đã có mạng lại")

    # The laptop falls asleep: no connection breaks, nobody answers.
    answer(eight, 1)
    eight.choose()
    served.fall_asleep()
    eight.press("Trả lời")
    says(eight, "đã giữ trên máy")
    answer(eight, 2)
    served.wake_up()
    says(eight, "Đã có mạng lại")

    # The battery of the one who was kept waiting is empty: on a neighbour's old phone the three pictures lead back.
    eight.page.context.close()
    eight = phones[3] = Person(watched.page(served.origin, **PHONE), served)
    come_back(eight, "Chị Tám")
    eight.open_quiz(FORM)
    expect(eight.page.locator(".bd-count")).to_have_text(f"Câu 5/{ITEMS}")

    # The last phone is shared: the first learner hands it on and gets it back no more; the second begins anew.
    answer(nine, 2)
    nine.page.goto(f"{served.origin}/lop")
    nine.press("Đổi người học")
    expect(nine.page.get_by_label("Tên gọi trong lớp")).to_be_visible()
    nine.join("Bà Mười")
    nine.open_quiz(FORM)
    expect(nine.page.locator(".bd-count")).to_have_text(f"Câu 1/{ITEMS}")

    six.page.context.set_offline(False)
    says(six, "Đã có mạng lại")
    for phone in phones:
        phone.answer_all()
    for phone in (six, seven, eight, nine):
        phone.press("Nộp bài")

    # The teacher's page went through all of it without being loaded anew.
    for name in (*NAMES[:4], "Bà Mười"):
        expect(grid_row(teacher, name).locator(".s-answered")).to_have_count(ITEMS, timeout=BACK_MS)
    expect(grid_row(teacher, "Anh Chín").locator(".s-answered")).to_have_count(2)

    # It is late: the teacher ends the class, and who has not handed in sees the result all the same.
    teacher.goto(f"{served.origin}/gv/ket-thuc")
    teacher.get_by_role("button", name="Kết thúc buổi học cho cả lớp").click()
    for phone in phones:
        expect(phone.page.locator("#noi-dung")).to_contain_text(re.compile(rf"Làm được \d+ trong {ITEMS} việc"), timeout=BACK_MS)

    kept = answers(served.data)
    assert len(kept) == 5 * ITEMS + 2  # five whole attempts and two answers of the one who gave the phone away
    assert set(kept.values()) == {1}

    # And the report tells the same.
    teacher.goto(f"{served.origin}/gv")
    with teacher.expect_download() as download:
        teacher.get_by_role("link", name=re.compile("CSV")).click()
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as table:
        assert sum(row["outcome"] == "answered" for row in csv.DictReader(table)) == 5 * ITEMS + 2
    teacher.goto(f"{served.origin}/gv/bao-cao.html")
    expect(teacher.get_by_role("row", name=re.compile(r"^Người học 6 .* 12 12 1$"))).to_be_visible()
    assert teacher.get_by_role("row", name=re.compile("^Người học")).count() == 6
    assert "Bà Mười" not in teacher.locator("main").inner_text()  # a report to file names nobody
