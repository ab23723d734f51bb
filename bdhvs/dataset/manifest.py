"""The manifest: what a dataset is, by what it was made, and the checksum of every file in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from bdhvs.dataset.parts import Part
from bdhvs.dataset.schema import VERSION
from bdhvs.errors import DatasetDamaged, DatasetError

NAME = "manifest.json"
FORMAT = "bdhvs-dataset"
Privacy = Literal["research", "public"]

#: Version of the schema → how a manifest of it becomes one of the next. New columns need none (`schema.Column.since`).
UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands in ``manifest.json``.

    Attributes
    ----------
    schema_version : of `bdhvs.dataset.schema` by which the files were written.
    made_by, made_at : program and its version; UTC, ISO 8601.
    privacy, k : level, and how many share every combination told (None when the makers of the data vouch for none).
    synthetic : the people are invented.
    period : ``since`` and ``until`` as asked for, ``first_day`` and ``last_day`` as found; ISO dates or None.
    bank_versions : digests of the item banks attempts were given from.
    calibrations : by what scores were made: digest, calibration, cut scores, model, synthetic.
    rows : rows of each table.
    loss : what privacy cost (`bdhvs.dataset.coarsening`, `bdhvs.dataset.public`); empty without either.
    about : whatever else its makers say: a seed, parameters, a name.
    files : every file but the manifest.
    """

    schema_version: int
    made_by: str
    made_at: str
    privacy: Privacy
    k: int | None
    synthetic: bool
    period: Mapping[str, str | None]
    bank_versions: tuple[str, ...]
    calibrations: tuple[Mapping[str, Any], ...]
    rows: Mapping[str, int]
    loss: Mapping[str, Any]
    about: Mapping[str, Any]
    files: tuple[Part, ...] = field(repr=False)


def manifest_text(manifest: Manifest) -> str:
    """The manifest as JSON with its own checksum."""
    found = {"format": FORMAT, **asdict(manifest)}
    return json.dumps({**found, "digest": _digest(found)}, ensure_ascii=False, indent=1)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the dataset in `folder`, of any version this program knows.

    Raises
    ------
    DatasetError
        when there is none, or a newer program wrote it.
    DatasetDamaged
        when it was edited or cut off.
    """
    path = folder / NAME
    try:
        text = path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError) as exc:
        raise DatasetError(
            f"{path}: found nothing, expected the manifest of a dataset; give a folder that `bdhvs export` made"
        ) from exc
    except (OSError, ValueError) as exc:
        raise DatasetDamaged(
            f"{path}: cannot be read ({exc}), expected JSON; copy the dataset again from where it was made"
        ) from exc
    return manifest_of(text, path)


def manifest_of(text: str, path: Path | str) -> Manifest:
    """The manifest that `text` is, wherever it was read (`path`, for errors); raises as `read_manifest`."""
    try:
        found = json.loads(text)
    except ValueError as exc:
        raise DatasetDamaged(
            f"{path}: cannot be read ({exc}), expected JSON; copy the dataset again from where it was made"
        ) from exc
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise DatasetError(f"{path}: found another kind of file, expected the manifest of a dataset of bdhvs")
    if found.pop("digest", None) != _digest(found):
        raise DatasetDamaged(
            f"{path}: found other contents than were written; copy the dataset again from where it was made"
        )
    return _manifest(path, found)


def _manifest(path: Path | str, found: dict[str, Any]) -> Manifest:
    written = found["schema_version"]
    if written > VERSION:
        raise DatasetError(
            f"{path}: found version {written} of the tables, expected at most {VERSION}; read it with a newer bdhvs"
        )
    for version in range(written, VERSION):
        found = UPGRADES.get(version, dict)(found)
    del found["format"]
    found["files"] = tuple(Part(**one) for one in found["files"])
    found |= {name: tuple(found[name]) for name in ("bank_versions", "calibrations")}
    return Manifest(**found)


def _digest(found: Mapping[str, Any]) -> str:
    canonical = json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
