"""What a program was worth: compared here, outside of its process, so it cannot write its own verdict.

What the program's process says of itself is a claim; a program that claims the right values has found them out. The values
that are expected are never in its process.
"""

from __future__ import annotations

import ast
import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bdhvs.exercises.exercise import Check, Exercise
from bdhvs.exercises.program import Outcome, Probe

_CONSTRUCTS: dict[str, tuple[type[ast.AST], ...]] = {
    "for": (ast.For,),
    "while": (ast.While,),
    "if": (ast.If, ast.IfExp),
    "def": (ast.FunctionDef,),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: reached or not, and the hint that fits when it is not."""

    reached: bool
    hint: str = ""


def probes(exercise: Exercise) -> tuple[Probe, ...]:
    """What to look at after the program, one for each check that asks for a value."""
    return tuple(
        Probe(check.name, check.arguments if check.kind == "call" else None)
        for check in exercise.checks
        if check.kind in ("value", "call")
    )


def judged(exercise: Exercise, code: str, outcome: Outcome, lang: str) -> tuple[Finding, ...]:
    """A finding for each check, in order. A program that broke off has reached nothing."""
    values = iter(outcome.values)
    return tuple(_finding(check, code, outcome, values, lang) for check in exercise.checks)


def _finding(check: Check, code: str, outcome: Outcome, values: Any, lang: str) -> Finding:
    told: dict[str, Any] = next(values, {}) if check.kind in ("value", "call") else {}
    if outcome.end != "done":
        return Finding(False)
    if check.kind == "output":
        return _of(all(_squeezed(part) in _squeezed(outcome.output) for part in check.contains), check, lang)
    if check.kind == "uses":
        return _of(all(_has(code, construct) for construct in check.contains), check, lang)
    if "value" not in told:
        return _of(False, check, lang)
    if same(told["value"], check.expected):
        return Finding(True)
    for mistake in check.mistakes:
        if same(told["value"], mistake.value):
            return Finding(False, mistake.hint.in_language(lang))
    return _of(False, check, lang)


def _of(reached: bool, check: Check, lang: str) -> Finding:
    return Finding(reached, "" if reached else check.hint.in_language(lang))


def same(found: Any, expected: Any) -> bool:
    """Whether two values are the same to a learner: 30000 and 30000.0 are, 1 and True are not."""
    if isinstance(found, bool) or isinstance(expected, bool):
        return found is expected
    if isinstance(found, int | float) and isinstance(expected, int | float):
        return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)
    if isinstance(expected, dict):
        if not isinstance(found, dict) or found.keys() != {str(key) for key in expected}:
            return False
        return all(same(found[str(key)], value) for key, value in expected.items())
    if isinstance(expected, list | tuple):
        return isinstance(found, list) and len(found) == len(expected) and all(map(same, found, expected))
    return bool(found == expected)


def _squeezed(text: str) -> str:
    return " ".join(text.split()).casefold()


def _has(code: str, construct: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(isinstance(node, _CONSTRUCTS[construct]) for node in ast.walk(tree))


def first_hint(findings: Sequence[Finding]) -> str:
    """The hint to show: one thing at a time; empty when all is reached."""
    return next((one.hint for one in findings if not one.reached), "")
