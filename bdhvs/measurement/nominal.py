"""Bock's nominal model: the chance of each option of each item at each ability, from who chose what.

Needed where it matters *which* wrong option was chosen. Options have no order; nothing is told of which one is the key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bdhvs.measurement import grids
from bdhvs.measurement.grids import Normal
from bdhvs.measurement.score_tables import Floats

Choices = NDArray[np.int8]  # persons × items: place of the option chosen from 0, −1 for none
NONE = -1
NODES = 41
SLOPE_SD, INTERCEPT_SD = 1.0, 3.0  # of the priors, logits: they hold options that few choose
SETTLED = 1e-5
MOST_STEPS = 500


@dataclass(frozen=True, eq=False)
class NominalItems:
    """Items whose options have chances ∝ exp(slope·θ + intercept); ability standard normal in the group they come from.

    Attributes
    ----------
    slopes, intercepts : of each item, its options; each adds up to 0.
    loglik : marginal log-likelihood of the answers they were fitted to. converged : whether the search settled.
    """

    slopes: tuple[Floats, ...]
    intercepts: tuple[Floats, ...]
    loglik: float
    converged: bool

    def chances(self, item: int, at: Floats) -> Floats:
        """Of each option at each ability: options × abilities; columns add up to 1."""
        return _softmax(np.outer(self.slopes[item], at) + self.intercepts[item][:, None])

    def draw(self, abilities: Floats, rng: np.random.Generator) -> Choices:
        """A choice of each person (abilities in logits) on each item, independent given the abilities."""
        luck = rng.random((len(abilities), len(self.slopes)))
        found = np.empty(luck.shape, dtype=np.int8)
        for item in range(len(self.slopes)):
            reached = np.cumsum(self.chances(item, abilities), axis=0)[:-1]
            found[:, item] = (luck[:, item] > reached).sum(axis=0)
        return found

    def abilities(self, choices: Choices) -> tuple[Floats, Floats]:
        """Mean and standard deviation of each person's ability given all their choices, logits."""
        at = grids.nodes(NODES, grids.WIDEST)
        posterior, _ = _posterior(choices, [np.log(self.chances(item, at)) for item in range(len(self.slopes))], at)
        mean = posterior @ at
        return mean, np.sqrt(np.maximum(posterior @ at**2 - mean**2, 0))


def fit_nominal(
    choices: Choices,
    options: Sequence[int],
    slope_sd: float = SLOPE_SD,
    intercept_sd: float = INTERCEPT_SD,
    start: NominalItems | None = None,
) -> NominalItems:
    """Options' slopes and intercepts by marginal (penalised) maximum likelihood.

    Parameters
    ----------
    choices : persons × items; place of the option chosen, −1 for none.
    options : number of options of each item, at least 2.
    slope_sd, intercept_sd : of normal priors with mean 0 on slopes and intercepts; ``inf`` for none. Options are compared with
        their mean, so the priors treat all alike.
    start : where to begin, e.g. the fit of data much like these.

    Raises
    ------
    ValueError
        when shapes do not fit or a choice is not among the options.

    Notes
    -----
    EM over a grid, Newton's steps for each item's multinomial logistic regression. Sources: Bock (1972), Psychometrika 37,
    29–51; Bock & Aitkin (1981), Psychometrika 46, 443–459. Which way ability points is chance, for reflecting all slopes
    changes nothing: see `toward`.
    """
    given = np.asarray(choices)
    count = np.asarray(options, dtype=np.intp)
    if given.ndim != 2 or given.shape[1] != len(count) or (count < 2).any():
        raise ValueError(
            f"found choices of shape {given.shape} and {len(count)} numbers of options, expected one from 2 for each item"
        )
    if (given >= count).any() or (given < NONE).any():
        row, item = np.argwhere((given >= count) | (given < NONE))[0]
        raise ValueError(
            f"person {row}, item {item}: found option {given[row, item]}, expected 0 to {count[item] - 1}, or -1 for none"
        )
    at = grids.nodes(NODES, grids.WIDEST)
    ridge = [np.r_[np.full(k, slope_sd**-2.0), np.full(k, intercept_sd**-2.0)] for k in count]
    point = (
        _begin(given, count)
        if start is None
        else [np.r_[a, c] for a, c in zip(start.slopes, start.intercepts, strict=True)]
    )
    loglik, moved, step = -np.inf, np.inf, 0
    while moved > SETTLED and step < MOST_STEPS:
        posterior, loglik = _posterior(given, [_log_chances(own, at) for own in point], at)
        expected = [_expected(given[:, item], posterior, int(k)) for item, k in enumerate(count)]
        new = [_regressed(own, counts, at, prior) for own, counts, prior in zip(point, expected, ridge, strict=True)]
        moved = max(float(np.abs(a - b).max()) for a, b in zip(new, point, strict=True))
        point, step = new, step + 1
    halves = [np.split(one, 2) for one in point]
    return NominalItems(tuple(a for a, _ in halves), tuple(c for _, c in halves), loglik, moved <= SETTLED)


