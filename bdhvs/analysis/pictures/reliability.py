"""Reliability of the total and of each domain, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bdhvs.analysis.domain_names import domain_names
from bdhvs.analysis.pictures.style import GREY, INK, PALE, caption, finish_rows, numbers, row_axes, row_labels
from bdhvs.analysis.reliability_report import ALL, in_words
from bdhvs.analysis.synthetic import drawn, said
from bdhvs.i18n import translator

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from bdhvs.bank.framework import Framework

LEAST_FOR_GROUPS, LEAST_FOR_PERSONS = 0.7, 0.9  # Nunnally & Bernstein (1994), Psychometric theory, 3rd ed., p. 265


@drawn
def plot_reliability(
    table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "vi", framework: Framework | None = None
) -> Axes:
    """Alpha as a bar with its interval, omega as a diamond.

    Parameters
    ----------
    table : of `bdhvs.analysis.reliability_report.reliability_report`.
    """
    _ = translator(lang)
    ax = ax or row_axes(len(table), rows_each=2.1)
    names = {ALL: _("All tasks"), **domain_names([one for one in table["domain"] if one != ALL], lang, framework)}
    for place, row in enumerate(table.itertuples()):
        if row.alpha != row.alpha:
            ax.text(0.02, place, _("too few"), va="center", fontsize=9)
            continue
        hatch = "" if row.domain == ALL else "///"
        ax.barh(place, row.alpha, height=0.6, color=PALE, edgecolor=GREY, hatch=hatch, linewidth=0.8, zorder=1)
        ax.hlines(place, row.alpha_low, row.alpha_high, color=INK, linewidth=2.2, zorder=3)
        ax.plot([row.alpha], [place], "|", color=INK, markersize=12, zorder=3)
        ax.plot(
            [row.omega],
            [place],
            "D",
            color=INK,
            markerfacecolor="white",
            markersize=5,
            zorder=4,
        )
    for line in (LEAST_FOR_GROUPS, LEAST_FOR_PERSONS):
        ax.axvline(line, color=INK, linestyle=":", linewidth=1)
    tasks = _("{n} tasks")
    row_labels(
        ax,
        [f"{names[row.domain]}\n({tasks.format(n=row.items)})" for row in table.itertuples()],
    )
    finish_rows(ax, _("Would the totals come out the same?"), _("Reliability"), percent=False)
    ax.set_xlim(min(0.0, float(table["alpha_low"].min(skipna=True)) if table["alpha_low"].notna().any() else 0.0), 1)
    numbers(ax, lang, "x")
    about = _(
        "Bar: alpha, line: its interval of 95 %, diamond: omega. Dotted: 0.7 for comparing groups, 0.9 for deciding about one person. {n} learners."
    )
    caption(ax, about.format(n=int(table["persons"].iloc[0]) if len(table) else 0))
    return ax


@said
def reliability_in_words(table: pd.DataFrame, lang: str = "vi", framework: Framework | None = None) -> str:
    """Each row of the picture in a sentence."""
    _ = translator(lang)
    names = {ALL: _("All tasks"), **domain_names([one for one in table["domain"] if one != ALL], lang, framework)}
    return " ".join(f"{names[row.domain]}: {in_words(row, lang)}" for row in table.itertuples())
