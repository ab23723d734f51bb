"""An item that is being written: what is wrong with it so far, and where its file belongs.

The same reading and the same advice as ``bdhvs check``, on a text instead of a folder.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from bdhvs.bank.checks import RULES
from bdhvs.bank.item_files import read_item
from bdhvs.bank.loader import Bank, read_bank
from bdhvs.bank.paths import Content
from bdhvs.bank.yaml_lines import Document, parse_document
from bdhvs.core.items.base import Item
from bdhvs.errors import Problem, SetupError

UNNAMED = "draft"  # until the text says its id and competence


@dataclass(frozen=True, slots=True)
class Draft:
    """A text read as an item.

    ``item`` is None while there are errors; ``problems`` are errors and advice by line; ``path`` is relative to the folder
    that holds ``assessments/``, None while there is no item.
    """

    text: str
    item: Item | None
    problems: tuple[Problem, ...]
    path: str | None


def own_bank(folder: str | Path) -> Bank:
    """What can be read of the items and forms in an author's own `folder`, which may be empty or not exist yet."""
    home = Path(folder)
    return read_bank(Content(home / "assessments", home / "notebooks"))[0]


def read_draft(text: str, bank: Bank) -> Draft:
    """`text` as an item among those of `bank`; one of the same id is taken for its earlier wording."""
    document = _document(text)
    item, problems = read_item(document, bank.content, bank.framework)
    if item is None:
        return Draft(text, None, tuple(problems), None)
    advice = sorted(_advice(item, document, bank))
    return Draft(text, item, (*problems, *advice), document.path)


def save_draft(draft: Draft, bank: Bank) -> Path:
    """Write the draft to its place in the bank's folder, whole or not at all; its path.

    Raises
    ------
    SetupError
        code ``unfinished`` while the draft has errors, ``cannot_write`` when the folder takes no files.
    """
    if draft.path is None:
        raise SetupError("the item has errors; correct them first", "unfinished")
    path = bank.content.assessments.parent / draft.path
    text = unicodedata.normalize("NFC", draft.text).rstrip() + "\n"
    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, "utf-8", newline="\n")
        os.replace(beside, path)
    except OSError as exc:
        raise SetupError(f"{path}: cannot be written: {exc.strerror}; choose another folder", "cannot_write") from exc
    return path


def _document(text: str) -> Document:
    """The text as the file it will be: its place follows from its own id and competence."""
    document = parse_document(text.encode(), UNNAMED)
    names = [document.below((name,)) for name in ("competence", "id")]
    folder, stem = (name if isinstance(name, str) and "/" not in name else UNNAMED for name in names)
    path = f"assessments/items/{folder}/{stem}.yaml"
    return replace(document, path=path, problems=tuple(replace(one, path=path) for one in document.problems))


def _advice(item: Item, document: Document, bank: Bank) -> Iterator[Problem]:
    others = {name: one for name, one in bank.items.items() if name != item.id}
    # Last, for of two that are alike the rules name the later one.
    items = MappingProxyType({**others, item.id: item})
    whole = replace(bank, items=items, item_documents=MappingProxyType({**bank.item_documents, item.id: document}))
    for rule in RULES:
        found = rule.in_item(item, whole) if rule.in_item else (one for one in rule.findings(whole) if one.item == item.id)
        yield from (Problem(document.path, document.line(one.where), one.message, rule.id, rule.severity) for one in found)
