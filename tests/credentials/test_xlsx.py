"""The workbook read back."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import pytest

from tests.credentials.making import MADE_US, changed, levelled, practising, report, with_own_view

openpyxl = pytest.importorskip("openpyxl")

from bdhvs.credentials.report_xlsx import report_xlsx  # noqa: E402  # after the check that there is something to import


def rows(content: bytes, sheet: str) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(BytesIO(content))[sheet].iter_rows(values_only=True))


def test_sheets_with_times_counts_and_shares() -> None:
    content = report_xlsx(report(), MADE_US)
    assert openpyxl.load_workbook(BytesIO(content)).sheetnames == ["Attendance", "Domains", "Questions", "Levels"]
    head, first, *_ = rows(content, "Attendance")
    assert head[1:3] == ("Name", "Joined")
    times = datetime(2026, 11, 22, 8, 0), datetime(2026, 11, 22, 8, 1), datetime(2026, 11, 22, 9, 1)
    assert first == (1, "Nguyễn Thị Hòa 1", *times, 12, 9, 1)
    assert rows(content, "Domains")[1][2:8] == (9, 2, 4, 3, 8, 5)
    assert rows(content, "Domains")[1][8:] == (0.625, 0.3057, 0.8632)
    assert rows(content, "Questions")[1][:5] == ("cau-0", "4.2 Bảo vệ dữ liệu", "Ông nên làm gì?", 8, 2)


def test_levels_are_told_learner_by_learner_and_counted_or_why_there_are_none() -> None:
    content = report_xlsx(levelled(report()), MADE_US)
    head, first, *_ = rows(content, "Levels")
    assert head[:2] == ("Name", "1. Giao tiếp và hợp tác trong môi trường số")
    assert first[:3] == ("Nguyễn Thị Hòa 1", "Basic, alone", "at least Basic")
    assert rows(content, "Levels in the class")[1][2:] == (1, 2, 3, 0, 3)
    assert rows(report_xlsx(report(), MADE_US), "Levels")[1][0].startswith("No level is named")


def test_what_the_teacher_changed_has_a_sheet_only_where_there_is_something() -> None:
    head, first = rows(report_xlsx(changed(report()), MADE_US), "Changes")
    assert head == ("Time", "Quiz", "What the teacher changed")
    assert first[:2] == (datetime(2026, 11, 22, 11, 0), "Thử sức số")
    assert first[2].endswith("Reason: đáp án in sai")


def test_names_are_there_only_when_asked_for() -> None:
    content = report_xlsx(report().without_names(), MADE_US)
    assert [row[1] for row in rows(content, "Attendance")[1:]] == ["Learner 1", "Learner 2", "Learner 3"]


@pytest.mark.parametrize("name", ["=1+1", "+84", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "＝1"])
def test_a_name_never_acts_as_a_formula(name: str) -> None:
    book = openpyxl.load_workbook(BytesIO(report_xlsx(report(names=[name]), MADE_US)))
    cell = book["Attendance"]["B2"]
    assert (cell.data_type, cell.value) == ("s", f"'{name}")
    assert not [one for sheet in book for row in sheet.iter_rows() for one in row if one.data_type == "f"]


def test_what_people_think_of_themselves_has_a_sheet_only_where_something_was_said() -> None:
    head, first, *_ = rows(report_xlsx(with_own_view(report()), MADE_US), "Said and done")
    assert head == ("What people think they can do",)
    assert "31 did fewer than half" in first[0]
    assert "Said and done" not in openpyxl.load_workbook(BytesIO(report_xlsx(report(), MADE_US))).sheetnames


def test_what_was_done_on_the_practice_phone_has_a_sheet_with_where_help_goes() -> None:
    head, first, *_, last = rows(report_xlsx(practising(report()), MADE_US), "Practice phone")
    assert list(head)[2:6] == ["Learners", "Done alone", "Done with help", "Not yet"]
    assert list(first)[2:] == [9, 4, 2, 3, 1, "level 1: 2, level 3: 4"]
    assert "level 1 only" in last[1]
