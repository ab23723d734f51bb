"""Where a dataset is asked: DuckDB over its folder, a PostgreSQL database it was loaded into, or a Spark session.

::

    connect("dataset", memory="3GB", threads=2)                     # DuckDB, in this process
    connect("postgresql://user@host/database", schema="province")   # after queries.load("dataset", the same)
    connect(spark, dataset="s3a://bucket/dataset")                  # a pyspark.sql.SparkSession of yours
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdhvs.errors import MissingExtra, QueryError
from bdhvs.queries.tables import Tables

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SCHEMA = "bdhvs"  # of a PostgreSQL database, where nothing else is said
POSTGRESQL = ("postgresql://", "postgres://")


def connect(
    where: str | Path | SparkSession,
    *,
    dataset: str | None = None,
    schema: str = SCHEMA,
    memory: str | None = None,
    threads: int | None = None,
) -> Tables:
    """The tables of a dataset, ready to be asked.

    Parameters
    ----------
    where : a dataset's folder (DuckDB), a ``postgresql://`` address, or a Spark session.
    dataset : the dataset's folder as Spark reaches it; only with a session.
    schema : of the PostgreSQL database, into which `load` put the tables.
    memory : most that a query may keep in memory, e.g. ``"3GB"``; what is more goes to disk. PostgreSQL: of each sort or hash
        (``work_mem``). None: as the engine likes, which for DuckDB is four fifths of the machine's.
    threads : most at once; PostgreSQL: parallel workers of a query. None: as the engine likes.

    Raises
    ------
    QueryError
        when there is no dataset, the database cannot be reached, or a setting cannot be kept.
    MissingExtra
        when the engine is not installed.
    """
    if not isinstance(where, str | Path):
        return _spark(where, dataset, memory, threads)
    if dataset is not None:
        raise QueryError(f"found the dataset {dataset!r} beside {str(where)!r}, expected it with a Spark session only")
    if str(where).startswith(POSTGRESQL):
        return _opened("postgres", "postgresql", str(where), schema, memory, threads)
    return _opened("duckdb", "queries", Path(where), memory, threads)


def _spark(session: Any, dataset: str | None, memory: str | None, threads: int | None) -> Tables:
    if type(session).__name__ != "SparkSession":
        raise QueryError(
            f"found {type(session).__name__}, expected a dataset's folder, a postgresql:// address or a SparkSession"
        )
    if dataset is None:
        raise QueryError(
            "found no dataset beside the Spark session, expected connect(session, dataset='where it lies')"
        )
    if memory or threads:
        raise QueryError("Spark's memory and threads belong to its session: set them where you build it")
    return _opened("spark", "spark", session, dataset)


def _opened(name: str, extra: str, *settings: Any) -> Tables:
    """The tables that an engine's module opens; it is imported here, for each needs a package of its own."""
    try:
        module = import_module(f"bdhvs.queries.{name}_engine")
    except ImportError as exc:
        raise MissingExtra((exc.name or name).partition(".")[0], extra) from exc
    tables: Tables = module.open_tables(*settings)
    return tables
