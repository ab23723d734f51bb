"""The bank as a pool: calibrated items by their estimates, the others by their level."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
import numpy as np

from bdhvs.bank.calibration import Calibration, ItemEstimate, Sample
from bdhvs.bank.loader import Bank
from bdhvs.errors import SetupError
from bdhvs.measurement.thresholds import tag_difficulty
from bdhvs.service.item_pools import bank_pool, competence_shares, imagined_pool, level_cuts

BANK = Bank.load()


def calibration(name: str, version: int, family: str = "partial_credit") -> Calibration:
    """One item of slope 1.3 and difficulty 0.4."""
    most = BANK.item(name).maximum if name in BANK.items else 1
    own = ItemEstimate(id=name, version=version, slope=1.3, intercepts=tuple(-1.3 * 0.4 * k for k in range(1, most + 1)), difficulty=0.4, persons=500)
    sample = Sample(persons=500, answers=500, first="2026-10-01", last="2026-11-01")
    return Calibration(
        version="2026-11-22", date="2026-11-22", program="bdhvs", bank=BANK.version, kind="gpcm", family=family, nodes=61,  # type: ignore[arg-type]
        sample=sample, loglik=-1.0, converged=True, items=(own,),
    )  # fmt: skip


def test_every_item_above_the_entry_module_is_in_the_pool_at_its_level() -> None:
    found = bank_pool(BANK)
    above = [one for one in BANK.items.values() if one.level > 0 and one.is_performance]
    assert (len(found.pool), found.calibrated, found.by_level) == (len(above), 0, len(above))
    for item_id, domain, difficulty in zip(
        found.pool.items.ids, found.pool.domains, found.pool.items.difficulty, strict=True
    ):
        assert domain == BANK.item(item_id).competence[0]
        assert difficulty == pytest.approx(tag_difficulty(BANK.item(item_id).level))
    assert found.pool.items.cells.maximum.tolist() == [BANK.item(one).maximum for one in found.pool.items.ids]


@pytest.mark.parametrize("family", ["partial_credit", "graded"])
def test_an_item_of_many_points_weighs_no_more_than_one_point_s_worth(family: str) -> None:
    name = next(iter(sorted(one.id for one in BANK.items.values() if one.level > 0)))
    pool = bank_pool(BANK, calibration(name, BANK.item(name).version, family)).pool
    most = pool.items.information(np.linspace(-4, 4, 161)).max(axis=1)
    many = pool.items.cells.maximum > 1
    assert (most[many] < 0.6).all()  # one point of slope 1 has 0.25
    chances = np.exp(pool.items.log_probabilities(0.0))[:, 0]
    np.testing.assert_allclose(np.add.reduceat(chances, pool.items.cells.first), 1)


def test_estimates_replace_levels_and_are_counted() -> None:
    name = next(one.id for one in BANK.items.values() if one.level > 0)
    found = bank_pool(BANK, calibration(name, BANK.item(name).version))
    place = found.pool.place(name)
    assert found.calibrated == 1
    assert (found.pool.items.slope[place], found.pool.items.difficulty[place]) == pytest.approx((1.3, 0.4))


def test_the_estimate_of_another_version_and_of_a_stranger_does_not_count() -> None:
    name = next(one.id for one in BANK.items.values() if one.level > 0)
    assert bank_pool(BANK, calibration(name, BANK.item(name).version + 1)).calibrated == 0
    assert bank_pool(BANK, calibration("not-in-the-bank", 1)).calibrated == 0


def test_strangers_among_enemies_and_simulators_are_named() -> None:
    with pytest.raises(SetupError, match="simulators: found la-lung"):
        bank_pool(BANK, simulators=["la-lung"])
    with pytest.raises(SetupError, match="enemies: found la-lung"):
        bank_pool(BANK, enemies=[["la-lung"]])


def test_shares_and_cuts_come_from_the_framework() -> None:
    shares = competence_shares(BANK.framework)
    assert shares == pytest.approx({"1": 3 / 24, "2": 6 / 24, "3": 4 / 24, "4": 4 / 24, "5": 4 / 24, "6": 3 / 24})
    first, middle, high = level_cuts(BANK.framework)
    assert (first, middle, high) == pytest.approx((-0.792, 1.208, 3.208), abs=0.001)


def test_an_imagined_bank_keeps_shares_and_levels() -> None:
    pool = imagined_pool(48, competence_shares(BANK.framework))
    assert [pool.domains.count(name) for name in pool.domain_names] == [6, 12, 8, 8, 8, 6]
    assert {pool.levels.count(level) for level in range(1, 7)} <= {7, 8, 9}
