"""A learner as the protocol sees one, and a class server as a process of its own: for tests that use the real thing.

::

    with ClassProcess(tmp_path / "data") as room:
        learner = ApiLearner(room.url)
        learner.join(room.code, "Lan")
        for item in learner.open("thu-suc")["items"]:
            learner.answer(item)
        learner.finish()
"""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import httpx

from bdhvs.core.identifiers import uuid7
from bdhvs.rehearsal.answers import some_answer

Reply = dict[str, Any]

PATIENCE_S = 120  # how long a message is tried again; only a server that never comes back takes so long
PAUSE_S = 0.05
_HIDING = "import sys; sys.modules.update({}); from bdhvs.cli import main; main()"


def event_id() -> str:
    """A new id for something a learner does."""
    return uuid7(time.time_ns() // 1000, os.urandom(10))


def some_response(item: Reply) -> Reply:
    """A complete answer to an item as it is shown: always the same, right or wrong as it happens."""
    body = item["body"]
    match item["kind"]:
        case "single_choice" | "self_assessment":
            return {"choice": body["options"][0]["id"]}
        case "multiple_choice":
            return {"choices": [body["options"][0]["id"]]}
        case "numeric":
            return {"text": "12"}
        case "short_text":
            return {"text": "mã OTP"}
        case "ordering":
            return {"order": [step["id"] for step in body["steps"]]}
        case "matching":
            rows, answers = ([part["id"] for part in body[name]] for name in ("rows", "answers"))
            return {"pairs": dict(zip(rows, answers, strict=False))}
        case "categorise":
            return {"pairs": {row["id"]: body["answers"][0]["id"] for row in body["rows"]}}
        case "hotspot":
            return {"choices": [body["spots"][0]["id"]]}
        case "simulation":
            return some_answer(item, random.Random(1))  # its actions must be possible, so they are found as a rehearsal does
    raise AssertionError(f"no answer is known for items of kind {item['kind']!r}")


class ApiLearner:
    """One learner over HTTP, who keeps every message until it is acknowledged, as the page in the browser does.

    Attributes
    ----------
    attempt : id of the attempt opened last.
    acknowledged : ids of facts the server said were kept, in order.
    tried_again : messages that had to be sent once more.
    """

    def __init__(self, url: str) -> None:
        # No proxy of the environment stands between a test and its own machine.
        self._http = httpx.Client(base_url=url, headers={"origin": url}, timeout=30, trust_env=False)
        self.attempt = ""
        self.acknowledged: list[str] = []
        self.tried_again = 0

    def close(self) -> None:
        self._http.close()

    def join(self, code: str, name: str) -> None:
        """Come into the class; the cookie is kept from now on."""
        response = self._http.post("/vao", data={"code": code, "name": name})
        assert response.status_code == 303, response.text

    def open(self, form: str) -> Reply:
        """Open a form, or go on with it."""
        opened = self.send({"type": "open", "form": form})
        self.attempt = opened["attempt"]
        return opened

    def answer(self, item: Reply) -> Reply:
        """Answer an item of what `open` gave."""
        response = some_response(item)
        return self.act("answer", item=item["id"], version=item["version"], response=response)

    def finish(self) -> Reply:
        """Hand in."""
        return self.act("finish")

    def act(self, kind: str, **fields: Any) -> Reply:
        """Do something in the attempt; done when the server says that it is kept."""
        own_id = event_id()
        reply = self.send({"type": kind, "attempt": self.attempt, "event_id": own_id, **fields})
        assert reply["event_id"] == own_id
        self.acknowledged.append(own_id)
        return reply

    def send(self, message: Reply) -> Reply:
        """The reply to a message, sent again while the server is away or cannot keep it."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                response = self._http.post("/api/quiz", json={"v": 1, **message})
            except httpx.TransportError:
                response = None
            if response is not None and response.status_code not in (429, 503):
                assert response.status_code == 200, response.text
                reply: Reply = response.json()
                return reply
            assert time.monotonic() < deadline, "the server did not come back"
            self.tried_again += 1
            time.sleep(PAUSE_S)


class ClassProcess:
    """``bdhvs serve`` on a data folder, on a port of this machine that stays the same over restarts.

    ``without`` are modules the process cannot import, as on a machine where they are not installed.
    """

    def __init__(self, data: Path, *options: str, without: Sequence[str] = ()) -> None:
        self.data = data
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.code = ""
        self.teacher_url = ""
        self._program = ["-c", _HIDING.format(dict.fromkeys(without))] if without else ["-m", "bdhvs"]
        self._options = options
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Start, or start again; returns when the class has announced itself."""
        command = [sys.executable, *self._program, "serve", str(self.data), "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--json", "--no-browser", *self._options]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line.startswith("{"), "the class server did not start"
        told = json.loads(line)
        self.code, self.teacher_url = told["code"], told["teacher_url"]

    def stop(self) -> int:
        """Ask the process to end (SIGTERM), as a service manager does. Its exit code."""
        assert self._process is not None
        self._process.terminate()
        code = self._process.wait(PATIENCE_S)
        self.kill()
        return code

    def kill(self) -> None:
        """End the process at once, with no chance to tidy up (``kill -9``)."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            if self._process.stdout:
                self._process.stdout.close()
            self._process = None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
