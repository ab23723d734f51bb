"""Every code of measurement has words for a teacher, with the numbers that come with it."""

from __future__ import annotations

import re

import pytest

from bdhvs.measurement.cautions import MESSAGES, Caution
from bdhvs.service.caution_sentences import (
    CLAUSES,
    VERDICTS,
    caution_clause,
    selection_sentence,
    verdict_sentence,
    why_not,
)

FEW = Caution("too_few_persons", {"n": 9, "least": 15})
WIDE = Caution("interval_too_wide", {"low": 0.231, "high": 0.769, "widest": 0.4})
NUMBERS = dict.fromkeys(
    [
        "n",
        "least",
        "low",
        "high",
        "widest",
        "share",
        "r",
        "key",
        "value",
        "total",
        "least_total",
        "rounds",
        "size",
        "change",
        "expected",
    ],
    0.5,
)


@pytest.mark.parametrize("code", MESSAGES)
def test_every_code_has_a_clause_whose_numbers_come_with_it(code: str) -> None:
    clause = caution_clause(Caution(code, NUMBERS), "en")
    assert "{" not in clause
    assert not clause.endswith(".")
    given = set(re.findall(r"{(\w+)", MESSAGES[code]))
    made = {"percent": "share", "low_percent": "low", "high_percent": "high"}
    assert {made.get(name, name) for name in re.findall(r"{(\w+)}", CLAUSES[code])} <= given


def test_no_clause_is_for_a_code_that_is_not() -> None:
    assert set(CLAUSES) - {"regression_to_the_mean_above"} == set(MESSAGES)


def test_reasons_make_one_sentence() -> None:
    said = why_not([FEW, WIDE, FEW], "en")
    assert said == (
        "Do not conclude anything from this, because only 9 learners answered, and at least 15 are needed; "
        "with so few learners the true share may lie anywhere from 23 to 77 in 100."
    )
    assert why_not([], "en") == ""


def test_regression_knows_its_direction() -> None:
    low, high = (Caution("regression_to_the_mean", {"change": 0.4, "expected": sign * 0.2}) for sign in (1, -1))
    assert "did poorly the first time" in caution_clause(low, "en")
    assert "did well the first time" in caution_clause(high, "en")


@pytest.mark.parametrize(
    ("change", "expected", "said"),
    [
        (0.5, 0.2, "About 4 tenths of this gain"),
        (0.2, 0.5, "About 10 tenths of this gain"),
        (-0.4, -0.2, "About 5 tenths of this loss"),
        (0.5, -0.1, ""),
        (0.5, 0.01, ""),
    ],
)
def test_what_comes_by_itself_is_said_in_tenths(change: float, expected: float, said: str) -> None:
    pytest.importorskip("numpy")
    from bdhvs.measurement.selection import SelectionEffect

    found = selection_sentence(SelectionEffect(expected, change, change - expected, 0, 1, ()), "en")
    assert found.startswith(said)
    assert bool(found) == bool(said)


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_has_a_sentence(verdict: str) -> None:
    assert verdict_sentence(verdict, "en").endswith(".")


def test_an_unknown_code_is_refused_and_a_known_one_reads_as_english() -> None:
    with pytest.raises(ValueError, match="found the caution 'few'"):
        Caution("few")
    assert str(FEW) == "9 persons, fewer than the 15 this needs"
