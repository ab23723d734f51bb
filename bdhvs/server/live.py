"""Live notebooks behind the class's address: pages, files and websockets of Voilà, for whom they belong to.

Of Voilà's addresses only those stand here that a live page needs. Who asks is known by our signed cookie; a kernel answers
the learner whose seat it is and nobody else, whatever id is in the address.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import logging
import re
import time
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from bdhvs.errors import StoreError
from bdhvs.live.hall import Seat
from bdhvs.live.live_class import LiveClass
from bdhvs.live.message_filter import Conversation, HostileError
from bdhvs.live.wire import Wire, agreed
from bdhvs.server.context import ClassContext
from bdhvs.server.html import chosen_language, page, rendered, static_url
from bdhvs.server.visitors import is_teacher, learner_of, mark_of

log = logging.getLogger("bdhvs.live")
PATIENCE_S = 2.5  # how long a page is waited for before the waiting page is shown
MOST_SOCKETS = 4  # of one seat: a second tab, and one that is being given up
MOST_WEBSOCKET_BYTES = 131_072  # larger messages end the connection before they are read in full
#: Widgets come as blob modules, and JupyterLab's rendering needs eval and inline styles. Nothing from elsewhere here either.
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline' blob:; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' data: blob:; worker-src blob:; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
FILE_FOLDERS = ("static", "labextensions", "templates")
_FILE = re.compile(r"[A-Za-z0-9@_-][A-Za-z0-9@._-]*(/[A-Za-z0-9@_-][A-Za-z0-9@._-]*)*")
_SESSION = re.compile(r"[A-Za-z0-9-]{1,64}")
_BODY = re.compile(r"<body[^>]*>")
MOST_FILES = 600


@dataclass(frozen=True, slots=True)
class _Kept:
    plain: bytes
    packed: bytes
    media_type: str


class LivePages:
    """Endpoints of the live notebooks."""

    def __init__(self, context: ClassContext, live: LiveClass) -> None:
        self._context = context
        self._live = live
        self._files: dict[str, _Kept] = {}

    def routes(self) -> list[BaseRoute]:
        return [
            *(Route(f"/song/voila/{one}/{{path:path}}", self.file, name=one) for one in FILE_FOLDERS),
            WebSocketRoute("/song/api/kernels/{kernel}/channels", self.channels),
            Route("/song/api/kernels/{kernel}", self.model),
            Route("/song/{name}", self.page),
            Route("/song/{name}/con", self.still_there),
        ]

    async def page(self, request: Request) -> Response:
        """``/song/<name>``: the learner's own live page, or a page that waits for it."""
        who = await self._who(request)
        if who is None:
            return RedirectResponse("/", 303)
        notebook = self._live.find(request.path_params["name"])
        if notebook is None:
            raise HTTPException(404)
        seat = await self._live.hall.seat(who, notebook.id, PATIENCE_S)
        if seat is None:
            return page(request, "live_wait.html", 503, notebook=notebook)
        return HTMLResponse(self._dressed(request, seat, who), headers={"content-security-policy": POLICY})

    async def still_there(self, request: Request) -> Response:
        """``/song/<name>/con?m=<mark>``: 204 while the page has its kernel, 410 when it must be opened anew."""
        who = await self._who(request)
        seat = self._live.hall.seat_of(who) if who is not None else None
        if seat is None or seat.notebook != request.path_params["name"] or seat.mark != request.query_params.get("m"):
            return Response(status_code=410)
        self._live.hall.seen(seat)
        return Response(status_code=204)

    async def file(self, request: Request) -> Response:
        """``/song/voila/static/…`` and the like: what Voilà's pages are made of, the same for everybody."""
        if await self._who(request) is None:
            raise HTTPException(404)
        path = request.path_params["path"]
        if not _FILE.fullmatch(path):
            raise HTTPException(404)
        folder = request.url.path.split("/")[3]
        kept = await self._kept(f"voila/{folder}/{path}")
        if kept is None:
            raise HTTPException(404)
        headers = {"cache-control": "private, max-age=86400", "vary": "accept-encoding"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(kept.packed, media_type=kept.media_type, headers=headers | {"content-encoding": "gzip"})
        return Response(kept.plain, media_type=kept.media_type, headers=headers)

    async def model(self, request: Request) -> Response:
        """``/song/api/kernels/<id>``: that the learner's own kernel is there, as a page asks before it connects. GET only."""
        who = await self._who(request)
        kernel = request.path_params["kernel"]
        if who is None or self._live.hall.owned(who, kernel) is None:
            return JSONResponse({"message": "no such kernel"}, 404)
        about = {"id": kernel, "name": "python3", "last_activity": "", "execution_state": "idle", "connections": 1}
        return JSONResponse(about)

    async def channels(self, websocket: WebSocket) -> None:
        """``/song/api/kernels/<id>/channels``: the learner's page and its kernel, through the filter."""
        seat = await self._seat_for(websocket)
        if seat is None:
            await websocket.close(1008)
            return
        wire = agreed(websocket.scope["subprotocols"])
        async with contextlib.AsyncExitStack() as ends:
            try:
                way = self._live.child.connect(seat.page.kernel_id, websocket.query_params["session_id"], wire.name)
                kernel = await ends.enter_async_context(way)
            except Exception as error:  # whatever it is, this page has no kernel now
                log.warning("a kernel could not be reached: %s", type(error).__name__)
                await websocket.close(1013)
                return
            await websocket.accept(wire.name)
            await self._talk(websocket, kernel, seat, wire)

    # ── inside ──────────────────────────────────────────────────────────────────────────────────────

    async def _who(self, connection: HTTPConnection) -> str | None:
        """The learner's id, the teacher's word, or None for a stranger."""
        try:
            learner = await learner_of(self._context, connection)
        except StoreError:
            return None
        if learner is not None:
            return learner.id
        return "teacher" if is_teacher(self._context, connection) else None

    async def _seat_for(self, websocket: WebSocket) -> Seat | None:
        """The seat whose kernel is asked for, None when it is not the asker's own or comes from a foreign page."""
        origin = urlsplit(websocket.headers.get("origin", ""))
        if not origin.netloc or origin.netloc != websocket.headers.get("host"):
            return None
        if not _SESSION.fullmatch(websocket.query_params.get("session_id", "")):
            return None
        who = await self._who(websocket)
        seat = self._live.hall.owned(who, websocket.path_params["kernel"]) if who is not None else None
        return seat if seat is not None and len(seat.sockets) < MOST_SOCKETS else None

    async def _talk(self, websocket: WebSocket, kernel: object, seat: Seat, wire: Wire) -> None:
        conversation = Conversation(time.monotonic, wire)
        hall = self._live.hall

        async def outward() -> int:
            async for raw in kernel:  # type: ignore[attr-defined]  # a websocket of the extra `live`
                passed = conversation.from_kernel(raw)
                if isinstance(passed, str):
                    await websocket.send_text(passed)
                elif passed is not None:
                    await websocket.send_bytes(passed)
            return 1012

        async def inward() -> int:
            try:
                while True:
                    received = await websocket.receive()
                    if received["type"] == "websocket.disconnect":
                        return 0
                    hall.seen(seat)
                    raw = received.get("text")
                    passed = conversation.from_browser(raw if raw is not None else received.get("bytes") or b"")
                    if passed is not None:
                        await kernel.send(passed)  # type: ignore[attr-defined]
            except HostileError as hostile:
                return hostile.code

        tasks = {asyncio.create_task(outward()), asyncio.create_task(inward())}
        ended = asyncio.create_task(asyncio.Event().wait())  # ended by the hall, when the seat is given up

        def end() -> None:
            ended.cancel()

        seat.sockets.add(end)
        try:
            done, rest = await asyncio.wait({*tasks, ended}, return_when=asyncio.FIRST_COMPLETED)
            for task in rest:
                task.cancel()
            results = await asyncio.gather(*done, *rest, return_exceptions=True)
            code = next((one for one in results if isinstance(one, int) and not isinstance(one, bool)), 1012)
            if code:
                with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                    await websocket.close(code)
        finally:
            seat.sockets.discard(end)
            hall.seen(seat)

    def _dressed(self, request: Request, seat: Seat, who: str) -> str:
        """Voilà's page with the way back, and our script that notices when the kernel is gone."""
        bar = rendered(chosen_language(request), "live_bar.html", teacher=who == "teacher")
        script = (
            f'<script type="module" src="{static_url("live.js")}" data-bdhvs-live="{escape(seat.notebook)}" '
            f'data-mark="{seat.mark}" data-who="{mark_of(who)}"></script>'
        )
        return _BODY.sub(lambda found: found[0] + bar + script, seat.page.html, count=1)

    async def _kept(self, path: str) -> _Kept | None:
        found = self._files.get(path)
        if found is None:
            fetched = await self._live.child.file(path)
            if fetched is None:
                return None
            found = _Kept(fetched[0], await asyncio.to_thread(gzip.compress, fetched[0], 6, mtime=0), fetched[1])
            if len(self._files) < MOST_FILES:
                self._files[path] = found
        return found
