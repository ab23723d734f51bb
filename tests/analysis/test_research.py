"""Tables from long frames: what was put into invented answers is found, counted as the rule says, and said in words."""

from __future__ import annotations

import json

import pandas as pd
import pytest

pytest.importorskip("numpy")
import numpy as np

from bdhvs.analysis import (
    alike_report,
    band_shares,
    dimensions,
    fairness,
    item_report,
    odd_patterns,
    rapid_report,
    reliability_report,
    subscores,
    targeting,
)
from bdhvs.analysis.gallery import Invented
from bdhvs.analysis.invented import COPIED_BY, COPIED_FROM, HARDER_FOR_OLDER, MARK, WRONG_KEY, invented_scores
from bdhvs.analysis.matrices import RULES, choice_matrix, keys, score_matrix, time_matrix
from bdhvs.analysis.scales import scale
from bdhvs.measurement.calibrated import CalibratedItems


def number(frame: pd.DataFrame) -> list[int]:
    return [int(name.split("-")[3]) for name in frame["item"]]


# ── matrices ────────────────────────────────────────────────────────────────────────────────────────


def little(**columns: list[object]) -> pd.DataFrame:
    """Four rows of one learner; every silence once."""
    rows: dict[str, list[object]] = {
        "learner": ["A"] * 4,
        "classroom": ["K"] * 4,
        "item": ["mot", "hai", "ba", "bon"],
        "item_version": [1] * 4,
        "kind": ["single_choice"] * 4,
        "competence": ["1.1", "1.1", "2.1", "2.1"],
        "domain": ["1", "1", "2", "2"],
        "mode": ["assessment"] * 4,
        "outcome": ["answered", "skipped", "not_reached", "cut_off"],
        "try": [1, 0, 0, 0],
        "last": [True] * 4,
        "score": [1, None, None, None],
        "max": [1] * 4,
        "help": ["hint", "none", "none", "none"],
        "response": ['{"choice": "b"}', None, None, None],
        "started_at": ["2026-11-22T00:00:00Z"] * 4,
        "neutralised": [None] * 4,
        "after_solutions": [False] * 4,
        "elapsed_ms": [12_000, 1000, None, None],
    }
    frame = pd.DataFrame(rows | columns)
    whole = dict.fromkeys(("try", "score", "max", "elapsed_ms", "item_version"), "Int64")
    return frame.astype(whole | dict.fromkeys(("learner", "item", "outcome"), "category"))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("alone", [0, 0, None, None]), ("answered", [1, None, None, None]), ("examination", [1, 0, 0, 0])],
)
def test_a_rule_says_what_silences_and_help_count(rule: str, expected: list[float | None]) -> None:
    found = score_matrix(little(), rule)
    row = found.table.loc["A", ["mot@1", "hai@1", "ba@1", "bon@1"]]
    assert [None if one != one else one for one in row] == expected
    assert found.classrooms is not None
    assert found.classrooms["A"] == "K"
    assert set(RULES) == {"alone", "answered", "examination"}


def test_the_first_meeting_counts_or_the_last_and_what_was_taken_out_does_not() -> None:
    later = little(
        score=[0, 1, 1, 1], outcome=["answered"] * 4, help=["none"] * 4, started_at=["2026-11-23T00:00:00Z"] * 4
    )
    both = pd.concat([later, little()], ignore_index=True)
    assert score_matrix(both, "answered").table.at["A", "mot@1"] == 1
    assert score_matrix(both, "answered", meeting="last").table.at["A", "mot@1"] == 0
    out = little(neutralised=["2026-11-22T01:00:00Z", None, None, None])
    assert "mot@1" not in score_matrix(out, "examination").table
    flags = little(neutralised=[True, False, False, False])  # as a dataset has it
    assert "mot@1" not in score_matrix(flags, "examination").table
    with pytest.raises(ValueError, match="expected one of alone"):
        score_matrix(both, "somehow")
    with pytest.raises(ValueError, match="no row that counts"):
        score_matrix(little(after_solutions=[True] * 4))


def test_choices_keys_and_times_come_from_either_shape_of_a_frame() -> None:
    frame = little()
    dataset = frame.drop(columns=["response", "started_at"]).assign(option=["b", None, None, None], day="2026-11-22")
    for one in (frame, dataset):
        assert choice_matrix(one).table.at["A", "mot@1"] == "b"
        assert keys(one) == {"mot@1": frozenset({"b"})}
    times = time_matrix(frame).table
    assert times.at["A", "mot@1"] == 12
    assert np.isnan(times.at["A", "hai@1"])


# ── reports on invented answers ─────────────────────────────────────────────────────────────────────


