"""Bock's nominal model: against mirt 1.2.0's fit; 2PL as its special case; laws."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("numpy")
import numpy as np

from bdhvs.measurement.calibration import IRTModel
from bdhvs.measurement.nominal import NONE, NominalItems, fit_nominal, toward
from tests.measurement.classical_data import FIXTURES, counted

PEER = json.loads((FIXTURES / "peers_fit.json").read_text())["nominal"]


def test_slopes_intercepts_and_likelihood_are_mirt_s() -> None:
    choices = np.array(PEER["choices"], dtype=np.int8)
    found = toward(fit_nominal(choices, [3] * 8, slope_sd=np.inf, intercept_sd=np.inf), [2] * 8)
    theirs = toward_last(np.array(PEER["slopes"]))
    assert found.converged
    # Both sum over 41 points, theirs Gauss-Hermite's, ours equal steps.
    assert found.loglik == pytest.approx(PEER["log_likelihood"], abs=2e-3)
    intercepts = np.array(PEER["intercepts"])
    np.testing.assert_allclose(np.array(found.slopes), theirs - theirs.mean(axis=1, keepdims=True), atol=5e-3)
    np.testing.assert_allclose(
        np.array(found.intercepts), intercepts - intercepts.mean(axis=1, keepdims=True), atol=5e-3
    )


def toward_last(slopes: np.ndarray) -> np.ndarray:
    centred = slopes - slopes.mean(axis=1, keepdims=True)
    return slopes if centred[:, 2].sum() >= 0 else -slopes


def test_with_two_options_it_is_the_two_parameter_model() -> None:
    table = counted("lsat7.csv")
    found = toward(fit_nominal(table.astype(np.int8), [2] * 5, np.inf, np.inf), [1] * 5)
    model = IRTModel("2pl", least_for_slope=0, nodes=41, errors=False).fit(table)
    np.testing.assert_allclose([a[1] - a[0] for a in found.slopes], model.discrimination_, atol=1e-3)
    np.testing.assert_allclose([c[1] - c[0] for c in found.intercepts], model.parameters_[:, 1], atol=1e-3)
    assert found.loglik == pytest.approx(model.loglik_, abs=1e-4)


def test_chances_add_up_priors_hold_what_nobody_chose_and_gaps_are_left_out() -> None:
    rng = np.random.default_rng(2)
    true = NominalItems((np.array([1.0, 0.0, -1.0]),) * 10, (np.array([0.5, 0.0, -0.5]),) * 10, 0.0, True)
    choices = true.draw(rng.normal(0, 1, 300), rng)
    choices[rng.random(choices.shape) < 0.2] = NONE
    found = toward(fit_nominal(choices, [4] * 10), [0] * 10)  # option 3 was never chosen
    for item in range(10):
        np.testing.assert_allclose(found.chances(item, np.linspace(-3, 3, 7)).sum(axis=0), 1)
        assert abs(found.slopes[item].sum()) < 1e-9
        assert found.chances(item, np.zeros(1))[3, 0] < 0.05
    order = rng.permutation(300)
    again = toward(fit_nominal(choices[order], [4] * 10), [0] * 10)
    np.testing.assert_allclose(np.array(again.slopes), np.array(found.slopes), atol=2e-3)
    mean, sd = found.abilities(np.full((1, 10), NONE, dtype=np.int8))
    assert (mean[0], sd[0]) == (pytest.approx(0, abs=1e-9), pytest.approx(1, abs=1e-3))


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="person 0, item 1: found option 3, expected 0 to 2"):
        fit_nominal(np.array([[0, 3]], dtype=np.int8), [3, 3])
    with pytest.raises(ValueError, match="numbers of options"):
        fit_nominal(np.array([[0, 1]], dtype=np.int8), [3])
