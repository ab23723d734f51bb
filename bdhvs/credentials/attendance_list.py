"""Who came, as a list in columns on a page of the class report, or on pages of its own."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from bdhvs.credentials.a4 import MARGIN, PAGE_END, SOFT, WIDTH, Sheet
from bdhvs.credentials.moments import span
from bdhvs.i18n import Gettext
from bdhvs.service.class_report import Attendance

LIST_ROW, CLOSE_LIST_ROW = 5.4, 4.55  # mm
ROOMY, TIGHT = 2, 3  # columns of the list of attendance; the tight one has no room for counts


def attendance(sheet: Sheet, people: Sequence[Attendance], _: Gettext) -> bool:
    """The list of who came, if it fits on this page; else a sentence that says where it is. Whether it fitted."""
    sheet.heading(_("Attendance"))
    sheet.letters(8.5, colour=SOFT)
    sheet.paragraph(_("From the first to the last answer; tasks answered of tasks given (where there is room)."), after=0.8)
    for columns, row in ((ROOMY, LIST_ROW), (TIGHT, LIST_ROW), (TIGHT, CLOSE_LIST_ROW)):
        if sheet.get_y() + ceil(len(people) / columns) * row <= PAGE_END:
            _people(sheet, people, first=1, columns=columns, row=row)
            return True
    sheet.letters(10)
    sheet.paragraph(_("The list has {n} learners and stands at the end.").format(n=len(people)))
    return False


def attendance_pages(sheet: Sheet, people: Sequence[Attendance], _: Gettext) -> None:
    """The list on as many pages of its own as it takes."""
    page = int((PAGE_END - 30) // LIST_ROW) * ROOMY
    for start in range(0, len(people), page):
        sheet.add_page()
        sheet.heading(_("Attendance"))
        _people(sheet, people[start : start + page], first=start + 1, columns=ROOMY, row=LIST_ROW)


def _people(sheet: Sheet, people: Sequence[Attendance], *, first: int, columns: int, row: float) -> None:
    """People in columns, read downwards, each with number, name and times, and with counts where there is room."""
    width, top = WIDTH / columns, sheet.get_y()
    rows = max(1, ceil(len(people) / columns))
    for place, one in enumerate(people):
        x, y = MARGIN + place // rows * width, top + place % rows * row
        sheet.rule(y + row, x, width - 3)
        sheet.letters(8.5, colour=SOFT)
        sheet.set_xy(x, y)
        sheet.cell(6.5, row, str(first + place), align="R")
        said = span(one.first_us, one.last_us)
        if columns == ROOMY and one.given:
            said += f"   {one.answered}/{one.given}"
        said_w = sheet.get_string_width(said) + 2.5
        sheet.set_xy(x + width - 3 - said_w, y)
        sheet.cell(said_w, row, said, align="R")
        sheet.set_xy(x + 6.5, y)
        sheet.name(one.name, width - 9.5 - said_w, row)
    sheet.set_y(top + rows * row)
