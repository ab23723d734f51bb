"""An author's light Markdown as safe HTML.

Paragraphs, **bold**, *emphasis*, lists, quotes, `code` and line breaks: nothing else. Addresses stay text on
purpose: a lesson about fraud shows a wrong address, and nobody must be able to tap it. HTML in a text is shown as
written. The result is cleaned once more, so a fault in the Markdown library cannot become a hole.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import nh3
from markdown_it import MarkdownIt

#: Every tag that can come out, with its attributes.
ALLOWED: Final = {
    "p": set[str](),
    "br": set[str](),
    "strong": set[str](),
    "em": set[str](),
    "code": set[str](),
    "ul": set[str](),
    "ol": {"start"},
    "li": set[str](),
    "blockquote": set[str](),
}
_RULES: Final = ("blockquote", "list", "newline", "backticks", "emphasis", "escape")
_CACHED_TEXTS = 8192  # a bank of 500 items has about 5,000 texts in two languages

_markdown = MarkdownIt("zero", {"html": False, "breaks": True, "linkify": False}).enable(_RULES)
_HEADINGS: Final = {"h1": set[str](), "h2": set[str](), "h3": set[str]()}
_sheets = MarkdownIt("zero", {"html": False, "breaks": False, "linkify": False}).enable([*_RULES, "heading"])


@lru_cache(maxsize=_CACHED_TEXTS)
def render_block(text: str) -> str:
    """The text as HTML with its paragraphs, lists and quotes."""
    return _clean(_markdown.render(text))


@lru_cache(maxsize=_CACHED_TEXTS)
def render_inline(text: str) -> str:
    """The text as HTML that fits inside a label or a line: no paragraph around it, no list."""
    return _clean(_markdown.renderInline(text))


def render_sheet(text: str) -> str:
    """A whole sheet of paper as HTML: as `render_block`, with headings, and lines that break where they like."""
    return _clean(_sheets.render(text), {**ALLOWED, **_HEADINGS})


def _clean(html: str, allowed: dict[str, set[str]] = ALLOWED) -> str:
    return nh3.clean(html, tags=set(allowed), attributes=allowed, link_rel=None, strip_comments=True).strip()
