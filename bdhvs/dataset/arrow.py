"""The schema as Arrow types. Everything that needs pyarrow comes through here, so its absence has one answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bdhvs.dataset.schema import ALL_TABLES, NOT_GIVEN, PARTITIONS
from bdhvs.errors import DatasetError, MissingExtra

if TYPE_CHECKING:
    import pyarrow as pa


def need_pyarrow() -> None:
    """Say which line to type when pyarrow is not installed.

    Raises
    ------
    MissingExtra
        naming the extra ``research``.
    """
    try:
        import pyarrow  # noqa: F401
    except ImportError as exc:
        raise MissingExtra("pyarrow", "research") from exc


def arrow_schema(table: str, *, version: int | None = None) -> pa.Schema:
    """The columns of `table`, in order, as Arrow types; every one may be missing.

    Categories, texts and JSON are ``string`` (Parquet keeps a dictionary of them by itself), whole numbers ``int64``, real
    ones ``float64``, flags ``bool``, days ``date32``.

    Parameters
    ----------
    version : leave out the columns that came after this version of the schema.
    """
    need_pyarrow()
    import pyarrow as pa

    types = {
        "category": pa.string(),
        "text": pa.string(),
        "json": pa.string(),
        "whole": pa.int64(),
        "real": pa.float64(),
        "flag": pa.bool_(),
        "date": pa.date32(),
    }
    columns = ALL_TABLES[table].items()
    return pa.schema([(name, types[one.kind]) for name, one in columns if version is None or one.since <= version])


def partition_schema() -> pa.Schema:
    """Types of the columns that stand in the names of the folders of ``responses``."""
    import pyarrow as pa

    return pa.schema([field for field in arrow_schema("responses") if field.name in PARTITIONS])


def given_schema(table: str) -> pa.Schema:
    """Types of the columns that rows of `table` come with when they are written."""
    import pyarrow as pa

    schema = arrow_schema(table)
    return pa.schema([field for field in schema if table != "responses" or field.name not in NOT_GIVEN])


def required(table: pa.Table) -> pa.Table:
    """`table` with every column in which nothing is missing called so: Parquet then keeps no flag a value, and reads faster."""
    import pyarrow as pa

    columns = zip(table.schema, table.columns, strict=True)
    fields = [field.with_nullable(column.null_count > 0) for field, column in columns]
    return table.cast(pa.schema(fields, metadata=table.schema.metadata))


def as_table(table: str, rows: pa.Table | pa.RecordBatch | Mapping[str, Any]) -> pa.Table:
    """Rows given as an Arrow table, a record batch, or a mapping of columns, as a table of `given_schema`.

    Raises
    ------
    DatasetError
        when columns are missing or unknown, or hold what their type does not.
    """
    schema = given_schema(table)
    import pyarrow as pa

    names = list(rows) if isinstance(rows, Mapping) else rows.schema.names
    _refuse_other_columns(table, schema.names, names)
    try:
        if isinstance(rows, Mapping):
            return pa.Table.from_pydict({name: rows[name] for name in schema.names}, schema=schema)
        whole = pa.Table.from_batches([rows]) if isinstance(rows, pa.RecordBatch) else rows
        return whole.select(schema.names).cast(schema)
    except (pa.ArrowException, OverflowError) as exc:
        raise DatasetError(
            f"{table}: a column holds other values than its type ({exc}), expected {_types(schema)}"
        ) from exc


def _refuse_other_columns(table: str, expected: list[str], found: list[str]) -> None:
    missing, unknown = sorted(set(expected) - set(found)), sorted(set(found) - set(expected) - set(NOT_GIVEN))
    if missing or unknown:
        raise DatasetError(
            f"{table}: found columns missing ({', '.join(missing) or 'none'}) and unknown ({', '.join(unknown) or 'none'}), "
            f"expected those of bdhvs.dataset.schema: {', '.join(expected)}"
        )


def _types(schema: pa.Schema) -> str:
    return ", ".join(f"{field.name} {field.type}" for field in schema)
