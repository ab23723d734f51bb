"""Provinces from ``assessments/places/provinces.yaml``, communes from a table of your own.

A table of communes is CSV (UTF-8; comma, semicolon or tab) with a head: ``code``, ``name``, ``province`` (code or name),
``kind`` (xã, phường, đặc khu; left out when the name says it) and ``former`` (names before, apart by semicolons or |).
Vietnamese heads are read, too. Every ``*.csv`` in ``assessments/places/`` is read, and one more that the caller names.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bdhvs.bank.paths import Content, find_content
from bdhvs.bank.read import read_model
from bdhvs.bank.yaml_lines import read_document
from bdhvs.core.items.base import Nfc, Record
from bdhvs.core.places import Commune, CommuneKind, Former, Geography, Province, ProvinceKind
from bdhvs.core.vietnamese import compose, normalise
from bdhvs.errors import PlaceRefused, PlacesError, Problem

PROVINCES = "provinces.yaml"
MAX_BYTES = 5 * 2**20  # all 3,321 communes with their former names are some 400 KB
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "mã", "mã xã"),
    "name": ("name", "tên", "tên xã"),
    "province": ("province", "tỉnh", "tỉnh/thành phố", "mã tỉnh"),
    "kind": ("kind", "loại", "cấp"),
    "former": ("former", "tên cũ", "trước đây"),
}
_NEEDED = ("code", "name", "province")
_KINDS: Mapping[str, CommuneKind] = {
    "xã": "commune", "commune": "commune", "phường": "ward", "ward": "ward", "đặc khu": "special_zone", "special_zone": "special_zone",
}  # fmt: skip

_ProvinceCode = Annotated[str, StringConstraints(pattern=r"^\d{2}$")]
_Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class FormerFile(Record):
    code: _ProvinceCode
    name: Nfc


class ProvinceFile(Record):
    code: _ProvinceCode
    name: Nfc
    kind: ProvinceKind
    former: tuple[FormerFile, ...] = ()
    called: tuple[Nfc, ...] = ()

    def made(self) -> Province:
        former = tuple(Former(one.name, one.code) for one in self.former)
        return Province(self.code, self.name, self.kind, former, self.called)


class PlaceSource(Record):
    id: Nfc
    title: Nfc
    date: _Day | None = None
    what: Nfc


class PlacesFile(Record):
    """``as_of``: the day on which all of it holds."""

    what: Literal["places"]
    format: Literal[1]
    as_of: _Day
    sources: Annotated[tuple[PlaceSource, ...], Field(min_length=1)]
    note: Nfc | None = None
    provinces: Annotated[tuple[ProvinceFile, ...], Field(min_length=1)]


def load_places(content: Content | None = None, communes: Path | None = None) -> Geography:
    """The provinces, and the communes of every table there is.

    Parameters
    ----------
    communes : one more table of communes, of the caller's own.

    Raises
    ------
    PlacesError
        with every problem of the files.
    """
    folder = (content or find_content()).places
    document = read_document(folder / PROVINCES, f"assessments/places/{PROVINCES}")
    file, problems = read_model(document, PlacesFile)
    if file is None or problems:
        raise PlacesError(problems)
    provinces = tuple(one.made() for one in file.provinces)
    problems = [Problem(document.path, 0, said, "places") for said in _twice(provinces)]
    found: list[Commune] = []
    for path in (*sorted(folder.glob("*.csv")), *((communes,) if communes else ())):
        made, wrong = read_communes(path, Geography(provinces))
        problems += wrong
        found += made
    seen: dict[str, Commune] = {}
    for one in found:
        if seen.setdefault(one.code, one) != one:
            said = f"found the code {one.code} for {one.full_name} and {seen[one.code].full_name}, expected one of them; correct the code"
            problems.append(Problem(str(communes or folder), 0, said, "places"))
    if problems:
        raise PlacesError(problems)
    return Geography(provinces, seen.values())


def _twice(provinces: tuple[Province, ...]) -> Iterator[str]:
    for what, values in (
        ("code", [one.code for one in provinces]),
        ("name", [one.name for one in provinces]),
        ("former code", [former.code for one in provinces for former in one.former]),
    ):
        for value in sorted({one for one in values if values.count(one) > 1}):
            yield f"found the {what} {value!r} more than once, expected each once"


def read_communes(path: Path, provinces: Geography) -> tuple[list[Commune], list[Problem]]:
    """The communes of a table, and all that is wrong with it, line by line."""

    def problem(line: int, message: str) -> Problem:
        return Problem(str(path), line, message, "places")

    try:
        if path.stat().st_size > MAX_BYTES:
            return [], [
                problem(
                    0, f"found a file over {MAX_BYTES >> 20} MB, expected a table of communes; save the table alone"
                )
            ]
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        return [], [problem(0, "found letters that are not UTF-8; save the table as 'CSV UTF-8'")]
    except OSError as error:
        return [], [problem(0, f"cannot be read: {error.strerror}; check its name and folder")]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    columns = _columns(next(rows, []))
    missing = [name for name in _NEEDED if name not in columns]
    if missing:
        expected = "code, name, province, kind, former"
        return [], [
            problem(1, f"found no column {', '.join(missing)} in the first line, expected {expected}; write the head")
        ]
    made: list[Commune] = []
    problems: list[Problem] = []
    for cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        row = _Row({name: compose(cells[place]) if place < len(cells) else "" for name, place in columns.items()})
        wrong = list(row.flaws(provinces))
        problems += (problem(rows.line_num, message) for message in wrong)
        if not wrong:
            made.append(row.commune(provinces))
    return made, problems


@dataclass(frozen=True, slots=True)
class _Row:
    cells: Mapping[str, str]

    def flaws(self, provinces: Geography) -> Iterator[str]:
        code = self.cells["code"]
        if not (code.isascii() and code.isdigit() and len(code) <= 5):
            yield f'found code "{code}", expected up to five digits; correct it'
        if not self._bare_name():
            yield f'found name "{self.cells["name"]}", expected a name; write it'
        try:
            provinces.province(self.cells["province"])
        except PlaceRefused as refused:
            yield f"province: {refused}"
        if self._kind() is None:
            yield f'found kind "{self.cells.get("kind", "")}", expected xã, phường or đặc khu; write it in its column or before the name'

    def commune(self, provinces: Geography) -> Commune:
        kind = self._kind()
        assert kind is not None
        former = self.cells.get("former", "").replace("|", ";").split(";")
        return Commune(
            code=self.cells["code"].zfill(5),
            name=self._bare_name(),
            province=provinces.province(self.cells["province"]).unit.code,
            kind=kind,
            former=tuple(Former(one.strip()) for one in former if one.strip()),
        )

    def _kind(self) -> CommuneKind | None:
        return _KINDS.get(normalise(self.cells.get("kind", ""))) or self._named_kind()

    def _named_kind(self) -> CommuneKind | None:
        name = normalise(self.cells["name"])
        return next((kind for word, kind in _KINDS.items() if name.startswith(f"{word} ")), None)

    def _bare_name(self) -> str:
        """The name without its kind."""
        name = self.cells["name"]
        return next((name[len(word) :].strip() for word in _KINDS if normalise(name).startswith(f"{word} ")), name)


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def _columns(head: list[str]) -> dict[str, int]:
    names = [normalise(one) for one in head]
    return {
        column: names.index(called)
        for column, spellings in _COLUMNS.items()
        for called in map(normalise, spellings)
        if called in names
    }
