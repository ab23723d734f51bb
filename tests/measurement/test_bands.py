"""Bands: probabilities against normal tables and brute force, decisions, and what is said when evidence does not do."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from bdhvs.measurement.bands import Bands, by_help, classify, decide, probabilities, reached, reached_on_grid
from bdhvs.measurement.cut_scores import level_cuts

SURE = Bands.between(("below", "co_ban", "trung_cap"), [-1.0, 1.0])
VAGUE = Bands.between(("below", "co_ban", "trung_cap"), [-1.0, 1.0], [0.2, 0.3])


def test_probabilities_are_areas_under_the_normal_curve() -> None:
    found = classify([0.5], [0.4], SURE)
    expected = np.diff([0, norm.cdf(-1, 0.5, 0.4), norm.cdf(1, 0.5, 0.4), 1])
    np.testing.assert_allclose(found.probabilities[0], expected, rtol=1e-9)
    assert found.code(0) == "co_ban"
    assert found.certainty[0] == pytest.approx(0.89435 - 0.00009, abs=1e-5)  # Φ(1.25) − Φ(−3.75), from a table


def test_the_error_of_the_cut_counts_like_that_of_the_person() -> None:
    rng, n = np.random.default_rng(3), 400_000
    theta = rng.normal(0.5, 0.4, n)
    cuts = rng.normal(VAGUE.cuts, VAGUE.se, (n, 2))
    simulated = (theta[:, None] >= cuts).mean(axis=0)
    np.testing.assert_allclose(reached([0.5], [0.4], VAGUE)[0], simulated, atol=4 * 0.5 / np.sqrt(n))


def test_below_the_certainty_there_is_no_band_but_what_is_reached_for_sure() -> None:
    found = classify([0.9, 0.9, -3.0, np.nan, 0.9], [0.4, 0.01, 0.4, 0.4, np.nan], SURE)
    assert [found.code(n) for n in range(5)] == ["insufficient", "co_ban", "below", "no_estimate", "no_estimate"]
    assert found.at_least.tolist() == [1, 1, 0, -1, -1]
    assert found.band.tolist() == [-1, 1, 0, -1, -1]
    assert np.isnan(found.probabilities[3:]).all()


def test_without_tasks_of_this_kind_nothing_is_said_however_sure_the_estimate_looks() -> None:
    found = classify([3.0, 3.0, np.nan], [0.2, 0.2, 0.2], SURE, answered=[2, 3, 0])
    assert [found.code(n) for n in range(3)] == ["insufficient", "trung_cap", "no_estimate"]
    assert found.at_least.tolist() == [0, 2, -1]
    with pytest.raises(ValueError, match="one for each"):
        classify([3.0], [0.2], SURE, answered=[3, 3])


def test_help_carries_over_the_lowest_cut_only() -> None:
    with_help, alone = reached([1.5, -0.2], 0.3, SURE), reached([-0.2, 0.4], 0.3, SURE)
    found = decide(by_help(with_help, alone), SURE)
    assert found.code(0) == "co_ban"  # with help as if at 1.5, alone at -0.2
    np.testing.assert_allclose(by_help(with_help, alone, guided=2), with_help)
    assert (np.diff(by_help(with_help, alone), axis=1) <= 0).all()
    with pytest.raises(ValueError, match="guided cuts"):
        by_help(with_help, alone, guided=3)


@settings(max_examples=80, deadline=None)
@given(st.floats(-4, 4), st.floats(0, 2), st.floats(0, 1), st.floats(0, 1), st.floats(0.51, 0.99))
def test_laws_of_bands(ability: float, se: float, first: float, second: float, certainty: float) -> None:
    bands = Bands.between(("a", "b", "c"), [-0.5, 0.7], [first, second])
    chance = reached([ability, ability + 0.1], [se, se], bands)
    shares = probabilities(chance)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    assert (shares >= 0).all()
    assert (chance[1] >= chance[0] - 1e-12).all()  # more ability never passes a cut less surely
    found = decide(chance, bands, certainty)
    for band, at_least in zip(found.band, found.at_least, strict=True):
        assert band in (-1, at_least)


def test_a_grid_gives_what_the_normal_curve_gives() -> None:
    nodes = np.linspace(-6, 6, 61)
    for mean, sd in ((0.5, 0.4), (-1.3, 0.6), (2.0, 0.5)):
        posterior = norm.pdf(nodes, mean, sd)[None] * 7.0
        for bands in (SURE, VAGUE):
            # A bin's even spread adds 0.2²/12 to the variance: 0.006 at most here.
            np.testing.assert_allclose(reached_on_grid(nodes, posterior, bands), reached([mean], [sd], bands), atol=0.01)


def test_a_grid_does_not_jump_where_a_cut_crosses_a_node() -> None:
    nodes, one = np.linspace(-2, 2, 21), np.eye(21)[10:11]  # all at 0, bin -0.1 to 0.1
    at = [reached_on_grid(nodes, one, Bands.between(("a", "b"), [cut]))[0, 0] for cut in (-0.1, -0.05, 0.0, 0.05, 0.1)]
    np.testing.assert_allclose(at, [1, 0.75, 0.5, 0.25, 0], atol=1e-9)
    smooth = reached_on_grid(nodes, one, Bands.between(("a", "b"), [0.05], 0.3))[0, 0]
    points = np.linspace(-0.1, 0.1, 20_001)
    assert smooth == pytest.approx(norm.cdf((points - 0.05) / 0.3).mean(), abs=1e-6)


def test_an_empty_posterior_is_no_estimate() -> None:
    nodes = np.linspace(-2, 2, 21)
    found = decide(reached_on_grid(nodes, np.zeros((1, 21)), SURE), SURE)
    assert found.code(0) == "no_estimate"


def test_bands_begin_at_their_lowest_level_and_end_where_cuts_end() -> None:
    at = [level - 3 + off for level in (1, 2, 3, 4) for off in (-0.2, -0.1, 0, 0.1, 0.2)]
    cuts = level_cuts(at, np.repeat([1, 2, 3, 4], 5), wanted=range(1, 7))
    bands = Bands.of_levels(cuts, {"co_ban": (1, 2), "trung_cap": (3, 4), "nang_cao": (5, 6)})
    assert bands.names == ("below", "co_ban", "trung_cap")
    np.testing.assert_allclose(bands.cuts, [-2, 0], atol=1e-9)
    assert bands.unmeasured == ("nang_cao",)
    with pytest.raises(ValueError, match="lowest band has no cut"):
        Bands.of_levels(cuts, {"nang_cao": (5, 6)})


def test_bands_named_are_as_often_right_as_they_are_said_to_be() -> None:
    rng = np.random.default_rng(11)
    theta = rng.normal(0, 1.2, 20_000)
    noise = 0.5
    mean = 1.44 / (1.44 + noise**2) * (theta + rng.normal(0, noise, 20_000))
    found = classify(mean, np.sqrt(1.44 * noise**2 / (1.44 + noise**2)), SURE)
    named = found.band >= 0
    right = (found.band == (theta[:, None] >= SURE.cuts).sum(axis=1))[named]
    assert right.mean() == pytest.approx(found.certainty[named].mean(), abs=0.01)
    assert right.mean() > 0.8


def test_wrong_input_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fall"):
        Bands.between(("a", "b", "c"), [1.0, 0.0])
    with pytest.raises(ValueError, match="one band more than cuts"):
        Bands.between(("a", "b"), [0.0, 1.0])
    with pytest.raises(ValueError, match="certainty of"):
        classify([0.0], [1.0], SURE, certainty=0.4)
    with pytest.raises(ValueError, match="equally spaced"):
        reached_on_grid([0, 1, 3], [[1, 1, 1]], SURE)
    with pytest.raises(ValueError, match="negative standard error"):
        reached([0.0], [-1.0], SURE)
