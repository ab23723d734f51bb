"""Difficulty from one class: Bayes' rule done otherwise, errors in simulation, and what is said before a conclusion."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")
import numpy as np

from bdhvs.measurement.cautions import codes
from bdhvs.measurement.small_class import LOGISTIC_AS_NORMAL, class_cautions, class_difficulties, item_cautions
from tests.measurement.classical_data import EASY_TO_HARD, right_or_wrong

CLASS = right_or_wrong(25, EASY_TO_HARD, seed=4)


def test_the_posterior_is_that_of_a_plain_sum_over_a_fine_grid() -> None:
    table, tau, sigma = CLASS[:, :2], 0.8, 1.1
    centre = np.array([-0.5, 0.3])
    found = class_difficulties(table, centre, prior_sd=tau, ability_sd=sigma)
    mu = np.linspace(-6.1, 5.9, 401)  # flat around the items' mean of -0.1
    b = [np.linspace(one - 4, one + 4, 161) for one in centre]
    flat = np.sqrt(1 + (LOGISTIC_AS_NORMAL * sigma) ** 2)
    joint = np.zeros((401, 161, 161))
    for j, shape in enumerate([(1, 161, 1), (1, 1, 161)]):
        grid = b[j].reshape(shape)
        chance = 1 / (1 + np.exp(-(mu[:, None, None] - grid) / flat))
        right = table[:, j].sum()
        joint = (
            joint + right * np.log(chance) + (25 - right) * np.log1p(-chance) - 0.5 * ((grid - centre[j]) / tau) ** 2
        )
    mass = np.exp(joint - joint.max())
    mass /= mass.sum()
    assert found.location == pytest.approx((mass.sum(axis=(1, 2)) @ mu), abs=0.005)
    for j, axis in enumerate([(0, 2), (0, 1)]):
        own = mass.sum(axis=axis)
        mean = own @ b[j]
        assert found.difficulty[j] == pytest.approx(mean, abs=0.005)
        assert found.error[j] == pytest.approx(np.sqrt(own @ (b[j] - mean) ** 2), abs=0.005)
        assert found.low[j] == pytest.approx(np.interp(0.025, np.cumsum(own) - own / 2, b[j]), abs=0.02)


def test_a_class_of_25_errs_by_less_than_0_55_logits_and_says_how_much() -> None:
    draw = np.random.default_rng(25)
    errors, held = [], []
    for _ in range(5):
        theta, b = draw.normal(size=25), draw.normal(size=16)
        slopes = np.exp(draw.normal(0, 0.3, size=16))  # the world is not Rasch's; the model does not know
        table = (draw.random((25, 16)) < 1 / (1 + np.exp(-slopes * (theta[:, None] - b)))).astype(float)
        found = class_difficulties(table)
        truth = b - b.mean()
        errors.append(found.difficulty - truth)
        held.append((found.low <= truth) & (truth <= found.high))
    assert np.sqrt(np.mean(np.square(errors))) < 0.55
    assert np.mean(held) > 0.9


def test_all_right_and_all_wrong_stay_finite_and_are_said() -> None:
    table = CLASS.copy()
    table[:, 0], table[:, 7] = 1, 0
    found = class_difficulties(table)
    assert np.isfinite([found.difficulty, found.low, found.high]).all()
    assert found.difficulty[0] == found.difficulty.min()
    assert found.difficulty[7] == found.difficulty.max()
    assert codes(found.item_cautions[0]) == ("all_right",)
    assert codes(found.item_cautions[7]) == ("all_wrong",)
    assert found.difficulty.mean() == pytest.approx(0, abs=1e-12)


def test_a_prior_that_knows_more_pulls_more() -> None:
    levels = np.array([-2.0, -1, 0, 0, 0, 1, 1, 2])
    tight, wide = (class_difficulties(CLASS, levels, prior_sd=sd) for sd in (0.05, 2.0))
    np.testing.assert_allclose(tight.difficulty, levels, atol=0.05)
    assert np.abs(wide.difficulty - levels).max() > 0.3
    assert (tight.error < wide.error).all()


def test_the_order_of_persons_does_not_matter_and_mirrored_answers_mirror_difficulties() -> None:
    one, other = class_difficulties(CLASS), class_difficulties(CLASS[::-1])
    np.testing.assert_allclose(one.difficulty, other.difficulty, atol=1e-12)
    mirrored = class_difficulties(1 - CLASS)
    np.testing.assert_allclose(mirrored.difficulty, -one.difficulty, atol=1e-6)
    np.testing.assert_allclose(mirrored.low, -one.high, atol=1e-6)


def test_the_wider_the_class_the_wider_its_spread() -> None:
    """Two halves, one strong and one weak, further and further apart: just past the last finite solution it fell from 2.0 to 1.8."""
    before = 0.0
    for wrong in range(10, -1, -1):
        table = np.zeros((30, 12))
        table[:15] = 1
        for person in range(30):
            table[person, [(person * 5 + k) % 12 for k in range(wrong // 2)]] = 1 - table[person, 0]
        now = class_difficulties(table).ability_sd
        assert now >= before - 1e-9
        before = now
    assert before == 2.0


def test_missing_answers_widen_an_item_s_interval() -> None:
    table = CLASS.copy()
    table[5:, 3] = np.nan
    found = class_difficulties(table)
    assert found.persons[3] == 5
    assert found.error[3] > class_difficulties(CLASS).error[3]
    assert codes(found.item_cautions[3])[0] == "too_few_persons"


def test_reasons_not_to_conclude() -> None:
    assert codes(class_cautions(CLASS)) == ()
    assert codes(class_cautions(CLASS[:9, :3])) == ("too_few_persons", "too_few_items")
    assert codes(class_cautions(np.ones((20, 6)))) == ("no_spread",)
    table = CLASS.copy()
    table[:, :3] = np.nan
    assert codes(class_cautions(table)) == ("much_missing",)
    assert codes(item_cautions(9, 18)) == ("interval_too_wide",)
    assert codes(item_cautions(0, 0)) == ("nobody_answered",)
    assert codes(item_cautions(40, 60)) == ()
    assert codes(item_cautions(7, 8)) == ("too_few_persons", "interval_too_wide")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"scores": [[0.5]]}, "person 0, item 0: found 0.5"),
        ({"scores": [[1]], "prior_sd": 0}, "found prior_sd 0"),
        ({"scores": [[1, 0]], "prior_mean": [0]}, "one number for each of 2 items"),
    ],
)
def test_what_does_not_fit_is_refused(arguments, said) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=said):
        class_difficulties(**arguments)
