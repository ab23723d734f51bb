"""Items that give each other's answer away: ``enemies`` of ``assessments/quality/alike.yaml``. No form has two of a pair."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from bdhvs.bank.paths import Content
from bdhvs.bank.read import read_model
from bdhvs.bank.yaml_lines import did_you_mean, read_document
from bdhvs.core.items.base import ItemId, Nfc, Record
from bdhvs.errors import Problem

PATH = "assessments/quality/alike.yaml"


class Pair(Record):
    """Two items and what somebody found who looked at both."""

    items: Annotated[tuple[ItemId, ...], Field(min_length=2, max_length=2)]
    why: Nfc


class AlikeFile(Record):
    """``alike.yaml``: pairs that look alike and are ``different``; ``enemies``, of which one gives the other away."""

    what: Literal["alike"]
    format: Literal[1]
    look_from: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
    different: tuple[Pair, ...] = ()
    enemies: tuple[Pair, ...] = ()


def read_enemies(content: Content, known_items: Iterable[str]) -> tuple[tuple[frozenset[str], ...], list[Problem]]:
    """The pairs, and what is wrong with the bank's own file; a bank without one has none."""
    path = content.assessments / "quality" / "alike.yaml"
    if not path.is_file():
        return (), []
    document = read_document(path, PATH)
    found, problems = read_model(document, AlikeFile)
    known = tuple(known_items)
    for number, pair in enumerate(found.enemies if found else ()):
        for place, one in enumerate(pair.items):
            if one not in known:
                line = document.line(("enemies", number, "items", place))
                message = f'there is no item "{one}" in the bank.{did_you_mean(one, known)}'
                problems.append(Problem(PATH, line, message, "unknown_item"))
    return (tuple(frozenset(pair.items) for pair in found.enemies) if found and not problems else ()), problems
