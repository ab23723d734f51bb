"""A phone: what a browser does in a class, as HTTP. It keeps a cookie and its files, and sends a fact until it is kept."""

from __future__ import annotations

import gzip
import json
import re
import secrets
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any
from urllib.parse import urlencode

from bdhvs.core.identifiers import uuid7
from bdhvs.errors import NotAllowed

TIMEOUT_S = 30
TRY_AGAIN_S = 2.0  # as the page in the browser does, when the class is away or busy
_STATIC = re.compile(r'(?:href|src)="(/static/[^"]+)"')
_QUIZ = re.compile(r'href="/kiem-tra/([^"/]+)"')
_FOR_NOW = (429, 500, 503)

Json = dict[str, Any]


class Phone:
    """One phone before the class at ``http://host:port``.

    Parameters
    ----------
    pause : called with seconds before something is tried again; it may raise to give up. None: nothing is tried again.
    """

    def __init__(self, host: str, port: int, pause: Callable[[float], object] | None = None) -> None:
        self._origin = f"http://{host}:{port}"
        self._http = HTTPConnection(host, port, timeout=TIMEOUT_S)
        self._pause = pause
        self._cookie = ""
        self._files: set[str] = set()

    def close(self) -> None:
        self._http.close()

    def visit(self, path: str) -> str:
        """The page at `path`, loaded with those of its files that this phone does not have yet.

        Raises
        ------
        NotAllowed
            with the HTTP status as its code, when the page cannot be had.
        OSError, HTTPException
            when the class cannot be reached and this phone does not try again.
        """
        page = self._got("GET", path)
        for file in dict.fromkeys(_STATIC.findall(page)):
            if file not in self._files:
                self._got("GET", file)
                self._files.add(file)
        return page

    def join(self, code: str, name: str) -> None:
        """Come into the class as the join page does. Raises as `visit`."""
        self.visit(f"/j/{code}")
        self._got("POST", "/vao", urlencode({"code": code, "name": name}), "application/x-www-form-urlencoded")

    def quizzes(self) -> list[str]:
        """The quizzes that the class's home page offers, in its order. Raises as `visit`."""
        return list(dict.fromkeys(_QUIZ.findall(self.visit("/lop"))))

    def open(self, form: str) -> Json:
        """Open a quiz, or go on with it: its page, then the reply ``opened``. Raises as `visit` and `act`."""
        self.visit(f"/kiem-tra/{form}")
        return self._sent({"type": "open", "form": form})

    def act(self, kind: str, attempt: str, **fields: Any) -> Json:
        """Do something in an attempt; back when it is kept.

        Raises
        ------
        NotAllowed
            with the code of the refusal (docs/protocol.md).
        OSError, HTTPException
            when the class cannot be reached and this phone does not try again.
        """
        event_id = uuid7(time.time_ns() // 1000, secrets.token_bytes(10))
        return self._sent({"type": kind, "attempt": attempt, "event_id": event_id, **fields})

    def _sent(self, message: Json) -> Json:
        status, body = self._persistent("POST", "/api/quiz", json.dumps({"v": 1, **message}), "application/json")
        reply: Json = json.loads(body)
        if status != 200:
            raise NotAllowed(str(reply.get("text", "")), str(reply.get("code", status)))
        return reply

    def _got(self, method: str, path: str, body: str | None = None, kind: str = "") -> str:
        status, page = self._persistent(method, path, body, kind)
        if status not in (200, 303):
            raise NotAllowed(f"{method} {path} was answered with {status}", str(status))
        return page

    def _persistent(self, method: str, path: str, body: str | None, kind: str) -> tuple[int, str]:
        """Status and text of the response, asked for again while the class is away or busy."""
        while True:
            try:
                response, text = self._asked(method, path, body, kind)
                if response.status not in _FOR_NOW or self._pause is None:
                    return response.status, text
            except (OSError, HTTPException):
                self._http.close()  # the next request connects anew
                if self._pause is None:
                    raise
            self._pause(TRY_AGAIN_S)

    def _asked(self, method: str, path: str, body: str | None, kind: str) -> tuple[HTTPResponse, str]:
        headers = {"Origin": self._origin, "Accept-Encoding": "gzip"}
        if kind:
            headers["Content-Type"] = kind
        if self._cookie:
            headers["Cookie"] = self._cookie
        self._http.request(method, path, body.encode() if body is not None else None, headers)
        response = self._http.getresponse()
        data = response.read()
        if cookie := response.getheader("set-cookie"):
            self._cookie = cookie.partition(";")[0]
        return response, (gzip.decompress(data) if response.getheader("content-encoding") == "gzip" else data).decode()
