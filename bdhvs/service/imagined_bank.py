"""A bank still to be written, for what-ifs: how many items would do, before anybody writes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bdhvs.core.framework import ENTRY_LEVEL, ITEM_LEVELS, Framework

#: The entry module's size in competences: 30 items beside 12 for each of the 24 competences.
ENTRY_WEIGHT = 2.5


@dataclass(frozen=True, slots=True)
class ImaginedItem:
    """What a choice looks at in an item that nobody has written: for everybody, chosen and not done."""

    id: str
    competence: str
    level: int
    audiences: tuple[str, ...]
    version: int = 1
    is_simulator: bool = False
    is_performance: ClassVar[bool] = True


def imagined_items(count: int, framework: Framework) -> tuple[ImaginedItem, ...]:
    """`count` items: some of the entry module, the others in turn over the competences and their levels 1–6."""
    audiences = tuple(one.id for one in framework.audiences)
    entry = [one.code for one in framework.entry]
    others = [one.code for domain in framework for one in domain]
    of_entry = round(count * ENTRY_WEIGHT / (ENTRY_WEIGHT + len(others)))
    places = [(entry[k % len(entry)], ENTRY_LEVEL) for k in range(of_entry)]
    for k in range(count - of_entry):
        places.append((others[k % len(others)], ITEM_LEVELS[k // len(others) % len(ITEM_LEVELS)]))
    return tuple(
        ImaginedItem(f"imagined-{n}", code, level, audiences) for n, (code, level) in enumerate(places, start=1)
    )
