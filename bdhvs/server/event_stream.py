"""Server-sent events: a response that stays open, and how all of them end together.

uvicorn's stop waits for open responses, so whoever stops the class ends the streams first (`EventStreams.end`).
Plain ASGI and not Starlette's ``StreamingResponse``: every phone of a class holds one stream.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from starlette.types import Receive, Send

PING_S = 15.0  # a line without meaning, so that neither side nor anything between takes the silence for an end
RETRY_MS = 3_000  # after how long a browser comes again when the stream broke off
PING = b": \n\n"

#: What to send now; empty when there is nothing new.
Look = Callable[[], bytes]

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # a proxy that collects the stream would deliver it at its end
]


def event(name: str, data: bytes) -> bytes:
    """An event of one line of data (JSON has no line breaks of its own)."""
    return b"event: %b\ndata: %b\n\n" % (name.encode(), data)


class EventStream:
    """One open response.

    Parameters
    ----------
    look_s : after how many seconds to look again when nobody called `wake`.
    pause_s : seconds between two events at the least; what happens meanwhile goes out together.
    """

    def __init__(self, *, look_s: float = PING_S, pause_s: float = 0.0) -> None:
        self._look_s = look_s
        self.pause_s = pause_s
        self._news = asyncio.Event()
        self._over = asyncio.Event()

    def wake(self) -> None:
        """There may be something new."""
        self._news.set()

    def end(self) -> None:
        """Finish the response in order."""
        self._over.set()
        self._news.set()

    async def run(self, receive: Receive, send: Send, look: Look) -> None:
        """Send what `look` gives, until the reader leaves or `end` is called."""
        leaving = asyncio.create_task(self._end_when_left(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": list(_HEADERS)})
            await _body(send, b"retry: %d\n\n" % RETRY_MS)
            await self._send_news(send, look)
            await send({"type": "http.response.body", "body": b""})
        finally:
            leaving.cancel()

    async def _send_news(self, send: Send, look: Look) -> None:
        clock = asyncio.get_running_loop().time
        spoken_at = clock()
        while not self._over.is_set():
            self._news.clear()
            said = look()
            if said or clock() - spoken_at >= PING_S:
                await _body(send, said or PING)
                spoken_at = clock()
                await _within(self.pause_s, self._over)
            await _within(min(self._look_s, max(0.0, PING_S - (clock() - spoken_at))), self._news)

    async def _end_when_left(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.end()


async def _body(send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})


async def _within(seconds: float, happening: asyncio.Event) -> None:
    """Wait for `happening`, at most so long."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await happening.wait()


class EventStreams:
    """All open streams of a class."""

    def __init__(self) -> None:
        self._open: set[EventStream] = set()
        self._ended = False

    def __len__(self) -> int:
        return len(self._open)

    async def run(self, stream: EventStream, receive: Receive, send: Send, look: Look) -> None:
        """Run a stream that ends with the class at the latest."""
        if self._ended:
            stream.end()
        self._open.add(stream)
        try:
            await stream.run(receive, send, look)
        finally:
            self._open.discard(stream)

    def end(self) -> None:
        """End all; a stream that is opened afterwards ends at once."""
        self._ended = True
        for stream in list(self._open):
            stream.end()
