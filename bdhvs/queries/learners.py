"""Learners: who they are as far as they told, the help they used, and how sure they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bdhvs.dataset.schema import Column
from bdhvs.queries.report import report
from bdhvs.queries.rules import Mode, count, counted, counting, numbers_of, ratio, total
from bdhvs.queries.tables import Tables

if TYPE_CHECKING:
    import ibis.expr.types as ir

GROUP = ("province", "audience", "age_band", "sex")


@report(
    *GROUP,
    province=Column("category", "code of the province, or 'none'"),
    audience=Column("category", "group of the programme; missing when not told"),
    age_band=Column("category", "age band; missing when not told"),
    sex=Column("category", "female or male; missing when not told"),
    learners=Column("whole", "how many; a group of nobody has no row"),
)
def learners_by_group(tables: Tables) -> ir.Table:
    """How many learners there are in each group; who did not tell something is a group of its own."""
    return tables.learners.group_by(*GROUP).agg(learners=tables.learners.count())


@report(
    "competence",
    competence=Column("category", "code of the competence"),
    answers=Column("whole", "tasks answered"),
    alone=Column("whole", "of them, without help"),
    hint=Column("whole", "with a hint"),
    teacher=Column("whole", "with somebody's help"),
    helped_share=Column("real", "with a hint or somebody's help, of all answers, 0-1"),
    right_alone=Column("whole", "right without help"),
    right_helped=Column("whole", "right with a hint or somebody's help"),
)
def help_use(tables: Tables, mode: Mode = "assessment") -> ir.Table:
    """How much help was used in each competence, and how often the answer was right then. Help is evidence, not shame."""
    worth = counting(tables, mode)
    rows = numbers_of(tables, worth.filter(worth["outcome"] == "answered"))
    alone, right = rows["help"] == "none", rows["verdict"] == "right"
    table = rows.group_by("competence").agg(
        answers=total(rows["n"]),
        alone=count(alone, rows["n"]),
        hint=count(rows["help"] == "hint", rows["n"]),
        teacher=count(rows["help"] == "teacher", rows["n"]),
        right_alone=count(right & alone, rows["n"]),
        right_helped=count(right & ~alone, rows["n"]),
    )
    return table.mutate(helped_share=ratio(table["answers"] - table["alone"], table["answers"]))


@report(
    "competence",
    "confidence",
    competence=Column("category", "code of the competence"),
    confidence=Column("whole", "1 guessing to 4 very sure, as the learner said"),
    learners=Column("whole", "learners who said so of an answer"),
    answers=Column("whole", "their answers without help"),
    right=Column("whole", "of them, wholly right"),
    share=Column("real", "right of answers, 0-1; answers of one person go together, so intervals need the learners"),
)
def confidence_and_correctness(tables: Tables, mode: Mode = "assessment") -> ir.Table:
    """How often answers given alone were right, by how sure people were of them; who was not asked is left out."""
    rows = counted(tables, mode)
    rows = rows.filter(rows["outcome"] == "answered", rows["help"] == "none", rows["confidence"].notnull())
    one = rows.group_by("competence", "confidence", "learner").agg(
        answers=rows.count(), right=count(rows["verdict"] == "right")
    )
    table = one.group_by("competence", "confidence").agg(
        learners=one.count(), answers=one["answers"].sum().cast("int64"), right=one["right"].sum().cast("int64")
    )
    return table.mutate(share=ratio(table["right"], table["answers"]))
