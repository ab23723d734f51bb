"""Lessons whose cells only place quizzes need no kernel: what such a cell shows is known from its text.

Starting a kernel takes seconds of processor time, for each lesson and language; on a village's laptop that decides how soon a
new class has its lessons. Everything else is executed as a notebook is.
"""

from __future__ import annotations

import ast
from typing import Any

import nbformat

from bdhvs.widgets.embed import EMBED_TYPE, quiz_embed


def fill_quiz_cells(notebook: Any) -> bool:
    """Give each code cell the output it would have, and True; False, and nothing done, when a cell does anything else."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    forms = [_forms_placed(cell.source) for cell in cells]
    if any(one is None for one in forms):
        return False
    for cell, placed in zip(cells, forms, strict=True):
        cell.outputs = [
            nbformat.v4.new_output("execute_result", {EMBED_TYPE: quiz_embed(form)}) for form in placed or ()
        ]
    return True


def _forms_placed(source: str) -> list[str] | None:
    """The form a cell places, as a list of at most one; None for a cell that does more than import bdhvs and place a quiz."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return None
    if not all(_imports_bdhvs(one) for one in statements[:-1]):
        return None
    if not statements or _imports_bdhvs(statements[-1]):
        return []
    form = _form_of(statements[-1])
    return None if form is None else [form]


def _imports_bdhvs(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Import) and [(one.name, one.asname) for one in statement.names] == [("bdhvs", None)]


def _form_of(statement: ast.stmt) -> str | None:
    """The form of ``bdhvs.quiz("form")``, with ``lang=`` or without."""
    match statement:
        case ast.Expr(
            ast.Call(ast.Attribute(ast.Name("bdhvs"), "quiz"), [ast.Constant(str() as form)], ([] | [ast.keyword("lang", ast.Constant(str()))]))
        ):
            return form
    return None
