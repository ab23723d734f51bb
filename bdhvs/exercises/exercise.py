"""An exercise as its file says it: ``assessments/exercises/<id>.yaml``."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from bdhvs.bank.paths import find_content
from bdhvs.bank.read import read_model
from bdhvs.bank.yaml_lines import read_document
from bdhvs.core.items.base import Record, Text
from bdhvs.errors import BankError, NotFound, Problem


class Mistake(Record):
    """A value that many arrive at, and what to say then. Without ``value``: a function that gives nothing back."""

    value: Any = None
    hint: Text


class Check(Record):
    """One thing that is looked at. ``goal`` is shown from the start, ``hint`` when it is not reached.

    value: the name holds ``expected``. call: the function gives ``expected`` for ``arguments``. output: every text of
    ``contains`` is printed. uses: the program has a construct (``for``, ``if``, ``def``, ``while``) ``contains``.
    """

    kind: Literal["value", "call", "output", "uses"]
    goal: Text
    hint: Text
    name: str = ""
    arguments: tuple[Any, ...] = ()
    expected: Any = None
    contains: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()


class Exercise(Record):
    """A programming exercise. ``starter`` is in the editor at first."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    version: int = Field(ge=1)
    author: str
    licence: str
    date: str
    title: Text
    task: Text
    starter: Text
    checks: tuple[Check, ...] = Field(min_length=1)
    solution: str  # for authors and tests; it never leaves the kernel


def read_exercises(assessments: Path) -> tuple[dict[str, Exercise], list[Problem]]:
    """The usable exercises of a bank's folder by id, and all that is wrong with the others."""
    found: dict[str, Exercise] = {}
    problems: list[Problem] = []
    for path in sorted((assessments / "exercises").glob("*.yaml")):
        exercise, wrong = _read(path)
        problems += wrong
        if exercise is not None and not wrong:
            found[exercise.id] = exercise
    return found, problems


def load_exercise(exercise_id: str) -> Exercise:
    """The exercise with this id.

    Raises
    ------
    NotFound
        when there is no such file; the message names those there are.
    BankError
        with file and line when the file is wrong.
    """
    folder = find_content().assessments / "exercises"
    paths = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    if exercise_id not in paths:
        raise NotFound(f"there is no exercise {exercise_id!r}; there are: {', '.join(paths)}")
    exercise, problems = _read(paths[exercise_id])
    if exercise is None or problems:
        raise BankError(problems)
    return exercise


def _read(path: Path) -> tuple[Exercise | None, list[Problem]]:
    document = read_document(path, f"assessments/exercises/{path.name}")
    exercise, problems = read_model(document, Exercise)
    if exercise is not None and exercise.id != path.stem:
        message = f'found id "{exercise.id}" in a file called {path.name}; give both the same name'
        problems.append(Problem(document.path, document.line(("id",)), message, "file_name"))
    return exercise, problems
