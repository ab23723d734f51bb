"""Time on items: quantiles that some answer really took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from bdhvs.dataset.schema import Column
from bdhvs.queries.report import report
from bdhvs.queries.rules import ITEM, total
from bdhvs.queries.tables import Tables

if TYPE_CHECKING:
    import ibis.expr.types as ir


@report(
    "item",
    "item_version",
    item=Column("category", "id of the item"),
    item_version=Column("whole", "version of the item"),
    answers=Column("whole", "first answers whose time is known"),
    unknown=Column("whole", "first answers whose time is not known; in no quantile"),
    p10_ms=Column("whole", "milliseconds that a tenth of the answers took, or less; missing without a time"),
    p25_ms=Column("whole", "a quarter of the answers"),
    p50_ms=Column("whole", "half of the answers"),
    p75_ms=Column("whole", "three quarters of the answers"),
    p90_ms=Column("whole", "nine tenths of the answers"),
)
def item_times(tables: Tables) -> ir.Table:
    """Time on screen before the first answer to each item, practice and assessment alike.

    Quantiles are of the nearest rank: the shortest time t such that at least the share p of the answers took t or less (Hyndman
    & Fan 1996, The American Statistician 50, 361-365, definition 1). Counted, not estimated: every engine gives the same.
    """
    first = tables.responses.filter(tables.responses["try"] == 1)
    times = first.group_by(*ITEM, "elapsed_ms").agg(answers=first.count())
    known = times["elapsed_ms"].notnull()
    times = times.mutate(
        known=known.ifelse(times["answers"], 0),
        unknown=known.ifelse(0, times["answers"]),
    )
    item = ibis.window(group_by=ITEM)
    so_far = ibis.cumulative_window(group_by=ITEM, order_by=ibis.asc(times["elapsed_ms"], nulls_first=False))
    times = times.mutate(all=total(times["known"]).over(item), so_far=total(times["known"]).over(so_far))

    def quantile(percent: int) -> Any:
        # In whole numbers, for 0.1 is no number of a computer.
        return times["elapsed_ms"].min(where=100 * times["so_far"] >= percent * times["all"])

    return times.group_by(*ITEM).agg(
        answers=total(times["known"]),
        unknown=total(times["unknown"]),
        **{f"p{percent}_ms": quantile(percent) for percent in (10, 25, 50, 75, 90)},
    )
