"""A PostgreSQL database into which `bdhvs.queries.load` put a dataset."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.backends.postgres
import psycopg
from psycopg import sql

from bdhvs.dataset.schema import TABLES
from bdhvs.errors import QueryError
from bdhvs.queries.loading import DESCRIPTION
from bdhvs.queries.tables import Tables, with_combinations, with_contract


def open_tables(address: str, schema: str, memory: str | None, threads: int | None) -> Tables:
    """The tables in `schema`. QueryError when the database cannot be reached or has none."""
    connection = open_backend(address)
    missing = sorted({*TABLES, DESCRIPTION} - set(connection.list_tables(database=schema)))
    if missing:
        connection.disconnect()
        raise QueryError(
            f"PostgreSQL, schema {schema}: found no table {', '.join(missing)}; load a dataset first, or again with replace=True "
            "when an older bdhvs loaded it (bdhvs.queries.load)"
        )
    _set(connection, "work_mem", memory)
    _set(connection, "max_parallel_workers_per_gather", threads)
    tables = {name: with_contract(name, connection.table(name, database=schema)) for name in TABLES}
    # None, where the dataset that was loaded is an older one.
    known = tables["combinations"] if _has_rows(connection, schema, "combinations") else None
    tables |= with_combinations(tables["responses"], known)
    described = connection.table(DESCRIPTION, database=schema)
    synthetic = bool(described["synthetic"].to_pyarrow()[0].as_py())
    return Tables("postgres", **tables, synthetic=synthetic, close=connection.disconnect)


def open_backend(address: str) -> Any:
    """A connection. QueryError, without the address (it may hold a password), when there is none."""
    try:
        return ibis.postgres.from_connection(psycopg.connect(address))
    except psycopg.Error as exc:
        raise QueryError(f"PostgreSQL cannot be reached: {exc}") from exc


def _has_rows(connection: Any, schema: str, table: str) -> bool:
    with connection.con.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(schema, table)))
        return bool(cursor.fetchone()[0])


def _set(connection: Any, name: str, value: str | int | None) -> None:
    if value is None:
        return
    try:
        with connection.con.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, false)", [name, str(value)])
        connection.con.commit()
    except psycopg.Error as exc:
        raise QueryError(f"PostgreSQL does not take {value!r} for {name}: {exc}") from exc
