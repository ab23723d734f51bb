"""Pairs of learners of a class: how many answers are alike, and how many ability explains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bdhvs.analysis.pictures.style import GREY, INK, caption, finish, legend, new_axes, numbers
from bdhvs.analysis.synthetic import drawn
from bdhvs.i18n import translator

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

MOST = 20_000  # pairs drawn; of more, every so many of those that are not flagged


@drawn
def plot_alike(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "vi") -> Axes:
    """Share of common tasks answered alike against the share expected; flagged pairs as full squares.

    Parameters
    ----------
    table : of `bdhvs.analysis.alike_report.alike_report`, whose ``in_words`` says the same.
    """
    _ = translator(lang)
    ax = ax or new_axes(4.2)
    every = max(1, len(table) // MOST)
    rows = table[table["flagged"] | (table.index % every == 0)]
    expected, same = 100 * rows["expected"] / rows["common"], 100 * rows["same"] / rows["common"]
    usual = ~rows["flagged"]
    ax.plot(
        expected[usual],
        same[usual],
        "o",
        color=GREY,
        markerfacecolor="none",
        markersize=3,
        markeredgewidth=0.5,
        label=_("as ability explains"),
        rasterized=True,
    )
    ax.plot(expected[~usual], same[~usual], "s", color=INK, markersize=8, label=_("more alike than that"))
    ax.plot([0, 100], [0, 100], color=INK, linestyle="--", linewidth=1)
    finish(ax, _("Answers alike, pair by pair"), _("Alike by ability alone, %"), _("Answered alike, %"))
    ax.set_xlim(0, 100)
    ax.set_ylim(0, 104)
    numbers(ax, lang)
    legend(ax, loc="lower right")
    about = _(
        "Each mark is a pair of one class; {n} pairs. If all work alone, any pair at all is flagged in at most 5 of 100 such pictures. A flag is no proof."
    )
    caption(ax, about.format(n=len(table)))
    return ax
