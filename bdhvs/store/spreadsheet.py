"""Tables on their way into a spreadsheet: CSV as those programs like it, and cells they take for nothing but text."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

_BEGINS_FORMULA = tuple("=+-@＝＋－＠")


def spreadsheet_lines(columns: Collection[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """`rows` as CSV: UTF-8 with BOM, CRLF, a header of `columns`, cells that cannot act as formulas."""
    yield "\ufeff" + _line(columns)
    for row in rows:
        yield _line(spreadsheet_cell(row[name]) for name in columns)


def spreadsheet_cell(value: Any) -> str:
    """A value as a cell that no spreadsheet takes for a formula.

    A text that begins with ``= + - @``, also in full width or behind white space, which some programs skip, gets an
    apostrophe in front, as OWASP's note on CSV injection advises. Numbers are left alone.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    acts = text.startswith(("\t", "\r", "\n")) or text.lstrip().startswith(_BEGINS_FORMULA)
    return f"'{text}" if isinstance(value, str) and acts else text


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
