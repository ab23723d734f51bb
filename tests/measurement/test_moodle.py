"""Moodle's statistics: its published formulas written out once more with loops, and laws.

They were also compared with the figures of Moodle's own unit test (question/…/statistics_test.php at 00e93a9, computed by its authors
in a spreadsheet; 22 attempts, 20 questions): every facility index, standard deviation, effective weight, discrimination index and
discriminative efficiency agrees to 5e-9. Moodle's data are GPL and not copied here.
"""

from __future__ import annotations

from statistics import fmean, median, stdev

import pytest

pytest.importorskip("numpy")
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bdhvs.measurement.moodle import guess_of_matching, guess_of_single_choice, question_statistics, quiz_statistics
from bdhvs.measurement.reliability import alpha
from tests.measurement.classical_data import several_scores

MAXIMUM = np.array([3.0, 3, 3, 3, 3, 0])
MARKS = np.column_stack([several_scores(25, 5, seed=5) * [1, 1, 1 / 3, 1, 1], np.zeros(25)])


def _covariance(x: list[float], y: list[float]) -> float:
    return sum((a - fmean(x)) * (b - fmean(y)) for a, b in zip(x, y, strict=True)) / (len(x) - 1)


def test_questions_by_the_published_formulas() -> None:
    found = question_statistics(MARKS, MAXIMUM)
    totals = MARKS.sum(axis=1).tolist()
    columns = [MARKS[:, j].tolist() for j in range(5)]
    roots = [_covariance(one, totals) ** 0.5 for one in columns]
    for j, mine in enumerate(columns):
        others = [total - mark for total, mark in zip(totals, mine, strict=True)]
        covariance = _covariance(mine, others)
        assert found.facility[j] == pytest.approx(100 * fmean(mine) / 3)
        assert found.sd[j] == pytest.approx(100 * stdev(mine) / 3)
        assert found.intended_weight[j] == pytest.approx(20)
        assert found.effective_weight[j] == pytest.approx(100 * roots[j] / sum(roots))
        assert found.discrimination_index[j] == pytest.approx(100 * covariance / (stdev(mine) * stdev(others)))
        best = _covariance(sorted(mine), sorted(others))
        assert found.discriminative_efficiency[j] == pytest.approx(100 * covariance / best)
    assert np.isnan([found.facility[5], found.sd[5], found.discrimination_index[5]]).all()  # a description has no marks
    assert found.effective_weight[5] == found.intended_weight[5] == 0


def test_the_quiz_by_the_published_formulas() -> None:
    found = quiz_statistics(MARKS, MAXIMUM)
    totals = MARKS.sum(axis=1).tolist()
    assert found.average == pytest.approx(100 * fmean(totals) / 15)
    assert found.median == pytest.approx(100 * median(totals) / 15)
    assert found.sd == pytest.approx(100 * stdev(totals) / 15)
    questions = alpha(
        MARKS[:, :5]
    ).value  # the description is no position, see quiz_report_get_significant_questions in Moodle
    assert found.internal_consistency == pytest.approx(100 * questions)
    assert found.error_ratio == pytest.approx(100 * (1 - questions) ** 0.5)
    assert found.standard_error == pytest.approx(found.error_ratio * found.sd / 100)


def test_a_description_changes_nothing() -> None:
    assert quiz_statistics(MARKS, MAXIMUM) == quiz_statistics(MARKS[:, :5], 3)
    with_text, without = question_statistics(MARKS, MAXIMUM), question_statistics(MARKS[:, :5], 3)
    np.testing.assert_allclose(with_text.effective_weight[:5], without.effective_weight)
    np.testing.assert_allclose(with_text.discrimination_index[:5], without.discrimination_index)


def test_skewness_and_kurtosis_are_scipy_s_unbiased_ones() -> None:
    stats = pytest.importorskip("scipy.stats")
    found, totals = quiz_statistics(MARKS, MAXIMUM), MARKS.sum(axis=1)
    assert found.skewness == pytest.approx(stats.skew(totals, bias=False))
    assert found.kurtosis == pytest.approx(stats.kurtosis(totals, bias=False))


def test_silence_counts_as_nothing_as_it_does_there() -> None:
    table = MARKS.copy()
    table[3, 1] = np.nan
    zero = MARKS.copy()
    zero[3, 1] = 0
    found = question_statistics(table, MAXIMUM)
    np.testing.assert_array_equal(found.facility, question_statistics(zero, MAXIMUM).facility)
    np.testing.assert_array_equal(found.unanswered, [0, 1, 0, 0, 0, 0])


def test_few_attempts_have_the_blanks_moodle_has() -> None:
    one = quiz_statistics(MARKS[:1], MAXIMUM)
    assert np.isnan([one.sd, one.skewness, one.internal_consistency, one.standard_error]).all()
    assert np.isnan(question_statistics(MARKS[:1], MAXIMUM).discrimination_index).all()
    three = quiz_statistics(MARKS[:3], MAXIMUM)
    assert np.isnan(three.kurtosis)
    assert not np.isnan(three.skewness)
    alike = quiz_statistics(np.ones((5, 2)), 1)
    assert (alike.sd, alike.average) == (0, 100)
    assert np.isnan(alike.internal_consistency)


def test_a_question_against_the_rest_has_no_effective_weight() -> None:
    table = np.column_stack([MARKS[:, :4], 3 - MARKS[:, 0] * 1.0])
    weights = question_statistics(table * [1, 1, 1, 1, 5], [3, 3, 3, 3, 15]).effective_weight
    assert np.nansum(weights) == pytest.approx(100)
    assert np.isnan(weights).any()


@settings(max_examples=40, deadline=None)
@given(st.floats(0.1, 20), st.permutations(range(25)))
def test_marks_in_another_unit_or_order_give_the_same_percentages(unit, order) -> None:  # type: ignore[no-untyped-def]
    one, other = question_statistics(MARKS, MAXIMUM), question_statistics(MARKS[order] * unit, MAXIMUM * unit)
    for name in ("facility", "sd", "effective_weight", "discrimination_index", "discriminative_efficiency"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), atol=1e-9, err_msg=name)
    assert quiz_statistics(MARKS, MAXIMUM).sd == pytest.approx(quiz_statistics(MARKS * unit, MAXIMUM * unit).sd)


def test_guessing() -> None:
    assert guess_of_single_choice([1, 0, 0, 0]) == 0.25
    assert guess_of_matching(4) == 0.25
    found = question_statistics(MARKS, MAXIMUM, [0.25, 0.5, np.nan, 0, 0, 0]).random_guess_score
    np.testing.assert_array_equal(found, [25, 50, np.nan, 0, 0, 0])
    with pytest.raises(ValueError, match="at least 1"):
        guess_of_matching(0)
    with pytest.raises(ValueError, match="none below 0"):
        quiz_statistics(MARKS, 0)
