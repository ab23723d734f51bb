"""Over the comm a picture travels with its question: a notebook's page has no address of ours."""

from __future__ import annotations

import base64
from pathlib import Path

import msgspec

from bdhvs.core.items.base import ShownItem, ShownPicture
from bdhvs.service.protocol import FormView, Opened, Saved
from bdhvs.widgets.answering import with_pictures

FORM = FormView(
    id="lam-quen",
    version=1,
    title="Làm quen",
    about="",
    mode="practice",
    allow_back=True,
    tries=2,
    minutes=None,
    limit_minutes=None,
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><text>Wi-Fi</text></svg>'


def shown(name: str, picture: ShownPicture | None) -> ShownItem:
    return ShownItem(name, 1, "short_text", "<p>?</p>", {}, picture, False)


def test_a_picture_is_replaced_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "song.svg").write_bytes(SVG)
    items = (shown("a", ShownPicture("song.svg", "Ba vạch sóng")), shown("b", None))
    opened = Opened(attempt="x", status="started", form=FORM, items=items, states={}, current="a", time_left_ms=None, result=None)
    sent = msgspec.to_builtins(with_pictures(opened, tmp_path))
    kind, _, content = sent["items"][0]["picture"]["file"].partition(";base64,")
    assert (kind, base64.b64decode(content)) == ("data:image/svg+xml", SVG)
    assert sent["items"][0]["picture"]["alt"] == "Ba vạch sóng"
    assert sent["items"][1] == msgspec.to_builtins(opened)["items"][1]


def test_other_replies_are_left_as_they_are(tmp_path: Path) -> None:
    saved = Saved(event_id="e", attempt="x", item=None, state=None, current=None, status="started")
    assert with_pictures(saved, tmp_path) is saved
