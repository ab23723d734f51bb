"""What responses say about several correlated abilities at once: the posterior of many persons, domain by domain.

Each item measures one domain, so a person's likelihood is a product of one-dimensional curves L_1(θ_1)·…·L_D(θ_D); only
the prior N(μ, Σ) ties the domains together. An exact integral over six domains would need millions of nodes. Here every
curve is stood for by a normal one, with the mean and variance that keep the domain's own posterior right (*moment
matching*, T. P. Minka 2001, Expectation propagation for approximate Bayesian inference, UAI 17, 362–369; as for Gaussian
processes in C. E. Rasmussen & C. K. I. Williams 2006, section 3.6). One visit to domain d::

    take the stand-in out:   1/v = 1/Σ_dd − τ_d,   c/v = μ_d/Σ_dd − ν_d
    put the curve in:        M, V = mean and variance of  L_d(θ)·N(θ; c, v)  on a grid
    tell the others:         μ ← μ + Σ_·d (M − μ_d)/Σ_dd,   Σ ← Σ + Σ_·d Σ_d· (V − Σ_dd)/Σ_dd²

With answers in one domain only it is exact. With more, errors are far below the standard error (docs/measurement.md has
figures) because the curves are log-concave: V ≤ v, so no stand-in ever has a negative precision and visits in turn settle.

Persons are the last axis throughout: every step is a handful of operations over long rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SETTLED = 2e-3  # logits; a visit to all domains shrinks what is left at least tenfold, so 2e-4 remain at most
MOST_VISITS = 40
LONGEST_STEP = 1.0  # logits, of one Newton step in one domain
MODE_SETTLED = 1e-8
MOST_AT_ENDS = 1e-3  # share of a posterior
FAINT = 1e-200  # of a sum whose terms are at most 1


@dataclass(frozen=True)
class StandIns:
    """Normal curves in place of the likelihoods: precision τ and τ times their mean, domains × persons."""

    precision: Floats
    shift: Floats

    @classmethod
    def none(cls, domains: int, persons: int) -> StandIns:
        """Nothing known: flat curves."""
        return cls(np.zeros((domains, persons)), np.zeros((domains, persons)))


@dataclass(frozen=True)
class Posterior:
    """What is known of persons' abilities, in logits.

    Attributes
    ----------
    mean : domains × persons; the mode when `laplace` made it.
    covariance : domains × domains × persons.
    skewness, excess : domains × persons; third and fourth standardised cumulant of each domain's own posterior, 0 for a
        normal one.
    settled : persons; False where the visits ended before abilities stood still, or a posterior reaches over its grid's end.
    """

    mean: Floats
    covariance: Floats
    skewness: Floats
    excess: Floats
    settled: NDArray[np.bool_]
    stand_ins: StandIns


@dataclass(frozen=True)
class Curves:
    """A domain's likelihood for some persons: persons × grid, each row with highest log 0; flat rows where no answer is."""

    at: Floats
    log: Floats
    answered: NDArray[np.bool_]


def prior_with(stand_ins: StandIns, mean: Floats, covariance: Floats) -> tuple[Floats, Floats]:
    """Mean and covariance of N(mean, covariance) times normal curves: domains × persons, domains × domains × persons.

    Sherman and Morrison's formula, a domain at a time, so that no matrix is inverted.
    """
    domains, persons = stand_ins.precision.shape
    middle = np.repeat(mean[:, None], persons, axis=1)
    spread = np.repeat(covariance[:, :, None], persons, axis=2)
    for d in range(domains):
        if not stand_ins.precision[d].any():
            continue
        column = spread[:, d].copy()
        grown = 1 + stand_ins.precision[d] * column[d]
        middle += column * ((stand_ins.shift[d] - stand_ins.precision[d] * middle[d]) / grown)
        spread -= column * (stand_ins.precision[d] / grown) * column[:, None]
    return middle, spread


