"""Positions: are tasks done less well, or left out more, towards the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bdhvs.dataset.schema import Column
from bdhvs.queries.report import report
from bdhvs.queries.rules import ITEM, Mode, count, counted, ratio, total
from bdhvs.queries.tables import Tables

if TYPE_CHECKING:
    import ibis.expr.types as ir

PLACE_IN_FORM = ("form", "form_version", "position")


@report(
    *PLACE_IN_FORM,
    form=Column("category", "id of the form"),
    form_version=Column("whole", "version of the form"),
    position=Column("whole", "place in the attempt, from 1"),
    given=Column("whole", "tasks at this place, whatever became of them"),
    skipped=Column("whole", "left out"),
    not_reached=Column("whole", "never seen"),
    cut_off=Column("whole", "on the screen when the attempt ended"),
    share=Column("real", "points of all points of tasks answered or skipped here, 0-1"),
    effect=Column(
        "real", "mean of points / max here less that of the same items anywhere, -1 to 1; 0 where order is fixed"
    ),
)
def position_effects(tables: Tables, mode: Mode = "assessment") -> ir.Table:
    """What became of the tasks at each place of a form; `effect` compares an item with itself, so it needs drawn orders."""
    rows = counted(tables, mode)
    table = rows.group_by(*PLACE_IN_FORM, *ITEM, "max").agg(
        given=rows.count(),
        shown=rows["points"].count(),
        skipped=count(rows["outcome"] == "skipped"),
        not_reached=count(rows["outcome"] == "not_reached"),
        cut_off=count(rows["outcome"] == "cut_off"),
        points=total(rows["points"]).fill_null(0),
    )
    known = table.filter(table["shown"] > 0)
    items = known.group_by(*ITEM).agg(mean=ratio(total(known["points"]), total(known["shown"])))
    table = table.left_join(items, [*ITEM])
    expected = (table["shown"].cast("float64") * table["mean"]).fill_null(0.0)
    table = table.mutate(
        most=table["shown"] * table["max"],
        beyond=(table["points"].cast("float64") - expected) / table["max"].cast("float64"),
    )
    found = table.group_by(*PLACE_IN_FORM).agg(
        **{
            name: total(table[name])
            for name in ("given", "skipped", "not_reached", "cut_off", "points", "most", "shown")
        },
        beyond=table["beyond"].sum(),
    )
    return found.mutate(share=ratio(found["points"], found["most"]), effect=ratio(found["beyond"], found["shown"]))
