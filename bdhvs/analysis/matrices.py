"""From long frames to tables of learners × items, by a rule that says what a silence and help count.

Takes the frame of `bdhvs.responses`, or the table ``responses`` of a dataset (`bdhvs.dataset.schema.RESPONSES`), or a part of either.
In all tables a learner counts once for each item and version: their first meeting, or their last. What a class's teacher took out
(neutralised), answers given after the solutions could be seen, and what people think of themselves are left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from bdhvs.analysis.summaries import unaided_rows
from bdhvs.analysis.synthetic import carried

if TYPE_CHECKING:
    import pandas as pd

Counts = Literal["zero", "missing"]
Meeting = Literal["first", "last"]


@dataclass(frozen=True)
class Rule:
    """What is not a plain answer counts: no points, or nothing at all; ``helped`` may also count ``as_given``."""

    skipped: Counts
    not_reached: Counts
    cut_off: Counts
    helped: Literal["zero", "missing", "as_given"]


#: The rules by name. A figure without its rule means nothing: say which one it was.
RULES: Mapping[str, Rule] = {
    # Doing it alone, as calibration and bands count it (bdhvs.service.score_evidence).
    "alone": Rule("zero", "missing", "missing", "zero"),
    # Only what was answered, whatever help there was.
    "answered": Rule("missing", "missing", "missing", "as_given"),
    # As a paper examination: whatever is not there is wrong.
    "examination": Rule("zero", "zero", "zero", "as_given"),
}


@dataclass(frozen=True, eq=False)
class Matrix:
    """Learners × items.

    Attributes
    ----------
    table : DataFrame, a row per learner and a column per item and version (``id@version``), in the order of competence and id.
        What it holds, and what missing is, says the function that made it.
    items : DataFrame with the index of `table`'s columns: ``item``, ``item_version``, ``competence``, ``domain``, ``maximum`` and,
        where the frame has them, ``kind`` and ``level``.
    classrooms : Series by learner: the class of their first row; None without classes in the frame.
    rule : name of the rule.
    """

    table: pd.DataFrame
    items: pd.DataFrame
    classrooms: pd.Series | None
    rule: str

    def joined(self) -> Matrix:
        """Without scores that nobody got: each item's become 0, 1, 2 … in their order, and its maximum the number of steps left.

        A partial credit model has no estimate for a step nobody stands on (of pairs to match, one alone can hardly be wrong).
        """
        table = self.table.copy()
        for name in table:
            known = table[name].dropna().unique()
            places = {score: float(place) for place, score in enumerate(sorted(known))}
            table[name] = table[name].map(places)
        steps = table.max().fillna(0).clip(lower=1).astype("int64")
        return Matrix(table, self.items.assign(maximum=steps), self.classrooms, self.rule)

    def of(self, items: list[str]) -> Matrix:
        """Some of the columns; learners stay."""
        return Matrix(self.table[items], self.items.loc[items], self.classrooms, self.rule)


@carried
def score_matrix(
    frame: pd.DataFrame, rule: str = "alone", meeting: Meeting = "first", adaptive: bool = False
) -> Matrix:
    """Points of each learner on each item; NaN for missing by the rule, or never met.

    Parameters
    ----------
    rule : a name of `RULES`.
    meeting : which attempt counts where a learner met an item in several.
    adaptive : whether answers of adaptive forms are in. Their shares of right answers say nothing of the items; a model's
        abilities may use them.

    Raises
    ------
    ValueError
        for an unknown rule, or when no row is left.
    """
    if rule not in RULES:
        raise ValueError(f"found the rule {rule!r}, expected one of {', '.join(RULES)}")
    own, rows = RULES[rule], _met(frame, meeting, adaptive)
    points = rows["score"].astype("Float64").astype("float64")
    for outcome in ("skipped", "not_reached", "cut_off"):
        points = points.mask(rows["outcome"] == outcome, 0.0 if getattr(own, outcome) == "zero" else float("nan"))
    if own.helped != "as_given":
        helped = (rows["help"] != "none") & (rows["outcome"] == "answered")
        points = points.mask(helped, 0.0 if own.helped == "zero" else float("nan"))
    return _matrix(rows, points, rule)


def one_form(frame: pd.DataFrame, form: str | None = None) -> tuple[str, pd.DataFrame]:
    """The id and the rows of one form.

    Parameters
    ----------
    form : its id; left out: the form of fixed items that most learners did as an assessment.

    Raises
    ------
    ValueError
        when there is none; the message names those there are.
    """
    rows = frame if form else frame[(frame["mode"] == "assessment") & frame["adaptive_version"].isna()]
    learners = rows.groupby(rows["form"].astype("str"))["learner"].nunique()
    wanted = form or (str(learners.idxmax()) if len(learners) else "")
    if wanted not in learners.index:
        known = ", ".join(sorted(frame["form"].astype("str").unique())) or "none at all"
        raise ValueError(f"found no form {wanted!r} among the answers, expected one of {known}")
    return wanted, rows[rows["form"] == wanted]


@carried
def choice_matrix(frame: pd.DataFrame, meeting: Meeting = "first") -> Matrix:
    """Option each learner chose in each single choice (author's id); missing when they chose none. Adaptive answers are in."""
    rows = _met(frame, meeting, adaptive=True)
    rows = rows[rows["kind"] == "single_choice"]
    return _matrix(rows, chosen(rows), "answered")


@carried
def time_matrix(frame: pd.DataFrame, meeting: Meeting = "first") -> Matrix:
    """Seconds to each learner's first answer to each item; NaN when unknown, or not answered."""
    first = frame[((frame["try"] <= 1).fillna(False)) & frame["max"].notna()]
    rows = _met(first.assign(last=True), meeting, adaptive=True)
    seconds = rows["elapsed_ms"].astype("Float64").astype("float64") / 1000
    return _matrix(rows, seconds.where((rows["outcome"] == "answered") & (seconds > 0)), "answered")


def keys(frame: pd.DataFrame) -> dict[str, frozenset[str]]:
    """Right options of each single choice (``id@version``), as the scores in the frame show them; none where nobody was right."""
    rows = frame[(frame["kind"] == "single_choice") & (frame["outcome"] == "answered")]
    right = rows[(rows["score"] == rows["max"]).fillna(False).astype(bool)]
    options = chosen(right)
    return {name: frozenset(own) for name, own in options.groupby(_names(right))}


def chosen(rows: pd.DataFrame) -> pd.Series:
    """Option of each row of a single choice: the column ``option`` of a dataset, else read from ``response``; missing if none."""
    if "option" in rows:
        return rows["option"].astype("object").where(rows["option"].notna(), None)
    return (
        rows["response"]
        .map(lambda text: json.loads(text).get("choice") if isinstance(text, str) else None)
        .astype("object")
    )


def _met(frame: pd.DataFrame, meeting: Meeting, adaptive: bool) -> pd.DataFrame:
    """One row per learner, item and version. ValueError when there is none."""
    rows = unaided_rows(_due(frame))
    if not adaptive and "adaptive_version" in rows:
        rows = rows[rows["adaptive_version"].isna()]
    if not len(rows):
        raise ValueError(
            "found no row that counts, expected at least one: look at mode, neutralised and adaptive_version"
        )
    rows = rows.assign(item_name=_names(rows))
    when = next((name for name in ("started_at", "day") if name in rows), None)
    ordered = rows if when is None else rows.sort_values(when, kind="stable")
    return ordered.drop_duplicates(["learner", "item_name"], keep=meeting)


def _due(frame: pd.DataFrame) -> pd.DataFrame:
    """Without what was neutralised (a time or a flag) or came after the solutions."""
    rows = frame
    if "neutralised" in rows:
        column = rows["neutralised"]
        rows = rows[
            ~column.fillna(False).astype(bool)
            if column.dtype.kind == "b" or str(column.dtype) == "boolean"
            else column.isna()
        ]
    return rows[~rows["after_solutions"].fillna(False).astype(bool)] if "after_solutions" in rows else rows


def _names(rows: pd.DataFrame) -> pd.Series:
    versions = rows["item_version"].astype("str")
    return rows["item"].astype("str") + "@" + versions


def _matrix(rows: pd.DataFrame, values: pd.Series, rule: str) -> Matrix:
    names = rows["item_name"]
    table = values.groupby([rows["learner"].astype(_plain(rows["learner"])), names]).first().unstack()
    about = [one for one in ("item", "item_version", "kind", "competence", "domain", "level") if one in rows]
    items = rows.drop_duplicates("item_name").set_index("item_name")[about].astype("object")
    items["maximum"] = rows.groupby("item_name")["max"].max().astype("int64")
    order = sorted(items.index, key=lambda name: (_code(items.at[name, "competence"]), name))
    everybody = rows["learner"].astype(_plain(rows["learner"])).drop_duplicates().sort_values()
    classrooms = None
    if "classroom" in rows:
        first = rows.assign(learner=rows["learner"].astype(_plain(rows["learner"]))).drop_duplicates("learner")
        classrooms = first.set_index("learner")["classroom"].astype("object").reindex(everybody)
    return Matrix(table.reindex(index=everybody, columns=order), items.loc[order], classrooms, rule)


def _plain(learner: pd.Series) -> Any:
    """A category's own kind of value, so that groups nobody is in do not appear."""
    return learner.cat.categories.dtype if hasattr(learner, "cat") else learner.dtype


def _code(competence: str) -> tuple[int, ...]:
    return tuple(int(part) for part in str(competence).split("."))


def item_label(name: str) -> str:
    """``id@version`` as pictures show it: the version only when it is not the first."""
    item, _, version = name.rpartition("@")
    return item if version == "1" else f"{item}, v{version}"
