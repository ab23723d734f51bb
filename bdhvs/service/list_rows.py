"""Rows and cells of a class list, from a text file or an Excel file. Sizes are bounded before anything is unpacked."""

from __future__ import annotations

import csv
import re
import warnings
import zipfile
import zlib
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

from bdhvs.errors import MissingExtra
from bdhvs.service.list_letters import decode, is_suspect, repair

MAX_FILE_BYTES = 5 * 2**20  # a list of 500 names with twenty columns has some 100 KB
MAX_UNPACKED_BYTES = 30 * 2**20  # of all parts of an Excel file together
MAX_PARTS = 500
MAX_ROWS, MAX_COLUMNS = 5_000, 60
FORMULA = "="  # begins a cell that is a formula whose result the file does not hold

_SEPARATOR_LINE = re.compile(r"sep=.\s*", re.IGNORECASE)  # Excel's note to itself


class Unreadable(Exception):
    """The file as a whole cannot be read; ``reason`` is one of the reasons of `bdhvs.service.class_list`."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file, from 1, and its cells without outer spaces."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """What a file holds. ``guessed``: the letters are of an old font, converted by us, and want to be looked at."""

    rows: tuple[Row, ...]
    encoding: str
    guessed: bool = False
    cut: bool = False  # there was more than we read


def read_rows(data: bytes) -> Rows:
    """The rows of a file with anything in them.

    Raises
    ------
    Unreadable
        with reason ``too_big``, ``old_excel``, ``no_list``, ``damaged`` or ``letters``.
    MissingExtra
        when it is an Excel file and openpyxl is not installed.
    """
    if len(data) > MAX_FILE_BYTES:
        raise Unreadable("too_big", f"found {len(data)} bytes, expected at most {MAX_FILE_BYTES}")
    if data.startswith(b"PK\x03\x04"):
        return _excel(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("old_excel", "found an Excel file of before 2007 (.xls), expected .xlsx or text")
    if data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z")):
        raise Unreadable("no_list", "found a picture, document or archive, expected a list as text, CSV or .xlsx")
    return _text(data)


# ── text ────────────────────────────────────────────────────────────────────────────────────────────────


def _text(data: bytes) -> Rows:
    letters = decode(data)
    if letters is None:
        raise Unreadable("letters", "found letters in an encoding that is not known, expected UTF-8")
    if "\x00" in letters.text:
        raise Unreadable("no_list", "found binary data, expected a list as text, CSV or .xlsx")
    lines = letters.text.splitlines()
    rows = [Row(number, _cells(line)) for number, line in enumerate(lines[:MAX_ROWS], start=1)]
    if rows and _SEPARATOR_LINE.fullmatch(lines[0]):
        rows = rows[1:]
    return Rows(tuple(row for row in rows if any(row.cells)), letters.encoding, letters.guessed, len(lines) > MAX_ROWS)


def _cells(line: str) -> tuple[str, ...]:
    """Cells of one line. Each line is taken by itself: lists are put together by hand from several programs."""
    mark = next((one for one in "\t;," if one in line), ",")
    try:
        cells = next(csv.reader([line], delimiter=mark, skipinitialspace=True), [])
    except csv.Error:  # a cell beyond csv's limit: no name, but the line is to be named
        cells = line.split(mark)
    return tuple(cell.strip() for cell in cells[:MAX_COLUMNS])


# ── Excel ───────────────────────────────────────────────────────────────────────────────────────────────


def _excel(data: bytes) -> Rows:
    _refuse_bombs(data)
    try:
        from openpyxl import load_workbook
    except ImportError as exc:
        raise MissingExtra("openpyxl", "xlsx") from exc
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and validations that we do not look at
            values = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
            formulas = load_workbook(BytesIO(data), read_only=True, keep_links=False)
            with closing(values), closing(formulas):
                rows, cut = _sheet(values, formulas)
    # What openpyxl raises on a file that was damaged or forged; it promises no kind of its own.
    except (
        ArithmeticError, AttributeError, EOFError, KeyError, IndexError, NotImplementedError, OSError, ParseError,
        RecursionError, RuntimeError, TypeError, ValueError, zipfile.BadZipFile, zlib.error,
    ) as exc:  # fmt: skip
        raise Unreadable("damaged", f"found an Excel file that cannot be read ({exc!r:.200})") from exc
    return _repaired(rows, cut)


def _refuse_bombs(data: bytes) -> None:
    """Look at the table of contents only: zipfile never unpacks more of a part than is said there."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            parts = packed.infolist()
            size = sum(part.file_size for part in parts)
            if size > MAX_UNPACKED_BYTES or len(parts) > MAX_PARTS:
                raise Unreadable("too_big", f"found {size} bytes in {len(parts)} parts, expected at most {MAX_UNPACKED_BYTES}")
            if "xl/workbook.xml" not in packed.namelist():
                raise Unreadable("no_list", "found an archive that is no Excel file, expected .xlsx")
            for part in parts:  # no Excel writes one, and an XML reader would follow it
                if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in packed.read(part).replace(b"\x00", b""):
                    raise Unreadable("damaged", f"found a DOCTYPE in {part.filename}, expected plain Excel parts")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as exc:
        raise Unreadable("damaged", f"found a damaged archive ({exc!r:.200}), expected .xlsx") from exc


def _sheet(values: Any, formulas: Any) -> tuple[list[Row], bool]:
    """Rows of the first sheet on which anything stands."""
    for sheet, other in zip(values.worksheets, formulas.worksheets, strict=True):
        if sheet.sheet_state != "visible":
            continue
        bounds = {"max_row": MAX_ROWS, "max_col": MAX_COLUMNS, "values_only": True}
        found = [
            Row(number, tuple(_cell(value, formula) for value, formula in zip(row, formula_row, strict=False)))
            for number, (row, formula_row) in enumerate(
                zip(sheet.iter_rows(**bounds), other.iter_rows(**bounds), strict=False), start=1
            )
        ]
        if rows := [row for row in found if any(row.cells)]:
            return rows, (sheet.max_row or 0) > MAX_ROWS
    return [], False


def _cell(value: Any, formula: Any) -> str:
    if value is None:
        return str(formula)[:50] if isinstance(formula, str) and formula.startswith(FORMULA) else ""
    return str(value).strip()


def _repaired(rows: list[Row], cut: bool) -> Rows:
    text = "\n".join("\t".join(cell.replace("\n", " ").replace("\t", " ") for cell in row.cells) for row in rows)
    letters = repair(text) if is_suspect(text) else None
    if letters is None:
        return Rows(tuple(rows), "Excel", cut=cut)
    lines = letters.text.split("\n")
    mended = tuple(Row(row.line, tuple(line.split("\t"))) for row, line in zip(rows, lines, strict=True))
    return Rows(mended, f"Excel, {letters.encoding}", guessed=True, cut=cut)