def toward(items: NominalItems, keys: Sequence[int | None]) -> NominalItems:
    """The same items with ability turned so that the keys go with it: reflecting all slopes changes no chance."""
    along = sum(float(a[key]) for a, key in zip(items.slopes, keys, strict=True) if key is not None)
    if along >= 0:
        return items
    return NominalItems(tuple(-a for a in items.slopes), items.intercepts, items.loglik, items.converged)


def _begin(choices: Choices, count: NDArray[np.intp]) -> list[Floats]:
    """Shares as intercepts; slopes from the correlation of each option with the first principal component of all options."""
    taken = [(choices[:, item, None] == np.arange(k)).astype(np.float64) for item, k in enumerate(count)]
    together = np.concatenate([one - one.mean(axis=0) for one in taken], axis=1)
    axis = np.linalg.svd(together.T @ together)[0][:, 0]
    own = together @ axis
    scale = max(float(own.std()), 1e-9)
    point = []
    for one in taken:
        share = (one.sum(axis=0) + 0.5) / (one.sum() + 0.5 * one.shape[1])
        slope = (one - one.mean(axis=0)).T @ own / scale / np.maximum(one.sum(axis=0), 1)
        intercept = np.log(share)
        point.append(np.r_[slope - slope.mean(), intercept - intercept.mean()])
    return point


def _log_chances(point: Floats, at: Floats) -> Floats:
    slope, intercept = np.split(point, 2)
    return np.log(np.maximum(_softmax(np.outer(slope, at) + intercept[:, None]), 1e-300))


def _softmax(logits: Floats) -> Floats:
    chance = np.exp(logits - logits.max(axis=0))
    return np.asarray(chance / chance.sum(axis=0))


def _posterior(choices: Choices, logs: Sequence[Floats], at: Floats) -> tuple[Floats, float]:
    """Of each person over the grid, and the marginal log-likelihood."""
    prior = np.log(grids.weights(at, Normal()))
    height = np.tile(prior, (len(choices), 1))
    for item, log in enumerate(logs):
        who = choices[:, item] != NONE
        height[who] += log[choices[who, item]]
    top = height.max(axis=1, keepdims=True)
    chance = np.exp(height - top)
    total = chance.sum(axis=1, keepdims=True)
    return chance / total, float((np.log(total) + top).sum())


def _expected(chosen: NDArray[np.int8], posterior: Floats, count: int) -> Floats:
    """Expected persons by option and node."""
    return np.asarray((chosen[:, None] == np.arange(count)).astype(np.float64).T @ posterior)


def _regressed(point: Floats, counts: Floats, at: Floats, prior: Floats) -> Floats:
    """Newton's steps of a multinomial logistic regression of options on ability, with a ridge; options add up to 0."""
    k = len(counts)
    design = np.stack([at, np.ones_like(at)])  # what a slope and an intercept are multiplied with
    total = counts.sum(axis=0)
    own = point.reshape(2, k).copy()
    centre = np.kron(np.eye(2), np.full((k, k), 1.0 / k))  # fills the direction that changes no chance
    best = _height(own, counts, design, prior)
    for _ in range(20):
        chance = _softmax(own.T @ design)
        gradient = (counts - total * chance) @ design.T  # options × 2
        spread = np.eye(k)[:, :, None] * chance - chance[:, None] * chance  # covariances of who chose what, by node
        bend = np.einsum("q,opq,aq,bq->aobp", total, spread, design, design).reshape(2 * k, 2 * k)
        slope = gradient.T.ravel() - prior * own.ravel()
        move = np.linalg.solve(bend + np.diag(prior) + total.sum() * centre, slope).reshape(2, k)
        for _ in range(30):
            trial = own + move
            height = _height(trial, counts, design, prior)
            if height >= best - 1e-12:
                break
            move = move / 2
        own, best = trial, height
        if np.abs(move).max() < SETTLED / 10:
            break
    return np.asarray((own - own.mean(axis=1, keepdims=True)).ravel())


def _height(own: Floats, counts: Floats, design: Floats, prior: Floats) -> float:
    chance = np.maximum(_softmax(own.T @ design), 1e-300)
    return float((counts * np.log(chance)).sum() - 0.5 * (prior * own.ravel() ** 2).sum())
