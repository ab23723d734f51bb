"""``POST /api/quiz``: the HTTP channel of the quiz protocol. A plain ASGI endpoint, for it is the hot path."""

from __future__ import annotations

import logging
import time

import msgspec
from starlette.types import Receive, Scope, Send

from bdhvs.errors import BdhvsError, StoreError
from bdhvs.i18n import language
from bdhvs.server.context import LANG_COOKIE, LEARNER_COOKIE, ClassContext
from bdhvs.server.limits import RateLimit
from bdhvs.server.security import TooLarge, cookie, read_body
from bdhvs.service.protocol import MAX_MESSAGE_BYTES, Reply, read_message
from bdhvs.service.quiz import Learner
from bdhvs.service.refusals import refusal

log = logging.getLogger("bdhvs.api")
_encode = msgspec.json.Encoder().encode
_JSON = (b"content-type", b"application/json")
# Not the pages' long policy: no browser shows this as a page, and it would be a third of each reply.
_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")


class QuizApi:
    """Reads a message, asks the service, writes the reply."""

    def __init__(self, context: ClassContext) -> None:
        self._context = context
        # A quick learner sends one message a second; a phone that was offline sends its queue at once.
        self._limit = RateLimit(burst=60, per_second=5, clock=time.monotonic)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        lang = language(cookie(scope, LANG_COOKIE))
        try:
            status, reply = await self._reply(scope, receive, lang)
        except TooLarge:
            status, reply = refusal("too_large", lang)
        except StoreError as error:  # whatever the store's trouble is, the phone keeps the message and tries again
            log.warning("%s: %s", error.code, error)
            status, reply = refusal("store_unavailable", lang)
        except BdhvsError as error:
            status, reply = refusal(error.code, lang)
        except Exception:
            log.exception("a message could not be handled")
            status, reply = refusal("fault", lang)
        await _send_json(send, status, reply)

    async def _reply(self, scope: Scope, receive: Receive, lang: str) -> tuple[int, Reply]:
        body = await read_body(receive, MAX_MESSAGE_BYTES)
        learner = await self._learner(scope)
        if learner is None:
            return refusal("no_session", lang)
        if not self._limit.allow(learner.id):
            return refusal("too_fast", lang)
        if lang != learner.lang and cookie(scope, LANG_COOKIE):
            learner = Learner(learner.id, learner.classroom_id, lang)
        return 200, await self._context.quiz.handle(learner, read_message(body))

    async def _learner(self, scope: Scope) -> Learner | None:
        token = cookie(scope, LEARNER_COOKIE)
        learner_id = self._context.tokens.learner_of(token) if token else None
        return await self._context.rooms.known_learner(learner_id) if learner_id else None


async def _send_json(send: Send, status: int, reply: Reply) -> None:
    body = _encode(reply)
    headers = [_JSON, _POLICY, (b"content-length", str(len(body)).encode())]
    if status in (429, 503):
        headers.append((b"retry-after", b"2"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
