"""Where a test, and each of its tasks, measures well, beside where the learners are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bdhvs.analysis.matrices import item_label
from bdhvs.analysis.numbers import decimal
from bdhvs.analysis.pictures.item_curves import chosen_places
from bdhvs.analysis.pictures.style import GREY, INK, LINES, PALE, caption, finish, legend, new_axes, numbers
from bdhvs.analysis.synthetic import drawn, said
from bdhvs.analysis.targeting import targeting, well_measured
from bdhvs.i18n import translator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from bdhvs.analysis.scales import Scale

MOST = 6  # curves of single tasks


@drawn
def plot_targeting(found: Scale, *, ax: Axes | None = None, lang: str = "vi") -> Axes:
    """Standard error of an estimate by ability (line) over the learners (grey area). `bdhvs.analysis.targeting.in_words` says it."""
    _ = translator(lang)
    ax = ax or new_axes()
    table = targeting(found)
    _learners(ax, table, 1.2)
    ax.plot(table["ability"], table["error"], color=INK, linewidth=1.8, label=_("standard error"))
    ax.axhline(0.5, color=INK, linestyle=":", linewidth=1)
    finish(ax, _("How exactly the test measures whom"), _("Ability, logits"), _("Standard error, logits"))
    ax.set_ylim(0, 1.5)
    ax.set_xlim(table["ability"].iloc[0], table["ability"].iloc[-1])
    numbers(ax, lang)
    about = _(
        "Line: error of an estimate, the lower the better; dots: half a logit. Grey: the learners. {percent} in 100 are measured that well."
    )
    caption(ax, about.format(percent=decimal(100 * well_measured(found), 0, lang)))
    return ax


@drawn
def plot_information(
    found: Scale, items: Sequence[str] | None = None, *, ax: Axes | None = None, lang: str = "vi"
) -> Axes:
    """Information of the whole test (thick) and of up to six tasks (thin; by default the most telling), over the learners."""
    _ = translator(lang)
    names = list(items) if items is not None else _most_telling(found)
    places = chosen_places(found, names, MOST)
    ax = ax or new_axes(4.0)
    table = targeting(found)
    _learners(ax, table, float(table["information"].max()))
    ax.plot(
        table["ability"],
        table["information"],
        color=INK,
        linewidth=2.4,
        label=_("all {n} tasks").format(n=len(found.items.ids)),
    )
    curves = found.items.information(table["ability"].to_numpy())
    for number, place in enumerate(places):
        ax.plot(
            table["ability"],
            curves[place],
            linestyle=LINES[1 + number],
            color=GREY if number % 2 else INK,
            linewidth=1.1,
            label=item_label(names[number]),
        )
    finish(ax, _("Information of the test and its tasks"), _("Ability, logits"), _("Information, 1/logit²"))
    ax.set_ylim(bottom=0)
    ax.set_xlim(table["ability"].iloc[0], table["ability"].iloc[-1])
    numbers(ax, lang)
    legend(ax, loc="upper left")
    caption(
        ax,
        _("Grey: the learners. Information adds up over tasks; the error of an estimate is one over its square root."),
    )
    return ax


@said
def information_in_words(found: Scale, items: Sequence[str] | None = None, lang: str = "vi") -> str:
    """Where the test and each of the tasks tell most."""
    _ = translator(lang)
    table = targeting(found)
    best = table.loc[table["information"].idxmax()]
    said = [
        _("All tasks together tell most at {at} logits ({much}).").format(
            at=decimal(best.ability, 1, lang), much=decimal(best.information, 1, lang)
        )
    ]
    names = list(items) if items is not None else _most_telling(found)
    curves = found.items.information(table["ability"].to_numpy())
    for name, place in zip(names, chosen_places(found, names, MOST), strict=True):
        top = int(curves[place].argmax())
        text = _("{item} at {at} ({much}).")
        said.append(
            text.format(
                item=item_label(name),
                at=decimal(table["ability"].iloc[top], 1, lang),
                much=decimal(float(curves[place, top]), 1, lang),
            )
        )
    return " ".join(said)


def _most_telling(found: Scale, count: int = 4) -> list[str]:
    """The tasks with the highest peaks of information, easiest first."""
    table = targeting(found)
    peaks = found.items.information(table["ability"].to_numpy()).max(axis=1)
    best = sorted(range(len(peaks)), key=lambda place: -peaks[place])[:count]
    return [found.items.ids[place] for place in sorted(best, key=lambda place: float(found.items.difficulty[place]))]


def _learners(ax: Axes, table: Any, height: float) -> None:
    """The learners' distribution as a grey area `height` high."""
    scaled = height * table["learners"] / max(float(table["learners"].max()), 1e-9)
    ax.fill_between(table["ability"], 0, scaled, color=PALE, alpha=0.7, linewidth=0, zorder=0)
