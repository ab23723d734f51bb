"""The short way of an answer: from uvicorn's parser straight to the quiz API and back in one write.

A class sends hardly anything but answers, and on the ordinary way uvicorn and our layers spend more on each than marking
and keeping it: a description of the request that nobody reads, ten headers checked one by one with regular expressions,
head and body in two system calls. Whatever is not an ordinary answer from our own page (another origin, no length, too
long, sent before the last reply came) takes the ordinary way, where everything is checked and refused.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from bdhvs.server.api import HttpReply
from bdhvs.server.connections import BoundedProtocol
from bdhvs.server.security import is_same_origin, length_problem

Headers = dict[bytes, bytes]
#: The reply to the headers and the body of a request; it raises nothing.
Answer = Callable[[Headers, bytes], Awaitable[HttpReply]]


class ShortWay(Protocol):
    """An endpoint that can be reached the short way."""

    path: bytes
    answer: Answer


def protocol_with(endpoint: ShortWay) -> Callable[..., BoundedProtocol]:
    """What uvicorn's ``http`` option takes: our protocol, POSTs to `endpoint` going the short way."""

    class ClassProtocol(BoundedProtocol):
        def on_headers_complete(self) -> None:
            headers = _of_an_ordinary_answer(self, endpoint.path)
            if headers is None:
                super().on_headers_complete()
            else:
                self._in_head = False
                self.cycle = _Answering(self, headers, endpoint.answer)  # type: ignore[assignment]  # all that uvicorn asks of one

    return ClassProtocol


def _of_an_ordinary_answer(protocol: HttpToolsProtocol, path: bytes) -> Headers | None:
    """Headers of the request whose head has just arrived when it may go the short way, else None."""
    parser = protocol.parser
    if protocol.url != path or parser.get_method() != b"POST" or parser.get_http_version() != "1.1":
        return None
    if protocol.expect_100_continue or parser.should_upgrade():
        return None
    if protocol.cycle is not None and not protocol.cycle.response_complete:
        return None
    headers = dict(protocol.headers)
    ordinary = b"transfer-encoding" not in headers and not length_problem(headers.get(b"content-length", b""))
    return headers if ordinary and is_same_origin(headers) else None


class _Answering:
    """One request on the short way, as `HttpToolsProtocol` knows a cycle of request and response.

    It is its own ``message_event``: the protocol sets that when more of the body is here, and at its end.
    """

    def __init__(self, protocol: HttpToolsProtocol, headers: Headers, answer: Answer) -> None:
        self._protocol = protocol
        self._headers = headers
        self._answer = answer
        self._begun = False
        self.body = bytearray()
        self.more_body = True
        self.response_complete = False
        self.disconnected = False
        self.keep_alive = protocol.parser.should_keep_alive()

    @property
    def message_event(self) -> _Answering:
        return self  # computed: an object that holds itself is left to the search for cyclic garbage

    def set(self) -> None:
        if self._begun or self.more_body:
            return
        self._begun = True
        tasks = self._protocol.tasks  # uvicorn waits for them when it is told to stop
        task = self._protocol.loop.create_task(self._run())
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async def _run(self) -> None:
        reply = await self._answer(self._headers, bytes(self.body))
        if self._protocol.flow.write_paused and not self.disconnected:
            await self._protocol.flow.drain()  # a phone that does not read its replies gets no more of them
        self._send(reply)

    def _send(self, reply: HttpReply) -> None:
        self.response_complete = True
        if self.disconnected:
            return
        protocol = self._protocol
        more = protocol.server_state.default_headers
        if not self.keep_alive:
            more = [*more, (b"connection", b"close")]
        head = b"".join(b"%b: %b\r\n" % pair for pair in more)
        protocol.transport.write(b"".join((STATUS_LINE[reply.status], reply.head, head, b"\r\n", reply.body)))
        if not self.keep_alive:
            protocol.transport.close()
        protocol.on_response_complete()
