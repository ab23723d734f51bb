"""Several classes behind one address: each request goes to the class that its link, its cookie or its code belongs to.

A commune runs the classes of its villages on one machine, or a school those of one evening. They share the store, the
items and the lesson pages; each has its own code, board, list and teacher's link. Inside a class nothing knows of the
others. A class that runs alone needs no house: nothing of this stands in the way of its answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bdhvs.core.identifiers import read_code
from bdhvs.errors import NotFound, StoreError
from bdhvs.server.api import HttpReply, QuizApi
from bdhvs.server.context import LEARNER_COOKIE, TEACHER_COOKIE, ClassContext
from bdhvs.server.security import TooLarge, cookies, read_body

MOST_REMEMBERED = 200_000  # learners whose class is kept in mind; the rest are looked up again


@dataclass(frozen=True, slots=True)
class Room:
    """A running class: what it holds, its pages, and its quiz endpoint for answers that come the short way."""

    context: ClassContext
    app: ASGIApp
    api: QuizApi


class House:
    """The classes of one server as one ASGI application, and as one endpoint of the short way.

    Parameters
    ----------
    rooms : at least one; the first takes what belongs to none of them (a visitor without code or cookie).
    """

    path = QuizApi.path

    def __init__(self, rooms: Sequence[Room]) -> None:
        self._rooms = tuple(rooms)
        self._hall = self._rooms[0]
        self._by_code = {room.context.room.code: room for room in self._rooms}
        self._by_id = {room.context.room.id: room for room in self._rooms}
        self._of_learner: dict[str, Room] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Any request of a browser."""
        if scope["type"] not in ("http", "websocket"):
            await self._hall.app(scope, receive, send)
            return
        room, receive = await self._room_of(scope, receive)
        await room.app(scope, receive, send)

    async def answer(self, headers: dict[bytes, bytes], body: bytes) -> HttpReply:
        """A message of a quiz."""
        room = await self._of_cookie(cookies(headers))
        return await room.api.answer(headers, body)

    async def _room_of(self, scope: Scope, receive: Receive) -> tuple[Room, Receive]:
        """The class asked for, and what to read the body from: of a form that brings a code it has been read here."""
        path: str = scope["path"]
        sent = cookies(dict(scope["headers"]))
        if path == "/gv" or path.startswith("/gv/"):
            return self._of_teacher(path.removeprefix("/gv/"), sent.get(TEACHER_COOKIE, "")), receive
        first, _, rest = path[1:].partition("/")
        if first in ("j", "tro-lai") and rest:
            return self._of_code(rest.partition("/")[0]), receive
        if first == "ve" and rest:
            return await self._of_way(rest), receive
        if first == "giup" and rest:
            return await self._of_helper(rest.partition("/")[0]), receive
        if path in ("/vao", "/tro-lai", "/ve") and scope["type"] == "http" and scope["method"] == "POST":
            body, receive = await _read_ahead(receive)
            room = await self._of_way(_field(body, "way")) if first == "ve" else self._of_code(_field(body, "code"))
            return room, receive
        return await self._of_cookie(sent), receive

    def _of_teacher(self, token: str, cookie: str) -> Room:
        """The class whose teacher's link this is, else the one whose teacher this browser is."""
        for word in (token, cookie):
            for room in self._rooms:
                if word and room.context.tokens.is_teacher(room.context.room.id, word):
                    return room
        return self._hall

    def _of_code(self, typed: str) -> Room:
        return self._by_code.get(read_code(typed) or "", self._hall)

    async def _of_way(self, typed: str) -> Room:
        """The class of the learner to whom a teacher gave a way back."""
        try:
            return await self._of(self._hall.context.ways_back.learner(typed))
        except NotFound:
            return self._hall

    async def _of_helper(self, typed: str) -> Room:
        """The class of the learner who asks somebody to confirm that they were helped."""
        try:
            return await self._of(self._hall.context.ambassadors.codes.helper(typed))
        except NotFound:
            return self._hall

    async def _of_cookie(self, sent: dict[str, str]) -> Room:
        token = sent.get(LEARNER_COOKIE)
        learner_id = self._hall.context.tokens.learner_of(token) if token else None
        return self._hall if learner_id is None else await self._of(learner_id)

    async def _of(self, learner_id: str) -> Room:
        room = self._of_learner.get(learner_id)
        return room if room is not None else await self._looked_up(learner_id)

    async def _looked_up(self, learner_id: str) -> Room:
        try:
            row = await asyncio.to_thread(self._hall.context.store.learner, learner_id)
        except StoreError:
            return self._hall  # which says in its own words that the store cannot be read
        room = self._by_id.get(row.classroom_id) if row else None
        if room is None:
            return self._hall
        if len(self._of_learner) >= MOST_REMEMBERED:
            self._of_learner.clear()
        self._of_learner[learner_id] = room
        return room


def _field(body: bytes, name: str) -> str:
    """A field of a posted form; empty when there is none."""
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=20)
    except ValueError:
        return ""
    return fields.get(name, [""])[-1]


async def _read_ahead(receive: Receive) -> tuple[bytes, Receive]:
    """The body, and a `receive` that gives it once more; of one that is too long, enough for its reader to see that."""
    messages: list[Message] = []

    async def noting() -> Message:
        message = await receive()
        messages.append(message)
        return message

    try:
        body = await read_body(noting)
    except TooLarge:
        body = b""
    left = iter(messages)

    async def again() -> Message:
        return next(left, None) or await receive()

    return body, again
