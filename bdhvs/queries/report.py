"""What a report is: a query, the columns it gives, and the order of its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bdhvs.dataset.mark import marked
from bdhvs.dataset.schema import Column
from bdhvs.errors import QueryError
from bdhvs.queries.tables import Tables, arrow_schema

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

Query = Callable[..., "ir.Table"]


@dataclass(frozen=True)
class Report:
    """A query over `Tables`.

    Attributes
    ----------
    columns : of the result, in order.
    keys : columns that tell its rows apart; rows are in their order (texts by code point, missing values last).
    query : from tables, and options by name, to an ibis expression.
    """

    name: str
    about: str
    columns: Mapping[str, Column]
    keys: tuple[str, ...]
    query: Query

    def ask(self, tables: Tables, **options: Any) -> pa.Table:
        """The result; computes it. Of invented people its metadata say so, and frames made of it (`bdhvs.dataset.mark`).

        Raises
        ------
        QueryError
            when the engine cannot answer; its own words are in the message.
        """
        expression = self.query(tables, **options)
        found = tables.fetch(expression.select(*self.columns))
        # Sorted here, for engines sort texts by rules of their own (PostgreSQL by those of its language).
        order = [(name, "ascending") for name in self.keys]
        schema = marked(arrow_schema(self.columns), tables.synthetic)
        return found.cast(schema).sort_by(order).combine_chunks()


#: All reports by name.
REPORTS: dict[str, Report] = {}


def report(*keys: str, **columns: Column) -> Callable[[Query], Query]:
    """Register a query as the report of its name; `columns` in the order of the result, `keys` among them."""

    def register(query: Query) -> Query:
        about = (query.__doc__ or "").partition("\n")[0]
        REPORTS[query.__name__] = Report(query.__name__, about, columns, keys, query)
        return query

    return register


def ask(tables: Tables, name: str, **options: Any) -> pa.Table:
    """The result of the report called `name`, as a `pyarrow.Table`.

    Parameters
    ----------
    options : of the query; see its docstring.

    Raises
    ------
    QueryError
        for a report there is not, or when the engine cannot answer.
    """
    if name not in REPORTS:
        raise QueryError(f"found no report {name!r}, expected one of {', '.join(sorted(REPORTS))}")
    return REPORTS[name].ask(tables, **options)
