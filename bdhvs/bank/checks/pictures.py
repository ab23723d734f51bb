"""Rule about pictures whose places are tapped: the size that boxes are written in is that of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bdhvs.bank.checks.rule import Finding, Rule
from bdhvs.bank.loader import Bank
from bdhvs.core.items.base import Item
from bdhvs.core.items.hotspot import Hotspot

_ROOT = re.compile(r"<svg\b[^>]*>", re.S)
_VIEW_BOX = re.compile(r"""\bviewBox\s*=\s*["']\s*(\S+)\s+(\S+)\s+([\d.]+)\s+([\d.]+)\s*["']""")


def _picture_size(item: Item, bank: Bank) -> Iterator[Finding]:
    if not isinstance(item, Hotspot) or not item.picture.file.endswith(".svg"):
        return  # of other pictures the size is not read
    found, wanted = (
        _view_box(bank.content.media / item.picture.file),
        (0.0, 0.0, float(item.picture.width), float(item.picture.height)),
    )
    if found != wanted:
        said = "none that can be read" if found is None else " ".join(f"{one:g}" for one in found)
        expected = f"0 0 {item.picture.width} {item.picture.height} as width and height say"
        yield Finding(
            f"found the viewBox {said} in {item.picture.file}, expected {expected}; correct one of them",
            ("picture", "file"),
        )


def _view_box(path: Path) -> tuple[float, ...] | None:
    root = _ROOT.search(path.read_text("utf-8"))
    found = _VIEW_BOX.search(root[0]) if root else None
    try:
        return tuple(float(number) for number in found.groups()) if found else None
    except ValueError:
        return None


RULES = (Rule("picture_size", "error", "Boxes lie elsewhere when the picture has another size.", _picture_size),)
