"""Draw docs/images/levels.svg: from tasks to cuts, from answers to bands. Usage: python tools/levels_picture.py

Everything in it is computed by bdhvs.measurement from an invented calibration (a fixed seed) of as many items per level as the
bank has; the same run gives the same file. Needs matplotlib (pip install "bdhvs[research]").
"""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bdhvs.bank.loader import Bank
from bdhvs.measurement.bands import Bands, decide, reached_on_grid
from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.cut_scores import LevelCuts, level_cuts, locations
from bdhvs.measurement.grids import Normal, nodes, weights
from bdhvs.measurement.thresholds import tag_difficulty

TARGET = Path(__file__).parents[1] / "docs" / "images" / "levels.svg"
SEED, ITEM_SD, ITEM_SE = 2, 0.55, 0.15
GROUP = Normal(-0.3, 1.3)
NAMES = {"below": "Chưa tới Cơ bản", "co_ban": "Cơ bản", "trung_cap": "Trung cấp"}
COLOURS = ("#f3e7d3", "#d6e8dc", "#cfdff0")
#: Who, tasks done right alone of the form's, easy ones first as far as they go; all invented.
LEARNERS = (("Cô Hai", 24, 8, "#8a4b00"), ("Bác Tư", 24, 13, "#1d6b45"), ("Chị Năm", 24, 21, "#17427a"))
EDGES = (-3.4, 3.6)


def invented_calibration(rng: np.random.Generator) -> tuple[CalibratedItems, np.ndarray]:
    level = np.array(sorted(item.level for item in Bank.load().items.values() if item.level))
    return CalibratedItems.dichotomous(1.0, tag_difficulty(level) + rng.normal(0, ITEM_SD, len(level))), level


def posterior(items: CalibratedItems, form: np.ndarray, right: int) -> tuple[np.ndarray, np.ndarray]:
    """Where a learner may be who did the `right` easiest tasks of a form, on a fine grid. With slopes of 1 which ones does not matter."""
    at = nodes(241)
    own = items.take(form[np.argsort(items.difficulty[form])])
    done = np.arange(len(form)) < right
    logs = own.log_probabilities(at)
    share = weights(at, GROUP) * np.exp(logs[1::2][done].sum(axis=0) + logs[0::2][~done].sum(axis=0))
    return at, share / share.sum()


def draw_bands(axes: Axes, bands: Bands) -> None:
    ends = [EDGES[0], *bands.cuts, EDGES[1]]
    for left, right, colour in zip(ends[:-1], ends[1:], COLOURS, strict=True):
        axes.axvspan(left, right, color=colour, lw=0)
    for cut in bands.cuts:
        axes.axvline(cut, color="#444", lw=1.2)
    axes.set_xlim(*EDGES)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(left=False)


def draw_tasks(axes: Axes, at: np.ndarray, level: np.ndarray, cuts: LevelCuts, bands: Bands) -> None:
    draw_bands(axes, bands)
    for cut in cuts.cuts:
        own = at[level == cut.level]
        axes.plot(own, np.full(len(own), cut.level), "o", ms=5, color="#555", alpha=0.55, mew=0)
        axes.errorbar(cut.ability, cut.level, xerr=1.96 * cut.se, fmt="D", ms=7, color="#b3261e", capsize=4, lw=1.6)
    axes.set_yticks([cut.level for cut in cuts.cuts], [f"Bậc {cut.level}" for cut in cuts.cuts])
    axes.set_ylim(0.4, len(cuts.cuts) + 1.1)
    axes.set_xticks([])
    for left, right, code in zip([EDGES[0], *bands.cuts], [*bands.cuts, EDGES[1]], bands.names, strict=True):
        axes.text((left + right) / 2, len(cuts.cuts) + 0.72, NAMES[code], ha="center", va="center", fontweight="bold")
    axes.set_title("1. Câu hỏi cho biết mỗi bậc bắt đầu từ đâu  (chấm: một câu hỏi · hình thoi: mốc của bậc)", loc="left", fontsize=10)


def draw_learners(axes: Axes, items: CalibratedItems, bands: Bands, rng: np.random.Generator) -> None:
    draw_bands(axes, bands)
    form = rng.choice(len(items.ids), LEARNERS[0][1], replace=False)
    for row, (name, tasks, right, colour) in enumerate(reversed(LEARNERS)):
        at, share = posterior(items, form[:tasks], right)
        result = decide(reached_on_grid(at, share[None], bands), bands)
        height = share / share.max() * 0.72
        axes.fill_between(at, row, row + height, color=colour, alpha=0.35, lw=0)
        axes.plot(at, row + height, color=colour, lw=1.4)
        percent = " · ".join(f"{NAMES[code]} {chance:.0%}" for code, chance in zip(bands.names, result.probabilities[0], strict=True))
        named = result.code(0)
        said = "chưa đủ bằng chứng" if named == "insufficient" else NAMES[named]
        axes.text(EDGES[0] + 0.08, row + 0.60, f"{name}: đúng {right}/{tasks} việc", color=colour, fontweight="bold", fontsize=9.5)
        axes.text(EDGES[0] + 0.08, row + 0.40, f"→ {said}", color=colour, fontweight="bold", fontsize=9.5)
        axes.text(EDGES[1] - 0.08, row + 0.80, percent, color=colour, ha="right", fontsize=8)
    axes.set_yticks([])
    axes.set_xticks([])
    axes.set_ylim(-0.05, len(LEARNERS))
    axes.set_xlabel("việc dễ  ←  khả năng  →  việc khó")
    axes.set_title("2. Việc đã làm cho biết một người có thể ở đâu; phần lớn nằm gọn trong một mức thì mới gọi tên mức", loc="left", fontsize=10)


def picture() -> Figure:
    rng = np.random.default_rng(SEED)
    items, level = invented_calibration(rng)
    at = locations(items)
    cuts = level_cuts(at, level, se=ITEM_SE)
    bands = Bands.of_levels(cuts, {"co_ban": (1, 2), "trung_cap": (3, 4)})
    figure = Figure(figsize=(9, 7.6), layout="constrained")
    above, below = figure.subplots(2, 1, height_ratios=(1, 1.25))
    draw_tasks(above, at, level, cuts, bands)
    draw_learners(below, items, bands, rng)
    return figure


if __name__ == "__main__":
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "bdhvs", "font.family": ["DejaVu Sans", "sans-serif"], "font.size": 10})
    picture().savefig(TARGET, metadata={"Date": None})
    print(f"{TARGET}: written")
