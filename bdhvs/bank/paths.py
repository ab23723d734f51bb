"""Where the content lies: items and forms (``assessments/``) and lessons (``notebooks/``).

Looked for in this order: what the caller says, the environment variable ``BDHVS_HOME``, the working directory,
the copy that came with the installed package, the source checkout this package runs from.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bdhvs.errors import SetupError

HOME_VARIABLE = "BDHVS_HOME"
_PACKAGE = Path(__file__).resolve().parents[1]
_SHIPPED = (_PACKAGE / "_content", _PACKAGE.parent)  # of the installed package; of a source checkout


@dataclass(frozen=True, slots=True)
class Content:
    """Folders of the content; `notebooks` may not exist when only a bank is given."""

    assessments: Path
    notebooks: Path

    @property
    def items(self) -> Path:
        return self.assessments / "items"

    @property
    def forms(self) -> Path:
        return self.assessments / "forms"

    @property
    def media(self) -> Path:
        return self.assessments / "media"

    @property
    def framework(self) -> Path:
        """The framework's files; the shipped ones when a school keeps only items and forms of its own."""
        own = self.assessments / "framework"
        places = (own, *(place / "assessments" / "framework" for place in _SHIPPED))
        return next((place for place in places if place.is_dir()), own)

    def shared_file(self, folder: str, name: str) -> Path:
        """A file below ``assessments/<folder>/``; the shipped one when a school has none of its own."""
        own = self.assessments / folder / name
        places = (own, *(place / "assessments" / folder / name for place in _SHIPPED))
        return next((place for place in places if place.is_file()), own)

    def shared_notebook(self, name: Path | str) -> Path:
        """A file below ``notebooks/``; the shipped one when a school has none of its own."""
        own = self.notebooks / name
        places = (own, *(place / "notebooks" / name for place in _SHIPPED))
        return next((place for place in places if place.is_file()), own)

    @property
    def places(self) -> Path:
        """Provinces and communes; the shipped ones when a school has no files of its own."""
        own = self.assessments / "places"
        shipped = (own, *(place / "assessments" / "places" for place in _SHIPPED))
        return next((place for place in shipped if (place / "provinces.yaml").is_file()), own)


def find_content(path: str | Path | None = None) -> Content:
    """The content at `path`, or the first found in the places named above.

    `path` may be a folder that holds ``assessments/``, that folder itself, or anything inside it.

    Raises
    ------
    SetupError
        when `path` or ``BDHVS_HOME`` is given but holds no items, or when nothing is found anywhere.
    """
    if path is not None:
        return _required(Path(path), f"{path}: found no assessments/items here; name the folder that holds it")
    if home := os.environ.get(HOME_VARIABLE):
        return _required(Path(home), f"{HOME_VARIABLE} is {home}, which holds no assessments/items; correct it")
    for place in (Path.cwd(), *_SHIPPED):
        if _holds_items(place / "assessments"):
            return Content(place / "assessments", place / "notebooks")
    raise SetupError(f"found no assessments/items; go to a folder that holds it, or set {HOME_VARIABLE}")


def _required(start: Path, complaint: str) -> Content:
    for assessments in _candidates(start.resolve()) if start.exists() else ():
        if _holds_items(assessments):
            return Content(assessments, assessments.parent / "notebooks")
    raise SetupError(complaint)


def _candidates(start: Path) -> Iterator[Path]:
    yield start / "assessments"
    yield start
    yield from start.parents


def _holds_items(assessments: Path) -> bool:
    return (assessments / "items").is_dir()
