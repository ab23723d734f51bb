"""Item models: closed forms where there are any, and derivatives against differences."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
import numpy as np

from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.item_models import FAMILIES

AT = np.linspace(-3, 3, 7)
PARTIAL = np.array([[1.3, 0.4, -0.6, -1.0], [0.7, -0.2, 0.3, -2.0]])
GRADED = np.array([[1.3, 1.4, 0.1, -1.0], [0.7, 2.0, 0.3, -0.5]])


def test_two_scores_are_the_logistic_model_in_both_families() -> None:
    items = CalibratedItems.dichotomous([0.8, 1.5], [-0.5, 1.0])
    right = 1 / (1 + np.exp(-np.array([[0.8], [1.5]]) * (AT - np.array([[-0.5], [1.0]]))))
    graded = CalibratedItems(items.ids, items.parameters, "graded")
    for one in (items, graded):
        np.testing.assert_allclose(np.exp(one.log_probabilities(AT))[1::2], right, rtol=1e-12)
        np.testing.assert_allclose(one.expected_scores(AT), right, rtol=1e-12)
        np.testing.assert_allclose(one.information(AT), np.array([[0.64], [2.25]]) * right * (1 - right), rtol=1e-12)
        np.testing.assert_allclose(one.difficulty, [-0.5, 1.0])


@pytest.mark.parametrize(("name", "parameters"), [("partial_credit", PARTIAL), ("graded", GRADED)])
def test_chances_add_up_and_derivatives_are_those_of_the_chances(name, parameters) -> None:  # type: ignore[no-untyped-def]
    family, step = FAMILIES[name], 1e-6
    chances = family.chances(parameters, AT)
    np.testing.assert_allclose(chances.sum(axis=1), 1, rtol=1e-12)
    by_ability = (family.chances(parameters, AT + step) - family.chances(parameters, AT - step)) / (2 * step)
    np.testing.assert_allclose(family.by_ability(parameters, AT, chances), by_ability, atol=1e-8)
    slopes = family.slopes(parameters, AT, chances)
    for one in range(parameters.shape[1]):
        more, less = parameters.copy(), parameters.copy()
        more[:, one] += step
        less[:, one] -= step
        np.testing.assert_allclose(slopes[:, one], (family.chances(more, AT) - family.chances(less, AT)) / (2 * step), atol=1e-8)


def test_partial_credit_by_hand() -> None:
    theta = 0.5
    logits = np.array([0.0, 1.3 * theta + 0.4, 2 * 1.3 * theta - 0.6, 3 * 1.3 * theta - 1.0])
    chance = np.exp(logits) / np.exp(logits).sum()
    items = CalibratedItems(("a", "b"), np.array([[1.3, 0.4, -0.6, -1.0], [1.0, 0.2, np.nan, np.nan]]))
    np.testing.assert_allclose(np.exp(items.log_probabilities(theta))[:4, 0], chance, rtol=1e-12)
    spread = (chance * np.arange(4) ** 2).sum() - (chance * np.arange(4)).sum() ** 2
    np.testing.assert_allclose(items.information(theta)[0, 0], 1.3**2 * spread, rtol=1e-12)
    np.testing.assert_allclose(items.difficulty, [1.0 / (3 * 1.3), -0.2])
    assert items.take([1]).parameters.shape == (1, 2)


def test_wrong_tables_are_refused_with_where_and_what() -> None:
    with pytest.raises(ValueError, match="a row per item"):
        CalibratedItems(("a",), PARTIAL)
    with pytest.raises(ValueError, match="twice"):
        CalibratedItems(("a", "a"), PARTIAL)
    with pytest.raises(ValueError, match="item 'b'"):
        CalibratedItems(("a", "b"), np.array([[1.0, 0.0], [np.nan, 0.0]]))
