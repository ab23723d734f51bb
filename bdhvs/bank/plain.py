"""An author's light Markdown as plain text, for places that know no HTML: a PDF, a cell of a spreadsheet."""

from __future__ import annotations

from html import unescape

import nh3

from bdhvs.bank.render import render_block

_STOPS = (".", ",", ":", ";", "?", "!", "…")


def plain_text(text: str) -> str:
    """`text` on one line, without marks. Its paragraphs, list entries and lines are set apart by their own stops, or by ";"."""
    lines = (" ".join(line.split()) for line in unescape(nh3.clean(render_block(text), tags=set())).splitlines())
    *before, last = [line for line in lines if line] or [""]
    return " ".join([*(line if line.endswith(_STOPS) else f"{line};" for line in before), last])
