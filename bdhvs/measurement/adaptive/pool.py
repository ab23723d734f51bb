"""The items an adaptive form chooses from, with everything about them that can be computed before a learner comes.

For 5,000 items of scores 0 and 1 the tables take 10 MB; they are made once for a form, not for a learner.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bdhvs.measurement import grids
from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.item_models import Floats

NODES = 61  # abilities from −6 to 6 logits, 0.2 apart
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Pool:
    """Items on one scale with what the rules look at.

    Attributes
    ----------
    items : the calibrated items; every array of an adaptive form is in their order.
    domains : domain of each item.
    enemies : sets of ids of which a learner meets one at most.
    simulators : whether each item is a simulator; empty: none is.
    levels : level tag of each item (0–8), None where it has none; empty: no tags. Only reported, never used for a choice.

    Raises
    ------
    ValueError
        when lengths differ, an enemy is no item of the pool, or an item has no upward slope.
    """

    items: CalibratedItems
    domains: tuple[str, ...]
    enemies: tuple[frozenset[str], ...] = ()
    simulators: tuple[bool, ...] = ()
    levels: tuple[int | None, ...] = ()

    def __post_init__(self) -> None:
        count = len(self.items.ids)
        if not count:
            raise ValueError("found a pool without items, expected at least one")
        for name in ("domains", "simulators", "levels"):
            found = len(getattr(self, name))
            if found != count and (found or name == "domains"):
                raise ValueError(f"found {found} {name} for {count} items, expected one for each")
        strangers = sorted(set().union(*self.enemies) - set(self.items.ids)) if self.enemies else []
        if strangers:
            raise ValueError(
                f"found enemies that are no items of the pool: {', '.join(strangers)}; correct or remove them"
            )
        flat = [name for name, slope in zip(self.items.ids, self.items.slope, strict=True) if slope <= 0]
        if flat:
            raise ValueError(
                f"found items whose slope is not above 0: {', '.join(flat[:5])}; leave them out of the pool"
            )

    def __len__(self) -> int:
        return len(self.items.ids)

    @cached_property
    def index(self) -> dict[str, int]:
        """Id → place in the arrays."""
        return {name: place for place, name in enumerate(self.items.ids)}

    @cached_property
    def domain_names(self) -> tuple[str, ...]:
        """The domains there are, sorted."""
        return tuple(sorted(set(self.domains)))

    @cached_property
    def domain(self) -> Indices:
        """Place of each item's domain in `domain_names`."""
        place = {name: number for number, name in enumerate(self.domain_names)}
        return np.array([place[name] for name in self.domains], dtype=np.intp)

    @cached_property
    def is_simulator(self) -> Flags:
        """Whether each item is a simulator."""
        return np.array(self.simulators or [False] * len(self), dtype=np.bool_)

    @cached_property
    def rank(self) -> Floats:
        """A number by which to sort: simulators last, then by domain, then by difficulty (logits, cut to ±10)."""
        group = self.domain + len(self.domain_names) * self.is_simulator
        return np.clip(self.items.difficulty, -10, 10) + 100.0 * group

    @cached_property
    def foes(self) -> dict[int, Indices]:
        """Item → the items it may not be together with (only items that have any)."""
        found: dict[int, set[int]] = {}
        for group in self.enemies:
            places = {self.index[name] for name in group}
            for one in places:
                found.setdefault(one, set()).update(places - {one})
        return {one: np.array(sorted(others), dtype=np.intp) for one, others in found.items()}

    @cached_property
    def abilities(self) -> Floats:
        """The grid: where everything is tabled. Logits."""
        return grids.nodes(NODES)

    @cached_property
    def chances(self) -> Floats:
        """P(score) of each cell at each ability: cells × nodes. A row is what an answer multiplies the posterior by."""
        return np.exp(self.items.log_probabilities(self.abilities))

    @cached_property
    def information(self) -> Floats:
        """Information at each ability of each item: nodes × items, so that a choice reads one row. 1/logit²."""
        return np.ascontiguousarray(self.items.information(self.abilities).T)

    @cached_property
    def success(self) -> Floats:
        """Expected share of an item's points at each ability: nodes × items, 0–1."""
        return np.ascontiguousarray((self.items.expected_scores(self.abilities) / self.items.cells.maximum[:, None]).T)

    def node(self, ability: float) -> int:
        """The node nearest to an ability."""
        step = 2 * grids.WIDEST / (NODES - 1)
        return min(max(int((ability + grids.WIDEST) / step + 0.5), 0), NODES - 1)

    def flags(self, ids: Iterable[str]) -> Flags:
        """Which items of the pool are among `ids`; raises ValueError for an id that is not of the pool."""
        found = np.zeros(len(self), dtype=np.bool_)
        for name in ids:
            found[self.place(name)] = True
        return found

    def place(self, name: str) -> int:
        """Place of an item in the arrays; raises ValueError when the pool has no such item."""
        try:
            return self.index[name]
        except KeyError:
            raise ValueError(
                f"item {name!r}: not in the pool of {len(self)} items; was the pool changed since?"
            ) from None

    def names(self, places: Sequence[int] | Indices) -> tuple[str, ...]:
        """Ids of items by place."""
        return tuple(self.items.ids[one] for one in places)
