"""Links between scales: exact ones are found, scores keep their chances, what drifted is seen."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.cautions import codes
from bdhvs.measurement.linking import METHODS, Link, drift, link

RANDOM = np.random.default_rng(9)
OLD = CalibratedItems.dichotomous(np.exp(RANDOM.normal(0, 0.3, 12)), RANDOM.normal(0, 1, 12))
PARTIAL = CalibratedItems(
    tuple("abcdef"),
    np.column_stack([RANDOM.uniform(0.6, 1.6, 6), RANDOM.normal(0, 1, (6, 1)), RANDOM.normal(0, 1, (6, 2))]),
)
GRADED = CalibratedItems(
    tuple("abcdef"), np.column_stack([RANDOM.uniform(0.6, 1.6, 6), [[1.5, 0.2, -1.2]] * 6]), "graded"
)


#: six items calibrated twice, and their links by PyPI mirt 1.2.0, link(method=…, theta_range=(-6, 6), n_theta=41, weights=normal)
TWICE = (
    CalibratedItems.dichotomous([1.1, 0.8, 1.4, 0.6, 1.9, 1.2], [-1.5, -0.6, 0.1, 0.4, 0.9, 1.8]),
    CalibratedItems.dichotomous([1.25, 0.85, 1.7, 0.75, 2.1, 1.5], [-1.6, -0.95, -0.2, 0.0, 0.35, 1.1]),
)
MIRT = {
    "mean_mean": (1.1642857142857144, 0.4355952380952381),
    "mean_sigma": (1.2065281192284825, 0.4447477591661712),
    "haebara": (1.2067187995202506, 0.4246145068624985),
    "stocking_lord": (1.191971268912748, 0.41591541204344284),
}


@pytest.mark.parametrize(("method", "theirs"), MIRT.items())
def test_links_are_those_of_mirt(method, theirs) -> None:  # type: ignore[no-untyped-def]
    found = link(*TWICE, method)
    assert (found.slope, found.shift) == pytest.approx(theirs, abs=1e-8)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("old", [OLD, PARTIAL, GRADED], ids=["right or wrong", "partial credit", "graded"])
def test_every_method_finds_an_exact_line(method, old) -> None:  # type: ignore[no-untyped-def]
    new = Link(1 / 1.2, -0.5 / 1.2).items(old)  # θ_old = 1.2·θ_new + 0.5
    if method == "mean_sigma" and old is GRADED:
        old = CalibratedItems(old.ids, old.parameters + np.linspace(-1, 1, 6)[:, None] * [0, 1, 1, 1], "graded")
        new = Link(1 / 1.2, -0.5 / 1.2).items(old)
    found = link(old, new, method)
    assert (found.slope, found.shift) == (pytest.approx(1.2, abs=1e-5), pytest.approx(0.5, abs=1e-5))
    assert codes(found.cautions) == ()


@settings(max_examples=30, deadline=None)
@given(st.floats(0.4, 2.5), st.floats(-3, 3), st.sampled_from([OLD, PARTIAL, GRADED]))
def test_a_linked_item_gives_a_linked_person_the_same_chances(slope, shift, new) -> None:  # type: ignore[no-untyped-def]
    line, theta = Link(slope, shift), np.linspace(-3, 3, 9)
    moved = line.items(new).log_probabilities(line.abilities(theta))
    np.testing.assert_allclose(moved, new.log_probabilities(theta), atol=1e-9)
    np.testing.assert_allclose(line.items(new).difficulty, slope * new.difficulty + shift, atol=1e-9)
    np.testing.assert_allclose(line.errors([0.3, np.nan]), [slope * 0.3, np.nan])


def test_mean_mean_and_mean_sigma_by_hand() -> None:
    old = CalibratedItems.dichotomous([1.0, 2.0], [0.0, 2.0])
    new = CalibratedItems.dichotomous([2.0, 2.5], [-1.0, 0.0])
    assert link(old, new, "mean_mean").slope == pytest.approx(1.5)
    assert link(old, new, "mean_mean").shift == pytest.approx(1.75)
    assert (link(old, new, "mean_sigma").slope, link(old, new, "mean_sigma").shift) == (
        pytest.approx(2),
        pytest.approx(2),
    )


def test_stocking_and_lord_s_loss_is_least_on_a_fine_grid() -> None:
    noisy = Link(0.9, 0.3).items(OLD)
    noisy = CalibratedItems(noisy.ids, noisy.parameters + RANDOM.normal(0, 0.15, noisy.parameters.shape))
    found = link(OLD, noisy)
    at = np.linspace(-6, 6, 41)
    weight = np.exp(-(at**2) / 2)

    def loss(slope: float, shift: float) -> float:
        moved = CalibratedItems.dichotomous(noisy.slope / slope, slope * noisy.difficulty + shift)
        return float(weight @ (OLD.expected_scores(at).sum(axis=0) - moved.expected_scores(at).sum(axis=0)) ** 2)

    best = loss(found.slope, found.shift)
    around = [loss(found.slope + i, found.shift + j) for i in (-1e-3, 0, 1e-3) for j in (-1e-3, 0, 1e-3)]
    assert best <= min(around) + 1e-12
    assert 0.01 < found.shift_error < 0.2


def test_an_item_that_became_easier_is_seen() -> None:
    difficulty = OLD.difficulty.copy() + RANDOM.normal(0, 0.05, 12)
    difficulty[4] -= 1.2
    new = CalibratedItems.dichotomous(OLD.slope, difficulty)
    found = link(OLD, new)
    moved = drift(OLD, new, found)
    assert moved.moved[4]
    assert moved.difference[4] == pytest.approx(1.2, abs=0.4)
    assert codes(found.cautions) == ("items_drifted",)


def test_among_items_that_did_not_move_at_all_the_one_that_did_is_seen() -> None:
    """Their quartiles are equal, so its robust z was no number, and it passed."""
    difficulty = OLD.difficulty.copy()
    difficulty[4] -= 0.6
    found = drift(OLD, CalibratedItems.dichotomous(OLD.slope, difficulty), Link(1.0, 0.0))
    assert found.moved.tolist() == [place == 4 for place in range(12)]
    assert np.isfinite(found.robust_z).all()
    same = drift(OLD, OLD, Link(1.0, 0.001))
    assert not same.moved.any()


def test_few_or_unlike_common_items_are_said_or_refused() -> None:
    assert codes(link(OLD.take([0, 1, 2]), OLD).cautions) == ("few_common_items",)
    with pytest.raises(ValueError, match="found 1 common items"):
        link(OLD.take([0]), OLD)
    with pytest.raises(ValueError, match="different families"):
        link(PARTIAL, CalibratedItems(PARTIAL.ids, PARTIAL.parameters[:, :2]))
    with pytest.raises(ValueError, match="found the method"):
        link(OLD, OLD, "median")  # type: ignore[arg-type]
    alike = CalibratedItems.dichotomous([1.0, 1.1], [0.5, 0.5])
    with pytest.raises(ValueError, match="use mean_mean"):
        link(alike, alike, "mean_sigma")
