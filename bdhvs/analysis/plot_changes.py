"""One picture of a change: per domain the share of tasks done before and after, made to be read in grey print."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

from bdhvs.analysis.before_after import ALL
from bdhvs.analysis.before_after import caution as cautious
from bdhvs.analysis.domain_names import domain_names
from bdhvs.analysis.pictures.style import GREY, INK, caption, finish_rows, row_axes
from bdhvs.analysis.synthetic import drawn, said
from bdhvs.bank.framework import Framework
from bdhvs.i18n import Gettext, translator

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

SIDE = 104  # percent; where the words beside a row begin
LABEL_SIGNS = 30  # a line beside the axes


@drawn
def plot_changes(
    table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "vi", names: tuple[str, str] | None = None, framework: Framework | None = None
) -> Axes:
    """The table of `before_after` or `two_classes`: hollow dot before, full dot after, and the change with its interval in words.

    Parameters
    ----------
    names : what the two are called; left out: before and after.
    """
    _ = translator(lang)
    ax = ax or row_axes(len(table), rows_each=2)
    first, second = names or (_("before"), _("after"))
    places = list(range(len(table)))
    before, after = 100 * table["before"], 100 * table["after"]
    ax.hlines(places, before, after, color=GREY, linewidth=2.5, zorder=1)
    ax.plot(before, places, "o", color=INK, markerfacecolor="white", markersize=9, label=first, clip_on=False, zorder=2)
    ax.plot(after, places, "o", color=INK, markersize=9, label=second, clip_on=False, zorder=3)
    domains = [one for one in table["domain"] if one != ALL]
    named = {ALL: _("All tasks"), **domain_names(domains, lang, framework)}
    rows = list(table.itertuples())
    ax.set_yticks(places, [fill(f"{named[row.domain]} ({_people(row)})", LABEL_SIGNS) for row in rows])
    for place, row in zip(places, rows, strict=True):
        ax.text(SIDE, place, _change(row, _), va="center", fontsize=9)
    finish_rows(ax, _("Tasks done, {first} and {second}").format(first=first, second=second), _("Share of the answered tasks, %"))
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, frameon=False)
    ax.set_title(ax.get_title(loc="left"), loc="left", fontweight="bold", pad=28)
    about = _("Beside each row: the mean change in points of a hundred and its interval, 95 %. {caution}")
    caption(ax, about.format(caution=cautious(lang)))
    return ax


@said
def changes_in_words(
    table: pd.DataFrame, *, lang: str = "vi", names: tuple[str, str] | None = None, framework: Framework | None = None
) -> str:
    """What `plot_changes` shows: shares before and after, and the change with its interval, per domain."""
    _ = translator(lang)
    first, second = names or (_("before"), _("after"))
    domains = [one for one in table["domain"] if one != ALL]
    named = {ALL: _("All tasks"), **domain_names(domains, lang, framework)}
    text = _("{name}: {first} {before}, {second} {after} of 100 tasks done; change {change}.")
    return " ".join(
        text.format(
            name=named[row.domain], first=first, second=second, before=round(100 * row.before), after=round(100 * row.after), change=_change(row, _)
        )
        for row in table.itertuples()
    )  # fmt: skip


def _people(row: Any) -> str:
    second = getattr(row, "learners_after", None)
    return f"n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{row.learners}" + ("" if second is None else f",\N{NO-BREAK SPACE}{second}")


def _change(row: Any, _: Gettext) -> str:
    if row.low != row.low:  # NaN
        return _("too few")
    return _("{change:+.0f} ({low:+.0f} to {high:+.0f})").format(
        change=100 * row.change, low=100 * row.low, high=100 * row.high
    ).replace("-", "\N{MINUS SIGN}")
