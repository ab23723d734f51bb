"""Calibration against published numbers, another program, and a second way to the maximum."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")
import numpy as np

from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.calibration import IRTModel
from bdhvs.measurement.flags import CalibrationWarning
from bdhvs.measurement.priors import LogNormal, Priors
from bdhvs.measurement.responses import Responses
from tests.measurement.direct import Direct

FIXTURES = Path(__file__).parents[1] / "fixtures"


def lsat6() -> Any:
    """The 32 patterns and how many persons had each."""
    with (FIXTURES / "lsat6.csv").open() as file:
        rows = np.array([[float(cell) for cell in row] for row in list(csv.reader(file))[1:]])
    return rows[:, :5], rows[:, 5]


def simulated(
    persons: int, slopes: Any, difficulties: Any, seed: int = 1, mean: float = 0.0, sd: float = 1.0
) -> tuple[Any, Any]:
    """Scores 0 and 1 of persons normal in ability, and those abilities."""
    rng = np.random.default_rng(seed)
    theta = rng.normal(mean, sd, persons)
    chance = 1 / (1 + np.exp(-np.asarray(slopes) * (theta[:, None] - np.asarray(difficulties))))
    return (rng.random(chance.shape) < chance).astype(float), theta


def partial_credit(persons: int, items: int, seed: int) -> Any:
    """Scores 0 to 2 by Masters' model."""
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=(persons, 1, 1))
    logits = np.arange(3) * theta + np.column_stack([np.zeros(items), rng.normal(0.5, 0.5, items), rng.normal(0, 0.5, items)])
    chance = np.exp(logits) / np.exp(logits).sum(axis=2, keepdims=True)
    return (rng.random((persons, items, 1)) > chance.cumsum(axis=2)).sum(axis=2).astype(float)


def free_numbers(model: IRTModel) -> Any:
    """Estimates in the order of `Direct`."""
    own = model.parameters_ if model.kind in ("2pl", "gpcm", "grm") else model.parameters_[:, 1:]
    numbers = own[~np.isnan(own)]
    return numbers if len(own[0]) == len(model.parameters_[0]) else np.append(numbers, np.log(model.group_distributions_[0].sd))


def test_the_published_estimates_of_lsat_6_are_found() -> None:
    patterns, persons = lsat6()
    model = IRTModel("2pl", least_for_slope=0).fit(patterns, sample_weight=persons)
    # Rizopoulos (2006), ltm, Journal of Statistical Software 17(5), has the same data with 21 Gauss-Hermite points. All ten numbers,
    # their errors and the log-likelihood were read off summary(ltm(LSAT ~ z1)) as ltm 1.x prints it (the published notebook
    # "2PL and 3PL dichotomous item response theory model", K. Davis).
    np.testing.assert_allclose(model.discrimination_, [0.8254, 0.7229, 0.8905, 0.6886, 0.6575], atol=1.2e-3)
    np.testing.assert_allclose(model.difficulty_, [-3.3597, -1.3696, -0.2799, -1.8659, -3.1236], atol=3e-3)
    np.testing.assert_allclose(model.se_.discrimination, [0.2581, 0.1867, 0.2326, 0.1852, 0.2100], atol=2e-4)
    np.testing.assert_allclose(model.se_.difficulty, [0.8669, 0.3073, 0.0997, 0.4341, 0.8700], atol=2e-3)
    assert model.loglik_ == pytest.approx(-2466.653, abs=1e-3)


