"""In which columns of a class list the names stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bdhvs.core.vietnamese_letters import without_diacritics
from bdhvs.service.list_rows import Row

ROWS_BEFORE_HEADER = 15  # a school's list begins with titles: the ministry, the school, the class
#: Headers without marks and in small letters. A family name stands in front of the given name beside it.
_WHOLE = {
    "ho va ten", "ho ten", "ho va ten hoc vien", "ho ten hoc vien", "ho va ten hoc sinh", "ho ten hoc sinh", "ten hoc vien",
    "ten hoc sinh", "ho va ten nguoi hoc", "ten nguoi hoc", "hoc vien", "name", "full name", "student name", "student",
    "ho va chu dem va ten", "ho ten khai sinh", "ten goi", "learner", "participant", "ho chu dem va ten", "names",
}  # fmt: skip
_FAMILY = {"ho", "ho dem", "ho va ten dem", "ho va dem", "ho ten dem", "ho va chu dem", "ho lot", "last name", "surname", "family name"}
_GIVEN = {"ten", "first name", "given name"}


@dataclass(frozen=True, slots=True)
class Columns:
    """Where names stand: columns from 0, joined in this order; ``header`` is the number of the header's row in the
    list of rows, None when there is no header."""

    names: tuple[int, ...]
    header: int | None = None


def find_columns(rows: Sequence[Row]) -> Columns:
    """The columns with names, by their headers or, without any, the one with most texts that may be names."""
    for number, row in enumerate(rows[:ROWS_BEFORE_HEADER]):
        headers = [_plain(cell) for cell in row.cells]
        whole = next((place for place, header in enumerate(headers) if header in _WHOLE), None)
        if whole is not None:
            return Columns(_with_merged(headers, whole, rows[number + 1 :]), number)
        family = next((place for place, header in enumerate(headers) if header in _FAMILY), None)
        given = next((place for place, header in enumerate(headers) if header in _GIVEN), None)
        if given is not None:
            return Columns((family, given) if family is not None else (given,), number)
    return Columns((_most_like_names(rows),))


def _with_merged(headers: list[str], whole: int, below: Sequence[Row]) -> tuple[int, ...]:
    """Schools write "Họ và tên" over two columns, the given name in the second, to sort by it."""
    after = whole + 1
    if after < len(headers) and headers[after]:
        return (whole,)
    filled = sum(may_be_name(_at(row, after)) for row in below)
    both = sum(may_be_name(_at(row, after)) and bool(_at(row, whole)) for row in below)
    return (whole, after) if below and filled == both and 2 * both > len(below) else (whole,)


def _most_like_names(rows: Sequence[Row]) -> int:
    width = max((len(row.cells) for row in rows), default=1)
    return max(range(width), key=lambda place: (sum(may_be_name(_at(row, place)) for row in rows), -place))


def may_be_name(cell: str) -> bool:
    """Whether a cell has letters and no number to speak of."""
    return any(one.isalpha() for one in cell) and not has_number(cell)


def has_number(cell: str) -> bool:
    """Whether a cell holds a year, a phone's or a card's number, or nothing but a number; "Lan 2" does not."""
    digits = sum(one.isdigit() for one in cell)
    return digits >= 4 or (digits > 0 and not any(one.isalpha() for one in cell))


def name_in(row: Row, columns: Columns) -> str:
    """What stands in the columns of the name, joined."""
    return " ".join(filter(None, (_at(row, place) for place in columns.names)))


def _at(row: Row, place: int) -> str:
    return row.cells[place] if place < len(row.cells) else ""


def _plain(cell: str) -> str:
    """A header without marks, signs and what stands in brackets."""
    if len(cell) > 60:
        return ""
    bare = re.sub(r"\(.*?\)", " ", without_diacritics(cell).casefold())
    plain = " ".join(re.sub(r"[^a-z ]", " ", bare.replace("&", " va ")).split())
    return "" if plain == "ten" and cell.casefold() not in ("tên", "ten") else plain  # bà Tèn is a person
