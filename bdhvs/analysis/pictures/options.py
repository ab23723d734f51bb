"""Option curves of one task: who chooses what, by how well they do otherwise."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from bdhvs.analysis.matrices import item_label
from bdhvs.analysis.numbers import decimal
from bdhvs.analysis.pictures.style import GREY, INK, LINES, MARKS, caption, finish, new_axes, numbers
from bdhvs.analysis.synthetic import drawn, said
from bdhvs.i18n import translator
from bdhvs.service.caution_sentences import caution_clause

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


@drawn
def plot_options(table: pd.DataFrame, item: str, version: int = 1, *, ax: Axes | None = None, lang: str = "vi") -> Axes:
    """Share of learners who chose each option, weakest group to strongest; the key is the thick line.

    Parameters
    ----------
    table : of `bdhvs.analysis.item_report.option_report`.

    Raises
    ------
    ValueError
        when the item is not in the table.
    """
    _ = translator(lang)
    key = _("key")
    rows = _rows(table, item, version)
    ax = ax or new_axes()
    groups = len(rows.iloc[0]["by_group"])
    ends: list[tuple[float, str]] = []
    for number, row in enumerate(rows.itertuples()):
        style: dict[str, Any] = {"color": INK, "linewidth": 2.6} if row.is_key else {"color": GREY, "linewidth": 1.3}
        shares = [100 * share for share in row.by_group]
        ax.plot(
            range(groups),
            shares,
            linestyle="-" if row.is_key else LINES[1 + number % 5],
            marker=MARKS[number % len(MARKS)],
            markersize=6,
            **style,
        )
        ends.append((shares[-1], row.option + (f" ({key})" if row.is_key else "")))
    for height, (_share, text) in zip(_apart([share for share, _text in ends]), ends, strict=True):
        ax.text(groups - 1 + 0.06, height, text, va="center", fontsize=9)
    finish(
        ax,
        _("Who chooses what: {item}").format(item=item_label(f"{item}@{version}")),
        _("Learners by their other answers"),
        _("Chose it, %"),
    )
    ax.set_ylim(-3, 103)
    ax.set_xlim(-0.15, groups - 1 + 0.5)
    sizes = rows.iloc[0]["group_sizes"]
    named = [_("weakest"), *[""] * (groups - 2), _("strongest")]
    ax.set_xticks(range(groups), [f"{name}\nn = {size}".strip() for name, size in zip(named, sizes, strict=True)])
    numbers(ax, lang, "y")
    caption(ax, _("Thick line: the key. A good wrong option falls from left to right."))
    return ax


@said
def options_in_words(table: pd.DataFrame, item: str, version: int = 1, lang: str = "vi") -> str:
    """Share of each option, from the weakest to the strongest group, and what to look at."""
    _ = translator(lang)
    key, said = _("key"), []
    for row in _rows(table, item, version).itertuples():
        name = row.option + (f" ({key})" if row.is_key else "")
        first, last = (decimal(100 * row.by_group[at], 0, lang) for at in (0, -1))
        text = _("Option {option}: chosen by {share} in 100; by {first} of the weakest, {last} of the strongest.")
        said.append(text.format(option=name, share=decimal(100 * row.share, 0, lang), first=first, last=last))
        said += [_("To look at: {doubts}.").format(doubts=caution_clause(one, lang)) for one in row.cautions]
    return " ".join(said)


def _rows(table: pd.DataFrame, item: str, version: int) -> pd.DataFrame:
    rows = table[(table["item"] == item) & (table["item_version"] == version)]
    if not len(rows):
        raise ValueError(
            f"found no options of {item!r}, version {version}; expected a single choice in the table that somebody had right"
        )
    return rows


def _apart(heights: list[float], least: float = 7.5) -> list[float]:
    """Heights of names, moved so that neighbours do not overlap; nobody below the axis."""
    found = list(heights)
    order = sorted(range(len(found)), key=lambda place: found[place])
    for lower, upper in pairwise(order):
        found[upper] = max(found[upper], found[lower] + least)
    return found
