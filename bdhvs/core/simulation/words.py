"""Actions as a person reads them. Both languages stand here because the core knows no catalogue; placeholders in braces."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from bdhvs.core.items.base import Render, Text
from bdhvs.core.simulation.machine import Action, Machine, offered
from bdhvs.core.simulation.model import Element, Tapped

_TAP = Text(vi="Bấm “{label}”", en="Press “{label}”")
_ROW = Text(vi="Chọn dòng “{label}”", en="Choose the line “{label}”")
_TYPE = Text(vi="Gõ “{typed}” vào ô “{label}”", en="Type “{typed}” into “{label}”")
_CLEAR = Text(vi="Xóa ô “{label}”", en="Clear “{label}”")
_MASKED = Text(vi="Gõ vào ô “{label}” (không ghi lại ở đây)", en="Type into “{label}” (not shown here)")
_ON = Text(vi="Bật “{label}”", en="Switch on “{label}”")
_OFF = Text(vi="Tắt “{label}”", en="Switch off “{label}”")
_CHOOSE = Text(vi="Chọn “{typed}” ở mục “{label}”", en="Choose “{typed}” under “{label}”")
_BACK = Text(vi="Bấm “Trở về màn hình trước”", en="Press “To the screen before”")


def in_words(machine: Machine, actions: Iterable[Action], render: Render) -> list[str]:
    """A line of HTML for each action."""
    return [_words(machine, action, render) for action in actions]


def _words(machine: Machine, action: Action, render: Render) -> str:
    if action[0] == "back":
        return render(_BACK)
    control = machine.controls[action[1]]
    element, part, typed = control.element, control.part, ""
    if action[0] == "tap":
        sentence = _ROW if element.list_ is not None else _TAP
    elif action[0] == "switch":
        sentence = _ON if action[2] else _OFF
    elif action[0] == "choose":
        sentence, typed = _CHOOSE, render(offered(element, action[2]).text)
    else:
        sentence = _CLEAR if not action[2].strip() else _MASKED if element.masked else _TYPE
        typed = escape(action[2])
    # The typed text last: it may hold braces of its own.
    return render(sentence).replace("{label}", render(label(part))).replace("{typed}", typed)


def label(part: Element | Tapped) -> Text:
    """The words on a control."""
    if isinstance(part, Element):
        return part.label
    return part.text