def match_moments(
    curves: Sequence[Curves], mean: Floats, covariance: Floats, begin: StandIns | None = None, visits: int = MOST_VISITS
) -> Posterior:
    """Posterior mean and covariance of every person by moment matching (see the head of this module).

    Parameters
    ----------
    curves : one per domain, all of the same persons.
    mean, covariance : of the prior: domains; domains × domains, positive definite.
    begin : stand-ins from before, when the prior has changed a little since.
    visits : the most rounds over all domains; for each person it ends when no ability of theirs moves by more than `SETTLED`, so that
        nobody's numbers depend on who else is in the table.
    """
    persons = len(curves[0].log)
    known = begin or StandIns.none(len(curves), persons)
    precision, shift = known.precision.copy(), known.shift.copy()
    middle, spread = prior_with(known, mean, covariance)
    skewness, excess, ends = np.zeros_like(middle), np.zeros_like(middle), np.zeros_like(middle)
    some = [d for d, curve in enumerate(curves) if curve.answered.any()]
    powers = {d: _powers(curves[d].at) for d in some}
    moved, going = np.zeros(persons), np.ones(persons, dtype=bool)
    for _ in range(visits):
        moved[going] = 0.0
        for d in some:
            visited = curves[d].answered & going
            column = spread[:, d].copy()
            variance = column[d]
            precision_without = 1 / variance - precision[d]
            shift_without = middle[d] / variance - shift[d]
            found = _matched(curves[d], powers[d], precision_without, shift_without)
            for kept, new in zip((skewness, excess, ends), found[2:], strict=True):
                kept[d] = np.where(visited, new, kept[d])
            # Who answered nothing here keeps exactly what the other domains say, whatever the grid's ends cut off.
            matched = np.where(visited, found[0], middle[d])
            matched_variance = np.where(visited, np.minimum(found[1], 1 / precision_without), variance)
            precision[d] = np.where(visited, 1 / matched_variance - precision_without, precision[d])
            shift[d] = np.where(visited, matched / matched_variance - shift_without, shift[d])
            moved = np.maximum(moved, abs(matched - middle[d]))
            middle += column * ((matched - middle[d]) / variance)
            spread += column * ((matched_variance - variance) / variance**2) * column[:, None]
        going &= moved > SETTLED
        if not going.any():
            break
    settled = (moved <= SETTLED) & (ends.max(axis=0) < MOST_AT_ENDS)
    return Posterior(middle, spread, skewness, excess, settled, StandIns(precision, shift))


class Slopes(Protocol):
    """First derivative of each person's log-likelihood, and information, by ability: both domains × persons."""

    def __call__(self, ability: Floats) -> tuple[Floats, Floats]:
        """At `ability`, domains × persons."""


def laplace(slopes: Slopes, persons: int, mean: Floats, covariance: Floats) -> Posterior:
    """Posterior mode by Newton's method, and Laplace's covariance: (Σ⁻¹ + information at the mode)⁻¹.

    Information is Fisher's, which for partial credit (Rasch and 2PL among them) is also what was observed; it is diagonal,
    so each step costs as many rank-one updates as there are domains. Its intervals are too narrow on one side where few
    answers leave the posterior skewed: `match_moments` is the better default.
    """
    ability = np.repeat(mean[:, None], persons, axis=1)
    inverse = np.linalg.inv(covariance)
    moved = np.full(persons, np.inf)
    information = np.zeros_like(ability)
    for _ in range(MOST_VISITS):
        slope, information = slopes(ability)
        uphill = slope - inverse @ (ability - mean[:, None])
        wanted, _ = prior_with(StandIns(information, uphill), np.zeros_like(mean), covariance)
        ability = ability + np.clip(wanted, -LONGEST_STEP, LONGEST_STEP)
        moved = abs(wanted).max(axis=0)
        if not moved.max(initial=0.0) > MODE_SETTLED:
            break
    slope, information = slopes(ability)
    shift = slope + information * ability
    _, spread = prior_with(StandIns(information, shift), mean, covariance)
    none = np.zeros_like(ability)
    return Posterior(ability, spread, none, none.copy(), moved <= MODE_SETTLED, StandIns(information, shift))


def _powers(at: Floats) -> Floats:
    """1, θ, … θ⁴ at the nodes: nodes × 5."""
    return np.asarray(at[:, None] ** np.arange(5))


def _matched(
    curve: Curves, powers: Floats, precision: Floats, shift: Floats
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Likelihood times the normal curve of all else, by the trapezoid rule on the grid.

    Mean, variance, skewness, excess, and the share at the two ends of the grid.
    """
    # Both curves are at most 1, so nothing overflows; only where answers flatly deny all else could all of it vanish.
    log = np.stack([-0.5 * shift * shift / precision, shift, -0.5 * precision], axis=1) @ powers[:, :3].T
    log += curve.log
    weights = np.exp(log)
    raw = weights @ powers
    if raw[:, 0].min() < FAINT:
        weights = np.exp(log - log.max(axis=1, keepdims=True))
        raw = weights @ powers
    rows = np.ascontiguousarray(raw.T)
    one, two, three, four = rows[1:] / rows[0]
    square = one * one
    variance = two - square
    third = three - one * (3 * two - 2 * square)
    fourth = four - one * (4 * three - one * (6 * two - 3 * square))
    ends = (weights[:, 0] + weights[:, -1]) / rows[0]
    return one, variance, third / (variance * np.sqrt(variance)), fourth / (variance * variance) - 3, ends
