"""What a browser may say to a kernel, and what it may hear.

It stands in the class server, before Voilà: there the learner is known, a message is read once, and whatever is wrong in
Voilà or in a kernel is behind it. Voilà's own list of message types stays as a second fence.

A message is never passed on as it came: the few that a live page needs are made anew from checked parts. Every synced
trait of a widget can be read by the browser, shown or not, so nothing secret belongs into one; written may be only what
an input is for (`WRITABLE`). Custom messages reach the widget, which reads them as hostile.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from bdhvs.live.wire import Message, TextWire, UnreadableError, Wire

MOST_BYTES = 65_536  # a program has 20,000 signs at most; an answer to a widget a few hundred bytes
BURST, PER_SECOND = 300, 40  # opening a page asks for each widget once
MOST_CONTROLS = 8  # times that one connection may ask for the state of all widgets
MOST_WIDGETS = 20_000
CONTROL, CONTROL_VERSION = "jupyter.widget.control", "1.0.0"
WIDGET = "jupyter.widget"
#: What is left of an error: that there was one.
NOTHING_SAID = {"status": "error", "ename": "Error", "evalue": "", "traceback": [], "execution_count": 0}
_WORD = re.compile(r"[A-Za-z0-9_-]{1,64}")

_VALUE = frozenset({"value"})
_INDEX = frozenset({"index"})
#: Traits that a browser may write, by the model's name. What is not here may be written by the kernel only.
WRITABLE: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            *("IntSliderModel", "FloatSliderModel", "FloatLogSliderModel", "IntRangeSliderModel", "FloatRangeSliderModel"),
            *("IntTextModel", "BoundedIntTextModel", "FloatTextModel", "BoundedFloatTextModel", "PlayModel"),
            *("TextModel", "TextareaModel", "ComboboxModel", "CheckboxModel", "ToggleButtonModel"),
            *("DatePickerModel", "TimeModel", "ColorPickerModel"),
        ),
        _VALUE,
    ),
    **dict.fromkeys(
        (
            *("DropdownModel", "RadioButtonsModel", "SelectModel", "SelectMultipleModel", "ToggleButtonsModel"),
            *("SelectionSliderModel", "SelectionRangeSliderModel"),
        ),
        _INDEX,
    ),
    **dict.fromkeys(("TabModel", "AccordionModel", "StackModel"), frozenset({"selected_index"})),
}


class HostileError(Exception):
    """The connection goes beyond what any page of ours does, and is to be closed; ``code`` is the websocket's reason."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


class Conversation:
    """One websocket between a page and its kernel.

    Parameters
    ----------
    clock : gives seconds that never jump back.
    wire : how both ends write their messages.
    """

    def __init__(self, clock: Callable[[], float], wire: Wire | None = None) -> None:
        self._clock = clock
        self._wire = wire or TextWire()
        self._tokens, self._at = float(BURST), clock()
        self._models: dict[str, str] = {}  # widget's id → its model's name, as the kernel said
        self._controls: set[str] = set()
        self._asked = 0

    def from_browser(self, raw: str | bytes) -> str | bytes | None:
        """The message to hand to the kernel; None when it is dropped.

        Raises
        ------
        HostileError
            for a flood or a message that is too large.
        """
        if len(raw) > MOST_BYTES:
            raise HostileError(1009, "message too large")
        self._count()
        try:
            message = self._wire.read(raw)
        except UnreadableError:
            return None
        kind, msg_id, session = (message.header.get(name) for name in ("msg_type", "msg_id", "session"))
        if message.channel != "shell" or not (isinstance(kind, str) and _is_word(msg_id) and _is_word(session)):
            return None
        checked = self._checked(kind, message.content)
        return None if checked is None else self._wire.write(_made(kind, str(msg_id), str(session), checked))

    def from_kernel(self, raw: str | bytes) -> str | bytes | None:
        """The message to hand to the browser; None when it is dropped. Tracebacks, which hold source, are emptied."""
        try:
            message = self._wire.read(raw)
        except UnreadableError:
            return None
        kind, content = message.header.get("msg_type"), message.content
        if kind == "execute_input" or (kind == "stream" and content.get("name") == "stderr"):
            return None
        if kind == "error" or "traceback" in content:
            return self._wire.write(replace(message, content=NOTHING_SAID))
        for model_id, name in _models_in(kind, content):
            if len(self._models) < MOST_WIDGETS:
                self._models[model_id] = name
        return raw

    # ── inside ──────────────────────────────────────────────────────────────────────────────────────

    def _count(self) -> None:
        now = self._clock()
        self._tokens = min(float(BURST), self._tokens + (now - self._at) * PER_SECOND)
        self._at = now
        if self._tokens < 1:
            raise HostileError(1008, "too many messages")
        self._tokens -= 1

    def _checked(self, kind: str, content: Mapping[str, Any]) -> dict[str, Any] | None:
        if kind == "kernel_info_request":
            return {}
        if kind == "comm_info_request":
            return {"target_name": WIDGET}
        comm, data = content.get("comm_id"), content.get("data")
        if not _is_word(comm):
            return None
        if kind == "comm_open":
            return self._control(str(comm), content.get("target_name"))
        if kind == "comm_close" and comm in self._controls:
            self._controls.discard(comm)
            return {"comm_id": comm, "data": {}}
        if kind == "comm_msg" and isinstance(data, dict):
            said = self._said(str(comm), data)
            return None if said is None else {"comm_id": comm, "data": said}
        return None

    def _control(self, comm: str, target: Any) -> dict[str, Any] | None:
        """Opening the channel by which a page asks for its widgets; opening anything else would make a widget."""
        if target != CONTROL or comm in self._models or len(self._controls) >= MOST_CONTROLS:
            return None
        self._controls.add(comm)
        return {"comm_id": comm, "target_name": CONTROL, "data": {}}

    def _said(self, comm: str, data: dict[str, Any]) -> dict[str, Any] | None:
        method = data.get("method")
        if comm in self._controls:
            self._asked += 1
            return {"method": "request_states"} if method == "request_states" and self._asked <= MOST_CONTROLS else None
        if comm not in self._models:
            return None
        if method == "request_state":
            return {"method": "request_state"}
        if method == "custom" and isinstance(data.get("content"), dict):
            return {"method": "custom", "content": data["content"]}
        if method == "update" and isinstance(data.get("state"), dict):
            writable = WRITABLE.get(self._models[comm], frozenset())
            state = {name: value for name, value in data["state"].items() if name in writable}
            return {"method": "update", "state": state, "buffer_paths": []} if state else None
        return None


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and _WORD.fullmatch(value) is not None


def _made(kind: str, msg_id: str, session: str, content: dict[str, Any]) -> Message:
    header = {"msg_id": msg_id, "msg_type": kind, "username": "", "session": session, "date": "", "version": "5.3"}
    return Message("shell", header, content, metadata={"version": CONTROL_VERSION} if kind == "comm_open" else {})


def _models_in(kind: object, content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Widgets that a message of the kernel tells of."""
    data = content.get("data")
    if not isinstance(data, dict):
        return
    if kind == "comm_open" and content.get("target_name") == WIDGET:
        state = data.get("state")
        if isinstance(state, dict):
            yield str(content.get("comm_id")), str(state.get("_model_name", ""))
    if kind == "comm_msg" and data.get("method") == "update_states" and isinstance(data.get("states"), dict):
        for model_id, about in data["states"].items():
            yield model_id, str(about.get("model_name", "")) if isinstance(about, dict) else ""
