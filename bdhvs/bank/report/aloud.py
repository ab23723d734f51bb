"""Texts that a voice reads badly, by the rules of ``quality/read_aloud.yaml``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bdhvs.bank.checks.texts import plain, texts_of
from bdhvs.bank.report.standards import AloudRule
from bdhvs.bank.yaml_lines import Where
from bdhvs.core.items.base import Item


@dataclass(frozen=True, slots=True)
class ReadBadly:
    """What was found in which text of an item (``where``: its place in the file), and by which rule."""

    item: str
    where: Where
    rule: str
    found: str
    advice: str


def read_badly(item: Item, rules: Sequence[AloudRule]) -> Iterator[ReadBadly]:
    """What the rules find in the item's Vietnamese texts, in the order of the file; each thing once a text."""
    for one in texts_of(item):
        if one.role == "mistake":
            continue  # what people type is as they type it
        for rule in rules:
            if item.id not in rule.meant and (found := rule.pattern().search(plain(one.text.vi))):
                yield ReadBadly(item.id, one.where, rule.id, found[0].strip(), rule.advice)
