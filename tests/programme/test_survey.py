"""The size of a survey, against published examples, another program and simulation."""

from __future__ import annotations

from math import inf, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bdhvs.programme.survey import (
    design_effect,
    detectable_change,
    margin_of,
    margin_of_all,
    needed_in_theory,
    survey_plan,
)

#: Of z = 2, which Cochran takes for "one chance in twenty".
TWO = 0.9544997361036416


def test_cochran_s_islanders_of_blood_group_o() -> None:
    # Cochran (1977), section 4.4: 50 %, ± 5 points, t = 2: 400 of a large population, 356 of 3,200 islanders (357 rounded up).
    assert needed_in_theory(0.05, confidence=TWO) == pytest.approx(400, abs=1e-6)
    assert needed_in_theory(0.05, confidence=TWO, population=3200) == pytest.approx(400 / (1 + 399 / 3200), abs=1e-6)
    assert round(needed_in_theory(0.05, confidence=TWO, population=3200)) == 356


@pytest.mark.parametrize(
    ("population", "printed"),
    [(10, 10), (50, 44), (100, 80), (500, 217), (1000, 278), (3000, 341), (10_000, 370)],
)
def test_the_table_of_krejcie_and_morgan(population: int, printed: int) -> None:
    # R. V. Krejcie & D. W. Morgan (1970), Educational and Psychological Measurement 30, 607–610: rounded to the nearest.
    # (Their last row, 384 of 100,000, is not what their own formula gives: 383.)
    assert abs(needed_in_theory(0.05, population=population) - printed) <= 0.5


def test_the_example_of_the_world_health_organization() -> None:
    # S. K. Lwanga & S. Lemeshow (1991), Sample size determination in health studies, table 1: 20 % to ± 5 points, 95 %: 246.
    assert survey_plan(0.05, share=0.2, per_cluster=1, response_rate=1).respondents == 246


@pytest.mark.parametrize(
    ("first", "second", "per_group"),
    # statsmodels 0.15.0: samplesize_proportions_2indep_onetail(first - second, second, 0.8, alpha=0.025,
    # alternative="smaller").
    [(0.5, 0.6, 387.3385), (0.2, 0.3, 293.1513), (0.1, 0.2, 198.9634)],
)
def test_the_smallest_change_agrees_with_statsmodels(first: float, second: float, per_group: float) -> None:
    assert detectable_change(per_group, share=first) == pytest.approx(second - first, abs=5e-4)


def test_the_design_effect_is_kish_s() -> None:
    assert design_effect(20, 0.05) == pytest.approx(1.95)
    assert design_effect(1, 0.3) == 1
    assert design_effect(20, 0.05, size_cv=0.5) == pytest.approx(2.2)  # Eldridge et al. (2006), equation 1


def test_clusters_drawn_by_the_plan_give_the_margin_that_it_says() -> None:
    np = pytest.importorskip("numpy")
    plan = survey_plan(0.05, per_cluster=20, icc=0.05, response_rate=1.0)
    rng = np.random.default_rng(1)
    # Beta-binomial classes: correlation within one is 1 / (a + b + 1).
    size = 1 / 0.05 - 1
    chances = rng.beta(size / 2, size / 2, (20_000, plan.clusters))
    shares = rng.binomial(20, chances).mean(axis=1) / 20
    within = np.mean(np.abs(shares - 0.5) <= plan.margin)
    assert within == pytest.approx(
        0.95, abs=0.01
    )  # 3 standard errors of 20,000 draws are 0.005; the rest is rounding up


@settings(max_examples=100, deadline=None)
@given(
    st.floats(0.01, 0.2),
    st.floats(0.05, 0.95),
    st.one_of(st.just(inf), st.integers(50, 2_000_000)),
    st.integers(1, 40),
    st.floats(0, 0.3),
    st.floats(0.3, 1),
)
def test_laws_of_a_plan(
    margin: float, share: float, population: float, per_cluster: int, icc: float, response: float
) -> None:
    plan = survey_plan(
        margin, share=share, population=population, per_cluster=per_cluster, icc=icc, response_rate=response
    )
    assert plan.simple <= plan.respondents <= plan.invited <= population
    assert plan.effect >= 1
    assert plan.enough or plan.invited == population
    if plan.enough:
        assert plan.reached <= margin * (1 + 1e-9)
    if plan.respondents > 1 and plan.respondents < population:  # one fewer would not do
        fewer = margin_of(plan.respondents - 1, share=share, population=population, effect=plan.effect)
        assert fewer > margin * (1 - 1e-9)
    wider = survey_plan(min(0.9, margin * 1.5), share=share, population=population, response_rate=response)
    assert (
        wider.respondents <= survey_plan(margin, share=share, population=population, response_rate=response).respondents
    )


def test_all_communes_together_are_known_better_than_each() -> None:
    plan = survey_plan(0.05, population=12_000)
    assert margin_of_all([(12_000, plan)] * 100) == pytest.approx(plan.reached / sqrt(100))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"margin": 5}, "margin"),
        ({"share": 1.0}, "share"),
        ({"confidence": 95}, "confidence"),
        ({"icc": -0.1}, "icc"),
        ({"response_rate": 0}, "response_rate"),
        ({"per_cluster": 0}, "per_cluster"),
        ({"population": 0}, "population"),
        ({"size_cv": -1}, "size_cv"),
    ],
)
def test_what_cannot_be_is_named(wrong: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        survey_plan(**wrong)  # type: ignore[arg-type]
