"""What a page says to its kernel over the websocket, in words; hostile pages say more."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.live.conftest import Joined

PARTS = "v1.kernel.websocket.jupyter.org"


@dataclass(frozen=True)
class Written:
    """How Jupyter itself writes and reads messages."""

    pack: Callable[[dict[str, Any]], str | bytes]
    unpack: Callable[[Any], dict[str, Any]]


def _parts(raw: bytes) -> dict[str, Any]:
    channel, parts = deserialize_msg_from_ws_v1(raw)
    names = ("header", "parent_header", "metadata", "content")
    return {"channel": channel, **{name: json.loads(part) for name, part in zip(names, parts, strict=False)}}


FIRST = Written(json.dumps, json.loads)
SECOND = Written(lambda said: serialize_msg_to_ws_v1(said, said["channel"], lambda part: json.dumps(part).encode()), _parts)


class Talk:
    """A websocket of a learner's to a kernel. ``offered`` are the protocols a page names: browsers name the second one."""

    def __init__(self, who: Joined, kernel: str, offered: tuple[str, ...] = (), **headers: str) -> None:
        address = who.socket(kernel, uuid.uuid4().hex)
        self._open = ExitStack()
        protocols = [Subprotocol(one) for one in offered] or None
        self.socket: ClientConnection = self._open.enter_context(
            connect(address, additional_headers={**who.headers, **headers}, subprotocols=protocols, max_size=None)
        )
        self.wire = SECOND if self.socket.subprotocol else FIRST
        self.session = uuid.uuid4().hex
        self.comm = uuid.uuid4().hex

    def send(self, kind: str, content: dict[str, Any], channel: str = "shell") -> str:
        """Send a message as JupyterLab writes it; its id."""
        msg_id = uuid.uuid4().hex
        header = {"msg_id": msg_id, "msg_type": kind, "username": "", "session": self.session, "date": "", "version": "5.3"}
        whole = {"header": header, "parent_header": {}, "metadata": {"version": "2.1.0"}, "content": content}
        self.socket.send(self.wire.pack({**whole, "channel": channel, "buffers": []}))
        return msg_id

    def comm_msg(self, comm: str, data: dict[str, Any]) -> str:
        return self.send("comm_msg", {"comm_id": comm, "data": data})

    def hear(self, patience_s: float = 2.0) -> list[dict[str, Any]]:
        """All messages until nothing comes for so long."""
        heard = []
        while True:
            try:
                raw = self.socket.recv(timeout=patience_s)
            except (TimeoutError, ConnectionClosed):
                return heard
            heard.append(self.wire.unpack(raw))

    def widgets(self) -> dict[str, dict[str, Any]]:
        """State of every widget, by the model's id."""
        self.send("comm_open", {"comm_id": self.comm, "target_name": "jupyter.widget.control", "data": {}})
        self.comm_msg(self.comm, {"method": "request_states"})
        for _ in range(5000):  # after a flood its replies come first
            raw = self.socket.recv(timeout=8)
            data = self.wire.unpack(raw)["content"].get("data", {})
            if isinstance(data, dict) and data.get("method") == "update_states":
                return {one: about["state"] | {"_model": about["model_name"]} for one, about in data["states"].items()}
        raise AssertionError("no widgets")

    def again(self) -> dict[str, dict[str, Any]]:
        """State of every widget now, over a new control channel."""
        self.comm = uuid.uuid4().hex
        return self.widgets()

    def send_until_closed(self, raw: str) -> None:
        """Send something and listen on; raises ``ConnectionClosed`` when the other end has had enough."""
        self.socket.send(raw)
        for _ in range(50):
            self.socket.recv(timeout=10)

    def flood(self, messages: int) -> None:
        """Send harmless questions, as fast as can be."""
        for _ in range(messages):
            self.send("comm_info_request", {})

    def close(self) -> None:
        self._open.close()
