"""How sure an estimated population is, and what that adds to the standard errors of abilities scored by it.

Each person's posterior moments m, C (`domain_posterior`) give the derivatives of the log-likelihood by the population's parameters, by
Fisher's identity: with δ = m − μ::

    by μ:   Σ⁻¹δ               by Σ:   ½ Σ⁻¹(C + δδᵀ − Σ)Σ⁻¹

Observed information of the means is Louis' (1982, Journal of the Royal Statistical Society B 44, 226–233), Σᵢ Σ⁻¹(Σ − Cᵢ)Σ⁻¹; that of
correlations and standard deviations the sum of outer products of the derivatives. The stated values add what their worth in
learners would have told. Correlations are shared by groups, standard deviations are not, so the latter are swept out group by group.

An ability scored by parameters that are off by dμ, dΣ is off by K(dμ + dΣ Σ⁻¹δ) with K = CΣ⁻¹. With V the covariance of μ and dΣ spread
as that of n learners' abilities is (Wishart), its posterior is wider by::

    K [V + (δδᵀ + δᵀΣ⁻¹δ · Σ)/n] Kᵀ

(the empirical Bayes correction of R. E. Kass & D. Steffey 1989, Journal of the American Statistical Association 84, 717–726, by first
derivatives).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Spread:
    """What a group's answers say about Σ = S R S.

    Attributes
    ----------
    mean : information of the means, domains × domains.
    correlation, both, sd : blocks of the information of correlations (pairs below the diagonal) and logarithms of standard deviations
        (one for each domain, or one factor for all).
    """

    mean: Floats
    correlation: Floats
    both: Floats
    sd: Floats


def information(
    posteriors: Iterable[tuple[Floats, Floats]], mean: Floats, covariance: Floats, one_factor: bool
) -> Spread:
    """Observed information of a group.

    Parameters
    ----------
    posteriors : parts of the persons: means domains × persons, covariances domains × domains × persons.
    mean, covariance : of the group.
    one_factor : whether its standard deviations are free as one factor only.
    """
    inverse, sd = np.linalg.inv(covariance), np.sqrt(np.diag(covariance))
    low, other = np.tril_indices(len(mean), -1)
    count = len(low) + (1 if one_factor else len(mean))
    of_mean, of_spread = np.zeros_like(covariance), np.zeros((count, count))
    for middle, spread in posteriors:
        of_mean += inverse @ (covariance * middle.shape[1] - spread.sum(axis=2)) @ inverse
        away = inverse @ (middle - mean[:, None])
        pull = np.einsum("ab,bcn,cd->adn", inverse, spread, inverse, optimize=True) - inverse[:, :, None]
        pull += away[:, None] * away[None, :]
        by_correlation = (sd[low] * sd[other])[:, None] * pull[low, other]
        by_sd = np.einsum("abn,ab->an", pull, covariance)
        slopes = np.concatenate([by_correlation, by_sd.sum(axis=0, keepdims=True) if one_factor else by_sd])
        of_spread += slopes @ slopes.T
    pairs = len(low)
    return Spread(of_mean, of_spread[:pairs, :pairs], of_spread[:pairs, pairs:], of_spread[pairs:, pairs:])


def complete_information(correlation: Floats) -> Floats:
    """What one learner whose abilities were known would say about correlations: pairs × pairs, ½ tr(R⁻¹ ∂R R⁻¹ ∂R)."""
    inverse = np.linalg.inv(correlation)
    a, b = np.tril_indices(len(correlation), -1)
    return np.asarray(
        inverse[np.ix_(a, a)] * inverse[np.ix_(b, b)] + inverse[np.ix_(a, b)] * inverse[np.ix_(b, a)]
    )


def errors_of_correlations(spreads: Iterable[Spread], correlation: Floats, stated_worth: float) -> Floats:
    """Standard errors of the shared correlations: domains × domains, 0 on the diagonal; NaN where nothing is known of them."""
    total = stated_worth * complete_information(correlation)
    for own in spreads:
        total = total + own.correlation - own.both @ np.linalg.solve(_firm(own.sd), own.both.T)
    found = np.zeros_like(correlation)
    low = np.tril_indices(len(correlation), -1)
    with np.errstate(invalid="ignore"):
        found[low] = np.sqrt(np.diag(np.linalg.inv(_firm(total))))
    return found + found.T


def worth(errors: Floats, correlation: Floats) -> float:
    """How many learners of known abilities would make correlations as sure: with n of them an error is (1 − r²)/√n."""
    low = np.tril_indices(len(correlation), -1)
    return float(1 / np.mean((errors[low] / (1 - correlation[low] ** 2)) ** 2))


def worth_of_sds(own: Spread) -> float:
    """How many learners of known abilities would make the standard deviations as sure: an error of a logarithm is then 1/√2n.

    Correlations are taken as known here; `worth` has their part.
    """
    return float(1 / (2 * np.mean(np.diag(np.linalg.inv(_firm(own.sd))))))


def widened(
    posterior: tuple[Floats, Floats], mean: Floats, covariance: Floats, mean_covariance: Floats, learners: float
) -> Floats:
    """Covariances with what the population's uncertainty adds: domains × domains × persons."""
    middle, spread = posterior
    inverse, away = np.linalg.inv(covariance), middle - mean[:, None]
    pull = inverse @ away
    unsure = mean_covariance[:, :, None] + (
        away[:, None] * away[None, :] + (pull * away).sum(axis=0) * covariance[:, :, None]
    ) / learners
    gain = np.einsum("abn,bc->acn", spread, inverse)
    return np.asarray(spread + np.einsum("abn,bcn,dcn->adn", gain, unsure, gain, optimize=True))


def _firm(table: Floats) -> Floats:
    """With a little on the diagonal, so that what nobody told anything about has a very large error and no failure."""
    return np.asarray(table + 1e-9 * max(float(np.trace(table)), 1e-9) * np.eye(len(table)))
