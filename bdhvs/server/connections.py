"""How long and how much a connection may take to say what it wants.

uvicorn with httptools waits for ever for the rest of a request and keeps whatever has come of it: one phone that sends
a head without end would fill the laptop's memory, and one that opens connections and falls silent would use them up.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections import Counter
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEAD_BYTES = 32_768  # a phone's request has about 700, with other programs' cookies for this machine some 4,000
MOST_UNREAD_BYTES = 1_000_000  # a body that is refused unread may still run on so far, so that its sender sees why
MOST_SECONDS = 30.0  # for one whole request; the longest lawful one takes 16 s on the slowest phone network
#: A school may sit behind one address, each phone with up to six connections; a flood has no more than 65,000.
MOST_FROM_ONE_ADDRESS = 4_096
#: A phone that went out of reach says nothing; what was sent to it and not received for so long tells. Linux; other
#: systems give up after a time of their own.
MOST_UNRECEIVED_MS = 20_000


class BoundedProtocol(HttpToolsProtocol):
    """What uvicorn's ``http`` option takes: closes connections that say too much or too little."""

    _per_address: ClassVar[Counter[str]] = Counter()

    def __init__(self, *about: Any, **more: Any) -> None:
        super().__init__(*about, **more)
        self._address = ""
        self._in_head = True
        self._unfinished = False  # a request has begun and is not yet here in full
        self._bytes = 0  # of the request that is under way
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        self._per_address[self._address] += 1
        _notice_lost_phones(transport)
        if self._per_address[self._address] > MOST_FROM_ONE_ADDRESS and not is_own(self._address):
            transport.abort()
        else:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self._left()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._unfinished:
            self._bytes += len(data)
            if self._bytes > (MOST_HEAD_BYTES if self._in_head else MOST_UNREAD_BYTES):
                self._give_up()
            elif self._timer is None:
                self._wait()
        else:  # nearly always: a request comes in one piece, and no timer is ever made
            self._stop_waiting()

    def on_message_begin(self) -> None:
        self._unfinished = self._in_head = True
        self._bytes = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._unfinished = False
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        # From here on the connection is another protocol's, which has limits of its own; this one hears no more of it.
        self._unfinished = False
        self._stop_waiting()
        self._left()
        super().handle_websocket_upgrade()

    def _left(self) -> None:
        self._per_address[self._address] -= 1
        if not self._per_address[self._address]:
            del self._per_address[self._address]

    def _wait(self) -> None:
        self._timer = self.loop.call_later(MOST_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._stop_waiting()
        self.transport.abort()


def _notice_lost_phones(transport: asyncio.Transport) -> None:
    line = transport.get_extra_info("socket")
    if line is not None and hasattr(socket, "TCP_USER_TIMEOUT") and line.family in (socket.AF_INET, socket.AF_INET6):
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, MOST_UNRECEIVED_MS)


def is_own(address: str) -> bool:
    """Whether connections come from this machine: perhaps from a reverse proxy, which speaks for everybody."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:  # a socket of the file system has no address
        return True
