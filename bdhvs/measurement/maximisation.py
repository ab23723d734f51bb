"""The M-step: better item parameters and groups from expected counts, by Fisher's scoring, all items at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bdhvs.measurement import grids
from bdhvs.measurement.expectation import Sums
from bdhvs.measurement.grids import Normal
from bdhvs.measurement.item_models import FAMILIES, FamilyName, Floats, alike
from bdhvs.measurement.priors import PriorTerms
from bdhvs.measurement.responses import Cells

SLOPE_BOUND = 6.0  # to either side; a steeper curve rises between two nodes of the grid
INTERCEPT_BOUND = 20.0
LEAST_SLOPE_WITH_PRIOR = 0.01  # a log-normal prior knows positive slopes only
LONGEST_STEP = 1.0
LEAST_DIVISOR = 1e-12
LEAST_SD, MOST_SD = 0.05, 10.0
SCORING_STEPS = 3


@dataclass(frozen=True)
class Bank:
    """What is to be estimated.

    Attributes
    ----------
    free : items × parameters: which are estimated; the others keep the value they have.
    used : items that have a say.
    counts : persons by cell, by weight.
    """

    family: FamilyName
    cells: Cells
    free: NDArray[np.bool_]
    used: NDArray[np.bool_]
    counts: Floats
    prior: PriorTerms


def derivatives(bank: Bank, parameters: Floats, sums: Sums, at: Floats) -> tuple[Floats, Floats]:
    """Gradient of the expected complete log-likelihood, items × parameters, and its Fisher information, items × p × p.

    At the point where `sums` were taken this is the gradient of the marginal log-likelihood too (Fisher's identity). Without
    the prior's part. Zero where a parameter does not exist.
    """
    items, most = parameters.shape
    gradient, information = np.zeros((items, most)), np.zeros((items, most, most))
    family = FAMILIES[bank.family]
    for group, places in alike(bank.cells):
        keep = bank.used[group]
        which, own_cells = group[keep], places[keep]
        if not len(which):
            continue
        count = places.shape[1]
        own = parameters[which, :count]
        chance = family.chances(own, at)
        slopes = family.slopes(own, at, chance)
        divisor = np.maximum(chance, LEAST_DIVISOR)
        if bank.family == "graded":
            persons = sums.rows[own_cells]
            shown = persons.sum(axis=1)
            found = np.einsum("ikq,ipkq->ip", persons / divisor, slopes)
        else:
            shown = sums.rows[which]
            mean_score = np.einsum("ikq,k->iq", chance, np.arange(count))
            found = np.empty((len(which), count))
            found[:, 0] = sums.scored[which] - (shown * mean_score) @ at
            found[:, 1:] = bank.counts[own_cells[:, 1:]] - np.einsum("iq,ikq->ik", shown, chance[:, 1:])
        scaled = (slopes * np.sqrt(shown[:, None] / divisor)[:, None]).reshape(len(which), count, -1)
        gradient[which, :count] = found
        information[which, :count, :count] = scaled @ scaled.transpose(0, 2, 1)
    return gradient, information


def improved_items(bank: Bank, parameters: Floats, sums: Sums, at: Floats, steps: int = SCORING_STEPS) -> Floats:
    """Parameters with a higher expected log-likelihood (and prior)."""
    for _ in range(steps):
        gradient, information = derivatives(bank, parameters, sums, at)
        bank.prior.add(parameters, gradient, information)
        fixed = ~bank.free
        gradient[fixed] = 0.0
        information[fixed[:, :, None] | fixed[:, None, :]] = 0.0
        corner = np.arange(parameters.shape[1])
        # A parameter that stays gets a 1 to divide by; one without any information a push so small that it stays, too.
        information[:, corner, corner] += np.where(fixed, 1.0, 1e-9)
        move = np.linalg.solve(information, gradient[:, :, None])[:, :, 0]
        longest = np.abs(move).max(axis=1, keepdims=True)
        move = move * (LONGEST_STEP / np.maximum(longest, LONGEST_STEP))
        parameters = within_bounds(bank, parameters, np.asarray(move))
        if longest.max() < 1e-10:
            break
    return parameters


def within_bounds(bank: Bank, parameters: Floats, move: Floats) -> Floats:
    """`parameters` + `move`, kept between the bounds, and graded intercepts kept falling by halving the move."""
    moved = clipped(bank, parameters + move)
    for _ in range(30):
        bad = ~is_ordered(bank, moved)
        if not bad.any():
            return moved
        move = np.where(bad[:, None], move / 2, move)
        moved = clipped(bank, parameters + move)
    return np.where(bad[:, None], parameters, moved)


def clipped(bank: Bank, parameters: Floats) -> Floats:
    """Free parameters within the bounds."""
    low, high = np.full(parameters.shape[1], -INTERCEPT_BOUND), np.full(parameters.shape[1], INTERCEPT_BOUND)
    low[0] = LEAST_SLOPE_WITH_PRIOR if bank.prior.has_slope else -SLOPE_BOUND
    high[0] = SLOPE_BOUND
    return np.where(bank.free, np.clip(parameters, low, high), parameters)


def is_ordered(bank: Bank, parameters: Floats) -> NDArray[np.bool_]:
    """Whether each item's intercepts fall, as the graded model asks; True for the others."""
    if bank.family != "graded" or parameters.shape[1] < 3:
        return np.ones(len(parameters), dtype=bool)
    with np.errstate(invalid="ignore"):
        return np.asarray(~(np.diff(parameters[:, 1:], axis=1) >= 0).any(axis=1))


@dataclass(frozen=True)
class GroupRules:
    """What of the groups is estimated: by group, the mean and the standard deviation."""

    free_mean: tuple[bool, ...]
    free_sd: tuple[bool, ...]


def improved_groups(groups: Sequence[Normal], persons: Floats, at: Floats, rules: GroupRules) -> list[Normal]:
    """Means and standard deviations closer to those of the expected persons.

    On a grid that ends, a normal distribution's moments are not quite its parameters; so it is the moments' difference that
    is added, which vanishes exactly where the likelihood of the grid is highest.
    """
    found = []
    for group, counts, free_mean, free_sd in zip(groups, persons, rules.free_mean, rules.free_sd, strict=True):
        share, model = counts / counts.sum(), grids.weights(at, group)
        mean = group.mean + float((share - model) @ at) if free_mean else group.mean
        if free_sd:
            about, about_model = (float(share @ at), float(model @ at)) if free_mean else (group.mean, group.mean)
            variance = group.sd**2 + float(share @ (at - about) ** 2 - model @ (at - about_model) ** 2)
            sd = float(np.sqrt(np.clip(variance, LEAST_SD**2, MOST_SD**2)))
        else:
            sd = group.sd
        found.append(Normal(mean, sd))
    return found
