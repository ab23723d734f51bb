"""Haberman's shares from scores: those of the true scores that made them."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
import numpy as np

from bdhvs.measurement.subscore_worth import subscore_worth


def test_shares_are_those_of_simulated_true_scores() -> None:
    # Items that are a true domain score plus noise of their own: alpha is then the reliability, and true scores are known.
    rng = np.random.default_rng(0)
    true = rng.multivariate_normal([0, 0, 0], [[1, 0.6, 0.3], [0.6, 1, 0.5], [0.3, 0.5, 1]], 40_000)
    domains = list("aaaabbbbbbbbbbbbcc")
    place = ["abc".index(one) for one in domains]
    scores = true[:, place] + rng.normal(0, 1.5, (len(true), len(place)))
    total = scores.sum(axis=1)
    found = subscore_worth(scores, domains)
    assert [(one.domain, one.items) for one in found] == [("a", 4), ("b", 12), ("c", 2)]
    for k, one in enumerate(found):
        own = scores[:, [at == k for at in place]].sum(axis=1)
        both = np.column_stack([np.ones(len(total)), own, total])
        left = true[:, k] - both @ np.linalg.lstsq(both, true[:, k], rcond=None)[0]
        assert one.own == pytest.approx(np.corrcoef(true[:, k], own)[0, 1] ** 2, abs=0.012)
        assert one.common == pytest.approx(np.corrcoef(true[:, k], total)[0, 1] ** 2, abs=0.012)
        assert one.together == pytest.approx(1 - left.var() / true[:, k].var(), abs=0.012)
    assert found[1].verdict == "own"


def test_a_domain_of_one_item_or_of_noise_has_no_worth_and_nothing_fails() -> None:
    scores = np.random.default_rng(1).integers(0, 2, (50, 5)).astype(float)
    found = subscore_worth(scores, list("aabbc"))
    assert found[2].verdict == "nothing_new"
    assert np.isnan(found[2].own)
    assert all(one.own != one.own or 0 <= one.own <= 1 for one in found)
    with pytest.raises(ValueError, match="found 2 domains for 5 items"):
        subscore_worth(scores, ["a", "b"])
