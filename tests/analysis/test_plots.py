"""The numbers drawn are the numbers counted; what is left out is written on the picture."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.axes import Axes

from bdhvs.analysis import plots

ALL = (plots.plot_domain_scores, plots.plot_item_difficulty, plots.plot_item_times)


@pytest.fixture(autouse=True)
def closed_figures() -> Iterator[None]:
    yield
    plt.close("all")


def labels(ax: Axes) -> list[str]:
    return [label.get_text() for label in ax.get_yticklabels()]


def segments(ax: Axes) -> list[tuple[float, float]]:
    return [(one[0][0], one[1][0]) for one in ax.collections[0].get_segments()]


def test_bars_are_means_of_learners_and_dots_are_learners(counted: pd.DataFrame) -> None:
    ax = plots.plot_domain_scores(counted, lang="en")
    assert [bar.get_width() for bar in ax.patches] == [pytest.approx(100 * 2 / 3), pytest.approx(100 * (1 / 3 + 1) / 2)]
    assert [sorted(line.get_xdata()) for line in ax.lines] == [[0, 100, 100], [pytest.approx(100 / 3), 100]]
    assert [text.split(". ")[0] + " " + text.split("\n")[-1] for text in labels(ax)] == ["1 (n = 3)", "4 (n = 2)"]
    caption = " ".join(ax.get_xlabel().split())
    assert "3 learners, 6 answers; 3 silences not counted" in caption


def test_item_dots_are_shares_and_lines_are_wilson_s_interval(counted: pd.DataFrame) -> None:
    ax = plots.plot_item_difficulty(counted, lang="en")
    assert list(ax.lines[0].get_xdata()) == [100, pytest.approx(100 * 2 / 3), 50]
    assert segments(ax)[1] == (pytest.approx(20.77, abs=5e-3), pytest.approx(93.85, abs=5e-3))
    assert labels(ax) == ["hai (n = 1)", "mot (n = 3)", "ba (n = 2)"]
    assert "Wilson 1927" in ax.get_xlabel()
    assert "3 silences not counted" in " ".join(ax.get_xlabel().split())


def test_times_show_median_and_quartiles_and_count_the_unknown(counted: pd.DataFrame) -> None:
    ax = plots.plot_item_times(counted, lang="en")
    assert list(ax.lines[0].get_xdata()) == [20, 40, 60]
    assert segments(ax) == [(15, 25), (40, 40), (60, 60)]
    assert labels(ax) == ["mot (n = 3)", "hai (n = 1)", "ba (n = 1)"]
    assert "1 unknown times left out" in " ".join(ax.get_xlabel().split())


@pytest.mark.parametrize("plot", ALL)
def test_texts_are_vietnamese_unless_english_is_asked_for(plot: object, example: pd.DataFrame) -> None:
    vietnamese, english = plot(example), plot(example, lang="en")  # type: ignore[operator]
    for text in (Axes.get_xlabel, lambda ax: ax.get_title(loc="left")):
        assert text(vietnamese)
        assert text(vietnamese) != text(english)


@pytest.mark.parametrize("plot", ALL)
def test_a_picture_is_drawn_on_the_axes_given_and_in_greys_only(plot: object, example: pd.DataFrame) -> None:
    _, ax = plt.subplots()
    assert plot(example, ax=ax) is ax  # type: ignore[operator]
    ax.figure.draw_without_rendering()
    inks = [line.get_color() for line in ax.lines] + [plots.INK, plots.GREY, plots.PALE]
    assert all(ink[1:3] == ink[3:5] == ink[5:7] for ink in inks)


@pytest.mark.parametrize("plot", ALL)
def test_a_frame_without_answers_gives_an_empty_picture(plot: object, counted: pd.DataFrame) -> None:
    plot(counted[counted["outcome"] == "skipped"]).figure.draw_without_rendering()  # type: ignore[operator]