def test_lsat_6_is_as_the_package_mirt_has_it() -> None:
    patterns, persons = lsat6()
    model = IRTModel("2pl", least_for_slope=0).fit(patterns, sample_weight=persons)
    other = json.loads((FIXTURES / "lsat6_mirt_1.2.0.json").read_text())
    np.testing.assert_allclose(model.discrimination_, other["discrimination"], atol=1e-6)
    np.testing.assert_allclose(
        model.parameters_[:, 1], -np.array(other["discrimination"]) * other["difficulty"], atol=1e-6
    )
    np.testing.assert_allclose(model.se_.discrimination, other["se_discrimination"], atol=1e-4)
    np.testing.assert_allclose(model.se_.difficulty, other["se_difficulty"], atol=1e-3)
    # mirt integrates over 61 Gauss-Hermite points, we over 61 equally spaced ones.
    assert model.loglik_ == pytest.approx(other["log_likelihood"], abs=1e-6)


@pytest.mark.parametrize("kind", ["rasch", "2pl", "grm"])
def test_lsat_6_is_the_maximum_that_scipy_finds(kind: Any) -> None:
    patterns, persons = lsat6()
    scores = np.repeat(patterns, persons.astype(int), axis=0)
    direct = Direct(scores, kind, np.linspace(-6, 6, 61))
    model = IRTModel(kind).fit(scores)
    np.testing.assert_allclose(free_numbers(model), direct.maximum(), atol=1e-6)
    assert model.loglik_ == pytest.approx(direct.loglik(free_numbers(model)), abs=1e-8)


@pytest.mark.parametrize("kind", ["pcm", "gpcm", "grm"])
def test_partial_credit_with_planned_gaps_is_the_maximum_that_scipy_finds(kind: Any) -> None:
    scores = partial_credit(400, 4, seed=3)
    scores[::2, 0] = np.nan
    scores[1::2, 3] = np.nan
    scores[:, 1] = np.minimum(scores[:, 1], 1)
    direct = Direct(scores, kind, np.linspace(-6, 6, 31))
    model = IRTModel(kind, nodes=31, least_for_slope=0).fit(scores)
    np.testing.assert_allclose(free_numbers(model), direct.maximum(), atol=2e-6)


@pytest.mark.parametrize("kind", ["rasch", "2pl", "gpcm", "grm"])
def test_errors_are_those_of_the_likelihoods_second_derivatives(kind: Any) -> None:
    scores = partial_credit(300, 3, seed=4) if kind in ("gpcm", "grm") else simulated(500, [1, 1.5, 0.8, 1.2], [0, 0.5, -1, 0])[0]
    scores[:150, 0] = np.nan
    direct = Direct(scores, kind, np.linspace(-6, 6, 31))
    model = IRTModel(kind, nodes=31, least_for_slope=0).fit(scores)
    expected = np.sqrt(np.diag(np.linalg.inv(-direct.hessian(free_numbers(model)))))
    own = model.se_.parameters[:, 0 if kind != "rasch" else 1 :]
    found = own[~np.isnan(own)]
    if kind == "rasch":
        found = np.append(found, model.se_.log_sds[0])
    assert model.se_.method == "louis"
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_a_sparse_table_gives_what_the_dense_one_gives() -> None:
    scores = partial_credit(500, 5, seed=5)
    scores[np.random.default_rng(0).random(scores.shape) < 0.4] = np.nan
    person, item = np.nonzero(~np.isnan(scores))
    sparse = Responses.from_long(person, item, scores[person, item].astype(int))
    for kind in ("gpcm", "grm"):
        first, second = (IRTModel(kind).fit(one) for one in (scores, sparse))
        np.testing.assert_allclose(first.parameters_, second.parameters_, atol=1e-6)
        np.testing.assert_allclose(first.se_.parameters, second.se_.parameters, rtol=1e-5)


