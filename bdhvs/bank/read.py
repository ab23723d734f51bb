"""A data file as one of our models, or all that is wrong with it."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bdhvs.bank.messages import problems_of
from bdhvs.bank.yaml_lines import Document
from bdhvs.errors import Problem

Model = TypeVar("Model", bound=BaseModel)


def read_model(document: Document, model: type[Model]) -> tuple[Model | None, list[Problem]]:
    """The document as `model` (None when it does not fit), with its problems in the order of lines.

    Reading is strict: a text is not taken for a number, nor a number for a text. A line that is already wrong
    as YAML is not complained about twice.
    """
    problems = list(document.problems)
    if document.value is None:
        return None, problems
    if not isinstance(document.value, dict):
        problems.append(Problem(document.path, 1, "expected fields (name: value) at the start of the lines", "syntax"))
        return None, problems
    made = None
    try:
        made = model.model_validate(_with_tuples(document.value), strict=True)
    except ValidationError as error:
        said = {problem.line for problem in problems}
        problems += (one for one in problems_of(error, model, document) if one.line not in said)
    return (made if not problems else None), sorted(problems, key=lambda one: one.line)


def _with_tuples(value: Any) -> Any:
    """The same value with lists as tuples, which is what frozen models hold."""
    if isinstance(value, list):
        return tuple(_with_tuples(one) for one in value)
    if isinstance(value, dict):
        return {name: _with_tuples(one) for name, one in value.items()}
    return value
