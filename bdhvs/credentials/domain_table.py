"""What the class can do, domain by domain, as a table with bars and intervals on a page of the class report."""

from __future__ import annotations

from collections.abc import Sequence

from bdhvs.credentials.a4 import GOLD, LINE, MAIN, MARGIN, SOFT, Sheet
from bdhvs.i18n import Gettext
from bdhvs.service.domain_lines import DomainLine, interval_note, share_in_words

NAME_W, BAR_W, SURE_W = 60.0, 48.0, 66.0  # mm; 2 mm between them
ROW, CLOSE_ROW = 12.2, 10.8  # mm


def domain_table(sheet: Sheet, domains: Sequence[DomainLine], row: float, _: Gettext) -> None:
    """Draw the table with its heading; `row`: height of a line in mm, `ROW` or `CLOSE_ROW`."""
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
    sheet.small(interval_note(_))


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
