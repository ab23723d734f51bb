"""Category curves of one task with several points: where each score is the likeliest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bdhvs.analysis.matrices import item_label
from bdhvs.analysis.numbers import decimal
from bdhvs.analysis.pictures.item_curves import chosen_places
from bdhvs.analysis.pictures.style import INK, LINES, caption, finish, new_axes, numbers
from bdhvs.analysis.synthetic import drawn, said
from bdhvs.i18n import translator

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from bdhvs.analysis.scales import Scale


@drawn
def plot_categories(found: Scale, item: str, *, ax: Axes | None = None, lang: str = "vi") -> Axes:
    """Chance of each score by ability; each curve is named at its top. ValueError for an item that is not on the scale."""
    _ = translator(lang)
    (place,) = chosen_places(found, [item], 1)
    ax = ax or new_axes()
    at, chances = _chances(found, place)
    for score, chance in enumerate(chances):
        ax.plot(at, 100 * chance, linestyle=LINES[score % len(LINES)], color=INK)
        peak = int(chance.argmax())
        ax.annotate(
            str(score),
            (at[peak], 100 * chance[peak]),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            fontsize=12,
        )
    finish(ax, _("Chance of each score: {item}").format(item=item_label(item)), _("Ability, logits"), _("Chance, %"))
    ax.set_ylim(0, 112)
    ax.set_yticks(range(0, 101, 20))
    numbers(ax, lang)
    caption(
        ax,
        _(
            "The number on a curve is the score. A score that is nowhere the likeliest may be joined with its neighbour."
        ),
    )
    return ax


@said
def categories_in_words(found: Scale, item: str, lang: str = "vi") -> str:
    """Which score is the likeliest from where to where."""
    _ = translator(lang)
    (place,) = chosen_places(found, [item], 1)
    at, chances = _chances(found, place)
    likeliest = chances.argmax(axis=0)
    said = []
    for score in range(len(chances)):
        own = at[likeliest == score]
        if len(own):
            text = _("score {score} from {low} to {high} logits")
            said.append(
                text.format(score=score, low=decimal(float(own[0]), 1, lang), high=decimal(float(own[-1]), 1, lang))
            )
        else:
            said.append(_("score {score} nowhere").format(score=score))
    return _("{item}: the likeliest is {list}.").format(item=item_label(item), list="; ".join(said))


def _chances(found: Scale, place: int) -> tuple[Any, Any]:
    """Abilities, and scores × abilities."""
    import numpy as np

    at = np.linspace(-4, 4, 161)
    cells = found.items.cells
    own = slice(cells.first[place], cells.first[place] + cells.maximum[place] + 1)
    return at, np.exp(found.items.log_probabilities(at)[own])
