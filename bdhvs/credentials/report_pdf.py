"""The class report as a PDF of two pages a commune would file.

Page 1: who came and what the class can do; page 2: what was hardest and what to teach next, with room for signatures. A
class too large for page 1 has its list of attendance on pages of their own at the end; so have levels, where any are named, and
who helped whom with what the teacher changed.
"""

from __future__ import annotations

from collections.abc import Sequence

from bdhvs.credentials.a4 import GOLD, MAIN, MARGIN, PAGE_END, SOFT, TINT, WIDTH, Sheet
from bdhvs.credentials.attendance_list import attendance, attendance_pages
from bdhvs.credentials.domain_table import CLOSE_ROW, NAME_W, ROW, domain_table
from bdhvs.credentials.hard_questions import hard_questions
from bdhvs.credentials.moments import clock, day, local, span
from bdhvs.i18n import Gettext, translator
from bdhvs.service.class_changes import Change
from bdhvs.service.class_levels import ClassLevels
from bdhvs.service.class_report import ClassReport
from bdhvs.service.domain_lines import cautions
from bdhvs.service.practised import PractisedTask, evidence_in_words, help_note

MANY = 42  # people from which on lines stand closer, so that sixty still fit on page 1
SIGNATURES = 34.0  # mm
OWN_VIEW, OWN_VIEW_LINES = 9.5, 3  # letters (pt) and lines of a sentence on what people think they can do
HEADING = 14.0  # mm, with the room above and below it


def report_pdf(report: ClassReport, made_us: int) -> bytes:
    """The report as a PDF. Names stand in it as `report` has them: see `ClassReport.without_names`.

    Parameters
    ----------
    made_us : when it is made, microseconds since the epoch (UTC).

    Raises
    ------
    MissingExtra
        when this module is imported without fpdf2.
    """
    _ = translator(report.lang)
    foot = _("{name} · class code {code} · not the state's confirmation on VNeID").format(name=report.name, code=report.code)
    sheet = Sheet(_("Class report"), report.lang, foot, local(made_us))
    sheet.add_page()
    _head(sheet, report, made_us, _)
    _figures(sheet, report, _)
    domain_table(sheet, report.domains, CLOSE_ROW if report.joined > MANY else ROW, _)
    fits = attendance(sheet, report.attendance, _)
    sheet.add_page()
    _read_with_care(sheet, report, _)
    hard_questions(sheet, report.hardest, PAGE_END - SIGNATURES - _below(sheet, report), _)
    _next_lessons(sheet, report.lessons, _)
    _sentences(sheet, _("What people think they can do"), report.own_view)
    _signatures(sheet, _)
    if not fits:
        attendance_pages(sheet, report.attendance, _)
    if report.levels.lines:
        _levels(sheet, report.levels, _)
    if report.practised:
        _practised(sheet, report.practised, _)
    if report.movement or report.changes:
        sheet.add_page()
        _sentences(sheet, _("Digital ambassadors, digital families"), report.movement)
    if report.changes:
        _changes(sheet, report.changes, _)
    return bytes(sheet.output())


def _head(sheet: Sheet, report: ClassReport, made_us: int, _: Gettext) -> None:
    sheet.letters(9, bold=True, colour=SOFT)
    sheet.paragraph("BÌNH DÂN HỌC VỤ SỐ")
    sheet.letters(21, bold=True, colour=MAIN)
    sheet.paragraph(_("Class report"))
    sheet.letters(13, bold=True)
    sheet.paragraph(report.name, most_lines=1)
    facts = [
        _("Class code {code}").format(code=report.code),
        _("opened on {day}").format(day=day(report.opened_us)),
        _("answers {span}").format(span=span(report.first_us, report.last_us)),
        _("report made on {day}").format(day=f"{day(made_us)} {clock(made_us)}"),
    ]
    sheet.letters(9.5, colour=SOFT)
    sheet.paragraph("  ·  ".join(facts), after=2)


def _figures(sheet: Sheet, report: ClassReport, _: Gettext) -> None:
    figures = [
        (report.joined, _("joined")),
        (report.answering, _("answered at least once")),
        (report.handed_in, _("handed in a quiz")),
        (report.answered, _("tasks answered")),
    ]
    top, gap = sheet.get_y(), 4.0
    width = (WIDTH - gap * (len(figures) - 1)) / len(figures)
    for place, (number, text) in enumerate(figures):
        x = MARGIN + place * (width + gap)
        sheet.block(x, top, width, 18, TINT)
        sheet.block(x, top, width, 0.9, GOLD)
        sheet.letters(17, bold=True, colour=MAIN)
        sheet.set_xy(x, top + 2)
        sheet.cell(width, 8, str(number), align="C")
        sheet.letters(9)
        sheet.set_xy(x, top + 10.6)
        sheet.cell(width, 5, sheet.fitted(text, width), align="C")
    sheet.set_y(top + 19)


# ── page 2, and pages that not every class needs ──────────────────────────────────────────────────────


