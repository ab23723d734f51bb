"""Tables behind the pictures: what is counted, and what is left out, said in columns.

All take the frame of `bdhvs.responses`, or a part of it. Filter first (one form, one mode, one class): these functions
count what they are given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bdhvs.analysis.synthetic import carried
from bdhvs.measurement.proportions import wilson_interval

if TYPE_CHECKING:
    import pandas as pd


def unaided_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per attempt and task: the answer given before any feedback, or the silence. Self-assessments are no tasks.

    In an assessment that is the last answer, in practice the first. Help of a person or a hint may still be in it:
    see the column ``help``.
    """
    practice = frame["mode"] == "practice"
    chosen = (~practice & frame["last"]) | (practice & (frame["try"] <= 1))
    return frame[chosen.fillna(False).astype(bool) & frame["max"].notna()]


@carried
def domain_scores(frame: pd.DataFrame) -> pd.DataFrame:
    """How much of the points each learner got in each domain.

    Returns
    -------
    DataFrame, one row per learner and domain: ``learner``, ``domain``, ``share`` (points of all points, 0–1, of the items
    answered) and ``answered`` (number of items). A learner who answered nothing in a domain has no row there.
    """
    rows = unaided_rows(frame)
    answered = rows[rows["outcome"] == "answered"]
    keys = ["learner", "domain"]
    sums = answered.groupby(keys, observed=True)[["score", "max"]].sum()
    table = (sums["score"] / sums["max"]).astype("float64").to_frame("share")
    table["answered"] = answered.groupby(keys, observed=True).size()
    return table.reset_index().astype({"learner": "string", "domain": "string"})


@carried
def item_difficulty(frame: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """Share of right answers to each item, with Wilson's interval (see `bdhvs.measurement.proportions`).

    Returns
    -------
    DataFrame, one row per item and version, easiest first: ``item``, ``item_version``, ``right`` and ``answered`` (counts of
    answers), ``share``, ``low``, ``high`` (0–1), ``silent`` (not answered, for whatever reason; not part of the share).
    Partly right counts as not right. An item nobody answered is left out.
    """
    rows = unaided_rows(frame)
    answered = rows[rows["outcome"] == "answered"]
    keys = ["item", "item_version"]
    table = answered.groupby(keys, observed=True).size().to_frame("answered")
    right = answered[answered["verdict"] == "right"].groupby(keys, observed=True).size()
    table["right"] = right.reindex(table.index, fill_value=0)
    silent = rows[rows["outcome"] != "answered"].groupby(keys, observed=True).size()
    table["silent"] = silent.reindex(table.index, fill_value=0)
    table["share"] = table["right"] / table["answered"]
    table["low"], table["high"] = wilson_interval(table["right"], table["answered"], confidence)
    table = table.reset_index().astype({"item": "string"})
    ordered = table.sort_values(["share", "item"], ascending=[False, True], ignore_index=True)
    return ordered[["item", "item_version", "right", "answered", "share", "low", "high", "silent"]]


@carried
def item_times(frame: pd.DataFrame) -> pd.DataFrame:
    """Time to the first answer to each item, in seconds.

    Returns
    -------
    DataFrame, one row per item and version, quickest first: ``item``, ``item_version``, ``lower``, ``median``, ``upper``
    (quartiles in seconds, linear between neighbours; NaN when no time is known), ``known`` and ``unknown`` (numbers of
    answers; unknown times are left out of the quartiles).
    """
    first = frame[(frame["try"] == 1).fillna(False).astype(bool)]
    seconds = first.assign(seconds=first["elapsed_ms"].astype("Float64").astype("float64") / 1000)
    groups = seconds.groupby(["item", "item_version"], observed=True)["seconds"]
    table = groups.count().to_frame("known")
    for name, share in (("lower", 0.25), ("median", 0.5), ("upper", 0.75)):
        table[name] = groups.quantile(share)
    table["unknown"] = groups.size() - table["known"]
    table = table.reset_index().astype({"item": "string"}).sort_values(["median", "item"], ignore_index=True)
    return table[["item", "item_version", "lower", "median", "upper", "known", "unknown"]]


@carried
def competence_results(frame: pd.DataFrame) -> pd.DataFrame:
    """What a class did in each competence.

    Returns
    -------
    DataFrame, one row per competence that was given, in the framework's order: ``competence``, ``learners`` (who answered at
    least once), ``answered``, ``right_alone`` (right without help), ``right_helped`` (right with a hint or a person), ``skipped``,
    ``not_seen`` (not reached or cut off). Numbers of answers before any feedback; see `unaided_rows`.
    """
    rows = unaided_rows(frame)
    answered, right = rows["outcome"] == "answered", rows["verdict"] == "right"
    alone = rows["help"] == "none"
    marks = rows.assign(
        answered=answered,
        right_alone=right & alone,
        right_helped=right & ~alone,
        skipped=rows["outcome"] == "skipped",
        not_seen=rows["outcome"].isin(["not_reached", "cut_off"]),
    )
    names = ["answered", "right_alone", "right_helped", "skipped", "not_seen"]
    table = marks.groupby("competence", observed=True)[names].sum().astype("int64")
    learners = rows[answered].groupby("competence", observed=True)["learner"].nunique()
    table.insert(0, "learners", learners.reindex(table.index, fill_value=0))
    table = table.reset_index().astype({"competence": "string"})
    return table.iloc[sorted(range(len(table)), key=lambda row: _code_order(table["competence"].iloc[row]))].reset_index(drop=True)


def _code_order(code: str) -> tuple[int, ...]:
    return tuple(int(part) for part in code.split("."))
