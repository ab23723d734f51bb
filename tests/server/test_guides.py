"""Facilitators' sheets: for the teacher alone, in the page's language, complete for the shipped lessons that have one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bdhvs.bank.paths import find_content
from bdhvs.server.guides import FOLDER, guide_of
from bdhvs.server.lessons import read_lessons
from tests.server.conftest import Class

LEARNERS = find_content().notebooks / "hoc-vien"
SHEETS = sorted(LEARNERS.rglob(f"{FOLDER}/*.md"))


async def test_the_teacher_finds_the_sheets_and_learners_do_not(klass: Class) -> None:
    teacher = await klass.teacher()
    listed = (await teacher.get("/gv/bai")).text
    assert 'href="/gv/bai/an-toan-truoc-lua-dao-otp"' in listed
    sheet = (await teacher.get("/gv/bai/an-toan-truoc-lua-dao-otp")).text
    assert "<h2>Giúp mà không làm thay</h2>" in sheet
    assert (await teacher.get("/gv/bai/khong-co")).status_code == 404
    learner = await klass.learner("Bác Hai")
    for path in ("/gv/bai", "/gv/bai/an-toan-truoc-lua-dao-otp"):
        answer = await learner.get(path)
        assert answer.status_code == 403
        assert "Giúp mà không" not in answer.text


async def test_an_english_teacher_reads_the_english_sheet(klass: Class) -> None:
    teacher = await klass.teacher()
    sheet = await teacher.get("/gv/bai/an-toan-truoc-lua-dao-otp", params={"lang": "en"})
    assert "Helping without doing it for them" in sheet.text


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.relative_to(LEARNERS).as_posix())
def test_a_sheet_belongs_to_a_lesson_and_has_its_twin(path: Path) -> None:
    english = path.parent.parent.name == "en"
    twin = LEARNERS / FOLDER / path.name if english else LEARNERS / "en" / FOLDER / path.name
    assert twin.is_file()
    assert path in {guide_of(info) for info in read_lessons(LEARNERS)}
    assert path.read_text("utf-8").startswith("# ")
