"""What people say they can do, how sure they are, and what they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bdhvs.analysis.numbers import decimal
from bdhvs.analysis.pictures.style import (
    GREY,
    INK,
    LINES,
    MARKS,
    caption,
    finish,
    finish_rows,
    legend,
    new_axes,
    numbers,
    row_axes,
    row_labels,
)
from bdhvs.analysis.synthetic import drawn, said
from bdhvs.i18n import translator

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

MOST_GROUPS = 4


@drawn
def plot_sureness(table: pd.DataFrame, competence: str, *, ax: Axes | None = None, lang: str = "vi") -> Axes:
    """Share of right answers by how sure people were, a line for each group (up to four), with intervals.

    Parameters
    ----------
    table : of `bdhvs.analysis.overconfidence.sureness`. competence : one of its codes.

    Raises
    ------
    ValueError
        when nobody of the competence said how sure they were, or there are more than four groups.
    """
    _ = translator(lang)
    own = _of(table, competence)
    ax = ax or new_axes()
    groups = sorted(own["group"].unique())
    for number, group in enumerate(groups):
        rows = own[own["group"] == group]
        places = rows["confidence"] + 0.06 * (number - (len(groups) - 1) / 2)
        ink = INK if number % 2 == 0 else GREY
        ax.vlines(places, 100 * rows["low"], 100 * rows["high"], color=ink, linewidth=1.2)
        ax.plot(
            places,
            100 * rows["share"],
            marker=MARKS[number],
            linestyle=LINES[number],
            color=ink,
            markersize=6,
            label=group,
        )
    finish(
        ax, _("How sure, and how often right: {competence}").format(competence=competence), "", _("Right answers, %")
    )
    ax.set_xticks([1, 2, 3, 4], [_("guessing"), _("unsure"), _("sure"), _("very sure")])
    ax.set_xlim(0.7, 4.3)
    ax.set_ylim(-3, 103)
    numbers(ax, lang, "y")
    legend(ax, loc="upper left")
    caption(
        ax,
        _("Lines up and down: intervals over learners, 95 %. {n} answers without help.").format(
            n=int(own["answers"].sum())
        ),
    )
    return ax


@said
def sureness_in_words(table: pd.DataFrame, competence: str, lang: str = "vi") -> str:
    """Share of right answers of the least and the most sure, by group."""
    _ = translator(lang)
    said = []
    for group, rows in _of(table, competence).groupby("group", sort=True):
        first, last = rows.iloc[0], rows.iloc[-1]
        text = _(
            "{group}, competence {competence}: when least sure (step {a}) right in {first} of 100, when most sure (step {b}) in {last}."
        )
        said.append(
            text.format(
                group=group,
                competence=competence,
                a=first.confidence,
                b=last.confidence,
                first=decimal(100 * first.share, 0, lang),
                last=decimal(100 * last.share, 0, lang),
            )
        )
    return " ".join(said)


@drawn
def plot_overconfidence(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "vi") -> Axes:
    """Of those who said they can do it alone, the share who did fewer than half of the tasks alone, per group and competence.

    Parameters
    ----------
    table : of `bdhvs.analysis.overconfidence.overconfidence`; rows in which nobody said so are left out.
    """
    _ = translator(lang)
    rows = table[table["can"] > 0].sort_values(["competence", "group"], ignore_index=True)
    ax = ax or row_axes(len(rows))
    places = list(range(len(rows)))
    groups = sorted(rows["group"].unique())
    ax.hlines(places, 100 * rows["low"], 100 * rows["high"], color=GREY, linewidth=2.2)
    for number, group in enumerate(groups):
        own = rows[rows["group"] == group]
        ax.plot(
            100 * own["share"],
            own.index,
            MARKS[number % len(MARKS)],
            color=INK,
            markerfacecolor="white" if number % 2 else INK,
            markersize=6.5,
            label=group,
        )
    row_labels(ax, [f"{row.competence} (n = {row.can})" for row in rows.itertuples()])
    finish_rows(ax, _("Said “I can”, and did not show it"), _("Of those who said they can, %"))
    numbers(ax, lang, "x")
    legend(ax, columns=2, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    ax.set_title(ax.get_title(loc="left"), loc="left", fontweight="bold", pad=26)
    caption(
        ax,
        _(
            "n: learners who said they can do it alone. Line: interval of 95 % (Wilson). With a task or two each, chance has a large part: read groups, never persons."
        ),
    )
    return ax


@said
def overconfidence_in_words(table: pd.DataFrame, lang: str = "vi") -> str:
    """Each group and competence in a sentence."""
    from bdhvs.analysis.overconfidence import in_words

    return " ".join(f"{row.group}, {row.competence}: {in_words(row, lang)}" for row in table.itertuples())


def _of(table: pd.DataFrame, competence: str) -> pd.DataFrame:
    own = table[table["competence"] == competence].sort_values(["group", "confidence"])
    if not len(own):
        raise ValueError(
            f"found no answers of competence {competence!r} with a confidence, expected one of {', '.join(sorted(table['competence'].unique()))}"
        )
    if own["group"].nunique() > MOST_GROUPS:
        raise ValueError(
            f"found {own['group'].nunique()} groups, expected at most {MOST_GROUPS} in one picture; give groups of your own"
        )
    return own
