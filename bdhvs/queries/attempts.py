"""Attempts: how many there were, where and when, how they ended, and what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bdhvs.dataset.schema import Column
from bdhvs.queries.communes import PLACE
from bdhvs.queries.report import report
from bdhvs.queries.rules import SILENCES, count, ratio, total
from bdhvs.queries.tables import Tables

if TYPE_CHECKING:
    import ibis.expr.types as ir

FORM = ("form", "form_version", "mode")


@report(
    *FORM,
    form=Column("category", "id of the form"),
    form_version=Column("whole", "version of the form"),
    mode=Column("category", "practice or assessment"),
    learners=Column("whole", "learners who began it"),
    attempts=Column("whole", "attempts begun"),
    finished=Column("whole", "of them, finished"),
    by_learner=Column("whole", "finished by the learner"),
    by_teacher=Column("whole", "ended by the teacher"),
    by_time=Column("whole", "ended because the time was over"),
    answered=Column("whole", "tasks answered, once each; self-assessments among them"),
    skipped=Column("whole", "tasks left out"),
    not_reached=Column("whole", "tasks never seen"),
    cut_off=Column("whole", "tasks on the screen when the attempt ended"),
    answered_share=Column("real", "answered of all four, 0-1"),
)
def completion(tables: Tables) -> ir.Table:
    """How attempts of each form ended, and the four ways of its tasks: answered and three silences."""
    rows = tables.responses.filter(tables.responses["last"])
    one = rows.group_by(*FORM, "learner", "attempt").agg(
        finished=(rows["attempt_status"] == "finished").ifelse(1, 0).max(),
        reason=rows["finish_reason"].max(),
        **{outcome: count(rows["outcome"] == outcome) for outcome in ("answered", *SILENCES)},
    )
    table = one.group_by(*FORM).agg(
        learners=one["learner"].nunique(),
        attempts=one.count(),
        finished=total(one["finished"]),
        by_learner=count(one["reason"] == "learner"),
        by_teacher=count(one["reason"] == "teacher"),
        by_time=count(one["reason"] == "time"),
        **{outcome: total(one[outcome]) for outcome in ("answered", *SILENCES)},
    )
    given = table["answered"] + table["skipped"] + table["not_reached"] + table["cut_off"]
    return table.mutate(answered_share=ratio(table["answered"], given))


@report(
    *PLACE,
    "day",
    province=Column("category", "code of the province, or 'none'"),
    commune=Column("category", "code of the commune, or 'none'"),
    day=Column("date", "day the attempts began, in Vietnam (UTC+7)"),
    classrooms=Column("whole", "classes with an attempt that day"),
    learners=Column("whole", "learners who began one"),
    attempts=Column("whole", "attempts begun, practice and assessment"),
    finished=Column("whole", "of them, finished when the dataset was made"),
)
def attempts_by_day(tables: Tables) -> ir.Table:
    """Attempts per commune and day; a day without one has no row."""
    rows = tables.responses
    one = rows.group_by(*PLACE, "day", "classroom", "learner", "attempt").agg(
        finished=(rows["attempt_status"] == "finished").ifelse(1, 0).max()
    )
    return one.group_by(*PLACE, "day").agg(
        classrooms=one["classroom"].nunique(),
        learners=one["learner"].nunique(),
        attempts=one.count(),
        finished=total(one["finished"]),
    )
