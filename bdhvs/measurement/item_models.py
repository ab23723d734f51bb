"""Item models: the chance of each score at each ability, and how it changes with ability and with the parameters.

Two families, each with an item's slope ``a`` and one intercept per score above 0:

- *partial credit* (divide by total; Masters 1982, Muraki 1992): log P(k) ∝ k·a·θ + c_k with c_0 = 0. With scores 0 and 1 it
  is the two-parameter logistic model with intercept d = c_1; with ``a`` = 1 Rasch's and Masters' models.
- *graded response* (Samejima 1969): P(score ≥ k) = logistic(a·θ + d_k), d falling with k.

Parameters are held as an items × (1 + highest score) array: column 0 the slope, then the intercepts; NaN beyond an item's
own scores. Abilities are logits.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bdhvs.measurement.responses import Cells

Floats = NDArray[np.float64]
FamilyName = Literal["partial_credit", "graded"]
LEAST_CHANCE = 1e-300


class Family(ABC):
    """How parameters become chances. Everything is for items with one highest score at a time: arrays without gaps."""

    name: FamilyName

    @abstractmethod
    def chances(self, parameters: Floats, at: Floats) -> Floats:
        """P(score): items × scores × nodes, for `parameters` items × (1 + highest score)."""

    @abstractmethod
    def slopes(self, parameters: Floats, at: Floats, chances: Floats) -> Floats:
        """Derivatives of `chances` by each parameter: items × parameters × scores × nodes."""

    @abstractmethod
    def by_ability(self, parameters: Floats, at: Floats, chances: Floats) -> Floats:
        """Derivatives of `chances` by ability: items × scores × nodes."""


class PartialCredit(Family):
    """Divide by total."""

    name: FamilyName = "partial_credit"

    def chances(self, parameters: Floats, at: Floats) -> Floats:
        scores = np.arange(parameters.shape[1])
        intercepts = np.concatenate([np.zeros((len(parameters), 1)), parameters[:, 1:]], axis=1)
        logits = parameters[:, :1, None] * scores[:, None] * at + intercepts[:, :, None]
        logits -= logits.max(axis=1, keepdims=True)
        chance = np.exp(logits)
        return np.asarray(chance / chance.sum(axis=1, keepdims=True))

    def slopes(self, parameters: Floats, at: Floats, chances: Floats) -> Floats:
        count = parameters.shape[1]
        basis = np.zeros((count, count, len(at)))  # of parameter p in the logit of score k at a node
        basis[0] = np.arange(count)[:, None] * at
        for step in range(1, count):
            basis[step, step] = 1.0
        mean = np.einsum("ikq,pkq->ipq", chances, basis)
        return np.asarray(chances[:, None] * (basis - mean[:, :, None]))

    def by_ability(self, parameters: Floats, at: Floats, chances: Floats) -> Floats:
        scores = np.arange(parameters.shape[1])[:, None]
        mean = (chances * scores).sum(axis=1, keepdims=True)
        return np.asarray(parameters[:, :1, None] * chances * (scores - mean))


class Graded(Family):
    """Samejima's: the chance of a score or better is a logistic curve, all of an item with one slope."""

    name: FamilyName = "graded"

    def chances(self, parameters: Floats, at: Floats) -> Floats:
        return np.maximum(-np.diff(self._or_better(parameters, at), axis=1), LEAST_CHANCE)

    def slopes(self, parameters: Floats, at: Floats, chances: Floats) -> Floats:
        steep = self._steepness(parameters, at)
        count = parameters.shape[1]
        found = np.zeros((len(parameters), count, count, len(at)))
        found[:, 0] = -np.diff(steep * at, axis=1)
        for step in range(1, count):
            found[:, step, step] = steep[:, step]
            found[:, step, step - 1] = -steep[:, step]
        return found

    def by_ability(self, parameters: Floats, at: Floats, chances: Floats) -> Floats:
        return np.asarray(-np.diff(self._steepness(parameters, at), axis=1) * parameters[:, :1, None])

    def _or_better(self, parameters: Floats, at: Floats) -> Floats:
        """P(score ≥ k) for k = 0 … highest + 1."""
        logits = parameters[:, :1, None] * at + parameters[:, 1:, None]
        curve = 1 / (1 + np.exp(-np.clip(logits, -700, 700)))
        ends = np.ones((len(parameters), 1, len(at)))
        return np.concatenate([ends, curve, 0 * ends], axis=1)

    def _steepness(self, parameters: Floats, at: Floats) -> Floats:
        curve = self._or_better(parameters, at)
        return np.asarray(curve * (1 - curve))


FAMILIES: dict[FamilyName, Family] = {"partial_credit": PartialCredit(), "graded": Graded()}


def alike(cells: Cells) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Items by highest score: which items, and their cells (items × scores)."""
    groups = []
    for top in np.unique(cells.maximum):
        which = np.flatnonzero(cells.maximum == top)
        groups.append((which, cells.first[which][:, None] + np.arange(top + 1)))
    return groups


def log_probabilities(family: Family, cells: Cells, parameters: Floats, at: Floats) -> Floats:
    """log P of each cell at each ability: cells × nodes."""
    found = np.empty((len(cells), len(at)))
    for which, places in alike(cells):
        chance = family.chances(parameters[which, : places.shape[1]], at)
        found[places] = np.log(np.maximum(chance, LEAST_CHANCE))
    return found


def information(family: Family, cells: Cells, parameters: Floats, at: Floats) -> Floats:
    """Fisher's information about ability of each item: items × nodes, in 1/logit². It adds up over items.

    I(θ) = Σ_k P_k′(θ)² / P_k(θ); a²·P·(1 − P) for a score of 0 or 1 (Samejima 1969; Muraki 1993).
    """
    found = np.empty((len(cells.maximum), len(at)))
    for which, places in alike(cells):
        own = parameters[which, : places.shape[1]]
        chance = family.chances(own, at)
        change = family.by_ability(own, at, chance)
        found[which] = (change**2 / np.maximum(chance, LEAST_CHANCE)).sum(axis=1)
    return found


def expected_scores(family: Family, cells: Cells, parameters: Floats, at: Floats) -> Floats:
    """Mean score of each item at each ability: items × nodes."""
    found = np.empty((len(cells.maximum), len(at)))
    for which, places in alike(cells):
        chance = family.chances(parameters[which, : places.shape[1]], at)
        found[which] = np.einsum("ikq,k->iq", chance, np.arange(places.shape[1]))
    return found
