"""``POST /api/quiz``: the HTTP channel of the quiz protocol, as plain functions, for it is the hot path."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

import msgspec
from starlette.types import Receive, Scope, Send

from bdhvs.errors import BdhvsError, StoreError
from bdhvs.i18n import language
from bdhvs.server.context import LANG_COOKIE, LEARNER_COOKIE, ClassContext
from bdhvs.server.limits import RateLimit
from bdhvs.server.security import SECURITY_HEADERS, TooLarge, cookies, read_body
from bdhvs.service.learner import Learner
from bdhvs.service.protocol import MAX_MESSAGE_BYTES, Reply, read_message
from bdhvs.service.refusals import refusal

log = logging.getLogger("bdhvs.api")
_encode = msgspec.json.Encoder().encode
# Not the pages' long policy: no browser shows this as a page, and it would be a third of each reply.
_POLICY = {b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'"}
_FIXED = {**dict(SECURITY_HEADERS), **_POLICY, b"content-type": b"application/json", b"cache-control": b"no-store"}
_FIXED_HEAD = b"".join(b"%b: %b\r\n" % pair for pair in _FIXED.items())
_SOON = (b"retry-after", b"2")


@dataclass(frozen=True, slots=True)
class HttpReply:
    """What goes back: the headers are the fixed ones, the length, and when to try again."""

    status: int
    body: bytes

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """As ASGI wants them."""
        more = [_SOON] if self._is_for_now else []
        return [*_FIXED.items(), (b"content-length", b"%d" % len(self.body)), *more]

    @property
    def head(self) -> bytes:
        """As they go over the line."""
        more = b"%b: %b\r\n" % _SOON if self._is_for_now else b""
        return b"%bcontent-length: %d\r\n%b" % (_FIXED_HEAD, len(self.body), more)

    @property
    def _is_for_now(self) -> bool:
        return self.status in (429, 503)


class QuizApi:
    """Reads a message, asks the service, writes the reply."""

    path = b"/api/quiz"

    def __init__(self, context: ClassContext) -> None:
        self._context = context
        # A quick learner sends one message a second; a phone that was offline sends its queue at once.
        self._limit = RateLimit(burst=60, per_second=5, clock=time.monotonic)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ordinary way, through uvicorn and the guard; see `bdhvs.server.short_way` for the other."""
        headers = dict(scope["headers"])
        try:
            reply = await self.answer(headers, await read_body(receive, MAX_MESSAGE_BYTES))
        except TooLarge:
            status, refused = refusal("too_large", language(cookies(headers).get(LANG_COOKIE)))
            reply = HttpReply(status, _encode(refused))
        await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
        await send({"type": "http.response.body", "body": reply.body})

    async def answer(self, headers: dict[bytes, bytes], body: bytes) -> HttpReply:
        """The reply to a request. Whatever goes wrong becomes a calm sentence."""
        sent = cookies(headers)
        lang = sent.get(LANG_COOKIE)
        try:
            status, reply = await self._reply(sent.get(LEARNER_COOKIE), lang, body)
        except StoreError as error:  # whatever the store's trouble is, the phone keeps the message and tries again
            log.warning("%s: %s", error.code, error)
            status, reply = refusal("store_unavailable", language(lang))
        except BdhvsError as error:
            status, reply = refusal(error.code, language(lang))
        except Exception:
            log.exception("a message could not be handled")
            status, reply = refusal("fault", language(lang))
        return HttpReply(status, _encode(reply))

    async def _reply(self, token: str | None, lang: str | None, body: bytes) -> tuple[int, Reply]:
        learner_id = self._context.tokens.learner_of(token) if token else None
        learner = await self._context.rooms.known_learner(learner_id) if learner_id else None
        if learner is None:
            return refusal("no_session", language(lang))
        if not self._limit.allow(learner.id):
            return refusal("too_fast", language(lang))
        if lang and language(lang) != learner.lang:
            learner = Learner(learner.id, learner.classroom_id, language(lang))
        return 200, await self._context.quiz.handle(learner, read_message(body))

