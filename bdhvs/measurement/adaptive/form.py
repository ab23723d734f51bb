"""An adaptive form: rules and pool brought together, checked, and everything that learners share worked out once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from bdhvs.measurement import grids
from bdhvs.measurement.adaptive.content import Blueprint
from bdhvs.measurement.adaptive.feasible import objections
from bdhvs.measurement.adaptive.pool import Flags, Pool
from bdhvs.measurement.adaptive.rules import Rules
from bdhvs.measurement.adaptive.stopping import band_shares
from bdhvs.measurement.item_models import Floats

REMEMBERED = 4096  # counts of domains; tests of 20 items over six domains meet about 1,500


@dataclass(frozen=True, eq=False)
class AdaptiveForm:
    """Rules and the pool they choose from. Make one for a class, not one for a learner.

    Raises
    ------
    ValueError
        with everything that makes the rules impossible in this pool and what would help.
    """

    rules: Rules
    pool: Pool

    def __post_init__(self) -> None:
        wrong = objections(self.rules, self.pool)
        if wrong:
            raise ValueError("these rules cannot be kept with this pool: " + "; ".join(wrong))

    @cached_property
    def due(self) -> Callable[[tuple[int, ...]], Flags]:
        """Items shown of each domain → which items are of a domain that may come next.

        Remembered: learners share most counts, and what they allow takes longer to find than the rest of a choice.
        """
        pool, rules = self.pool, self.rules
        balanced = [name not in rules.warm_up for name in pool.domain_names]
        blueprint = Blueprint.of(pool.domain_names, rules.domain_shares, rules.maximum)
        if blueprint is None:
            everything = np.ones(len(pool), dtype=np.bool_)
            return lambda counts: everything
        return lru_cache(REMEMBERED)(
            lambda counts: np.asarray(blueprint.may_come([n * own for n, own in zip(counts, balanced, strict=True)]))[
                pool.domain
            ]
        )

    @cached_property
    def warm_up(self) -> Flags:
        """Which items are of a domain to warm up with."""
        return np.array([name in self.rules.warm_up for name in self.pool.domains], dtype=np.bool_)

    @cached_property
    def prior(self) -> Floats:
        """Weight of each node before the first answer."""
        return grids.weights(self.pool.abilities, grids.Normal(self.rules.prior_mean, self.rules.prior_sd))

    @cached_property
    def beginners(self) -> Floats:
        """How much of each node lies more than a standard deviation below the mean of those who come."""
        return np.asarray(band_shares(self.pool.abilities, (self.rules.prior_mean - self.rules.prior_sd,))[0])

    @cached_property
    def bands(self) -> Floats:
        """How much of each node lies in each band: bands × nodes."""
        return band_shares(self.pool.abilities, self.rules.cuts)
