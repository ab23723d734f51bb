"""Four pictures of a what-if: lengths, exposure, success on the way, and accuracy beside fixed forms. Readable in grey print."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bdhvs.errors import MissingExtra, SetupError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from bdhvs.measurement.simulation import AdaptiveRun, FixedRun

INK, GREY, PALE = "#1a1a1a", "#767676", "#d0d0d0"
LINES = ("-", "--", ":", "-.")


def save_pictures(run: AdaptiveRun, fixed: Mapping[str, FixedRun], folder: Path, kind: str = "svg") -> list[Path]:
    """Write the four pictures into `folder` (made when it is not there) as `kind`, "svg" or "png"; their files.

    Raises
    ------
    MissingExtra
        when matplotlib is not installed.
    SetupError
        when the folder cannot be written.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as exc:
        raise MissingExtra("matplotlib", "research") from exc
    drawn = {"lengths": plot_lengths, "exposure": plot_exposure, "success": plot_success}
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (*drawn, "accuracy"):
            figure = Figure(figsize=(7, 4), layout="constrained")
            ax = figure.add_subplot()
            if name == "accuracy":
                plot_accuracy(run, fixed, ax)
            else:
                drawn[name](run, ax)
            written.append(folder / f"{name}.{kind}")
            figure.savefig(written[-1], dpi=150)
    except OSError as error:
        raise SetupError(
            f"{folder}: the pictures cannot be written ({error}); name another folder", "pictures"
        ) from error
    return written


def plot_lengths(run: AdaptiveRun, ax: Axes) -> None:
    """How many learners had tests of each length."""
    longest = run.form.rules.maximum
    counts = [int((run.lengths == length).sum()) for length in range(longest + 1)]
    ax.bar(range(longest + 1), counts, color=GREY)
    ax.axvline(run.lengths.mean(), color=INK, linestyle="--", label=f"mean {run.lengths.mean():.1f}")
    _finish(ax, "Length of the test", "items", f"learners of {len(run.abilities)}")


def plot_exposure(run: AdaptiveRun, ax: Axes) -> None:
    """Share of learners who met each item, the most met first."""
    shares = sorted(100 * run.exposure, reverse=True)
    ax.step(range(1, len(shares) + 1), shares, where="mid", color=INK, label="met")
    ax.axhline(100 * run.form.rules.exposure_cap, color=GREY, linestyle="--", label="cap")
    ax.set_ylim(bottom=0)
    _finish(ax, "Who met each item", "items, the most met first", "learners, %")


def plot_success(run: AdaptiveRun, ax: Axes) -> None:
    """Share of points at each position of the test, by band of true ability; only positions that 20 learners came to."""
    from bdhvs.measurement.simulation_summary import success_by_position

    for band in range(len(run.form.rules.cuts) + 1):
        who = run.true_bands == band
        came = [(run.lengths[who] > place).sum() >= 20 for place in range(run.form.rules.maximum)]
        shares = [
            100 * share if enough else None for share, enough in zip(success_by_position(run, who), came, strict=True)
        ]
        places = [place for place, share in enumerate(shares, start=1) if share is not None]
        if not places:
            continue
        ax.plot(places, [one for one in shares if one is not None], LINES[band % 4], color=INK, label=f"band {band}")
    ax.set_ylim(0, 100)
    _finish(ax, "Success on the way, by band of true ability", "position in the test", "points won, %")


def plot_accuracy(run: AdaptiveRun, fixed: Mapping[str, FixedRun], ax: Axes) -> None:
    """Share of learners in their true band by number of items: fixed forms as lines, the adaptive one as a dot."""
    for line, (name, one) in zip(LINES, fixed.items(), strict=False):
        ax.plot(range(1, len(one.places) + 1), 100 * one.accuracy, line, color=GREY, label=f"fixed, {name}")
    right = 100 * (run.bands == run.true_bands).mean()
    ax.plot([run.lengths.mean()], [right], "o", color=INK, label="adaptive, mean length")
    _finish(ax, "Right band by number of items", "items", "learners in their true band, %")


def _finish(ax: Axes, title: str, along: str, up: str) -> None:
    from matplotlib.ticker import MaxNLocator

    ax.set_title(title, loc="left", fontweight="bold")
    ax.set_xlabel(along)
    ax.set_ylabel(up)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(color=PALE, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)
    if ax.get_legend_handles_labels()[0]:
        ax.legend(frameon=False)
