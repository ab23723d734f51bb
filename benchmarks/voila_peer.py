"""Plain Voilà as a process of its own, and what a browser says to it until the widgets can be drawn."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from running import HOST, end, free_port
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

NOTEBOOK = Path(__file__).with_name("voila_quiz.ipynb")
START_TIMEOUT_S = 60
LEARNER_TIMEOUT_S = 180


@dataclass(frozen=True)
class RunningVoila:
    """Voilà with the notebook, ready for visitors."""

    process: subprocess.Popen[bytes]
    port: int


@contextmanager
def running_voila(notebook: Path = NOTEBOOK) -> Iterator[RunningVoila]:
    """Voilà with one notebook, as its own command starts it: the whole page after the notebook was executed."""
    port = free_port()
    command = [sys.executable, "-m", "voila", str(notebook), "--no-browser", f"--port={port}", f"--Voila.ip={HOST}"]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_until_it_answers(process, port)
        yield RunningVoila(process, port)
    finally:
        end(process)  # its kernels end with it


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://{HOST}:{port}/voila/static/none", timeout=2)
        except urllib.error.HTTPError:
            return  # it answers, though it has no such file; a visit to / would start a kernel
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("Voilà did not start")


async def visit(port: int) -> float:
    """Seconds until the page is complete (its cells executed) and the state of its widgets has come."""
    begin = time.perf_counter()
    client = AsyncHTTPClient()
    page = await client.fetch(f"http://{HOST}:{port}/", request_timeout=LEARNER_TIMEOUT_S, connect_timeout=LEARNER_TIMEOUT_S)
    found = re.search(rb'kernelId": "([0-9a-f-]+)"', page.body)
    if found is None:
        raise RuntimeError("a page of Voilà without a kernel")
    cookies = "; ".join(one.partition(";")[0] for one in page.headers.get_list("Set-Cookie"))
    session = uuid.uuid4().hex
    address = f"ws://{HOST}:{port}/api/kernels/{found[1].decode()}/channels?session_id={session}"
    socket = await websocket_connect(HTTPRequest(address, headers={"Cookie": cookies}, request_timeout=LEARNER_TIMEOUT_S))
    comm = uuid.uuid4().hex
    await socket.write_message(message(session, "comm_open", {"comm_id": comm, "target_name": "jupyter.widget.control", "data": {}}))
    await socket.write_message(message(session, "comm_msg", {"comm_id": comm, "data": {"method": "request_states"}}))
    while time.perf_counter() - begin < LEARNER_TIMEOUT_S:
        received = await asyncio.wait_for(socket.read_message(), LEARNER_TIMEOUT_S)
        if received is None:
            raise RuntimeError("Voilà closed the connection")
        if b"update_states" in (received.encode() if isinstance(received, str) else received):
            took = time.perf_counter() - begin
            socket.close()
            return took
    raise TimeoutError(f"no widgets after {LEARNER_TIMEOUT_S} s")


def message(session: str, kind: str, content: dict[str, Any]) -> str:
    """A message of a page to its kernel, as JupyterLab writes it."""
    header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "username": "", "session": session, "date": "", "version": "5.3"}
    return json.dumps(
        {"header": header, "parent_header": {}, "metadata": {"version": "1.0.0"}, "content": content, "channel": "shell", "buffers": []}
    )
