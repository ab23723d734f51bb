"""Pictures of the programme: one page for a commune's week, and all communes of a province side by side without a map.

Made to be read in grey print and by people who do not read charts: the sentences say it all, the picture repeats it. What the
page says is also in the file's description, for those who cannot see it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from math import ceil
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

from bdhvs.analysis.list_order import in_list_order
from bdhvs.analysis.pictures.style import GREY, INK, PALE, pyplot
from bdhvs.analysis.programme import WHOLE
from bdhvs.analysis.programme_words import (
    cautions,
    forecast_sentence,
    grouped,
    measured_sentence,
    movement_sentences,
    percent,
    place_name,
    share_sentence,
    week_sentence,
)
from bdhvs.analysis.synthetic import is_synthetic, mark
from bdhvs.i18n import translator
from bdhvs.programme.forecast import LEAST_WEEKS, Forecast, forecast

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from bdhvs.analysis.programme_view import ProgrammeView

#: A page that fills a phone and prints on half an A4 sheet.
PAGE_INCHES = (5.4, 9.2)
LINE_SIGNS = 57
#: Weeks of bars on the page, and weeks looked ahead.
BARS, AHEAD = 12, 8
_DOTS = 10


def plot_week(view: ProgrammeView, commune: str, *, lang: str = "vi") -> Figure:
    """One page about one commune, or about the whole province (`WHOLE`).

    Returns
    -------
    Figure; ``figure.bdhvs_words`` holds its sentences. Save it with `save_page`.

    Raises
    ------
    KeyError
        when the commune is not in the table.
    """
    plt = pyplot()
    row, one = _row_of(view.table, commune), _weeks_of(view.weeks, commune)
    words, ahead, movement, foot = _words(view, row, one, lang)
    figure = plt.figure(figsize=PAGE_INCHES, facecolor="white")
    top = _head(figure, row, one, lang, synthetic=is_synthetic(view.table))
    top = _sentence(figure, top, words[0], bold=True)
    if row.get("coverage") == row.get("coverage") and row["adults"]:
        top = _bar(figure, top, row["coverage"])
    top = _sentence(figure, top, words[1], bold=True)
    if row["told"]:
        top = _dots(figure, top, row, lang)
    top = _sentence(figure, top, words[2], bold=True)
    top = _bars(figure, top, one, view.can(lang), lang)
    for sentence in ahead:
        top = _sentence(figure, top, sentence)
    _small_print(figure, top, " ".join(movement))
    _foot(figure, foot)
    said = (*words, *ahead, *movement, *foot)
    figure.bdhvs_words = (mark(lang), *said) if is_synthetic(view.table) else said
    made: Figure = figure
    return made


def commune_forecast(
    row: Mapping[str, Any], one: pd.DataFrame, weeks: int = AHEAD, quiet: Mapping[date, float] | None = None
) -> Forecast | None:
    """Where a commune may be in some weeks; None while there is too little to go by. `quiet`: Monday → what is left of the week."""
    began = one[one["came_so_far"] > 0]
    counts = began["reached"].to_numpy()
    people = row.get("adults") or 0
    if len(counts) < LEAST_WEEKS or people < counts.sum() or not counts.sum():
        return None
    first = began["week"].iloc[0].date()
    places = {(monday - first).days // 7: left for monday, left in (quiet or {}).items()}
    return forecast(counts, int(people), weeks, quiet=places)


def page_words(view: ProgrammeView, commune: str, lang: str = "vi") -> list[str]:
    """The sentences of `plot_week`, the name first."""
    row = _row_of(view.table, commune)
    parts = _words(view, row, _weeks_of(view.weeks, commune), lang)
    return [place_name(str(row["name"]), lang), *(one for part in parts for one in part)]


def _words(
    view: ProgrammeView, row: Mapping[str, Any], one: pd.DataFrame, lang: str
) -> tuple[list[str], list[str], list[str], list[str]]:
    """The three sentences of every page; a forecast, where there is one; helpers and families; what cannot be concluded."""
    last = one.iloc[-1] if len(one) else {"came": 0, "reached": 0}
    can = view.can(lang)
    found = [
        measured_sentence(row, lang),
        share_sentence(row, can, lang),
        week_sentence(int(last["came"]), int(last["reached"]), can, lang),
    ]
    movement = movement_sentences(view.movement_of(row["commune"]), view.targets, lang)
    ahead = commune_forecast(row, one, quiet=view.quiet)
    now = float(one["reached_so_far"].iloc[-1]) if ahead is not None else 0.0
    coming = [forecast_sentence(ahead, now, can, lang)] if ahead is not None else []
    return found, coming, movement, list(cautions(lang))


def _row_of(table: pd.DataFrame, commune: str) -> dict[str, Any]:
    found = table[table["commune"] == commune]
    if not len(found):
        known = ", ".join(table["commune"].head(5))
        raise KeyError(f"found no commune {commune!r}, expected one of {known} …")
    row: dict[str, Any] = found.iloc[0].to_dict()
    row["adults"] = None if row["adults"] != row["adults"] else row["adults"]
    return row


def _weeks_of(weeks: pd.DataFrame, commune: str) -> pd.DataFrame:
    if commune != WHOLE:
        return weeks[weeks["commune"] == commune]
    numbers = ["came", "reached", "came_so_far", "reached_so_far"]
    return weeks.groupby("week")[numbers].sum().reset_index()


def _head(figure: Figure, row: Mapping[str, Any], one: pd.DataFrame, lang: str, *, synthetic: bool) -> float:
    _ = translator(lang)
    top = 0.975
    if synthetic:
        figure.text(
            0.5, top, mark(lang), ha="center", va="top", color="white", fontsize=13, fontweight="bold",
            bbox={"facecolor": INK, "edgecolor": INK, "boxstyle": "square,pad=0.35"},
        )  # fmt: skip
        top -= 0.05
    name = fill(place_name(str(row["name"]), lang), 30)
    figure.text(0.06, top, name, va="top", fontsize=19, fontweight="bold", color=INK)
    top -= 0.036 * (1 + name.count("\n"))
    if len(one):
        monday = one["week"].iloc[-1]
        sunday = monday + timedelta(days=6)
        said = _("Digital literacy for all. Week of {first} to {last}").format(
            first=f"{monday:%d/%m}", last=f"{sunday:%d/%m/%Y}"
        )
        figure.text(0.06, top, said, va="top", fontsize=10.5, color=INK)
    return top - 0.045


def _sentence(figure: Figure, top: float, words: str, *, bold: bool = False) -> float:
    lines = fill(words, LINE_SIGNS - (7 if bold else 0))
    figure.text(
        0.06, top, lines, va="top", fontsize=11, color=INK, linespacing=1.3, fontweight="bold" if bold else "normal"
    )
    return top - 0.0225 * (1 + lines.count("\n")) - 0.012


def _small_print(figure: Figure, top: float, words: str) -> None:
    figure.text(0.06, top, fill(words, LINE_SIGNS + 9), va="top", fontsize=9.5, color=INK, linespacing=1.25)


def _axes(figure: Figure, top: float, height: float) -> Axes:
    axes: Axes = figure.add_axes((0.06, top - height, 0.88, height))
    axes.set_axis_off()
    return axes


def _bar(figure: Figure, top: float, share: float) -> float:
    axes = _axes(figure, top, 0.028)
    axes.barh(0, 1, color="white", edgecolor=INK, linewidth=1, height=0.8)
    axes.barh(0, share, color=INK, height=0.8)
    axes.set_xlim(0, 1.003)
    return top - 0.055


def _dots(figure: Figure, top: float, row: Mapping[str, Any], lang: str) -> float:
    """Ten people: filled as many as surely can, hatched those between the ends of the interval."""
    axes = _axes(figure, top, 0.055)
    for place in range(_DOTS):
        middle = (place + 0.5) / _DOTS
        sure, maybe = middle <= row["low"], middle <= row["high"]
        axes.scatter(
            middle, 0, s=340, color=INK if sure else "white", edgecolor=INK, linewidth=1.3, zorder=2,
            hatch="" if sure or not maybe else "//////",
        )  # fmt: skip
    axes.set_xlim(0, 1)
    axes.set_ylim(-1, 1)
    _ = translator(lang)
    key = _("Of ten people. Black: surely. Striped: perhaps, that is how far chance may reach.")
    figure.text(0.06, top - 0.06, key, va="top", fontsize=8.5, color=INK)
    return top - 0.095


def _bars(figure: Figure, top: float, one: pd.DataFrame, can: str, lang: str) -> float:
    _ = translator(lang)
    height, shown = 0.11, one.tail(BARS)
    axes = figure.add_axes((0.06, top - height - 0.012, 0.88, height))
    axes.bar(
        range(len(shown)), shown["came"], color=PALE, edgecolor=INK, linewidth=0.8, label=_("came for the first time")
    )
    now = _("surely {can} now").format(can=can)
    axes.bar(range(len(shown)), shown["reached"], width=0.4, color=INK, label=now)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.set_yticks([])
    most = max(1, int(shown[["came", "reached"]].to_numpy().max(initial=0)))
    axes.set_ylim(0, most * 1.3)
    for place, (came, reached) in enumerate(zip(shown["came"], shown["reached"], strict=True)):
        if came or reached:
            axes.text(
                place, max(came, reached) + 0.04 * most, grouped(max(came, reached), lang), ha="center", fontsize=8
            )
    ticks = list(range(0, len(shown), 2))
    axes.set_xticks(ticks, [f"{shown['week'].iloc[place]:%d/%m}" for place in ticks], fontsize=8)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2, frameon=False, fontsize=8.5, handlelength=1.2)
    return top - height - 0.085


def _foot(figure: Figure, words: list[str]) -> None:
    lines = "\n".join(fill(one, LINE_SIGNS + 10) for one in words)
    figure.text(0.06, 0.02, lines, va="bottom", fontsize=9, color=INK, linespacing=1.35)
    height = 0.02 + 0.0185 * (1 + lines.count("\n")) + 0.012
    figure.add_artist(pyplot().Line2D((0.06, 0.94), (height, height), color=GREY, linewidth=0.8))


def plot_communes(view: ProgrammeView, *, lang: str = "vi", columns: int | None = None) -> Figure:
    """Every commune as a small picture of its own, alphabetically and all to one scale: no map, no colour, no ranking.

    The upper line is the share of adults measured so far, the filled area those who surely reached the measure; without the
    number of adults both are people.
    """
    plt, table, weeks = pyplot(), view.table, view.weeks
    _ = translator(lang)
    rows = in_list_order(table[table["commune"] != WHOLE].to_dict("records"))
    across = columns or max(2, min(10, ceil(len(rows) ** 0.5)))
    down = ceil(len(rows) / across)
    figure, grid = plt.subplots(
        down, across, figsize=(1.25 * across + 0.4, 0.95 * down + 1.5), sharex=True, sharey=True, squeeze=False
    )
    shares = all(row["adults"] == row["adults"] and row["adults"] for row in rows)
    so_far = max((row["coverage"] if shares else row["learners"] for row in rows), default=1)
    # To the next tenth, so that two weeks' pages mostly have one scale.
    full = min(1.0, ceil(10 * so_far) / 10) if shares else so_far
    for axes, row in zip(grid.ravel(), rows, strict=False):
        axes.set_ylim(0, full)
        _small(axes, row, _weeks_of(weeks, row["commune"]), lang, shares=shares)
    for axes in grid.ravel()[len(rows) :]:
        axes.set_axis_off()
    title = _("Communes of {name}, week by week").format(
        name=place_name(str(table.loc[table["commune"] == WHOLE, "name"].iloc[0]), lang)
    )
    about = _(
        "Line and figure: adults measured so far. Black: those who surely {can}. All to one scale: a picture's full "
        "height is {full}. Above the line is who was not measured: of them nothing is known. A class is not a sample; this is not the "
        "state's confirmation on VNeID."
    ).format(
        can=view.can(lang),
        full=_("{share} of the adults").format(share=percent(full, lang))
        if shares
        else _("{people} people").format(people=full),
    )
    height = figure.get_figheight()
    head = f"{mark(lang)}\n{title}" if is_synthetic(table) else title
    figure.suptitle(head, x=0.02, y=1 - 0.08 / height, ha="left", va="top", fontsize=12, fontweight="bold")
    figure.text(0.02, 0.06 / height, fill(about, int(17 * figure.get_figwidth())), va="bottom", fontsize=7.5)
    figure.subplots_adjust(left=0.03, right=0.98, bottom=0.85 / height, top=1 - 0.78 / height, wspace=0.18, hspace=0.75)
    figure.bdhvs_words = (head, about)
    found: Figure = figure
    return found


def _small(axes: Axes, row: Mapping[str, Any], one: pd.DataFrame, lang: str, *, shares: bool) -> None:
    whole = row["adults"] if shares else 1
    places = range(len(one))
    axes.fill_between(places, one["reached_so_far"] / whole, color=INK, linewidth=0)
    axes.plot(places, one["came_so_far"] / whole, color=GREY, linewidth=1)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(PALE)
    axes.set_xticks([])
    axes.set_yticks([])
    name = place_name(str(row["name"]).replace(" (giả lập)", ""), lang)
    end = percent(row["coverage"], lang) if shares else grouped(row["measured"], lang)
    axes.set_title(f"{fill(name, 19)}\n{end}", fontsize=6.2, loc="left", pad=2, linespacing=1.1)


def save_page(figure: Figure, path: Path) -> Path:
    """Write a picture as .svg or .png with its words as description, and let go of it."""
    words = " ".join(getattr(figure, "bdhvs_words", ()))
    name = "Description" if path.suffix in (".svg", ".png") else "Subject"
    # An SVG without a date is the same file each time.
    dates = {"Date": None} if path.suffix == ".svg" else {}
    figure.savefig(path, dpi=160, metadata={name: words, **dates})
    pyplot().close(figure)
    return path
