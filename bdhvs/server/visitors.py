"""Who is asking: the teacher or a learner, by the cookies. The one place where pages find out."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable

from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response

from bdhvs.errors import NotAllowed, StoreError
from bdhvs.server.context import LEARNER_COOKIE, TEACHER_COOKIE, ClassContext
from bdhvs.server.html import page
from bdhvs.service.learner import Learner

COOKIE_DAYS = 120

#: Makes a page for a learner who is in.
ForLearner = Callable[[Request, Learner], Awaitable[Response]]


def address_of(request: Request) -> str:
    """The network address of whoever asks, for limits; "?" when there is none."""
    return request.client.host if request.client else "?"


def sign_in(context: ClassContext, request: Request, response: Response, learner: Learner) -> None:
    """Let the phone be this learner's from now on."""
    response.set_cookie(
        LEARNER_COOKIE,
        context.tokens.for_learner(learner.id),
        max_age=COOKIE_DAYS * 86400,
        path="/",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def is_teacher(context: ClassContext, request: HTTPConnection) -> bool:
    """Whether the request comes from the holder of this class's teacher's link."""
    token = request.cookies.get(TEACHER_COOKIE)
    return token is not None and context.tokens.is_teacher(context.room.id, token)


def teacher_only(request: Request) -> Response:
    """What everybody else gets at the teacher's addresses."""
    return page(request, "teacher_only.html", 403)


async def learner_of(context: ClassContext, request: HTTPConnection) -> Learner | None:
    """The learner of an open class who asks; None for everybody else.

    Raises
    ------
    StoreError
        when the store cannot be read.
    """
    token = request.cookies.get(LEARNER_COOKIE)
    learner_id = context.tokens.learner_of(token) if token else None
    if learner_id is None:
        return None
    try:
        return await context.rooms.known_learner(learner_id)
    except NotAllowed:  # the class of this cookie is over: joining anew is the way on
        return None


async def for_learner(context: ClassContext, request: Request, made: ForLearner) -> Response:
    """What `made` gives the learner who asks. A stranger is led to the join page; while the disk is in the way, a page says so."""
    try:
        learner = await learner_of(context, request)
        return RedirectResponse("/", 303) if learner is None else await made(request, learner)
    except StoreError:
        return page(request, "own_later.html", 503)


def mark_of(learner_id: str) -> str:
    """An opaque mark that tells learners of one shared phone apart in its storage; it opens nothing."""
    return hashlib.sha256(learner_id.encode()).hexdigest()[:12]
