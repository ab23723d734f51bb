"""Before and after: how much more a class does, counted in whole tasks, with how sure that is.

All take frames of `bdhvs.responses`, filtered to what is to be compared: the first and the last time a form was taken
(`first_and_last`), two parallel forms (`first_and_second`), two forms, or two classes. A task counts as done when its answer before any feedback was right; help
of a person or a hint may be in it (see ``help``). Silences are left out of the share and counted beside it.

What no number here can say: a class is no sample of its commune, and without a group that was not taught nobody knows
what would have happened anyway. Two forms differ in how hard they are; the same form is easier the second time.
"""

from __future__ import annotations

from collections.abc import Callable
from math import nan
from typing import TYPE_CHECKING, Any

from bdhvs.analysis.summaries import unaided_rows
from bdhvs.analysis.synthetic import carried
from bdhvs.errors import BdhvsError
from bdhvs.i18n import Gettext, translator
from bdhvs.measurement.changes import difference_interval, mean_interval, sign_probability

if TYPE_CHECKING:
    import pandas as pd

FEW = 10  # persons; below, the words say that they are too few: one person weighs more than a tenth
ALL = "all"  # in the column ``domain``: all tasks together
OF_TASKS = 10  # shares are told as so many of ten tasks


class SeveralAttempts(BdhvsError):
    """Somebody took what is compared more than once; choose one attempt, for instance with `first_and_last`."""

    code = "several_attempts"


