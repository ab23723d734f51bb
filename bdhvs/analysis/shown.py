"""Pictures and tables as HTML that reads the same in JupyterLab, Voilà, a report and on a phone: with words, without files beside it."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any

from bdhvs.analysis.basis import Basis, stamp
from bdhvs.analysis.synthetic import mark
from bdhvs.i18n import translator

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DOTS_PER_INCH = 150


class Shown:
    """HTML that a notebook shows, and the same as plain words."""

    def __init__(self, html: str, words: str) -> None:
        self.html, self.words = html, words

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.words}


def picture(
    drawn: Axes | Figure,
    words: str,
    basis: Basis,
    cannot: str,
    *,
    lang: str = "vi",
    repeat: bool = True,
) -> Shown:
    """A picture, stamped with what it rests on; its words stand below it for small screens, and are its alternative text.

    Parameters
    ----------
    words : what the picture shows; of invented people the mark is put before them. cannot : what must not be concluded from it.
    repeat : whether the words stand below; without, where the picture itself consists of them, only who cannot see it meets them.

    The figure is closed: it is not shown twice.
    """
    import matplotlib.pyplot as plt

    if basis.synthetic and not words.startswith(mark(lang)):
        words = f"{mark(lang)}. {words}"
    figure = stamp(drawn, basis, cannot, lang=lang)
    file = BytesIO()
    figure.savefig(file, format="png", dpi=DOTS_PER_INCH, bbox_inches="tight", facecolor="white")
    plt.close(figure)
    data = base64.b64encode(file.getvalue()).decode("ascii")
    title = figure.axes[0].get_title(loc="left").replace("\n", " ") if figure.axes else ""
    _ = translator(lang)
    alternative = _("{title}. The text below says what it shows.").format(title=title) if repeat else words
    caption = f"<figcaption>{escape(words)}</figcaption>" if repeat else ""
    html = f'<figure class="bdhvs-picture"><img src="data:image/png;base64,{data}" alt="{escape(alternative)}">{caption}</figure>'
    return Shown(html, words)


def table(rows: Sequence[Mapping[str, str]], headings: Mapping[str, str], caption: str) -> Shown:
    """Rows of texts as a table that can be heard and, where it is wide, pushed aside with a finger.

    Parameters
    ----------
    headings : key of a row → what the column is called; the first names the row.
    """
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in headings.values())
    body = "".join(f"<tr>{_cells([row[key] for key in headings])}</tr>" for row in rows)
    inside = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    name = f'<p class="bdhvs-caption">{escape(caption)}</p>'  # outside: it is not pushed aside with the table
    html = f'{name}<div class="bdhvs-wide" role="region" tabindex="0" aria-label="{escape(caption)}"><table>{inside}</table></div>'
    words = "\n".join("; ".join(f"{name}: {row[key]}" for key, name in headings.items()) for row in rows)
    return Shown(html, f"{caption}\n{words}")


def _cells(texts: Sequence[str]) -> str:
    return f'<th scope="row">{escape(texts[0])}</th>' + "".join(f"<td>{escape(one)}</td>" for one in texts[1:])


def sentences(said: Sequence[str]) -> Shown:
    """Sentences as a list."""
    items = "".join(f"<li>{escape(one)}</li>" for one in said)
    return Shown(f'<ul class="bdhvs-said-list">{items}</ul>', "\n".join(said))


def paragraph(*texts: str) -> Shown:
    """Sentences one after another."""
    words = " ".join(texts)
    return Shown(f"<p>{escape(words)}</p>", words)
