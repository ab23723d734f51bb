"""Times to the first answer, task by task, and which are too fast to have read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bdhvs.analysis.matrices import item_label
from bdhvs.analysis.numbers import decimal
from bdhvs.analysis.pictures.style import GREY, INK, PALE, caption, finish_rows, numbers, row_axes, row_labels
from bdhvs.analysis.synthetic import drawn
from bdhvs.i18n import translator

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from bdhvs.analysis.rapid_report import RapidReport


@drawn
def plot_rapid(found: RapidReport, *, ax: Axes | None = None, lang: str = "vi", most: int = 20) -> Axes:
    """Median time (diamond) and threshold (bar) of each task, with the share of answers below it in words; the `most` rushed tasks.

    `bdhvs.analysis.rapid_report.in_words` says the same.
    """
    _ = translator(lang)
    rows = found.items[found.items["threshold"].notna()].sort_values("rapid", ascending=False)[:most]
    ax = ax or row_axes(len(rows))
    places = list(range(len(rows)))
    ax.barh(places, rows["threshold"], height=0.7, color=PALE, edgecolor=GREY, hatch="///", linewidth=0.6)
    ax.plot(rows["median"], places, "D", color=INK, markersize=5)
    longest = float(rows["median"].max()) if len(rows) else 1.0
    for place, row in zip(places, rows.itertuples(), strict=True):
        ax.text(1.06 * longest, place, f"{decimal(100 * row.rapid, 0, lang)} %", va="center", ha="left", fontsize=9)
    row_labels(ax, [_label(row) for row in rows.itertuples()])
    finish_rows(ax, _("Answers too fast to have read the task"), _("Seconds to the first answer"), percent=False)
    ax.set_xlim(0, 1.2 * longest)
    numbers(ax, lang, "x")
    about = _(
        "Hatched: too fast (a tenth of the mean time, at most 10 s); at the right: answers below it. Diamond: median. "
        "Of people who all try, {percent} in 100 answers would fall below."
    )
    caption(ax, about.format(percent=decimal(100 * found.false_answers, 2, lang)))
    return ax


def _label(row: Any) -> str:
    return item_label(f"{row.item}@{row.item_version}")
