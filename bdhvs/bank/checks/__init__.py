"""The linter: what an experienced item writer would say about a bank that can be read.

A rule is a small function with an id, a severity and a reason; `RULES` lists all of them. Rules that look at the
bank as a whole have line 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bdhvs.bank.checks import about, completeness, forms, language, options, pictures, safety, simulations, twins
from bdhvs.bank.checks.coverage import Coverage, coverage
from bdhvs.bank.checks.rule import Finding, Rule
from bdhvs.bank.loader import Bank
from bdhvs.errors import Problem

__all__ = ["RULES", "Coverage", "Finding", "Rule", "coverage", "run_checks"]

RULES: Final = (
    *options.RULES,
    *language.RULES,
    *safety.RULES,
    *completeness.RULES,
    *pictures.RULES,
    *about.RULES,
    *simulations.RULES,
    *twins.RULES,
    *forms.RULES,
)

BANK_PATH = "assessments/items"  # named by findings about no single item


def run_checks(bank: Bank, rules: Sequence[Rule] = RULES) -> list[Problem]:
    """What `rules` find in `bank`, sorted by file and line."""
    return sorted({_problem(bank, rule, found) for rule in rules for found in rule.findings(bank)})


def _problem(bank: Bank, rule: Rule, found: Finding) -> Problem:
    if not found.item and not found.form:
        return Problem(BANK_PATH, 0, found.message, rule.id, rule.severity)
    document = bank.form_documents[found.form] if found.form else bank.item_documents[found.item]
    return Problem(document.path, document.line(found.where), found.message, rule.id, rule.severity)
