"""Each rule by itself: content, kind start, simulators, choice, stopping."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bdhvs.measurement import simulation
from bdhvs.measurement.adaptive.choice import Choice, aim, required_by_now
from bdhvs.measurement.adaptive.content import Blueprint
from bdhvs.measurement.adaptive.form import AdaptiveForm
from bdhvs.measurement.adaptive.kindness import kindness
from bdhvs.measurement.adaptive.pool import Pool
from bdhvs.measurement.adaptive.rules import Rules
from bdhvs.measurement.adaptive.session import Answer, begin, next_item, record
from bdhvs.measurement.adaptive.stopping import Ending, band_shares
from bdhvs.measurement.calibrated import CalibratedItems
from tests.measurement.adaptive.pools import SHARES, form_of, pool_of

weights = st.lists(st.floats(0.02, 1), min_size=1, max_size=9)


@settings(max_examples=60, deadline=None)
@given(parts=weights, maximum=st.integers(1, 50), data=st.data())
def test_whatever_is_chosen_every_domain_stays_within_one_item_of_its_share(
    parts: list[float], maximum: int, data: st.DataObject
) -> None:
    shares = np.array(parts) / sum(parts)
    blueprint = Blueprint(tuple(shares), maximum)
    counts = [0] * len(shares)
    picks = data.draw(st.lists(st.integers(0, 8), min_size=maximum, max_size=maximum))
    for length, pick in enumerate(picks, start=1):
        may = np.flatnonzero(blueprint.may_come(counts))
        counts[int(may[pick % len(may)])] += 1
        assert np.abs(np.array(counts) - shares * length).max() <= 1 + 1e-6


def test_a_domain_without_a_share_never_comes_and_no_shares_mean_no_balance() -> None:
    blueprint = Blueprint.of(("a", "b", "c"), {"a": 0.5, "c": 0.5}, 10)
    assert blueprint is not None
    assert blueprint.may_come((0, 0, 0)) == (True, False, True)
    assert blueprint.may_come((1, 0, 0)) == (True, False, True)
    assert blueprint.may_come((2, 0, 0)) == (False, False, True)
    assert Blueprint.of(("a",), {}, 10) is None


@settings(max_examples=60, deadline=None)
@given(parts=weights, data=st.data())
def test_some_domain_may_come_even_after_answers_these_rules_did_not_choose(
    parts: list[float], data: st.DataObject
) -> None:
    counts = data.draw(st.lists(st.integers(0, 6), min_size=len(parts), max_size=len(parts)))
    may = Blueprint(tuple(np.array(parts) / sum(parts)), sum(counts) + data.draw(st.integers(1, 20))).may_come(counts)
    assert any(may)


def test_the_kind_start_slides_with_success_and_after_its_items_with_time() -> None:
    rules = Rules(first_success=0.8, later_success=0.5, kind_items=8, caution=0.5)
    first = kindness(rules, 0, 0, 0.0, 1.0)
    assert first is not None
    assert (first.success, first.ability) == pytest.approx((0.8, -0.5))
    failing = kindness(rules, 0, 8, -1.0, 0.6)
    assert failing is not None
    assert (failing.success, failing.ability) == pytest.approx((0.8, -1.3))
    half = kindness(rules, 4, 5, 0.0, 0.6)
    assert half is not None
    assert half.success == pytest.approx(0.65)
    assert kindness(rules, 8, 8, 0.0, 0.6) is None
    assert kindness(rules, 0, 16, 0.0, 0.6) is None
    assert kindness(Rules(kind_items=0), 0, 0, 0.0, 1.0) is None


def test_the_kind_start_fades_as_it_becomes_improbable_that_the_learner_is_a_beginner() -> None:
    asked = [kindness(Rules(), 1, 2, 0.0, 0.8, doubt) for doubt in (1.5, 1.0, 0.8, 0.6, 0.3, 0.2, 0.0)]
    assert asked[0] == asked[1] == asked[2]  # more of a beginner than at first: as kind as at first, not kinder
    promised = [one.success for one in asked if one is not None]
    assert promised == sorted(promised, reverse=True)
    assert len(set(promised)) == 3
    assert asked[-2:] == [None, None]


def test_the_able_leave_the_kind_start_sooner_than_those_who_fail() -> None:
    form = form_of(pool_of(480))

    def kind_items(score: int) -> int:
        state, kind = begin(form, 3), 0
        while isinstance(step := next_item(state), Choice):
            kind += step.kind
            state = record(state, Answer(step.item, score))
        return kind

    assert kind_items(1) <= 4
    assert kind_items(0) >= 8


WARM = dict.fromkeys("23456", 0.2)


def test_items_to_warm_up_with_come_only_where_all_others_are_too_hard() -> None:
    pool = pool_of(480)
    easy = Pool(
        CalibratedItems.dichotomous(
            1.0, np.where([one == "1" for one in pool.domains], -2.5, pool.items.difficulty.clip(-1.5))
        ),
        pool.domains,
    )
    form = form_of(easy, domain_shares=WARM, warm_up=("1",))

    def warm(score: int) -> list[bool]:
        state, found = begin(form, 3), []
        while isinstance(step := next_item(state), Choice):
            found.append(step.domain == "1")
            assert step.kind or step.domain != "1"
            state = record(state, Answer(step.item, score))
        return found

    assert warm(1)[0]
    assert sum(warm(0)) >= 5
    assert sum(warm(1)) <= 3
    assert not any(warm(1)[4:])


def test_the_other_domains_keep_their_shares_beside_what_warmed_up() -> None:
    form = form_of(pool_of(480), domain_shares=WARM, warm_up=("1",))
    run = simulation.take_adaptive(form, np.linspace(-2.5, 2.5, 60), seed=9)
    warmed = 0
    for row in run.items:
        shown = [form.pool.domains[place] for place in row if place >= 0]
        warmed += shown.count("1")
        others = [name for name in shown if name != "1"]
        for length in range(1, len(others) + 1):
            assert all(abs(others[:length].count(name) - 0.2 * length) <= 1 + 1e-9 for name in WARM)
    assert 0 < warmed < 0.5 * (run.items >= 0).sum()


def test_the_first_item_promises_most_learners_success() -> None:
    form = form_of(pool_of(240))
    for seed in range(20):
        step = next_item(begin(form, seed))
        assert isinstance(step, Choice)
        assert step.kind
        assert form.pool.success[form.pool.node(-0.69), form.pool.place(step.item)] >= 0.8
        assert step.predicted > 0.8


@pytest.mark.parametrize("ability", [-1.5, -1.75, -2.0])
def test_low_ability_learners_get_at_least_55_percent_of_the_first_eight_right(ability: float) -> None:
    """In a pool that fits: 480 items, difficulties −0.2 ± 1.3, slopes about 1.2, exposure cap and content balance on."""
    run = simulation.take_adaptive(form_of(pool_of(480)), np.full(400, ability), seed=11)
    assert run.successes[:, :8].mean() >= 0.55
    without = simulation.take_adaptive(form_of(pool_of(480), kind_items=0), np.full(100, ability), seed=11)
    assert without.successes[:, :8].mean() < 0.4


def test_where_no_item_is_kind_enough_the_easiest_comes() -> None:
    pool = Pool(CalibratedItems.dichotomous(1.0, [2.0, 1.0, 3.0], ["a", "b", "c"]), ("1",) * 3)
    step = next_item(begin(AdaptiveForm(Rules(minimum=1, maximum=3, exposure_cap=1), pool), 1))
    assert isinstance(step, Choice)
    assert step.item == "b"


def test_the_aim_is_the_doubtful_cut_within_one_standard_error() -> None:
    bands = np.array([0.1, 0.5, 0.35, 0.05])
    assert aim((-0.8, 0.4, 1.6), bands, 0.2, 0.5) == 0.4
    assert aim((-0.8, 0.4, 1.6), bands, -0.9, 0.5) == pytest.approx(-0.4)
    assert aim((-0.8, 0.4, 1.6), bands, 1.5, 0.5) == pytest.approx(1.0)
    assert aim((), np.ones(1), 0.2, 0.5) == 0.2


def test_the_most_informative_item_is_chosen_when_nothing_else_rules() -> None:
    pool = Pool(CalibratedItems.dichotomous([1.0, 1.6, 1.6], [0.0, 0.1, 1.5], ["a", "b", "c"]), ("1",) * 3)
    form = AdaptiveForm(Rules(minimum=1, maximum=3, exposure_cap=1, kind_items=0), pool)
    asked = []
    state = begin(form, 2)
    while isinstance(step := next_item(state), Choice):
        asked.append(step.item)
        state = record(state, Answer(step.item, len(asked) % 2))
    assert asked[0] == "b"
    assert sorted(asked) == ["a", "b", "c"]


def test_simulators_come_as_often_as_required_and_no_oftener_than_allowed() -> None:
    pool = pool_of(480, simulators=tuple(k % 10 == 0 for k in range(480)))
    for required, most in ((2, 2), (3, None), (0, 0)):
        form = form_of(pool, simulators_required=required, simulators_at_most=most)
        run = simulation.take_adaptive(form, np.linspace(-2, 2, 60), seed=3)
        shown = np.where(run.items >= 0, pool.is_simulator[run.items], False)
        counts = shown.sum(axis=1)
        assert counts.min() >= required
        assert most is None or counts.max() <= most
        assert (shown[:, : form.rules.minimum].sum(axis=1) >= required).mean() > 0.95
    assert [required_by_now(2, 8, shown) for shown in range(10)] == [0, 0, 0, 1, 1, 1, 1, 2, 2, 2]


def test_the_test_ends_when_the_band_is_certain_and_not_before_the_minimum() -> None:
    form = form_of(pool_of(240), minimum=6, certainty=0.8)
    run = simulation.take_adaptive(form, np.linspace(-3, 3, 120), seed=4)
    certain = run.reasons == "band_certain"
    assert certain.any()
    assert (run.certainties[certain] >= 0.8).all()
    assert run.lengths.min() >= 6
    assert set(run.lengths[~certain]) == {20}
    assert set(run.reasons[~certain]) == {"maximum"}
    assert (run.certainties[~certain] < 0.8).all()


def test_without_cuts_only_the_maximum_ends_a_test() -> None:
    run = simulation.take_adaptive(form_of(pool_of(240), cuts=(), maximum=12), np.zeros(10), seed=4)
    assert set(run.reasons) == {"maximum"}
    assert set(run.lengths) == {12}
    assert set(run.bands) == {0}


def test_answers_with_help_do_not_bring_the_minimum_nearer() -> None:
    form = form_of(pool_of(240), minimum=3, maximum=10, cuts=(-3.0,), certainty=0.6)
    state = begin(form, 1)
    for _ in range(5):
        step = next_item(state)
        assert isinstance(step, Choice)
        state = record(state, Answer(step.item, 1, helped=True))
    for _ in range(3):
        step = next_item(state)
        assert isinstance(step, Choice)
        state = record(state, Answer(step.item, 1))
    assert isinstance(next_item(state), Ending)


def test_an_exhausted_pool_ends_the_test_and_says_so() -> None:
    pool = pool_of(40)
    form = form_of(pool, maximum=8, cuts=(), exposure_cap=0.5)
    nothing = np.zeros(len(pool), dtype=np.bool_)
    end = next_item(begin(form, 1, nothing))
    assert isinstance(end, Ending)
    assert end.reason == "no_item_left"
    some = np.array([one != "4" for one in pool.domains])
    state = begin(form, 1, some)
    while isinstance(step := next_item(state), Choice):
        state = record(state, Answer(step.item, 1))
    assert step.reason == "no_item_left"
    assert 0 < len(state.answers) < 8


def test_shares_of_bands_are_those_of_the_normal_distribution() -> None:
    from statistics import NormalDist

    at = pool_of(10).abilities
    for mean, sd in ((0.13, 0.3), (-0.77, 0.5), (1.5, 1.0)):
        weight = np.exp(-0.5 * ((at - mean) / sd) ** 2)
        found = band_shares(at, (-0.8, 0.4, 1.6)) @ (weight / weight.sum())
        below = [0.0, *(NormalDist(mean, sd).cdf(cut) for cut in (-0.8, 0.4, 1.6)), 1.0]
        np.testing.assert_allclose(found, np.diff(below), atol=0.002)
        assert found.sum() == pytest.approx(1)


def test_running_shares_hold_in_whole_tests() -> None:
    form = form_of(pool_of(480))
    run = simulation.take_adaptive(form, np.linspace(-2.5, 2.5, 60), seed=9)
    for row in run.items:
        shown = [form.pool.domains[place] for place in row if place >= 0]
        for length in range(1, len(shown) + 1):
            for name, share in SHARES.items():
                assert abs(shown[:length].count(name) - share * length) <= 1 + 1e-9
