"""Reading the programme's YAML files: which one, and what in it is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from bdhvs.errors import DataFileError, Problem


class Declared(BaseModel):
    """A record of a file: frozen, and no field that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Kind = TypeVar("Kind", bound=Declared)


def read_declared(path: Path, kind: type[Kind], what: str) -> Kind:
    """The file at `path` as a record; ``what:`` in it must be `what`, ``format:`` 1.

    Raises
    ------
    DataFileError
        with every mistake: the path in the file, what was found, what was expected.
    """
    try:
        found = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as exc:
        line = getattr(getattr(exc, "problem_mark", None), "line", -1) + 1
        raise DataFileError([Problem(str(path), line, f"cannot be read ({exc}), expected YAML in UTF-8")]) from exc
    if not isinstance(found, dict) or found.get("what") != what or found.get("format") != 1:
        raise DataFileError([Problem(str(path), 1, f'expected "what: {what}" and "format: 1" at the top')])
    try:
        return kind.model_validate({name: value for name, value in found.items() if name not in ("what", "format")})
    except ValidationError as exc:
        raise DataFileError([_problem(path, one["loc"], one["msg"], one.get("input")) for one in exc.errors()]) from exc


def _problem(path: Path, where: tuple[int | str, ...], message: str, found: object) -> Problem:
    place = ".".join(str(part) for part in where) or "file"
    return Problem(str(path), 0, f"{place}: {message} (found {str(found)[:80]!r})")
