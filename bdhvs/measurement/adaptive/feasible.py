"""Whether rules can be kept with a pool, before any learner meets them.

Under a cap r a learner is dealt a part of about r of the pool, so a test of n items needs n / r items, and each domain its
share of them. Of enemies only one counts.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor

import numpy as np

from bdhvs.measurement.adaptive.content import ROUNDING
from bdhvs.measurement.adaptive.pool import Flags, Pool
from bdhvs.measurement.adaptive.rules import Rules


def objections(rules: Rules, pool: Pool) -> list[str]:
    """Everything that makes the rules impossible: what was found, what was expected, what to do. Empty: nothing does."""
    found = _lacks(rules, pool)
    if found and (cap := lowest_cap(rules, pool)) is not None:
        found.append(f"the lowest exposure cap under which this pool can keep the other rules is {cap:g}")
    return found


def lowest_cap(rules: Rules, pool: Pool) -> float | None:
    """The lowest exposure cap, in hundredths, under which the pool can keep the other rules; None: not even 1 will do."""
    caps = (percent / 100 for percent in range(1, 101))
    return next((cap for cap in caps if not _lacks(replace(rules, exposure_cap=cap), pool)), None)


def _lacks(rules: Rules, pool: Pool) -> list[str]:
    advice = "add items, shorten the test or raise the cap"
    limits = f"under the exposure cap {rules.exposure_cap:g} and the enemies"
    asked, have = needed(rules), available(rules, pool)
    found = [
        f"domain {name}: found {pool.domains.count(name)} items, of which a learner may meet {have.get(name, 0)} {limits}, "
        f"expected {count} for tests of {rules.maximum} items; {advice}"
        for name, count in asked.items()
        if have.get(name, 0) < count
    ]
    if not asked and sum(have.values()) < rules.maximum:
        found.append(
            f"found {len(pool)} items, of which a learner may meet {sum(have.values())} {limits}, expected {rules.maximum}; {advice}"
        )
    simulators = _dealt(rules, int(pool.is_simulator.sum()))
    if simulators < rules.simulators_required:
        found.append(
            f"found {int(pool.is_simulator.sum())} simulators, of which a learner may meet {simulators} {limits}, "
            f"expected {rules.simulators_required}; add simulators or ask for fewer"
        )
    return found


def needed(rules: Rules) -> dict[str, int]:
    """The most items of each domain that a test of the greatest length holds when it keeps to its shares."""
    return {name: ceil(share * rules.maximum - ROUNDING) for name, share in rules.domain_shares.items()}


def available(rules: Rules, pool: Pool) -> dict[str, int]:
    """Items of each domain that a learner may meet, whatever the draw; simulators only where their number has no limit."""
    wanted = np.ones(len(pool), dtype=np.bool_) if rules.simulators_at_most is None else ~pool.is_simulator
    have = {}
    for place, name in enumerate(pool.domain_names):
        own = wanted & (pool.domain == place)
        parts = (own & ~pool.is_simulator, own & pool.is_simulator)  # each is a run of the list that is dealt from
        have[name] = sum(_dealt(rules, _alone(pool, flags)) for flags in parts)
    return have


def longest(rules: Rules, pool: Pool) -> int:
    """The greatest length for which the pool holds enough under the cap and the shares; 0 when not even one item fits."""
    have = available(rules, pool)
    if not rules.domain_shares:
        return sum(have.values())
    return min(floor(have.get(name, 0) / share + ROUNDING) for name, share in rules.domain_shares.items())


def _dealt(rules: Rules, count: int) -> int:
    return floor(rules.exposure_cap * count + ROUNDING)


def _alone(pool: Pool, flags: Flags) -> int:
    """How many of these items there are when of each set of enemies one counts."""
    doubled = sum(max(0, sum(bool(flags[pool.index[name]]) for name in group) - 1) for group in pool.enemies)
    return int(flags.sum()) - doubled
