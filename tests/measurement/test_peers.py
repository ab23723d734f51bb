"""Ours beside other programs, on data with planned gaps: figures of `benchmarks/peers.py`, and those that R programs print.

Where R's output is quoted, the page it was read on and its version stand beside it; R itself was not run here.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")
import numpy as np

from bdhvs.measurement import ability
from bdhvs.measurement.agreement import agreement
from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.calibration import IRTModel
from bdhvs.measurement.classical import item_statistics
from bdhvs.measurement.classification import sum_score_distribution
from bdhvs.measurement.exact_shares import exact_interval
from bdhvs.measurement.grids import Normal, nodes, weights
from bdhvs.measurement.growth import group_growth
from bdhvs.measurement.logistic_dif import logistic_dif
from bdhvs.measurement.mantel_haenszel import mantel_haenszel
from bdhvs.measurement.multiplicity import benjamini_hochberg
from bdhvs.measurement.omega import one_factor
from bdhvs.measurement.random_effects import random_effects
from bdhvs.measurement.reliability import alpha, alpha_without_each
from bdhvs.measurement.reliable_change import reliable_change
from bdhvs.measurement.responses import Responses
from tests.measurement.classical_data import (
    EASY_TO_HARD,
    FIXTURES,
    counted,
    right_or_wrong,
    several_scores,
    steps_with_gaps,
    with_planned_gaps,
)
from tests.measurement.published import BCG, BERKELEY, PAIRS, SHROUT_FLEISS, TWICE_MEASURED

PEERS = json.loads((FIXTURES / "peers.json").read_text())
MIRT = PEERS["mirt"]
EVERY = 23  # as in benchmarks/peers.py


def table_of(kind: str) -> Any:
    return with_planned_gaps(counted("lsat7.csv")) if kind in ("rasch", "2pl") else steps_with_gaps()


def by_mirt(kind: str) -> CalibratedItems:
    """Its items in our parameters. It scales abilities to a deviation of 1, so equal slopes are not 1 there."""
    theirs = MIRT[kind]
    slope = np.array(theirs["discrimination"], float).ravel()
    if kind in ("2pl", "rasch"):
        return CalibratedItems.dichotomous(slope, theirs["difficulty"])
    steps = np.array(theirs["thresholds" if kind == "grm" else "steps"], float)
    intercepts = -slope[:, None] * (steps if kind == "grm" else np.cumsum(steps, axis=1))
    intercepts[0, 1:] = np.nan  # the first item has scores up to 1; mirt fills up with zeros
    return CalibratedItems(
        tuple("abcdef"), np.column_stack([slope, intercepts]), "graded" if kind == "grm" else "partial_credit"
    )


@pytest.mark.parametrize("sparse", [False, True], ids=["dense", "sparse"])
@pytest.mark.parametrize("kind", ["rasch", "2pl", "pcm", "gpcm", "grm"])
def test_planned_gaps_calibrate_as_mirt_has_them(kind: Any, sparse: bool) -> None:
    """Ours sums over 61 equal steps, theirs over 61 Gauss-Hermite points; with persons who saw four items in six both are enough."""
    table = table_of(kind)
    person, item = np.nonzero(~np.isnan(table))
    data = Responses.from_long(person, item, table[person, item].astype(int)) if sparse else table
    model = IRTModel(kind, least_for_slope=0).fit(data)
    assert model.loglik_ == pytest.approx(MIRT[kind]["log_likelihood"], abs=1e-6)
    spread = model.group_distributions_[0].sd
    ours = np.column_stack([model.parameters_[:, 0] * spread, model.parameters_[:, 1:]])
    np.testing.assert_allclose(ours, by_mirt(kind).parameters, atol=1e-5)


@pytest.mark.parametrize("method", ["eap", "map", "ml", "wle"])
@pytest.mark.parametrize("kind", ["2pl", "gpcm", "grm"])
def test_abilities_are_mirt_s(kind: str, method: Any) -> None:
    items, table = by_mirt(kind), table_of(kind)[::EVERY]
    theta, error = ability.estimate(Responses.dense(table), items.family, items.parameters, method)
    theirs, their_error = np.array(MIRT[kind]["abilities"][method.upper()], float)
    inside = np.isfinite(theta)  # of all right and all wrong "ml" says ∞ and mirt its bound of 8
    assert (np.abs(theirs[~inside]) > 7.9).all()
    np.testing.assert_allclose(theta[inside], theirs[inside], atol=1e-5)
    if (kind, method) == (
        "grm",
        "map",
    ):  # mirt takes the curvature at the person's own answers there, we its expectation
        error = curvature_error(items, table, theta)
    np.testing.assert_allclose(error[inside], their_error[inside], rtol=1e-4)


def curvature_error(items: CalibratedItems, table: Any, theta: Any, step: float = 1e-3) -> Any:
    """1/√(1 − l″(θ)), l each person's log-likelihood, 1 from the standard normal prior."""
    shown = ~np.isnan(table)
    cell = items.cells.first + np.where(shown, table, 0).astype(int)
    ahead, here, behind = (items.log_probabilities(theta + by) for by in (step, 0.0, -step))
    bend = (ahead - 2 * here + behind) / step**2
    person = np.arange(len(table))[:, None]
    return 1 / np.sqrt(1 - np.where(shown, bend[cell, person], 0).sum(axis=1))


