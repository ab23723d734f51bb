"""Retakes: what changed between the first and the second attempt of the same form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from bdhvs.dataset.schema import Column
from bdhvs.queries.report import report
from bdhvs.queries.rules import Mode, counted, ratio, shown, total
from bdhvs.queries.tables import Tables

if TYPE_CHECKING:
    import ibis.expr.types as ir

FORM = ("form", "form_version")


@report(
    *FORM,
    form=Column("category", "id of the form"),
    form_version=Column("whole", "version of the form"),
    learners=Column("whole", "learners with two attempts or more"),
    first=Column("real", "mean share of the points in the first attempt, 0-1"),
    second=Column("real", "mean share of the points in the second attempt, 0-1"),
    gain=Column("real", "mean of second - first, -1 to 1"),
    gain_sd=Column("real", "its standard deviation, learners - 1 below; missing for fewer than two"),
    gained=Column("whole", "learners whose share rose"),
    lost=Column("whole", "learners whose share fell"),
    days_between=Column("real", "mean days from the first attempt to the second"),
)
def retake_gains(tables: Tables, mode: Mode = "assessment") -> ir.Table:
    """Share of points in the second attempt of a form against the first, of those who made both.

    Attempts of one day are in the order of their numbers. Nothing here says why a share rose: memory of the items and the choice
    of who comes back are in it. Growth on a scale, with intervals, is `bdhvs.measurement.growth`.
    """
    rows = shown(counted(tables, mode))
    attempts = rows.group_by(*FORM, "learner", "day", "attempt").agg(
        points=total(rows["points"]), most=total(rows["max"])
    )
    number = ibis.row_number().over(ibis.window(group_by=[*FORM, "learner"], order_by=["day", "attempt"]))
    attempts = attempts.mutate(share=ratio(attempts["points"], attempts["most"]), number=number)
    first, second = (attempts["number"] == number for number in (0, 1))
    pairs = attempts.group_by(*FORM, "learner").agg(
        first=attempts["share"].max(where=first),
        second=attempts["share"].max(where=second),
        first_day=attempts["day"].max(where=first),
        second_day=attempts["day"].max(where=second),
    )
    pairs = pairs.filter(pairs["second"].notnull())
    pairs = pairs.mutate(
        gain=pairs["second"] - pairs["first"], days=pairs["second_day"].delta(pairs["first_day"], unit="day")
    )
    return pairs.group_by(*FORM).agg(
        learners=pairs.count(),
        first=pairs["first"].mean(),
        second=pairs["second"].mean(),
        gain=pairs["gain"].mean(),
        gain_sd=pairs["gain"].std(how="sample"),
        gained=(pairs["gain"] > 0).ifelse(1, 0).sum().cast("int64"),
        lost=(pairs["gain"] < 0).ifelse(1, 0).sum().cast("int64"),
        days_between=pairs["days"].cast("float64").mean(),
    )
