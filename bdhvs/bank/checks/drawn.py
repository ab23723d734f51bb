"""Forms held against the blueprints they were drawn by. Counting only: needs no numpy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from bdhvs.bank.blueprints import EXPLAINED, UNIT_WORDS, forms_named
from bdhvs.bank.checks.reading_time import minutes_of
from bdhvs.bank.loader import Bank
from bdhvs.core.blueprint import Blueprint, cell_of, enemies_in
from bdhvs.core.items.base import Item


def items_apart(blueprint: Blueprint, bank: Bank) -> Mapping[str, frozenset[str]]:
    """Ids of the items of each form that the blueprint draws within or without, by its name there."""
    inside = [bank.forms[one] for forms in bank.units.values() for one in forms if one in bank.forms]
    named = {one: frozenset(bank.form(one).items) for one in forms_named(blueprint)}
    words = {
        word: frozenset(item for form in inside if form.mode == mode for item in form.items)
        for word, mode in zip(UNIT_WORDS, ("practice", "assessment"), strict=True)
    }
    others = (form for form in bank.forms.values() if form.explains and form.id not in blueprint.forms)
    words[EXPLAINED] = frozenset(item for form in others for item in form.items)
    return {**named, **words}


def pool_of(blueprint: Blueprint, bank: Bank) -> tuple[Item, ...]:
    """The items that may be drawn, by id."""
    apart = items_apart(blueprint, bank)
    return tuple(item for _, item in sorted(bank.items.items()) if blueprint.takes(item, apart))


def minutes_in(blueprint: Blueprint, items: tuple[Item, ...]) -> float:
    """Minutes that a form of these items takes somebody of the blueprint's pace."""
    return sum(minutes_of(item, blueprint.pace) for item in items)


def broken(blueprint: Blueprint, bank: Bank) -> Iterator[tuple[str, str]]:
    """What a form of the blueprint does not keep: form and a sentence that names the cell, for each."""
    apart = items_apart(blueprint, bank)
    drawn = {one: tuple(bank.item(item) for item in bank.form(one).items) for one in blueprint.forms}
    for form, items in drawn.items():
        for item in items:
            if not blueprint.takes(item, apart):
                yield form, f'item "{item.id}" is not among those that the blueprint "{blueprint.id}" draws from'
        for quota in blueprint.quotas(bank.framework.competences):
            if not quota.is_kept(items):
                yield (
                    form,
                    f"{quota.name}: found {_items(quota.count(items))}, expected {_between(quota.least, quota.most)}",
                )
        minutes = minutes_in(blueprint, items)
        if minutes > blueprint.minutes:
            yield form, f"found {minutes:.1f} minutes of reading and doing, expected at most {blueprint.minutes}"
    yield from _of_parallel(blueprint, bank, drawn)


def _of_parallel(blueprint: Blueprint, bank: Bank, drawn: Mapping[str, tuple[Item, ...]]) -> Iterator[tuple[str, str]]:
    first, *others = blueprint.forms
    cells = {form: Counter(cell_of(item) for item in items) for form, items in drawn.items()}
    for other in others:
        for cell in sorted(cells[first].keys() | cells[other].keys()):
            if cells[first][cell] != cells[other][cell]:
                domain, level, kind = cell
                found = f'found {_items(cells[other][cell])} of domain "{domain}", level {level}, {kind}'
                yield other, f'{found}, expected {cells[first][cell]} as in the parallel form "{first}"'
    placed = Counter(item.id for items in drawn.values() for item in items)
    for item, count in sorted(placed.items()):
        if count > 1:
            yield blueprint.forms[-1], f'item "{item}" is in {count} parallel forms, expected one'
    for group in enemies_in(list(placed), bank.enemies) if others else ():
        yield (
            blueprint.forms[-1],
            f"the parallel forms have {' and '.join(group)}, which give each other away; keep one",
        )


def _items(count: int) -> str:
    return f"{count} item{'' if count == 1 else 's'}"


def _between(least: int, most: int) -> str:
    return str(least) if least == most else f"{least} to {most}"
