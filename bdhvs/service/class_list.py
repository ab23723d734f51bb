"""A class list: names the teacher brought, one a line. It is read at each start and never stored.

Only who joins under a listed name, and agrees to it, gets that name kept beside the results.
"""

from __future__ import annotations

from pathlib import Path

from bdhvs.core.names import NameRefused, clean_name, told_apart
from bdhvs.errors import DataFileError, Problem

#: Purpose and text version of the consent asked for; raise the version when the sentence changes.
KEEP_NAME = "keep_name"
KEEP_NAME_VERSION = "2026-11-22"
MAX_NAMES = 500


class ClassListError(DataFileError):
    """The file with the names cannot be used; ``problems`` lists all lines."""

    code = "class_list"


def read_class_list(path: Path) -> tuple[str, ...]:
    """The names of a class list, a second "Lan" as "Lan (2)", in the order of the file.

    Parameters
    ----------
    path : UTF-8 text, a name a line; of a CSV the first column counts. Empty lines are passed over.

    Raises
    ------
    ClassListError
        naming each line that cannot be used, the wrong encoding, or a list that is empty or too long.
    """
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError as exc:
        line = path.read_bytes()[: exc.start].count(b"\n") + 1
        message = "found a letter that is not UTF-8, expected a file saved as UTF-8; save it again as 'CSV UTF-8' or text UTF-8"
        raise ClassListError([Problem(str(path), line, message)]) from exc
    except OSError as exc:
        raise ClassListError([Problem(str(path), 0, f"cannot be read: {exc.strerror}; check the name of the file")]) from exc
    names, problems = _names(path, lines)
    if not problems and not 0 < len(names) <= MAX_NAMES:
        problems = [Problem(str(path), 0, f"found {len(names)} names, expected 1 to {MAX_NAMES}")]
    if problems:
        raise ClassListError(problems)
    return tuple(told_apart(names))


def _names(path: Path, lines: list[str]) -> tuple[list[str], list[Problem]]:
    names: list[str] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=1):
        cell = line.split(";")[0].split(",")[0].split("\t")[0].strip().strip('"')
        if not line.strip():
            continue
        try:
            names.append(clean_name(cell))
        except NameRefused as refused:
            problems.append(Problem(str(path), number, f"{refused}; write the name in the first column"))
    return names, problems
