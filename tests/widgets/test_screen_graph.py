"""The graph of a simulation's screens: every screen and way is in the drawing and in the words below it."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from bdhvs.bank.loader import Bank
from bdhvs.core.items.simulation import Simulation
from bdhvs.i18n import translator
from bdhvs.widgets.item_editor import preview_item
from bdhvs.widgets.screen_graph import graph_html, ways

BANK = Bank.load()
SIMULATIONS = [item for item in BANK.items.values() if isinstance(item, Simulation)]


@pytest.mark.parametrize("item", SIMULATIONS, ids=lambda item: item.id)
def test_every_screen_and_every_way_is_drawn_and_said(item: Simulation) -> None:
    gettext = translator("vi")
    html = graph_html(item, "vi", gettext)
    svg = ElementTree.fromstring(html[html.index("<svg") : html.index("</svg>") + len("</svg>")])
    found = ways(item, "vi", gettext)
    boxes = {(one.get("x"), one.get("y")) for one in svg.iter("rect") if one.get("stroke-width") == "2"}
    assert len(boxes) == len(item.screens)  # no two lie on one another
    arrows = [one for one in svg.findall("path") if one.get("marker-end")]
    assert len(arrows) == len({(way.start, way.end) for way in found})
    assert html.count("<li>") == len(found)
    assert {way.end for way in found} | {item.screens[0].id} == {screen.id for screen in item.screens}
    assert ("⚠" in html) == any(way.dangerous for way in found)


def test_the_author_s_preview_shows_it_below_the_item() -> None:
    item = SIMULATIONS[0]
    view = preview_item(BANK.content.items / item.competence / f"{item.id}.yaml")
    assert "<svg" in view.children[-1].value
    assert item.screens[0].title.vi in view.children[-1].value
