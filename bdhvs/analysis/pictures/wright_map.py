"""Learners and tasks on one scale: who can do what with an even chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bdhvs.analysis.matrices import item_label
from bdhvs.analysis.numbers import decimal
from bdhvs.analysis.pictures.style import GREY, INK, PALE, caption, finish, new_axes, numbers
from bdhvs.analysis.synthetic import drawn, said
from bdhvs.i18n import translator

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from bdhvs.analysis.scales import Scale

STEP = 0.25  # logits of a bar of learners, and of a row of task names
NAMES = 4  # in a row; more are counted
WIDEST = 5.0  # logits drawn to either side


@drawn
def plot_wright_map(found: Scale, *, ax: Axes | None = None, lang: str = "vi", numbered: bool = False) -> Axes:
    """Learners (left, a bar for each quarter logit) beside tasks (right, at the ability of an even chance).

    Parameters
    ----------
    numbered : write tasks as their place in the scale (1, 2, …), for long forms.
    """
    import numpy as np

    _ = translator(lang)
    ax = ax or new_axes(6.0)
    able = np.clip(found.ability[np.isfinite(found.ability)], -WIDEST, WIDEST)
    hard = np.clip(found.items.difficulty, -WIDEST, WIDEST)
    low, high = (STEP * round(end / STEP) for end in _ends(np.concatenate([able, hard]) if len(able) else hard))
    edges = np.arange(low - STEP / 2, high + STEP, STEP)
    counts, _edges = np.histogram(able, edges)
    widest = max(int(counts.max(initial=0)), 1)
    middles = (edges[:-1] + edges[1:]) / 2
    ax.barh(middles, -counts / widest, height=0.9 * STEP, color=PALE, edgecolor=GREY, linewidth=0.6)
    if len(able):
        ax.plot([-1.04], [found.mean], ">", color=INK, markersize=8, clip_on=False)
    names = [str(place + 1) if numbered else item_label(name) for place, name in enumerate(found.items.ids)]
    for middle in middles:
        own = [name for name, at in zip(names, hard, strict=True) if abs(at - middle) <= STEP / 2 + 1e-9]
        shown = own[:NAMES] if numbered else own[:1]
        more = len(own) - len(shown)
        text = " ".join(shown) + (f" +{more}" if more else "")
        for place in range(len(own)):
            ax.plot([0.05 + 0.045 * min(place, 7)], [middle], "D", color=INK, markersize=3.5)
        if text:
            ax.text(0.09 + 0.045 * min(len(own), 8), middle, text, va="center", fontsize=8)
    finish(ax, _("Learners and tasks on one scale"), "", _("Logits"), grid="y")
    ax.set_xlim(-1.08, 1.3)
    ax.set_ylim(edges[0], edges[-1])
    ax.set_xticks([-0.5, 0.55], [_("learners"), _("tasks")])
    ax.tick_params(axis="x", length=0)
    numbers(ax, lang, "y")
    about = _(
        "Left: number of learners (longest bar {most}), triangle: their mean. Right: tasks at the ability of an even chance. {n} learners, {items} tasks."
    )
    caption(ax, about.format(most=widest, n=len(able), items=len(hard)))
    return ax


@said
def wright_map_in_words(found: Scale, lang: str = "vi") -> str:
    """Mean and spread of learners and of tasks, and how many tasks lie beyond the learners."""
    import numpy as np

    _ = translator(lang)
    able, hard = found.ability[np.isfinite(found.ability)], found.items.difficulty
    if not len(able):
        return _("There are no answers yet.")
    said = _("{n} learners lie around {mean} logits (deviation {sd}); {items} tasks go from {low} to {high}.").format(
        n=len(able), mean=decimal(found.mean, 1, lang), sd=decimal(found.sd, 1, lang), items=len(hard),
        low=decimal(float(hard.min()), 1, lang), high=decimal(float(hard.max()), 1, lang),
    )  # fmt: skip
    above, below = int((hard > np.quantile(able, 0.95)).sum()), int((hard < np.quantile(able, 0.05)).sum())
    beyond = _(
        "{above} tasks are harder than 95 in 100 learners are able, {below} easier than the weakest 5 in 100."
    ).format(above=above, below=below)
    return f"{said} {beyond}"


def _ends(values: Any) -> tuple[float, float]:
    return float(values.min()), float(values.max())
