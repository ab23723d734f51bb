"""Forms put together from a pool so that all counts are kept at once: automated test assembly by integer programming.

Each item is or is not in each form; counts, time, enemies and likeness of parallel forms are linear in that, so a solver finds a
choice that keeps all of them, or shows that there is none (W. J. van der Linden 2005, Linear Models for Optimal Test Design,
Springer, chapters 2–6). Every item gets a random cost, and the cheapest choice is taken: the same seed draws the same forms, another
seed others. Where nothing keeps all rules, they are made to give at a price, and what gave is told: the cells that lack items.

The solver is HiGHS (Q. Huangfu, J. A. J. Hall 2018, Mathematical Programming Computation 10, 119–142), by `scipy.optimize.milp`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bdhvs.measurement.item_models import Floats

SECONDS = 60.0  # most that one solving may take
PRICE = 1000.0  # of one item, minute or share of a sum too many or too few, beside costs of at most 1 an item
GIVEN = 1e-6  # less than this is rounding

Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Sum:
    """In each form the sum of ``each`` over its items lies between ``least`` and ``most``. ``name`` tells people which sum."""

    name: str
    each: Floats
    least: float
    most: float


@dataclass(frozen=True, eq=False)
class Likeness:
    """In any two forms the sums of ``each`` differ by at most ``within`` (a share) of what both have together."""

    name: str
    each: Floats
    within: float


@dataclass(frozen=True)
class Shortfall:
    """What cannot be kept: the form by number (0 the first; None: between forms), and by how much it has to give at least."""

    name: str
    form: int | None
    by: float


class Unmet(ValueError):
    """No choice of items keeps all rules; `shortfalls` says which would have to give, and how far at least."""

    def __init__(self, shortfalls: Sequence[Shortfall]) -> None:
        self.shortfalls = tuple(shortfalls)
        super().__init__("; ".join(f"{one.name}: {one.by:g}" for one in shortfalls))


@dataclass(frozen=True, eq=False)
class Plan:
    """What is asked of ``forms`` forms made of ``items`` items.

    Attributes
    ----------
    sums, likenesses : what holds in each form, and between forms.
    cells : number of each item's cell, from 0; of each cell all forms have as many. None: not asked for.
    enemies : sets of items (places) of which all forms together have one at most.
    """

    items: int
    forms: int
    sums: Sequence[Sum]
    likenesses: Sequence[Likeness] = ()
    cells: Indices | None = None
    enemies: Sequence[Indices] = ()


@dataclass
class _Rows:
    """Rules as rows over items × forms: coefficients, least, most, and what a row is called (None: it never gives)."""

    forms: int
    parts: list[Floats] = field(default_factory=list)
    least: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    names: list[tuple[str, int | None] | None] = field(default_factory=list)

    def add(self, weights: Floats, least: float, most: float, name: tuple[str, int | None] | None = None) -> None:
        """`weights`: forms × items."""
        self.parts.append(weights.ravel())
        self.least.append(least)
        self.most.append(most)
        self.names.append(name)


def assemble(plan: Plan, seed: int) -> tuple[Indices, ...]:
    """The places of each form's items, rising.

    Raises
    ------
    Unmet
        when no choice keeps all rules.
    """
    rows = _rules(plan)
    costs = np.random.default_rng(seed).random(plan.forms * plan.items)
    chosen = _solved(rows, costs)
    if chosen is None:
        raise Unmet(_shortfalls(rows))
    return tuple(np.flatnonzero(part > 0.5) for part in chosen.reshape(plan.forms, plan.items))


def _rules(plan: Plan) -> _Rows:
    rows = _Rows(plan.forms)
    for one in plan.sums:
        for form in range(plan.forms):
            rows.add(_in_form(plan, form, one.each), one.least, one.most, (one.name, form))
    for item in range(plan.items) if plan.forms > 1 else ():
        rows.add(_everywhere(plan, np.array([item])), 0, 1)
    for group in plan.enemies:
        rows.add(_everywhere(plan, group), 0, 1)
    for first in range(plan.forms - 1):
        _parallel(rows, plan, first, first + 1)
    return rows


def _parallel(rows: _Rows, plan: Plan, first: int, second: int) -> None:
    cells = np.zeros(0, dtype=np.intp) if plan.cells is None else plan.cells
    for cell in range(int(cells.max(initial=-1)) + 1):
        own = np.asarray(cells == cell, dtype=np.float64)
        rows.add(_in_form(plan, first, own) - _in_form(plan, second, own), 0, 0)
    for one in plan.likenesses:
        for more, less in ((first, second), (second, first)):
            apart = _in_form(plan, more, one.each) - _in_form(plan, less, one.each)
            both = _in_form(plan, more, one.each) + _in_form(plan, less, one.each)
            rows.add(apart - one.within * both, -np.inf, 0, (one.name, None))


def _in_form(plan: Plan, form: int, each: Floats) -> Floats:
    weights = np.zeros((plan.forms, plan.items))
    weights[form] = each
    return weights


def _everywhere(plan: Plan, places: Indices) -> Floats:
    weights = np.zeros((plan.forms, plan.items))
    weights[:, places] = 1.0
    return weights


def _solved(rows: _Rows, costs: Floats) -> Floats | None:
    """The cheapest choice; None when there is none."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    constraints = LinearConstraint(csr_array(np.array(rows.parts)), rows.least, rows.most)
    found = milp(
        costs,
        integrality=np.ones(len(costs)),
        bounds=Bounds(0, 1),
        constraints=constraints,
        options={"time_limit": SECONDS},
    )
    return None if found.x is None else np.asarray(found.x)


def _shortfalls(rows: _Rows) -> list[Shortfall]:
    """Which rules give when they may, as little as possible in all."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array, hstack, identity

    giving = np.array([name is not None for name in rows.names])
    slack = csr_array(identity(len(rows.names), format="csr")[:, giving])
    matrix = hstack([csr_array(np.array(rows.parts)), slack, -slack], format="csr")
    choices, extra = len(rows.parts[0]), 2 * int(giving.sum())
    found = milp(
        np.concatenate([np.zeros(choices), np.full(extra, PRICE)]),
        integrality=np.concatenate([np.ones(choices), np.zeros(extra)]),
        bounds=Bounds(0, np.concatenate([np.ones(choices), np.full(extra, np.inf)])),
        constraints=LinearConstraint(matrix, rows.least, rows.most),
        options={"time_limit": SECONDS},
    )
    if found.x is None:
        return [Shortfall("all rules together", None, np.inf)]
    gave = found.x[choices:].reshape(2, -1).sum(axis=0)
    names = [name for name in rows.names if name is not None]
    return [Shortfall(*name, float(by)) for name, by in zip(names, gave, strict=True) if by > GIVEN]
