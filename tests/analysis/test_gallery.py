"""Every public picture is in the gallery, draws on the axes given, in both languages, in greys, and can be said in words."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import matplotlib
import pytest

pytest.importorskip("numpy")
matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.colors import to_rgb

from bdhvs.analysis import gallery, pictures, plot_changes, plots
from bdhvs.analysis.gallery import ENTRIES, Entry, Invented
from bdhvs.analysis.synthetic import mark

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "gallery.md").read_text("utf-8")


#: Pictures of formulas and simulations, which say in words of their own that nobody stands behind them.
WITHOUT_ANSWERS = {"plot_survey", "plot_lengths", "plot_exposure", "plot_success", "plot_accuracy"}


@pytest.fixture(autouse=True)
def closed_figures() -> Iterator[None]:
    yield
    plt.close("all")


def test_every_public_picture_is_in_the_gallery_and_on_its_page() -> None:
    public = {*pictures.__all__}
    for module in (plots, plot_changes):
        public |= {name for name, one in vars(module).items() if name.startswith("plot_") and inspect.isfunction(one)}
    assert {one.name for one in ENTRIES} == public
    for name in public:
        assert f"pictures/{name}.svg" in PAGE
        assert (ROOT / "docs" / "pictures" / f"{name}.svg").stat().st_size < 120_000
    assert "invented answers" in PAGE


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda one: one.name)
def test_a_picture_draws_on_the_axes_given_in_greys_and_both_languages_and_has_words(
    entry: Entry, made: Invented
) -> None:
    _, ax = plt.subplots(figsize=(5.2, 8))
    assert entry.draw(made, ax=ax, lang="vi") is ax
    ax.figure.draw_without_rendering()
    for one in (*ax.lines, *ax.patches, *ax.collections):
        for ink in colours(one):
            assert max(ink) - min(ink) < 1e-6
    english = entry.draw(made, lang="en")
    assert ax.get_title(loc="left")
    assert ax.get_title(loc="left") != english.get_title(loc="left")
    said = {lang: entry.words(made, lang) for lang in ("vi", "en")}
    assert said["vi"] != said["en"]
    for lang, axes in (("vi", ax), ("en", english)):
        # Invented answers stay marked through every table between them and the picture, and once is enough.
        texts = (axes.get_title(loc="left"), said[lang])
        assert [one.startswith(mark(lang)) for one in texts] == [entry.name not in WITHOUT_ANSWERS] * 2
        assert "".join(texts).count(mark(lang)) == 2 * (entry.name not in WITHOUT_ANSWERS)
    for text in said.values():
        assert text
        assert "{" not in text
        assert "nan" not in text


def test_real_answers_carry_no_mark(made: Invented) -> None:
    frame = made.one_class.copy()
    frame.attrs.clear()
    _, ax = plt.subplots(figsize=(5.2, 8))
    assert "GIẢ LẬP" not in plots.plot_domain_scores(frame, ax=ax).get_title(loc="left")
    assert "GIẢ LẬP" not in plots.domain_scores_in_words(frame)


def colours(artist: object) -> list[tuple[float, float, float]]:
    found = []
    for name in ("get_color", "get_facecolor", "get_edgecolor"):
        value = getattr(artist, name, list)()
        rows = (
            value
            if hasattr(value, "__len__") and not isinstance(value, str) and len(value) and hasattr(value[0], "__len__")
            else [value]
        )
        found += [to_rgb(one) for one in rows if isinstance(one, str) or len(one) >= 3]
    return found


def test_the_page_is_made_by_one_call(tmp_path: Path, made: Invented, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gallery, "ENTRIES", ENTRIES[:1])
    gallery.make(tmp_path, made)
    assert (tmp_path / "pictures" / f"{ENTRIES[0].name}.svg").read_text("utf-8").startswith("<?xml")
    assert ENTRIES[0].words(made, "vi").split(".")[0] in (tmp_path / "gallery.md").read_text("utf-8").replace("\n", " ")
