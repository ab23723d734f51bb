"""Forms drawn from the bank by a blueprint, and how far what was drawn keeps to it.

The counts come from `bdhvs.core.blueprint`, the choice is `bdhvs.measurement.assembly`; difficulties are those of the calibration in
use and, where there is none, the level (`bdhvs.service.adaptive_versions.calibrated_items`). numpy is imported when something is drawn.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bdhvs.bank.calibration import calibration_in_use
from bdhvs.bank.checks.drawn import minutes_in, pool_of
from bdhvs.bank.checks.reading_time import minutes_of
from bdhvs.bank.loader import Bank
from bdhvs.core.adaptive import domain_of
from bdhvs.core.blueprint import Blueprint, cell_of
from bdhvs.core.items.base import Item
from bdhvs.errors import MissingExtra, SetupError
from bdhvs.service.adaptive_versions import calibrated_items, missing_for_adaptive

if TYPE_CHECKING:
    from bdhvs.measurement.assembly import Plan, Shortfall

#: Parallel forms differ at most so much, as a share of what both have together, in time and in information at the abilities
#: of those who come: 5 % of both is a tenth of one. Ours.
ALIKE = 0.05
ABILITIES_AT = (-1.0, 0.0, 1.0)  # standard deviations from the mean of those who come


@dataclass(frozen=True, slots=True)
class Gap:
    """How two parallel forms differ: minutes, and information (1/logit²) at an ability (logits), each as (first, second)."""

    minutes: tuple[float, float]
    information: tuple[tuple[float, float, float], ...]  # ability, first form, second form


@dataclass(frozen=True, slots=True)
class Worth:
    """What a form tells of those who come: abilities with the standard error there (logits, both), and reliability, 0–1
    (`bdhvs.measurement.form_worth`)."""

    errors: tuple[tuple[float, float], ...]
    reliability: float


def draw(blueprint: Blueprint, bank: Bank, seed: int | None = None) -> tuple[tuple[str, ...], ...]:
    """Ids of the items of each form of the blueprint, from easy to hard.

    Parameters
    ----------
    seed : another one than the blueprint's own.

    Raises
    ------
    SetupError
        with code ``blueprint`` when the bank cannot serve the blueprint; the message names the cells that lack items.
    MissingExtra
        when numpy or scipy is not installed.
    """
    if missing := missing_for_adaptive():
        raise MissingExtra(", ".join(missing), "measurement")
    from bdhvs.measurement.assembly import Unmet, assemble

    seed = blueprint.seed if seed is None else seed
    pool = pool_of(blueprint, bank)
    if not pool:
        raise SetupError(
            f"blueprint {blueprint.id}: found no item in its pool; ask for more competences, levels or audiences",
            "blueprint",
        )
    try:
        places = assemble(_plan(blueprint, bank, pool), seed)
    except Unmet as unmet:
        raise SetupError(_unmet(blueprint, len(pool), unmet.shortfalls), "blueprint") from unmet
    order = random.Random(f"{seed}:order")
    ranks = {cell: order.random() for cell in sorted({cell_of(item) for item in pool})}
    return tuple(tuple(item.id for item in _in_order([pool[one] for one in form], ranks)) for form in places)


def gap(first: Sequence[Item], second: Sequence[Item], blueprint: Blueprint, bank: Bank) -> Gap:
    """How close two parallel forms are, at the abilities of those who come.

    Raises
    ------
    MissingExtra
        when numpy or scipy is not installed.
    """
    abilities = _abilities(blueprint)
    sides = [calibrated_items(items, calibration_in_use(bank.content, bank.items)) for items in (first, second)]
    at = [side.information(abilities).sum(axis=0) for side in sides]
    return Gap(
        (minutes_in(blueprint, tuple(first)), minutes_in(blueprint, tuple(second))),
        tuple((ability, float(at[0][k]), float(at[1][k])) for k, ability in enumerate(abilities)),
    )


def worth(items: Sequence[Item], blueprint: Blueprint, bank: Bank) -> Worth:
    """What a form of these items is worth to those who come, if their difficulties are what they are held to be.

    Raises
    ------
    MissingExtra
        when numpy or scipy is not installed.
    """
    known = calibrated_items(items, calibration_in_use(bank.content, bank.items))
    from bdhvs.measurement.form_worth import reliability, standard_errors
    from bdhvs.measurement.grids import Normal

    learners, abilities = Normal(blueprint.prior.mean, blueprint.prior.sd), _abilities(blueprint)
    errors = standard_errors(known, abilities, learners).tolist()
    return Worth(tuple(zip(abilities, errors, strict=True)), reliability(known, learners))


def _abilities(blueprint: Blueprint) -> list[float]:
    return [blueprint.prior.mean + step * blueprint.prior.sd for step in ABILITIES_AT]


def _plan(blueprint: Blueprint, bank: Bank, pool: Sequence[Item]) -> Plan:
    import numpy as np

    from bdhvs.measurement.assembly import Likeness, Plan, Sum

    minutes = np.array([minutes_of(item, blueprint.pace) for item in pool])
    sums = [
        Sum(quota.name, np.array([float(quota.takes(item)) for item in pool]), quota.least, quota.most)
        for quota in blueprint.quotas(bank.framework.competences)
    ]
    place = {item.id: number for number, item in enumerate(pool)}
    enemies = [
        np.array(sorted(place[one] for one in group & place.keys()))
        for group in bank.enemies
        if len(group & place.keys()) > 1
    ]
    cells = {cell: number for number, cell in enumerate(sorted({cell_of(item) for item in pool}))}
    information = calibrated_items(pool, calibration_in_use(bank.content, bank.items)).information(
        _abilities(blueprint)
    )
    likenesses = [Likeness("minutes", minutes, ALIKE)]
    likenesses += [
        Likeness(f"information at {ability:+.1f} logits", information[:, k], ALIKE)
        for k, ability in enumerate(_abilities(blueprint))
    ]
    return Plan(
        items=len(pool),
        forms=len(blueprint.forms),
        sums=[*sums, Sum("minutes", minutes, 0.0, float(blueprint.minutes))],
        likenesses=likenesses,
        cells=np.array([cells[cell_of(item)] for item in pool]),
        enemies=enemies,
    )


def _unmet(blueprint: Blueprint, pool: int, shortfalls: Sequence[Shortfall]) -> str:
    """What gives, in words: of each rule by how much, and in which form."""
    said = []
    for one in shortfalls:
        where = f" of {blueprint.forms[one.form]}" if one.form is not None and len(blueprint.forms) > 1 else ""
        said.append(f"{one.name}{where} by {one.by:.3g}")
    help_ = "write items for these cells, widen the pool, or change the shares, the number of items or the minutes"
    return f"blueprint {blueprint.id}: the {pool} items of its pool cannot keep all rules. The least that has to give: {'; '.join(said)}. To help: {help_}"


def _in_order(items: Sequence[Item], ranks: dict[tuple[str, int, str], float]) -> list[Item]:
    """From easy to hard, simulators after what is only chosen at the same level; parallel forms in the same order of cells."""
    return sorted(
        items,
        key=lambda item: (item.level, item.is_simulator, ranks[cell_of(item)], domain_of(item.competence), item.id),
    )
