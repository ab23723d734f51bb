"""How domains go together, from answers: against a direct maximum, and what happens when there is too little to tell."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")
import numpy as np

from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.domain_correlation import fit_population
from bdhvs.measurement.domains import DomainItems, DomainPopulation, domain_abilities
from bdhvs.measurement.responses import Responses

SIX = ("1", "2", "3", "4", "5", "6")


def form(per_domain: int, domains: int = 6, seed: int = 7) -> DomainItems:
    chance = np.random.default_rng(seed)
    count = per_domain * domains
    items = CalibratedItems.dichotomous(chance.lognormal(0, 0.3, count), chance.normal(0, 1, count))
    return DomainItems.of(items, [str(1 + n % domains) for n in range(count)])


def answers(items: DomainItems, population: DomainPopulation, persons: int, seed: int, group: int = 0) -> np.ndarray:
    chance = np.random.default_rng(seed)
    true = chance.multivariate_normal(population.mean[group], population.covariance[group], persons)
    right = 1 / (1 + np.exp(-items.items.slope * (true[:, items.place] - items.items.difficulty)))
    return (chance.random(right.shape) < right).astype(float)


def test_two_domains_as_the_direct_maximum_of_the_exact_likelihood_has_them() -> None:
    from scipy.optimize import minimize

    items = form(6, domains=2)
    truth = DomainPopulation.stated(("1", "2"), 0.6, mean=[-0.4, 0.5], sd=[0.8, 1.2])
    scores = answers(items, truth, 300, 1)
    found = fit_population(items, Responses.dense(scores), correlation_worth=0, spread_worth=0, mean_worth=0)

    at = np.linspace(-6, 6, 41)
    chance = items.items.log_probabilities(at)
    likelihood = [
        np.exp(sum(chance[2 * item + scores[:, item].astype(int)] for item in items.of_domain(d))) for d in range(2)
    ]

    def cost(p: np.ndarray) -> float:
        z = (at - p[0]) / np.exp(p[2]), (at - p[1]) / np.exp(p[3])
        r = np.tanh(p[4])
        square = (z[0][:, None] ** 2 - 2 * r * z[0][:, None] * z[1] + z[1] ** 2) / (1 - r**2)
        density = np.exp(-0.5 * square) / (np.exp(p[2] + p[3]) * np.sqrt(1 - r**2))
        return -float(np.log(np.einsum("na,ab,nb->n", likelihood[0], density, likelihood[1])).sum())

    best = minimize(cost, np.zeros(5), method="BFGS", options={"gtol": 1e-3}).x
    # 0.02 is a fifth of the standard errors here (0.05 to 0.15); moment matching and the stopping rule leave this much.
    np.testing.assert_allclose(found.mean[0], best[:2], atol=0.02)
    np.testing.assert_allclose(found.sd[0], np.exp(best[2:4]), atol=0.02)
    assert found.correlation[0, 0, 1] == pytest.approx(np.tanh(best[4]), abs=0.02)
    assert found.notes == ()


def test_six_domains_in_two_groups_come_back() -> None:
    items = form(8)
    table = np.full((6, 6), 0.75) + 0.25 * np.eye(6)
    table[0, 1:] = table[1:, 0] = 0.5
    truth = DomainPopulation.stated(
        SIX, table, groups=("a", "b"), mean=[[0.0] * 6, [-0.8, -0.6, -0.4, -0.2, 0.0, 0.5]], sd=[[1.0] * 6, [0.7] * 6]
    )
    scores = np.concatenate([answers(items, truth, 500, 3, 0), answers(items, truth, 500, 4, 1)])
    groups = ["a"] * 500 + ["b"] * 500
    found = fit_population(items, Responses.dense(scores), groups)
    np.testing.assert_allclose(found.mean, truth.mean, atol=0.15)
    np.testing.assert_allclose(found.sd, truth.sd, atol=0.15)
    np.testing.assert_allclose(found.correlation, truth.correlation, atol=0.1)
    np.testing.assert_allclose(found.correlation[0], found.correlation[1], atol=1e-12)
    order = np.random.default_rng(5).permutation(1000)
    again = fit_population(items, Responses.dense(scores[order]), np.array(groups)[order])
    np.testing.assert_allclose(again.correlation, found.correlation, atol=0.01)
    np.testing.assert_allclose(again.mean, found.mean, atol=0.01)


def test_a_class_keeps_the_stated_correlation_and_learns_its_mean() -> None:
    items = form(4)
    truth = DomainPopulation.stated(SIX, 0.8, mean=-0.9)
    found = fit_population(items, Responses.dense(answers(items, truth, 40, 2)))
    np.testing.assert_allclose(found.correlation[0], truth.correlation[0])
    assert [(note.code, note.about) for note in found.notes] == [("few_persons", "correlation")]
    assert "found 40 persons with answers in two domains or more, expected at least 100" in found.notes[-1].text
    assert found.mean.mean() == pytest.approx(-0.9, abs=0.35)
    assert found.mean.max() < -0.2


def test_classes_have_means_of_their_own_and_one_factor_of_spread() -> None:
    items = form(4)
    names = tuple(f"class {n}" for n in range(8))
    truth = DomainPopulation.stated(SIX, 0.8, groups=names, mean=[[0.2 * n - 0.8] * 6 for n in range(8)], sd=0.8)
    scores = np.concatenate([answers(items, truth, 30, 20 + n, n) for n in range(8)])
    stated = DomainPopulation.stated(SIX, sd=[1.0, 1.0, 1.0, 1.0, 1.0, 1.5])
    found = fit_population(items, Responses.dense(scores), np.repeat(names, 30), stated=stated)
    assert found.notes == ()
    np.testing.assert_allclose(found.mean.mean(axis=1), truth.mean[:, 0], atol=0.45)
    assert np.corrcoef(found.mean.mean(axis=1), truth.mean[:, 0])[0, 1] > 0.9
    np.testing.assert_allclose(found.sd / found.sd[:, :1], stated.sd / stated.sd[:, :1] * np.ones((8, 1)), rtol=1e-9)
    assert (found.sd[:, 0] < 1).mean() > 0.7


def test_a_handful_keeps_everything_as_stated() -> None:
    items = form(4)
    stated = DomainPopulation.stated(SIX, 0.7, mean=0.3, sd=1.2)
    scores = answers(items, stated, 9, 2)
    found = fit_population(items, Responses.dense(scores), stated=stated)
    np.testing.assert_allclose(found.mean, stated.mean)
    np.testing.assert_allclose(found.covariance, stated.covariance)
    assert {note.code for note in found.notes} >= {"few_persons"}
    nobody = fit_population(items, Responses.dense(np.full((3, 24), np.nan)), stated=stated)
    np.testing.assert_allclose(nobody.covariance, stated.covariance)


def test_a_domain_nobody_met_keeps_its_stated_relation_to_the_others() -> None:
    items = form(6)
    truth = DomainPopulation.stated(SIX, 0.8, mean=-1.0)
    scores = answers(items, truth, 600, 8)
    scores[:, items.of_domain(5)] = np.nan
    found = fit_population(items, Responses.dense(scores))
    assert [(note.code, note.about) for note in found.notes] == [("few_items", "6")]
    # A class a logit below in five domains is expected below in the sixth: 0.8·5/(1 + 4·0.8) = 0.95 of the others' mean.
    assert found.mean[0, 5] == pytest.approx(0.95 * found.mean[0, :5].mean(), abs=0.06)
    assert found.correlation[0, 5, :5].mean() == pytest.approx(0.8, abs=0.06)
    ability = domain_abilities(items, Responses.dense(scores), found)
    assert ability.mean[:, 5].mean() == pytest.approx(found.mean[0, 5], abs=0.05)


def test_one_ability_called_two_is_said() -> None:
    items = form(40, domains=2)
    truth = DomainPopulation.stated(("1", "2"), 0.999)
    found = fit_population(items, Responses.dense(answers(items, truth, 800, 3)), correlation_worth=0)
    assert [note.code for note in found.notes] == ["nearly_one"]
    assert "cannot tell them apart" in found.notes[0].text


def test_the_more_a_statement_is_worth_the_nearer_the_estimate_stays() -> None:
    items = form(6)
    scores = Responses.dense(answers(items, DomainPopulation.stated(SIX, 0.4), 300, 9))
    apart = [
        abs(fit_population(items, scores, correlation_worth=w).correlation[0] - 0.8)[0, 1:].mean()
        for w in (0, 100, 10_000)
    ]
    assert apart[0] > apart[1] > apart[2]
    assert apart[0] == pytest.approx(0.4, abs=0.12)
    assert apart[2] < 0.05


def test_what_does_not_fit_is_refused() -> None:
    items, table = form(2), Responses.dense(np.zeros((3, 12)))
    with pytest.raises(ValueError, match="expected domains 1, 2, 3, 4, 5, 6 and one group"):
        fit_population(items, table, stated=DomainPopulation.stated(("x",)))
    with pytest.raises(ValueError, match="one group"):
        fit_population(items, table, stated=DomainPopulation.stated(SIX, groups=("a", "b")))
    with pytest.raises(ValueError, match="found groups of shape"):
        fit_population(items, table, ["a"])
    with pytest.raises(ValueError, match="worth of -1"):
        fit_population(items, table, spread_worth=-1)
