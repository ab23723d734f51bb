"""The screens of a simulation as a picture for its author: which leads where, and by what. Drawn here, in layers from the start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from bdhvs.bank.plain import plain_text
from bdhvs.core.items.simulation import Simulation
from bdhvs.core.simulation.machine import Control
from bdhvs.core.simulation.words import label
from bdhvs.i18n import Gettext

WIDTH, HEIGHT = 190, 58  # of a screen's box, in units of the picture
ACROSS, DOWN = 230, 120  # from one box to the next
MARGIN = 24
LINE = 22  # letters of a title that fit on a line of a box


@dataclass(frozen=True, slots=True)
class Way:
    """One way from a screen to another: by what, and whether it is a forbidden act."""

    start: str
    end: str
    words: str
    dangerous: bool = False
    back: bool = False


def ways(item: Simulation, lang: str, _: Gettext) -> list[Way]:
    """Every way between two screens, in the order of the file."""
    acts = {one for act in item.forbidden for one in act.acts}
    found = [way for control in item.machine.controls.values() for way in _by(control, acts, lang)]
    found += [Way(one.id, one.back, _("back"), back=True) for one in item.screens if one.back]
    return list(dict.fromkeys(found))


def graph_html(item: Simulation, lang: str, _: Gettext) -> str:
    """The picture as SVG, and below it the same in words, for whoever cannot see it."""
    found = ways(item, lang, _)
    titles = {one.id: plain_text(one.title.in_language(lang)) for one in item.screens}
    places = _places(item, found)
    lines = "".join(
        f"<li>{escape(titles[way.start])} → {escape(titles[way.end])}: {escape(way.words)}{' ⚠' if way.dangerous else ''}</li>"
        for way in found
    )
    head = escape(_("Screens and the ways between them"))
    words = escape(_("The same in words"))
    drawn = f"<strong>{head}</strong>{_svg(item, found, titles, places, head)}"
    said = f"<details><summary>{words}</summary><ul>{lines}</ul></details>"
    return f'<div lang="{lang}" style="font-size:16px;line-height:1.5;max-width:60rem">{drawn}{said}</div>'


def _by(control: Control, acts: set[str], lang: str) -> Iterator[Way]:
    words = plain_text(label(control.part).in_language(lang))
    for one in control.steps:
        if one.step.go is not None and one.step.go != control.screen:
            yield Way(control.screen, one.step.go, words, control.id in acts)


def _places(item: Simulation, found: list[Way]) -> dict[str, tuple[int, int]]:
    """Column and row of each screen: rows by distance from the start, unreachable ones last."""
    first = item.screens[0].id
    layers = [[first]]
    placed = {first}
    while layers[-1]:
        after = dict.fromkeys(way.end for way in found if way.start in layers[-1] and way.end not in placed)
        layers.append(list(after))
        placed |= set(after)
    layers[-1] = [one.id for one in item.screens if one.id not in placed]
    return {one: (column, row) for row, layer in enumerate(layers) for column, one in enumerate(layer)}


def _svg(
    item: Simulation, found: list[Way], titles: dict[str, str], places: dict[str, tuple[int, int]], head: str
) -> str:
    across = max(column for column, _row in places.values()) + 1
    down = max(row for _column, row in places.values()) + 1
    width, height = across * ACROSS + 2 * MARGIN, down * DOWN + 2 * MARGIN - (DOWN - HEIGHT) + MARGIN
    pairs = dict.fromkeys((way.start, way.end) for way in found)
    arrows = "".join(
        _arrow(places[start], places[end], [way for way in found if (way.start, way.end) == (start, end)])
        for start, end in pairs
    )
    boxes = "".join(
        _box(places[one.id], titles[one.id], double=one.end, dashed=one.consequence) for one in item.screens
    )
    marks = "".join(
        f'<marker id="{name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse">'
        f'<path d="M0 0L10 5L0 10z" fill="{colour}"/></marker>'
        for name, colour in (("bd-way", "#38348a"), ("bd-danger", "#94300f"))
    )
    return (
        f'<svg role="img" aria-label="{head}" viewBox="0 0 {width} {height}" style="display:block;width:100%;max-width:{width}px;'
        f'background:#fffdf8;border-radius:12px" font-family="sans-serif" font-size="14"><defs>{marks}</defs>{arrows}{boxes}</svg>'
    )


def _corner(place: tuple[int, int]) -> tuple[int, int]:
    return MARGIN + place[0] * ACROSS, MARGIN + place[1] * DOWN


def _box(place: tuple[int, int], title: str, *, double: bool, dashed: bool) -> str:
    x, y = _corner(place)
    stroke = 'stroke-dasharray="6 4" ' if dashed else ""
    inner = (
        f'<rect x="{x + 4}" y="{y + 4}" width="{WIDTH - 8}" height="{HEIGHT - 8}" rx="9" fill="none" stroke="#38348a"/>'
        if double
        else ""
    )
    lines = _two_lines(title)
    words = "".join(
        f'<text x="{x + WIDTH / 2}" y="{y + HEIGHT / 2 + 5 + (number - (len(lines) - 1) / 2) * 17}" text-anchor="middle" fill="#23212e">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    return f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="12" fill="#eeecfb" stroke="#38348a" stroke-width="2" {stroke}/>{inner}{words}'


def _two_lines(title: str) -> list[str]:
    lines = [""]
    for word in title.split():
        if len(lines[-1]) + len(word) < LINE or not lines[-1]:
            lines[-1] = f"{lines[-1]} {word}".strip()
        elif len(lines) == 1:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]}…"
            break
    return lines


def _arrow(start: tuple[int, int], end: tuple[int, int], between: list[Way]) -> str:
    """A curve from box to box; two that run opposite ways bend apart. What leads along it is its title."""
    (x1, y1), (x2, y2) = _corner(start), _corner(end)
    dangerous = any(one.dangerous for one in between)
    colour, mark = ("#94300f", "bd-danger") if dangerous else ("#38348a", "bd-way")
    middle = WIDTH // 2
    if y2 > y1:
        ends = (x1 + middle - 20, y1 + HEIGHT, x2 + middle - 20, y2)
    elif y2 < y1:
        ends = (x1 + middle + 20, y1, x2 + middle + 20, y2 + HEIGHT)
    elif x2 > x1:
        ends = (x1 + WIDTH, y1 + HEIGHT // 3, x2, y2 + HEIGHT // 3)
    else:
        ends = (x1, y1 + 2 * HEIGHT // 3, x2 + WIDTH, y2 + 2 * HEIGHT // 3)
    bend = 40 if y2 != y1 else 0
    sign = 1 if y2 > y1 else -1
    dots = ' stroke-dasharray="2 5"' if all(one.back for one in between) else ""
    a, b, c, d = ends
    path = f"M{a} {b}C{a} {b + sign * bend} {c} {d - sign * bend} {c} {d}"
    words = escape(", ".join(one.words for one in between))
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"{dots} marker-end="url(#{mark})"><title>{words}</title></path>'
