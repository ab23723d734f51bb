"""The blueprints of a bank: ``assessments/blueprints/<id>.yaml``, and how well the forms drawn by them keep to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Final

from bdhvs.bank.paths import Content
from bdhvs.bank.read import read_model
from bdhvs.bank.yaml_lines import Where, did_you_mean, read_document
from bdhvs.core.blueprint import Blueprint
from bdhvs.core.forms import Form
from bdhvs.core.framework import ENTRY_LEVEL, Framework
from bdhvs.core.items import item_kinds
from bdhvs.errors import Problem

FOLDER = "blueprints"  # below assessments/
#: Words among ``without``: all practice, and all checks, inside lessons.
UNIT_WORDS: Final = ("unit_practice", "unit_checks")
#: A word among ``without``: every form that tells its solutions, except those that the blueprint draws itself.
EXPLAINED: Final = "explained"
WORDS: Final = (*UNIT_WORDS, EXPLAINED)

_Finding = tuple[str, Where, str]  # rule, place in the file, message


def read_blueprints(
    content: Content, forms: Mapping[str, Form], framework: Framework
) -> tuple[dict[str, Blueprint], list[Problem]]:
    """All that can be used, by id, and the problems of the others. Whether the bank can serve them is not looked at."""
    found: dict[str, Blueprint] = {}
    problems: list[Problem] = []
    drawn_by: dict[str, str] = {}
    for path in sorted((content.assessments / FOLDER).glob("*.yaml")):
        document = read_document(path, f"assessments/{FOLDER}/{path.name}")
        blueprint, wrong = read_model(document, Blueprint)
        if blueprint is not None:
            findings = [
                *_place(blueprint, path.stem),
                *_names(blueprint, forms, framework),
                *_claims(blueprint, drawn_by),
            ]
            wrong += [Problem(document.path, document.line(where), message, rule) for rule, where, message in findings]
        problems += wrong
        if blueprint is not None and not wrong:
            found[blueprint.id] = blueprint
            drawn_by |= dict.fromkeys(blueprint.forms, blueprint.id)
    return found, problems


def forms_named(blueprint: Blueprint) -> frozenset[str]:
    """Ids of the forms that the blueprint fills, draws within, or keeps apart from."""
    return frozenset({*blueprint.forms, *blueprint.within, *blueprint.without} - {*WORDS})


def _place(blueprint: Blueprint, stem: str) -> Iterator[_Finding]:
    if blueprint.id != stem:
        yield "file_name", ("id",), f'found id "{blueprint.id}" in a file called {stem}.yaml; give both the same name'
    try:
        date.fromisoformat(blueprint.date)
    except ValueError:
        yield "date", ("date",), f'there is no day "{blueprint.date}"; write year-month-day, such as "2026-11-22"'


def _names(blueprint: Blueprint, forms: Mapping[str, Form], framework: Framework) -> Iterator[_Finding]:
    domains = [domain.code for domain in (framework.entry, *framework.domains)]
    fixed = [one.id for one in forms.values() if one.items]
    known = partial(_known, known=fixed, what="fixed form")
    yield from known(where=("forms",), named=blueprint.forms)
    yield from known(where=("within",), named=blueprint.within)
    yield from known(where=("without",), named=tuple(one for one in blueprint.without if one not in WORDS))
    yield from _known(what="domain", where=("shares",), named=tuple(blueprint.shares), known=domains)
    yield from _known(
        what="competence",
        where=("pool", "competences"),
        named=blueprint.pool.competences,
        known=[*domains, *framework.competences],
    )
    yield from _known(
        what="audience",
        where=("pool", "audiences"),
        named=blueprint.pool.audiences,
        known=[one.id for one in framework.audiences],
    )
    yield from _known(
        what="kind", where=("kinds_at_most",), named=tuple(blueprint.kinds_at_most), known=list(item_kinds())
    )
    levels = [str(level.number) for level in framework.levels if level.for_items]
    yield from _known(what="level", where=("levels",), named=tuple(blueprint.levels), known=levels)
    entry = framework.entry.code in blueprint.shares
    if entry and blueprint.levels and str(ENTRY_LEVEL) not in blueprint.levels:
        message = f'found a share of domain "{framework.entry.code}" and none of level {ENTRY_LEVEL}, which all its items have; give it one'
        yield "level", ("levels",), message


def _known(*, what: str, where: Where, named: tuple[str, ...], known: list[str]) -> Iterator[_Finding]:
    for one in named:
        if one not in known:
            advice = did_you_mean(one, known) or (f" There are: {', '.join(known)}." if len(known) <= 40 else "")
            yield what.replace(" ", "_"), where, f'{what} "{one}" does not exist.{advice}'


def _claims(blueprint: Blueprint, drawn_by: Mapping[str, str]) -> Iterator[_Finding]:
    for index, one in enumerate(blueprint.forms):
        if one in drawn_by:
            yield (
                "twice",
                ("forms", index),
                f'form "{one}" is drawn by the blueprint "{drawn_by[one]}" already; name another',
            )
