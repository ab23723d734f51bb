"""From simulated learners to a calibration file: known items come back, the scale is kept, what moved is found."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")
import numpy as np

from bdhvs.analysis.calibrate import CannotCalibrate, calibrate, calibrated_items
from bdhvs.analysis.scored import ItemKey, Scored
from bdhvs.bank.loader import Bank
from bdhvs.measurement.thresholds import tag_difficulty

BANK = Bank.load()
#: Of levels that simulated learners do sometimes and miss sometimes.
ITEMS = sorted((one for one in BANK.items.values() if one.maximum == 1 and 1 <= one.level <= 4), key=lambda one: one.id)[:24]
SLOPES = np.linspace(0.8, 1.6, len(ITEMS))
MOVED = 4
DIFFICULTIES = np.array([tag_difficulty(one.level) for one in ITEMS]) + np.linspace(-0.5, 0.5, len(ITEMS))


def simulated(persons: int, seed: int, mean: float = 0.0, harder: float = 0.0, missing: float = 0.3) -> Scored:
    """Learners who answer by the model; one item is `harder` than it was."""
    rng = np.random.default_rng(seed)
    theta = rng.normal(mean, 1, persons)
    difficulty = DIFFICULTIES + harder * (np.arange(len(ITEMS)) == MOVED)
    right = rng.random((persons, len(ITEMS))) < 1 / (1 + np.exp(-SLOPES * (theta[:, None] - difficulty)))
    person, item = np.nonzero(rng.random(right.shape) > missing)
    keys = tuple(ItemKey(one.id, one.version) for one in ITEMS)
    return Scored(
        tuple(f"p{n}" for n in range(persons)), keys, (1,) * len(keys), tuple(person.tolist()), tuple(item.tolist()),
        tuple(right[person, item].astype(int).tolist()), "2026-10-01", "2026-11-01",
    )  # fmt: skip


def made(responses: Scored, version: str = "2026-11-22", **more: object):  # type: ignore[no-untyped-def]
    return calibrate(BANK, responses, version=version, program="bdhvs 0.1.0", **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def first():  # type: ignore[no-untyped-def]
    return made(simulated(2000, 1))


def test_items_come_back_within_their_errors(first) -> None:  # type: ignore[no-untyped-def]
    found = {one.id: one for one in first.calibration.items}
    assert len(found) == len(ITEMS)
    errors = np.array([found[one.id].difficulty_error for one in ITEMS])
    away = np.array([found[one.id].difficulty for one in ITEMS]) - DIFFICULTIES
    assert (errors < 0.5).all()
    assert np.abs(away / errors).max() < 4
    assert np.sqrt(np.mean((away / errors) ** 2)) < 1.5
    assert first.calibration.converged
    assert (first.without, first.drift) == ({}, ())


def test_a_second_calibration_keeps_the_scale_though_its_learners_are_abler_and_finds_the_item_that_moved(first) -> None:  # type: ignore[no-untyped-def]
    second = made(simulated(2000, 2, mean=0.8, harder=1.2), "2026-12-01", previous=first.calibration)
    found = second.calibration
    assert found.previous == "2026-11-22"
    assert found.mean == pytest.approx(0.8, abs=0.1)
    assert found.sd == pytest.approx(1.0, abs=0.1)
    assert [one.id for one in second.drift if one.moved] == [ITEMS[MOVED].id]
    assert second.drift[0].difference == pytest.approx(1.2, abs=0.35)
    old = {one.id: one.difficulty for one in first.calibration.items}
    others = [one.difficulty - old[one.id] for one in found.items if one.id != ITEMS[MOVED].id]
    assert abs(np.mean(others)) < 0.1


def test_few_answers_leave_an_item_near_its_level_and_say_so() -> None:
    small = made(simulated(40, 3))
    for one in small.calibration.items:
        assert "few_for_slope_prior" in one.flags
        assert abs(one.difficulty - tag_difficulty(BANK.items[one.id].level)) < 1.6
        assert one.difficulty_error > 0.2


def test_what_is_written_scores_as_the_model_does(first) -> None:  # type: ignore[no-untyped-def]
    items = calibrated_items(first.calibration)
    assert items.ids[0] == f"{ITEMS[0].id}@{ITEMS[0].version}"
    np.testing.assert_allclose(items.difficulty, [one.difficulty for one in first.calibration.items], atol=2e-6)


def test_a_calibration_of_other_items_cannot_lend_its_scale(first) -> None:  # type: ignore[no-untyped-def]
    older = tuple(one.model_copy(update={"version": 99}) for one in first.calibration.items)
    with pytest.raises(CannotCalibrate, match="the scale of 2026-11-22 cannot be kept"):
        made(simulated(300, 4), previous=first.calibration.model_copy(update={"items": older}))


def test_an_item_whose_abler_learners_fail_is_left_out_with_its_flag() -> None:
    responses = simulated(1500, 5, missing=0.0)
    wrong = tuple(1 - score if item == 7 else score for item, score in zip(responses.item, responses.score, strict=True))
    turned = Scored(responses.learners, responses.items, responses.maximum, responses.person, responses.item, wrong, "2026-10-01", "2026-11-01")
    found = made(turned)
    name = f"{ITEMS[7].id}@{ITEMS[7].version}"
    assert found.without == {name: ("negative_slope",)}
    assert found.calibration.converged
    assert len(found.calibration.items) == len(ITEMS) - 1
