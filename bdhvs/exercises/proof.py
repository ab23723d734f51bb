"""Whether exercises hold what they promise: found by running each solution and each starter, as a learner would."""

from __future__ import annotations

from pathlib import Path

from bdhvs.errors import Problem
from bdhvs.exercises import sandbox
from bdhvs.exercises.checks import first_hint, judged, probes
from bdhvs.exercises.exercise import Exercise, read_exercises
from bdhvs.exercises.program import Program

LANGUAGES = ("vi", "en")


def exercise_problems(assessments: Path) -> tuple[int, list[Problem]]:
    """How many exercises there are in a bank's folder, and all that is wrong with them."""
    exercises, problems = read_exercises(assessments)
    for one in exercises.values():
        problems += [Problem(f"assessments/exercises/{one.id}.yaml", 0, text, rule) for text, rule in _broken(one)]
    return len(exercises), problems


def _broken(exercise: Exercise) -> list[tuple[str, str]]:
    found = []
    passed, why = _tried(exercise, exercise.solution, "en")
    if not passed:
        found.append((f"the solution does not pass its own checks: {why}", "solution_passes"))
    for lang in LANGUAGES:
        if _tried(exercise, exercise.starter.in_language(lang), lang)[0]:
            found.append((f"the starter ({lang}) passes all checks already, so there is nothing to do", "starter_fails"))
    return found


def _tried(exercise: Exercise, code: str, lang: str) -> tuple[bool, str]:
    outcome = Program(code, probes(exercise), in_class=sandbox.possible()).run()
    findings = judged(exercise, code, outcome, lang)
    told = str((outcome.error or {}).get("message", "")) or first_hint(findings) or f"it ended with {outcome.end!r}"
    return all(one.reached for one in findings), told
