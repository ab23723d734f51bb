"""Content balance: after every item each domain's count is within one of its share of the items so far.

A domain may come next when (a) its count stays at most one above its share and (b) the domains that must not fall more than
one below theirs, at whatever length the test then ends, can still be served: for each later length t the items still owed,
Σ max(0, ⌈w·t − 1⌉ − count), must fit into the places left until t. That is the eligibility of the quota methods of apportionment
(M. L. Balinski and H. P. Young 1975, American Mathematical Monthly 82, 701–730; J. W. Still 1979, SIAM Journal on Applied Mathematics
37, 401–418) with one whole item of room to either side. Where several domains may come, the best item decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

ROUNDING = 1e-9


@dataclass(frozen=True)
class Blueprint:
    """Shares of the domains, in the pool's order of domains; 0 for a domain that is not asked for."""

    shares: tuple[float, ...]
    maximum: int

    @classmethod
    def of(cls, domains: tuple[str, ...], shares: Mapping[str, float], maximum: int) -> Blueprint | None:
        """For these domains; None when there is nothing to balance."""
        return cls(tuple(shares.get(name, 0.0) for name in domains), maximum) if shares else None

    def may_come(self, counts: Sequence[int]) -> tuple[bool, ...]:
        """Which domains may come next after so many items of each; at least one while the test is below its maximum."""
        length = sum(counts)
        shares, have = np.array(self.shares), np.array(counts)
        below = (have <= shares * (length + 1) + ROUNDING) & (shares > 0)
        lengths = np.arange(length + 1, self.maximum + 1)
        lacking = np.maximum(np.ceil(shares * lengths[:, None] - 1 - ROUNDING) - have, 0)
        tight = lacking.sum(axis=1) >= lengths - length
        # The domains lacking at the first tight length lack at all later ones, and not all of them can be above their share now:
        # together they would then have too much and too little. So some domain may always come.
        return tuple((below & (lacking[tight] > 0).all(axis=0)).tolist())