def test_two_groups_and_their_means_are_found() -> None:
    slopes, difficulties = np.linspace(0.8, 1.6, 12), np.linspace(-1.5, 1.5, 12)
    low, _ = simulated(3000, slopes, difficulties, seed=6)
    high, _ = simulated(3000, slopes, difficulties, seed=7, mean=1.0, sd=1.3)
    low[:, 8:], high[:, :4] = np.nan, np.nan
    model = IRTModel("2pl").fit(np.vstack([low, high]), groups=["before"] * 3000 + ["later"] * 3000)
    assert model.group_distributions_[0].mean == 0.0
    assert model.group_distributions_[0].sd == 1.0
    later = model.group_distributions_[1]
    assert later.mean == pytest.approx(1.0, abs=4 * model.se_.means[1])
    assert np.log(later.sd) == pytest.approx(np.log(1.3), abs=4 * model.se_.log_sds[1])
    assert np.isnan(model.se_.means[0])
    away = (model.difficulty_ - difficulties) / model.se_.difficulty
    assert np.abs(away).max() < 4


def test_anchors_stay_and_set_the_scale() -> None:
    slopes, difficulties = np.full(10, 1.2), np.linspace(-1.5, 2.5, 10)
    scores, _ = simulated(4000, slopes, difficulties, seed=8, mean=0.8, sd=0.7)
    anchors = CalibratedItems.dichotomous(1.2, difficulties[:4], ids=[f"item{n}" for n in range(4)])
    model = IRTModel("2pl", anchors=anchors).fit(scores)
    np.testing.assert_array_equal(model.parameters_[:4], anchors.parameters)
    assert np.isnan(model.se_.parameters[:4]).all()
    assert model.group_distributions_[0].mean == pytest.approx(0.8, abs=0.1)
    assert model.group_distributions_[0].sd == pytest.approx(0.7, abs=0.1)
    assert (np.abs(model.difficulty_ - difficulties)[4:] / model.se_.difficulty[4:]).max() < 3


def test_answers_to_an_adaptive_test_calibrate_right_where_joint_estimates_do_not() -> None:
    """Items were chosen by answers given, so hard items were seen by able persons: missing at random, and far from completely so."""
    difficulties = np.linspace(-2.5, 2.5, 31)
    full, _ = simulated(4000, 1.0, difficulties, seed=9)
    shown = np.full(full.shape, np.nan)
    place = np.zeros(len(full))
    people = np.arange(len(full))
    for step in range(12):  # up after a right answer, down after a wrong one
        distance = np.abs(difficulties - place[:, None])
        distance[~np.isnan(shown)] = np.inf
        item = distance.argmin(axis=1)
        shown[people, item] = full[people, item]
        place += np.where(full[people, item] > 0, 1, -1) * 1.5 / (1 + 0.5 * step)
    model = IRTModel("rasch").fit(shown)
    found = np.abs(model.difficulty_ - difficulties)
    with np.errstate(invalid="ignore"):
        naive = -np.log(np.nanmean(shown, axis=0) / (1 - np.nanmean(shown, axis=0)))
    assert found.max() < 0.35
    assert np.sqrt((found**2).mean()) < 0.15
    assert np.abs(naive - difficulties)[[0, -1]].min() > 1.0


def test_a_prior_puts_a_new_item_where_its_author_did_and_data_take_over() -> None:
    scores, _ = simulated(2000, 1.0, [0.0, 0.5, -0.5, 1.5, 1.5], seed=10)
    scores[10:, 3] = np.nan
    scores[:, 2] = np.nan
    priors = Priors(LogNormal(), {"item2": -2.0, "item3": 0.0, "item4": 0.0}, difficulty_sd=0.3)
    model = IRTModel("2pl", priors=priors).fit(scores)
    assert model.difficulty_[2] == -2.0
    assert {flag.code for flag in model.flags_[2]} == {"never_answered", "prior_only"}
    assert model.difficulty_[3] < 0.7  # ten answers against a firm belief
    assert model.difficulty_[4] == pytest.approx(1.5, abs=0.3)  # two thousand against the same
    assert np.isfinite(model.difficulty_).all()


