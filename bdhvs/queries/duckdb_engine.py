"""DuckDB in this process, over a dataset's folder: nothing is loaded, each query reads the columns and folders it needs."""

from __future__ import annotations

from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import ibis
import ibis.backends.duckdb

from bdhvs.dataset.schema import TABLES
from bdhvs.errors import QueryError
from bdhvs.queries.tables import Tables, ibis_schema, with_contract

if TYPE_CHECKING:
    import ibis.expr.types as ir


def open_tables(folder: Path, memory: str | None, threads: int | None) -> Tables:
    """The tables of the dataset in `folder`. QueryError when there is none, or a setting cannot be kept."""
    if not any((folder / "responses").glob("**/*.parquet")) and not (folder / "manifest.json").is_file():
        raise QueryError(
            f"{folder}: found no dataset, expected a folder with responses/province=…/commune=…/day=…/*.parquet"
        )
    settings: dict[str, Any] = {"memory_limit": memory, "threads": threads, "preserve_insertion_order": False}
    try:
        connection = ibis.duckdb.connect(**{name: value for name, value in settings.items() if value is not None})
    except duckdb.Error as exc:
        raise QueryError(f"DuckDB could not start with memory={memory!r} and threads={threads!r}: {exc}") from exc
    tables = {name: _table(connection, folder, name) for name in TABLES}
    return Tables("duckdb", **tables, close=connection.disconnect)


def _table(connection: Any, folder: Path, name: str) -> ir.Table:
    if not any((folder / name).glob("**/*.parquet")):  # a dataset in which nothing was scored has no scores
        return connection.create_table(name, schema=ibis_schema(TABLES[name]), temp=True)
    # Not guessed: the code "01" is no number.
    hive = {"hive_partitioning": True, "hive_types_autocast": False} if name == "responses" else {}
    try:
        table = connection.read_parquet(f"{escape(str(folder))}/{name}/**/*.parquet", table_name=name, **hive)
    except duckdb.Error as exc:
        raise QueryError(f"{folder / name}: DuckDB cannot read these files: {exc}") from exc
    return with_contract(name, table.mutate(day=table["day"].cast("date")) if hive else table)
