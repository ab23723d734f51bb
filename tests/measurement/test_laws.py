"""Laws of measurement, for every model and every estimator they hold for, dense and sparse.

More points never lower an ability; the order of persons and of items changes nothing; doubling all weights changes no estimate;
information adds up. Where a law does not hold (Warm's estimator and one answer *more*), `test_ability` says so.
"""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bdhvs.measurement import ability
from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.calibration import IRTModel
from bdhvs.measurement.domains import DomainItems, DomainPopulation, domain_abilities
from bdhvs.measurement.grids import Normal
from bdhvs.measurement.responses import Responses
from bdhvs.measurement.small_class import class_difficulties

KINDS = ("rasch", "2pl", "pcm", "gpcm", "grm")
METHODS: tuple[ability.Method, ...] = ("eap", "map", "wle", "ml")
ITEMS = 6


def bank(kind: str, seed: int) -> CalibratedItems:
    """Items of one kind: scores 0 and 1 for Rasch and 2PL, else some up to 1 and some up to 3."""
    draw = np.random.default_rng(seed)
    slope = np.ones(ITEMS) if kind in ("rasch", "pcm") else draw.uniform(0.4, 2.5, ITEMS)
    if kind in ("rasch", "2pl"):
        return CalibratedItems.dichotomous(slope, draw.normal(0, 1.2, ITEMS))
    steps = draw.normal(0, 1.2, (ITEMS, 3))
    if kind == "grm":
        steps = -np.sort(-steps, axis=1) - np.arange(3) * 0.1  # thresholds must rise
    steps[::3, 1:] = np.nan
    return CalibratedItems(
        tuple("abcdef"), np.column_stack([slope, steps]), "graded" if kind == "grm" else "partial_credit"
    )


def scored(items: CalibratedItems, persons: int, seed: int, missing: float = 0.25) -> Any:
    """Persons × items of whole scores, NaN for not shown; the first person has an answer to all."""
    draw = np.random.default_rng(seed)
    table = np.column_stack([draw.integers(0, top + 1, persons) for top in items.cells.maximum]).astype(float)
    hidden = draw.random(table.shape) < missing
    hidden[0] = False
    table[hidden] = np.nan
    return table


def responses(table: Any, sparse: bool) -> Responses:
    if not sparse:
        return Responses.dense(table)
    person, item = np.nonzero(~np.isnan(table))
    return Responses.from_long(person, item, table[person, item].astype(int), items=table.shape[1])


def estimated(table: Any, items: CalibratedItems, method: ability.Method, sparse: bool = False) -> Any:
    found = ability.estimate(
        responses(np.asarray(table), sparse), items.family, items.parameters, method, groups=[Normal(0.3, 1.2)]
    )
    return np.array(found)


drawn = given(st.sampled_from(KINDS), st.integers(0, 10**6), st.booleans())


@settings(max_examples=60, deadline=None)
@drawn
def test_more_points_for_an_answer_never_lower_any_ability(kind: str, seed: int, sparse: bool) -> None:
    items = bank(kind, seed)
    before = scored(items, 12, seed)
    after = before.copy()
    item = seed % ITEMS
    after[:, item] = np.minimum(after[:, item] + 1, items.cells.maximum[item])
    for method in METHODS:
        low, high = (estimated(table, items, method, sparse)[0] for table in (before, after))
        nobody = np.isnan(before).all(axis=1)
        assert (np.isnan(low) == (nobody & (method in ("wle", "ml")))).all()
        assert (high >= low - 1e-9)[~np.isnan(low)].all(), method


@settings(max_examples=60, deadline=None)
@drawn
def test_one_answer_more_with_all_points_never_lowers_and_with_none_never_raises(
    kind: str, seed: int, sparse: bool
) -> None:
    items = bank(kind, seed)
    item = seed % ITEMS
    before = scored(items, 12, seed)
    before[1:, item] = np.nan
    full, nothing = before.copy(), before.copy()
    full[1:, item], nothing[1:, item] = items.cells.maximum[item], 0
    for method in ("eap", "map", "ml"):
        low, middle, high = (estimated(table, items, method, sparse)[0, 1:] for table in (nothing, before, full))  # type: ignore[arg-type]
        known = ~np.isnan(middle)  # "ml" of who answered nothing
        assert (high[known] >= middle[known] - 1e-9).all(), method
        assert (low[known] <= middle[known] + 1e-9).all(), method


@settings(max_examples=40, deadline=None)
@drawn
def test_neither_order_nor_form_of_the_table_changes_an_ability(kind: str, seed: int, sparse: bool) -> None:
    items = bank(kind, seed)
    table = scored(items, 9, seed)
    draw = np.random.default_rng(seed + 1)
    rows, columns = draw.permutation(9), draw.permutation(ITEMS)
    for method in METHODS:
        one = estimated(table, items, method)
        other = estimated(table[np.ix_(rows, columns)], items.take(columns), method, sparse)
        np.testing.assert_allclose(one[:, rows], other, atol=1e-8, err_msg=method)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(KINDS), st.integers(0, 10**6), st.floats(-4, 4))
def test_information_adds_up_over_items_and_over_tests(kind: str, seed: int, theta: float) -> None:
    items = bank(kind, seed)
    whole = items.information(theta)[:, 0]
    assert (whole >= 0).all()
    for item in range(ITEMS):
        assert items.take([item]).information(theta)[0, 0] == pytest.approx(whole[item], rel=1e-12)
    halves = [items.take(part).information(theta).sum() for part in ([0, 2, 4], [1, 3, 5])]
    assert sum(halves) == pytest.approx(whole.sum())
    step = 1e-4  # it is the variance of the score function: minus the mean of the second derivative of log P
    chance = np.exp(items.log_probabilities(theta))[:, 0]
    ahead, here, behind = (items.log_probabilities(theta + by)[:, 0] for by in (step, 0.0, -step))
    bend = np.bincount(items.cells.item, weights=chance * (ahead - 2 * here + behind) / step**2)
    np.testing.assert_allclose(whole, -bend, atol=1e-5)


