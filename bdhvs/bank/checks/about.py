"""Rule about self-assessments: the items they are about are there, and show the same competence."""

from __future__ import annotations

from collections.abc import Iterator

from bdhvs.bank.checks.rule import Finding, Rule
from bdhvs.bank.loader import Bank
from bdhvs.bank.yaml_lines import did_you_mean
from bdhvs.core.items.base import Item
from bdhvs.core.items.self_assessment import SelfAssessment


def _about(item: Item, bank: Bank) -> Iterator[Finding]:
    if not isinstance(item, SelfAssessment) or not item.about:
        return
    written = {path.stem for path in bank.content.items.rglob("*.yaml")}
    for index, one in enumerate(item.about):
        found, where = bank.items.get(one), ("about", index)
        if found is None and one in written:
            continue  # it is there and has errors of its own, which are told
        if found is None:
            yield Finding(f'there is no item "{one}" in the bank.{did_you_mean(one, list(bank.items))}', where)
        elif not found.is_performance:
            yield Finding(f'"{one}" asks about the person as well; name tasks only', where)
        elif found.competence != item.competence:
            message = f'"{one}" shows {found.competence}, expected {item.competence} as here; what is said and done must be the same'
            yield Finding(message, where)


RULES = (Rule("about", "error", "What people say is set beside what they do in the items named.", _about),)
