"""What is wrong with a data file before it is read as YAML: its size, encoding and invisible signs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bdhvs.errors import Problem

MAX_FILE_BYTES = 256 * 1024  # the longest file of ours has 41 KB; anything this long is a mistake or an attack

#: Signs that cannot be seen, turn the direction of reading, or that some programs take for a line end.
_INVISIBLE = re.compile(
    "[\u0085\u200b\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
)
_BOM = b"\xef\xbb\xbf"


def decoded(raw: bytes, path: str) -> tuple[str, list[Problem]]:
    """The text of a file and all problems of its form; the text is empty when it cannot be read at all."""
    if len(raw) > MAX_FILE_BYTES:
        found = f"the file has {len(raw) // 1024} KB, at most {MAX_FILE_BYTES // 1024} KB are read; split it"
        return "", [Problem(path, 0, found, "file_size")]
    problems: list[Problem] = []
    if raw.startswith(_BOM):
        problems.append(Problem(path, 1, "the file begins with a BOM; save it as UTF-8 without BOM", "encoding"))
        raw = raw.removeprefix(_BOM)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problems.append(Problem(path, line, "these bytes are not UTF-8; save the file as UTF-8", "encoding"))
        return "", problems
    if "\r" in text:
        line = text.count("\n", 0, text.index("\r")) + 1
        problems.append(Problem(path, line, "line ends with CR (Windows); save it with LF line ends", "line_ends"))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    problems += (Problem(path, line, message, rule) for line, rule, message in _line_problems(text))
    return text, problems


def _line_problems(text: str) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if "\t" in line:
            yield number, "tab", "found a tab; indent with two spaces"
        if hidden := _INVISIBLE.search(line):
            yield number, "invisible", f"found the invisible sign U+{ord(hidden[0]):04X}; delete it"
        if not unicodedata.is_normalized("NFC", line):
            yield number, "nfc", f'found letters with loose marks in "{_loose(line)}"; save the text in Unicode NFC'


def _loose(line: str) -> str:
    """The first word of `line` that is not in NFC."""
    words = (word for word in line.split() if not unicodedata.is_normalized("NFC", word))
    return unicodedata.normalize("NFC", next(words, line))[:40]
