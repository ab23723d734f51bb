"""What a domain's score is worth: Haberman's shares against another program's algebra, and against simulated true scores."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
import numpy as np

from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.domain_worth import reductions, worth
from bdhvs.measurement.domains import DomainItems, DomainPopulation

SIX = ("1", "2", "3", "4", "5", "6")


def form(per_domain: int) -> DomainItems:
    chance = np.random.default_rng(7)
    count = per_domain * 6
    items = CalibratedItems.dichotomous(chance.lognormal(0, 0.3, count), chance.normal(0, 1, count))
    return DomainItems.of(items, [str(1 + n % 6) for n in range(count)])


def test_a_reading_test_as_the_r_package_subscore_computes_it() -> None:
    # Variances, alphas and correlations of data.read (328 pupils, 3 scales of 4 items) as printed in the manual of the R
    # package sirt, prmse.subscores.scales. Its own prmse.Z is another quantity: it takes only √α_Z of the error that a scale
    # shares with the total. Expected here: the algebra of subscore 3.3, subscore.sx (tau, then α + τ²(1 − ρ²)).
    variance, alpha, of_total = np.array([1.381, 1.059, 1.107]), np.array([0.545, 0.381, 0.640]), 5.668
    printed, alpha_total = np.array([0.799, 0.835, 0.684]), 0.677
    error = variance * (1 - alpha)
    with_total = np.sqrt(alpha) * (printed + np.sqrt(alpha_total) * error / np.sqrt(variance * alpha * of_total))
    covariance_with_total = with_total * np.sqrt(variance * of_total)
    # The printed figures agree with one another.
    assert covariance_with_total.sum() == pytest.approx(of_total, abs=1e-3)

    apart = covariance_with_total - variance
    pairs = apart.sum() / 2 - apart  # covariance of the two scales other than k
    true = np.diag(variance * alpha)
    for k, (i, j) in enumerate([(1, 2), (0, 2), (0, 1)]):
        true[i, j] = true[j, i] = pairs[k]
    own, common, together = reductions(true, error)

    np.testing.assert_allclose(own, alpha, rtol=1e-12)
    true_with_total = (covariance_with_total - error) / np.sqrt(variance * alpha * of_total)
    np.testing.assert_allclose(common, true_with_total**2, rtol=1e-3)
    tau = (true_with_total - with_total * np.sqrt(alpha)) / (1 - with_total**2)
    np.testing.assert_allclose(together, alpha + tau**2 * (1 - with_total**2), rtol=1e-3)


def test_shares_from_the_model_are_those_of_simulated_true_scores() -> None:
    items, population = form(6), DomainPopulation.stated(SIX, 0.7, mean=-0.3, sd=1.2)
    chance = np.random.default_rng(1)
    ability = chance.multivariate_normal(population.mean[0], population.covariance[0], 100_000)
    right = 1 / (1 + np.exp(-items.items.slope * (ability[:, items.place] - items.items.difficulty)))
    by_domain = np.eye(6)[items.place]
    true, seen = right @ by_domain, (chance.random(right.shape) < right) @ by_domain
    total = seen.sum(axis=1)
    for domain, found in enumerate(worth(items, population)):
        both = np.column_stack([np.ones_like(total), seen[:, domain], total])
        left = true[:, domain] - both @ np.linalg.lstsq(both, true[:, domain], rcond=None)[0]
        assert found.own == pytest.approx(np.corrcoef(true[:, domain], seen[:, domain])[0, 1] ** 2, abs=0.008)
        assert found.common == pytest.approx(np.corrcoef(true[:, domain], total)[0, 1] ** 2, abs=0.008)
        assert found.together == pytest.approx(1 - left.var() / true[:, domain].var(), abs=0.008)
        assert (found.domain, found.items) == (SIX[domain], 6)


def test_partial_credit_counts_with_its_scores() -> None:
    table = np.array([[1.0, 0.5, 0.0], [1.0, 0.0, np.nan]])
    items = DomainItems.of(CalibratedItems(("a", "b"), table), ["x", "y"])
    found = worth(items, DomainPopulation.stated(("x", "y"), 0.5))[0]
    at = np.linspace(-8, 8, 4001)
    weight = np.exp(-(at**2) / 2) / np.exp(-(at**2) / 2).sum()
    chance = np.exp(items.items.log_probabilities(at)[:3])
    mean = np.arange(3) @ chance
    error = weight @ (np.arange(3) ** 2 @ chance - mean**2)
    true = weight @ mean**2 - (weight @ mean) ** 2
    assert found.own == pytest.approx(true / (true + error), abs=1e-8)


@pytest.mark.parametrize(
    ("per_domain", "correlation", "expected"),
    [
        (4, 0.95, {"nothing_new"}),
        (6, 0.8, {"with_others", "nothing_new"}),
        (15, 0.8, {"with_others"}),
        (15, 0.4, {"own"}),
    ],
)
def test_few_items_or_domains_that_go_together_leave_nothing_new_to_say(
    per_domain: int, correlation: float, expected: set[str]
) -> None:
    found = worth(form(per_domain), DomainPopulation.stated(SIX, correlation))
    assert {one.verdict for one in found} == expected
    for one in found:
        assert 0 < max(one.own, one.common) <= one.together < 1


def test_one_ability_called_six_and_a_domain_without_items() -> None:
    items = form(4)
    alone = DomainItems.of(items.items, ["1"] * 24, SIX)
    found = worth(alone, DomainPopulation.stated(SIX))
    assert found[0].own == pytest.approx(found[0].common) == pytest.approx(found[0].together)
    assert np.isnan(found[1].own)
    assert (found[1].verdict, found[1].items) == ("nothing_new", 0)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="population of domains x"):
        worth(form(2), DomainPopulation.stated(("x",)))
    with pytest.raises(ValueError, match="group 'b'"):
        worth(form(2), DomainPopulation.stated(SIX), "b")
