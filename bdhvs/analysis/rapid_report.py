"""Answers too fast to have read the task, by task and by learner, with how many honest answers are caught as well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bdhvs.analysis.matrices import score_matrix, time_matrix
from bdhvs.analysis.numbers import decimal
from bdhvs.analysis.synthetic import carried, said
from bdhvs.i18n import translator

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class RapidReport:
    """Two tables and two rates.

    Attributes
    ----------
    items : DataFrame by item: ``item``, ``item_version``, ``answers`` (with a known time), ``median`` and ``threshold`` (seconds),
        ``rapid`` (share, 0–1), ``right_rapid``, ``right_other`` (share of points, 0–1), ``false_alarms`` (share of honest answers
        that are called, simulated, 0–1).
    learners : DataFrame by learner: ``learner``, ``effort`` (share of answers not rapid, 0–1), ``flagged`` (effort below 0.9).
    false_answers, false_learners : share of honest answers and of honest learners that are called, simulated, 0–1.
    """

    items: pd.DataFrame
    learners: pd.DataFrame
    false_answers: float
    false_learners: float


@carried
def rapid_report(frame: pd.DataFrame, draws: int = 100, seed: int = 0) -> RapidReport:
    """Rapid answers by the normative threshold: a tenth of the task's mean time, at most 10 s (`bdhvs.measurement.rapid_guessing`)."""
    import numpy as np
    import pandas as pd

    from bdhvs.measurement.rapid_guessing import LEAST_EFFORT, false_alarms, rapid_answers

    times = time_matrix(frame)
    seconds = times.table.to_numpy()
    scores = score_matrix(frame, "answered", adaptive=True)
    shares = (scores.table / scores.items["maximum"]).reindex(index=times.table.index, columns=times.table.columns)
    found = rapid_answers(seconds, shares.to_numpy())
    honest = false_alarms(seconds, draws=draws, seed=seed)
    items = times.items[["item", "item_version"]].reset_index(drop=True)
    items["answers"] = (~np.isnan(seconds)).sum(axis=0)
    items["median"] = times.table.median().to_numpy()
    for name, value in (
        ("threshold", found.threshold),
        ("rapid", found.share),
        ("right_rapid", found.right_rapid),
        ("right_other", found.right_other),
        ("false_alarms", honest.answers),
    ):
        items[name] = value
    effort = np.nan_to_num(found.effort, nan=1.0)
    learners = pd.DataFrame(
        {"learner": list(times.table.index), "effort": found.effort, "flagged": effort < LEAST_EFFORT}
    )
    weights = items["answers"].where(items["false_alarms"].notna(), 0)
    every = float((items["false_alarms"].fillna(0) * weights).sum() / weights.sum()) if weights.sum() else float("nan")
    return RapidReport(items, learners, every, honest.persons)


@said
def in_words(found: RapidReport, lang: str = "vi") -> str:
    """How many answers are too fast, whether they were blind, and how many of them honest people give as well."""
    _ = translator(lang)
    items = found.items[found.items["rapid"].notna()]
    answers = int(items["answers"].sum())
    rapid = round(float((items["rapid"] * items["answers"]).sum()))
    said = _("{rapid} of {answers} answers came too fast to have read the task; {learners} of {n} learners rushed through at least a tenth of theirs.").format(
        rapid=rapid, answers=answers, learners=int(found.learners["flagged"].sum()), n=len(found.learners)
    )  # fmt: skip
    caught = _("Among people who all try, {percent} in 100 answers would be called as well.").format(
        percent=decimal(100 * found.false_answers, 2, lang)
    )
    return f"{said} {caught}"
