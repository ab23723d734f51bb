"""Ability of persons whose items are calibrated: one number and its standard error, in four ways.

=======  ====================================================  ==============================================================
method   what it is                                            all right or all wrong
=======  ====================================================  ==============================================================
``eap``  mean and deviation of the posterior                   finite: the group pulls inwards
``map``  mode of the posterior                                 finite
``wle``  Warm's weighted likelihood, nearly unbiased           finite
``ml``   maximum likelihood                                    ∞ or −∞ and error NaN: there is no maximum
=======  ====================================================  ==============================================================

Sources: Bock & Mislevy (1982), Applied Psychological Measurement 6, 431–444 (eap); Warm (1989), Psychometrika 54, 427–450, with J
and I for several scores by Samejima (1998) (wle). A person without any response has the group's mean and deviation in ``eap`` and
``map``, NaN in the other two.

``map``, ``wle`` and ``ml`` are roots of an equation e(θ) = 0::

    ml   Σ P′/P                          error  1/√I(θ)
    map  Σ P′/P − (θ − μ)/σ²                    1/√(I(θ) + 1/σ²)
    wle  Σ P′/P + J/2I,  J = Σ P′P″/P           1/√I(θ)

e and its derivative are products of the responses with tables over a fine grid, and the root is that of the cubic which has both
between two nodes; its distance from the true root is below 1e-6 logits, so nothing has to be iterated for each person.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from bdhvs.measurement import grids, item_models
from bdhvs.measurement.expectation import BLOCK_PERSONS, Groups, Kernel, Tables
from bdhvs.measurement.grids import Normal
from bdhvs.measurement.item_models import FAMILIES, Family, FamilyName, Floats
from bdhvs.measurement.responses import Cells, Responses

Method = Literal["eap", "map", "wle", "ml"]
FARTHEST = 12.0  # logits; a root beyond it is given as infinite
SPACING = 0.05  # logits between the nodes of the fine grid
NUDGE = 1e-4  # logits, of central differences
SINGLE_PRECISION_FROM = 10_000  # persons; then the mean of a posterior is right to 1e-5, and found in half the time


def estimate(
    responses: Responses,
    family: FamilyName,
    parameters: Floats,
    method: Method = "eap",
    *,
    groups: Sequence[Normal] = (Normal(),),
    group: Groups = None,
    nodes: int = 61,
    widest: float = grids.WIDEST,
    threads: int = 2,
) -> tuple[Floats, Floats]:
    """Ability and standard error of each person, logits.

    Parameters
    ----------
    parameters : items × (1 + highest score) as in `item_models`; items whose slope is NaN have no say.
    groups, group : the distributions, and which of them each person comes from (None: all from the first).
    nodes, widest : grid of "eap".

    Raises
    ------
    ValueError
        for an unknown method, another number of items, or a score above an item's highest.
    """
    if method not in get_args(Method):
        raise ValueError(f"found method {method!r}, expected one of {', '.join(get_args(Method))}")
    if len(parameters) != len(responses.cells.maximum):
        raise ValueError(f"found responses to {len(responses.cells.maximum)} items, expected {len(parameters)} as calibrated")
    used: NDArray[np.bool_] = np.asarray(np.isfinite(parameters[:, :2]).all(axis=1))
    own = np.isfinite(parameters[:, 1:]).sum(axis=1)
    responses = responses.with_maximum(np.where(used, own, responses.cells.maximum))
    if method == "eap":
        at = grids.nodes(nodes, widest)
        tables = Tables.of(family, responses.cells, parameters, at, groups, used)
        dtype = np.float32 if responses.shape[0] >= SINGLE_PRECISION_FROM else np.float64
        return eap(responses, tables, group, dtype=dtype, threads=threads)
    fine = Curves.of(FAMILIES[family], responses.cells, np.where(used[:, None], parameters, np.nan), used)
    return roots(responses, fine, method, groups, group, threads)


def eap(
    responses: Responses, tables: Tables, group: Groups = None, *, dtype: Any = np.float64, threads: int = 1
) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each person's posterior over the grid of `tables`."""
    kernel = Kernel(responses, tables, dtype)
    # About the middle of the grid and one product for both moments.
    powers = np.array([tables.at, tables.at**2]).astype(dtype)
    mean, deviation = np.empty(responses.shape[0]), np.empty(responses.shape[0])

    def fill(begin: int) -> None:
        which = slice(begin, min(begin + BLOCK_PERSONS, responses.shape[0]))
        own = None if group is None else group[which]
        spread, _ = kernel.posterior(kernel.read(which, own))
        first, second = (powers @ spread).astype(np.float64)
        mean[which] = first
        deviation[which] = np.sqrt(np.maximum(second - first**2, 0.0))

    _each(fill, responses.shape[0], BLOCK_PERSONS, threads)
    return mean, deviation


