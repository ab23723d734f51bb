"""DuckDB, PostgreSQL and Spark say the same of the same data, report by report.

One file, so that one worker starts Spark and PostgreSQL once.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("numpy")
pytest.importorskip("ibis")

import numpy as np
import pyarrow as pa

from bdhvs import queries
from bdhvs.analysis.everyone import Scale, score_everyone, score_on_spark
from bdhvs.dataset.mark import is_marked
from bdhvs.measurement.calibrated import CalibratedItems
from tests.queries.making import ITEMS, Row, awkward, older, write

pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")  # py4j leaves them to the collector

#: Whole numbers and texts must be equal; sums of real numbers differ by the order of adding up.
TOLERANCE = 1e-9

DATA: dict[str, dict[str, list[Row]]] = {
    "awkward": awkward(),
    "one_learner": awkward(seed=3, learners=1),
    "nobody": awkward(learners=0),
}
#: The first of them as an older bdhvs wrote it.
OLDER = "older"
#: What divides by numbers that can be 0. Only these are asked of Spark about one learner: it takes seconds for each.
DELICATE = ("commune_domain_band", "item_statistics", "retake_gains")


#: Whose people are not marked as invented.
REAL = "one_learner"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    place = tmp_path_factory.mktemp("datasets")
    found = {name: write(place / name, tables, synthetic=name != REAL) for name, tables in DATA.items()}
    return found | {OLDER: older(found["awkward"], place / OLDER)}


@pytest.fixture(scope="module")
def duckdb(folders: dict[str, Path]) -> Iterator[dict[str, Any]]:
    opened = {name: queries.connect(folder, memory="1GB", threads=2) for name, folder in folders.items()}
    yield opened
    for tables in opened.values():
        tables.close()


@pytest.fixture(scope="module")
def postgres(folders: dict[str, Path], postgresql: str) -> Iterator[dict[str, Any]]:
    for name, folder in folders.items():
        loaded = queries.load(folder, postgresql, schema=name)
        expected = DATA["awkward" if name == OLDER else name]
        assert {table: loaded[table] for table in expected} == {table: len(rows) for table, rows in expected.items()}
        assert bool(loaded["combinations"]) is (name in ("awkward", "one_learner"))
    opened = {name: queries.connect(postgresql, schema=name, memory="64MB", threads=0) for name in folders}
    yield opened
    for tables in opened.values():
        tables.close()


@pytest.fixture(scope="module")
def pyspark(folders: dict[str, Path], spark: Any) -> dict[str, Any]:
    return {name: queries.connect(spark, dataset=str(folder)) for name, folder in folders.items()}


@pytest.mark.parametrize("report", sorted(queries.REPORTS))
def test_the_engines_agree(report: str, duckdb: Any, postgres: Any, pyspark: Any) -> None:
    for data in DATA:
        expected = queries.ask(duckdb[data], report)
        assert bool(expected.num_rows) is not (data == "nobody") or report == "retake_gains"
        engines = [postgres]
        if data == "awkward" or (data == "one_learner" and report in DELICATE):
            engines.append(pyspark)
        for engine in engines:
            same(expected, found := queries.ask(engine[data], report))
            for table in (expected, found):
                assert is_marked(table.schema) is (data != REAL)
                assert table.to_pandas().attrs == ({} if data == REAL else {"synthetic": True})


def test_an_older_dataset_says_the_same(duckdb: Any, postgres: Any, pyspark: Any) -> None:
    for report in (*DELICATE, "option_counts"):
        expected = queries.ask(duckdb["awkward"], report)
        for engine in (duckdb, postgres, *([pyspark] if report == "option_counts" else [])):
            same(expected, queries.ask(engine[OLDER], report))


def test_everybody_s_ability_from_spark_is_that_from_files(folders: dict[str, Path], spark: Any) -> None:
    from bdhvs.queries.spark_engine import read_table

    slope, intercepts = 1.2, {1: [0.5], 2: [0.5, -0.4], 3: [0.5, 0.1, -0.4]}
    names = {f"{item}@{version}": [slope, *intercepts[top]] for item, version, _, _, top in ITEMS if top}
    scale = Scale(CalibratedItems.of_rows(list(names), list(names.values())))
    expected = score_everyone(folders["awkward"], scale, processes=1)
    assert is_marked(expected.schema)
    responses = read_table(spark, str(folders["awkward"]), "responses")
    assert responses is not None
    found = score_on_spark(responses.repartition(3), scale).toArrow().sort_by("learner")
    assert found["learner"].to_pylist() == expected["learner"].to_pylist()
    for name in ("ability", "se"):
        np.testing.assert_allclose(found[name], expected[name], rtol=0, atol=1e-12)


def same(expected: pa.Table, found: pa.Table) -> None:
    """Equal columns, types, rows and their order; real numbers to `TOLERANCE`."""
    assert found.schema == expected.schema
    for name in expected.column_names:
        one, other = expected[name].to_pylist(), found[name].to_pylist()
        if pa.types.is_floating(expected.schema.field(name).type):
            assert [value is None for value in other] == [value is None for value in one], name
            other = [value for value in other if value is not None]
            one = pytest.approx([value for value in one if value is not None], rel=TOLERANCE, abs=TOLERANCE)
        assert other == one, name
