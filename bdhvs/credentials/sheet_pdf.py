"""A learner's own result sheet: one page to take home."""

from __future__ import annotations

from collections.abc import Sequence

from bdhvs.credentials.a4 import GOLD, MAIN, MARGIN, SOFT, TINT, WIDTH, Sheet
from bdhvs.credentials.moments import day, local
from bdhvs.i18n import Gettext, translator
from bdhvs.service.learner_sheet import LearnerSheet, SheetDomain
from bdhvs.service.results import LessonLink

ROW = 20.0  # mm


def sheet_pdf(sheet: LearnerSheet, made_us: int) -> bytes:
    """The sheet as a PDF of one page, in large letters. `made_us` is microseconds since the epoch (UTC).

    Raises
    ------
    MissingExtra
        when this module is imported without fpdf2.
    """
    _ = translator(sheet.lang)
    paper = Sheet(_("My results"), sheet.lang, sheet.class_name, local(made_us))
    paper.add_page()
    paper.letters(9, bold=True, colour=SOFT)
    paper.paragraph("BÌNH DÂN HỌC VỤ SỐ")
    paper.letters(20, bold=True, colour=MAIN)
    paper.paragraph(_("Result sheet"))
    paper.letters(16, bold=True)
    paper.paragraph(sheet.name, most_lines=1)
    paper.letters(11, colour=SOFT)
    paper.paragraph(f"{sheet.class_name}  ·  {day(made_us)}", most_lines=1, after=2)
    paper.letters(14, bold=True)
    paper.paragraph(sheet.summary, after=1)
    paper.letters(9.5, colour=SOFT)
    paper.paragraph(sheet.bands, after=2)
    paper.letters(10)
    paper.swatches(MARGIN, paper.get_y(), [_("done alone"), _("done with help"), _("not yet")])
    paper.set_y(paper.get_y() + 8)
    for domain in sheet.domains:
        _domain(paper, domain, _)
    paper.rule(paper.get_y())
    paper.letters(10, colour=SOFT)
    paper.set_y(paper.get_y() + 1.5)
    paper.paragraph(_("Questions not reached are not counted."))
    _guidance(paper, sheet.guidance, _)
    _next(paper, sheet.next, _)
    _notice(paper, sheet.notice)
    return bytes(paper.output())


def counts(domain: SheetDomain, _: Gettext) -> str:
    """What was done in a domain, in one line of words."""
    if not domain.total:
        return _("no task yet")
    return _("{alone} done alone, {helped} with help, {not_yet} not yet").format(
        alone=domain.alone, helped=domain.helped, not_yet=domain.not_yet
    )


def _domain(paper: Sheet, domain: SheetDomain, _: Gettext) -> None:
    top = paper.get_y()
    paper.rule(top)
    paper.letters(11.5, bold=True)
    paper.set_xy(MARGIN, top + 1.6)
    paper.cell(WIDTH, 6, paper.fitted(f"{domain.code}. {domain.name}", WIDTH))
    if domain.total:
        paper.stacked_bar(MARGIN + 1, top + 8.4, WIDTH - 2, 5, (domain.alone, domain.helped, domain.not_yet))
    paper.letters(10.5, colour=SOFT)
    paper.set_xy(MARGIN, top + (14 if domain.total else 8))
    paper.cell(WIDTH, 6, counts(domain, _))
    paper.set_y(top + (ROW if domain.total else ROW - 5.5))
    if domain.band_sentence:
        _band(paper, domain.band_sentence)


def _band(paper: Sheet, sentence: str) -> None:
    """What is said of the band, below the counts; the sentence names it."""
    paper.set_y(paper.get_y() - 1.6)
    paper.letters(10, bold=True)
    paper.paragraph(sentence, most_lines=2, after=1)


def _guidance(paper: Sheet, sentence: str | None, _: Gettext) -> None:
    if sentence:
        paper.heading(_("Helping others"))
        paper.letters(11)
        paper.paragraph(sentence, most_lines=3)


def _next(paper: Sheet, lessons: Sequence[LessonLink], _: Gettext) -> None:
    if lessons:
        paper.heading(_("What to learn next"))
        paper.letters(12)
        for lesson in lessons:
            paper.paragraph(f"•  {lesson.title}", most_lines=1)


def _notice(paper: Sheet, notice: str) -> None:
    paper.letters(11, bold=True)
    lines = paper.lines_of(notice, WIDTH - 8)
    height = len(lines) * paper.line_height() + 5
    top = paper.get_y() + 5
    paper.block(MARGIN, top, WIDTH, height, TINT)
    paper.block(MARGIN, top, 1.4, height, GOLD)
    paper.set_y(top + 2.5)
    paper.paragraph(notice, x=MARGIN + 4, width=WIDTH - 8)
