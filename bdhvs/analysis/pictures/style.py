"""How all pictures look: greys, marks and dashes that need no colour, large letters, what is left out written below."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

from bdhvs.analysis.numbers import decimal
from bdhvs.errors import MissingExtra

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, GREY, PALE = "#1a1a1a", "#767676", "#d0d0d0"
MARKS = ("o", "s", "^", "D", "v", "P", "X", "*")
LINES: tuple[Any, ...] = ("-", "--", ":", "-.", (0, (6, 1, 1, 1)), (0, (1, 3)), (0, (9, 3)), (0, (4, 1, 1, 1, 1, 1)))
ROW_INCHES, LEAST_INCHES = 0.32, 2.8
WIDTH_INCHES = 5.2  # on a phone of 360 points the letters are still as large as in print
CAPTION_SIGNS, ROW_CAPTION_SIGNS = 62, 46  # a line under axes; under axes beside names of rows
LABEL_SIGNS = 24  # a line of a row's name
TITLE_SIGNS = 36


def new_axes(height: float = 3.6) -> Axes:
    """Axes of a new figure of `height` inches. MissingExtra without matplotlib."""
    axes: Axes = pyplot().subplots(figsize=(WIDTH_INCHES, height), layout="constrained")[1]
    return axes


def pyplot() -> ModuleType:
    """``matplotlib.pyplot``; where it is not installed, MissingExtra names the extra ``research``."""
    try:
        import matplotlib.pyplot as plt
    except ImportError as exc:
        raise MissingExtra("matplotlib", "research") from exc
    return plt


def row_axes(rows: int, rows_each: float = 1) -> Axes:
    """Axes high enough for so many named rows."""
    return new_axes(max(LEAST_INCHES, ROW_INCHES * rows * rows_each + 1.6))


def finish(ax: Axes, title: str, along: str, up: str = "", grid: Literal["both", "x", "y"] = "both") -> None:
    """Title, names of the axes, grid below everything, no box."""
    ax.set_title(fill(title, TITLE_SIGNS), loc="left", fontweight="bold")
    ax.set_xlabel(along)
    ax.set_ylabel(up)
    ax.grid(axis=grid, color=PALE, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)


def finish_rows(ax: Axes, title: str, along: str, *, percent: bool = True) -> None:
    """As `finish`, for named rows, the first on top; along the axis hundredths from 0 to 100, or anything from 0."""
    finish(ax, title, along, grid="x")
    ax.set_xlim(0, 100 if percent else None)
    ax.invert_yaxis()
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)


def row_labels(ax: Axes, names: Sequence[str]) -> None:
    """Names of the rows, from the first on, in short lines."""
    ax.set_yticks(
        range(len(names)), ["\n".join(fill(part, LABEL_SIGNS) for part in one.split("\n")) for one in names], fontsize=9
    )


def caption(ax: Axes, text: str) -> None:
    """What the marks mean, how many stand behind them, what is left out: below the axis."""
    along, signs = ax.get_xlabel(), ROW_CAPTION_SIGNS if ax.yaxis_inverted() else CAPTION_SIGNS
    ax.set_xlabel(f"{along}\n\n{fill(text, signs)}" if along else f"\n{fill(text, signs)}", fontsize=9)


def legend(ax: Axes, columns: int = 1, **more: Any) -> None:
    """What marks and dashes stand for, without a frame."""
    ax.legend(frameon=False, fontsize=9, ncols=columns, **more)


def numbers(ax: Axes, lang: str, axes: str = "xy", places: int | None = None) -> None:
    """Write the numbers along the axes as `lang` does."""
    from matplotlib.ticker import FuncFormatter

    def written(value: float, _place: Any) -> str:
        return decimal(round(value, 6), _places(value) if places is None else places, lang)

    for name in axes:
        (ax.xaxis if name == "x" else ax.yaxis).set_major_formatter(FuncFormatter(written))


def _places(value: float) -> int:
    return len(f"{value:.3f}".rstrip("0").partition(".")[2])
