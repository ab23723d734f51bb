"""From the bank to the pool an adaptive form chooses from.

Items that are not calibrated yet begin where their author put them: at their level's difficulty, with a slope of 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from bdhvs.bank.calibration import Calibration
from bdhvs.bank.framework import Framework
from bdhvs.bank.loader import Bank
from bdhvs.core.framework import ENTRY_LEVEL
from bdhvs.core.items.base import Item
from bdhvs.errors import MissingExtra, SetupError
from bdhvs.measurement.thresholds import RESPONSE_PROBABILITY, tag_difficulty

if TYPE_CHECKING:
    from bdhvs.measurement.adaptive.pool import Pool

@dataclass(frozen=True)
class BankPool:
    """A pool and where its numbers come from: how many items were calibrated, how many have their level's difficulty."""

    pool: Pool
    calibrated: int
    by_level: int


def level_cuts(framework: Framework) -> tuple[float, ...]:
    """Where each band begins (logits): an item of its first level is done with the response probability."""
    beyond = log(RESPONSE_PROBABILITY / (1 - RESPONSE_PROBABILITY))
    return tuple(tag_difficulty(band.levels[0]) + beyond for band in framework.bands if band.levels[0] <= 6)


def competence_shares(framework: Framework) -> dict[str, float]:
    """Each domain's share of the framework's competences: the blueprint when nobody says otherwise."""
    total = sum(len(domain.competences) for domain in framework)
    return {domain.code: len(domain.competences) / total for domain in framework}


def bank_pool(
    bank: Bank,
    calibration: Calibration | None = None,
    enemies: Sequence[Collection[str]] = (),
    simulators: Collection[str] = (),
) -> BankPool:
    """The bank's items above the entry module as a pool.

    Raises
    ------
    SetupError
        when a named enemy or simulator is not in the bank, or there is no item.
    MissingExtra
        when numpy is not installed.
    """
    try:
        import numpy as np

        from bdhvs.measurement.adaptive.pool import Pool
        from bdhvs.measurement.calibrated import CalibratedItems
    except ImportError as exc:
        raise MissingExtra("numpy", "measurement") from exc
    items = [one for _, one in sorted(bank.items.items()) if one.level > ENTRY_LEVEL and one.is_performance]
    _refuse_strangers({one.id for one in items}, "enemies", [name for group in enemies for name in group])
    _refuse_strangers({one.id for one in items}, "simulators", simulators)
    if not items:
        raise SetupError("found no item above the entry module in the bank, expected at least one", "no_items")
    family = calibration.family if calibration else "partial_credit"
    found = [calibration.of(one) if calibration else None for one in items]
    rows = [(own.slope, *own.intercepts) if own else _prior(one, family) for one, own in zip(items, found, strict=True)]
    parameters = np.full((len(rows), max(len(row) for row in rows)), np.nan)
    for place, row in enumerate(rows):
        parameters[place, : len(row)] = row
    calibrated = sum(one is not None for one in found)
    pool = Pool(
        CalibratedItems(tuple(one.id for one in items), parameters, family),
        domains=tuple(one.competence.split(".")[0] for one in items),
        enemies=tuple(frozenset(group) for group in enemies),
        simulators=tuple(one.id in simulators for one in items),
        levels=tuple(one.level for one in items),
    )
    return BankPool(pool, calibrated, len(items) - calibrated)


def imagined_pool(count: int, shares: Mapping[str, float]) -> Pool:
    """A bank still to be written: `count` items spread over the domains as `shares` say and evenly over levels 1–6."""
    try:
        import numpy as np

        from bdhvs.measurement.adaptive.pool import Pool
        from bdhvs.measurement.calibrated import CalibratedItems
    except ImportError as exc:
        raise MissingExtra("numpy", "measurement") from exc
    domains: Counter[str] = Counter()
    for number in range(count):  # each to the domain that is furthest behind
        domains[max(shares, key=lambda name: (number + 1) * shares[name] - domains[name])] += 1
    names = tuple(name for name in shares for _ in range(domains[name]))
    levels = tuple(1 + k % 6 for k in range(count))  # names stand in runs, so each domain has all levels
    ids = tuple(f"{name}-{number}" for number, name in enumerate(names, start=1))
    difficulty = np.array([tag_difficulty(level) for level in levels])
    return Pool(CalibratedItems.dichotomous(1.0, difficulty, ids), names, levels=levels)


def _prior(item: Item, family: str) -> tuple[float, ...]:
    """Slope and intercepts of an item of which the level is known: all its points together weigh as one item of one point."""
    slope, difficulty, scores = 1.0 / item.maximum, tag_difficulty(item.level), range(1, item.maximum + 1)
    if family == "graded":  # thresholds must rise: a logit apart, around the level's difficulty
        return (slope, *(-slope * (difficulty + score - (item.maximum + 1) / 2) for score in scores))
    return (slope, *(-slope * score * difficulty for score in scores))


def _refuse_strangers(known: Collection[str], what: str, named: Collection[str]) -> None:
    if strangers := sorted(set(named) - set(known)):
        raise SetupError(
            f"{what}: found {', '.join(strangers)}, expected ids of the bank's items above the entry module; correct or remove them",
            "unknown_items",
        )
