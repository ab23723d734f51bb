"""Fairness: Mantel–Haenszel and logistic regression against statsmodels, categories by their rules, screens in simulation."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bdhvs.measurement.cautions import codes
from bdhvs.measurement.dif import screen_dif
from bdhvs.measurement.logistic_dif import logistic_dif
from bdhvs.measurement.mantel_haenszel import mantel_haenszel, mantel_polytomous, several_groups
from bdhvs.measurement.multiplicity import benjamini_hochberg
from tests.measurement.classical_data import EASY_TO_HARD, right_or_wrong, several_scores

HARDER = [b + (0.8 if item == 3 else 0) for item, b in enumerate(EASY_TO_HARD)]  # the fourth item, for the focal group
SCORES = np.vstack([right_or_wrong(300, EASY_TO_HARD, seed=11), right_or_wrong(220, HARDER, seed=12, mean=-0.5)])
FOCAL = np.repeat([0, 1], [300, 220])
TOTAL = SCORES.sum(axis=1).astype(int)
SEX = np.where(FOCAL == 1, "female", "male").tolist()

#: statsmodels 0.15.0, StratifiedTable over the strata that hold both groups: oddsratio_pooled, logodds_pooled_se, its 95 % ends, and
#: test_null_odds with and without continuity correction
STRATIFIED = {
    3: (
        2.1516582095604675,
        0.22171156995157873,
        1.393323796281337,
        3.3227258897932086,
        11.222278137849313,
        0.0008082122176696904,
        11.977175893171944,
    ),
    5: (
        0.7993779231999597,
        0.23785587676088718,
        0.5015206972411924,
        1.2741349810976375,
        0.6831296444921846,
        0.4085111210599963,
        0.8924994465698625,
    ),
}
#: statsmodels 0.15.0, Logit: χ² of the group, of group × total, the group's coefficient and its error, and the changes of
#: Nagelkerke's R² (both, uniform) from its log-likelihoods
LOGIT = {
    3: (
        10.756101099338366,
        1.331969937844633,
        -0.719015488327132,
        0.22014990611434967,
        0.021509134519189288,
        0.01916350701232239,
    ),
    5: (
        1.419789510742703,
        1.1304629655778626,
        0.2807491651222755,
        0.23660502725864527,
        0.004686470529259024,
        0.0026119114326462745,
    ),
}


@pytest.mark.parametrize(("item", "theirs"), STRATIFIED.items())
def test_mantel_and_haenszel_are_statsmodels(item, theirs) -> None:  # type: ignore[no-untyped-def]
    found = mantel_haenszel(SCORES[:, item], FOCAL, TOTAL)
    ours = (found.odds_ratio, found.error, found.low, found.high, found.chi_square, found.p)
    assert ours == pytest.approx(theirs[:6], rel=1e-9)
    assert mantel_haenszel(SCORES[:, item], FOCAL, TOTAL, continuity=False).chi_square == pytest.approx(
        theirs[6], rel=1e-9
    )
    assert found.delta == pytest.approx(-2.35 * np.log(theirs[0]))
    assert (found.reference, found.focal, found.strata) == (300, 220, 9)


@pytest.mark.parametrize(("item", "theirs"), LOGIT.items())
def test_logistic_regression_is_statsmodels(item, theirs) -> None:  # type: ignore[no-untyped-def]
    found = logistic_dif(SCORES[:, item], FOCAL, TOTAL)
    ours = (
        found.uniform_chi_square,
        found.nonuniform_chi_square,
        found.log_odds[0],
        found.errors[0],
        found.r2_change,
        found.uniform_r2_change,
    )
    assert ours == pytest.approx(theirs, rel=1e-7, abs=1e-8)


@pytest.mark.parametrize(
    ("a", "b", "c", "d", "category"),
    [
        (60, 40, 58, 42, "A"),  # nothing
        (700, 300, 630, 370, "A"),  # significant, |Δ| = 0.74
        (1400, 600, 1190, 810, "B"),  # Δ = −1.09
        (90, 10, 77, 23, "B"),  # Δ = −2.3, but with 200 persons not surely beyond 1
        (900, 100, 770, 230, "C"),  # the same Δ of 2,000
    ],
)
def test_categories_follow_the_rules_of_ets(a, b, c, d, category) -> None:  # type: ignore[no-untyped-def]
    right, focal = np.repeat([1, 0, 1, 0], [a, b, c, d]), np.repeat([0, 0, 1, 1], [a, b, c, d])
    found = mantel_haenszel(right, focal, np.zeros(len(right), int))
    size, sure = abs(found.delta), abs(found.delta) - 1.645 * found.delta_error > 1
    expected = "A" if found.p >= 0.05 or size < 1 else "C" if size >= 1.5 and sure else "B"
    assert found.category == expected == category


def test_one_stratum_of_several_groups_is_pearson_s_chi_square() -> None:
    from scipy.stats import chi2_contingency

    table = np.array([[30, 20], [25, 35], [40, 22]])
    score = np.concatenate([np.repeat([0, 1], row) for row in table])
    group = np.repeat([0, 1, 2], table.sum(axis=1))
    n = table.sum()
    statistic, freedom, p = several_groups(score, group, np.zeros(n, int))
    theirs = chi2_contingency(table, correction=False)
    assert (statistic, freedom) == (pytest.approx(theirs.statistic * (n - 1) / n), 2)
    assert p == pytest.approx(theirs.pvalue, abs=0.01)


def test_two_groups_of_several_are_mantel_s_test_by_its_own_formula() -> None:
    score = several_scores(200, 4, seed=6)
    focal, total = np.arange(200) % 3 == 0, score.sum(axis=1).astype(int)
    found = mantel_polytomous(score[:, 1], focal, total)
    off = variance = difference = weight = 0.0
    for level in np.unique(total):
        mine = total == level
        f, n = (focal & mine).sum(), mine.sum()
        if not 0 < f < n:
            continue
        x = score[mine, 1]
        off += score[focal & mine, 1].sum() - f * x.mean()
        variance += f * (n - f) * ((x**2).sum() * n - x.sum() ** 2) / (n**2 * (n - 1))  # Mantel (1963)
        difference += f * (score[focal & mine, 1].mean() - score[~focal & mine, 1].mean())
        weight += f
    assert found.chi_square == pytest.approx(off**2 / variance)
    assert found.difference == pytest.approx(difference / weight)
    assert several_groups(score[:, 1], focal.astype(int), total)[0] == pytest.approx(found.chi_square)


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(520)), st.sampled_from([1, 3, 5]))
def test_order_does_not_matter_and_swapped_groups_turn_it_round(order, item) -> None:  # type: ignore[no-untyped-def]
    one = mantel_haenszel(SCORES[order, item], FOCAL[order], TOTAL[order])
    other = mantel_haenszel(SCORES[:, item], 1 - FOCAL, TOTAL)
    assert one.log_odds == pytest.approx(-other.log_odds)
    assert (one.chi_square, one.error, one.category) == (
        pytest.approx(other.chi_square),
        pytest.approx(other.error),
        other.category,
    )


def test_what_cannot_be_said_is_nan_with_a_reason() -> None:
    apart = mantel_haenszel([1, 0, 1, 0], [0, 0, 1, 1], [0, 0, 1, 1])
    assert (codes(apart.cautions), apart.category) == (("no_common_scores",), "")
    ones = mantel_haenszel([1, 1, 1, 0], [0, 0, 1, 1], [0, 0, 0, 0])
    assert codes(ones.cautions) == ("one_sided",)
    assert np.isnan(ones.odds_ratio)
    assert codes(mantel_polytomous([1, 2], [0, 1], [0, 1]).cautions) == ("no_common_scores",)
    split = logistic_dif([0, 0, 0, 1, 1, 1], [0, 1, 0, 1, 0, 1], [1, 1, 2, 3, 3, 4])
    assert (codes(split.cautions), split.jodoin_gierl) == (("separated",), "")
    assert codes(logistic_dif([0, 1], [0, 0], [1, 2]).cautions) == ("no_common_scores",)
    assert codes(logistic_dif([0, 1, 0, 1], [0, 0, 1, 1], [3, 3, 3, 3]).cautions) == ("no_spread",)
    assert np.isnan(several_groups([1, 0], [0, 0], [0, 0])[0])
    alike = mantel_polytomous([2, 2, 2, 2], [0, 1, 0, 1], [5, 5, 5, 5])
    assert (alike.category, codes(alike.cautions)) == ("", ("no_spread",))


@pytest.mark.parametrize("few", [3, 30, 220])
def test_a_group_that_had_all_right_has_no_estimate_however_flat_the_likelihood(few) -> None:  # type: ignore[no-untyped-def]
    """The likelihood has settled when the log odds pass 22 and their error 38,000: that was given without a word."""
    focal = np.zeros(520, int)
    focal[-few:] = 1
    score = np.where(focal == 1, 1.0, SCORES[:, 3])
    found = logistic_dif(score, focal, TOTAL)
    assert codes(found.cautions) == ("separated",)
    assert np.isnan([found.log_odds[0], found.errors[0], found.p]).all()


def test_missing_answers_and_unknown_groups_are_left_out() -> None:
    score = np.r_[SCORES[:, 3], np.nan, 1.0]
    found = mantel_haenszel(score, np.r_[FOCAL, 0, 1], np.r_[TOTAL, 3, -1])
    assert found == mantel_haenszel(SCORES[:, 3], FOCAL, TOTAL)
    whole = logistic_dif(SCORES[:, 3], FOCAL, TOTAL)
    assert logistic_dif(score, np.r_[FOCAL, 0, -1], np.r_[TOTAL, 3, 1]).p == pytest.approx(whole.p)


def test_a_screen_finds_the_item_and_says_whom_it_favours() -> None:
    found = screen_dif(SCORES, {"sex": SEX})
    assert [row.item for row in found.flagged()] == [3]
    row = found.flagged()[0]
    assert (row.reference, row.focal, row.favours) == ("male", "female", "male")
    assert codes(row.cautions) in (("dif_moderate",), ("dif_large",))
    assert found.comparisons[0].anchor == (0, 1, 2, 4, 5, 6, 7)
    # the anchor without item 3, and item 3 itself: its own row matches on all
    assert row.mantel_haenszel == mantel_haenszel(SCORES[:, 3], FOCAL, TOTAL)
    assert found.rows[0].mantel_haenszel == mantel_haenszel(SCORES[:, 0], FOCAL, TOTAL - SCORES[:, 3].astype(int))


def test_small_groups_are_refused_and_middling_ones_said() -> None:
    few = ["male"] * 490 + ["female"] * 30
    found = screen_dif(SCORES, {"sex": few})
    assert found.rows == ()
    assert found.comparisons[0].refused
    assert found.comparisons[0].cautions[0].numbers == {"n": 30, "least": 100}
    middling = screen_dif(SCORES[:450], {"sex": SEX[:450]})
    assert "group_below_recommended" in codes(middling.rows[0].cautions)


def test_several_variables_missing_answers_and_outside_abilities() -> None:
    table = SCORES.copy()
    table[::7, 0] = np.nan
    device = ["phone", "laptop", None] * 173 + ["phone"]
    age = ["under 35", "35 to 54", "55 and over"] * 173 + ["under 35"]
    found = screen_dif(table, {"sex": SEX, "device": device, "age": age}, references={"age": "under 35"})
    assert {(row.variable, row.reference, row.focal) for row in found.rows} == {
        ("sex", "male", "female"),
        ("device", "phone", "laptop"),
        ("age", "under 35", "35 to 54"),
        ("age", "under 35", "55 and over"),
    }
    assert {one.variable for one in found.overall} == {"age"}
    assert all(row.adjusted_p >= row.p for row in found.rows)
    sure = max((row for row in found.rows if row.variable == "sex"), key=lambda row: abs(row.size))
    assert (sure.item, sure.favours) == (3, "male")
    outside = screen_dif(SCORES, {"sex": SEX}, ability=TOTAL / 8)
    assert [row.item for row in outside.flagged()] == [3]


def test_an_item_nobody_answered_has_no_row_of_numbers_but_a_reason() -> None:
    table = SCORES.copy()
    table[:, 2] = np.nan
    row = screen_dif(table, {"sex": SEX}).rows[2]
    assert (row.category, codes(row.cautions)) == ("", ("no_common_scores",))
    assert np.isnan([row.size, row.p, row.adjusted_p]).all()


def test_items_of_several_scores_are_screened_by_mantel_s_test() -> None:
    table = several_scores(500, 6, seed=8)
    focal = np.arange(500) % 2 == 1
    table[focal, 2] = np.maximum(table[focal, 2] - (np.arange(250) % 2), 0)
    found = screen_dif(table, {"device": np.where(focal, "phone", "laptop").tolist()})
    assert [(row.item, row.favours) for row in found.flagged()] == [(2, "laptop")]
    assert found.flagged()[0].polytomous is not None
    assert found.flagged()[0].logistic is None


def test_groups_that_differ_in_ability_only_are_seldom_called_unfair() -> None:
    false = 0
    for seed in range(5):
        table = np.vstack(
            [
                right_or_wrong(250, EASY_TO_HARD, seed=seed),
                right_or_wrong(250, EASY_TO_HARD, seed=100 + seed, mean=-0.8),
            ]
        )
        false += len(screen_dif(table, {"sex": ["male"] * 250 + ["female"] * 250}).flagged())
    assert false <= 2  # of 40 comparisons


def test_benjamini_and_hochberg_s_adjustment_is_statsmodels() -> None:
    # statsmodels 0.15.0, multipletests(method="fdr_bh")
    np.testing.assert_allclose(
        benjamini_hochberg([0.01, 0.04, np.nan, 0.03, 0.005, 0.2]), [0.025, 0.05, np.nan, 0.05, 0.025, 0.2]
    )
    assert len(benjamini_hochberg([])) == 0
    with pytest.raises(ValueError, match="outside"):
        benjamini_hochberg([1.2])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusted_p_values_are_larger_and_keep_their_order(p) -> None:  # type: ignore[no-untyped-def]
    adjusted = benjamini_hochberg(p)
    assert ((adjusted >= np.array(p)) & (adjusted <= 1)).all()
    assert (np.diff(adjusted[np.argsort(p, kind="stable")]) >= -1e-15).all()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"variables": {"sex": ["m"]}}, "found 1 groups for 520 persons"),
        ({"variables": {"sex": SEX}, "references": {"sex": "x"}}, "found the reference 'x'"),
        ({"variables": {"sex": SEX}, "ability": [1.0]}, "expected one each"),
    ],
)
def test_what_does_not_fit_is_refused(arguments, said) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=said):
        screen_dif(SCORES, **arguments)


def test_scores_and_shapes_are_checked() -> None:
    with pytest.raises(ValueError, match="neither 0 nor 1"):
        mantel_haenszel([2.0], [0], [0])
    with pytest.raises(ValueError, match="neither 0 nor 1"):
        logistic_dif([2.0], [0], [0])
    with pytest.raises(ValueError, match="one of each by person"):
        mantel_haenszel([1.0, 0], [0], [0])
