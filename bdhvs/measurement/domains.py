"""Ability in several correlated domains at once: six scores from one form, each helped by the other five.

A domain with four items is told more about by the twenty others than by its own four, as far as domains go together
(`bdhvs.measurement.domain_model` has the model, `domain_posterior` the computation, `domain_correlation` the estimation of
what goes together, `domain_worth` whether a domain's score says anything that the common one does not).

>>> items = DomainItems.of(calibrated, ["1", "1", "2", "2"])                                    # doctest: +SKIP
>>> found = domain_abilities(items, responses, DomainPopulation.stated(items.domains))          # doctest: +SKIP
>>> found.mean, found.sd, found.interval(0.95)                                                  # doctest: +SKIP
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bdhvs.measurement import domain_certainty, domain_posterior
from bdhvs.measurement.domain_model import DomainItems, DomainPopulation, Note, rows_by_group
from bdhvs.measurement.domain_posterior import Posterior
from bdhvs.measurement.domain_reading import Reading
from bdhvs.measurement.responses import Responses

__all__ = ["DomainAbilities", "DomainItems", "DomainPopulation", "Method", "Note", "domain_abilities"]

Floats = NDArray[np.float64]
Method = Literal["moments", "laplace"]


@dataclass(frozen=True, eq=False)
class DomainAbilities:
    """Abilities of persons with what is not known about them, in logits.

    Attributes
    ----------
    domains : names.
    mean : persons × domains; posterior mean (the mode by ``laplace``).
    covariance : persons × domains × domains; of the posterior, with what is not known of the population where that says so
        (persons of one group share that part of their errors).
    skewness, excess : persons × domains; how far each posterior is from normal.
    answered : persons × domains; items answered. Where it is 0 the ability is what the other domains (or, with no answer
        at all, the population alone) let expect, and the standard deviation says so.
    settled : persons; False where the computation did not come to rest, or where answers lie more than six standard
        deviations from what the population lets expect (a wrong population, or a wrong key): do not use those.
    """

    domains: tuple[str, ...]
    mean: Floats
    covariance: Floats
    skewness: Floats
    excess: Floats
    answered: NDArray[np.intp]
    settled: NDArray[np.bool_]

    @cached_property
    def sd(self) -> Floats:
        """Posterior standard deviation, the standard error of `mean`: persons × domains."""
        return np.asarray(np.sqrt(np.diagonal(self.covariance, axis1=1, axis2=2)))

    def interval(self, confidence: float = 0.95) -> tuple[Floats, Floats]:
        """Ends between which the ability lies with this probability, as much outside on either side: persons × domains.

        Cornish and Fisher's expansion from four moments of the posterior, with z the normal quantile, γ skewness, κ excess::

            z + (z² − 1)·γ/6 + (z³ − 3z)·κ/24 − (2z³ − 5z)·γ²/36

        E. A. Cornish & R. A. Fisher (1938), Moments and cumulants in the specification of distributions, Revue de l'Institut
        International de Statistique 5, 307–320.

        Raises
        ------
        ValueError
            when `confidence` is not between 0 and 1.
        """
        if not 0 < confidence < 1:
            raise ValueError(f"confidence is {confidence}, expected a share between 0 and 1")
        z = NormalDist().inv_cdf((1 + confidence) / 2)
        low, high = (self.mean + self.sd * self._quantile(at) for at in (-z, z))
        return low, high

    def _quantile(self, z: float) -> Floats:
        """Cornish and Fisher's quantiles of standardised abilities."""
        g, k = self.skewness, self.excess
        return np.asarray(z + (z**2 - 1) * g / 6 + (z**3 - 3 * z) * k / 24 - (2 * z**3 - 5 * z) * g**2 / 36)

    def chance_above(self, cut: float, error: float = 0.0) -> Floats:
        """Probability that the ability lies above `cut` logits: persons × domains. Edgeworth's series, the inverse of `interval`.

        `error` is the standard error of the cut itself, ≥ 0, independent of the ability and normal: it adds its variance, and so
        shrinks the standardised cumulants, r = sd/√(sd² + error²), γ·r³ and κ·r⁴. With z = (cut − mean)/√(sd² + error²)::

            1 − Φ(z) + φ(z)·[γ(z² − 1)/6 + κ(z³ − 3z)/24 + γ²(z⁵ − 10z³ + 15z)/72]
        """
        from scipy.special import ndtr

        spread = np.hypot(self.sd, error)
        z, shrunk = (cut - self.mean) / spread, self.sd / spread
        g, k = self.skewness * shrunk**3, self.excess * shrunk**4
        bend = g * (z**2 - 1) / 6 + k * (z**3 - 3 * z) / 24 + g**2 * (z**5 - 10 * z**3 + 15 * z) / 72
        return np.asarray(np.clip(ndtr(-z) + np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi) * bend, 0.0, 1.0))

    def combined(self, weights: ArrayLike) -> tuple[Floats, Floats]:
        """Mean and standard deviation of a weighted sum of domains: each persons. Equal weights 1/D give the common ability."""
        w = np.asarray(weights, dtype=np.float64)
        return self.mean @ w, np.sqrt(np.einsum("nde,d,e->n", self.covariance, w, w))

    def profile(self) -> tuple[Floats, Floats]:
        """How far each domain lies from the person's own mean over domains, and the standard deviation of that: persons × domains.

        It is smaller than differences of separate scores suggest, as domains share their errors.
        """
        count = len(self.domains)
        centre = np.eye(count) - 1 / count
        spread = np.einsum("de,nef,df->nd", centre, self.covariance, centre)
        return self.mean @ centre, np.sqrt(np.maximum(spread, 0.0))

    def reliability(self) -> Floats:
        """Share of the abilities' variance that the scores show: var(mean) / (var(mean) + mean posterior variance), by domain.

        Empirical reliability of posterior means (R. J. Adams 2005, Reliability as a measurement design effect, Studies in
        Educational Evaluation 31, 162–172). NaN for fewer than two persons.
        """
        if len(self.mean) < 2:
            return np.full(len(self.domains), np.nan)
        shown = self.mean.var(axis=0)
        return np.asarray(shown / (shown + (self.sd**2).mean(axis=0)))


