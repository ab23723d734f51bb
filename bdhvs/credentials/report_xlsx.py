"""The class report as a workbook for the commune: attendance, domains, items; a sheet each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from bdhvs.credentials.moments import local
from bdhvs.errors import MissingExtra
from bdhvs.i18n import Gettext, translator
from bdhvs.service.class_report import ClassReport
from bdhvs.service.practised import evidence_in_words, help_note
from bdhvs.store.spreadsheet import spreadsheet_cell

try:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
except ImportError as exc:
    raise MissingExtra("openpyxl", "report") from exc

SHARE, TIME = "0%", "dd/mm/yyyy hh:mm"


def report_xlsx(report: ClassReport, made_us: int) -> bytes:
    """The report as XLSX. Names stand in it as `report` has them; no text of anybody can act as a formula.

    Times are Vietnam's. `made_us` is microseconds since the epoch (UTC).

    Raises
    ------
    MissingExtra
        when this module is imported without openpyxl.
    """
    _ = translator(report.lang)
    book = Workbook()
    book.remove(book.active)
    book.properties.title = f"{_('Class report')}: {report.name}"
    book.properties.creator = "bdhvs"
    book.properties.created = book.properties.modified = local(made_us).replace(tzinfo=None)
    _add(book, _("Attendance"), _attendance(report, _), (6, 32, 18, 18, 18, 14, 14, 14))
    _add(book, _("Domains"), _domains(report, _), (8, 42, 14, 14, 14, 14, 14, 16, 12, 12, 12))
    _add(book, _("Questions"), _items(report, _), (36, 34, 60, 14, 14, 50, 14, 60, 40))
    _add(book, _("Levels"), _levels(report, _), (32, *(22 for _ in report.levels.lines)) if report.levels.lines else (100,))
    if report.levels.lines:
        _add(book, _("Levels in the class"), _level_counts(report, _), (8, 42, *(14 for _ in report.levels.columns)))
    if report.practised:
        _add(book, _("Practice phone"), _practised(report, _), (8, 80, 14, 14, 14, 14, 18, 40))
    if report.own_view:
        _add(book, _("Said and done"), [[_("What people think they can do")], *([one] for one in report.own_view)], (120,))
    if report.movement:
        title = _("Digital ambassadors, digital families")
        _add(book, _("Helping others"), [[title], *([one] for one in report.movement)], (120,))
    if report.changes:
        _add(book, _("Changes"), _changes(report, _), (18, 34, 100))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _add(book: Any, title: str, rows: Sequence[Sequence[Any]], widths: Sequence[int]) -> None:
    sheet = book.create_sheet(title)
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row, start=1):
            _write(sheet.cell(number, place), value)
    for cell in sheet[1]:
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="38348A")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"


def _write(cell: Any, value: Any) -> None:
    if isinstance(value, str):
        cell.value = spreadsheet_cell(value)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        return
    cell.value = value
    cell.alignment = Alignment(vertical="top")
    if isinstance(value, float):
        cell.number_format = SHARE
    elif isinstance(value, datetime):
        cell.number_format = TIME


def _attendance(report: ClassReport, _: Gettext) -> list[list[Any]]:
    head = ["#", _("Name"), _("Joined"), _("First answer"), _("Last answer"), _("Tasks given"), _("Tasks answered"), _("Quizzes handed in")]  # fmt: skip
    people = enumerate(report.attendance, start=1)
    return [head] + [
        [n, one.name, _time(one.joined_us), _time(one.first_us), _time(one.last_us), one.given, one.answered, one.handed_in]
        for n, one in people
    ]


def _domains(report: ClassReport, _: Gettext) -> list[list[Any]]:
    head = [
        _("Code"), _("Domain"), _("Done alone"), _("Done with help"), _("Not yet"), _("Not reached"), _("Learners"),
        _("Learners who did at least half alone"), _("Share"), _("Maybe from"), _("Maybe to"),
    ]  # fmt: skip
    return [head] + [
        [
            one.code, one.name, one.alone, one.helped, one.not_yet, one.unmet, one.learners, one.half_alone, one.share,
            one.low, one.high,
        ]
        for one in report.domains
    ]  # fmt: skip


def _items(report: ClassReport, _: Gettext) -> list[list[Any]]:
    head = [
        _("Question"), _("Competence"), _("Text"), _("Learners"), _("Done alone"), _("Most often mistaken for right"),
        _("Chosen by"), _("To explain"), _("Lesson"),
    ]  # fmt: skip
    return [head] + [
        [
            one.item, one.competence, one.stem, one.met, one.alone, one.wrong or "", one.wrong_by or None,
            one.explanation or "", "; ".join(one.lessons),
        ]
        for one in report.hardest
    ]  # fmt: skip


def _levels(report: ClassReport, _: Gettext) -> list[list[Any]]:
    """Learner by learner; without anybody to name, only why."""
    note, people = report.levels.note, report.levels.people
    if not people:
        return [[_("Levels")], [note]]
    head = [_("Name"), *(f"{one.code}. {one.name}" for one in report.levels.lines)]
    return [head, *([one.name, *one.said] for one in people), [note]]


def _level_counts(report: ClassReport, _: Gettext) -> list[list[Any]]:
    head = [_("Code"), _("Domain"), *report.levels.columns]
    return [head, *([one.code, one.name, *one.counts] for one in report.levels.lines)]


def _practised(report: ClassReport, _: Gettext) -> list[list[Any]]:
    head = [
        _("Code"), _("Task"), _("Learners"), _("Done alone"), _("Done with help"), _("Not yet"), _("Did something dangerous"), _("Speaks for"),
    ]  # fmt: skip
    lines = [
        [one.competence, one.task, one.met, one.alone, one.helped, one.not_yet, one.danger, evidence_in_words(one, _)]
        for one in report.practised
    ]
    return [head, *lines, ["", help_note(_)]]


def _changes(report: ClassReport, _: Gettext) -> list[list[Any]]:
    head = [_("Time"), _("Quiz"), _("What the teacher changed")]
    return [head] + [[_time(one.at_us), one.form, one.sentence] for one in report.changes]


def _time(us: int | None) -> datetime | None:
    """As a spreadsheet keeps it: local, to the second, without a zone."""
    return None if us is None else local(us).replace(tzinfo=None, microsecond=0)
