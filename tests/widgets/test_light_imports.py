"""A quiz cell costs a learner's kernel little: nothing heavy is imported before the first message."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ["pandas", "matplotlib", "numpy", "scipy", "pyarrow", "sqlalchemy", "alembic", "pydantic", "yaml", "nbconvert", "starlette", "uvicorn"]


def imported(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint(*[name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_making_a_quiz_loads_nothing_heavy() -> None:
    assert imported("import bdhvs; bdhvs.quiz('lam-quen')") == set()


def test_answering_loads_the_store_but_no_frames_pictures_or_numbers() -> None:
    assert imported("import bdhvs.widgets.answering") <= {"sqlalchemy", "alembic", "pydantic", "yaml"}