def test_each_guard_has_its_code_and_sentence() -> None:
    scores, _ = simulated(400, 1.5, np.zeros(8), seed=11)
    scores[:, 0] = np.nan
    scores[:, 1] = 1
    scores[:, 2] = 0
    scores[25:, 3] = np.nan
    scores[150:, 4] = np.nan
    scores[:, 7] = 1 - scores[:, 7]
    model = IRTModel("2pl").fit(scores)
    codes = [{flag.code for flag in own} for own in model.flags_]
    assert codes[0] == {"never_answered"}
    assert codes[1] == {"all_right"}
    assert codes[2] == {"all_wrong"}
    assert codes[3] == {"few_for_slope", "few_for_difficulty"}
    assert codes[4] == {"few_for_slope"}
    assert codes[5] == set()
    assert codes[7] == {"negative_slope"}
    assert np.isnan(model.difficulty_[:3]).all()
    assert np.isnan(model.se_.difficulty[:3]).all()
    assert (model.discrimination_[[3, 4]] == 1).all()
    assert model.items_.ids == tuple(f"item{n}" for n in range(3, 8))
    assert all(flag.message for own in model.flags_ for flag in own)


def test_booklets_without_a_common_item_are_flagged() -> None:
    scores, _ = simulated(600, 1.0, np.zeros(7), seed=12)
    scores[:300, 4:] = np.nan
    scores[300:, :4] = np.nan
    model = IRTModel("rasch").fit(scores)
    assert [[flag.code for flag in own] for own in model.flags_] == [[]] * 4 + [["disconnected"]] * 3
    with pytest.raises(ValueError, match="group 'b': found no chain of common items"):
        IRTModel("rasch").fit(scores, groups=["a"] * 300 + ["b"] * 300)


def test_a_search_cut_short_says_so() -> None:
    patterns, persons = lsat6()
    with pytest.warns(CalibrationWarning, match="no end after 2 steps"):
        model = IRTModel("2pl", most_steps=2, least_for_slope=0).fit(patterns, sample_weight=persons)
    assert not model.converged_
    assert all("not_converged" in {flag.code for flag in own} for own in model.flags_)


def test_a_score_nobody_had_and_an_estimate_at_its_bound_are_flagged() -> None:
    scores = partial_credit(300, 4, seed=13)
    scores[scores[:, 0] == 1, 0] = 2
    model = IRTModel("pcm").fit(scores)
    assert [flag.code for flag in model.flags_[0]] == ["empty_score"]
    same = simulated(400, 1.0, np.zeros(3), seed=14)[0]
    same[:, 1] = same[:, 0]  # two items answered alike: their slopes run away
    codes = {flag.code for own in IRTModel("2pl").fit(same).flags_ for flag in own}
    assert "at_bound" in codes


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: IRTModel("2pl").fit(x + 1), "expected 0 and 1"),
        (lambda x: IRTModel("3pl").fit(x), "found kind '3pl'"),  # type: ignore[arg-type]
        (lambda x: IRTModel().fit(x, sample_weight=[1.0]), "sample_weight of shape"),
        (lambda x: IRTModel().fit(x, sample_weight=[-1.0] * len(x)), "sample_weight below 0"),
        (lambda x: IRTModel().fit(x, groups=["a"]), "found 1 group labels"),
        (lambda x: IRTModel().fit(x, item_ids=["a", "a", "b"]), "expected 3 different"),
        (lambda x: IRTModel().fit(x * 0), "no item with an estimate"),
        (lambda x: IRTModel().set_params(kinds="2pl"), "found parameter 'kinds'"),
        (lambda x: IRTModel(anchors=CalibratedItems.dichotomous(1, [0.0], ["z"])).fit(x), "found no anchor"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_reason(call: Any, message: str) -> None:
    scores, _ = simulated(50, 1.0, np.zeros(3), seed=15)
    with pytest.raises(ValueError, match=message):
        call(scores)


def test_parameters_are_read_and_set_as_scikit_learn_does() -> None:
    model = IRTModel("rasch", nodes=31)
    assert IRTModel(**model.get_params()).get_params() == model.get_params()
    assert model.set_params(nodes=41).nodes == 41
