"""What each report says, counted again by hand from the same rows (DuckDB)."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("numpy")
pytest.importorskip("ibis")

import numpy as np

from bdhvs import queries
from bdhvs.errors import DatasetError, QueryError
from bdhvs.measurement import classical
from tests.queries.making import SILENT_COMMUNE, Row, awkward, write

ROWS = awkward()


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with queries.connect(write(tmp_path_factory.mktemp("data") / "dataset", ROWS), memory="1GB", threads=1) as tables:
        yield tables


def counting(mode: str = "assessment") -> list[Row]:
    """The rows that count, with points; None: not shown."""
    found = []
    for row in ROWS["responses"]:
        due = row["last"] if mode == "assessment" else row["try"] <= 1
        if (
            due
            and row["mode"] == mode
            and row["max"] is not None
            and not row["neutralised"]
            and not row["after_solutions"]
        ):
            found.append(row | {"points": 0 if row["outcome"] == "skipped" else row["score"]})
    return found


def by(rows: list[Row], *keys: str) -> dict[tuple[Any, ...], list[Row]]:
    groups = defaultdict(list)
    for row in rows:
        groups[tuple(row[key] for key in keys)].append(row)
    return groups


def test_item_statistics_are_those_of_the_measurement_package(tables: Any) -> None:
    found = queries.ask(tables, "item_statistics").to_pylist()
    rows = counting()
    items = sorted(by(rows, "item", "item_version"))
    assert [(one["item"], one["item_version"]) for one in found] == items
    attempts = {attempt: place for place, attempt in enumerate(sorted({row["attempt"] for row in rows}))}
    matrix = np.full((len(attempts), len(items)), np.nan)
    for row in rows:
        if row["points"] is not None:
            matrix[attempts[row["attempt"]], items.index((row["item"], row["item_version"]))] = row["points"]
    expected = classical.item_statistics(matrix, [one["max"] for one in found])
    rests = classical.centred_rests(matrix)
    for name, values in {
        "persons": expected.persons, "mean": expected.mean, "share": expected.share, "sd": expected.sd,
        "item_rest": expected.item_rest, "rest_persons": (~np.isnan(rests)).sum(axis=0),
    }.items():  # fmt: skip
        got = [np.nan if one[name] is None else one[name] for one in found]
        np.testing.assert_allclose(got, values, rtol=1e-10, atol=1e-12, err_msg=name)
    nobody = next(one for one in found if one["item"] == "khong-ai-lam")
    assert (nobody["persons"], nobody["mean"], nobody["item_rest"]) == (0, None, None)
    assert nobody["not_shown"] == len(attempts)


def found(tables: Any, name: str, **options: Any) -> dict[tuple[Any, ...], Row]:
    keys = queries.REPORTS[name].keys
    return {tuple(row[key] for key in keys): row for row in queries.ask(tables, name, **options).to_pylist()}


@pytest.mark.parametrize("mode", ["assessment", "practice"])
def test_communes_add_up_points_of_tasks_answered_or_skipped(tables: Any, mode: str) -> None:
    shown = [row for row in counting(mode) if row["points"] is not None]
    expected = {
        key: (len(rows), sum(row["points"] for row in rows), sum(row["max"] for row in rows))
        for key, rows in by(shown, "province", "commune", "competence").items()
    }
    got = found(tables, "commune_competence", mode=mode)
    assert {key: (row["responses"], row["points"], row["most"]) for key, row in got.items()} == expected
    assert not [key for key in got if key[1] == SILENT_COMMUNE]
    assert ("01", "00123", "2.1") in got  # a code with zeros in front is no number


def test_bands_come_from_shares_and_few_tasks_have_none(tables: Any) -> None:
    cuts = [("thấp", 0.3), ("cao", 0.7)]
    expected: dict[tuple[Any, ...], int] = defaultdict(int)
    shown = [row for row in counting() if row["points"] is not None]
    for (*place, domain, _), rows in by(shown, "province", "commune", "domain", "learner").items():
        share = sum(row["points"] for row in rows) / sum(row["max"] for row in rows)
        band = None if len(rows) < 2 else "cao" if share >= 0.7 else "thấp" if share >= 0.3 else "below"
        expected[(*place, domain, band)] += 1
    got = found(tables, "commune_domain_band", cuts=cuts, least_tasks=2)
    assert {key: row["learners"] for key, row in got.items()} == expected
    for key, row in got.items():
        named = sum(one for other, one in expected.items() if other[:3] == key[:3] and other[3] is not None)
        assert row["share"] == (None if key[3] is None else pytest.approx(expected[key] / named))
    with pytest.raises(QueryError, match="each above the one before"):
        queries.ask(tables, "commune_domain_band", cuts=[("cao", 0.7), ("thấp", 0.3)])


def test_options_and_silences_are_counted(tables: Any) -> None:
    chosen = [row for row in counting() if row["kind"] == "single_choice"]
    expected = {key: len(rows) for key, rows in by(chosen, "item", "item_version", "outcome", "option").items()}
    got = found(tables, "option_counts")
    assert {key: row["responses"] for key, row in got.items()} == expected
    assert all((row["share"] is None) is (row["outcome"] != "answered") for row in got.values())


def test_quantiles_of_time_are_numpy_s_inverted_cdf(tables: Any) -> None:
    first = by([row for row in ROWS["responses"] if row["try"] == 1], "item", "item_version")
    got = found(tables, "item_times")
    assert got.keys() == first.keys()
    for key, rows in first.items():
        times = [row["elapsed_ms"] for row in rows if row["elapsed_ms"] is not None]
        assert (got[key]["answers"], got[key]["unknown"]) == (len(times), len(rows) - len(times))
        for percent in (10, 25, 50, 75, 90):
            expected = np.quantile(times, percent / 100, method="inverted_cdf") if times else None
            assert got[key][f"p{percent}_ms"] == expected


def test_attempts_and_silences_by_form(tables: Any) -> None:
    last = [row for row in ROWS["responses"] if row["last"]]
    got = found(tables, "completion")
    for key, rows in by(last, "form", "form_version", "mode").items():
        ends = {row["attempt"]: row["finish_reason"] for row in rows}
        assert got[key]["attempts"] == len(ends)
        assert got[key]["by_teacher"] == list(ends.values()).count("teacher")
        assert got[key]["learners"] == len({row["learner"] for row in rows})
        assert got[key]["cut_off"] == sum(row["outcome"] == "cut_off" for row in rows)
    assert sum(row["attempts"] for row in got.values()) == len({row["attempt"] for row in last})
    days = found(tables, "attempts_by_day")
    assert sum(row["attempts"] for row in days.values()) == len({row["attempt"] for row in last})


def test_help_confidence_and_groups(tables: Any) -> None:
    answered = [row for row in counting() if row["outcome"] == "answered"]
    helped = found(tables, "help_use")
    sure = found(tables, "confidence_and_correctness")
    for (code,), rows in by(answered, "competence").items():
        alone = [row for row in rows if row["help"] == "none"]
        assert helped[(code,)]["right_alone"] == sum(row["verdict"] == "right" for row in alone)
        assert helped[(code,)]["helped_share"] == pytest.approx(1 - len(alone) / len(rows))
        for (step,), some in by(alone, "confidence").items():
            if step is not None:
                assert sure[(code, step)]["right"] == sum(row["verdict"] == "right" for row in some)
                assert sure[(code, step)]["learners"] == len({row["learner"] for row in some})
    groups = by(ROWS["learners"], "province", "audience", "age_band", "sex")
    assert {key: row["learners"] for key, row in found(tables, "learners_by_group").items()} == {
        key: len(rows) for key, rows in groups.items()
    }


def test_positions_compare_an_item_with_itself(tables: Any) -> None:
    rows = counting()
    means = {
        key: np.mean([row["points"] for row in some if row["points"] is not None] or [np.nan])
        for key, some in by(rows, "item", "item_version").items()
    }
    got = found(tables, "position_effects")
    for key, some in by(rows, "form", "form_version", "position").items():
        known = [row for row in some if row["points"] is not None]
        assert got[key]["given"] == len(some)
        assert got[key]["not_reached"] == sum(row["outcome"] == "not_reached" for row in some)
        beyond = [(row["points"] - means[row["item"], row["item_version"]]) / row["max"] for row in known]
        assert got[key]["effect"] == (pytest.approx(np.mean(beyond), abs=1e-12) if known else None)


def test_retakes_compare_the_first_two_attempts_of_a_form(tables: Any) -> None:
    shares: dict[tuple[Any, ...], list[tuple[Any, int, float]]] = defaultdict(list)
    shown = [row for row in counting() if row["points"] is not None]
    for (form, learner, day, attempt), rows in by(shown, "form", "learner", "day", "attempt").items():
        share = sum(row["points"] for row in rows) / sum(row["max"] for row in rows)
        shares[form, learner].append((day, attempt, share))
    gains = defaultdict(list)
    for (form, _), attempts in shares.items():
        if len(attempts) > 1:
            one, two = sorted(attempts)[:2]
            gains[form].append(two[2] - one[2])
    got = {row["form"]: row for row in queries.ask(tables, "retake_gains").to_pylist()}
    assert got.keys() == gains.keys()
    for form, some in gains.items():
        assert (got[form]["learners"], got[form]["gained"]) == (len(some), sum(gain > 0 for gain in some))
        assert got[form]["gain"] == pytest.approx(np.mean(some))
        assert got[form]["gain_sd"] == pytest.approx(np.std(some, ddof=1))


def test_newest_scores_give_bands(tables: Any) -> None:
    newest = [row for row in ROWS["scores"] if row["newest"]]
    expected = by(newest, "province", "commune", "score_version", "domain", "band")
    got = found(tables, "commune_domain_band_scored")
    assert {key: row["learners"] for key, row in got.items()} == {
        key: len({row["learner"] for row in rows}) for key, rows in expected.items()
    }


def test_what_cannot_be_asked_is_said(tables: Any, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="no report 'items', expected one of attempts_by_day"):
        queries.ask(tables, "items")
    with pytest.raises(DatasetError, match="expected the manifest of a dataset"):
        queries.connect(tmp_path)
    with pytest.raises(QueryError, match="memory='a lot'"):
        queries.connect(write(tmp_path / "dataset", awkward(learners=1)), memory="a lot")
    with pytest.raises(QueryError, match="PostgreSQL cannot be reached"):
        queries.connect("postgresql://127.0.0.1:1/none")
    with pytest.raises(QueryError, match="found int, expected a dataset's folder"):
        queries.connect(3)
