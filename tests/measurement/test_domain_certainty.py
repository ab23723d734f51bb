"""How sure an estimated population is: errors that repeated samples confirm, and intervals that are wider for it."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("numpy")
import numpy as np

from bdhvs.measurement import domain_certainty
from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.domain_correlation import fit_population
from bdhvs.measurement.domain_model import STATED_WORTH
from bdhvs.measurement.domains import DomainItems, DomainPopulation, domain_abilities
from bdhvs.measurement.responses import Responses

TWO = ("a", "b")


def form(each: int = 8) -> DomainItems:
    slope = np.full(2 * each, 1.3)
    difficulty = np.tile(np.linspace(-1.5, 1.5, each), 2)
    items = CalibratedItems(tuple(f"i{n}" for n in range(2 * each)), np.column_stack([slope, -slope * difficulty]))
    return DomainItems.of(items, ["a"] * each + ["b"] * each)


def answers(items: DomainItems, persons: int, correlation: float, seed: int) -> Responses:
    rng = np.random.default_rng(seed)
    true = rng.multivariate_normal([0, 0], [[1, correlation], [correlation, 1]], persons)
    table = items.items.parameters
    chance = 1 / (1 + np.exp(-(table[:, 0] * true[:, items.place] + table[:, 1])))
    return Responses.dense((rng.random(chance.shape) < chance).astype(int))


def test_the_error_told_of_a_correlation_is_that_of_repeated_samples() -> None:
    items = form()
    plain: Any = {"correlation_worth": 0, "spread_worth": 0, "mean_worth": 0}
    fits = [fit_population(items, answers(items, 600, 0.6, seed), **plain) for seed in range(30)]
    errors = [one.correlation_se for one in fits]
    told = np.sqrt(np.mean([one[0, 1] ** 2 for one in errors if one is not None]))
    seen = np.std([one.correlation[0, 0, 1] for one in fits], ddof=1)
    assert len(errors) == 30
    assert told == pytest.approx(seen, rel=0.35)  # thirty samples tell a deviation to 13 %; 0.35 is 2.7 of these
    means = np.sqrt(np.mean([np.diag(one.mean_covariance[0]) for one in fits if one.mean_covariance is not None]))
    assert means == pytest.approx(np.std([one.mean[0] for one in fits], axis=0, ddof=1).mean(), rel=0.35)


def test_known_abilities_give_the_textbook_error_of_a_correlation() -> None:
    """With abilities known it is (1 − r²)/√n (R. A. Fisher 1915, Biometrika 10, 507–521)."""
    rng = np.random.default_rng(1)
    table = np.array([[1, 0.7], [0.7, 1]])
    known = rng.multivariate_normal([0, 0], table, 20_000).T
    posteriors = [(known, np.zeros((2, 2, known.shape[1])))]
    own = domain_certainty.information(posteriors, np.zeros(2), table, one_factor=False)
    errors = domain_certainty.errors_of_correlations([own], table, 0.0)
    assert errors[0, 1] == pytest.approx((1 - 0.49) / np.sqrt(20_000), rel=0.05)
    assert domain_certainty.worth(errors, table) == pytest.approx(20_000, rel=0.1)
    assert np.diag(np.linalg.inv(own.mean)) == pytest.approx(1 / 20_000, rel=1e-6)
    # With the correlation known, a logarithm's information is I + R⁻¹∘R a learner, and two alike help each other.
    expected = np.linalg.inv(np.eye(2) + np.linalg.inv(table) * table)[0, 0] / 20_000
    assert domain_certainty.worth_of_sds(own) == pytest.approx(1 / (2 * expected), rel=0.1)


def test_a_class_has_wider_intervals_than_one_with_its_population_known() -> None:
    items = form()
    table = answers(items, 30, 0.8, 3)
    fitted = fit_population(items, table)
    assert fitted.correlation_se is None  # stated, not estimated
    assert fitted.worth is not None
    assert 0 < fitted.worth[0] <= STATED_WORTH
    known = DomainPopulation(fitted.domains, fitted.groups, fitted.mean, fitted.covariance)
    sure, unsure = (domain_abilities(items, table, one) for one in (known, fitted))
    np.testing.assert_allclose(sure.mean, unsure.mean)
    assert (unsure.sd > sure.sd).all()
    assert (abs(unsure.skewness) <= abs(sure.skewness)).all()


def test_a_statement_worth_endlessly_many_learners_is_knowledge() -> None:
    items = form()
    table = answers(items, 50, 0.8, 4)
    found = [
        domain_abilities(items, table, DomainPopulation.stated(TWO, mean_worth=worth, worth=worth)).sd
        for worth in (5.0, 50.0, 5e9, np.inf)
    ]
    assert (found[0] > found[1]).all()
    assert (found[1] > found[2]).all()
    np.testing.assert_allclose(found[2], found[3], rtol=1e-6)
    with pytest.raises(ValueError, match="found a worth of 0 learners"):
        DomainPopulation.stated(TWO, worth=0)


def test_groups_below_the_least_are_as_unsure_as_what_was_stated() -> None:
    items = form()
    table = answers(items, 130, 0.8, 5)
    groups = ["big"] * 120 + ["small"] * 10
    fitted = fit_population(items, table, groups)
    assert fitted.mean_covariance is not None
    big, small = (np.sqrt(np.diag(fitted.mean_covariance[fitted.groups.index(name)])) for name in ("big", "small"))
    assert (small > 3 * big).all()
    assert fitted.correlation_se is not None
    assert 0 < fitted.correlation_se[0, 1] < 0.2
