"""Items that give each other's answer away: ``assessments/enemies.yaml``. No form has two of a group."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from bdhvs.bank.paths import Content
from bdhvs.bank.read import read_model
from bdhvs.bank.yaml_lines import did_you_mean, read_document
from bdhvs.core.items.base import ItemId, Nfc, Record
from bdhvs.errors import Problem

PATH = "assessments/enemies.yaml"


class EnemyGroup(Record):
    """Two or more items, and in one line (English) what the one tells of the other."""

    items: Annotated[tuple[ItemId, ...], Field(min_length=2)]
    why: Nfc


class Enemies(Record):
    """The whole file."""

    groups: tuple[EnemyGroup, ...]


def read_enemies(content: Content, known_items: Iterable[str]) -> tuple[tuple[frozenset[str], ...], list[Problem]]:
    """The groups, and what is wrong with the file; a bank without the file has none."""
    path = content.assessments / "enemies.yaml"
    if not path.is_file():
        return (), []
    document = read_document(path, PATH)
    found, problems = read_model(document, Enemies)
    known = tuple(known_items)
    for number, group in enumerate(found.groups if found else ()):
        for place, one in enumerate(group.items):
            line = document.line(("groups", number, "items", place))
            if one not in known:
                problems.append(
                    Problem(
                        PATH, line, f'there is no item "{one}" in the bank.{did_you_mean(one, known)}', "unknown_item"
                    )
                )
            elif one in group.items[:place]:
                problems.append(Problem(PATH, line, f'item "{one}" is named twice; keep one', "twice"))
    return (tuple(frozenset(group.items) for group in found.groups) if found and not problems else ()), problems