def domain_abilities(
    items: DomainItems,
    responses: Responses,
    population: DomainPopulation,
    groups: ArrayLike | None = None,
    *,
    method: Method = "moments",
) -> DomainAbilities:
    """Abilities of every person in every domain.

    Parameters
    ----------
    responses : of these items, in their order. Persons may have answered any of them, or none.
    population : prior; `DomainPopulation.stated` before there are data, `fit_population` after.
    groups : of each person, the name of its group in `population`; not needed when there is only one.
    method : "moments" (moment matching: posterior means, intervals that know skewness) or "laplace" (mode and curvature; it
        looks at every item for everybody, so it is for forms, not for banks of thousands).

    Returns
    -------
    persons in the order of `responses`. A million persons of six domains take 290 MB for covariances: give parts
    (`responses.take`) when that is too much.

    Raises
    ------
    ValueError
        when responses, items and population do not fit, a score is above an item's highest, or a group is unknown.
    """
    if population.domains != items.domains:
        raise ValueError(
            f"found a population of domains {', '.join(population.domains)}, expected {', '.join(items.domains)}"
        )
    persons, count = responses.shape[0], len(items.domains)
    found = DomainAbilities(
        items.domains,
        np.empty((persons, count)),
        np.empty((persons, count, count)),
        np.empty((persons, count)),
        np.empty((persons, count)),
        np.empty((persons, count), dtype=np.intp),
        np.empty(persons, dtype=bool),
    )
    reading = Reading(items, responses)
    for group, rows in rows_by_group(population, groups, persons):
        prior = population.mean[group], population.covariance[group]
        grids = reading.grids(*prior)
        for some in reading.parts(rows):
            block = reading.block(some)
            if method == "laplace":
                posterior = domain_posterior.laplace(partial(reading.slopes, block), len(some), *prior)
            else:
                posterior = domain_posterior.match_moments(reading.curves(block, grids), *prior)
            _put(found, some, posterior, _covariance(population, group, posterior))
            found.answered[some] = reading.answered(block)
    return found


def _covariance(population: DomainPopulation, group: int, posterior: Posterior) -> Floats:
    """The posterior's covariance, with what is not known of the population."""
    unsure, worth = population.mean_covariance, population.worth
    if unsure is None and worth is None:
        return posterior.covariance
    prior = population.mean[group], population.covariance[group]
    of_mean = np.zeros_like(prior[1]) if unsure is None else unsure[group]
    learners = np.inf if worth is None else float(worth[group])
    return domain_certainty.widened((posterior.mean, posterior.covariance), *prior, of_mean, learners)


def _put(found: DomainAbilities, rows: NDArray[np.intp], posterior: Posterior, covariance: Floats) -> None:
    found.mean[rows] = posterior.mean.T
    found.covariance[rows] = covariance.transpose(2, 0, 1)
    # What is added is taken as normal, so cumulants stay and standardised ones shrink.
    before, after = (np.diagonal(table).T for table in (posterior.covariance, covariance))
    share = (before / after).T
    found.skewness[rows] = posterior.skewness.T * share**1.5
    found.excess[rows] = posterior.excess.T * share**2
    found.settled[rows] = posterior.settled
