"""A dataset into PostgreSQL: whole or not at all, a batch at a time."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdhvs.dataset import Dataset
from bdhvs.dataset.manifest import manifest_text
from bdhvs.dataset.schema import TABLES, Column
from bdhvs.errors import MissingExtra, QueryError
from bdhvs.queries.duckdb_engine import research_dataset
from bdhvs.queries.engines import SCHEMA
from bdhvs.queries.tables import TYPES

if TYPE_CHECKING:
    import pyarrow as pa

#: Beside the tables: what they are, as the manifest of a dataset says it.
DESCRIPTION = "dataset"
BATCH_ROWS = 100_000  # of responses some 30 MB as text
_POSTGRES = {"string": "text", "int64": "bigint", "float64": "double precision", "boolean": "boolean", "date": "date"}


def load(dataset: str | Path, address: str, *, schema: str = SCHEMA, replace: bool = False) -> dict[str, int]:
    """Copy a dataset's tables into a schema of a PostgreSQL database.

    Parameters
    ----------
    address : ``postgresql://…``; the user may create schemas and tables.
    replace : take the place of tables that are there; without it they are refused.

    Returns
    -------
    Rows by table.

    Raises
    ------
    QueryError
        when the database cannot be reached, or tables are there already. Nothing is changed then.
    DatasetError, DatasetDamaged
        when there is no dataset, or it is not what was written.
    MissingExtra
        when psycopg is not installed.
    """
    try:
        import psycopg
    except ImportError as exc:
        raise MissingExtra("psycopg", "postgresql") from exc
    opened = research_dataset(Path(dataset))
    try:
        with psycopg.connect(address) as connection:
            return _load(opened, connection, schema, replace)
    except psycopg.errors.DuplicateTable as exc:
        raise QueryError(
            f"PostgreSQL, schema {schema}: found tables of a dataset; load with replace=True or into another schema"
        ) from exc
    except psycopg.Error as exc:
        raise QueryError(f"PostgreSQL did not take the dataset, and nothing was changed: {exc}") from exc


def _load(dataset: Dataset, connection: Any, schema: str, replace: bool) -> dict[str, int]:
    from psycopg import sql

    rows = {}
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
        for name, columns in TABLES.items():
            place = sql.Identifier(schema, name)
            if replace:
                cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(place))
            cursor.execute(sql.SQL("CREATE TABLE {} ({})").format(place, _definitions(columns)))
            rows[name] = 0
            with cursor.copy(sql.SQL("COPY {} FROM STDIN (FORMAT csv)").format(place)) as copy:
                for batch in dataset.scan(name).to_batches(columns=list(columns), batch_size=BATCH_ROWS):
                    copy.write(_csv(batch))
                    rows[name] += batch.num_rows
            cursor.execute(sql.SQL("ANALYZE {}").format(place))
        _describe(dataset, cursor, sql.Identifier(schema, DESCRIPTION), replace)
    return rows


def _describe(dataset: Dataset, cursor: Any, place: Any, replace: bool) -> None:
    """One row beside the tables: are the people invented, and the whole manifest."""
    from psycopg import sql

    if replace:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(place))
    cursor.execute(sql.SQL("CREATE TABLE {} (synthetic boolean NOT NULL, manifest text NOT NULL)").format(place))
    row = (dataset.manifest.synthetic, manifest_text(dataset.manifest))
    cursor.execute(sql.SQL("INSERT INTO {} VALUES (%s, %s)").format(place), row)


def _definitions(columns: Mapping[str, Column]) -> Any:
    from psycopg import sql

    kinds = ((name, sql.SQL(_POSTGRES[TYPES[column.kind]])) for name, column in columns.items())
    return sql.SQL(", ").join(sql.SQL("{} {}").format(sql.Identifier(name), kind) for name, kind in kinds)


def _csv(batch: pa.RecordBatch) -> bytes:
    """Texts in quotes, missing values without: PostgreSQL tells an empty text from a missing one by that."""
    from pyarrow import csv

    sink = io.BytesIO()
    csv.write_csv(batch, sink, csv.WriteOptions(include_header=False))
    return sink.getvalue()
