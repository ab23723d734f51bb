"""Communes: what their learners do in each competence and domain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis

from bdhvs.dataset.schema import Column
from bdhvs.errors import QueryError
from bdhvs.queries.report import report
from bdhvs.queries.rules import Mode, count, counted, counting, numbers_of, ratio, responses_of, shown, total
from bdhvs.queries.tables import Tables

if TYPE_CHECKING:
    import ibis.expr.types as ir

PLACE = ("province", "commune")
#: Least share of a domain's points for each band, lowest band first. Stands in for a form's own score table; no standard.
SHARE_CUTS = (("basic", 0.4), ("intermediate", 0.6), ("advanced", 0.8))
LEAST_TASKS = 3  # of a domain, or nothing is said: as for bands from ability

_PROVINCE = Column("category", "code of the province, or 'none'")
_COMMUNE = Column("category", "code of the commune, or 'none'")


@report(
    *PLACE,
    province=_PROVINCE,
    commune=_COMMUNE,
    classrooms=Column("whole", "classes with a task answered or skipped"),
    learners=Column("whole", "learners who answered or skipped one: the n behind the commune's figures"),
    attempts=Column("whole", "their attempts"),
    responses=Column("whole", "tasks answered or skipped"),
)
def commune_learners(tables: Tables, mode: Mode = "assessment") -> ir.Table:
    """How many learners of each commune there are figures of; a commune without an answer has no row."""
    rows = shown(counted(tables, mode))
    one = rows.group_by(*PLACE, "classroom", "learner", "attempt").agg(responses=rows.count())
    return one.group_by(*PLACE).agg(
        classrooms=one["classroom"].nunique(),
        learners=one["learner"].nunique(),
        attempts=one.count(),
        responses=total(one["responses"]),
    )


@report(
    *PLACE,
    "competence",
    province=_PROVINCE,
    commune=_COMMUNE,
    competence=Column("category", "code of the competence"),
    responses=Column("whole", "tasks answered or skipped; how many learners stand behind them: commune_learners"),
    points=Column("whole", "their points; a task skipped has none"),
    most=Column("whole", "most points these tasks could give"),
    share=Column("real", "points / most, 0-1"),
)
def commune_competence(tables: Tables, mode: Mode = "assessment", alone: bool = False) -> ir.Table:
    """What each commune did in each competence."""
    rows = numbers_of(tables, shown(counting(tables, mode, alone=alone)), *PLACE)
    table = rows.group_by(*PLACE, "competence").agg(
        responses=total(rows["n"]),
        points=total(rows["points"] * rows["n"]),
        most=total(rows["max"] * rows["n"]),
    )
    return table.mutate(share=ratio(table["points"], table["most"]))


@report(
    *PLACE,
    "domain",
    "band",
    province=_PROVINCE,
    commune=_COMMUNE,
    domain=Column("category", "code of the domain"),
    band=Column("category", "band of the cut shares, 'below' under the lowest; missing: too few tasks to say"),
    learners=Column("whole", "how many; a band nobody is in has no row"),
    share=Column("real", "of the learners with a band in this domain and commune, 0-1; missing where the band is"),
)
def commune_domain_band(
    tables: Tables,
    mode: Mode = "assessment",
    alone: bool = False,
    cuts: Sequence[tuple[str, float]] = SHARE_CUTS,
    least_tasks: int = LEAST_TASKS,
) -> ir.Table:
    """How many learners of each commune are in which band of a domain, by share of points: a fixed form's score table.

    Parameters
    ----------
    cuts : names of bands and the least share of the points (0-1) for each, lowest first.
    least_tasks : tasks of the domain answered or skipped below which there is no band.

    Bands by ability are `commune_domain_band_scored`; prefer them where learners got different items.
    """
    _refuse_cuts(cuts)
    worth = shown(counting(tables, mode, alone=alone))
    # A province has ten million learners and domains: they are told apart by numbers, and a band is found once for all who
    # have the same numbers of tasks and points.
    worth = worth.mutate(domain_number=ibis.dense_rank().over(ibis.window(order_by="domain")).cast("int16"))
    domains = worth.select("domain_number", "domain").distinct()
    worth = worth.select("combination", "domain_number", points=worth["points"].cast("int16"), most=worth["max"].cast("int16"))
    rows = responses_of(tables, worth)
    sums = ("tasks", "points", "most")
    people = rows.group_by("learner", "domain_number").agg(
        tasks=rows.count(), points=total(rows["points"]), most=total(rows["most"])
    )
    people = people.join(tables.learners.select("learner", *PLACE), "learner")
    alike = people.group_by(*PLACE, "domain_number", *sums).agg(learners=people.count()).join(domains, "domain_number")
    share = ratio(alike["points"], alike["most"])
    reached = [(alike["tasks"] < least_tasks, ibis.null("string"))]
    reached += [(share >= least, name) for name, least in reversed(cuts)]
    alike = alike.mutate(band=ibis.cases(*reached, else_="below"))
    table = alike.group_by(*PLACE, "domain", "band").agg(learners=total(alike["learners"]))
    return _with_shares(table, (*PLACE, "domain"))


@report(
    *PLACE,
    "score_version",
    "domain",
    "band",
    province=_PROVINCE,
    commune=_COMMUNE,
    score_version=Column("category", "digest of calibration, cut scores and model; never add over versions"),
    synthetic=Column("flag", "true when the calibration is of simulated learners: not a result"),
    domain=Column("category", "code of the domain"),
    band=Column("category", "band named, 'below' under the lowest; missing: not enough evidence"),
    learners=Column("whole", "how many; a band nobody is in has no row"),
    share=Column("real", "of the learners with a band in this domain and commune, 0-1; missing where the band is"),
)
def commune_domain_band_scored(tables: Tables) -> ir.Table:
    """How many learners of each commune are in which band of a domain, by their newest score."""
    rows = tables.scores.filter(tables.scores["newest"])
    table = rows.group_by(*PLACE, "score_version", "domain", "band").agg(
        synthetic=count(rows["synthetic"]) > 0, learners=rows["learner"].nunique()
    )
    return _with_shares(table, (*PLACE, "score_version", "domain"))


def _with_shares(table: ir.Table, within: tuple[str, ...]) -> ir.Table:
    named = table["band"].notnull()
    all_named = total(named.ifelse(table["learners"], 0)).over(ibis.window(group_by=within))
    return table.mutate(share=named.ifelse(ratio(table["learners"], all_named), ibis.null("float64")))


def _refuse_cuts(cuts: Sequence[tuple[str, float]]) -> None:
    shares = [share for _, share in cuts]
    if not cuts or sorted(set(shares)) != shares or not 0 < shares[0] <= shares[-1] <= 1:
        raise QueryError(
            f"cuts: found shares {shares}, expected at least one, each above the one before, from above 0 to 1"
        )
