"""What a rule of the linter is: a name, how grave, why, and a small function that finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from bdhvs.bank.loader import Bank
from bdhvs.bank.yaml_lines import Where
from bdhvs.core.items.base import Item


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a rule objects to, and where in the file of an item or a form; rules over the whole bank name which."""

    message: str
    where: Where = ()
    item: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule about one item (`in_item`) or about the bank as a whole (`in_bank`); exactly one is given."""

    id: str
    severity: Literal["error", "warning"]
    why: str
    in_item: Callable[[Item, Bank], Iterator[Finding]] | None = None
    in_bank: Callable[[Bank], Iterator[Finding]] | None = None

    def findings(self, bank: Bank) -> Iterator[Finding]:
        """What the rule finds in `bank`; every finding about one item names it."""
        if self.in_bank:
            yield from self.in_bank(bank)
        if self.in_item:
            for item in bank.items.values():
                for found in self.in_item(item, bank):
                    yield Finding(found.message, found.where, item.id)
