"""What people say they can do, beside what they do; and how often they are right when they are sure.

All take the frame of `bdhvs.responses` or a part of it. Self-assessments are never scored; here they are compared:

* what was said and done is that of each learner's **first** meeting with an item: later answers show learning;
* a task counts as done when it was right, **alone** (no hint, no helper), before any feedback; a skip is not done; tasks not
  reached, cut off or taken out by the teacher are left out, and so are answers given after the solutions could be seen;
* what somebody said stands beside the items it is about (``about`` of its response), or all tasks of its competence;
* who said "I can do it alone" and did fewer than half of these tasks alone has said more than was shown (`SHOWN_FROM`).

The unit is the learner, for answers of one person go together. With a task or two per learner chance has a large part in who is
on which side of the half: the tables speak of groups, never of a person. Both kinds of error are counted, also saying less.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import nan
from typing import TYPE_CHECKING, Any

from bdhvs.analysis.summaries import unaided_rows
from bdhvs.analysis.synthetic import carried
from bdhvs.i18n import translator
from bdhvs.measurement.changes import mean_interval
from bdhvs.measurement.proportions import wilson_ends

if TYPE_CHECKING:
    import pandas as pd

SHOWN_FROM = 0.5  # share of the tasks done alone; a mark for groups, set here, that no standard knows
FEW = 10  # learners; below, one person weighs more than a tenth


@carried
def said_and_did(frame: pd.DataFrame) -> pd.DataFrame:
    """Each thing a learner said of themselves, beside the tasks it is about.

    Returns
    -------
    DataFrame, one row per learner and self-assessment answered: ``classroom``, ``learner``, ``competence``, ``item``, ``step`` (1 the
    lowest of ``steps``), ``steps``, ``can`` (said: I can do it alone), ``tasks`` (met, ≥ 0), ``alone`` (done alone) and ``share``
    (alone of tasks, 0–1; NaN without a task).
    """
    import pandas as pd

    by_competence, by_item = _done(_met(frame))
    rows = [_beside(one, by_competence, by_item) for one in _said(frame)]
    names = ["classroom", "learner", "competence", "item", "step", "steps", "can", "tasks", "alone", "share"]
    return pd.DataFrame(rows, columns=names).astype(
        {"step": "int64", "steps": "int64", "can": "bool", "tasks": "int64", "alone": "int64", "share": "float64"}
    )


@carried
def overconfidence(
    frame: pd.DataFrame, groups: Mapping[str, str] | None = None, confidence: float = 0.95
) -> pd.DataFrame:
    """How many said they can do it alone and did not show it, per group and competence; and the other way round.

    Parameters
    ----------
    groups : learner → group; who is not in it is left out. None: classes are the groups.
    confidence : of Wilson's interval, 0 < confidence < 1.

    Returns
    -------
    DataFrame, one row per group and competence: ``group``, ``competence``, ``learners`` (said something and met a task of it),
    ``can`` (said they can), ``over`` (of them, did fewer than half alone), ``share`` (over of can, 0–1) with ``low`` and ``high``
    (NaN when nobody said so), ``cannot``, ``under`` (of them, did at least half alone), ``few`` (fewer than 10 said they can),
    ``no_task`` (learners left out because they met no task). Who said several things of a competence counts once: as ``can`` when
    they said so of any, as ``over`` when any of these was not shown.
    """
    import pandas as pd

    table = _grouped(said_and_did(frame), groups)
    rows = [
        {"group": group, "competence": code, **_counts(own, confidence)}
        for (group, code), own in table.groupby(["group", "competence"], sort=True)
    ]
    names = [
        "group",
        "competence",
        "learners",
        "can",
        "over",
        "share",
        "low",
        "high",
        "cannot",
        "under",
        "few",
        "no_task",
    ]
    return pd.DataFrame(rows, columns=names)


@carried
def sureness(frame: pd.DataFrame, groups: Mapping[str, str] | None = None, confidence: float = 0.95) -> pd.DataFrame:
    """How often answers were right, by how sure people were of them (1 guessing … 4 very sure), per group and competence.

    Answers given with help are left out, and those nobody said anything of.

    Returns
    -------
    DataFrame, one row per group, competence and step: ``group``, ``competence``, ``confidence`` (1–4), ``learners``, ``answers``,
    ``right``, ``share`` (mean over learners of each one's share of right answers, 0–1) with ``low`` and ``high``
    (`bdhvs.measurement.changes.mean_interval`, cut to 0–1; NaN for one learner) and ``few`` (fewer than 10 learners).
    """
    import pandas as pd

    met = _met(frame)
    known = _grouped(met[met["confidence"].notna() & met["unhelped"]], groups)
    rows = []
    for (group, code, step), own in known.groupby(["group", "competence", "confidence"], sort=True):
        shares = own.groupby("learner")["right"].mean()
        low, high = mean_interval(shares.tolist(), confidence)
        counts = {"learners": len(shares), "answers": len(own), "right": int(own["right"].sum())}
        ends = {"low": max(0.0, low) if low == low else nan, "high": min(1.0, high) if high == high else nan}
        rows.append(
            {
                "group": group,
                "competence": code,
                "confidence": int(step),
                **counts,
                "share": float(shares.mean()),
                **ends,
                "few": len(shares) < FEW,
            }
        )
    names = ["group", "competence", "confidence", "learners", "answers", "right", "share", "low", "high", "few"]
    return pd.DataFrame(rows, columns=names)


def in_words(row: Any, lang: str = "vi") -> str:
    """A row of `overconfidence` (as of ``itertuples``) in a sentence or two."""
    _ = translator(lang)
    if row.can == 0:
        return _("Nobody said they can do it alone.")
    numbers = {"n": row.can, "m": row.over, "low": round(100 * row.low), "high": round(100 * row.high)}
    said = _(
        "Of {n} who said they can do it alone, {m} did fewer than half of the tasks alone; maybe {low}–{high} % among people like these."
    )
    few = _("Only {n} learners: too few to rely on.").format(n=row.can)
    return f"{said.format(**numbers)} {few}" if row.few else said.format(**numbers)


# ── rows that count ─────────────────────────────────────────────────────────────────────────────────


def _first_met(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of each learner's first attempt in which they met an item."""
    ordered = rows.assign(learner=rows["learner"].astype("str"), item=rows["item"].astype("str")).sort_values(
        "started_at", kind="stable"
    )
    return ordered.drop_duplicates(["learner", "item"], keep="first")


def _counting(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["neutralised"].isna() & ~frame["after_solutions"]]


def _met(frame: pd.DataFrame) -> pd.DataFrame:
    """Tasks each learner met, with ``right``, ``unhelped`` and ``alone`` (both)."""
    rows = unaided_rows(_counting(frame))
    rows = _first_met(rows[rows["outcome"].isin(["answered", "skipped"])])
    right, unhelped = (rows["verdict"] == "right").fillna(False), rows["help"] == "none"
    texts = {name: rows[name].astype("str") for name in ("classroom", "competence")}
    return rows.assign(
        **texts, right=right.astype(bool), unhelped=unhelped.astype(bool), alone=(right & unhelped).astype(bool)
    )


def _said(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Self-assessments that were answered, with the scale that each response carries."""
    rows = _counting(frame)
    rows = _first_met(rows[(rows["kind"] == "self_assessment") & (rows["outcome"] == "answered") & rows["last"]])
    plain = zip(
        rows["classroom"].astype("str"),
        rows["learner"],
        rows["competence"].astype("str"),
        rows["item"],
        rows["response"],
        strict=True,
    )
    return [
        {"classroom": classroom, "learner": learner, "competence": competence, "item": item, **json.loads(response)}
        for classroom, learner, competence, item, response in plain
    ]


_Counts = dict[tuple[Any, str], tuple[int, int]]


def _done(met: pd.DataFrame) -> tuple[_Counts, _Counts]:
    """Tasks, and of them those done alone, by learner and competence, and by learner and item."""
    found = []
    for name in ("competence", "item"):
        counts = met.groupby(["learner", name], observed=True)["alone"].agg(["size", "sum"])
        found.append({key: (int(size), int(alone)) for key, size, alone in counts.itertuples()})
    return found[0], found[1]


def _beside(said: dict[str, Any], by_competence: _Counts, by_item: _Counts) -> dict[str, Any]:
    """What was said with the counts of its tasks."""
    who = said["learner"]
    about = [by_item.get((who, item), (0, 0)) for item in dict.fromkeys(said["about"])]
    own = about or [by_competence.get((who, said["competence"]), (0, 0))]
    tasks, alone = (sum(column) for column in zip(*own, strict=True))
    return {**said, "tasks": tasks, "alone": alone, "share": alone / tasks if tasks else nan}


def _grouped(table: pd.DataFrame, groups: Mapping[str, str] | None) -> pd.DataFrame:
    group = table["classroom"] if groups is None else table["learner"].map(dict(groups))
    return table.assign(group=group)[group.notna()]


def _counts(own: pd.DataFrame, confidence: float) -> dict[str, Any]:
    """One group and competence: learners by what they said and what they showed."""
    known = own[own["tasks"] > 0]
    shown = known["share"] >= SHOWN_FROM
    can = set(known.loc[known["can"], "learner"])
    over = set(known.loc[known["can"] & ~shown, "learner"])
    cannot = set(known["learner"]) - can
    under = set(known.loc[shown, "learner"]) & cannot
    low, high = wilson_ends(len(over), len(can), confidence)
    return {
        "learners": len(can) + len(cannot),
        "can": len(can),
        "over": len(over),
        "share": len(over) / len(can) if can else nan,
        "low": low,
        "high": high,
        "cannot": len(cannot),
        "under": len(under),
        "few": len(can) < FEW,
        "no_task": own["learner"].nunique() - known["learner"].nunique(),
    }