def test_lsat_7_is_as_r_s_mirt_prints_it() -> None:
    # R package mirt, tests/testthat/test-01-mirtOne.R (github.com/philchalmers/mirt at 099d6d7): the fit by SE.type = "SEM", whose EM
    # runs longest; printed to 4 places, its own test allows 1e-2. Log-likelihood: mirt 1.45.5, reference/mirt2traditional.
    table = counted("lsat7.csv")
    model = IRTModel("2pl", least_for_slope=0).fit(table)
    np.testing.assert_allclose(model.discrimination_, [0.9876, 1.0808, 1.7075, 0.7650, 0.7357], atol=1e-4)
    np.testing.assert_allclose(model.parameters_[:, 1], [1.8559, 0.8080, 1.8052, 0.4860, 1.8545], atol=1e-4)
    assert model.loglik_ == pytest.approx(-2658.805, abs=5e-4)
    # the same file: equal slopes (modm4), and Rasch of LSAT-6 with its variance (modm3, SEM); printed to 3 places
    equal = IRTModel("rasch").fit(table)
    np.testing.assert_allclose(equal.group_distributions_[0].sd, 1.011, atol=6e-4)
    np.testing.assert_allclose(equal.parameters_[:, 1], [1.868, 0.791, 1.461, 0.521, 1.993], atol=6e-4)
    six = IRTModel("rasch").fit(counted("lsat6.csv"))
    np.testing.assert_allclose(six.parameters_[:, 1], [2.730, 0.999, 0.240, 1.306, 2.099], atol=1.1e-3)
    assert six.group_distributions_[0].sd ** 2 == pytest.approx(0.57, abs=3e-3)


def test_abilities_of_lsat_7_are_those_r_s_mirt_prints() -> None:
    # The same file: fscores of the first six patterns, EAP (fm1) and MAP (fm2), which its own test holds to 1e-2.
    table = counted("lsat7.csv")
    model = IRTModel("2pl", least_for_slope=0).fit(table)
    first = [[0, 0, 0, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, 1, 0], [0, 0, 0, 1, 1], [0, 0, 1, 0, 0], [0, 0, 1, 0, 1]]
    eap, _ = model.ability(np.array(first, float), "eap")
    mode, _ = model.ability(np.array(first, float), "map")
    np.testing.assert_allclose(eap, [-1.8665957, -1.5266920, -1.5134024, -1.1852276, -1.0946830, -0.7666992], atol=1e-2)
    np.testing.assert_allclose(
        mode, [-1.8165552, -1.4946906, -1.4822982, -1.1789899, -1.0958928, -0.7951026], atol=1e-2
    )


