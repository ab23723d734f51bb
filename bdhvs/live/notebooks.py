"""Which notebooks are live, and whether this machine can run them."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from bdhvs.errors import LessonError

#: What the extra `live` brings; all of it is needed.
NEEDED = ("voila", "websockets", "httpx")


@dataclass(frozen=True, slots=True)
class LiveNotebook:
    """What a live notebook says of itself.

    ``lesson`` is its file's name without ending, the same in every language; ``id`` is its address ``/song/<id>``.
    """

    id: str
    lesson: str
    lang: str
    title: str
    about: str
    minutes: int
    order: int
    path: Path


def is_live(notebook: Path) -> bool:
    """Whether a notebook says that its learners run Python; False when it cannot be read."""
    try:
        about = json.loads(notebook.read_text("utf-8"))["metadata"].get("bdhvs", {})
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return False  # an unreadable one is the lessons' finding
    return isinstance(about, dict) and about.get("live") is True


def read_live_notebooks(folder: Path) -> list[LiveNotebook]:
    """The live notebooks of a folder, in order. Names are those of files found here, never of a request.

    Raises
    ------
    LessonError
        naming the notebook whose metadata lacks something.
    """
    paths = sorted(path for path in folder.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
    found = [_read(path) for path in paths if is_live(path)]
    return sorted(found, key=lambda one: (one.order, one.id))  # Vietnamese before other languages


def in_language(notebooks: Iterable[LiveNotebook], lang: str) -> list[LiveNotebook]:
    """One of each lesson: in this language where there is one, else in Vietnamese."""
    chosen: dict[str, LiveNotebook] = {}
    for one in notebooks:
        if one.lang == lang or one.lesson not in chosen:
            chosen[one.lesson] = one
    return list(chosen.values())


def _read(path: Path) -> LiveNotebook:
    try:
        about = json.loads(path.read_text("utf-8"))["metadata"]["bdhvs"]
        lang = about.get("lang", "vi")
        return LiveNotebook(
            id=path.stem if lang == "vi" else f"{path.stem}-{lang}",
            lesson=path.stem,
            lang=lang,
            title=about["title"],
            about=about["about"],
            minutes=int(about["minutes"]),
            order=int(about.get("order", 99)),
            path=path,
        )
    except (OSError, ValueError, KeyError, TypeError) as exc:
        message = f"{path}: found {type(exc).__name__}: {exc}; expected bdhvs.title, about, minutes in the metadata of a live notebook"
        raise LessonError(message) from exc


def how_to_get_live() -> str:
    """The command that brings what live notebooks need; ``make serve`` has one of its own."""
    return os.environ.get("BDHVS_LIVE_COMMAND") or 'pip install "bdhvs[live]"'


def missing_for_live() -> tuple[str, ...]:
    """What live notebooks need and this machine lacks: names of packages, "posix" on Windows; empty when all is there."""
    system = ("posix",) if sys.platform == "win32" else ()
    return (*system, *(name for name in NEEDED if find_spec(name) is None))
