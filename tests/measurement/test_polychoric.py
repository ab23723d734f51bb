"""Polychoric correlations: against semopy on LSAT-6, against the likelihood by scipy's own bivariate normal, and laws."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import multivariate_normal, norm

from bdhvs.measurement.bivariate_normal import area, density
from bdhvs.measurement.polychoric import polychoric
from tests.measurement.classical_data import counted, several_scores, with_planned_gaps


@pytest.mark.parametrize("r", [-0.995, -0.7, 0.0, 0.3, 0.95, 0.99])
@pytest.mark.parametrize("limits", [(0.2, -1.0), (1.5, 1.4), (-2.0, 0.0)])
def test_areas_are_scipy_s(r: float, limits: tuple[float, float]) -> None:
    theirs = multivariate_normal([0, 0], [[1, r], [r, 1]]).cdf(limits)
    assert float(area(*limits, r)) == pytest.approx(theirs, abs=1e-9)


def test_the_density_is_the_slope_of_the_area() -> None:
    slope = (area(0.4, -0.7, 0.3 + 1e-5) - area(0.4, -0.7, 0.3 - 1e-5)) / 2e-5
    assert float(density(0.4, -0.7, 0.3)) == pytest.approx(float(slope), rel=1e-8)


def by_likelihood(one: np.ndarray, other: np.ndarray) -> float:
    """Olsson's two steps with scipy's areas and a search of its own."""
    shown = ~np.isnan(one) & ~np.isnan(other)
    x, y = (np.unique(column[shown], return_inverse=True)[1] for column in (one, other))
    table = np.zeros((x.max() + 1, y.max() + 1))
    np.add.at(table, (x, y), 1)
    ends = [np.r_[-9, norm.ppf(np.cumsum(table.sum(axis=axis))[:-1] / table.sum()), 9] for axis in (1, 0)]

    def loss(r: float) -> float:
        shape = multivariate_normal([0, 0], [[1, r], [r, 1]])
        corner = np.array([[shape.cdf([h, k]) for k in ends[1]] for h in ends[0]])
        chance = np.diff(np.diff(corner, axis=0), axis=1)
        return -float((table * np.log(np.maximum(chance, 1e-12))).sum())

    return float(minimize_scalar(loss, bounds=(-0.99, 0.99), method="bounded", options={"xatol": 1e-7}).x)


def test_lsat_6_is_as_semopy_has_it() -> None:
    # semopy 2.3.11 (PyPI), polycorr.polychoric_corr, with scipy 1.17's multivariate_normal.cdf for its mvnun, which that scipy lost.
    theirs = [0.170316, 0.227523, 0.107187, 0.066501, 0.189091, 0.111148, 0.172422, 0.18668, 0.105493, 0.200924]
    found = polychoric(counted("lsat6.csv")).correlations
    np.testing.assert_allclose(found[np.triu_indices(5, 1)], theirs, atol=2e-6)


def test_scores_of_several_steps_with_gaps_are_those_of_the_likelihood() -> None:
    table = with_planned_gaps(several_scores(300, 4, seed=5))
    found = polychoric(table)
    assert found.correlations[0, 1] == pytest.approx(by_likelihood(table[:, 0], table[:, 1]), abs=2e-5)
    assert found.correlations[1, 2] == pytest.approx(by_likelihood(table[:, 1], table[:, 2]), abs=2e-5)
    assert found.persons[0, 1] == (~np.isnan(table[:, :2])).all(axis=1).sum()


def test_an_empty_cell_is_no_certainty_and_an_item_without_spread_has_no_correlation() -> None:
    one = np.repeat([0.0, 1.0, 1.0, 1.0], 10)
    other = np.repeat([0.0, 0.0, 1.0, 1.0], 10)
    found = polychoric(np.column_stack([one, other, np.ones(40)]))
    assert 0.5 < found.correlations[0, 1] < 0.99
    assert np.isnan(found.correlations[2]).all()
    assert polychoric(np.column_stack([one, other]), empty=0).at_bound[0, 1]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=15, max_size=40))
def test_turning_an_item_turns_the_sign_and_order_does_not_matter(rows: list[tuple[int, int]]) -> None:
    table = np.array(rows, float)
    if min(len(np.unique(column)) for column in table.T) < 2:
        return
    found = polychoric(table).correlations[0, 1]
    assert -1 < found < 1
    assert polychoric(table[::-1, ::-1]).correlations[0, 1] == pytest.approx(found, abs=1e-6)
    turned = np.column_stack([table[:, 0], 2 - table[:, 1]])
    assert polychoric(turned).correlations[0, 1] == pytest.approx(-found, abs=1e-6)