def test_abilities_by_sum_score_are_those_r_s_mirt_prints() -> None:
    # The same file, fm6 (EAPsum): ability and error of each sum score, and how many persons are expected to have it. The fit behind
    # them ended sooner than ours, so the last of their seven digits do not count. Ours: Lord and Wingersky's recursion over the grid.
    items = IRTModel("2pl", least_for_slope=0).fit(counted("lsat7.csv")).items_
    at = nodes(61)
    joint = sum_score_distribution(items, at) * weights(at, Normal())
    share = joint.sum(axis=1)
    mean = joint @ at / share
    error = np.sqrt(joint @ at**2 / share - mean**2)
    np.testing.assert_allclose(mean, [-1.86979, -1.431861, -0.9488463, -0.4131963, 0.1517289, 0.7271877], atol=1e-4)
    np.testing.assert_allclose(error, [0.6927032, 0.6838697, 0.6942298, 0.7210951, 0.758772, 0.8009335], atol=1e-4)
    np.testing.assert_allclose(1000 * share, [10.08994, 44.65882, 109.773, 207.7391, 319.1854, 308.5536], atol=2e-2)


#: R package ltm, factor.scores(ltm(LSAT ~ z1)): pattern, ability and its error, as printed at rpubs.com (rstudio-pubs-static 1049111)
LTM_SCORES = [
    ("00000", -1.895, 0.795), ("00001", -1.479, 0.796), ("00010", -1.460, 0.796), ("00011", -1.041, 0.800),
    ("00100", -1.331, 0.797), ("00111", -0.463, 0.812), ("01000", -1.438, 0.796), ("01011", -0.573, 0.809),
    ("01111", 0.023, 0.828), ("10000", -1.373, 0.797), ("10101", -0.373, 0.815), ("11011", -0.022, 0.827),
    ("11101", 0.117, 0.832), ("11110", 0.139, 0.833), ("11111", 0.606, 0.855),
]  # fmt: skip


def test_modes_of_lsat_6_and_their_errors_are_ltm_s() -> None:
    slope = [0.8253715, 0.7229499, 0.8904748, 0.6885502, 0.6574516]  # coef(), on the same page
    items = CalibratedItems.dichotomous(slope, [-3.3597341, -1.3696497, -0.2798983, -1.8659189, -3.1235725])
    scores = np.array([[float(one) for one in pattern] for pattern, _, _ in LTM_SCORES])
    theta, error = ability.estimate(Responses.dense(scores), items.family, items.parameters, "map")
    np.testing.assert_allclose(theta, [one for _, one, _ in LTM_SCORES], atol=6e-4)
    np.testing.assert_allclose(error, [one for _, _, one in LTM_SCORES], atol=6e-4)


def test_admissions_at_berkeley_are_as_r_s_mantelhaen_test_has_them() -> None:
    # R datasets and stats, mantelhaen.test(UCBAdmissions), in the package vcdExtra's article on tests: X² 1.4269, p 0.2323 with
    # correction, odds ratio 0.9046968, interval 0.7719074 to 1.0603298; without correction 1.5246 and 0.2169 (M. Irwin, stat 149).
    cells = np.array(BERKELEY)  # men's and women's admitted and rejected
    right = np.concatenate([np.repeat([1, 1, 0, 0], row) for row in cells])
    women = np.concatenate([np.repeat([0, 1, 0, 1], row) for row in cells])
    department = np.repeat(np.arange(6), cells.sum(axis=1))
    found = mantel_haenszel(right, women, department)
    assert found.odds_ratio == pytest.approx(0.9046968, abs=5e-8)
    assert (found.low, found.high) == pytest.approx((0.7719074, 1.0603298), abs=5e-8)
    assert (found.chi_square, found.p) == pytest.approx((1.4269, 0.2323), abs=5e-5)
    plain = mantel_haenszel(right, women, department, continuity=False)
    assert (plain.chi_square, plain.p) == pytest.approx((1.5246, 0.2169), abs=5e-5)
    assert found.category == "A"


def test_intraclass_correlations_are_pingouin_s_and_r_s() -> None:
    found = agreement(np.array(SHROUT_FLEISS).T)
    ours = (found.single, found.average, found.single_order, found.average_order)
    theirs = [PEERS["pingouin"]["intraclass"][one] for one in ("ICC(A,1)", "ICC(A,k)", "ICC(C,1)", "ICC(C,k)")]
    assert ours == pytest.approx(theirs, abs=1e-12)
    assert ours == pytest.approx(
        (0.2897638, 0.6200505, 0.7148407, 0.9093155), abs=5e-8
    )  # R package irr, icc(sf), 7 places


