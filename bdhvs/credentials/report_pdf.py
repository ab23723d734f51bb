"""The class report as a PDF of two pages a commune would file.

Page 1: who came and what the class can do; page 2: what was hardest and what to teach next, with room for signatures. A
class too large for page 1 has its list of attendance on pages of their own at the end; so have levels, where any are named, and
who helped whom with what the teacher changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from bdhvs.credentials.a4 import GOLD, LINE, MAIN, MARGIN, SOFT, TINT, WIDTH, Sheet
from bdhvs.credentials.moments import clock, day, local, span
from bdhvs.i18n import Gettext, translator
from bdhvs.service.class_changes import Change
from bdhvs.service.class_levels import ClassLevels
from bdhvs.service.class_report import (
    Attendance,
    ClassReport,
    DomainLine,
    HardItem,
    cautions,
    interval_note,
    share_in_words,
)
from bdhvs.service.practised import PractisedTask, evidence_in_words, help_note

MANY = 42  # people from which on lines stand closer, so that sixty still fit on page 1
LIST_ROW, CLOSE_LIST_ROW = 5.4, 4.55  # mm
ROOMY, TIGHT = 2, 3  # columns of the list of attendance; the tight one has no room for counts
SIGNATURES = 34.0  # mm
HARD_W = WIDTH - 8  # mm, beside a question's number
#: Most lines of a hard question, of the mistake, and of what to explain: the first that leaves room for signatures. With the
#: last, five questions always fit on one page.
MOST_LINES = ((4, 2, 5), (3, 2, 4), (2, 1, 3), (2, 1, 2), (1, 1, 1))
OWN_VIEW, OWN_VIEW_LINES = 9.5, 3  # letters (pt) and lines of a sentence on what people think they can do
HEADING = 14.0  # mm, with the room above and below it
PAGE_END = 297 - 16  # mm from the top; below stands the foot


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
    _domains(sheet, report.domains, CLOSE_ROW if report.joined > MANY else ROW, _)
    fits = _attendance(sheet, report.attendance, _)
    sheet.add_page()
    _read_with_care(sheet, report, _)
    _hardest(sheet, report.hardest, _below(sheet, report), _)
    _next_lessons(sheet, report.lessons, _)
    _sentences(sheet, _("What people think they can do"), report.own_view)
    _signatures(sheet, _)
    if not fits:
        _attendance_pages(sheet, report.attendance, _)
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


# ── page 1: domains ─────────────────────────────────────────────────────────────────────────────────

NAME_W, BAR_W, SURE_W = 60.0, 48.0, 66.0  # mm; 2 mm between them
ROW, CLOSE_ROW = 12.2, 10.8


def _domains(sheet: Sheet, domains: Sequence[DomainLine], row: float, _: Gettext) -> None:
    sheet.heading(_("Results per domain"))
    if not domains:
        sheet.letters(10)
        sheet.paragraph(_("No answers yet."))
        return
    sheet.letters(9)
    sheet.swatches(MARGIN + 1, sheet.get_y(), [_("done alone"), _("done with help"), _("not yet")])
    sheet.set_y(sheet.get_y() + 5.6)
    top = sheet.get_y()
    sheet.letters(8.5, bold=True, colour=SOFT)
    heads = [_("Domain"), _("Tasks: alone · with help · not yet"), _("Learners who did at least half alone")]
    for x, width, text in zip(_columns(), (NAME_W, BAR_W, SURE_W), heads, strict=True):
        sheet.set_xy(x, top)
        sheet.cell(width, 5, sheet.fitted(text, width))
    sheet.set_y(top + 5.6)
    for line in domains:
        _domain(sheet, line, row, _)
    sheet.rule(sheet.get_y())
    sheet.set_y(sheet.get_y() + 1.4)
    _small(sheet, interval_note(_))


def _columns() -> tuple[float, float, float]:
    return MARGIN, MARGIN + NAME_W + 2, MARGIN + NAME_W + BAR_W + 4


def _domain(sheet: Sheet, line: DomainLine, row: float, _: Gettext) -> None:
    top = sheet.get_y()
    name_x, bar_x, sure_x = _columns()
    sheet.rule(top)
    sheet.letters(9.5, bold=True)
    for number, text in enumerate(sheet.lines_of(f"{line.code}. {line.name}", NAME_W, 2)):
        sheet.set_xy(name_x, top + 0.7 + number * 4.8)
        sheet.cell(NAME_W, 4.8, text)
    parts = (line.alone, line.helped, line.not_yet)
    sheet.stacked_bar(bar_x + 1, top + 1.5, BAR_W - 4, 4, parts)
    sheet.letters(8.5)
    sheet.set_xy(bar_x, top + 5.9)
    sheet.cell(BAR_W, 4.6, " · ".join(map(str, parts)))
    _interval(sheet, line, sure_x + 1, top + 1.5, SURE_W - 4)
    sheet.set_xy(sure_x, top + 5.9)
    sheet.cell(SURE_W, 4.6, sheet.fitted(share_in_words(line, _), SURE_W))
    sheet.set_y(top + row)


def _interval(sheet: Sheet, line: DomainLine, x: float, y: float, width: float) -> None:
    """A scale of 0 to 100 % with the interval as a thick line and the share as a mark on it."""
    middle = y + 2
    sheet.set_draw_color(*LINE)
    sheet.set_line_width(0.3)
    sheet.line(x, middle, x + width, middle)
    for tick in (0, 0.25, 0.5, 0.75, 1):
        sheet.line(x + tick * width, middle - 1, x + tick * width, middle + 1)
    sheet.block(x + line.low * width, middle - 0.7, max(0.6, (line.high - line.low) * width), 1.4, GOLD)
    sheet.block(x + line.share * width - 0.9, middle - 2, 1.8, 4, MAIN)


# ── attendance ──────────────────────────────────────────────────────────────────────────────────────


def _attendance(sheet: Sheet, people: Sequence[Attendance], _: Gettext) -> bool:
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


def _attendance_pages(sheet: Sheet, people: Sequence[Attendance], _: Gettext) -> None:
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


# ── page 2 ────────────────────────────────────────────────────────────────────────────────────────────


def _below(sheet: Sheet, report: ClassReport) -> float:
    """Height in mm of what follows the hardest questions, signatures apart."""
    sheet.letters(OWN_VIEW)
    lines = sum(len(sheet.lines_of(one, WIDTH, OWN_VIEW_LINES)) for one in report.own_view)
    own = HEADING + lines * sheet.line_height() if report.own_view else 0.0
    return HEADING + 6 * len(report.lessons) + own


def _hardest(sheet: Sheet, items: Sequence[HardItem], below: float, _: Gettext) -> None:
    """`below`: what else the page must have room for, in mm."""
    sheet.heading(_("Hardest questions, and what to teach next time"))
    if not items:
        sheet.letters(10)
        sheet.paragraph(_("No question was hard for several learners."))
    room = PAGE_END - SIGNATURES - sheet.get_y() - below
    for most in MOST_LINES:
        if sum(_height(sheet, item, most, _) for item in items) <= room:
            break
    for number, item in enumerate(items, start=1):
        _hard_item(sheet, number, item, most, _)


def _height(sheet: Sheet, item: HardItem, most: tuple[int, int, int], _: Gettext) -> float:
    """Height of what `_hard_item` draws, in mm."""
    sheet.letters(10, bold=True)
    height = 5 + len(sheet.lines_of(item.stem, HARD_W, most[0])) * sheet.line_height() + 3.4
    sheet.letters(9.5)
    lines = [sheet.lines_of(text, HARD_W, most_lines) for text, most_lines in _said_of(item, most, _)]
    return height + sum(map(len, lines)) * sheet.line_height()


def _hard_item(sheet: Sheet, number: int, item: HardItem, most: tuple[int, int, int], _: Gettext) -> None:
    x, width, top = MARGIN + 8, HARD_W, sheet.get_y()
    sheet.letters(13, bold=True, colour=MAIN)
    sheet.set_xy(MARGIN, top)
    sheet.cell(8, 6, str(number))
    sheet.letters(9, colour=SOFT)
    sheet.set_xy(x, top)
    done = _("{alone} of {met} learners did it alone").format(alone=item.alone, met=item.met)
    sheet.cell(width, 5, sheet.fitted(f"{item.competence}  ·  {done}", width), new_x="LMARGIN", new_y="NEXT")
    sheet.letters(10, bold=True)
    sheet.paragraph(item.stem, x=x, width=width, most_lines=most[0])
    sheet.letters(9.5)
    for text, most_lines in _said_of(item, most, _):
        sheet.paragraph(text, x=x, width=width, most_lines=most_lines)
    sheet.set_y(sheet.get_y() + 1.6)
    sheet.rule(sheet.get_y(), x, width)
    sheet.set_y(sheet.get_y() + 1.8)


def _said_of(item: HardItem, most: tuple[int, int, int], _: Gettext) -> list[tuple[str, int]]:
    """What stands below an item, each with its most lines."""
    said: list[tuple[str, int]] = []
    if item.wrong:
        mistaken = _("Most often mistaken for right ({n} learners)").format(n=item.wrong_by)
        said.append((f"{mistaken}: {item.wrong}", most[1]))
    if item.explanation:
        said.append((f"{_('To explain')}: {item.explanation}", most[2]))
    if item.lessons:
        said.append((f"{_('Lesson')}: {'; '.join(item.lessons)}", 1))
    return said


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
        _small(sheet, f"{_('Domain')} {codes}: {said}")
    if not report.levels.lines:
        _small(sheet, report.levels.note)


def _small(sheet: Sheet, text: str) -> None:
    sheet.letters(8.5, colour=SOFT)
    sheet.paragraph(text)


def _levels(sheet: Sheet, levels: ClassLevels, _: Gettext) -> None:
    """A page of their own: how many learners at which band, then learner by learner."""
    sheet.add_page()
    sheet.heading(_("Levels"))
    _small(sheet, levels.note)
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
