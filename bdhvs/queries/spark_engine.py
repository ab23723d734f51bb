"""A Spark session of the caller's, over a dataset wherever Spark reaches it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import ibis
import ibis.backends.pyspark
from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import BooleanType, DataType, DateType, DoubleType, LongType, StringType, StructField, StructType

from bdhvs.dataset.manifest import NAME, Manifest, manifest_of
from bdhvs.dataset.schema import TABLES
from bdhvs.errors import QueryError
from bdhvs.queries.tables import TYPES, Tables, with_combinations, with_contract

if TYPE_CHECKING:
    import ibis.expr.types as ir

_SPARK: dict[str, DataType] = {
    "string": StringType(),
    "int64": LongType(),
    "float64": DoubleType(),
    "boolean": BooleanType(),
    "date": DateType(),
}


def open_tables(session: SparkSession, dataset: str) -> Tables:
    """The tables of the dataset at `dataset`. The session stays the caller's: closing the tables leaves it running."""
    connection = ibis.pyspark.connect(session)
    frames = {name: read_table(session, dataset, name) for name in TABLES}
    if frames["responses"] is None and frames["learners"] is None:
        raise QueryError(f"{dataset}: found no dataset, expected responses/province=…/commune=…/day=…/*.parquet in it")
    tables = {name: _table(connection, session, name, frame) for name, frame in frames.items()}
    tables |= with_combinations(tables["responses"], tables["combinations"] if frames["combinations"] is not None else None)
    # As Arrow, not by way of pandas as ibis has it: there a missing whole number makes real numbers of all others.
    return Tables(
        "pyspark",
        **tables,
        synthetic=read_about(session, dataset).synthetic,
        read=lambda expression: session.sql(connection.compile(expression)).toArrow(),
    )


def read_about(session: SparkSession, dataset: str) -> Manifest:
    """The manifest of the dataset at `dataset`. QueryError when there is none, DatasetDamaged when it is not what was written."""
    path = f"{dataset.rstrip('/')}/{NAME}"
    try:
        (row,) = session.read.text(path, wholetext=True).collect()
    except AnalysisException as exc:
        raise QueryError(
            f"{path}: found nothing, expected the manifest of a dataset; copy it together with its tables"
        ) from exc
    return manifest_of(row[0], path)


def _table(connection: Any, session: SparkSession, name: str, frame: DataFrame | None) -> ir.Table:
    if frame is None:  # a dataset in which nothing was scored has no scores
        frame = session.createDataFrame([], _schema(name))
    view = f"bdhvs_{uuid4().hex}_{name}"  # a session may hold several datasets
    frame.createOrReplaceTempView(view)
    return with_contract(name, connection.table(view))


def read_table(session: SparkSession, dataset: str, name: str) -> DataFrame | None:
    """A table of the dataset with the contract's types, the columns in the folders' names among them; None when it has none."""
    path = f"{dataset.rstrip('/')}/{name}"
    try:
        return session.read.schema(_schema(name)).option("basePath", path).parquet(path)
    except AnalysisException as exc:
        if exc.getCondition() == "PATH_NOT_FOUND":
            return None
        raise QueryError(f"{path}: Spark cannot read this table: {exc}") from exc


def _schema(name: str) -> StructType:
    return StructType([StructField(column, _SPARK[TYPES[one.kind]]) for column, one in TABLES[name].items()])
