"""The five tables of a dataset as an engine knows them, with the columns and types of the contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any

import ibis

from bdhvs.dataset.schema import COMBINATIONS, COMBINED, TABLES, Column
from bdhvs.errors import QueryError

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

TYPES = {
    "category": "string",
    "text": "string",
    "json": "string",
    "whole": "int64",
    "real": "float64",
    "flag": "boolean",
    "date": "date",
}


def ibis_schema(columns: Mapping[str, Column]) -> ibis.Schema:
    """Types of columns, as ibis names them."""
    return ibis.schema({name: TYPES[column.kind] for name, column in columns.items()})


def arrow_schema(columns: Mapping[str, Column]) -> pa.Schema:
    """Types of columns, as Arrow names them."""
    return ibis_schema(columns).to_pyarrow()


@dataclass(frozen=True)
class Tables:
    """A dataset within reach of an engine; close it, or use it in a ``with`` block.

    Attributes
    ----------
    engine : duckdb, postgres or pyspark.
    responses, learners, items, scores, combinations : ibis tables with the columns of `bdhvs.dataset.schema`, in its order.
    synthetic : the people are invented; `fetch` marks what it gives (`bdhvs.dataset.mark`).
    read : how the rows of an expression are had.
    """

    engine: str
    responses: ir.Table
    learners: ir.Table
    items: ir.Table
    scores: ir.Table
    combinations: ir.Table
    synthetic: bool
    read: Callable[[ir.Table], pa.Table] = field(default=lambda expression: expression.to_pyarrow())
    close: Callable[[], None] = field(default=lambda: None)

    def __enter__(self) -> Tables:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def fetch(self, expression: ir.Table) -> pa.Table:
        """The rows of an expression over these tables. QueryError when the engine cannot give them."""
        try:
            return self.read(expression)
        except Exception as exc:  # each engine has errors of its own, and they share no class
            raise QueryError(f"{self.engine} could not answer: {exc}") from exc


def with_contract(name: str, table: ir.Table) -> ir.Table:
    """`table` with the contract's columns only, in order; one that came after the dataset was written is missing everywhere.

    Raises
    ------
    QueryError
        when a column is there with a type that is not the contract's.
    """
    if table.schema() == ibis_schema(TABLES[name]):
        return table
    return table.select(
        **{column: _column(name, table, column, kind) for column, kind in ibis_schema(TABLES[name]).items()}
    )


def with_combinations(responses: ir.Table, combinations: ir.Table | None) -> dict[str, ir.Table]:
    """Responses and combinations; where a dataset is from before there were these (None), they are numbered anew.

    That sorts all responses for every question: a class's take no time, a province is better exported again.
    """
    if combinations is None:
        number = ibis.dense_rank().over(ibis.window(order_by=list(COMBINED)))
        responses = responses.mutate(combination=number.cast("int64")).select(*responses.columns)
        combinations = responses.select(*COMBINATIONS).distinct()
    return {"responses": responses, "combinations": combinations}


def _column(name: str, table: ir.Table, column: str, wanted: Any) -> Any:
    if column not in table.columns:
        return ibis.null(wanted)
    found = table.schema()[column]
    if found == wanted or (found.is_integer() and wanted.is_integer()):
        return table[column]
    if found.is_null():
        return ibis.null(wanted)
    raise QueryError(
        f"table {name}, column {column}: found the type {found}, expected {wanted} as in bdhvs.dataset.schema"
    )
