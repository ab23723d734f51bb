"""What each domain’s score tells beside the total."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bdhvs.analysis.domain_names import domain_names
from bdhvs.analysis.pictures.style import GREY, INK, caption, finish_rows, legend, numbers, row_axes, row_labels
from bdhvs.analysis.synthetic import drawn
from bdhvs.i18n import translator

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from bdhvs.bank.framework import Framework


@drawn
def plot_subscores(
    table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "vi", framework: Framework | None = None
) -> Axes:
    """Share of the true domain score told by its own score (dot), the total (square), both (ring).

    Parameters
    ----------
    table : of `bdhvs.analysis.subscores.subscores`, whose ``in_words`` says the same.
    """
    _ = translator(lang)
    ax = ax or row_axes(len(table), rows_each=2.1)
    places = list(range(len(table)))
    ends = 100 * table[["own", "common", "together"]]
    ax.hlines(places, ends.min(axis=1), ends.max(axis=1), color=GREY, linewidth=1.5, zorder=1)
    ax.plot(ends["own"], places, "o", color=INK, markersize=7, label=_("its own tasks"), zorder=3)
    ax.plot(ends["common"], places, "s", color=GREY, markersize=7, label=_("the total"), zorder=2)
    ax.plot(ends["together"], places, "o", color=INK, markerfacecolor="none", markersize=12, label=_("both"), zorder=4)
    names = domain_names(table["domain"], lang, framework)
    tasks = _("{n} tasks")
    row_labels(ax, [f"{names[row.domain]}\n({tasks.format(n=row.items)})" for row in table.itertuples()])
    finish_rows(ax, _("Does a domain’s score say anything new?"), _("Share of the true domain score that is told, %"))
    numbers(ax, lang, "x")
    legend(ax, columns=3, loc="lower right", bbox_to_anchor=(1.0, 1.0), columnspacing=0.8, handletextpad=0.2)
    ax.set_title(ax.get_title(loc="left"), loc="left", fontweight="bold", pad=26)
    caption(
        ax,
        _(
            "Where the square lies right of the dot, the total tells more of the domain than the domain’s own tasks: do not show it by itself. {n} learners."
        ).format(n=int(table["persons"].max()) if len(table) else 0),
    )
    return ax
