"""Which responses count, and what they are worth: the rules that all reports share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import ibis

from bdhvs.dataset.schema import COMBINED
from bdhvs.queries.tables import Tables

if TYPE_CHECKING:
    import ibis.expr.types as ir

Mode = Literal["assessment", "practice"]

#: Points of a silence; None: the item was not shown, so it counts neither way. As in calibration and bands.
SILENCES: dict[str, int | None] = {"skipped": 0, "not_reached": None, "cut_off": None}
#: What tells an item from others.
ITEM = ("item", "item_version")


def counting(tables: Tables, mode: Mode = "assessment", *, alone: bool = False) -> ir.Table:
    """The combinations that count, with their ``points``.

    Parameters
    ----------
    mode : of an assessment the last answer counts, of practice the first, before any feedback.
    alone : answers given with a hint or a helper get no points.

    Returns
    -------
    Those of performance items (no self-assessment) that the teacher left in and that came before solutions could be seen,
    answers and silences, with the column ``points``: 0 to ``max``; missing for a task not shown (`SILENCES`).
    """
    rows = tables.combinations
    rows = rows.filter(
        rows["last"] if mode == "assessment" else rows["try"] <= 1,
        rows["mode"] == mode,
        rows["max"].notnull(),
        ~rows["neutralised"],
        ~rows["after_solutions"],
    )
    return rows.mutate(points=_points(rows, alone))


def counted(tables: Tables, mode: Mode = "assessment", *, alone: bool = False) -> ir.Table:
    """The responses whose combination is `counting`: one per attempt and task, with its ``points``."""
    return responses_of(tables, counting(tables, mode, alone=alone))


def responses_of(tables: Tables, combinations: ir.Table) -> ir.Table:
    """The responses of these combinations, with their columns. Read anew wherever it is called: a step that stands in a query
    twice is kept whole by DuckDB, which takes more room than reading takes time."""
    return tables.responses.view().drop(*COMBINED).join(combinations, "combination")


def shown(rows: ir.Table) -> ir.Table:
    """The rows of `counting` or `counted` that are worth something, be it nothing: answers and tasks skipped."""
    return rows.filter(rows["points"].notnull())


def numbers_of(tables: Tables, combinations: ir.Table, *by: str) -> ir.Table:
    """How many responses (``n``) each of these combinations has, in each group of `by`: what is asked of few rows afterwards."""
    numbers = tables.responses.group_by(*by, "combination").agg(n=tables.responses.count())
    return numbers.join(combinations, "combination")


def _points(rows: ir.Table, alone: bool) -> Any:
    # A silence has no score, so one that counts neither way needs no case of its own.
    cases = [(rows["outcome"] == outcome, points) for outcome, points in SILENCES.items() if points is not None]
    if alone:
        cases.append((rows["score"].notnull() & (rows["help"] != "none"), 0))
    return ibis.cases(*cases, else_=rows["score"].cast("int64"))


def count(condition: Any, rows: Any = 1) -> Any:
    """How many rows of a group meet a condition; 0 where none does. `rows`: how many each row stands for."""
    return condition.ifelse(rows, 0).sum().cast("int64")


def total(column: Any) -> Any:
    """Sum of whole numbers; missing where all are."""
    return column.sum().cast("int64")


def ratio(over: Any, under: Any) -> Any:
    """over / under as a real number; missing where `under` is 0 or missing."""
    return over.cast("float64") / under.cast("float64").nullif(0.0)
