"""A class list: names the teacher brought. Reading one stores nothing; only what the teacher's page confirmed is kept.

Only who joins under a listed name, and agrees to it, gets that name kept beside the results. Reading is pure, from bytes
to a `ListPreview`, so that command line and page can show what would be taken before it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bdhvs.core.names import NameRefused, clean_name, told_apart
from bdhvs.errors import DataFileError, Problem
from bdhvs.i18n import Gettext
from bdhvs.service.list_columns import Columns, find_columns, has_number, name_in
from bdhvs.service.list_rows import FORMULA, MAX_FILE_BYTES, Row, Unreadable, read_rows

MAX_NAMES = 500

Doubt = Literal["no_name", "too_long", "number", "formula", "lost_letter", "too_many", "duplicate", "old_letters", "cut"]
#: Doubts about names that are taken all the same; the other lines are left out.
TAKEN: frozenset[Doubt] = frozenset({"duplicate", "old_letters", "cut"})


class ClassListError(DataFileError):
    """The file with the names cannot be used. ``code`` says why; ``problems`` says where."""

    code = "class_list"

    def __init__(self, problem: Problem, reason: str = "") -> None:
        super().__init__([problem])
        if reason:
            self.code = f"class_list_{reason}"


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A line that is to be looked at. ``line`` counts from 1, 0 is the whole file; ``found`` is what stands there."""

    line: int
    doubt: Doubt
    found: str = ""

    @property
    def is_taken(self) -> bool:
        """Whether the name is in the list all the same."""
        return self.doubt in TAKEN

    def in_words(self, _: Gettext) -> str:
        """What is the matter and what to do, for a teacher."""
        sentences: dict[Doubt, str] = {
            "no_name": _("There is no name in this line. Write one, or delete the line."),
            "too_long": _("This name is too long: please write at most 40 letters."),
            "number": _("This has a number in it. Write only the name, without year, phone or card number."),
            "formula": _("This is a formula without a result. Open the file in Excel, save it again, or type the name."),
            "lost_letter": _("Letters of this name are lost (? or �). Type the name again."),
            "too_many": _("A list has at most 500 names. Make a list for each class."),
            "duplicate": _("This name stands here more than once; the second one gets a number. Add a village to tell them apart, if you like."),
            "old_letters": _("The file uses letters of an old font, and we have converted them. Please look whether the names are right."),
            "cut": _("Only the first 5,000 lines were read."),
        }
        where = _("Line {line}: ").format(line=self.line) if self.line else ""
        found = f"“{self.found}” – " if self.found else ""
        return f"{where}{found}{sentences[self.doubt]}"


@dataclass(frozen=True, slots=True)
class ListPreview:
    """What would be taken of a class list, and what is doubtful, line by line.

    ``names`` are cleaned and told apart ("Lan", "Lan (2)"), in the order of the file; ``encoding`` says how the file was
    read.
    """

    names: tuple[str, ...]
    doubts: tuple[Doubtful, ...]
    encoding: str

    @property
    def left_out(self) -> tuple[Doubtful, ...]:
        """Lines of which no name is taken."""
        return tuple(one for one in self.doubts if not one.is_taken)


def preview(data: bytes, called: str = "") -> ListPreview:
    """What the bytes of a text, CSV or Excel file would give; nothing is stored.

    Parameters
    ----------
    called : name of the file, for messages.

    Raises
    ------
    ClassListError
        when the file as a whole cannot be read, saying why.
    MissingExtra
        when it is an Excel file and openpyxl is not installed.
    """
    try:
        read = read_rows(data)
    except Unreadable as exc:
        raise ClassListError(Problem(called, 0, f"{exc}; save it as .xlsx or as 'CSV UTF-8'"), exc.reason) from exc
    names: list[str] = []
    doubts = [Doubtful(0, "old_letters", read.encoding)] if read.guessed else []
    seen: set[str] = set()
    columns = find_columns(read.rows)
    for row in read.rows[(columns.header + 1 if columns.header is not None else 0) :]:
        taken = _name_or_doubt(row, columns, full=len(names) >= MAX_NAMES)
        if isinstance(taken, Doubtful):
            doubts.append(taken)
            continue
        if taken.casefold() in seen:
            doubts.append(Doubtful(row.line, "duplicate", taken))
        seen.add(taken.casefold())
        names.append(taken)
    if read.cut:
        doubts.append(Doubtful(0, "cut"))
    return ListPreview(tuple(told_apart(names)), tuple(doubts), read.encoding)


def _name_or_doubt(row: Row, columns: Columns, *, full: bool) -> str | Doubtful:
    typed = name_in(row, columns)
    found = typed[:40]
    if typed.startswith(FORMULA):
        return Doubtful(row.line, "formula", found)
    try:
        name = clean_name(typed)
    except NameRefused as refused:
        return Doubtful(row.line, "no_name" if refused.code == "name_empty" else "too_long", found)
    if has_number(name):
        return Doubtful(row.line, "number", found)
    if not any(one.isalpha() for one in name):
        return Doubtful(row.line, "no_name", found)
    if "?" in name or "\ufffd" in name:
        return Doubtful(row.line, "lost_letter", found)
    return Doubtful(row.line, "too_many", found) if full else name


def preview_file(path: Path) -> ListPreview:
    """As `preview`, of a file.

    Raises
    ------
    ClassListError, MissingExtra
        as `preview`; also when there is no such file.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)  # not the whole of a film that was taken for a list
    except OSError as exc:
        problem = Problem(str(path), 0, f"cannot be read: {exc.strerror}; check the name of the file")
        raise ClassListError(problem, "missing") from exc
    return preview(data, str(path))


def read_class_list(path: Path) -> tuple[str, ...]:
    """The names of the class list in a file: at least one.

    Raises
    ------
    ClassListError, MissingExtra
        as `preview_file`; also when no usable name is left, naming the lines.
    """
    found = preview_file(path)
    if not found.names:
        lines = ", ".join(f"{one.line} ({one.doubt})" for one in found.doubts[:20]) or "none"
        problem = Problem(str(path), 0, f"found no usable name (lines: {lines}), expected a name a line")
        raise ClassListError(problem, "empty")
    return found.names
