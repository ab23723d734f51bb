"""Shares of learners in each band, per domain, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bdhvs.analysis.band_shares import UNKNOWN, band_names
from bdhvs.analysis.domain_names import domain_names
from bdhvs.analysis.pictures.style import GREY, INK, MARKS, caption, finish_rows, legend, numbers, row_axes, row_labels
from bdhvs.analysis.synthetic import drawn
from bdhvs.i18n import translator

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from bdhvs.bank.framework import Framework


@drawn
def plot_band_shares(
    table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "vi", framework: Framework | None = None
) -> Axes:
    """A mark for each band with its interval, under the domain's name; "not enough evidence" is hollow.

    Parameters
    ----------
    table : of `bdhvs.analysis.band_shares.band_shares`, whose ``in_words`` says the same.
    """
    _ = translator(lang)
    domains = list(dict.fromkeys(table["domain"]))
    bands = list(dict.fromkeys(table["band"]))
    ax = ax or row_axes(len(domains), rows_each=max(2.0, 0.45 * len(bands)))
    named = band_names(lang, framework)
    for number, band in enumerate(bands):
        own = table[table["band"] == band].set_index("domain").reindex(domains)
        places = [place + 0.8 * (number - (len(bands) - 1) / 2) / len(bands) for place in range(len(domains))]
        hollow = band == UNKNOWN
        ax.hlines(places, 100 * own["low"], 100 * own["high"], color=GREY, linewidth=1.6)
        ax.plot(
            100 * own["share"],
            places,
            "o" if hollow else MARKS[1 + number],
            color=INK,
            markerfacecolor="white" if hollow else INK,
            markersize=6,
            label=named.get(band, band),
        )
    names = domain_names(domains, lang, framework)
    counts = table.groupby("domain")["of"].max()
    row_labels(ax, [f"{names[one]}\n(n = {counts[one]})" for one in domains])
    finish_rows(ax, _("Bands by domain"), _("Share of the learners, %"))
    ax.set_xlim(0, max(60.0, 100 * float(table["high"].max()) + 4) if len(table) else 100)
    numbers(ax, lang, "x")
    legend(ax, columns=2, loc="lower right", bbox_to_anchor=(1.0, 1.0))
    ax.set_title(ax.get_title(loc="left"), loc="left", fontweight="bold", pad=16 + 14 * ((len(bands) + 1) // 2))
    caption(
        ax,
        _(
            "Line: interval of 95 % (Wilson). Those who came, not a sample of a commune; who is not known yet is not unknown by chance."
        ),
    )
    return ax
