"""Report queries over a research dataset: written once, asked of DuckDB, PostgreSQL or Spark.

::

    from bdhvs import queries

    with queries.connect("dataset", memory="3GB", threads=2) as tables:
        items = queries.ask(tables, "item_statistics")       # a pyarrow.Table, columns as queries.REPORTS says
        print(items.to_pandas())

A report is a function from `Tables` to an ibis expression; nothing is computed before it is asked. Columns, their order and the
order of the rows are the same from every engine. ibis is imported in this package and nowhere else.
"""

from bdhvs.errors import MissingExtra

try:
    import ibis as _ibis  # noqa: F401
except ImportError as exc:
    raise MissingExtra("ibis", "queries") from exc

# Importing a module of reports registers them.
from bdhvs.queries import attempts, communes, items, learners, options, positions, retakes, times
from bdhvs.queries.engines import connect
from bdhvs.queries.loading import load
from bdhvs.queries.report import REPORTS, Report, ask
from bdhvs.queries.tables import Tables

__all__ = ["REPORTS", "Report", "Tables", "ask", "connect", "load"]

del attempts, communes, items, learners, options, positions, retakes, times
