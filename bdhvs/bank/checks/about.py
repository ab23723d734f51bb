"""Rule about self-assessments: the items they are about are there, and show the same competence."""

from __future__ import annotations

from collections.abc import Iterator

from bdhvs.bank.checks.rule import Finding, Rule
from bdhvs.bank.loader import Bank
from bdhvs.bank.yaml_lines import did_you_mean
from bdhvs.core.items.base import Item
from bdhvs.core.items.self_assessment import SelfAssessment


def _about(item: Item, bank: Bank) -> Iterator[Finding]:
    for index, one in enumerate(item.about if isinstance(item, SelfAssessment) else ()):
        found, where = bank.items.get(one), ("about", index)
        if found is None:
            yield Finding(f'there is no item "{one}" in the bank.{did_you_mean(one, list(bank.items))}', where)
        elif not found.is_performance:
            yield Finding(f'"{one}" asks about the person as well; name tasks only', where)
        elif found.competence != item.competence:
            message = f'"{one}" shows {found.competence}, expected {item.competence} as here; what is said and done must be the same'
            yield Finding(message, where)


RULES = (Rule("about", "error", "What people say is set beside what they do in the items named.", _about),)
