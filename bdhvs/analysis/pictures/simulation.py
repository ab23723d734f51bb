"""A what-if of an adaptive form in four pictures: lengths, exposure, success on the way, and accuracy beside fixed forms."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from bdhvs.analysis.numbers import decimal
from bdhvs.analysis.pictures.style import GREY, INK, LINES, WIDTH_INCHES, caption, finish, legend, new_axes
from bdhvs.errors import MissingExtra, SetupError
from bdhvs.i18n import Gettext, translator

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from bdhvs.measurement.simulation import AdaptiveRun, FixedRun

LEAST = 20  # learners who came to a position of the test, or nothing is shown of it


def save_pictures(
    run: AdaptiveRun, fixed: Mapping[str, FixedRun], folder: Path, kind: str = "svg", lang: str = "vi"
) -> list[Path]:
    """Write the four pictures into `folder` (made when it is not there) as `kind`, "svg" or "png"; their files, described in words.

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
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("lengths", "exposure", "success", "accuracy"):
            figure = Figure(figsize=(WIDTH_INCHES, 4.2), layout="constrained")
            words = _drawn(name, run, fixed, figure.add_subplot(), lang)
            written.append(folder / f"{name}.{kind}")
            figure.savefig(written[-1], dpi=150, metadata={"Description": words})
    except OSError as error:
        raise SetupError(
            f"{folder}: the pictures cannot be written ({error}); name another folder", "pictures"
        ) from error
    return written


def _drawn(name: str, run: AdaptiveRun, fixed: Mapping[str, FixedRun], ax: Axes, lang: str) -> str:
    """Draw one of the four; what it shows in words."""
    if name == "accuracy":
        plot_accuracy(run, fixed, ax=ax, lang=lang)
        return accuracy_in_words(run, fixed, lang)
    drawn = {"lengths": plot_lengths, "exposure": plot_exposure, "success": plot_success}
    said = {"lengths": lengths_in_words, "exposure": exposure_in_words, "success": success_in_words}
    drawn[name](run, ax=ax, lang=lang)
    return said[name](run, lang)


def plot_lengths(run: AdaptiveRun, *, ax: Axes | None = None, lang: str = "vi") -> Axes:
    """How many learners had tests of each length, and the mean (dashed)."""
    _ = translator(lang)
    ax = ax or new_axes()
    longest = run.form.rules.maximum
    counts = [int((run.lengths == length).sum()) for length in range(longest + 1)]
    ax.bar(range(longest + 1), counts, color=GREY)
    mean = _("mean: {n}").format(n=decimal(run.lengths.mean(), 1, lang))
    ax.axvline(run.lengths.mean(), color=INK, linestyle="--", label=mean)
    _finish(ax, _("How long the test gets"), _("Tasks"), _("Learners"))
    caption(ax, _who(run, _))
    return ax


def lengths_in_words(run: AdaptiveRun, lang: str = "vi") -> str:
    """What `plot_lengths` shows."""
    import numpy as np

    _ = translator(lang)
    low, high = np.percentile(run.lengths, (10, 90))
    text = _("{mean} tasks on average; eight in ten learners have {low} to {high}.")
    return f"{text.format(mean=decimal(run.lengths.mean(), 1, lang), low=round(low), high=round(high))} {_who(run, _)}"


def plot_exposure(run: AdaptiveRun, *, ax: Axes | None = None, lang: str = "vi") -> Axes:
    """Share of learners who met each item, the most met first, and the share that the rules allow (dashed)."""
    _ = translator(lang)
    ax = ax or new_axes()
    shares = sorted(100 * run.exposure, reverse=True)
    ax.step(range(1, len(shares) + 1), shares, where="mid", color=INK, label=_("met it"))
    ax.axhline(100 * run.form.rules.exposure_cap, color=GREY, linestyle="--", label=_("allowed"))
    ax.set_ylim(bottom=0)
    _finish(ax, _("Who met each item"), _("Items, the most met first"), _("Learners, %"))
    caption(ax, _who(run, _))
    return ax


def exposure_in_words(run: AdaptiveRun, lang: str = "vi") -> str:
    """What `plot_exposure` shows."""
    _ = translator(lang)
    text = _("The item met most was met by {most} in 100 learners ({cap} are allowed); {unused} of {n} items by nobody.")
    shares = run.exposure
    said = text.format(
        most=round(100 * float(shares.max())),
        cap=round(100 * run.form.rules.exposure_cap),
        unused=int((shares == 0).sum()),
        n=len(shares),
    )
    return f"{said} {_who(run, _)}"


