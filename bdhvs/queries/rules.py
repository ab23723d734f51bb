"""Which responses count, and what they are worth: the rules that all reports share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import ibis

if TYPE_CHECKING:
    import ibis.expr.types as ir

Mode = Literal["assessment", "practice"]

#: Points of a silence; None: the item was not shown, so it counts neither way. As in calibration and bands.
SILENCES: dict[str, int | None] = {"skipped": 0, "not_reached": None, "cut_off": None}
#: What tells an item from others.
ITEM = ("item", "item_version")


def counted(responses: ir.Table, mode: Mode = "assessment", *, alone: bool = False) -> ir.Table:
    """One row per attempt and task, with its ``points``.

    Parameters
    ----------
    mode : of an assessment the last answer counts, of practice the first, before any feedback.
    alone : answers given with a hint or a helper get no points.

    Returns
    -------
    The rows of performance items (no self-assessment) that the teacher left in and that came before solutions could be seen,
    answers and silences, with the column ``points``: 0 to ``max``; missing for a task not shown (`SILENCES`).
    """
    due = responses["last"] if mode == "assessment" else responses["try"] <= 1
    rows = responses.filter(
        due,
        responses["mode"] == mode,
        responses["max"].notnull(),
        ~responses["neutralised"],
        ~responses["after_solutions"],
    )
    return rows.mutate(points=_points(rows, alone))


def shown(rows: ir.Table) -> ir.Table:
    """The rows of `counted` that are worth something, be it nothing: answers and tasks skipped."""
    return rows.filter(rows["points"].notnull())


def _points(rows: ir.Table, alone: bool) -> Any:
    # A silence has no score, so one that counts neither way needs no case of its own.
    cases = [(rows["outcome"] == outcome, points) for outcome, points in SILENCES.items() if points is not None]
    if alone:
        cases.append((rows["score"].notnull() & (rows["help"] != "none"), 0))
    return ibis.cases(*cases, else_=rows["score"].cast("int64"))


def count(condition: Any) -> Any:
    """How many rows of a group meet a condition; 0 where none does."""
    return condition.ifelse(1, 0).sum().cast("int64")


def total(column: Any) -> Any:
    """Sum of whole numbers; missing where all are."""
    return column.sum().cast("int64")


def ratio(over: Any, under: Any) -> Any:
    """over / under as a real number; missing where `under` is 0 or missing."""
    return over.cast("float64") / under.cast("float64").nullif(0.0)
