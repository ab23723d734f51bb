"""The form for parents and guardians of under-16s: one page to read, to tick by hand and to sign. No box is ticked for them.

Its version is that of the consent a learner ticks afterwards: whoever changes a sentence here raises `GUARDIAN_VERSION`.
"""

from __future__ import annotations

from bdhvs.credentials.a4 import GOLD, INK, MAIN, MARGIN, SOFT, TINT, WIDTH, Sheet
from bdhvs.credentials.moments import local
from bdhvs.i18n import Gettext, translator
from bdhvs.service.consents import GUARDIAN_VERSION

LINE_HEIGHT = 12.0  # mm; room to write by hand
BOX = 5.0  # mm
HALF = WIDTH / 2


def guardian_pdf(class_name: str, lang: str, made_us: int) -> bytes:
    """The form for one class as a PDF of one page of A4. `made_us` is microseconds since the epoch (UTC).

    Raises
    ------
    MissingExtra
        when this module is imported without fpdf2.
    """
    _ = translator(lang)
    version = _("Text of {version}").format(version=GUARDIAN_VERSION)
    paper = Sheet(_("Form for parents and guardians"), lang, f"{class_name}  ·  {version}", local(made_us))
    paper.add_page()
    paper.letters(9, bold=True, colour=SOFT)
    paper.paragraph("BÌNH DÂN HỌC VỤ SỐ")
    paper.letters(19, bold=True, colour=MAIN)
    paper.paragraph(_("Form for parents and guardians"))
    paper.letters(11, colour=SOFT)
    paper.paragraph(class_name, most_lines=1, after=1)
    for heading, text in _sections(_):
        paper.heading(heading)
        paper.letters(11.5)
        paper.paragraph(text)
    _agreement(paper, _)
    _lines(paper, _)
    return bytes(paper.output())


def _sections(_: Gettext) -> list[tuple[str, str]]:
    return [
        (
            _("What for"),
            _(
                "In this class people learn everyday digital skills on a phone. With the name from the class list the teacher can "
                "follow and help your child. The name is used for nothing else and passed on to nobody."
            ),
        ),
        (
            _("What is kept"),
            _(
                "The name from the class list, the language, when the child joined, what was agreed to, and the answers with "
                "their times. We never ask for an ID number, password, OTP, health or ethnicity."
            ),
        ),
        (
            _("Where and how long"),
            _("On the computer of the class, for the people below only, until this day at the latest: ________________. Then it is deleted."),
        ),
        (
            _("Your rights"),
            _(
                "You and your child may see what is kept, have it corrected or deleted, and take this consent back at any time, "
                "without giving reasons. Please ask the teacher."
            ),
        ),
        (
            _("If you do not agree"),
            _("Your child takes part all the same, under a nickname. Nothing is different."),
        ),
    ]


def _agreement(paper: Sheet, _: Gettext) -> None:
    top = paper.get_y() + 4
    paper.letters(12, bold=True)
    text = _("That the class keeps my child's name beside the results, so that the teacher can follow and help:")
    lines = paper.lines_of(text, WIDTH - 8)
    height = len(lines) * paper.line_height() + BOX + 10
    paper.block(MARGIN, top, WIDTH, height, TINT)
    paper.block(MARGIN, top, 1.4, height, GOLD)
    paper.set_y(top + 3)
    paper.paragraph(text, x=MARGIN + 4, width=WIDTH - 8)
    at = paper.get_y() + 2
    for x, answer in ((MARGIN + 5, _("I agree")), (MARGIN + HALF, _("I do not agree"))):
        paper.set_draw_color(*INK)
        paper.set_line_width(0.4)
        paper.rect(x, at, BOX, BOX)
        paper.set_xy(x + BOX + 1.5, at - 0.6)
        paper.cell(HALF - BOX - 8, BOX + 1.2, answer)
    paper.set_y(top + height + 3)


def _lines(paper: Sheet, _: Gettext) -> None:
    """Lines to write on; a pair shares one."""
    rows = [
        (_("Name of the learner"), _("Born in (year)")),
        (_("Name of the parent or guardian"), _("Who they are to the learner")),
        (_("Date and signature of the parent or guardian"), _("Signature of the learner")),
        (_("Teacher, or who answers for the class"), _("Phone")),
    ]
    top = paper.get_y() + 2
    for left, right in rows:
        _line(paper, MARGIN, top, WIDTH * 0.58, left)
        _line(paper, MARGIN + WIDTH * 0.62, top, WIDTH * 0.38, right)
        top += LINE_HEIGHT + 6
    paper.set_y(top)


def _line(paper: Sheet, x: float, top: float, width: float, what: str) -> None:
    paper.set_draw_color(*SOFT)
    paper.set_line_width(0.25)
    paper.line(x, top + LINE_HEIGHT, x + width, top + LINE_HEIGHT)
    paper.letters(9, colour=SOFT)
    paper.set_xy(x, top + LINE_HEIGHT + 0.4)
    paper.cell(width, 4.4, paper.fitted(what, width))
