"""What each report says, counted again by hand from the same rows (DuckDB)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

pytest.importorskip("numpy")
pytest.importorskip("ibis")

import numpy as np

from bdhvs import queries
from bdhvs.measurement import classical
from tests.queries.making import Row, awkward, write

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
