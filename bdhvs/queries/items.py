"""Items: how many did them, and how well they tell learners apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from bdhvs.dataset.schema import Column
from bdhvs.queries.report import report
from bdhvs.queries.rules import ITEM, Mode, count, counted, ratio, shown, total
from bdhvs.queries.tables import Tables

if TYPE_CHECKING:
    import ibis.expr.types as ir

VANISHING = 1e-12  # a sum of squared deviations below this part of the squares is rounding; as in measurement.classical


@report(
    "item",
    "item_version",
    item=Column("category", "id of the item"),
    item_version=Column("whole", "version of the item"),
    competence=Column("category", "code of the competence"),
    max=Column("whole", "most points the item gives"),
    persons=Column("whole", "attempts in which the item was answered or skipped"),
    skipped=Column("whole", "of them, skipped: they got no points"),
    not_shown=Column("whole", "attempts in which it was not reached or cut off; in no other figure"),
    mean=Column("real", "mean points; missing when nobody answered"),
    share=Column("real", "mean / max, 0-1"),
    sd=Column("real", "standard deviation of the points, persons - 1 below; missing for fewer than two"),
    rest_persons=Column("whole", "attempts with another item answered or skipped: those of item_rest"),
    item_rest=Column(
        "real", "correlation with the other items of the attempt, -1 to 1; missing where one does not vary"
    ),
)
def item_statistics(tables: Tables, mode: Mode = "assessment", alone: bool = False) -> ir.Table:
    """Difficulty and item-rest correlation of each item.

    A person here is an attempt: who did a form twice is there twice. The rest of an item is the mean, over the other items of the
    attempt, of points less the item's mean points, as in `bdhvs.measurement.classical.item_statistics`; with the same items in
    all attempts that orders them as the rest score does, and with booklets it does not take who got the hard one for weak.
    """
    rows = counted(tables.responses, mode, alone=alone)
    # The sum of squares about the mean is found from whole numbers, so it is exact.
    points = rows["points"]
    counts = rows.group_by(*ITEM).agg(
        competence=rows["competence"].min(),
        max=rows["max"].max(),
        persons=points.count(),
        skipped=count(rows["outcome"] == "skipped"),
        not_shown=count(points.isnull()),
        sum=total(points),
        squares=total(points * points),
    )
    counts = counts.mutate(mean=ratio(counts["sum"], counts["persons"]))
    found = counts.left_join(_rests(tables, mode, alone, counts), [*ITEM])
    persons = found["persons"].cast("float64")
    spread = found["squares"].cast("float64") - persons * found["mean"] * found["mean"]
    return found.select(
        *ITEM,
        "competence",
        "max",
        "persons",
        "skipped",
        "not_shown",
        "mean",
        share=ratio(found["mean"], found["max"]),
        # Asked only where there are two: of a missing value and 0 engines take 0 for the greatest.
        sd=(persons > 1).ifelse(ibis.greatest(spread / (persons - 1).nullif(0.0), 0.0).sqrt(), ibis.null("float64")),
        rest_persons=found["n"].fill_null(0).cast("int64"),
        item_rest=_correlation(found),
    )


def _rests(tables: Tables, mode: Mode, alone: bool, counts: ir.Table) -> ir.Table:
    """Sums over the attempts of each item: of its points x, of the rest r but for what the item itself adds, and products.

    The responses are read anew by each step (`view`): a common step would be kept whole, and takes more room than reading time.
    """
    rows = shown(counted(tables.responses.view(), mode, alone=alone))
    means = counts.filter(counts["persons"] > 0).select(*ITEM, "mean")
    rows = rows.join(means, [*ITEM]).select("attempt", deviation=rows["points"] - means["mean"])
    attempts = rows.group_by("attempt").agg(others=rows.count() - 1, deviation=rows["deviation"].sum())
    attempts = attempts.filter(attempts["others"] > 0)
    attempts = attempts.select("attempt", "deviation", weight=1 / attempts["others"].cast("float64"))
    again = shown(counted(tables.responses.view(), mode, alone=alone)).select("attempt", *ITEM, "points")
    pairs = again.join(attempts, "attempt")
    x = pairs["points"].cast("float64")
    pairs = pairs.select(*ITEM, x=x, u=pairs["weight"], r=(pairs["deviation"] - x) * pairs["weight"])
    x, u, r = (pairs[name] for name in "xur")
    # The whole rest is r + m·u, m the item's mean: added in `_correlation`, so no row has to look it up.
    sums = {"x": x, "xx": x * x, "u": u, "uu": u * u, "xu": x * u, "r": r, "rr": r * r, "xr": x * r, "ur": u * r}
    return pairs.group_by(*ITEM).agg(n=pairs.count(), **{f"sum_{name}": value.sum() for name, value in sums.items()})


def _correlation(found: ir.Table) -> Any:
    """Pearson's correlation of points and rest from their sums; missing where one of the two does not vary."""
    n, m = found["n"].cast("float64"), found["mean"]
    s = {name: found[f"sum_{name}"] for name in ("x", "xx", "u", "uu", "xu", "r", "rr", "xr", "ur")}
    rest, rest_squares = s["r"] + m * s["u"], s["rr"] + 2 * m * s["ur"] + m * m * s["uu"]
    xx = s["xx"] - s["x"] * s["x"] / n
    rr = rest_squares - rest * rest / n
    xr = s["xr"] + m * s["xu"] - s["x"] * rest / n
    varies = (n > 1) & (xx > VANISHING * s["xx"]) & (rr > VANISHING * rest_squares)
    r = xr / (varies.ifelse(xx, 1.0) * varies.ifelse(rr, 1.0)).sqrt()
    return varies.ifelse(ibis.least(ibis.greatest(r, -1.0), 1.0), ibis.null("float64"))
