"""Eigenvalues beside those of chance: how many dimensions there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bdhvs.analysis.numbers import decimal
from bdhvs.analysis.pictures.style import GREY, INK, caption, finish, legend, new_axes, numbers
from bdhvs.analysis.synthetic import drawn
from bdhvs.i18n import translator

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from bdhvs.analysis.dimensions import Dimensions

MOST = 10  # eigenvalues drawn


@drawn
def plot_scree(found: Dimensions, *, ax: Axes | None = None, lang: str = "vi") -> Axes:
    """Eigenvalues (full dots), those of shuffled answers (dashes), and the second of one ability (cross with a line).

    `bdhvs.analysis.dimensions.in_words` says the same.
    """
    from matplotlib.ticker import MaxNLocator

    _ = translator(lang)
    ax = ax or new_axes()
    many, one = found.parallel, found.one
    shown = min(MOST, len(many.eigenvalues))
    places = range(1, shown + 1)
    ax.plot(places, many.eigenvalues[:shown], "o-", color=INK, markersize=6, label=_("these answers"))
    ax.plot(
        places,
        many.chance_high[:shown],
        "--",
        color=GREY,
        marker="_",
        markersize=8,
        label=_("shuffled answers, 95 of 100 below"),
    )
    finish(ax, _("How many dimensions?"), _("Dimension"), _("Eigenvalue"))
    ax.set_ylim(bottom=0)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    numbers(ax, lang)
    legend(ax, loc="upper right")
    about = _(
        "Dimensions that stand out from chance: {n}. Test of one ability: second eigenvalue {second}, of one ability at most {high} "
        "in 95 of 100 (p = {p}). {learners} learners, {items} tasks."
    )
    caption(
        ax,
        about.format(
            n=many.dimensions, second=decimal(one.second, 2, lang), high=decimal(one.high, 2, lang), p=decimal(one.p, 2, lang),
            learners=many.persons, items=len(many.items),
        ),
    )  # fmt: skip
    return ax
