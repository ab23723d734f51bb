"""Without what the extra `live` brings a class runs, offers no live notebook, and says what to install."""

from __future__ import annotations

from pathlib import Path

import pytest

from bdhvs.live import notebooks
from bdhvs.server import run as running
from bdhvs.server.opening import ServeOptions, prepare
from bdhvs.server.run import announcement
from bdhvs.store import Store


async def test_a_class_without_voila(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebooks, "NEEDED", ("a_package_that_is_not_there",))
    options = ServeOptions(tmp_path / "data", "Lớp")
    with Store.open(tmp_path / "data") as store:
        context, media = await prepare(options, store, ["http://127.0.0.1:8000"])
        assert context.live is None
        assert (await announcement(options, [context], 8000)).live_missing == ("a_package_that_is_not_there",)
        assert running.http_server([context], media).config.ws == "none"
