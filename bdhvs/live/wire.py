"""How a kernel's message lies in a websocket frame: as one JSON text, or as parts with offsets.

Jupyter has two protocols (https://jupyter-server.readthedocs.io/en/latest/developers/websocket-protocols.html). A browser
offers the second and gives a connection up that does not take it, only to come again a second later with the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Protocol

import msgspec

PARTS = "v1.kernel.websocket.jupyter.org"
MOST_PARTS = 4096
_NAMES = ("header", "parent_header", "metadata", "content")


class UnreadableError(ValueError):
    """A frame that holds no message."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message without its binary parts."""

    channel: str
    header: Mapping[str, Any]
    content: Mapping[str, Any]
    parent_header: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)


class Wire(Protocol):
    """One of the protocols. ``name`` is what both ends agree on; None for the first, which has no name."""

    name: str | None

    def read(self, raw: str | bytes) -> Message:
        """The message in a frame.

        Raises
        ------
        UnreadableError
            when there is none.
        """
        ...

    def write(self, message: Message) -> str | bytes:
        """The frame of a message."""
        ...


class TextWire:
    """The first protocol: JSON; a message with binary parts has a count, big-endian offsets, the JSON, the parts."""

    name: str | None = None

    def read(self, raw: str | bytes) -> Message:
        return _message(_decoded(raw if isinstance(raw, str) else _first_part(raw)))

    def write(self, message: Message) -> str:
        parts = {name: getattr(message, name) for name in _NAMES}
        return msgspec.json.encode({**parts, "channel": message.channel, "buffers": []}).decode()


class PartsWire:
    """The second protocol: a count, little-endian offsets, the channel's name, four JSON parts, binary parts."""

    name: str | None = PARTS

    def read(self, raw: str | bytes) -> Message:
        if isinstance(raw, str):
            raise UnreadableError("text where parts were agreed on")
        numbers = int.from_bytes(raw[:8], "little")
        if not len(_NAMES) + 2 <= numbers <= MOST_PARTS:
            raise UnreadableError("too few parts, or too many")
        at = [int.from_bytes(raw[8 * n : 8 * (n + 1)], "little") for n in range(1, len(_NAMES) + 3)]
        parts = [raw[begin:end] for begin, end in pairwise(at)]
        texts = {name: _decoded(part) for name, part in zip(_NAMES, parts[1:], strict=True)}
        return _message({"channel": parts[0].decode("utf-8", "replace"), **texts})

    def write(self, message: Message) -> bytes:
        parts = [message.channel.encode(), *(msgspec.json.encode(getattr(message, name)) for name in _NAMES)]
        at = [8 * (len(parts) + 2)]
        for part in parts:
            at.append(at[-1] + len(part))
        return b"".join([*(number.to_bytes(8, "little") for number in (len(at), *at)), *parts])


def agreed(offered: list[str]) -> Wire:
    """The protocol to speak with somebody who offers these."""
    return PartsWire() if PARTS in offered else TextWire()


def _first_part(raw: bytes) -> bytes:
    count = int.from_bytes(raw[:4], "big")
    start = int.from_bytes(raw[4:8], "big")
    return raw[start : int.from_bytes(raw[8:12], "big") if count > 1 else len(raw)]


def _decoded(raw: str | bytes) -> Any:
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableError("no JSON") from error


def _message(said: Any) -> Message:
    if not isinstance(said, dict):
        raise UnreadableError("no message")
    parts = {name: said.get(name) or {} for name in _NAMES}
    if not all(isinstance(part, dict) for part in parts.values()):
        raise UnreadableError("a part of a message is no table of names and values")
    return Message(str(said.get("channel") or "shell"), **parts)
