"""Differences between groups of equal ability, task by task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bdhvs.analysis.matrices import item_label
from bdhvs.analysis.pictures.style import GREY, INK, PALE, caption, finish_rows, numbers, row_axes, row_labels
from bdhvs.analysis.synthetic import drawn
from bdhvs.i18n import translator

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


@drawn
def plot_fairness(
    table: pd.DataFrame, variable: str, *, ax: Axes | None = None, lang: str = "vi", most: int = 20
) -> Axes:
    """ETS delta of each task of one point with its interval; hollow: not flagged, full: flagged. The largest `most` are drawn.

    Parameters
    ----------
    table : of `bdhvs.analysis.fairness.fairness`, whose ``in_words`` says the same. variable : one of its variables; with more than
        one pair of groups, filter the table first.

    Raises
    ------
    ValueError
        when no pair of groups of the variable was compared.
    """
    _ = translator(lang)
    own = table[(table["variable"] == variable) & table["item"].notna() & table["low"].notna()]
    pairs = own[["reference", "focal"]].drop_duplicates()
    if len(pairs) != 1:
        raise ValueError(
            f"found {len(pairs)} compared pairs of groups of {variable!r}, expected one; filter the table, or gather more learners"
        )
    reference, focal = pairs.iloc[0]
    rows = own.reindex(own["size"].abs().sort_values(ascending=False).index)[:most].sort_values("size")
    ax = ax or row_axes(len(rows))
    places = list(range(len(rows)))
    ax.axvspan(-1, 1, color=PALE, alpha=0.5, linewidth=0, zorder=0)
    ax.hlines(places, rows["low"], rows["high"], color=GREY, linewidth=2)
    for place, row in zip(places, rows.itertuples(), strict=True):
        ax.plot(
            [row.size],
            [place],
            "s" if row.flagged else "o",
            color=INK,
            markerfacecolor=INK if row.flagged else "white",
            markersize=7 if row.flagged else 5.5,
        )
    row_labels(ax, [item_label(f"{row.item}@{row.item_version}") for row in rows.itertuples()])
    finish_rows(
        ax,
        _("Equal ability, unequal chance?"),
        _("ETS delta: ◄ harder for {focal} · easier for {focal} ►").format(focal=focal),
        percent=False,
    )
    reach = max(2.0, float(rows[["low", "high"]].abs().max().max()) * 1.05)
    ax.set_xlim(-reach, reach)
    numbers(ax, lang, "x")
    about = _(
        "{focal} beside {reference}. Line: interval of 95 %; full square: flagged; grey band: negligible. {n} of {all} tasks of one point, the largest differences."
    )
    caption(ax, about.format(focal=focal, reference=reference, n=len(rows), all=len(own)))
    return ax
