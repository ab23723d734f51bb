"""Evidence from tasks: help, the entry gate, the map."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdhvs.measurement.evidence import (
    TaskResult,
    autonomy,
    entry_gate,
    evidence_map,
    judge,
    mastery_probability,
    scores_for_level,
)


def tasks(alone: int, with_help: int = 0, wrong: int = 0, *, competence: str = "4.2", level: int = 1) -> list[TaskResult]:
    done = [TaskResult(competence, level, 1.0)] * alone + [TaskResult(competence, level, 1.0, helped=True)] * with_help
    return done + [TaskResult(competence, level, 0.0)] * wrong


@pytest.mark.parametrize(
    ("done", "of", "standing"),
    [(0, 0, "none"), (1, 1, "insufficient"), (0, 2, "insufficient"), (3, 3, "shown"), (4, 5, "insufficient"),
     (5, 6, "shown"), (1, 3, "not_yet"), (2, 4, "insufficient"), (6, 8, "insufficient"), (7, 8, "shown"), (2, 6, "not_yet")],
)  # fmt: skip
def test_what_a_few_tasks_show(done: int, of: int, standing: str) -> None:
    assert judge(done, of).standing == standing


@given(st.integers(0, 30), st.integers(0, 30), st.floats(0.3, 0.9))
def test_mastery_is_the_integral_of_the_likelihood_on_both_sides(done: int, more: int, mastery: float) -> None:
    beta = pytest.importorskip("scipy.stats").beta(done + 1, more + 1)
    above, below = beta.sf(mastery) / (1 - mastery), beta.cdf(mastery) / mastery
    assert mastery_probability(done, done + more, mastery) == pytest.approx(above / (above + below), abs=1e-9)


@given(st.integers(0, 20), st.integers(1, 20))
def test_another_task_done_never_speaks_against_and_one_not_done_never_for(done: int, of: int) -> None:
    done = min(done, of)
    now = mastery_probability(done, of)
    assert mastery_probability(done + 1, of + 1) >= now >= mastery_probability(done, of + 1)
    assert mastery_probability(0, 0) == pytest.approx(0.5)


def test_done_with_help_is_level_1_and_done_alone_level_2() -> None:
    assert autonomy(tasks(4)).level == 2
    helped = autonomy(tasks(1, with_help=4))
    assert (helped.level, helped.autonomy) == (1, "with_help")
    assert autonomy(tasks(0, wrong=4)).autonomy == "not_yet"
    assert autonomy(tasks(1, with_help=1, wrong=1)).autonomy == "insufficient"
    assert autonomy([]).level is None
    assert autonomy(tasks(9, level=4)).autonomy == "none"  # says nothing of levels 1 and 2


@given(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6))
def test_help_never_makes_more_of_a_result(alone: int, with_help: int, wrong: int) -> None:
    order = {None: 0, 1: 1, 2: 2}
    without = autonomy(tasks(alone + with_help, 0, wrong)).level
    assert order[autonomy(tasks(alone, with_help, wrong)).level] <= order[without]


def test_scores_above_level_1_are_those_done_alone() -> None:
    np = pytest.importorskip("numpy")
    scores, helped = [[1.0, 2.0, np.nan]], [[True, False, True]]
    np.testing.assert_array_equal(scores_for_level(scores, helped, 1), scores)
    np.testing.assert_array_equal(scores_for_level(scores, helped, 2), [[0.0, 2.0, np.nan]])
    with pytest.raises(ValueError, match="the same"):
        scores_for_level(scores, [True], 2)


def test_the_gate_closes_only_when_it_is_sure() -> None:
    closed = entry_gate(tasks(1, wrong=2, competence="0.2", level=0) + tasks(0, wrong=2, competence="0.1", level=0))
    assert closed.blocks
    assert closed.first == ("0.1", "0.2")
    assert not entry_gate(tasks(0, wrong=2, level=0)).blocks  # two tasks are no reason to take a result away
    assert entry_gate(tasks(5)).gate == "not_asked"
    assert not entry_gate(tasks(1, wrong=2, level=0)).blocks  # "not yet" with 0.80, too little to close
    assert entry_gate(tasks(0, wrong=3, level=0)).blocks
    helped = entry_gate(tasks(1, with_help=3, competence="0.1", level=0))
    assert (helped.gate, helped.first) == ("open", ())
    half = entry_gate(tasks(2, wrong=2, competence="0.1", level=0))
    assert (half.gate, half.blocks, half.first) == ("insufficient", False, ("0.1",))


def test_the_map_has_all_competences_and_counts_each_task_once() -> None:
    own = [*tasks(3, level=2), *tasks(0, with_help=3, level=1), *tasks(1, wrong=1, level=3), *tasks(0, with_help=3, competence="1.1", level=2)]
    found = evidence_map(own, ["1.1", "4.2", "6.3"], range(7))
    assert [one.competence for one in found] == ["1.1", "4.2", "6.3"]
    assert sum(one.counts.tasks for one in found) == len(own)
    search, safety, empty = found
    assert search.cells[2].standing == "not_yet"  # three with help: no level 2
    assert safety.cells[1].standing == "shown"  # with help is what level 1 asks
    assert safety.cells[2].standing == "shown"
    assert safety.cells[3].standing == "insufficient"
    assert safety.levels_with_evidence == (1, 2, 3)
    assert safety.highest_shown == 2
    assert empty.levels_with_evidence == ()
    assert empty.highest_shown is None
    assert empty.autonomy.autonomy == "none"
    assert not empty.cells[0].has_evidence


def test_what_is_not_on_the_map_is_refused_not_lost() -> None:
    with pytest.raises(ValueError, match=r"competence 4\.2, level 1"):
        evidence_map(tasks(1), ["1.1"], range(7))
    with pytest.raises(ValueError, match="found a share of"):
        TaskResult("1.1", 1, 1.5)
    with pytest.raises(ValueError, match="0 ≤ done ≤ tasks"):
        mastery_probability(4, 3)


def test_evidence_needs_no_numpy() -> None:
    script = "import sys; sys.modules.update(numpy=None, scipy=None); import bdhvs.measurement.evidence as e; print(e.judge(3, 3).standing)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "shown"
