"""DuckDB in this process, over a dataset's folder: nothing is loaded, each query reads the columns and folders it needs."""

from __future__ import annotations

from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import ibis
import ibis.backends.duckdb

from bdhvs.dataset import Dataset, open_dataset
from bdhvs.dataset.schema import TABLES
from bdhvs.errors import QueryError
from bdhvs.queries.tables import Tables, ibis_schema, with_combinations, with_contract

if TYPE_CHECKING:
    import ibis.expr.types as ir

#: What DuckDB 2.0 does for joins that keep few rows. Reports keep nearly all: a Bloom filter on every response that leaves
#: out none, and sums of unfinished sums, took a quarter of their time.
HINDERING = ("join_filter_pushdown", "partial_aggregate_pushdown")


def open_tables(folder: Path, memory: str | None, threads: int | None) -> Tables:
    """The tables of the dataset in `folder`. QueryError when it holds no persons' rows, or a setting cannot be kept."""
    dataset = research_dataset(folder)
    # Answers come sorted from the reports, so DuckDB need not keep the order of files, which takes memory.
    settings: dict[str, Any] = {"memory_limit": memory, "threads": threads, "preserve_insertion_order": False}
    settings["disabled_optimizers"] = ",".join(HINDERING)
    try:
        connection = ibis.duckdb.connect(**{name: value for name, value in settings.items() if value is not None})
    except duckdb.Error as exc:
        raise QueryError(f"DuckDB could not start with memory={memory!r} and threads={threads!r}: {exc}") from exc
    tables = {name: _table(connection, dataset, name) for name in TABLES}
    connection.raw_sql("SET parquet_metadata_cache = true")  # a report reads the files up to three times
    known = tables["combinations"] if dataset.files("combinations") else None
    tables |= with_combinations(tables["responses"], known)
    return Tables("duckdb", **tables, synthetic=dataset.manifest.synthetic, close=connection.disconnect)


def research_dataset(folder: Path) -> Dataset:
    """The dataset in `folder`, its files as many and as long as its manifest says.

    Raises
    ------
    QueryError
        for one of the public level, which has no rows of persons.
    DatasetError, DatasetDamaged, MissingExtra
        as `bdhvs.dataset.open_dataset`.
    """
    dataset = open_dataset(folder, verify="sizes")
    if dataset.manifest.privacy != "research":
        raise QueryError(
            f"{folder}: found a dataset of the public level, which is counted already; expected one of the research level"
        )
    return dataset


def _table(connection: Any, dataset: Dataset, name: str) -> ir.Table:
    if not dataset.files(name):
        return connection.create_table(name, schema=ibis_schema(TABLES[name]), temp=True)
    # Not guessed: the code "01" is no number.
    hive = {"hive_partitioning": True, "hive_types_autocast": False} if name == "responses" else {}
    try:
        table = connection.read_parquet(f"{escape(str(dataset.folder))}/{name}/**/*.parquet", table_name=name, **hive)
    except duckdb.Error as exc:
        raise QueryError(f"{dataset.folder / name}: DuckDB cannot read these files: {exc}") from exc
    table = with_contract(name, table.mutate(day=table["day"].cast("date")) if hive else table)
    # A view, for what stands in a query twice is a step that DuckDB keeps whole in memory.
    return connection.create_view(f"contract_{name}", table)
