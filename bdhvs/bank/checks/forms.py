"""Rules about which items stand together in a form, and which may not stand in two forms of one lesson."""

from __future__ import annotations

from collections.abc import Iterator

from bdhvs.bank.checks.drawn import broken
from bdhvs.bank.checks.rule import Finding, Rule
from bdhvs.bank.loader import Bank
from bdhvs.core.blueprint import enemies_in


def _practised(bank: Bank) -> Iterator[Finding]:
    """Items of a check that the same lesson has people practise."""
    for lesson, placed in bank.units.items():
        forms = [bank.forms[one] for one in placed if one in bank.forms]
        practised = {item: form.id for form in forms if form.mode == "practice" for item in form.items}
        for check in (form for form in forms if form.mode == "assessment"):
            for place, item in enumerate(check.items):
                if item in practised:
                    message = (
                        f'item "{item}" is practised in "{practised[item]}" of the same lesson ({lesson}); take another'
                    )
                    yield Finding(message, ("items", place), form=check.id)


def _measured(bank: Bank) -> Iterator[Finding]:
    """Items of a form for before and after whose solution another form tells."""
    told = {item: form.id for form in bank.forms.values() if form.explains for item in form.items}
    for form in bank.forms.values():
        for place, item in enumerate(form.items if form.purpose == "before_after" else ()):
            if item in told:
                message = f'item "{item}" of a form for before and after is explained in "{told[item]}"; take it out of one of them'
                yield Finding(message, ("items", place), form=form.id)


def _enemies(bank: Bank) -> Iterator[Finding]:
    for form in bank.forms.values():
        for group in enemies_in(form.items, bank.enemies):
            place = form.items.index(group[-1]) if group[-1] in form.items else 0
            yield Finding(
                f"{' and '.join(group)} give each other away (assessments/quality/alike.yaml); keep one",
                ("items", place),
                form=form.id,
            )


def _blueprints(bank: Bank) -> Iterator[Finding]:
    for blueprint in bank.blueprints.values():
        for form, message in broken(blueprint, bank):
            yield Finding(
                f"{message}; draw the form anew: bdhvs forms {blueprint.id} --draw --write", ("items",), form=form
            )


RULES = (
    Rule("practised", "error", "What was just practised shows memory, not skill.", in_bank=_practised),
    Rule(
        "measured",
        "error",
        "Who met a task and its solution in between has not learned by that much.",
        in_bank=_measured,
    ),
    Rule("enemies", "error", "One item must not tell the answer of another.", in_bank=_enemies),
    Rule("blueprint", "error", "A form measures what its blueprint says.", in_bank=_blueprints),
)
