"""The shipped content with something changed, in a folder of its own."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from bdhvs.bank.paths import find_content


def with_forms(folder: Path, forms: Sequence[dict[str, Any]], files: Mapping[str, str] = MappingProxyType({})) -> Path:
    """A copy of the items and forms below `folder` with more forms, without lessons: nobody waits for their kernels.

    ``files``: more files of the content, path below ``assessments/`` → text.
    """
    shutil.copytree(find_content().assessments, folder / "assessments")
    (folder / "notebooks").mkdir()
    for name, text in files.items():
        (folder / "assessments" / name).parent.mkdir(exist_ok=True)
        (folder / "assessments" / name).write_text(text, "utf-8")
    for form in forms:
        path = folder / "assessments" / "forms" / f"{form['id']}.yaml"
        path.write_text(yaml.safe_dump(form, allow_unicode=True, sort_keys=False), "utf-8")
    return folder


def with_time_limit(folder: Path, form: str, minutes: int) -> Path:
    """A copy of the content below `folder` in which `form` has a time limit; lessons are those of the copy."""
    content = find_content()
    for name in ("assessments", "notebooks"):
        shutil.copytree(getattr(content, name), folder / name)
    path = folder / "assessments" / "forms" / f"{form}.yaml"
    lines = path.read_text("utf-8").splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("minutes:"))
    lines[place : place + 1] = [f"minutes: {min(minutes, 20)}", f"limit_minutes: {minutes}"]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return folder
