"""Dimensions: what is simulated with one or two is found; residual correlations are mirt's."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")
import numpy as np

from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.cautions import codes
from bdhvs.measurement.dimensionality import one_dimension, parallel_analysis
from bdhvs.measurement.drawing import draw_scores
from bdhvs.measurement.residual_correlations import dependent_pairs, q3
from tests.measurement.classical_data import FIXTURES

PEERS = json.loads((FIXTURES / "peers_fit.json").read_text())["person_fit"]


def answers(correlation: float, persons: int = 500, count: int = 12) -> np.ndarray:
    """Two abilities, half of the items each."""
    rng = np.random.default_rng(6)
    items = CalibratedItems.dichotomous(rng.lognormal(0.2, 0.2, count), rng.normal(0, 1, count))
    first, second = rng.multivariate_normal([0, 0], [[1, correlation], [correlation, 1]], persons).T
    table = draw_scores(items, first, rng).astype(float)
    table[:, count // 2 :] = draw_scores(items, second, rng)[:, count // 2 :]
    return table


def test_one_ability_is_one_dimension_and_two_are_two() -> None:
    one, two = answers(1.0), answers(0.3)
    assert (parallel_analysis(one, draws=20).dimensions, parallel_analysis(two, draws=20).dimensions) == (1, 2)
    assert one_dimension(one, draws=19).p > 0.05
    assert one_dimension(two, draws=19).p == pytest.approx(0.05)  # the smallest that 19 draws can give


def test_eigenvalues_add_up_to_the_items_and_gaps_and_idle_items_are_said() -> None:
    table = answers(1.0, persons=150)
    table[:, 3] = 1
    table[::3, 0] = np.nan
    found = parallel_analysis(table, draws=5)
    assert found.eigenvalues.sum() == pytest.approx(11)
    assert found.chance_mean.sum() == pytest.approx(11, abs=1e-6)
    assert found.left_out == (3,)
    assert codes(found.cautions) == ("too_few_persons",)
    assert 0 < found.share < 1


def test_booklets_without_a_common_learner_and_too_few_items_are_refused() -> None:
    table = answers(1.0, persons=60)
    with pytest.raises(ValueError, match="expected at least 4"):
        parallel_analysis(table[:, :3])
    table[:30, :6], table[30:, 6:] = np.nan, np.nan
    with pytest.raises(ValueError, match="nobody answered both"):
        one_dimension(table)


@pytest.mark.parametrize("kind", ["2pl", "gpcm", "grm"])
def test_residual_correlations_are_those_of_plain_residuals_and_of_standardised_ones_mirt_s(kind: str) -> None:
    # Yen's are of x − E. mirt 1.2.0 divides by the score's deviation first: from our chances so divided come its figures.
    theirs = PEERS[kind]
    table = np.where(np.array(theirs["responses"]) < 0, np.nan, np.array(theirs["responses"], float))
    family = "graded" if kind == "grm" else "partial_credit"
    items = CalibratedItems(tuple(f"i{n}" for n in range(table.shape[1])), np.array(theirs["parameters"]), family)
    chance = np.exp(items.log_probabilities(theirs["abilities"])).reshape(table.shape[1], -1, len(table))
    score = np.arange(chance.shape[1])
    mean, square = (np.einsum("ikp,k->pi", chance, score**power) for power in (1, 2))
    plain = np.ma.masked_invalid(table - mean)
    off = ~np.eye(table.shape[1], dtype=bool)
    np.testing.assert_allclose(q3(table, items, theirs["abilities"])[off], pairwise(plain)[off], atol=1e-9)
    divided = plain / np.sqrt(square - mean**2)
    np.testing.assert_allclose(pairwise(divided)[off], np.array(theirs["q3"])[off], atol=1e-6)


def pairwise(residuals: np.ma.MaskedArray) -> np.ndarray:
    """Correlations over the persons who have both."""
    count = residuals.shape[1]
    found = np.eye(count)
    for one in range(count):
        for other in range(count):
            both = ~residuals.mask[:, one] & ~residuals.mask[:, other]
            found[one, other] = np.corrcoef(residuals.data[both, one], residuals.data[both, other])[0, 1]
    return found


def test_a_task_asked_twice_stands_out() -> None:
    table = answers(1.0)
    rng = np.random.default_rng(6)
    items = CalibratedItems.dichotomous(rng.lognormal(0.2, 0.2, 12), rng.normal(0, 1, 12))
    assert dependent_pairs(q3(table, items)) == []
    twice = np.where(rng.random(len(table)) < 0.7, table[:, 4], table[:, 5])
    table[:, 5] = twice
    assert dependent_pairs(q3(table, items))[0][:2] == (4, 5)