@carried
def first_and_last(frame: pd.DataFrame, form: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each learner's first attempt at a form, and their last one, of those with at least one answer.

    Returns
    -------
    before, after : parts of `frame`. Who took it once is in `before` only.
    """
    rows = frame[frame["form"] == form]
    answered = rows[rows["outcome"] == "answered"]
    starts = answered.groupby(["learner", "attempt"], observed=True)["started_at"].min().reset_index().sort_values("started_at", kind="stable")
    first = starts.drop_duplicates("learner", keep="first")["attempt"]
    last = starts.drop_duplicates("learner", keep="last")["attempt"]
    return rows[rows["attempt"].isin(first)], rows[rows["attempt"].isin(set(last) - set(first))]


@carried
def first_and_second(frame: pd.DataFrame, forms: tuple[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each learner's first attempt at one of two parallel forms, and their first attempt at the other one after it.

    For a class in which half took the one form first (a form with a ``turn``): what makes one of the forms harder then
    falls on both sides, and leaves the mean change alone as far as the halves are equal.

    Returns
    -------
    before, after : parts of `frame`; attempts without an answer are left out. Who took one form only is in `before` only.
    """
    rows = frame[frame["form"].isin(forms)]
    answered = rows[rows["outcome"] == "answered"]
    keys = ["learner", "form", "attempt"]
    starts = answered.groupby(keys, observed=True)["started_at"].min().reset_index().sort_values("started_at", kind="stable")
    firsts = starts.drop_duplicates(["learner", "form"], keep="first")
    before = firsts.drop_duplicates("learner", keep="first")["attempt"]
    return rows[rows["attempt"].isin(before)], rows[rows["attempt"].isin(set(firsts["attempt"]) - set(before))]


@carried
def before_after(before: pd.DataFrame, after: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """What the same learners did before and after, per domain and in all.

    Each learner is compared with themselves; who is in one frame only is counted and left out.

    Returns
    -------
    DataFrame, first the row of all tasks (``domain`` is "all"), then one per domain: ``domain``, ``learners`` (pairs), ``before``
    and ``after`` (mean share of the answered tasks that were done, 0–1), ``change`` (its mean, −1 to 1), ``low`` and ``high`` (its
    interval: see `bdhvs.measurement.changes.mean_interval`; NaN for fewer than two learners), ``answered_before`` and
    ``answered_after`` (tasks answered, mean per learner), ``before_only`` and ``after_only`` (learners left out).

    Raises
    ------
    SeveralAttempts
        when somebody has more than one attempt in a frame.
    """

    def compare(one: pd.DataFrame, other: pd.DataFrame) -> dict[str, Any]:
        both = one.index.intersection(other.index)
        left_out = {"before_only": len(one) - len(both), "after_only": len(other) - len(both)}
        changes = (other.loc[both, "share"] - one.loc[both, "share"]).tolist()
        return {"learners": len(both), **_row(one.loc[both], other.loc[both], mean_interval(changes, confidence)), **left_out}

    return _table(before, after, compare)


@carried
def two_classes(first: pd.DataFrame, second: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """What two different classes did, per domain and in all; other people, so much less sure than `before_after`.

    Returns
    -------
    DataFrame as of `before_after`, with ``learners`` (of the first), ``learners_after`` (of the second), and intervals of
    `bdhvs.measurement.changes.difference_interval`; nobody is left out.
    """

    def compare(one: pd.DataFrame, other: pd.DataFrame) -> dict[str, Any]:
        interval = difference_interval(one["share"].tolist(), other["share"].tolist(), confidence)
        return {"learners": len(one), "learners_after": len(other), **_row(one, other, interval)}

    return _table(first, second, compare)


@carried
def item_changes(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """What became of each single task that was given both times, among those who answered it both times.

    Returns
    -------
    DataFrame, one row per item and version, most gained first: ``item``, ``item_version``, ``learners``, ``done_both``, ``gained``
    (done only after), ``lost`` (done only before), ``done_never``, and ``chance`` (0–1: how often coins would part so
    unevenly; see `bdhvs.measurement.changes.sign_probability`). Of twenty tasks one is below 0.05 by chance.
    """
    import pandas as pd

    keys = ["item", "item_version", "learner"]
    one, other = (_done(frame).set_index(keys)["done"] for frame in (before, after))
    pairs = pd.DataFrame({"before": one, "after": other}).dropna().astype(bool)
    pairs["done_both"], pairs["gained"] = pairs["before"] & pairs["after"], ~pairs["before"] & pairs["after"]
    pairs["lost"], pairs["done_never"] = pairs["before"] & ~pairs["after"], ~pairs["before"] & ~pairs["after"]
    groups = pairs.groupby(["item", "item_version"])
    table = groups[["done_both", "gained", "lost", "done_never"]].sum().astype("int64")
    table.insert(0, "learners", groups.size())
    table["chance"] = [sign_probability(row.gained, row.lost) for row in table.itertuples()]
    table = table.reset_index()
    order = (table["lost"] - table["gained"]).sort_values(kind="stable").index
    return table.loc[order].reset_index(drop=True)


def change_in_words(row: Any, lang: str = "vi") -> str:
    """A row of `before_after` or `two_classes` (as of ``itertuples``) in two sentences, for people who read no intervals."""
    _ = translator(lang)
    if 0 in (row.learners, getattr(row, "learners_after", 1)):
        return _("Nobody did these tasks both times, so nothing can be compared.")
    numbers = {"before": _of_ten(row.before), "after": _of_ten(row.after), "of": OF_TASKS}
    fewest = min(row.learners, getattr(row, "learners_after", row.learners))
    few = _("Only {n} learners: too few to rely on.").format(n=fewest)
    done = _("Of {of} tasks, {before} were done before and {after} after.").format(**numbers)
    return f"{done} {few if fewest < FEW else _sureness(row, _)}"


def caution(lang: str = "vi") -> str:
    """What belongs under every comparison."""
    _ = translator(lang)
    return _("A class is no sample, and there is no group that was not taught: the numbers say what changed, not why.")


@carried
def done_shares(frame: pd.DataFrame) -> pd.DataFrame:
    """Of each learner (index) the share of answered tasks that were done (0–1), and how many were answered.

    Raises
    ------
    SeveralAttempts
        as `before_after`.
    """
    return _per_learner(_done(frame))


def _sureness(row: Any, _: Gettext) -> str:
    if row.low > 0:
        return _("The gain is larger than chance between learners explains.")
    if row.high < 0:
        return _("The loss is larger than chance between learners explains.")
    return _("The change is so small, or differs so much between learners, that it may be chance.")


def _of_ten(share: float) -> str:
    return f"{OF_TASKS * share:.0f}"


def _table(before: pd.DataFrame, after: pd.DataFrame, compare: Callable[[pd.DataFrame, pd.DataFrame], dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    one, other = _done(before), _done(after)
    domains = sorted({*one["domain"], *other["domain"]})
    parts = [(ALL, one, other), *((name, one[one["domain"] == name], other[other["domain"] == name]) for name in domains)]
    return pd.DataFrame([{"domain": name, **compare(_per_learner(a), _per_learner(b))} for name, a, b in parts])


def _done(frame: pd.DataFrame) -> pd.DataFrame:
    """Answered tasks of each learner, and whether they were done."""
    attempts = frame.groupby("learner", observed=True)["attempt"].nunique()
    if (attempts > 1).any():
        raise SeveralAttempts(f"{int((attempts > 1).sum())} learners have several attempts; choose one each, for instance with first_and_last")
    rows = unaided_rows(frame)
    rows = rows[rows["outcome"] == "answered"]
    texts = {name: rows[name].astype("str") for name in ("learner", "item", "domain")}
    return rows[["item_version"]].assign(**texts, done=rows["verdict"] == "right")


def _per_learner(done: pd.DataFrame) -> pd.DataFrame:
    """Share of the answered tasks that were done, and how many were answered, by learner."""
    groups = done.groupby("learner")["done"]
    return groups.mean().astype("float64").to_frame("share").assign(answered=groups.size())


def _row(one: pd.DataFrame, other: pd.DataFrame, interval: tuple[float, float]) -> dict[str, float]:
    low, high = interval
    shares = [float(frame["share"].mean()) if len(frame) else nan for frame in (one, other)]
    answered = [float(frame["answered"].mean()) if len(frame) else nan for frame in (one, other)]
    return {
        "before": shares[0],
        "after": shares[1],
        "change": shares[1] - shares[0],
        "low": max(-1.0, low) if low == low else nan,
        "high": min(1.0, high) if high == high else nan,
        "answered_before": answered[0],
        "answered_after": answered[1],
    }
