"""Item characteristic curves, with what learners of each ability really did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bdhvs.analysis.matrices import item_label
from bdhvs.analysis.numbers import decimal
from bdhvs.analysis.pictures.style import GREY, INK, LINES, MARKS, caption, finish, legend, new_axes, numbers
from bdhvs.analysis.synthetic import drawn, said
from bdhvs.i18n import translator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from bdhvs.analysis.scales import Scale

GROUPS = 8  # of learners by ability, as equal as they come
LEAST = 10  # learners of a group; a smaller one is not drawn
MOST = 4  # curves in a picture


@drawn
def plot_item_curves(found: Scale, items: Sequence[str], *, ax: Axes | None = None, lang: str = "vi") -> Axes:
    """Expected share of points by ability (line), and the share of learners of about that ability (marks, with 95 % intervals).

    Parameters
    ----------
    items : one to four names (``id@version``).

    Raises
    ------
    ValueError
        for a name that has no parameters, or more than four.
    """
    import numpy as np

    _ = translator(lang)
    places = chosen_places(found, items, MOST)
    ax = ax or new_axes()
    at = np.linspace(-4, 4, 161)
    top = found.items.cells.maximum
    curves = 100 * found.items.expected_scores(at) / top[:, None]
    for number, place in enumerate(places):
        ink = INK if number % 2 == 0 else GREY
        ax.plot(at, curves[place], linestyle=LINES[number], color=ink, label=item_label(found.items.ids[place]))
        for middle, share, half in _observed(found, place):
            ax.errorbar(
                middle, share, yerr=half, fmt=MARKS[number], color=ink, markersize=4.5, linewidth=0.8, capsize=0
            )
    finish(ax, _("What learners of each ability do"), _("Ability, logits"), _("Share of points, %"))
    ax.set_ylim(-3, 103)
    ax.set_xlim(-4, 4)
    numbers(ax, lang)
    legend(ax, loc="upper left")
    caption(
        ax,
        _(
            "Line: expected by the model; marks: learners in groups of about equal ability, with intervals of 95 %. {n} learners."
        ).format(n=found.responses.shape[0]),
    )
    return ax


@said
def item_curves_in_words(found: Scale, items: Sequence[str], lang: str = "vi") -> str:
    """Difficulty and slope of each task, and how far learners are from the curve."""
    _ = translator(lang)
    said = []
    for place in chosen_places(found, items, MOST):
        observed = _observed(found, place)
        top = found.items.cells.maximum[place]
        expected = [
            100 * float(found.items.expected_scores([middle])[place, 0]) / top for middle, _share, _half in observed
        ]
        off = max(
            (abs(share - line) for (_m, share, _h), line in zip(observed, expected, strict=True)), default=float("nan")
        )
        text = _(
            "{item}: difficulty {at} logits, slope {slope}; learners are at most {off} points of 100 off the curve."
        )
        said.append(
            text.format(
                item=item_label(found.items.ids[place]),
                at=decimal(float(found.items.difficulty[place]), 1, lang),
                slope=decimal(float(found.items.slope[place]), 1, lang),
                off=decimal(off, 0, lang),
            )
        )
    return " ".join(said)


def chosen_places(found: Scale, items: Sequence[str], most: int) -> list[int]:
    """Places of these items on the scale. ValueError for an unknown name, or too many for one picture."""
    place = {name: number for number, name in enumerate(found.items.ids)}
    unknown = [name for name in items if name not in place]
    if unknown:
        raise ValueError(
            f"found {unknown[0]!r}, expected the name of an item on the scale, such as {found.items.ids[0]!r}"
        )
    if not 1 <= len(items) <= most:
        raise ValueError(f"found {len(items)} items, expected 1 to {most} in one picture")
    return [place[name] for name in items]


def _observed(found: Scale, item: int) -> list[tuple[float, float, float]]:
    """Mean ability, share of points and half an interval (hundredths) of each group of those who answered."""
    import numpy as np

    scores = found.responses.scores(slice(None))[:, item]
    use = (scores >= 0) & np.isfinite(found.ability)
    able, got = found.ability[use], 100 * scores[use] / found.items.cells.maximum[item]
    if len(able) < 2 * LEAST:
        return []
    parts = np.array_split(np.argsort(able, kind="stable"), max(2, min(GROUPS, len(able) // (2 * LEAST))))
    return [
        (float(able[own].mean()), float(got[own].mean()), float(1.96 * got[own].std(ddof=1) / np.sqrt(len(own))))
        for own in parts
        if len(own) >= LEAST
    ]
