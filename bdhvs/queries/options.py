"""Options: who chose which."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from bdhvs.dataset.schema import Column
from bdhvs.queries.report import report
from bdhvs.queries.rules import ITEM, Mode, counting, numbers_of, ratio, total
from bdhvs.queries.tables import Tables

if TYPE_CHECKING:
    import ibis.expr.types as ir


@report(
    "item",
    "item_version",
    "outcome",
    "option",
    item=Column("category", "id of the item, a single choice"),
    item_version=Column("whole", "version of the item"),
    outcome=Column("category", "answered, skipped, not_reached or cut_off"),
    option=Column("category", "id of the option; missing for a silence"),
    responses=Column("whole", "how many; an option nobody chose has no row"),
    share=Column("real", "of those who answered the item, 0-1; missing for a silence"),
    points=Column("whole", "what the option gives: most points somebody got for it; missing for a silence"),
)
def option_counts(tables: Tables, mode: Mode = "assessment") -> ir.Table:
    """How often each option of the single choices was chosen, and each silence."""
    choices = counting(tables, mode)
    rows = numbers_of(tables, choices.filter(choices["kind"] == "single_choice"))
    table = rows.group_by(*ITEM, "outcome", "option").agg(responses=total(rows["n"]), points=rows["score"].max())
    answered = table["outcome"] == "answered"
    of_item = total(answered.ifelse(table["responses"], 0)).over(ibis.window(group_by=ITEM))
    return table.mutate(share=answered.ifelse(ratio(table["responses"], of_item), ibis.null("float64")))
