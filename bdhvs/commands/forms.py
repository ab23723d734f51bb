"""``bdhvs forms``: the measuring forms, the blueprints behind them, and drawing them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from math import ceil
from pathlib import Path

import click

from bdhvs.bank.checks.drawn import minutes_in
from bdhvs.bank.loader import Bank, read_bank
from bdhvs.bank.paths import find_content
from bdhvs.core.blueprint import Blueprint
from bdhvs.core.forms import Form
from bdhvs.core.items.base import Item
from bdhvs.errors import BankError, NotFound, SetupError
from bdhvs.service.adaptive_versions import how_to_get_adaptive, missing_for_adaptive
from bdhvs.service.drawing import draw, gap, worth

_ITEMS = re.compile(r"^items:\n(?:[ \t]*- .*\n)+", re.MULTILINE)
_VERSION = re.compile(r"^version: (\d+)$", re.MULTILINE)
_MINUTES = re.compile(r"^minutes: \d+$", re.MULTILINE)
_SEED = re.compile(r"^seed: \d+$", re.MULTILINE)

Drawn = tuple[tuple[Item, ...], ...]


@click.command()
@click.argument("name", required=False)
@click.option(
    "--draw", "anew", is_flag=True, help="Draw the blueprint's forms anew from the bank of today and show them."
)
@click.option(
    "--seed", type=click.IntRange(0), default=None, help="With another seed than the blueprint's: other items, as good."
)
@click.option(
    "--write", is_flag=True, help="Write what was drawn into the files of the forms (and the seed into the blueprint)."
)
@click.option("--content", type=click.Path(path_type=Path), default=None, help="Folder that holds assessments/.")
def forms(name: str | None, anew: bool, seed: int | None, write: bool, content: Path | None) -> None:
    """Forms that a teacher chooses; with NAME, a blueprint: what its forms hold and what they are worth.

    Offer one in a class with ``bdhvs serve --form ID``.
    """
    if (write or seed is not None) and not anew:
        raise click.UsageError("found --seed or --write without --draw; add --draw")
    if name is None:
        bank = Bank.load(content)
        click.echo("\n".join(_listing(bank)))
        return
    bank, problems = read_bank(find_content(content))
    blueprint = _blueprint(name, bank)
    if blueprint is None:
        if problems:
            raise BankError(problems)
        raise NotFound(f'there is no blueprint "{name}"; there are: {", ".join(bank.blueprints) or "none"}')
    ids = draw(blueprint, bank, seed) if anew else tuple(bank.form(one).items for one in blueprint.forms)
    drawn = tuple(tuple(bank.item(one) for one in form) for form in ids)
    click.echo("\n".join(_told(blueprint, drawn, bank)))
    if write:
        for path in _write(blueprint, ids, seed, bank):
            click.echo(f"written: {path}")


def _blueprint(name: str, bank: Bank) -> Blueprint | None:
    """The blueprint of this id, or the one that draws the form of this id."""
    return bank.blueprints.get(name) or next((one for one in bank.blueprints.values() if name in one.forms), None)


def _listing(bank: Bank) -> Iterator[str]:
    drawn = {form: one.id for one in bank.blueprints.values() for form in one.forms}
    chosen = sorted((one for one in bank.forms.values() if one.purpose), key=lambda one: (str(one.purpose), one.id))
    for one in chosen:
        by = f"blueprint {drawn[one.id]}" if one.id in drawn else _leads_to(one)
        yield f"{one.purpose:<13} {one.id:<24} {len(one.items) or '':>3} {one.minutes or '':>3} min  {one.title.vi}  ({by})"
    if not chosen:
        yield "no form waits for a teacher's choice"


def _leads_to(form: Form) -> str:
    return f"{form.turn.place} turn: {' or '.join(form.turn.forms)}" if form.turn else "listed by hand"


def _told(blueprint: Blueprint, drawn: Drawn, bank: Bank) -> Iterator[str]:
    click.secho(f"{blueprint.id}: {', '.join(blueprint.forms)}", bold=True)
    quotas = blueprint.quotas(bank.framework.competences)
    for quota in (one for one in quotas if not one.name.startswith("competence")):
        wanted = str(quota.least) if quota.least == quota.most else f"{quota.least} to {quota.most}"
        found = [quota.count(items) for items in drawn]
        broken = "" if all(quota.is_kept(items) for items in drawn) else "  NOT KEPT"
        yield f"  {quota.name:<16} asked {wanted:<8} found {_row(found)}{broken}"
    yield f"  {'competences':<16} {'':<14} found {_row([len({item.competence for item in items}) for items in drawn])}"
    limited = blueprint.kinds_at_most.keys()
    for kind in sorted({item.kind for items in drawn for item in items} - limited):
        yield f"  {kind:<16} {'':<14} found {_row([Counter(item.kind for item in items)[kind] for items in drawn])}"
    yield f"  {'minutes':<16} at most {blueprint.minutes:<6} found {_row([f'{minutes_in(blueprint, items):.1f}' for items in drawn])}"
    for form, items in zip(blueprint.forms, drawn, strict=True):
        yield f"  {form}:"
        yield from (f"    {item.competence} level {item.level} {item.kind:<16} {item.id}" for item in items)
    yield from _worth(blueprint, drawn, bank)


def _row(found: Sequence[object]) -> str:
    return "  ".join(f"{one!s:>5}" for one in found)


def _worth(blueprint: Blueprint, drawn: Drawn, bank: Bank) -> Iterator[str]:
    if missing_for_adaptive():
        yield f"  what the forms are worth was not worked out: {how_to_get_adaptive()}"
        return
    for form, items in zip(blueprint.forms, drawn, strict=True):
        told = worth(items, blueprint, bank)
        errors = ", ".join(f"{error:.2f} at {ability:+.1f}" for ability, error in told.errors)
        yield f"  {form}: standard error {errors} logits; without the form {blueprint.prior.sd:g}; reliability {told.reliability:.2f}"
    first = drawn[0]
    for form, items in zip(blueprint.forms[1:], drawn[1:], strict=True):
        apart = gap(first, items, blueprint, bank)
        at = ", ".join(f"{one:.2f} and {other:.2f} at {ability:+.1f}" for ability, one, other in apart.information)
        yield f"  {blueprint.forms[0]} beside {form}: minutes {apart.minutes[0]:.1f} and {apart.minutes[1]:.1f}; information {at}"


def _write(blueprint: Blueprint, ids: Sequence[Sequence[str]], seed: int | None, bank: Bank) -> Iterator[Path]:
    """The files changed. A form whose items changed gets the next version; attempts that began keep the old one."""
    folder = bank.content.assessments
    minutes = ceil(max(minutes_in(blueprint, tuple(bank.item(one) for one in items)) for items in ids))
    for form, items in zip(blueprint.forms, ids, strict=True):
        if tuple(items) == bank.form(form).items:
            continue
        yield _rewritten(folder / "forms" / f"{form}.yaml", items, minutes)
    if seed is not None and seed != blueprint.seed:
        path = folder / "blueprints" / f"{blueprint.id}.yaml"
        path.write_text(_SEED.sub(f"seed: {seed}", path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
        yield path


def _rewritten(path: Path, items: Sequence[str], minutes: int) -> Path:
    text = path.read_text(encoding="utf-8")
    if len(_ITEMS.findall(text)) != 1 or len(_VERSION.findall(text)) != 1:
        raise SetupError(
            f'{path}: found no list under "items:", one item a line, or no line "version: 1"; write them, then draw again',
            "form_file",
        )
    lines = "items:\n" + "".join(f"  - {one}\n" for one in items)
    text = _VERSION.sub(lambda found: f"version: {int(found[1]) + 1}", _ITEMS.sub(lines, text))
    text = _MINUTES.sub(f"minutes: {minutes}", text)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