@settings(max_examples=40, deadline=None)
@drawn
def test_a_standard_error_is_one_over_the_root_of_the_information_shown(kind: str, seed: int, sparse: bool) -> None:
    items = bank(kind, seed)
    table = scored(items, 9, seed)
    shown = ~np.isnan(table)
    for method in ("map", "wle", "ml"):
        theta, error = estimated(table, items, method, sparse)  # type: ignore[arg-type]
        inside = np.abs(theta) < 8
        info = np.where(shown, items.information(np.where(inside, theta, 0.0)).T, 0).sum(axis=1)
        info += 1 / 1.2**2 if method == "map" else 0.0
        np.testing.assert_allclose(error[inside], 1 / np.sqrt(info[inside]), rtol=1e-4, err_msg=method)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(("rasch", "2pl", "gpcm", "grm")), st.integers(0, 10**6))
def test_an_answer_right_in_one_domain_lowers_none_of_them(kind: str, seed: int) -> None:
    """Where domains go together; both ways to the posterior, of which moment matching ends within 2e-4 of its own."""
    items = bank(kind, seed)
    domains = DomainItems.of(items, list("xyzxyz"))
    population = DomainPopulation.stated(domains.domains, 0.6)
    before = scored(items, 8, seed)
    after = before.copy()
    item = seed % ITEMS
    after[:, item] = np.minimum(after[:, item] + 1, items.cells.maximum[item])
    for method in ("moments", "laplace"):
        low, high = (
            domain_abilities(domains, Responses.dense(one), population, method=method).mean for one in (before, after)
        )
        assert (high >= low - 2e-4).all(), method


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(("rasch", "2pl", "gpcm", "grm")), st.integers(0, 10**6))
def test_nobody_s_abilities_depend_on_who_else_is_in_the_table(kind: str, seed: int) -> None:
    """The search went on for all until the last one settled: up to 2e-4 logits of a difference."""
    items = bank(kind, seed)
    table = scored(items, 40, seed)
    domains = DomainItems.of(items, list("xyzxyz"))
    population = DomainPopulation.stated(domains.domains, 0.9)
    together = domain_abilities(domains, Responses.dense(table), population)
    some = domain_abilities(domains, Responses.dense(table[[0, 5]]), population)
    np.testing.assert_allclose(some.mean, together.mean[[0, 5]], atol=1e-10)
    np.testing.assert_allclose(some.covariance, together.covariance[[0, 5]], atol=1e-10)
    for method in METHODS:
        np.testing.assert_allclose(
            estimated(table[[0, 5]], items, method), estimated(table, items, method)[:, [0, 5]], atol=1e-10
        )


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 24), st.integers(0, 5))
def test_one_more_right_answer_makes_an_item_of_a_class_no_harder_beside_the_others(
    seed: int, person: int, item: int
) -> None:
    table = (np.random.default_rng(seed).random((25, 6)) < 0.6).astype(float)
    wrong, right = table.copy(), table.copy()
    wrong[person, item], right[person, item] = 0, 1
    low, high = (class_difficulties(one, ability_sd=1.0, prior_sd=1.0).difficulty[item] for one in (right, wrong))
    assert low <= high + 1e-9


def answers(kind: str, seed: int) -> Any:
    """250 persons with ability, a quarter not shown."""
    items = bank(kind, 7)
    draw = np.random.default_rng(seed)
    theta = draw.normal(size=250)
    chance = np.exp(items.log_probabilities(theta))
    table = np.empty((250, ITEMS))
    for item in range(ITEMS):
        below = chance[items.cells.item == item].cumsum(axis=0)
        table[:, item] = (draw.random(250) > below[:-1]).sum(axis=0)
    table[draw.random(table.shape) < 0.25] = np.nan
    return table


def calibrated(table: Any, kind: Any, sparse: bool, **more: Any) -> IRTModel:
    return IRTModel(kind, nodes=31, least_for_slope=0, tolerance=1e-9).fit(responses(table, sparse), **more)


@pytest.mark.parametrize("sparse", [False, True], ids=["dense", "sparse"])
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=2, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_order_and_doubled_weights_change_no_estimate(kind: Any, sparse: bool, seed: int) -> None:
    table = answers(kind, seed)
    one = calibrated(table, kind, False)
    draw = np.random.default_rng(seed + 1)
    rows, columns = draw.permutation(len(table)), draw.permutation(ITEMS)
    moved = calibrated(table[np.ix_(rows, columns)], kind, sparse)
    np.testing.assert_allclose(one.parameters_[columns], moved.parameters_, atol=5e-6)
    assert moved.loglik_ == pytest.approx(one.loglik_, abs=1e-6)
    doubled = calibrated(table, kind, sparse, sample_weight=np.full(len(table), 2.0))
    np.testing.assert_allclose(one.parameters_, doubled.parameters_, atol=5e-6)
    assert doubled.loglik_ == pytest.approx(2 * one.loglik_)
    np.testing.assert_allclose(doubled.se_.difficulty, one.se_.difficulty / np.sqrt(2), rtol=1e-3)
    twice = calibrated(np.vstack([table, table]), kind, sparse)
    np.testing.assert_allclose(one.parameters_, twice.parameters_, atol=5e-6)
