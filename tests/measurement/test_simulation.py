"""Simulated learners answer as the model says, and a what-if counts what happened."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bdhvs.measurement import simulation
from bdhvs.measurement.adaptive.fixed import fixed_form
from bdhvs.measurement.grids import Normal
from bdhvs.measurement.simulation_summary import compared, success_by_position, summary
from tests.measurement.adaptive.pools import SHARES, form_of, pool_of


def test_scores_are_drawn_from_the_model() -> None:
    pool = pool_of(12, partial=True)
    at = np.full(4000, 0.7)
    scores = np.concatenate([block for _, block in simulation.draw_scores(pool, at, 3)])
    expected = pool.items.expected_scores(0.7)[:, 0]
    np.testing.assert_allclose(scores.mean(axis=0), expected, atol=0.05)
    assert scores.max(axis=0).tolist() == pool.items.cells.maximum.tolist()


def test_groups_arrive_mixed_and_the_seed_repeats_them() -> None:
    groups = (simulation.Learners(300, -1.0, 0.5, "a"), simulation.Learners(100, 1.0, 0.5, "b"))
    abilities, who = simulation.draw_learners(groups, 4)
    assert abilities[who == 0].mean() == pytest.approx(-1, abs=0.1)
    assert (who[:100] == 0).mean() == pytest.approx(0.75, abs=0.15)
    assert np.array_equal(simulation.draw_learners(groups, 4)[0], abilities)
    with pytest.raises(ValueError, match="group 'x': found 0 learners"):
        simulation.Learners(0, name="x")


def test_a_run_is_the_same_again_and_its_estimates_are_honest() -> None:
    form = form_of(pool_of(240, partial=True))
    abilities, _ = simulation.draw_learners([simulation.Learners(400)], 2)
    run = simulation.take_adaptive(form, abilities, 2)
    again = simulation.take_adaptive(form, abilities[:50], 2)
    assert np.array_equal(again.items, run.items[:50])
    errors = run.estimates - abilities
    assert np.sqrt((errors**2).mean()) == pytest.approx(np.sqrt((run.errors**2).mean()), rel=0.12)
    assert abs(errors.mean()) < 0.06
    right = (run.bands == run.true_bands).mean()
    assert right == pytest.approx(run.certainties.mean(), abs=0.05)  # the tests claim no more than they keep


@pytest.mark.parametrize("manner", ["central", "spread"])
def test_every_beginning_of_a_fixed_form_keeps_to_the_blueprint(manner: str) -> None:
    pool = pool_of(120, enemies=(frozenset({"item0", "item8"}),))
    places = fixed_form(form_of(pool, exposure_cap=0.8), Normal(), 20, manner)  # type: ignore[arg-type]
    assert len(set(places.tolist())) == 20
    for length in range(1, 21):
        shown = [pool.domains[place] for place in places[:length]]
        assert max(abs(shown.count(name) - share * length) for name, share in SHARES.items()) <= 1 + 1e-9


def test_longer_fixed_forms_are_righter_and_the_length_for_an_accuracy_is_read_from_them() -> None:
    form = form_of(pool_of(240))
    abilities, _ = simulation.draw_learners([simulation.Learners(1500)], 2)
    fixed = simulation.take_fixed(form, fixed_form(form, Normal(), 30), abilities, 2)
    assert fixed.accuracy[29] > fixed.accuracy[9] > fixed.accuracy[1]
    assert fixed.rmse[29] < fixed.rmse[9] < fixed.rmse[1]
    assert 9 < fixed.items_for(float(fixed.accuracy[11:14].mean())) < 17
    assert np.isnan(fixed.items_for(0.999))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_rising_values_never_fall_and_keep_their_sum(values: list[float]) -> None:
    smooth = simulation.rising(np.array(values))
    assert (np.diff(smooth) >= 0).all()
    assert smooth.sum() == pytest.approx(sum(values))
    ascending = np.sort(values)
    np.testing.assert_allclose(simulation.rising(ascending), ascending)


def test_the_summary_counts_what_happened() -> None:
    form = form_of(pool_of(240))
    abilities, who = simulation.draw_learners(
        [simulation.Learners(80, -1.7, 0.1, "a"), simulation.Learners(80, name="b")], 2
    )
    run = simulation.take_adaptive(form, abilities, 2)
    found = summary(run, {"a": who == 0})
    assert found["length"] == pytest.approx(run.lengths.mean())
    assert found["exposure"]["max"] == pytest.approx(run.exposure.max())
    assert found["success"] == pytest.approx(np.nanmean(run.successes))
    rows = {one["who"]: one for one in found["by"]}
    assert rows["a"]["learners"] == 80
    assert rows["ability -2 to -1.5"]["learners"] >= 75
    assert sum(rows[name]["learners"] for name in rows if name.startswith("band")) == 160
    first = success_by_position(run, np.ones(160, dtype=np.bool_))[0]
    assert first == pytest.approx(run.successes[:, 0].mean())
    beside = compared(run, {"spread": simulation.take_fixed(form, fixed_form(form, Normal(), 20), abilities, 2)})[
        "spread"
    ]
    assert beside["items"] == 20
    saved = beside["items_saved"]
    assert saved is None or saved == pytest.approx(1 - found["length"] / beside["items_for_same_accuracy"])
