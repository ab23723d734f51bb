"""The ASGI application of one class."""

from __future__ import annotations

import gzip
import mimetypes
from functools import lru_cache
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bdhvs.server.about import about
from bdhvs.server.ambassador import AmbassadorPages
from bdhvs.server.api import QuizApi
from bdhvs.server.board import BoardPages
from bdhvs.server.context import ClassContext
from bdhvs.server.guides import GuidePages
from bdhvs.server.helped import HelpedPages
from bdhvs.server.household import HouseholdPages
from bdhvs.server.html import page, static_files
from bdhvs.server.live import LivePages
from bdhvs.server.movement import MovementPages
from bdhvs.server.name_list import ListPages
from bdhvs.server.own_wishes import OwnWishes
from bdhvs.server.pace import PacePages
from bdhvs.server.pages import LearnerPages
from bdhvs.server.people import PeoplePages
from bdhvs.server.place import PlacePages
from bdhvs.server.presence import PRESENCE, presence
from bdhvs.server.repairs import RepairPages
from bdhvs.server.reports import ReportPages
from bdhvs.server.returning import ReturnPages
from bdhvs.server.security import Guard
from bdhvs.server.teacher import TeacherPages
from bdhvs.server.telling import TellingPages
from bdhvs.service.refusals import refusal

FOREVER = "public, max-age=31536000, immutable"


def class_app(context: ClassContext, media: Path, api: QuizApi | None = None) -> ASGIApp:
    """The class as an ASGI application; `media` is the folder of the items' pictures."""
    learner, teacher, board = LearnerPages(context), TeacherPages(context), BoardPages(context)
    reports = ReportPages(context)
    pages = Starlette(
        routes=[
            Route("/", learner.join_form),
            Route("/j/{code}", learner.join_form),
            Route("/vao", learner.join, methods=["POST"]),
            Route("/ra", learner.leave, methods=["POST"]),
            Route("/lop", learner.home),
            Route("/bai/{lesson}", learner.lesson),
            Route("/kiem-tra/{form}", learner.quiz),
            Route("/ket-qua", reports.own),
            Route("/ket-qua.pdf", reports.own_pdf),
            Route("/gv", teacher.board),
            Route("/gv/bang", teacher.fragment),
            Route("/gv/bang.json", board.now),
            Route("/gv/dong", board.feed),
            Route("/gv/chieu", board.projector),
            Route("/gv/lop.json", about(context)),
            Route("/gv/ket-qua.csv", teacher.table),
            *GuidePages(context).routes(),
            *PeoplePages(context).routes(),
            *ListPages(context).routes(),
            *ReturnPages(context).routes(),
            *OwnWishes(context).routes(),
            *AmbassadorPages(context).routes(),
            *HelpedPages(context).routes(),
            *HouseholdPages(context).routes(),
            *MovementPages(context).routes(),
            *TellingPages(context).routes(),
            *PlacePages(context).routes(),
            *PacePages(context).routes(),
            *RepairPages(context).routes(),
            Route("/gv/bao-cao.html", reports.html),
            Route("/gv/bao-cao.pdf", reports.pdf),
            Route("/gv/bao-cao.xlsx", reports.xlsx),
            Route("/gv/{token}", teacher.enter),
            *(LivePages(context, context.live).routes() if context.live else ()),
            Route("/static/{digest}/{name}", static_file),
            Route("/media/{name}", _media(media)),
            Route("/suc-khoe", _healthy),
        ],
        exception_handlers={404: lambda request, _: learner.missing(request), 405: _wrong_method, Exception: _fault},
    )
    packed = GZipMiddleware(pages, minimum_size=600, compresslevel=6)
    return Guard(_beside(api or QuizApi(context), presence(context), packed), _reject)


def _beside(api: QuizApi, here: ASGIApp, pages: ASGIApp) -> ASGIApp:
    """Messages of a quiz go to the API, streams of open pages to theirs; everything else through the router."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/api/quiz" and scope["method"] == "POST":
            await api(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == PRESENCE and scope["method"] == "GET":
            await here(scope, receive, send)
        else:
            await pages(scope, receive, send)

    return app


@lru_cache(maxsize=64)
def _packed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), compresslevel=9, mtime=0)


async def static_file(request: Request) -> Response:
    """``/static/<digest>/<name>``: a file of the fixed list; its address changes with its content."""
    found = static_files().get(request.path_params["name"])
    if found is None or found.digest != request.path_params["digest"]:
        raise HTTPException(404)
    media_type = mimetypes.guess_type(found.path.name)[0] or "application/octet-stream"
    headers = {"cache-control": FOREVER, "vary": "accept-encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(_packed(found.path), media_type=media_type, headers=headers | {"content-encoding": "gzip"})
    return Response(found.path.read_bytes(), media_type=media_type, headers=headers)


def _media(folder: Path):  # type: ignore[no-untyped-def]
    async def media_file(request: Request) -> Response:
        """``/media/<name>``: a picture of an item; names come from the folder, never from the request."""
        known = {path.name: path for path in _pictures(folder)}
        found = known.get(request.path_params["name"])
        if found is None or found.suffix not in {".svg", ".png", ".jpg", ".webp"}:
            raise HTTPException(404)
        return FileResponse(found, headers={"cache-control": "public, max-age=86400"})

    return media_file


def _pictures(folder: Path) -> list[Path]:
    """Files of `folder` itself; a link that leads out of it is none of them."""
    if not folder.is_dir():
        return []
    home = folder.resolve()
    return [path for path in folder.iterdir() if path.is_file() and path.resolve().parent == home]


async def _healthy(_: Request) -> Response:
    return PlainTextResponse("ok")


async def _wrong_method(request: Request, _: Exception) -> Response:
    return page(request, "missing.html", 405)


async def _fault(request: Request, _: Exception) -> Response:
    return page(request, "fault.html", 500)


async def _reject(scope: Scope, receive: Receive, send: Send, code: str) -> None:
    status, reply = refusal(code, "vi")
    response = JSONResponse({"v": reply.v, "type": "refused", "code": reply.code, "text": reply.text}, status)
    await response(scope, receive, send)
