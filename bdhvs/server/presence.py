"""``/api/o-day`` ("here"): the stream that a learner's open page holds. As long as it is open, somebody is here.

It is also the channel for what the class says to all phones: ``hello`` and the version, then ``pace`` at each change of
the class's pace (`bdhvs.service.pace_view`), beginning with how it is now. Where no stream comes through, pages ask
``/api/nhip`` for the same.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict

import msgspec
from starlette.types import ASGIApp, Receive, Scope, Send

from bdhvs.errors import NotAllowed, StoreError
from bdhvs.server.api import HttpReply
from bdhvs.server.context import LEARNER_COOKIE, ClassContext
from bdhvs.server.event_stream import EventStream, Look, event
from bdhvs.server.security import cookies
from bdhvs.service.learner import Learner
from bdhvs.service.pace_view import pace_view
from bdhvs.service.seats import RELOAD_US

PRESENCE = "/api/o-day"
VERSION = 1
MOST_PAGES = 4  # of one learner; the next one ends the oldest, which may be what a broken network left behind
HELLO = event("hello", b'{"v":%d}' % VERSION)


def presence(context: ClassContext) -> ASGIApp:
    """The endpoint. Who is not in the class gets 401 or 503 and an empty body; browsers ask a refused stream no more."""
    pages: dict[str, list[EventStream]] = defaultdict(list)

    async def here(scope: Scope, receive: Receive, send: Send) -> None:
        learner, status = await _learner(context, scope)
        if learner is None:
            reply = HttpReply(status, b"")
            await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
            await send({"type": "http.response.body", "body": reply.body})
            return
        stream, own = EventStream(), pages[learner.id]
        own.append(stream)
        if len(own) > MOST_PAGES:
            own[0].end()
        try:
            with context.board.page_of(learner.id), context.pace.watched_by(stream.wake):
                await context.streams.run(stream, receive, send, _greeting(context, learner, stream))
        finally:
            own.remove(stream)
            if not own:
                pages.pop(learner.id, None)
            # Then the absence begins to count, and whoever looks at the board should see it.
            asyncio.get_running_loop().call_later(RELOAD_US / 1e6 + 0.1, context.board.look_again)

    return here


def _greeting(context: ClassContext, learner: Learner, stream: EventStream) -> Look:
    greetings = [HELLO]
    told_rev = -1

    def look() -> bytes:
        nonlocal told_rev
        if not (context.rooms.is_open(learner.classroom_id) and context.board.knows(learner.id)):
            stream.end()
        said = greetings.pop() if greetings else b""
        pace = context.pace.of(learner.classroom_id)
        if pace.rev != told_rev:
            told_rev = pace.rev
            said += event("pace", msgspec.json.encode(pace_view(pace)))
        return said

    return look


async def _learner(context: ClassContext, scope: Scope) -> tuple[Learner | None, int]:
    token = cookies(dict(scope["headers"])).get(LEARNER_COOKIE)
    learner_id = context.tokens.learner_of(token) if token else None
    try:
        return (await context.rooms.known_learner(learner_id) if learner_id else None), 401
    except NotAllowed:  # the class is over
        return None, 401
    except StoreError:
        return None, 503