def _below(sheet: Sheet, report: ClassReport) -> float:
    """Height in mm of what follows the hardest questions, signatures apart."""
    sheet.letters(OWN_VIEW)
    lines = sum(len(sheet.lines_of(one, WIDTH, OWN_VIEW_LINES)) for one in report.own_view)
    own = HEADING + lines * sheet.line_height() if report.own_view else 0.0
    return HEADING + 6 * len(report.lessons) + own


def _next_lessons(sheet: Sheet, lessons: Sequence[str], _: Gettext) -> None:
    if not lessons:
        return
    sheet.heading(_("Lessons for the next time"))
    sheet.letters(10)
    for lesson in lessons:
        sheet.paragraph(f"•  {lesson}", most_lines=1)


def _read_with_care(sheet: Sheet, report: ClassReport, _: Gettext) -> None:
    """Where the class is too small to conclude, and why no level is named; on page 2, for page 1 has to hold sixty names."""
    for codes, said in cautions(report.domains, report.lang).items():
        sheet.small(f"{_('Domain')} {codes}: {said}")
    if not report.levels.lines:
        sheet.small(report.levels.note)


def _levels(sheet: Sheet, levels: ClassLevels, _: Gettext) -> None:
    """A page of their own: how many learners at which band, then learner by learner."""
    sheet.add_page()
    sheet.heading(_("Levels"))
    sheet.small(levels.note)
    sheet.set_y(sheet.get_y() + 2)
    width = (WIDTH - NAME_W) / len(levels.columns)
    _row(sheet, [_("Domain"), *levels.columns], width, bold=True)
    for one in levels.lines:
        _row(sheet, [f"{one.code}. {one.name}", *(str(count or "–") for count in one.counts)], width)
    sheet.heading(_("Learner by learner"))
    width = (WIDTH - NAME_W) / len(levels.lines)
    _row(sheet, [_("Name"), *(one.code for one in levels.lines)], width, bold=True)
    for person in levels.people:
        _row(sheet, [person.name, *person.said], width)


def _row(sheet: Sheet, cells: Sequence[str], width: float, *, bold: bool = False) -> None:
    """A first cell and others of `width` mm, each as high as the highest needs."""
    sheet.letters(8, bold=bold)
    lines = [sheet.lines_of(text, NAME_W if place == 0 else width, 3) for place, text in enumerate(cells)]
    high = sheet.line_height()
    row = max(map(len, lines)) * high + 1.2
    if sheet.get_y() + row > PAGE_END:
        sheet.add_page()
    top = sheet.get_y()
    sheet.rule(top)
    for place, own in enumerate(lines):
        x = MARGIN if place == 0 else MARGIN + NAME_W + (place - 1) * width
        for number, line in enumerate(own):
            sheet.set_xy(x, top + 0.6 + number * high)
            sheet.cell(NAME_W if place == 0 else width, high, line)
    sheet.set_y(top + row)


def _sentences(sheet: Sheet, title: str, sentences: Sequence[str]) -> None:
    if not sentences:
        return
    sheet.heading(title)
    sheet.letters(OWN_VIEW)
    for one in sentences:
        sheet.paragraph(one, most_lines=OWN_VIEW_LINES)


def _practised(sheet: Sheet, tasks: Sequence[PractisedTask], _: Gettext) -> None:
    sheet.add_page()
    sheet.heading(_("On the practice phone"))
    sheet.letters(8.5, colour=SOFT)
    sheet.paragraph(help_note(_), most_lines=3, after=1.5)
    counts = _("{met} learners: {alone} alone, {helped} with help, {not_yet} not yet. Something dangerous: {danger}. Speaks for: {levels}.")
    for one in tasks:
        sheet.letters(9.5)
        sheet.paragraph(f"{one.competence} · {one.task}", most_lines=2)
        sheet.letters(9.5, bold=True)
        figures = {"met": one.met, "alone": one.alone, "helped": one.helped, "not_yet": one.not_yet, "danger": one.danger}
        sheet.paragraph(counts.format(**figures, levels=evidence_in_words(one, _)), most_lines=2, after=1.5)


def _changes(sheet: Sheet, changes: Sequence[Change], _: Gettext) -> None:
    sheet.heading(_("What the teacher changed"))
    for change in changes:
        sheet.letters(8.5, colour=SOFT)
        sheet.paragraph(f"{day(change.at_us)} {clock(change.at_us)} · {change.form}", most_lines=1)
        sheet.letters(9.5)
        sheet.paragraph(change.sentence, most_lines=6, after=1.5)


def _signatures(sheet: Sheet, _: Gettext) -> None:
    top = PAGE_END - SIGNATURES
    sheet.letters(9.5, bold=True)
    for x, who in ((MARGIN, _("For the village or commune")), (MARGIN + WIDTH / 2, _("Teacher"))):
        sheet.set_xy(x, top)
        sheet.cell(WIDTH / 2, 5, who, align="C")
    sheet.letters(8.5, colour=SOFT)
    for x in (MARGIN, MARGIN + WIDTH / 2):
        sheet.set_xy(x, top + 5)
        sheet.cell(WIDTH / 2, 5, _("(signature and full name)"), align="C")
