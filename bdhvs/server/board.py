"""The live board over HTTP: its feed, the same as one JSON for those without a stream, and the projector's page.

All three only for the holder of the teacher's cookie.
"""

from __future__ import annotations

import time

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bdhvs.i18n import translator
from bdhvs.server.board_texts import health_sentence
from bdhvs.server.context import ClassContext
from bdhvs.server.event_stream import EventStream, Look, event
from bdhvs.server.html import chosen_language, page
from bdhvs.server.qr import qr_svg
from bdhvs.server.visitors import is_teacher, teacher_only
from bdhvs.service.board_view import BoardView, Looking
from bdhvs.service.projected import projected
from bdhvs.store.times import now_us

PAUSE_S = 0.3  # between two views; forty people answering at once are one change
LOOK_S = 2.0  # what time alone changes (somebody is away now) is seen after so long
MOST_CHARS = 80  # of an id in the address; longer ones name nothing of ours

_encode = msgspec.json.Encoder().encode


class Shown(msgspec.Struct, frozen=True):
    """What a board is sent: its view, and what keeps answers from being saved, in words (None: nothing)."""

    health: str | None
    view: BoardView


class BoardPages:
    """Endpoints of the board."""

    def __init__(self, context: ClassContext) -> None:
        self._context = context

    async def feed(self, request: Request) -> Response:
        """``/gv/dong``: an event ``board`` with the whole view at each change (see `_looking` for what may be asked)."""
        if not is_teacher(self._context, request):
            return teacher_only(request)
        return _Feed(self._context, self._look(_looking(request), chosen_language(request)))

    async def now(self, request: Request) -> Response:
        """``/gv/bang.json``: the view once."""
        if not is_teacher(self._context, request):
            return teacher_only(request)
        body = self._stamped(self._shown(_looking(request), chosen_language(request)))
        return Response(body, media_type="application/json")

    async def projector(self, request: Request) -> Response:
        """``/gv/chieu``: how to come in, and how many are in, in letters for the back row. No names."""
        if not is_teacher(self._context, request):
            return teacher_only(request)
        context = self._context
        base = context.address(request)
        lang = chosen_language(request)
        view = context.board.view(Looking(names=False), lang)
        return page(
            request,
            "projector.html",
            room=context.room,
            counts=view.counts,
            shown=projected(context.board, context.bank, lang),
            join_url=f"{base}/j/{context.room.code}",
            qr=qr_svg(f"{base}/j/{context.room.code}"),
        )

    def _look(self, looking: Looking, lang: str) -> Look:
        shown_last = b""

        def look() -> bytes:
            nonlocal shown_last
            shown = self._shown(looking, lang)
            if shown == shown_last:
                return b""
            shown_last = shown
            return event("board", self._stamped(shown))

        return look

    def _shown(self, looking: Looking, lang: str) -> bytes:
        context = self._context
        health = health_sentence(context.store.health, translator(lang))
        return _encode(Shown(health, context.board.view(looking, lang)))

    def _stamped(self, shown: bytes) -> bytes:
        """With the server's time, by which a browser with a clock of its own tells how long ago something was."""
        return b'{"now_ms":%d,%b' % (now_us() // 1000, shown[1:])


class _Feed(Response):
    """A response that is the stream."""

    def __init__(self, context: ClassContext, look: Look) -> None:
        super().__init__()
        self._context = context
        self._look = look

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        pause = PAUSE_S

        def look() -> bytes:
            begin = time.perf_counter()
            said = self._look()
            # A board of thousands takes its time: at most a tenth of the server's.
            stream.pause_s = max(pause, 10 * (time.perf_counter() - begin))
            return said

        stream = EventStream(look_s=LOOK_S, pause_s=pause)
        with self._context.board.watched_by(stream.wake):
            await self._context.streams.run(stream, receive, send, look)


def _looking(request: Request) -> Looking:
    """What the address asks for: ``form``, ``item``, and ``marks``, ``key``, ``names`` as 0 or 1."""
    asked = request.query_params

    def flag(name: str, default: str) -> bool:
        return asked.get(name, default) == "1"

    return Looking(
        form=asked.get("form", "")[:MOST_CHARS],
        item=asked.get("item", "")[:MOST_CHARS],
        marks=flag("marks", "0"),
        key=flag("key", "0"),
        names=flag("names", "1"),
    )
