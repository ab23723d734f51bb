"""``/gv/lop.json``: the class in a few words, for a notebook of the teacher."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bdhvs.server.context import ClassContext
from bdhvs.server.visitors import is_teacher, teacher_only


def about(context: ClassContext) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint: ``name``, ``code``, ``join_url`` and ``data`` (the data folder on the server's machine)."""

    async def told(request: Request) -> Response:
        if not is_teacher(context, request):
            return teacher_only(request)
        base = context.address(request)
        room = context.room
        content = {"name": room.name, "code": room.code, "join_url": f"{base}/j/{room.code}", "data": str(context.store.folder)}
        return JSONResponse(content)

    return told
