"""Items: how many did them, and how well they tell learners apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from bdhvs.dataset.schema import Column
from bdhvs.queries.report import report
from bdhvs.queries.rules import ITEM, Mode, count, counting, numbers_of, ratio, responses_of, shown, total
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
    counts = numbers_of(tables, counting(tables, mode, alone=alone))
    # The sum of squares about the mean is found from whole numbers, so it is exact.
    n, points = counts["n"], counts["points"]
    items = counts.group_by(*ITEM).agg(
        competence=counts["competence"].min(),
        max=counts["max"].max(),
        persons=count(points.notnull(), n),
        skipped=count(counts["outcome"] == "skipped", n),
        not_shown=count(points.isnull(), n),
        sum=total(points * n),
        squares=total(points * points * n),
    )
    items = items.mutate(mean=ratio(items["sum"], items["persons"]))
    worth = shown(counting(tables, mode, alone=alone)).join(items.select(*ITEM, "mean"), [*ITEM])
    found = items.left_join(_rests(tables, worth.select("combination", *ITEM, "points", "mean")), [*ITEM])
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


def _rests(tables: Tables, worth: ir.Table) -> ir.Table:
    """Sums over the attempts of each item: of its points x, of the rest r, squares and products.

    An attempt's rest for an item is (d - e) u: d the sum of its deviations, e the item's own, u one over the number of other
    items. Points, and so e, are the same in all responses of a combination, so five sums over these do for all.
    """
    deviations = worth.select("combination", deviation=worth["points"] - worth["mean"])
    rows = responses_of(tables, deviations)
    attempts = rows.group_by("attempt").agg(others=rows.count() - 1, deviation=rows["deviation"].sum())
    attempts = attempts.filter(attempts["others"] > 0)
    u = 1 / attempts["others"].cast("float64")
    attempts = attempts.select("attempt", u=u, d=attempts["deviation"] * u)
    pairs = tables.responses.view().select("attempt", "combination").join(attempts, "attempt")
    u, d = pairs["u"], pairs["d"]
    sums = pairs.group_by("combination").agg(
        n=pairs.count(), u=u.sum(), uu=(u * u).sum(), d=d.sum(), dd=(d * d).sum(), du=(d * u).sum()
    )
    sums = sums.join(worth, "combination")
    n, u, d, x = sums["n"], sums["u"], sums["d"], sums["points"].cast("float64")
    e = x - sums["mean"]
    r, rr = d - e * u, sums["dd"] - 2 * e * sums["du"] + e * e * sums["uu"]
    values = {"x": n * x, "xx": n * x * x, "r": r, "rr": rr, "xr": x * r}
    return sums.group_by(*ITEM).agg(n=total(n), **{f"sum_{name}": value.sum() for name, value in values.items()})


def _correlation(found: ir.Table) -> Any:
    """Pearson's correlation of points and rest from their sums; missing where one of the two does not vary."""
    n = found["n"].cast("float64")
    s = {name: found[f"sum_{name}"] for name in ("x", "xx", "r", "rr", "xr")}
    xx = s["xx"] - s["x"] * s["x"] / n
    rr = s["rr"] - s["r"] * s["r"] / n
    xr = s["xr"] - s["x"] * s["r"] / n
    varies = (n > 1) & (xx > VANISHING * s["xx"]) & (rr > VANISHING * s["rr"])
    r = xr / (varies.ifelse(xx, 1.0) * varies.ifelse(rr, 1.0)).sqrt()
    return varies.ifelse(ibis.least(ibis.greatest(r, -1.0), 1.0), ibis.null("float64"))
