"""A sheet of A4 in the house's letters and colours: what the report and the result sheet share.

The letters are Noto Sans (SIL Open Font License 1.1, see ``fonts/OFL.txt``), shipped whole; fpdf2 embeds what a document uses.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bdhvs.errors import MissingExtra

try:
    from fpdf import FPDF
    from fpdf.fonts import TTFFont
except ImportError as exc:
    raise MissingExtra("fpdf2", "report") from exc

FONTS = Path(__file__).parent / "fonts"
Colour = tuple[int, int, int]
INK: Colour = (33, 30, 46)
SOFT: Colour = (87, 82, 100)
MAIN: Colour = (56, 52, 138)
TINT: Colour = (238, 236, 251)
GOLD: Colour = (227, 165, 39)
LINE: Colour = (215, 208, 196)
WHITE: Colour = (255, 255, 255)
MARGIN = 16.0  # mm
WIDTH = 210.0 - 2 * MARGIN  # mm between the margins
PAGE_END = 297 - 16  # mm from the top; below stands the foot
MM_PER_POINT = 25.4 / 72


class Sheet(FPDF):
    """An A4 document, sizes in mm, letters in points. ``foot`` stands at the bottom of every page.

    Parameters
    ----------
    made_at : when the document is made; it is written into it, so that the same content gives the same file.
    """

    def __init__(self, title: str, lang: str, foot: str, made_at: datetime) -> None:
        super().__init__(orientation="portrait", unit="mm", format="A4")
        self._foot = foot
        for style, name in (("", "Regular"), ("B", "Bold")):
            self.add_font("Noto", style, FONTS / f"NotoSans-{name}.ttf")
        self.set_title(title)
        self.set_lang(lang)
        self.set_creator("bdhvs")
        self.set_creation_date(made_at)
        self.set_margins(MARGIN, 14, MARGIN)
        self.set_auto_page_break(True, margin=14)
        self.alias_nb_pages()
        self.letters(10)

    def footer(self) -> None:
        """The line at the bottom: what this is, and which page of how many. Called by fpdf2."""
        self.set_y(-13)
        self.letters(8, colour=SOFT)
        self.cell(WIDTH - 20, 5, self.fitted(self._foot, WIDTH - 22))
        self.cell(20, 5, f"{self.page_no()}/{{nb}}", align="R")

    def normalize_text(self, text: str) -> str:
        """Called by fpdf2 on all text: signs the letters do not have (an emoji in a nickname) are left out, not boxed."""
        font = self.current_font
        if isinstance(font, TTFFont):
            text = "".join(one for one in text if ord(one) in font.cmap)
        return super().normalize_text(text)

    def letters(self, size: float, *, bold: bool = False, colour: Colour = INK) -> None:
        """Write with these letters from now on."""
        self.set_font("Noto", "B" if bold else "", size)
        self.set_text_color(*colour)

    def line_height(self) -> float:
        """Height of one line of the present letters, in mm."""
        return float(self.font_size_pt) * MM_PER_POINT * 1.36  # Noto's marks above and below need the room

    def paragraph(self, text: str, *, x: float = MARGIN, width: float = WIDTH, most_lines: int = 0, after: float = 0) -> None:
        """Text over as many lines as it takes, at most `most_lines` (0: no limit); the rest is told by "…"."""
        height = self.line_height()
        for line in self.lines_of(text, width, most_lines):
            self.set_x(x)
            self.cell(width, height, line, new_x="LMARGIN", new_y="NEXT")
        self.set_y(self.get_y() + after)

    def small(self, text: str) -> None:
        """A paragraph in small soft letters: what is to be known beside the figures."""
        self.letters(8.5, colour=SOFT)
        self.paragraph(text)

    def lines_of(self, text: str, width: float, most: int = 0) -> list[str]:
        """`text` broken into lines of `width` mm, at most `most` (0: no limit)."""
        lines = self._broken(text, width)
        if most and len(lines) > most:
            return [*lines[: most - 1], self.fitted(" ".join(lines[most - 1 :]), width)]
        return lines

    def _broken(self, text: str, width: float) -> list[str]:
        broken: Any = self.multi_cell(width, 5, text, align="L", dry_run=True, output="LINES")
        return list(broken)

    def fitted(self, text: str, width: float) -> str:
        """`text`, or as many of its whole letters as fit into `width` mm with "…" behind."""
        if self.get_string_width(text) <= width - 2 * self.c_margin:
            return text
        while text and self.get_string_width(f"{text}…") > width - 2 * self.c_margin:
            text = text[:-1].rstrip()
        return f"{text}…"

    def name(self, name: str, width: float, height: float) -> None:
        """A person's name in a cell, in smaller letters when it is long: a name is not cut while it can be read."""
        for size in (9.0, 8.2, 7.4):
            self.letters(size)
            if self.get_string_width(name) <= width - 2 * self.c_margin:
                break
        self.cell(width, height, self.fitted(name, width))

    def heading(self, text: str) -> None:
        """A section's heading with a gold rule to its left."""
        self.set_y(self.get_y() + 3)
        top = self.get_y()
        self.block(MARGIN, top + 0.8, 1.6, 5.6, GOLD)
        self.letters(12.5, bold=True, colour=MAIN)
        self.set_xy(MARGIN + 3, top)
        self.cell(WIDTH - 3, 7.2, text, new_x="LMARGIN", new_y="NEXT")
        self.set_y(self.get_y() + 1.2)

    def block(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """A filled rectangle."""
        self.set_fill_color(*colour)
        self.rect(x, y, width, height, style="F")

    def rule(self, y: float, x: float = MARGIN, width: float = WIDTH) -> None:
        """A fine line across."""
        self.set_draw_color(*LINE)
        self.set_line_width(0.2)
        self.line(x, y, x + width, y)

    def stacked_bar(self, x: float, y: float, width: float, height: float, parts: Sequence[int]) -> None:
        """Done alone (full), with help (striped), not yet (empty), as parts of `width`; told apart without colour too."""
        total = sum(parts)
        self.set_draw_color(*MAIN)
        self.set_line_width(0.25)
        at = x
        for part, fill in zip(parts, (self._full, self._striped, self._empty), strict=True):
            if part:
                own = width * part / total
                fill(at, y, own, height)
                self.rect(at, y, own, height)
                at += own

    def swatches(self, x: float, y: float, texts: Sequence[str]) -> None:
        """The legend of `stacked_bar`, one text behind each of the three fillings."""
        for text, fill in zip(texts, (self._full, self._striped, self._empty), strict=True):
            fill(x, y + 0.7, 5, 3)
            self.set_draw_color(*MAIN)
            self.set_line_width(0.25)
            self.rect(x, y + 0.7, 5, 3)
            self.set_xy(x + 5.6, y)
            self.cell(self.get_string_width(text) + 3, 4.4, text)
            x += self.get_string_width(text) + 13

    def _full(self, x: float, y: float, width: float, height: float) -> None:
        self.block(x, y, width, height, MAIN)

    def _striped(self, x: float, y: float, width: float, height: float) -> None:
        self.block(x, y, width, height, TINT)
        with self.rect_clip(x, y, width, height):
            self.set_draw_color(*MAIN)
            self.set_line_width(0.35)
            start = x - height
            while start < x + width:
                self.line(start, y + height, start + height, y)
                start += 1.6

    def _empty(self, x: float, y: float, width: float, height: float) -> None:
        self.block(x, y, width, height, WHITE)
