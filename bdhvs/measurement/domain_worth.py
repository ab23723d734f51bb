"""Whether a domain's score says anything that the common score does not already say.

S. J. Haberman (2008), When can subscores have value?, Journal of Educational and Behavioral Statistics 33, 204–229: a
domain's true score τ_k may be guessed from its own observed score s_k, from the common (total) score x, or from both. Each
guess leaves some error; the share of Var(τ_k) that it takes away is its *proportional reduction of mean squared error*,
between 0 and 1. Where the common score takes away more than the domain's own, showing the domain's own score beside it
tells learners less than nothing: its ups and downs are mostly chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.domain_model import DomainItems, DomainPopulation

Floats = NDArray[np.float64]
Verdict = Literal["own", "with_others", "nothing_new"]

#: Share of the error left that both scores together must take away to be worth showing: the rule of R's subscore package
#: (CTTsub, added.value.sx), after S. Sinharay (2019), Added value of subscores and hypothesis testing, Journal of Educational and
#: Behavioral Statistics 44, 25–44.
WORTHWHILE = 0.1
NODES = 61
TERMS = 30


@dataclass(frozen=True)
class Worth:
    """What a domain's score is worth beside the common one; all three figures are shares, 0–1.

    Attributes
    ----------
    own : from the domain's own items (its reliability).
    common : from the total of all items.
    together : from both, as an ability that borrows from all domains does.
    verdict : ``own`` when own > common: the domain's score stands by itself; ``with_others`` when only the two together say
        clearly more than the common score: show the score of `domain_abilities`, not a count of right answers;
        ``nothing_new`` otherwise: say that there is no more to tell than the common score. NaN figures (a domain without
        items) give ``nothing_new``.
    """

    domain: str
    items: int
    own: float
    common: float
    together: float

    @property
    def verdict(self) -> Verdict:
        if self.own > self.common:
            return "own"
        if self.together - self.common > WORTHWHILE * (1 - self.common):
            return "with_others"
        return "nothing_new"


def reductions(true: ArrayLike, error: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Proportional reduction of mean squared error of each domain's true score: by its own score, the total, both.

    Parameters
    ----------
    true : covariances of true scores, domains × domains.
    error : error variances of observed scores, domains. From classical statistics: Var(s_k)·(1 − α_k).

    Returns
    -------
    three arrays of domains, 0–1; NaN for a domain whose true score does not vary.

    Notes
    -----
    With T the covariances of true scores, e the error variances and x the total of observed scores::

        own = T_kk / (T_kk + e_k),    common = (Σ_j T_kj)² / (T_kk · Var x),    Var x = Σ_jk T_jk + Σ_j e_j

    and *together* the squared multiple correlation of τ_k with s_k and x (Haberman 2008, sections 1 and 2).
    """
    table, noise = np.asarray(true, dtype=np.float64), np.asarray(error, dtype=np.float64)
    own_true, with_total = np.diag(table), table.sum(axis=1)
    own_observed, total = own_true + noise, table.sum() + noise.sum()
    with np.errstate(invalid="ignore", divide="ignore"):
        own = own_true / own_observed
        common = with_total**2 / (own_true * total)
        # s_k and x: their covariance is that of the true scores plus the error they share.
        shared = with_total + noise
        alone = own_observed * total - shared**2
        explained = (own_true**2 * total - 2 * own_true * with_total * shared + with_total**2 * own_observed) / alone
        together = np.where(alone > 1e-12 * own_observed * total, explained / own_true, own)
    return own, common, together


def worth(items: DomainItems, population: DomainPopulation, group: str | None = None) -> tuple[Worth, ...]:
    """What each domain's score on this form is worth among these learners, before anybody took it.

    Parameters
    ----------
    items : of the form; everybody answers all. Of an adaptive test, those of one typical learner.
    group : of the population; the first when not given.

    Raises
    ------
    ValueError
        when the population has other domains or does not know the group.

    Notes
    -----
    True scores are expected scores at a learner's abilities, τ_k(θ_k) = Σ_j E(x_j | θ_k); their variances and covariances are
    integrals over the population. For normal abilities that correlate by r, F. G. Mehler's formula (1866) gives
    Cov(τ_j, τ_k) = Σ_n rⁿ·c_jn·c_kn with c_kn the coefficients of τ_k in normalised Hermite polynomials. Error
    variances are Σ_j E[Var(x_j | θ_k)].
    """
    if population.domains != items.domains:
        raise ValueError(
            f"found a population of domains {', '.join(population.domains)}, expected {', '.join(items.domains)}"
        )
    if group is not None and group not in population.groups:
        raise ValueError(f"found group {group!r}, expected one of {', '.join(population.groups[:20])}")
    place = population.groups.index(group) if group is not None else 0
    count = len(items.domains)
    coefficients, error = np.zeros((count, TERMS)), np.zeros(count)
    for domain in range(count):
        own = items.of_domain(domain)
        if len(own):
            mean, sd = population.mean[place, domain], population.sd[place, domain]
            coefficients[domain], error[domain] = _scores(items.items.take(own.tolist()), float(mean), float(sd))
    correlation = population.correlation[place]
    true = sum(correlation**n * np.outer(coefficients[:, n], coefficients[:, n]) for n in range(1, TERMS))
    shares = reductions(np.asarray(true), error)
    numbers = np.bincount(items.place, minlength=count)
    return tuple(
        Worth(name, int(numbers[at]), *(float(share[at]) for share in shares)) for at, name in enumerate(items.domains)
    )


def _scores(items: CalibratedItems, mean: float, sd: float) -> tuple[Floats, float]:
    """Hermite coefficients of the items' expected score, and the mean variance of their sum about it."""
    z, weight = np.polynomial.hermite_e.hermegauss(NODES)
    weight = weight / weight.sum()
    at = mean + sd * z
    chance, score = np.exp(items.log_probabilities(at)), items.cells.score[:, None]
    expected = (score * chance).sum(axis=0)
    by_item = items.expected_scores(at)
    variance = (score.astype(np.float64) ** 2 * chance).sum(axis=0) - (by_item**2).sum(axis=0)
    return _hermite(z) @ (weight * expected), float(weight @ variance)


def _hermite(z: Floats) -> Floats:
    """Normalised Hermite polynomials He_n(z)/√n!, n = 0 … TERMS − 1: terms × nodes."""
    found = np.ones((TERMS, len(z)))
    found[1] = z
    for n in range(2, TERMS):
        found[n] = (z * found[n - 1] - np.sqrt(n - 1) * found[n - 2]) / np.sqrt(n)
    return found
