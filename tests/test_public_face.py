"""The public face is decided, not leaked."""

from __future__ import annotations

import subprocess
import sys

import bdhvs


def test_the_public_names_are_these() -> None:
    classes = ["Bank", "Classroom", "Framework", "__version__"]
    others = ["attach", "board", "exercise", "frames", "offers", "open_class", "preview_item", "quiz", "responses", "write_item"]
    assert bdhvs.__all__ == [*classes, *others]
    assert dir(bdhvs) == sorted(bdhvs.__all__)


def test_every_public_name_is_there_and_documented() -> None:
    for name in bdhvs.__all__:
        assert getattr(bdhvs, name) is not None
        if name != "__version__":
            assert (getattr(bdhvs, name).__doc__ or "").strip()


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(bdhvs, "utils")


def test_importing_bdhvs_and_a_quiz_loads_nothing_heavy() -> None:
    script = (
        "import sys, bdhvs; bdhvs.quiz; "
        "heavy = ('pandas', 'numpy', 'matplotlib', 'scipy', 'sqlalchemy', 'alembic'); "
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
