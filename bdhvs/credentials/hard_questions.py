"""The questions that were hardest, on the page of the class report that is signed."""

from __future__ import annotations

from collections.abc import Sequence

from bdhvs.credentials.a4 import MAIN, MARGIN, SOFT, WIDTH, Sheet
from bdhvs.i18n import Gettext
from bdhvs.service.hard_items import HardItem

HARD_W = WIDTH - 8  # mm, beside a question's number
#: Most lines of a hard question, of the mistake, and of what to explain: the first that leaves enough room on the page. With
#: the last, five questions always fit on one page.
MOST_LINES = ((4, 2, 5), (3, 2, 4), (2, 1, 3), (2, 1, 2), (1, 1, 1))


def hard_questions(sheet: Sheet, items: Sequence[HardItem], end: float, _: Gettext) -> None:
    """Draw them with their heading; they should end `end` mm from the top of the page."""
    sheet.heading(_("Hardest questions, and what to teach next time"))
    if not items:
        sheet.letters(10)
        sheet.paragraph(_("No question was hard for several learners."))
    room = end - sheet.get_y()
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