class Curves:
    """What the estimating equations need over a fine grid: tables cells × nodes, and items × nodes."""

    def __init__(self, at: Floats, tables: dict[str, Floats]) -> None:
        self.at, self.tables = at, tables

    @classmethod
    def of(cls, family: Family, cells: Cells, parameters: Floats, used: NDArray[np.bool_]) -> Curves:
        """Tables of items; zeros for those not used."""
        at = np.linspace(-FARTHEST, FARTHEST, 1 + round(2 * FARTHEST / SPACING))
        own = np.where(used[:, None], parameters, 0.0)

        def slopes(where: Floats) -> tuple[Floats, Floats, Floats]:
            """P′/P by cell; by item (repeated over its cells) I, and J."""
            grade, info, bias = (np.zeros((len(cells), len(where))) for _ in range(3))
            for which, places in item_models.alike(cells):
                mine = own[which, : places.shape[1]]
                chance = np.maximum(family.chances(mine, where), item_models.LEAST_CHANCE)
                change = family.by_ability(mine, where, chance)
                ahead, behind = (
                    family.by_ability(mine, where + nudge, family.chances(mine, where + nudge)) for nudge in (NUDGE, -NUDGE)
                )
                grade[places] = change / chance
                info[places] = (change**2 / chance).sum(axis=1)[:, None]
                bias[places] = (change * (ahead - behind) / (2 * NUDGE) / chance).sum(axis=1)[:, None]
            for table in (grade, info, bias):
                table[~used[cells.item]] = 0.0
            return grade, info, bias

        here, ahead, behind = slopes(at), slopes(at + NUDGE), slopes(at - NUDGE)
        tables = {}
        for name, value, after, before in zip(("grade", "info", "bias"), here, ahead, behind, strict=True):
            tables[name], tables[name + "'"] = value, (after - before) / (2 * NUDGE)
        return cls(at, tables)


def roots(
    responses: Responses, curves: Curves, method: Method, groups: Sequence[Normal], group: Groups, threads: int
) -> tuple[Floats, Floats]:
    """Ability where e(θ) = 0, and its standard error."""
    persons, at = responses.shape[0], curves.at
    ability, error = np.empty(persons), np.empty(persons)
    names = ["grade", "grade'", "info", "info'"] + (["bias", "bias'"] if method == "wle" else [])
    mean, sd = (np.array([getattr(one, name) for one in groups]) for name in ("mean", "sd"))

    def fill(begin: int) -> None:
        which = slice(begin, min(begin + PERSONS_AT_ONCE, persons))
        block = responses.block(which, np.float64)
        got = {name: np.asarray(block @ curves.tables[name]) for name in names}
        e, slope = got["grade"], got["grade'"]
        info, change = got["info"], got["info'"]
        nobody = ~(info > 0).any(axis=1)
        if method == "map":
            own = np.zeros(len(e), dtype=np.intp) if group is None else group[which]
            centre, precision = mean[own][:, None], 1 / sd[own][:, None] ** 2
            e, slope, info = e - (at - centre) * precision, slope - precision, info + precision
        elif method == "wle":
            safe = np.maximum(info, item_models.LEAST_CHANCE)
            e = e + got["bias"] / (2 * safe)
            slope = slope + (got["bias'"] - got["bias"] * change / safe) / (2 * safe)
        found, left, share = _root(at, e, slope)
        ability[which] = found
        rows = np.arange(len(e))
        there = _cubic(info[rows, left], info[rows, left + 1], change[rows, left], change[rows, left + 1], share)
        error[which] = np.where(np.isfinite(found), 1 / np.sqrt(np.maximum(there, item_models.LEAST_CHANCE)), np.nan)
        if method != "map":
            ability[which] = np.where(nobody, np.nan, ability[which])
            error[which] = np.where(nobody, np.nan, error[which])

    _each(fill, persons, PERSONS_AT_ONCE, threads)
    return ability, error


PERSONS_AT_ONCE = 512  # by 481 nodes and six tables: 12 MB


def _root(at: Floats, e: Floats, slope: Floats) -> tuple[Floats, NDArray[np.intp], Floats]:
    """Where e goes through 0 from above, the node to its left, and how far along to the next one (0 to 1).

    With several such places it is the one where the integral of e, the logarithm of what is maximised, is highest. ±∞ where e has
    one sign on the whole grid.
    """
    rows = np.arange(len(e))
    height = np.concatenate([np.zeros((len(e), 1)), np.cumsum(e[:, 1:] + e[:, :-1], axis=1)], axis=1)
    top = height.argmax(axis=1)
    left = np.clip(np.where(e[rows, top] > 0, top, top - 1), 0, len(at) - 2)
    low, high = e[rows, left], e[rows, left + 1]
    inside = (low >= 0) & (high <= 0) & (low > high)
    share = np.where(inside, low / np.where(low > high, low - high, 1.0), 0.5)
    step = at[1] - at[0]
    begin, end = np.zeros(len(e)), np.ones(len(e))
    for _ in range(60):  # halving, with the cubic through both nodes: sure, and 60 halvings are below rounding
        middle = (begin + end) / 2
        above = _cubic(low, high, slope[rows, left], slope[rows, left + 1], middle, step) > 0
        begin, end = np.where(above, middle, begin), np.where(above, end, middle)
    share = (begin + end) / 2
    found = np.where(inside, at[left] + share * step, np.where(low > 0, np.inf, -np.inf))
    return found, left, share


def _cubic(low: Floats, high: Floats, from_low: Floats, from_high: Floats, share: Floats, step: float = SPACING) -> Floats:
    """Hermite's cubic with values and derivatives at two nodes, `share` of the way from the first."""
    t, u = share, 1 - share
    return np.asarray(
        (1 + 2 * t) * u**2 * low + t**2 * (3 - 2 * t) * high + step * (t * u**2 * from_low - t**2 * u * from_high)
    )


def _each(work: Any, persons: int, size: int, threads: int) -> None:
    """`work` on each block of persons, by its first."""
    begins = range(0, persons, size)
    if threads <= 1 or len(begins) < 2 * threads:
        for begin in begins:
            work(begin)
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, begins))
