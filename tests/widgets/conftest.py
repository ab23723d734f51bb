"""A real kernel, and a front end that sends and receives what a browser would."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

from bdhvs.core.identifiers import uuid7

PATIENCE_S = 60
CHECKOUT = Path(__file__).parents[2]


@dataclass
class Front:
    """The browser's side of a kernel: executes cells, speaks over widgets' comms, keeps all that ever arrived."""

    client: BlockingKernelClient
    received: list[dict[str, Any]] = field(default_factory=list)

    def execute(self, code: str) -> dict[str, Any]:
        """Run a cell; its content of ``execute_result`` (empty when it shows nothing)."""
        asked = self.client.execute(code)
        shown: dict[str, Any] = {}
        for message in self._until(lambda one: one["msg_type"] == "status" and one["content"]["execution_state"] == "idle", asked):
            if message["msg_type"] == "execute_result":
                shown = message["content"]
            assert message["msg_type"] != "error", message["content"]
        return shown

    def send(self, comm: str, data: Any) -> str:
        """A raw comm message; gives its id."""
        message = self.client.session.msg("comm_msg", {"comm_id": comm, "data": data})
        self.client.shell_channel.send(message)
        return str(message["header"]["msg_id"])

    def ask(self, comm: str, message: Any) -> tuple[int, dict[str, Any]]:
        """A protocol message as the widget's front end wraps it; status and reply."""
        number = secrets.randbits(40)
        self.send(comm, {"method": "custom", "content": {"request": number, "message": message}})

        def is_reply(one: dict[str, Any]) -> bool:
            content = (one["content"].get("data") or {}).get("content") if one["msg_type"] == "comm_msg" else None
            return isinstance(content, dict) and content.get("reply") == number

        content = list(self._until(is_reply))[-1]["content"]["data"]["content"]
        return content["status"], content["message"]

    def settle(self, asked: str) -> list[dict[str, Any]]:
        """What arrived until the kernel was done with a message."""
        return list(self._until(lambda one: one["msg_type"] == "status" and one["content"]["execution_state"] == "idle", asked))

    def text(self) -> str:
        """Everything that ever arrived, as text."""
        return "\n".join(str({"type": one["msg_type"], "content": one["content"]}) for one in self.received)

    def _until(self, is_last: Any, parent: str | None = None) -> Iterator[dict[str, Any]]:
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            try:
                message = self.client.get_iopub_msg(timeout=1)
            except Empty:
                continue
            self.received.append(message)
            yield message
            if is_last(message) and parent in (None, message["parent_header"].get("msg_id")):
                return
        raise TimeoutError(f"nothing came in {PATIENCE_S} s; last: {self.received[-3:]}")


@contextmanager
def kernel(home: Path) -> Iterator[Front]:
    """A kernel whose user's data lie in `home`."""
    env = {**os.environ, "XDG_DATA_HOME": str(home), "PYTHONWARNINGS": "default"}
    env.pop("PYTEST_CURRENT_TEST", None)
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(CHECKOUT), env=env)
    try:
        yield Front(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def front(home: Path) -> Iterator[Front]:
    with kernel(home) as one:
        yield one


def shown_quiz(front: Front, form: str, more: str = "") -> str:
    """Execute a quiz cell; the id of its comm."""
    data = front.execute(f"import bdhvs\nbdhvs.quiz({form!r}{more})")["data"]
    return str(data["application/vnd.jupyter.widget-view+json"]["model_id"])


def new_event() -> str:
    return uuid7(time.time_ns() // 1000, secrets.token_bytes(10))


def raw_answer(item: Any, shown: dict[str, Any], response: dict[str, Any]) -> dict[str, Any]:
    """A response in the author's ids as this screen calls them, found by the texts shown."""
    from bdhvs.service.views import inline

    render = inline("vi")

    def places(name: str) -> dict[str, str]:
        by_text = {part["html"]: part["id"] for part in shown["body"][name]}
        return {part.id: by_text[render(part.text)] for part in getattr(item, name)}

    match item.kind:
        case "single_choice":
            return {"choice": places("options")[response["choice"]]}
        case "multiple_choice":
            return {"choices": [places("options")[one] for one in response["choices"]]}
        case "ordering":
            return {"order": [places("steps")[one] for one in response["order"]]}
        case "matching":
            rows, answers = places("rows"), places("answers")
            return {"pairs": {rows[row]: answers[one] for row, one in response["pairs"].items()}}
    return {"text": response["text"]}
