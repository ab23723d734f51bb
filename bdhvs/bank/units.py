"""Which forms stand inside which lesson: a *unit* is a lesson with its practice and its check.

Read from the lessons themselves, the calls ``bdhvs.quiz("…")`` in their cells, so that nobody has to say it twice.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from bdhvs.bank.paths import Content

LESSONS = "hoc-vien"  # below notebooks/; its translations lie below it and place the same forms


def lesson_forms(content: Content) -> Mapping[str, tuple[str, ...]]:
    """Lesson → ids of the forms that it places, in order; lessons without any, and files that are no notebooks, are left out."""
    found = {
        path.stem: tuple(dict.fromkeys(_placed(path))) for path in sorted((content.notebooks / LESSONS).glob("*.ipynb"))
    }
    return {lesson: forms for lesson, forms in found.items() if forms}


def _placed(path: Path) -> Iterator[str]:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError, TypeError):
        return  # whether a lesson can be read is said where lessons are checked
    for cell in cells:
        if cell.get("cell_type") == "code":
            yield from _quizzes("".join(cell.get("source", "")))  # one text, or a list of lines


def _quizzes(source: str) -> Iterator[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a line for IPython: no quiz is placed by such a cell
        return
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Attribute(ast.Name("bdhvs"), "quiz"), [ast.Constant(str() as form), *_]):
                yield form
