"""No item is met by more than its share of learners, with counts and without, from the first learner on."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bdhvs.measurement import simulation
from bdhvs.measurement.adaptive import exposure
from bdhvs.measurement.adaptive.chance import uniform
from bdhvs.measurement.adaptive.exposure import Exposure
from bdhvs.measurement.adaptive.rules import Rules
from tests.measurement.adaptive.pools import SHARES, form_of, pool_of

POOL = pool_of(240, simulators=tuple(k % 10 == 0 for k in range(240)))
RULES = Rules(domain_shares=SHARES, cuts=(-0.8, 0.4, 1.6))


def test_chance_is_the_same_everywhere() -> None:
    """PCG64's raw stream, by numpy's promise: these numbers are part of every stored attempt."""
    assert uniform(7, 3).tolist() == [0.625095466604667, 0.8972138009695755, 0.7756856902451935]
    assert uniform(7, 5)[2:].tolist() == uniform(7, 3, skip=2).tolist()


def test_every_item_is_dealt_to_its_share_and_every_part_holds_all_domains() -> None:
    parts = np.array([exposure.deal(POOL, RULES, seed) for seed in range(3000)])
    assert np.abs(parts.mean(axis=0) - 0.25).max() < 4.5 * np.sqrt(0.25 * 0.75 / 3000)
    for name in SHARES:
        own = np.array([one == name for one in POOL.domains]) & ~POOL.is_simulator
        counts, expected = parts[:, own].sum(axis=1), 0.25 * own.sum()
        assert {*counts} <= {int(np.floor(expected)), int(np.ceil(expected))}
    simulators = parts[:, POOL.is_simulator].sum(axis=1)
    assert {*simulators} <= {6}
    assert parts.sum(axis=1).min() == parts.sum(axis=1).max() == 60


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**63), data=st.data())
def test_a_part_survives_its_writing_down(seed: int, data: st.DataObject) -> None:
    pool = pool_of(data.draw(st.integers(1, 70)))
    part = exposure.deal(pool, Rules(), seed)
    assert np.array_equal(exposure.decoded(exposure.coded(part), pool), part)


@pytest.mark.parametrize("counting", [True, False])
def test_no_item_is_met_by_more_than_the_cap(counting: bool) -> None:
    learners = 300
    abilities = np.random.default_rng(2).normal(size=learners)
    run = simulation.take_adaptive(form_of(POOL, certainty=0.8), abilities, seed=8, counting=counting)
    noise = 0.0 if counting else 3.5 * np.sqrt(0.25 * 0.75 / learners)
    assert run.exposure.max() <= 0.25 + noise + 1e-12
    assert run.exposure.sum() == pytest.approx(run.lengths.mean())


def test_counts_open_the_pool_without_breaking_the_cap() -> None:
    abilities = np.random.default_rng(2).normal(size=250)
    form = form_of(POOL, certainty=0.8)
    counted = simulation.take_adaptive(form, abilities, seed=8)
    alone = simulation.take_adaptive(form, abilities, seed=8, counting=False)
    assert counted.lengths.mean() < alone.lengths.mean()


def test_rare_items_are_dealt_to_all_and_full_ones_to_nobody() -> None:
    dealt, shown = np.full(240, 100), np.zeros(240, dtype=np.int64)
    shown[:3] = 100
    past = Exposure(400, dealt, shown)
    q = exposure.chances(POOL, RULES, past)
    assert (q[:3] == 0).all()
    assert (q[3:] == 1).all()
    assert (exposure.chances(POOL, RULES, Exposure.none(POOL)) == 0.25).all()
    everywhere = Exposure(400, np.full(240, 400), np.full(240, 100))
    assert (exposure.chances(POOL, RULES, everywhere) == 0.25).all()  # better a little over the cap than no test


def test_counts_come_by_id_and_go_on_after_each_learner() -> None:
    past = Exposure.from_counts(POOL, 10, {"item4": (5, 2), "gone": (9, 9)})
    part = np.zeros(240, dtype=np.bool_)
    part[[4, 5]] = True
    after = past.after(part, [4])
    assert (after.learners, after.dealt[4], after.shown[4], after.dealt[5], after.shown[5]) == (11, 6, 3, 1, 0)
    assert after.shares[4] == pytest.approx(3 / 11)
    assert np.isnan(Exposure.none(POOL).shares).all()
    with pytest.raises(ValueError, match="0 ≤ shown ≤ dealt ≤ learners"):
        Exposure.from_counts(POOL, 10, {"item4": (5, 6)})


def test_a_part_of_another_pool_is_refused() -> None:
    with pytest.raises(ValueError, match="was the pool changed"):
        exposure.decoded("ff", POOL)
    with pytest.raises(ValueError, match="as `coded` writes it"):
        exposure.decoded("xyz", POOL)


def test_no_cap_deals_everything() -> None:
    assert exposure.deal(POOL, Rules(exposure_cap=1.0), 3).all()
