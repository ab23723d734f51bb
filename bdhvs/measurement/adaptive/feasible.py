"""Whether rules can be kept with a pool, before any learner meets them."""

from __future__ import annotations

from math import ceil, floor

import numpy as np

from bdhvs.measurement.adaptive.content import ROUNDING
from bdhvs.measurement.adaptive.pool import Pool
from bdhvs.measurement.adaptive.rules import Rules

LONG = 1000  # longer than any form


def objections(rules: Rules, pool: Pool) -> list[str]:
    """Everything that makes the rules impossible: what was found, what was expected, what to do. Empty: nothing does.

    Under a cap r a learner is dealt a part of about r of the pool, so a test of n items needs n / r items, and so does each
    domain of its share. Enemies are counted as one item.
    """
    found = []
    have, need = dealt_at_least(rules, pool), needed(rules)
    for name in need:
        if have.get(name, 0) < need[name]:
            found.append(
                f"domain {name}: found {pool.domains.count(name)} items, of which a learner may meet {have.get(name, 0)} under the exposure "
                f"cap {rules.exposure_cap:g} and the enemies, expected {need[name]} for tests of {rules.maximum} items; "
                "add items, shorten the test or raise the cap"
            )
    usable = sum(have[name] for name in need) if need else _dealt(rules, _alone(pool, np.ones(len(pool), dtype=np.bool_)))
    if usable < rules.maximum:
        found.append(
            f"found {len(pool)} items, of which a learner may meet {usable} under the exposure cap {rules.exposure_cap:g} and the "
            f"enemies, expected {rules.maximum}; add items, shorten the test or raise the cap"
        )
    simulators = _dealt(rules, int(pool.is_simulator.sum()))
    if simulators < rules.simulators_required:
        found.append(
            f"found {int(pool.is_simulator.sum())} simulators, of which a learner may meet {simulators} under the exposure cap "
            f"{rules.exposure_cap:g}, expected {rules.simulators_required}; add simulators or ask for fewer"
        )
    return found


def needed(rules: Rules) -> dict[str, int]:
    """The most items of each domain that a test of the greatest length holds when it keeps to its shares."""
    return {name: ceil(share * rules.maximum - ROUNDING) for name, share in rules.domain_shares.items()}


def dealt_at_least(rules: Rules, pool: Pool) -> dict[str, int]:
    """Items of each domain that every learner may meet, whatever the draw; simulators count where they are not limited."""
    wanted = ~pool.is_simulator if rules.simulators_at_most is not None else np.ones(len(pool), dtype=np.bool_)
    own = {name: wanted & (pool.domain == place) for place, name in enumerate(pool.domain_names)}
    return {
        name: _dealt(rules, _alone(pool, flags & ~pool.is_simulator)) + _dealt(rules, _alone(pool, flags & pool.is_simulator))
        for name, flags in own.items()
    }


def longest(rules: Rules, pool: Pool) -> int:
    """The greatest length for which the pool holds enough under the cap and the shares; 0 when not even one item fits."""
    have = dealt_at_least(rules, pool)
    shares = rules.domain_shares or {}
    limits = [floor(have.get(name, 0) / share + ROUNDING) for name, share in shares.items()]
    usable = sum(have[name] for name in shares if name in have) if shares else _dealt(rules, _alone(pool, np.ones(len(pool), dtype=np.bool_)))
    return max(0, min([usable, LONG, *limits]))


def _dealt(rules: Rules, count: int) -> int:
    return floor(rules.exposure_cap * count + ROUNDING)


def _alone(pool: Pool, flags: np.ndarray) -> int:  # type: ignore[type-arg]
    """How many of these items there are when of each set of enemies one counts."""
    doubled = sum(max(0, sum(bool(flags[pool.index[name]]) for name in group) - 1) for group in pool.enemies)
    return int(flags.sum()) - doubled