def plot_success(run: AdaptiveRun, *, ax: Axes | None = None, lang: str = "vi") -> Axes:
    """Share of points at each position of the test, by true ability; only positions that `LEAST` learners came to."""
    _ = translator(lang)
    ax = ax or new_axes()
    for group, shares in _success(run).items():
        label = _("group {n}").format(n=group + 1)
        ax.plot(list(shares), [100 * one for one in shares.values()], linestyle=LINES[group % len(LINES)], color=INK, label=label)
    ax.set_ylim(0, 100)
    _finish(ax, _("Success on the way"), _("Place in the test"), _("Share of points, %"))
    about = _("Groups by true ability, 1 the lowest; only places that {n} learners came to.").format(n=LEAST)
    caption(ax, f"{about} {_who(run, _)}")
    return ax


def success_in_words(run: AdaptiveRun, lang: str = "vi") -> str:
    """What `plot_success` shows: each group's share of points at the first and the last place shown."""
    _ = translator(lang)
    text = _("Group {n} (1 the lowest): {first} in 100 points at the first task, {last} at task {place}.")
    said = [
        text.format(n=group + 1, first=round(100 * shares[1]), last=round(100 * shares[max(shares)]), place=max(shares))
        for group, shares in _success(run).items()
        if 1 in shares
    ]
    return " ".join([*said, _who(run, _)])


def plot_accuracy(
    run: AdaptiveRun, fixed: Mapping[str, FixedRun], *, ax: Axes | None = None, lang: str = "vi"
) -> Axes:
    """Share of learners in their true band by number of items: fixed forms as lines, the adaptive one as a dot."""
    _ = translator(lang)
    ax = ax or new_axes()
    for line, (name, one) in zip(LINES, fixed.items(), strict=False):
        label = _("fixed form ({name})").format(name=_manner(name, _))
        ax.plot(range(1, len(one.places) + 1), 100 * one.accuracy, linestyle=line, color=GREY, label=label)
    ax.plot([run.lengths.mean()], [100 * _right(run)], "o", color=INK, label=_("adaptive, at its mean length"))
    _finish(ax, _("Right band by number of tasks"), _("Tasks"), _("Learners in their true band, %"))
    caption(ax, _who(run, _))
    return ax


def accuracy_in_words(run: AdaptiveRun, fixed: Mapping[str, FixedRun], lang: str = "vi") -> str:
    """What `plot_accuracy` shows, and how many tasks each fixed form needs for the same."""
    _ = translator(lang)
    text = _("The adaptive test puts {right} in 100 learners into their true band, with {length} tasks on average.")
    said = [text.format(right=round(100 * _right(run)), length=decimal(run.lengths.mean(), 1, lang))]
    for name, one in fixed.items():
        needed = one.items_for(_right(run))
        if isfinite(needed):
            enough = _("The fixed form ({name}) needs {n} tasks for that.")
            said.append(enough.format(name=_manner(name, _), n=decimal(needed, 0, lang)))
        else:
            never = _("The fixed form ({name}) does not come so far with {n} tasks.")
            said.append(never.format(name=_manner(name, _), n=len(one.places)))
    return " ".join([*said, _who(run, _)])


def _success(run: AdaptiveRun) -> dict[int, dict[int, float]]:
    """Group by true ability → place in the test, from 1 → share of points (0–1)."""
    from bdhvs.measurement.simulation_summary import success_by_position

    found = {}
    for group in range(len(run.form.rules.cuts) + 1):
        who = run.true_bands == group
        came = (run.items[who] != -1).sum(axis=0)
        shares = success_by_position(run, who)
        shown = {place + 1: float(shares[place]) for place in range(len(shares)) if came[place] >= LEAST}
        if shown:
            found[group] = shown
    return found


def _right(run: AdaptiveRun) -> float:
    return float((run.bands == run.true_bands).mean())


def _manner(name: str, _: Gettext) -> str:
    """How the items of a fixed form were chosen (`bdhvs.measurement.adaptive.fixed.Manner`)."""
    return {"central": _("best in the middle"), "spread": _("something for everybody")}.get(name, name)


def _who(run: AdaptiveRun, _: Gettext) -> str:
    text = _("{n} simulated learners, not people; as true as the numbers of the items.")
    return text.format(n=len(run.abilities))


def _finish(ax: Axes, title: str, along: str, up: str) -> None:
    from matplotlib.ticker import MaxNLocator

    finish(ax, title, along, up)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if ax.get_legend_handles_labels()[0]:
        legend(ax)
