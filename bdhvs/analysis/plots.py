"""Three pictures of a class: scores by domain, difficulty of items, time on items.

Each takes the frame of `bdhvs.responses` (or a part of it), draws on ``ax`` and gives it back. All are made to be read
in grey print; how many answers stand behind a picture, and how many are left out, is written on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bdhvs.analysis.domain_names import domain_names
from bdhvs.analysis.pictures.style import GREY, INK, PALE, caption, finish_rows, row_axes, row_labels
from bdhvs.analysis.summaries import domain_scores, item_difficulty, item_times, unaided_rows
from bdhvs.analysis.synthetic import drawn, said
from bdhvs.bank.framework import Framework
from bdhvs.i18n import translator

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


@drawn
def plot_domain_scores(
    frame: pd.DataFrame, *, ax: Axes | None = None, lang: str = "vi", framework: Framework | None = None
) -> Axes:
    """Each learner's share of points by domain as a dot, and the mean of the learners as a bar.

    Of the items answered only; silences are counted under the picture. A domain is named with its number of learners.
    """
    _ = translator(lang)
    table = domain_scores(frame)
    domains = sorted(table["domain"].unique())
    ax = ax or row_axes(len(domains), rows_each=2)
    for place, domain in enumerate(domains):
        shares = table.loc[table["domain"] == domain, "share"].sort_values()
        equals = shares.groupby(shares)
        beside = (equals.cumcount() + 0.5) / equals.transform("size") - 0.5  # equal dots side by side, to be counted
        ax.barh(place, 100 * shares.mean(), height=0.7, color=PALE, edgecolor=INK, linewidth=0.8, zorder=1)
        ax.plot(100 * shares, place + 0.7 * beside, "o", color=INK, markersize=3, clip_on=False, zorder=2)
    names = domain_names(domains, lang, framework)
    counts = table.groupby("domain").size()
    row_labels(ax, [f"{names[one]}\n(n = {counts[one]})" for one in domains])
    finish_rows(ax, _("Scores by domain"), _("Share of points, %"))
    about = _(
        "Bar: mean of the learners; dot: one learner. {learners} learners, {answered} answers; {silent} silences not counted."
    )
    answered = table["answered"].sum()
    silent = len(unaided_rows(frame)) - answered
    caption(ax, about.format(learners=table["learner"].nunique(), answered=answered, silent=silent))
    return ax


@said
def domain_scores_in_words(frame: pd.DataFrame, lang: str = "vi", framework: Framework | None = None) -> str:
    """What `plot_domain_scores` shows: mean share of points by domain."""
    _ = translator(lang)
    table = domain_scores(frame)
    means, counts = table.groupby("domain")["share"].mean(), table.groupby("domain").size()
    names = domain_names(list(means.index), lang, framework)
    text = _("{name}: {share} of 100 points on average, {n} learners.")
    return " ".join(text.format(name=names[one], share=round(100 * means[one]), n=counts[one]) for one in means.index)


@drawn
def plot_item_difficulty(frame: pd.DataFrame, *, ax: Axes | None = None, lang: str = "vi") -> Axes:
    """Share of right answers to each item with its 95 % interval (Wilson 1927), the easiest on top."""
    _ = translator(lang)
    table = item_difficulty(frame)
    ax = ax or row_axes(len(table))
    places = list(range(len(table)))
    ax.hlines(places, 100 * table["low"], 100 * table["high"], color=GREY, linewidth=2.5)
    ax.plot(100 * table["share"], places, "o", color=INK, markersize=6)
    ax.set_yticks(places, [f"{_item_name(row)} (n = {row.answered})" for row in table.itertuples()])
    finish_rows(ax, _("How hard the items were"), _("Right answers, %"))
    about = _(
        "Dot: share of right answers before any feedback; line: its interval (Wilson 1927), 95 %. {silent} silences not counted."
    )
    caption(ax, about.format(silent=len(unaided_rows(frame)) - table["answered"].sum()))
    return ax


@said
def item_difficulty_in_words(frame: pd.DataFrame, lang: str = "vi") -> str:
    """What `plot_item_difficulty` shows: share of right answers by item with its interval, the easiest first."""
    _ = translator(lang)
    text = _("{name}: {share} of 100 right (maybe {low} to {high}), {n} answers.")
    return " ".join(
        text.format(
            name=_item_name(row),
            share=round(100 * row.share),
            low=round(100 * row.low),
            high=round(100 * row.high),
            n=row.answered,
        )
        for row in item_difficulty(frame).itertuples()
    )


@drawn
def plot_item_times(frame: pd.DataFrame, *, ax: Axes | None = None, lang: str = "vi") -> Axes:
    """Median time to the first answer to each item, with the middle half of the learners."""
    _ = translator(lang)
    table = item_times(frame)
    known = table[table["known"] > 0].reset_index(drop=True)
    ax = ax or row_axes(len(known))
    places = list(range(len(known)))
    ax.hlines(places, known["lower"], known["upper"], color=GREY, linewidth=2.5)
    ax.plot(known["median"], places, "D", color=INK, markersize=5)
    ax.set_yticks(places, [f"{_item_name(row)} (n = {row.known})" for row in known.itertuples()])
    finish_rows(ax, _("Time on each item"), _("Seconds to the first answer"), percent=False)
    about = _("Diamond: median; line: middle half of the learners. {unknown} unknown times left out.")
    caption(ax, about.format(unknown=table["unknown"].sum()))
    return ax


@said
def item_times_in_words(frame: pd.DataFrame, lang: str = "vi") -> str:
    """What `plot_item_times` shows: median and middle half of the times by item, the quickest first."""
    _ = translator(lang)
    text = _("{name}: {median} seconds, half of the learners between {lower} and {upper}, {n} times.")
    table = item_times(frame)
    return " ".join(
        text.format(name=_item_name(row), median=round(row.median), lower=round(row.lower), upper=round(row.upper), n=row.known)
        for row in table[table["known"] > 0].itertuples()
    )


def _item_name(row: tuple[object, ...]) -> str:
    version = getattr(row, "item_version", 1)
    return str(getattr(row, "item", "")) + (f", v{version}" if version != 1 else "")
