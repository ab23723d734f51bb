"""Six abilities at once: against other programs, against exact integrals, and by laws that hold whatever the numbers."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.domains import DomainItems, DomainPopulation, domain_abilities
from bdhvs.measurement.responses import Responses

SIX = ("1", "2", "3", "4", "5", "6")


def form(per_domain: int, domains: int = 6, seed: int = 7) -> DomainItems:
    """A form of 0/1 items, domains in turn."""
    chance = np.random.default_rng(seed)
    count = per_domain * domains
    items = CalibratedItems.dichotomous(chance.lognormal(0, 0.3, count), chance.normal(0, 1, count))
    return DomainItems.of(items, [str(1 + n % domains) for n in range(count)])


def answers(items: DomainItems, population: DomainPopulation, persons: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """True abilities and scores of 0/1 items."""
    chance = np.random.default_rng(seed)
    true = chance.multivariate_normal(population.mean[0], population.covariance[0], persons)
    a, b = items.items.slope, items.items.difficulty
    right = 1 / (1 + np.exp(-a * (true[:, items.place] - b)))
    return true, (chance.random(right.shape) < right).astype(float)


def test_three_domains_as_two_other_programs_have_them() -> None:
    # EAP by mirt 1.2.0 (PyPI; fscores of a confirmatory MultidimensionalModel, prior_cov, 41 to 81 nodes a domain: the same
    # five digits) and, without the last row, girth 0.8.0 (multidimensional_ability_eap on slopes times Cholesky's root of
    # the correlation). Moment matching is no exact integral: its distance here is at most 0.001 in means, 0.003 in errors.
    slope, difficulty = [0.8, 1.2, 1.6, 1.0, 1.4, 0.7, 1.1, 1.9, 0.9], [-1.0, 0.2, 0.8, -0.5, 0.4, 1.2, -1.4, 0.1, 0.9]
    items = DomainItems.of(CalibratedItems.dichotomous(slope, difficulty), list("123123123"))
    scores = np.array(
        [[1, 1, 0, 1, 0, 0, 1, 1, 0], [1] * 9, [0] * 9, [1, 0, 1, 1, 0, 1, 1, 0, 1], [0, 1, -1, -1, 0, 1, 1, 1, -1]]
    )
    means = [
        [0.52994, 0.42838, -0.1112],
        [1.4517, 1.62112, 1.66236],
        [-1.62491, -1.53403, -1.29009],
        [0.26343, -0.08337, 0.81415],
        [0.25078, 0.46849, 0.52922],
    ]
    errors = [
        [0.68937, 0.58994, 0.69306],
        [0.76565, 0.69843, 0.71583],
        [0.72399, 0.7237, 0.79713],
        [0.67778, 0.58291, 0.66294],
        [0.7291, 0.6216, 0.80553],
    ]
    table = [[1, 0.8, 0.6], [0.8, 1, 0.7], [0.6, 0.7, 1]]
    found = domain_abilities(items, Responses.dense(scores), DomainPopulation.stated(items.domains, table))
    np.testing.assert_allclose(found.mean, means, atol=1e-3)
    np.testing.assert_allclose(found.sd, errors, atol=3e-3)
    np.testing.assert_array_equal(found.answered[4], [2, 3, 1])
    assert found.settled.all()


@pytest.mark.parametrize("family", ["partial_credit", "graded"])
def test_two_domains_with_partial_credit_as_the_exact_integral_has_them(family) -> None:  # type: ignore[no-untyped-def]
    nan = np.nan
    table = np.array(
        [[1.1, 0.9, -0.4], [0.8, 0.3, nan], [1.5, 1.2, 0.2], [0.9, 0.6, -1.0], [1.3, -0.5, nan], [1.0, 0.4, -0.8]]
    )
    items = DomainItems.of(CalibratedItems(tuple("abcdef"), table, family), ["x", "y"] * 3)
    scores = np.array(
        [[2, 1, 1, 2, 0, 1], [0, 0, 0, 0, 0, 0], [2, 1, 2, 2, 1, 2], [2, 0, 2, 0, 0, 0], [1, nan, nan, nan, 1, nan]]
    )
    mean, covariance = np.array([0.3, -0.2]), np.array([[1.2, 0.7], [0.7, 0.8]])
    prior = DomainPopulation(items.domains, ("all",), mean[None], covariance[None])
    found = domain_abilities(items, Responses.dense(scores), prior)
    low, high = found.interval(0.9)

    at = np.linspace(-8, 8, 401)
    both = np.stack(np.meshgrid(at, at, indexing="ij"), axis=-1)
    apart = both - mean
    log_prior = -0.5 * np.einsum("abi,ij,abj->ab", apart, np.linalg.inv(covariance), apart)
    cells = items.items.cells
    log_chance = items.items.log_probabilities(at)
    for person, row in enumerate(scores):
        curves = [np.zeros(401), np.zeros(401)]
        for item in np.flatnonzero(~np.isnan(row)):
            curves[items.place[item]] += log_chance[cells.first[item] + int(row[item])]
        weight = np.exp(log_prior + curves[0][:, None] + curves[1])
        weight /= weight.sum()
        exact = np.einsum("ab,abi->i", weight, both)
        spread = np.einsum("ab,abi,abj->ij", weight, both - exact, both - exact)
        np.testing.assert_allclose(found.mean[person], exact, atol=2e-3)
        np.testing.assert_allclose(found.covariance[person], spread, atol=6e-3)
        for domain in range(2):
            own = weight.sum(axis=1 - domain)
            below = np.interp([low[person, domain], high[person, domain]], at + 0.02, own.cumsum())
            np.testing.assert_allclose(below, [0.05, 0.95], atol=3e-3)
            above = 1 - np.interp(0.5, at + 0.02, own.cumsum())
            assert found.chance_above(0.5)[person, domain] == pytest.approx(above, abs=4e-3)


def test_answers_in_one_domain_are_exact_there_and_carry_over_as_the_prior_says() -> None:
    items, at = form(5), np.linspace(-8, 8, 2001)
    scores = np.full((3, 30), np.nan)
    own = items.of_domain(2)
    scores[:, own] = [[1, 1, 0, 1, 0], [1, 1, 1, 1, 1], [0, 0, 0, 0, 1]]
    found = domain_abilities(items, Responses.dense(scores), DomainPopulation.stated(SIX, 0.7))
    for person in range(3):
        log = sum(items.items.log_probabilities(at)[2 * item + int(scores[person, item])] for item in own)
        weight = np.exp(log - at**2 / 2)
        weight /= weight.sum()
        mean, variance = weight @ at, weight @ at**2 - (weight @ at) ** 2
        assert found.mean[person, 2] == pytest.approx(mean, abs=1e-6)
        assert found.sd[person, 2] ** 2 == pytest.approx(variance, abs=1e-6)
        np.testing.assert_allclose(found.mean[person, [0, 5]], 0.7 * mean, atol=1e-6)
        np.testing.assert_allclose(found.sd[person, [0, 5]] ** 2, 1 - 0.49 * (1 - variance), atol=1e-6)
    np.testing.assert_array_equal(found.answered, [[0, 0, 5, 0, 0, 0]] * 3)


def test_who_answered_nothing_is_as_the_population() -> None:
    items = form(2)
    scores = np.full((2, 12), np.nan)
    scores[1] = 1
    population = DomainPopulation.stated(SIX, 0.6, mean=[0.1, 0.2, 0.3, 0.4, 0.5, -3.0], sd=0.9)
    for method in ("moments", "laplace"):
        found = domain_abilities(items, Responses.dense(scores), population, method=method)
        np.testing.assert_allclose(found.mean[0], population.mean[0], atol=1e-12)
        np.testing.assert_allclose(found.covariance[0], population.covariance[0], atol=1e-12)
        assert (found.mean[1] > population.mean[0]).all()


def test_answers_that_flatly_deny_the_population_are_said_not_to_be_settled() -> None:
    items = DomainItems.of(CalibratedItems.dichotomous(np.full(120, 4.0), np.zeros(120)), list(SIX) * 20)
    scores = np.ones((2, 120))
    scores[1, ::2] = np.nan
    found = domain_abilities(items, Responses.dense(scores), DomainPopulation.stated(SIX, 0.95, mean=-5.0, sd=0.3))
    assert not found.settled.any()
    assert np.isfinite(found.mean).all()
    assert domain_abilities(items, Responses.dense(scores), DomainPopulation.stated(SIX, 0.95)).settled.all()


def test_domains_that_do_not_go_together_are_scored_as_if_alone() -> None:
    items = form(4)
    _, scores = answers(items, DomainPopulation.stated(SIX, 0.0), 50, 1)
    together = domain_abilities(items, Responses.dense(scores), DomainPopulation.stated(SIX, 0.0))
    for domain in range(6):
        own = items.of_domain(domain)
        alone = DomainItems.of(items.items.take(own.tolist()), ["x"] * len(own))
        found = domain_abilities(alone, Responses.dense(scores[:, own]), DomainPopulation.stated(["x"]))
        np.testing.assert_allclose(together.mean[:, domain], found.mean[:, 0], atol=1e-9)
        np.testing.assert_allclose(together.sd[:, domain], found.sd[:, 0], atol=1e-9)


def test_sparse_and_dense_tables_groups_and_parts_give_the_same() -> None:
    items = form(4)
    _, scores = answers(items, DomainPopulation.stated(SIX), 60, 2)
    scores[np.random.default_rng(3).random(scores.shape) < 0.3] = np.nan
    person, item = np.nonzero(~np.isnan(scores))
    long = Responses.from_long(person, item, scores[person, item].astype(int), items=24)
    two = DomainPopulation.stated(SIX, groups=("a", "b"), mean=[[0.0] * 6, [0.5] * 6])
    groups = np.array(["b", "a"] * 30)
    dense = domain_abilities(items, Responses.dense(scores), two, groups)
    sparse = domain_abilities(items, long, two, groups)
    np.testing.assert_allclose(dense.mean, sparse.mean, atol=2e-4)
    np.testing.assert_array_equal(dense.answered, sparse.answered)
    alone = domain_abilities(items, Responses.dense(scores[::2]), DomainPopulation.stated(SIX, mean=0.5))
    np.testing.assert_allclose(dense.mean[::2], alone.mean, atol=2e-4)
    assert (
        dense.mean[::2] > domain_abilities(items, Responses.dense(scores[::2]), DomainPopulation.stated(SIX)).mean
    ).all()


def test_the_mode_is_where_the_posterior_is_highest() -> None:
    from scipy.optimize import minimize

    items, prior = form(4), DomainPopulation.stated(SIX, 0.75, sd=1.3)
    _, scores = answers(items, prior, 3, 4)
    found = domain_abilities(items, Responses.dense(scores), prior, method="laplace")
    inverse = np.linalg.inv(prior.covariance[0])
    sign = 2 * scores - 1
    for person in range(3):

        def cost(ability: np.ndarray, sign: np.ndarray = sign[person]) -> float:
            logits = items.items.slope * (ability[items.place] - items.items.difficulty)
            return float(np.logaddexp(0, -sign * logits).sum() + 0.5 * ability @ inverse @ ability)

        best = minimize(cost, np.zeros(6), method="BFGS", options={"gtol": 1e-8})
        np.testing.assert_allclose(found.mean[person], best.x, atol=1e-5)
        right = 1 / (1 + np.exp(-items.items.slope * (best.x[items.place] - items.items.difficulty)))
        information = np.bincount(items.place, items.items.slope**2 * right * (1 - right))
        np.testing.assert_allclose(found.covariance[person], np.linalg.inv(inverse + np.diag(information)), atol=1e-5)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from([0.0, 1.0, np.nan]), min_size=18, max_size=18),
    st.integers(0, 17),
    st.floats(0.0, 0.95),
    st.permutations(range(18)),
)
def test_a_right_answer_lowers_no_domain_and_the_order_of_items_says_nothing(row, item, correlation, order) -> None:  # type: ignore[no-untyped-def]
    items = form(3)
    prior = DomainPopulation.stated(SIX, correlation)
    right, wrong = np.array(row), np.array(row)
    right[item], wrong[item] = 1, 0
    found = domain_abilities(items, Responses.dense(np.stack([right, wrong])), prior)
    assert (found.mean[0] >= found.mean[1] - 1e-4).all()
    assert found.mean[0, items.place[item]] > found.mean[1, items.place[item]]
    shuffled = DomainItems.of(items.items.take(list(order)), [items.domains[items.place[one]] for one in order])
    again = domain_abilities(shuffled, Responses.dense(np.stack([wrong, right])[:, order]), prior)
    np.testing.assert_allclose(again.mean[::-1], found.mean, atol=5e-4)
    np.testing.assert_allclose(again.covariance[::-1], found.covariance, atol=5e-4)


@pytest.mark.parametrize("per_domain", [4, 6, 15])
def test_intervals_hold_the_true_ability_as_often_as_they_say(per_domain: int) -> None:
    items, prior = form(per_domain), DomainPopulation.stated(SIX)
    true, scores = answers(items, prior, 4000, 11)
    found = domain_abilities(items, Responses.dense(scores), prior)
    for confidence in (0.68, 0.95):
        low, high = found.interval(confidence)
        # 24,000 intervals, about 4,000 independent: a standard error of 0.0075 at 0.68 and 0.0035 at 0.95.
        assert ((low < true) & (true < high)).mean() == pytest.approx(
            confidence, abs=0.02 if confidence < 0.9 else 0.01
        )
    above = found.chance_above(0.5)
    assert above.mean() == pytest.approx((true > 0.5).mean(), abs=0.015)
    sure = (above > 0.85) & (above < 0.95)
    assert (true > 0.5)[sure].mean() == pytest.approx(above[sure].mean(), abs=0.025)


def test_borrowing_from_the_other_domains_beats_six_scores_alone() -> None:
    items, prior = form(4), DomainPopulation.stated(SIX)
    true, scores = answers(items, prior, 2000, 5)
    table = Responses.dense(scores)
    error = [
        np.sqrt(((domain_abilities(items, table, DomainPopulation.stated(SIX, r)).mean - true) ** 2).mean())
        for r in (0.8, 0.0)
    ]
    assert error[0] < 0.85 * error[1]


def test_the_common_ability_and_the_profile_are_sums_of_domains_with_their_shared_error() -> None:
    items, prior = form(6), DomainPopulation.stated(SIX)
    true, scores = answers(items, prior, 3000, 6)
    found = domain_abilities(items, Responses.dense(scores), prior)
    common, error = found.combined(np.full(6, 1 / 6))
    np.testing.assert_allclose(common, found.mean.mean(axis=1))
    assert np.sqrt(((common - true.mean(axis=1)) ** 2).mean()) == pytest.approx(np.sqrt((error**2).mean()), rel=0.04)
    apart, spread = found.profile()
    np.testing.assert_allclose(apart.sum(axis=1), 0, atol=1e-12)
    off = apart - (true - true.mean(axis=1, keepdims=True))
    assert np.sqrt((off**2).mean()) == pytest.approx(np.sqrt((spread**2).mean()), rel=0.04)
    squared = [np.corrcoef(found.mean[:, d], true[:, d])[0, 1] ** 2 for d in range(6)]
    np.testing.assert_allclose(found.reliability(), squared, atol=0.03)


def test_what_does_not_fit_is_refused_with_where_and_what() -> None:
    items, one = form(2), np.zeros((2, 12))
    with pytest.raises(ValueError, match="found 11 domains for 12 items"):
        DomainItems.of(items.items, ["1"] * 11)
    with pytest.raises(ValueError, match="item 'item0': found domain '9'"):
        DomainItems.of(items.items, ["9"] * 12, SIX)
    with pytest.raises(ValueError, match="twice"):
        DomainItems.of(items.items, ["1"] * 12, ["1", "1"])
    with pytest.raises(ValueError, match="positive definite"):
        DomainPopulation.stated(SIX, -0.5)
    with pytest.raises(ValueError, match="positive definite"):
        DomainPopulation.stated(SIX, 1.0)
    with pytest.raises(ValueError, match="groups × domains"):
        DomainPopulation(SIX, ("a",), np.zeros((2, 6)), np.eye(6)[None])
    prior = DomainPopulation.stated(SIX)
    with pytest.raises(ValueError, match="found responses to 3 items"):
        domain_abilities(items, Responses.dense(one[:, :3]), prior)
    with pytest.raises(ValueError, match="item 'item1': found a score of 2, expected at most 1"):
        domain_abilities(items, Responses.dense(np.where(np.arange(12) == 1, 2, one)), prior)
    with pytest.raises(ValueError, match="found groups of shape"):
        domain_abilities(items, Responses.dense(one), prior, ["all"])
    with pytest.raises(ValueError, match="found group 'x'"):
        domain_abilities(items, Responses.dense(one), prior, ["all", "x"])
    with pytest.raises(ValueError, match="2 groups, expected one per person"):
        domain_abilities(items, Responses.dense(one), DomainPopulation.stated(SIX, groups=("a", "b")))
    with pytest.raises(ValueError, match="population of domains"):
        domain_abilities(items, Responses.dense(one), DomainPopulation.stated(("x",)))
    with pytest.raises(ValueError, match="confidence is 95"):
        domain_abilities(items, Responses.dense(one), prior).interval(95)
