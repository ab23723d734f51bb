"""Bands by domain: against closed forms and simulation, and laws that hold for any answers."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bdhvs.measurement.bands import BandResult, Bands, decide, probabilities
from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.domain_bands import MOST_MORE, domain_bands, more_evidence, open_cut
from bdhvs.measurement.domains import DomainAbilities, DomainItems, DomainPopulation, domain_abilities
from bdhvs.measurement.responses import Responses

BANDS = Bands(("below", "co_ban", "trung_cap"), np.array([-1.0, 1.0]), np.array([0.2, 0.2]))
ITEMS = DomainItems.of(CalibratedItems.dichotomous(1.5, np.tile(np.linspace(-2, 2, 6), 2)), ["1"] * 6 + ["2"] * 6)
POPULATION = DomainPopulation.stated(ITEMS.domains, sd=1.3)


def abilities(scores: list[list[float]]) -> DomainAbilities:
    return domain_abilities(ITEMS, Responses.dense(np.array(scores, dtype=float)), POPULATION)


def normal(mean: float, sd: float) -> DomainAbilities:
    one = np.ones((1, 1))
    return DomainAbilities(("1",), mean * one, sd**2 * one[..., None], 0 * one, 0 * one, np.array([[9]]), np.array([True]))


def test_the_error_of_a_cut_adds_its_variance() -> None:
    """For a normal posterior: Φ((mean − cut) / √(sd² + error²)), here Φ(0.6) = 0.725747 from printed tables."""
    found = normal(0.3, 0.4).chance_above(0.0, 0.3)
    assert found[0, 0] == pytest.approx(0.725747, abs=1e-6)


def test_a_skewed_posterior_and_an_uncertain_cut_as_in_simulation() -> None:
    """Draws of the posterior on a grid and of the cut, 4 million each (seed 1): their share above agrees to 0.002."""
    found = abilities([[1, 1, 1, 0, 0, 0] + [np.nan] * 6])
    rng = np.random.default_rng(1)
    at = np.linspace(-8, 8, 4001)
    items = CalibratedItems.dichotomous(1.5, np.linspace(-2, 2, 6))
    log = items.log_probabilities(at)
    scores = np.array([1, 1, 1, 0, 0, 0])
    chosen = items.cells.first + scores
    weight = np.exp(log[chosen].sum(axis=0) - 0.5 * (at / 1.3) ** 2)
    draws = rng.choice(at, size=4_000_000, p=weight / weight.sum())
    for cut in (-1.0, 0.0, 1.0):
        share = float((draws > rng.normal(cut, 0.5, draws.size)).mean())
        assert found.chance_above(cut, 0.5)[0, 0] == pytest.approx(share, abs=2e-3)


@given(st.lists(st.sampled_from([0.0, 1.0]), min_size=12, max_size=12), st.integers(0, 11))
def test_one_more_right_answer_never_makes_a_cut_less_surely_reached(scores: list[float], place: int) -> None:
    better = [1.0 if at == place else one for at, one in enumerate(scores)]
    one, other = abilities([scores]), abilities([better])
    for domain in (0, 1):
        before, after = (domain_bands(found, found, domain, BANDS, 1).probabilities[0] for found in (one, other))
        assert (np.cumsum(after) <= np.cumsum(before) + 2e-3).all()


@given(st.lists(st.sampled_from([0.0, 1.0]), min_size=12, max_size=12), st.sets(st.integers(0, 11)))
def test_help_counts_at_the_lowest_cut_only(scores: list[float], helped: set[int]) -> None:
    alone = [0.0 if at in helped else one for at, one in enumerate(scores)]
    with_help, by_self = abilities([scores]), abilities([alone])
    found = domain_bands(with_help, by_self, 0, BANDS, 1)
    chance = 1 - np.cumsum(found.probabilities[0])
    assert chance[0] == pytest.approx(max(with_help.chance_above(-1.0, 0.2)[0, 0], 0), abs=1e-9)
    assert chance[1] == pytest.approx(min(by_self.chance_above(1.0, 0.2)[0, 0], chance[0]), abs=1e-9)


def test_below_three_tasks_of_the_domain_nothing_is_named_however_sure_the_others_are() -> None:
    sure = abilities([[np.nan] * 4 + [1, 1] + [1] * 6])
    found = domain_bands(sure, sure, 0, BANDS, 1, 0.51)
    assert found.code(0) == "insufficient"
    assert found.at_least[0] == 0


def test_who_did_not_settle_has_no_estimate() -> None:
    wild = normal(0.0, 0.5)
    unsettled = DomainAbilities(wild.domains, wild.mean, wild.covariance, wild.skewness, wild.excess, wild.answered, np.array([False]))
    assert domain_bands(unsettled, wild, 0, BANDS, 1).code(0) == "no_estimate"


def result(*chance: float) -> BandResult:
    return decide(np.array([chance]), BANDS)


def test_the_open_cut_is_the_one_nearest_to_even_odds() -> None:
    assert open_cut(result(0.95, 0.3), 0) == 1
    assert open_cut(result(0.6, 0.25), 0) == 0
    assert open_cut(result(0.99, 0.01), 0) is None
    assert probabilities(np.array([[0.6, 0.25]]))[0] == pytest.approx([0.4, 0.35, 0.25])


def test_advice_by_hand() -> None:
    """sd 1, at the cut, information ½ a task: after n tasks v = 1/(1 + n/2), t = 0.8416·√v; P = 2Φ(−t/√(1 − v)). n = 2 gives
    v = ½, t/√½ = 0.8416, P = 0.40; n = 3 v = 0.4, 0.6872, P = 0.492; n = 4 v = ⅓, 0.5951, P = 0.552."""
    found = more_evidence(0.0, 1.0, 0.0, 0.0, {3: [0.5] * 9, 4: [0.2] * 9})
    assert found is not None
    assert (found.level, found.tasks) == (3, 4)


def test_advice_knows_when_the_bank_or_a_sitting_is_too_short() -> None:
    assert more_evidence(0.0, 1.0, 0.0, 0.0, {}) is None
    few = more_evidence(0.0, 1.0, 0.0, 0.0, {3: [0.5] * 3})
    assert few is not None
    assert few.tasks is None
    unsure_cut = more_evidence(0.0, 0.3, 0.0, 1.0, {3: [0.5] * (MOST_MORE + 5)})
    assert unsure_cut is not None
    assert unsure_cut.tasks is None  # the cut itself is unsure: more tasks do not settle it


@given(st.floats(-3, 3), st.floats(0.2, 1.5), st.floats(0.05, 1.0), st.floats(1.05, 3.0))
def test_sharper_tasks_never_need_more_of_them(mean: float, sd: float, information: float, times: float) -> None:
    blunt = more_evidence(mean, sd, 0.0, 0.1, {2: [information] * MOST_MORE})
    sharp = more_evidence(mean, sd, 0.0, 0.1, {2: [information * times] * MOST_MORE})
    assert blunt is not None
    assert sharp is not None
    if blunt.tasks is not None:
        assert sharp.tasks is not None
        assert sharp.tasks <= blunt.tasks