def test_the_item_report_counts_as_by_hand_and_the_wrong_key_is_seen(made: Invented) -> None:
    table = item_report.item_report(made.frame, "answered")
    rows = made.frame[made.frame["max"].notna() & (made.frame["outcome"] == "answered")]
    shares = (
        rows.groupby("item", observed=True)["score"].sum() / rows.groupby("item", observed=True)["max"].sum()
    ).astype(float)
    np.testing.assert_allclose(table["share"], shares[table["item"]].to_numpy())
    assert table["persons"].tolist() == rows.groupby("item", observed=True).size()[table["item"]].tolist()
    own = made.options[made.options["item"] == f"{MARK}-{WRONG_KEY:02d}"]
    assert "able_choose_wrong" in {one.code for row in own["cautions"] for one in row}
    assert own["share"].sum() == pytest.approx(1)
    assert own["is_key"].sum() == 1
    said = item_report.in_words(next(table.itertuples()), "en")
    assert f"{table['persons'][0]} learners" in said


def test_reliability_dimensions_and_worth_of_domains_agree_with_what_was_put_in(made: Invented) -> None:
    reliability = made.reliability.set_index("domain")
    assert reliability.loc["all", "alpha"] > reliability["alpha"].drop("all").max()
    assert (made.reliability["alpha_low"] <= made.reliability["alpha"]).all()
    assert made.dimensions.parallel.dimensions >= 1
    assert set(made.subscores["verdict"]) <= {"nothing_new", "with_others"}  # five tasks and a correlation of 0.85
    said = subscores.in_words(made.subscores, "en")
    assert "adds nothing to the total" in said
    assert "{" not in said + dimensions.in_words(made.dimensions, "en")
    assert "Reliability" in reliability_report.in_words(next(made.reliability.itertuples()), "en")


def test_who_copied_who_rushed_and_the_unfair_task_are_found(made: Invented) -> None:
    flagged = made.alike[made.alike["flagged"]]
    pair = {f"{MARK}-nguoi-{who:05d}" for who in (COPIED_FROM, COPIED_BY)}
    assert [{row.learner, row.other} for row in flagged.itertuples()] == [pair]
    said = alike_report.pair_in_words(next(flagged.itertuples()), "en")
    assert "no proof" in said
    assert "no proof" in alike_report.in_words(made.alike, "en")

    rushed = made.rapid.learners[made.rapid.learners["flagged"]]
    assert 0.01 < len(rushed) / 300 < 0.1
    assert (rushed["effort"] < 0.5).all()
    assert made.rapid.false_learners < 0.01
    assert f"{len(rushed)} of 300" in rapid_report.in_words(made.rapid, "en")

    unfair = made.fairness[made.fairness["flagged"]]
    assert HARDER_FOR_OLDER in number(unfair)
    assert (unfair.loc[[one == HARDER_FOR_OLDER for one in number(unfair)], "size"] < 0).all()
    assert "Harder for 60+" in fairness.in_words(made.fairness, "en")


def test_a_group_too_small_is_said_and_not_compared(made: Invented) -> None:
    few = {who: "a" if place < 20 else "b" for place, who in enumerate(made.groups["age"])}
    table = fairness.fairness(made.frame, {"group": few})
    assert table["item"].isna().all()
    assert "at least 100 are needed" in fairness.in_words(table, "en")


def test_a_scale_by_a_calibration_and_by_the_answers_themselves(made: Invented) -> None:
    own = made.scale
    assert own.from_these
    assert f"{MARK}-{WRONG_KEY:02d}@1" in own.left_out  # abler learners do worse on it
    matrix = score_matrix(made.frame)
    given = CalibratedItems(
        ("strange@1", *own.items.ids[5:]), np.vstack([own.items.parameters[:1], own.items.parameters[5:]])
    )
    part = scale(matrix, given)
    assert part.items.ids == own.items.ids[5:]
    assert not part.from_these
    with pytest.raises(ValueError, match="no item of the calibration"):
        scale(matrix, CalibratedItems.dichotomous([1.0], [0.0], ["strange@1"]))
    table = targeting.targeting(own)
    np.testing.assert_allclose(table["error"], table["information"] ** -0.5)
    assert 0 < targeting.well_measured(own) < 1
    patterns = odd_patterns.odd_patterns(own)
    assert patterns["lz_star"].mean() == pytest.approx(0, abs=0.3)
    assert f"Of {patterns['adjusted_p'].notna().sum()} learners" in odd_patterns.in_words(patterns, "en")


def test_too_few_choices_are_refused_with_what_to_do(made: Invented) -> None:
    few = made.frame[made.frame["learner"].isin(list(made.groups["age"])[:10])]
    with pytest.raises(alike_report.TooFewChoices, match="expected at least 30"):
        alike_report.alike_report(few)


def test_shares_of_bands_add_up_and_the_unknown_stay_in_sight() -> None:
    scores = invented_scores(60)
    table = band_shares.band_shares(scores)
    assert table.groupby("domain")["share"].sum().to_numpy() == pytest.approx(1)
    assert list(table["band"][:2]) == ["below", "co_ban"]
    assert list(table["band"])[-1] == band_shares.UNKNOWN
    assert (table["low"] <= table["share"]).all()
    assert (table["share"] <= table["high"]).all()
    assert band_shares.band_shares(scores.assign(newest=False)).empty
    assert json.dumps(band_shares.in_words(table, "vi"))
