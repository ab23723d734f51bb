"""How well each learner’s answers fit together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bdhvs.analysis.numbers import decimal
from bdhvs.analysis.pictures.style import GREY, INK, caption, finish, legend, new_axes, numbers
from bdhvs.analysis.synthetic import drawn
from bdhvs.i18n import translator

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


@drawn
def plot_patterns(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "vi") -> Axes:
    """lz* of each learner by ability; flagged ones as full triangles. `bdhvs.analysis.odd_patterns.in_words` says it.

    Parameters
    ----------
    table : of `bdhvs.analysis.odd_patterns.odd_patterns`.
    """
    _ = translator(lang)
    ax = ax or new_axes()
    known = table[table["lz_star"].notna()]
    usual, odd = known[~known["flagged"]], known[known["flagged"]]
    ax.plot(
        usual["ability"],
        usual["lz_star"],
        "o",
        color=GREY,
        markerfacecolor="none",
        markersize=4,
        markeredgewidth=0.8,
        label=_("fits"),
    )
    ax.plot(odd["ability"], odd["lz_star"], "v", color=INK, markersize=7, label=_("hardly fits"))
    ax.axhline(-1.645, color=INK, linestyle="--", linewidth=1)
    finish(ax, _("Do a learner’s answers fit together?"), _("Ability, logits"), _("Fit (lz*)"))
    numbers(ax, lang)
    legend(ax, loc="lower right")
    below = float((known["lz_star"] < -1.645).mean()) if len(known) else float("nan")
    about = _(
        "Below the line (5 in 100 expected) are {percent} in 100 of {n} learners. Flagged: not more than one in ten of them by chance. No proof of anything."
    )
    caption(ax, about.format(percent=decimal(100 * below, 0, lang), n=len(known)))
    return ax
