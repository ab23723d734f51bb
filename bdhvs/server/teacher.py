"""The teacher's pages: who is in, answers so far, results per competence, the table to take away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from bdhvs.i18n import translator
from bdhvs.server.board_texts import board_strings, health_sentence
from bdhvs.server.context import TEACHER_COOKIE, ClassContext
from bdhvs.server.html import chosen_language, page
from bdhvs.server.pace import controls
from bdhvs.server.qr import qr_svg
from bdhvs.server.visitors import is_teacher, teacher_only
from bdhvs.service.overview import Overview, overview
from bdhvs.store.export import csv_lines


class TeacherPages:
    """Endpoints for the one who holds the teacher's link."""

    def __init__(self, context: ClassContext) -> None:
        self._context = context
        self._counting: dict[str, asyncio.Task[Overview]] = {}

    async def enter(self, request: Request) -> Response:
        """``/gv/<token>``: keep the token in a cookie, so that it leaves the address bar."""
        token = request.path_params["token"]
        if not self._context.tokens.is_teacher(self._context.room.id, token):
            return teacher_only(request)
        response = RedirectResponse("/gv", 303)
        response.set_cookie(
            TEACHER_COOKIE,
            token,
            max_age=30 * 86400,
            path="/gv",
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return response

    async def board(self, request: Request) -> Response:
        """``/gv``: the class at a glance."""
        return await self._page(request, "teacher.html")

    async def fragment(self, request: Request) -> Response:
        """``/gv/bang``: results per competence, fetched now and then; the rest of the page is the live board."""
        return await self._page(request, "teacher_live.html")

    async def table(self, request: Request) -> Response:
        """``/gv/ket-qua.csv``: one row per response, for a spreadsheet."""
        if not is_teacher(self._context, request):
            return teacher_only(request)
        lines = csv_lines(self._context.store, self._context.room.id)
        name = f"bdhvs-{self._context.room.code}-{datetime.now(UTC):%Y%m%d}.csv"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return StreamingResponse(_in_thread(lines.__next__), media_type="text/csv; charset=utf-8", headers=headers)

    async def _page(self, request: Request, template: str) -> Response:
        if not is_teacher(self._context, request):
            return teacher_only(request)
        context = self._context
        lang = chosen_language(request)
        seen = await self._seen(lang)
        join_url = f"{context.address(request)}/j/{context.room.code}"
        return page(
            request,
            template,
            room=context.room,
            seen=seen,
            health=health_sentence(context.store.health, translator(lang)),
            board_strings=board_strings(translator(lang)),
            lesson_problems=[made.error for made in context.shelf.pages.values() if made.error],
            join_url=join_url,
            addresses=context.addresses,
            qr=qr_svg(join_url),
            controls=controls(context, lang, request.query_params.get("loi", "")),
        )

    async def _seen(self, lang: str) -> Overview:
        """The class at a glance, counted once for all who ask meanwhile: of a large class it takes seconds."""
        task = self._counting.get(lang)
        if task is None:
            context = self._context
            counting = asyncio.to_thread(overview, context.store, context.room.id, context.bank, lang)
            task = self._counting[lang] = asyncio.ensure_future(counting)
            task.add_done_callback(lambda _: self._counting.pop(lang, None))
        return await asyncio.shield(task)


async def _in_thread(next_line: Callable[[], str]) -> AsyncIterator[str]:
    """Lines of a generator that reads the disk, without blocking the class meanwhile."""
    while True:
        lines = await asyncio.to_thread(_take, next_line)
        if not lines:
            return
        yield "".join(lines)


def _take(next_line: Callable[[], str], most: int = 500) -> list[str]:
    lines: list[str] = []
    try:
        while len(lines) < most:
            lines.append(next_line())
    except StopIteration:
        pass
    return lines
