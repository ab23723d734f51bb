"""The facilitator's sheet of each lesson: how long things take, what goes wrong, how to help without doing it for them.

A sheet is a Markdown file beside the lesson's notebook: ``huong-dan/<lesson>.md``. Only who holds the teacher's link reads it here.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bdhvs.bank.render import render_sheet
from bdhvs.server.context import ClassContext
from bdhvs.server.html import chosen_language, page
from bdhvs.server.lessons import LessonInfo
from bdhvs.server.visitors import is_teacher, teacher_only

FOLDER = "huong-dan"


def guide_of(info: LessonInfo) -> Path | None:
    """The file of a lesson's sheet in the lesson's language; None when nobody wrote one."""
    path = info.path.parent / FOLDER / f"{info.path.stem}.md"
    return path if path.is_file() else None


class GuidePages:
    """Endpoints under ``/gv/bai``, for the one who holds the teacher's link."""

    def __init__(self, context: ClassContext) -> None:
        self._context = context

    def routes(self) -> list[Route]:
        """They go before ``/gv/{token}``."""
        return [Route("/gv/bai", self.all), Route("/gv/bai/{lesson}", self.one)]

    async def all(self, request: Request) -> Response:
        """``/gv/bai``: the lessons of the class, each with its sheet."""
        if not is_teacher(self._context, request):
            return teacher_only(request)
        lessons = self._context.shelf.listed(chosen_language(request))
        return page(request, "guides.html", lessons=[(info, guide_of(info) is not None) for info in lessons])

    async def one(self, request: Request) -> Response:
        """``/gv/bai/<lesson>``: one sheet, to read and print."""
        if not is_teacher(self._context, request):
            return teacher_only(request)
        info = self._context.shelf.find(request.path_params["lesson"], chosen_language(request))
        path = guide_of(info) if info else None
        if info is None or path is None:
            return page(request, "missing.html", 404)
        text = await asyncio.to_thread(path.read_text, "utf-8")
        return page(request, "guide.html", info=info, sheet=render_sheet(text))
