"""Do two persons' answers agree more often than their abilities explain? The generalized binomial test of copied answers.

Able persons agree, for they are right; weak ones agree on popular mistakes. So each pair is compared with what its own two
abilities bring about under the nominal model. What the model does not know also makes answers alike: one lesson, one helper, one
family, one wrong explanation. **A pair that stands out is a question to ask kindly, never a proof.**
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bdhvs.measurement.multiplicity import holm
from bdhvs.measurement.nominal import NONE, Choices, NominalItems, fit_nominal
from bdhvs.measurement.score_tables import Floats

LEAST_COMMON = 10  # items both answered; with fewer, even all alike says little
LEAST_PERSONS = 30  # to learn from what options are worth; below, popular mistakes look like copying
AT_ONCE = 20_000  # pairs


@dataclass(frozen=True, eq=False)
class Alike:
    """Pairs of persons, one entry per pair in every field.

    Attributes
    ----------
    one, other : places of the persons, one < other.
    common : items both answered. same : of them, answered alike. expected : as many by ability alone.
    p : chance of as many alike or more, for persons of these abilities who work apart, 0–1.
    adjusted_p : over all pairs (Holm): calling all below 0.05 calls any honest pair at all in at most 5 of 100 such classes.
    """

    one: NDArray[np.intp]
    other: NDArray[np.intp]
    common: NDArray[np.intp]
    same: NDArray[np.intp]
    expected: Floats
    p: Floats
    adjusted_p: Floats

    def flagged(self, level: float = 0.05) -> NDArray[np.intp]:
        """Places of the pairs whose adjusted p is below `level`, the least likely first."""
        found = np.flatnonzero(self.adjusted_p < level)
        return found[np.argsort(self.p[found], kind="stable")]


def alike_answers(
    choices: Choices,
    items: NominalItems,
    abilities: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    least_common: int = LEAST_COMMON,
) -> Alike:
    """Compare all pairs of persons of a group.

    Parameters
    ----------
    choices : persons × items; place of the option chosen, −1 for none.
    items : the options' model, best fitted to more persons than are compared.
    abilities : logits, by person; else each person's mean given all choices.
    groups : class of each person: only pairs of one class are compared. None: everybody with everybody.
    least_common : pairs with fewer common items are left out.

    Notes
    -----
    With P_jo the chance of option o of item j at a person's ability, a match has chance Σ_o P_jo(θ₁)·P_jo(θ₂), and the number
    of matches follows the generalized binomial distribution, summed exactly. Source: van der Linden & Sotaridona (2006), Journal
    of Educational and Behavioral Statistics 31, 283–304. Abilities are taken as known; how often honest pairs are called by the
    whole procedure, fitted from the same answers, is in docs/measurement.md.
    """
    given = np.asarray(choices)
    theta = items.abilities(given)[0] if abilities is None else np.asarray(abilities, dtype=np.float64)
    one, other = _pairs(len(given), groups)
    shown = (given != NONE).astype(np.float32)
    enough = (shown @ shown.T)[one, other] >= least_common
    one, other = one[enough], other[enough]
    chances = [items.chances(item, theta) for item in range(given.shape[1])]
    parts = [
        _compared(given, chances, one[begin : begin + AT_ONCE], other[begin : begin + AT_ONCE])
        for begin in range(0, len(one), AT_ONCE)
    ] or [(np.zeros(0, np.intp), np.zeros(0, np.intp), np.zeros(0), np.zeros(0))]
    common, same, expected, p = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Alike(one, other, common, same, expected, p, holm(p))


def false_alarms(
    items: NominalItems,
    abilities: ArrayLike,
    shown: NDArray[np.bool_],
    groups: ArrayLike | None = None,
    level: float = 0.05,
    draws: int = 100,
    seed: int = 0,
    refit: bool = True,
) -> float:
    """Share of simulated honest classes in which any pair at all is called, 0–1.

    Parameters
    ----------
    items, abilities : what honest persons are drawn from. shown : persons × items, who answered what.
    groups : as in `alike_answers`. level : of the adjusted p.
    refit : whether options and abilities are estimated anew from each drawn class, as they are in use; without, they are known.
    """
    rng = np.random.default_rng(seed)
    theta = np.asarray(abilities, dtype=np.float64)
    options = [len(one) for one in items.slopes]
    called = 0
    for _ in range(draws):
        drawn = np.where(shown, items.draw(theta, rng), NONE).astype(np.int8)
        model = fit_nominal(drawn, options, start=items) if refit else items
        found = alike_answers(drawn, model, None if refit else theta, groups)
        called += bool(len(found.flagged(level)))
    return called / draws


def _pairs(count: int, groups: ArrayLike | None) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    if groups is None:
        return np.triu_indices(count, 1)
    label = np.asarray(groups)
    if label.shape != (count,):
        raise ValueError(f"found groups of shape {label.shape} for {count} persons, expected one each")
    found = []
    for name in np.unique(label):
        members = np.flatnonzero(label == name)
        a, b = np.triu_indices(len(members), 1)
        found.append((members[a], members[b]))
    return np.concatenate([a for a, _ in found]), np.concatenate([b for _, b in found])


def _compared(
    choices: Choices, chances: list[Floats], one: NDArray[np.intp], other: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats, Floats]:
    """Common items, matches, expected matches and p of each pair."""
    left, right = choices[one], choices[other]
    both = (left != NONE) & (right != NONE)
    match = np.stack([(own[:, one] * own[:, other]).sum(axis=0) for own in chances], axis=1)
    match = np.where(both, match, 0.0)
    same = (both & (left == right)).sum(axis=1)
    return both.sum(axis=1), same, match.sum(axis=1), at_least(match, same)


def at_least(chances: Floats, successes: NDArray[np.intp]) -> Floats:
    """P(number of successes ≥ `successes`) of independent trials with these chances: rows × trials → rows.

    The generalized (Poisson) binomial distribution, built trial by trial; the tail is summed from its small end, so that even
    1e-12 is right.
    """
    rows, trials = chances.shape
    spread = np.zeros((rows, trials + 1))
    spread[:, 0] = 1.0
    for trial in range(trials):
        chance = chances[:, [trial]]
        spread[:, 1 : trial + 2] = spread[:, 1 : trial + 2] * (1 - chance) + spread[:, : trial + 1] * chance
        spread[:, :1] *= 1 - chance
    tail = np.cumsum(spread[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(np.minimum(tail[np.arange(rows), successes], 1.0))
