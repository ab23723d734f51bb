"""Agreement of panelists against Shrout and Fleiss's table, consistency by hand."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
import numpy as np

from bdhvs.measurement.agreement import agreement, consistency, difficulty_correlation
from tests.measurement.published import SHROUT_FLEISS

JUDGES = np.array(SHROUT_FLEISS).T


def test_intraclass_correlations_are_those_of_shrout_and_fleiss() -> None:
    found = agreement(JUDGES)  # their table 4, two decimals; to seven places beside other programs in test_peers
    assert round(found.single, 2) == 0.29
    assert round(found.average, 2) == 0.62
    assert round(found.single_order, 2) == 0.71
    assert round(found.average_order, 2) == 0.91
    assert found.panelists == pytest.approx((32.4861 - 1.0194) / 6, abs=1e-4)  # mean squares 11.24, 32.49, 1.02 of table 3
    assert found.items == pytest.approx((11.2417 - 1.0194) / 4, abs=1e-4)
    assert found.rest == pytest.approx(1.0194, abs=1e-4)


def test_panelists_of_one_mind_agree_wholly_and_one_strict_one_only_in_order() -> None:
    same = agreement([[0.2, 0.5, 0.9], [0.2, 0.5, 0.9]])
    assert (same.single, same.single_order) == (1.0, 1.0)
    strict = agreement([[0.2, 0.5, 0.9], [0.1, 0.4, 0.8]])
    assert strict.single < 1
    assert strict.single_order == pytest.approx(1.0)
    assert np.isnan(agreement([[0.5, 0.5], [0.5, 0.5]]).single)


@pytest.mark.parametrize("rating", [0.1, 0.7, 1 / 3, 60.0])
def test_ratings_that_do_not_vary_have_no_agreement_whatever_rounding_leaves(rating: float) -> None:
    found = agreement(np.full((3, 7), rating))  # 0.1 + 0.1 + 0.1 is not 0.3: squares of 1e-33 gave a correlation of −0.08
    assert np.isnan([found.single, found.average, found.single_order, found.average_order]).all()
    assert (found.panelists, found.items, found.rest) == (0, 0, 0)
    strict = agreement([[rating] * 7, [rating / 3] * 7])  # panelists differ, items do not
    assert strict.single == 0
    assert np.isnan(strict.single_order)


def test_consistency_by_hand() -> None:
    ratings = [[0.9, 0.6, 0.3], [0.8, 0.4, 0.3]]
    own, panel = [[0.8, 0.5, 0.4], [0.8, 0.5, 0.4]], [0.8, 0.5, 0.4]
    found = consistency(ratings, own, panel)
    np.testing.assert_allclose(found.distance, [0.1, 0.2 / 3])
    farthest = (0.8 + 0.5 + 0.6) / 3
    np.testing.assert_allclose(found.index, 1 - np.array([0.1, 0.2 / 3]) / farthest)
    error = np.std([0.9, 0.8], ddof=1) / np.sqrt(2)
    np.testing.assert_allclose(found.residual, [0.05 / error, 0.0, np.nan], atol=1e-9)
    assert found.misfitting(0.9) == (0,)
    assert difficulty_correlation(ratings, [0.85, 0.5, 0.3]) == pytest.approx(1.0)


def test_missing_ratings_are_named() -> None:
    with pytest.raises(ValueError, match="panelist 1, item 0: found no rating"):
        agreement([[0.2, 0.5], [np.nan, 0.5]])
    with pytest.raises(ValueError, match="at least two of each"):
        agreement([[0.2, 0.5]])