def test_variance_between_trials_is_pymare_s() -> None:
    table = np.array(BCG, float)
    a, b, c, d = table[:, :4].T
    y, v = np.log(a / (a + b) / (c / (c + d))), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)
    for name, design in (("mean", None), ("latitude", np.column_stack([np.ones(13), table[:, 4]]))):
        found, theirs = random_effects(y, v, design), PEERS["pymare"][name]
        assert found.between == pytest.approx(theirs["between"], abs=1e-6)  # it searches by Nelder and Mead
        np.testing.assert_allclose(np.sort(found.coefficients), np.sort(theirs["coefficients"]), atol=1e-6)


def test_the_effect_of_pairs_is_pingouin_s_and_the_index_of_change_mirt_s() -> None:
    assert group_growth(*PAIRS).effect.value == pytest.approx(PEERS["pingouin"]["effect"], abs=1e-12)
    np.testing.assert_allclose(reliable_change(*TWICE_MEASURED).index, MIRT["reliable_change"]["index"], atol=1e-12)


def test_classical_figures_are_mirt_s() -> None:
    table, theirs = (
        right_or_wrong(80, EASY_TO_HARD, seed=1),
        MIRT["classical"],
    )  # pingouin's: test_reliability, test_classical
    assert alpha(table).value == pytest.approx(theirs["alpha"], abs=1e-12)
    np.testing.assert_allclose(item_statistics(table).item_rest, theirs["item_rest"], atol=1e-12)
    np.testing.assert_allclose(alpha_without_each(table), theirs["alpha_without_each"], atol=1e-12)


@pytest.mark.parametrize(
    ("name", "table"),
    [("ones and zeros", right_or_wrong(80, EASY_TO_HARD, seed=1)), ("several scores", several_scores(60, 6, seed=2))],
)
def test_loadings_by_maximum_likelihood_are_statsmodels(name: str, table: Any) -> None:
    theirs = np.array(PEERS["statsmodels"]["loadings"][name])  # sign is free; factor_analyzer's: test_reliability
    found = one_factor(np.corrcoef(table, rowvar=False), "ml").loadings
    np.testing.assert_allclose(found, theirs * np.sign(theirs.sum()), atol=1e-5)


def test_classes_of_one_size_have_statsmodels_cluster_error_and_the_t_interval_of_their_means() -> None:
    from scipy.stats import ttest_1samp

    found = group_growth(*PAIRS, [str(one) for one in np.repeat([0, 1, 2, 3], 3)])
    assert found.error == pytest.approx(
        PEERS["statsmodels"]["error of four classes"], rel=1e-12
    )  # CR2 and CR1 are one then
    means = np.subtract(*PAIRS[::-1]).reshape(4, 3).mean(axis=1)
    theirs = ttest_1samp(means, 0).confidence_interval()
    assert (found.low, found.high, found.freedom) == pytest.approx((theirs.low, theirs.high, 3))


@pytest.mark.parametrize("item", [1, 4])
def test_logistic_differences_are_scikit_learn_s(item: int) -> None:
    table, theirs = right_or_wrong(80, EASY_TO_HARD, seed=1), PEERS["sklearn"][str(item)]  # statsmodels': test_dif
    found = logistic_dif(table[:, item], np.arange(80) % 2, table.sum(axis=1))
    ours = (found.uniform_chi_square, found.nonuniform_chi_square, found.log_odds[0])
    assert ours == pytest.approx((theirs["uniform"], theirs["nonuniform"], theirs["log_odds"]), abs=1e-5)


def test_adjusted_p_values_and_exact_intervals_are_scipy_s() -> None:
    from scipy.stats import binomtest, false_discovery_control

    p = [0.01, 0.04, 0.03, 0.005, 0.2, 0.9, 0.04]  # statsmodels': test_dif
    np.testing.assert_allclose(benjamini_hochberg(p), false_discovery_control(p), rtol=1e-12)
    for right, persons, confidence in ((0, 7, 0.95), (3, 20, 0.9), (25, 25, 0.99)):
        theirs = binomtest(right, persons).proportion_ci(confidence, method="exact")
        ours = exact_interval(right, persons, confidence)
        np.testing.assert_allclose(ours, (theirs.low, theirs.high), atol=1e-9)
