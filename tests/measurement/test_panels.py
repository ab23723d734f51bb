"""Panels: hand-computed Angoff and bookmark cuts, laws, and refusals."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("numpy")
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.panels import ability_at_total, angoff, booklet, bookmark, movement

ITEMS = CalibratedItems.dichotomous(1.0, [-1.0, 0.0, 1.0])
MIXED = CalibratedItems(("a", "b"), np.array([[1.2, 0.5, -0.4], [0.8, 0.3, np.nan]]))


def right(at: float) -> np.ndarray:
    return 1 / (1 + np.exp(-(at - np.array([-1.0, 0.0, 1.0]))))


def test_an_angoff_cut_by_hand() -> None:
    ratings = np.array([[0.8, 0.6, 0.4], [0.7, 0.5, 0.3], [0.9, 0.6, 0.6]])
    found = angoff(ratings, ITEMS)
    assert found.total == pytest.approx(1.8)  # sums 1.8, 1.5, 2.1
    assert found.total_se == pytest.approx(0.3 / np.sqrt(3))
    assert right(found.ability).sum() == pytest.approx(1.8)
    chance = right(found.ability)
    assert found.se == pytest.approx(found.total_se / (chance * (1 - chance)).sum(), rel=1e-5)
    # Other items, too, add the items' own variance: (n·√(σ²_i/n))² = n·σ²_i.
    assert found.total_se_items**2 == pytest.approx(found.total_se**2 + 3 * found.agreement.items)
    np.testing.assert_allclose(found.panelist_totals, [1.8, 1.5, 2.1])
    for ability, total in zip(found.panelist_abilities, (1.8, 1.5, 2.1), strict=True):
        assert right(ability).sum() == pytest.approx(total)


def test_panelists_who_see_the_items_as_they_are_are_wholly_consistent_and_recover_their_cut() -> None:
    cuts = np.array([0.2, 0.5, 0.8])
    found = angoff(np.array([right(one) for one in cuts]), ITEMS)
    np.testing.assert_allclose(found.panelist_abilities, cuts, atol=1e-9)
    np.testing.assert_allclose(found.consistency.index, 1, atol=1e-9)
    np.testing.assert_allclose(found.consistency.correlation, 1)
    assert found.consistency.misfitting() == ()


def test_points_are_rated_as_points() -> None:
    found = angoff([[1.5, 0.6], [1.1, 0.7]], MIXED)
    assert MIXED.expected_scores(found.ability).sum() == pytest.approx(1.95)
    with pytest.raises(ValueError, match=r"panelist 0, item 'b': found 1\.5, expected 0 to 1; a rating is a probability"):
        angoff([[1.5, 1.5], [1.1, 0.7]], MIXED)


def test_a_panel_that_expects_everything_gets_no_number() -> None:
    found = angoff([[1, 1, 1], [1, 1, 1]], ITEMS)
    assert np.isnan(found.ability)
    assert np.isnan(ability_at_total(ITEMS, [0, 3, 4])).all()


@settings(max_examples=40, deadline=None)
@given(st.floats(-4, 4), st.lists(st.floats(-2, 2), min_size=2, max_size=6))
def test_expected_sums_and_abilities_are_inverse(ability: float, difficulty: list[float]) -> None:
    items = CalibratedItems.dichotomous(1.3, difficulty)
    assert ability_at_total(items, items.expected_scores(ability).sum())[0] == pytest.approx(ability, abs=1e-6)


def test_the_booklet_rises_and_has_a_page_per_point() -> None:
    pages = booklet(MIXED)
    assert len(pages) == 3
    assert (np.diff(pages.location) >= 0).all()
    for item, score, at in zip(pages.item, pages.score, pages.location, strict=True):
        chance = np.exp(MIXED.log_probabilities(at))[:, 0]
        own = (MIXED.cells.item == item) & (MIXED.cells.score >= score)
        assert chance[own].sum() == pytest.approx(0.67)
    np.testing.assert_allclose(booklet(ITEMS, 0.5).location, [-1, 0, 1], atol=1e-9)


def test_a_bookmark_cut_by_hand() -> None:
    pages = booklet(ITEMS, 0.5)  # locations -1, 0, 1
    found = bookmark(pages, [2, 3, 3, 2, 3])
    np.testing.assert_allclose(found.panelist_abilities, [-0.5, 0.5, 0.5, -0.5, 0.5], atol=1e-9)
    assert found.ability == pytest.approx(0.5)
    sd = np.std([-0.5, 0.5, 0.5, -0.5, 0.5], ddof=1)
    assert found.se == pytest.approx(np.sqrt(np.pi / 2) * sd / np.sqrt(5))
    mean = bookmark(pages, [2, 3, 3, 2, 3], centre="mean", groups=[1, 1, 2, 2, 2])
    assert mean.ability == pytest.approx(0.1)
    assert mean.se == pytest.approx(sd / np.sqrt(5))
    assert mean.se_groups == pytest.approx(np.std([0.0, 0.5 / 3], ddof=1) / np.sqrt(2))
    for place, ability in (("before", -0.4), ("at", 0.6)):
        assert bookmark(pages, [2, 3, 3, 2, 3], place=place, centre="mean").ability == pytest.approx(ability)  # type: ignore[arg-type]


def test_bookmarks_at_the_edge_are_named() -> None:
    found = bookmark(booklet(ITEMS, 0.5), [1, 2, 4])
    assert found.at_edge == (0, 2)
    np.testing.assert_allclose(found.panelist_abilities, [-1, -0.5, 1], atol=1e-9)
    with pytest.raises(ValueError, match="from 1 to 4"):
        bookmark(booklet(ITEMS), [2, 5])


@settings(max_examples=20, deadline=None)
@given(st.floats(0.5, 0.9), st.floats(0.5, 0.9))
def test_a_higher_response_probability_never_lowers_a_page(one: float, other: float) -> None:
    low, high = booklet(ITEMS, min(one, other)), booklet(ITEMS, max(one, other))
    assert (high.location >= low.location - 1e-9).all()


def test_movement_between_rounds() -> None:
    found = movement([0.0, 1.0, 2.0], [0.5, 1.0, 1.5])
    assert (found.shift, found.sd_before, found.sd_after) == (0.0, 1.0, 0.5)
    assert found.moved == pytest.approx(2 / 3)
    assert found.to_middle == 1.0
    assert np.isnan(movement([0.0, 1.0], [0.0, 1.0]).to_middle)
    with pytest.raises(ValueError, match="same panelists"):
        movement([0.0, 1.0], [0.0])


def test_an_item_that_falls_with_ability_is_not_for_a_panel() -> None:
    with pytest.raises(ValueError, match="item 'item1'"):
        booklet(CalibratedItems.dichotomous([1.0, -1.0], [0.0, 0.0]))


def test_the_example_of_the_docs_runs() -> None:
    page = (Path(__file__).parents[2] / "docs" / "levels.md").read_text("utf-8")
    (example,) = re.findall(r"```python\n(.+?)```", page, re.DOTALL)
    rng = np.random.default_rng(1)
    items = CalibratedItems.dichotomous(1.0, np.linspace(-2, 2, 15))
    ratings = np.clip(items.expected_scores(0.5).T + rng.normal(0, 0.1, (5, 15)), 0.02, 0.98)
    names = {"items": items, "round_1": ratings, "round_2": (ratings + ratings.mean(axis=0)) / 2}
    exec(example, names)
    assert names["second"].agreement.average > names["first"].agreement.average  # type: ignore[attr-defined]
