"""What a learner decides alone: three pictures to come back by, and what they agreed to."""

from __future__ import annotations

import asyncio
import time

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bdhvs.credentials.moments import day
from bdhvs.errors import NotAllowed, NotFound
from bdhvs.i18n import Gettext, translator
from bdhvs.server.context import ClassContext
from bdhvs.server.html import chosen_language, page
from bdhvs.server.limits import RateLimit
from bdhvs.server.returning import joining_sentence, sent_pictures
from bdhvs.server.security import TooLarge, form_fields
from bdhvs.server.visitors import for_learner
from bdhvs.service.consents import AMBASSADOR, COME_BACK, COME_BACK_VERSION, HOUSEHOLD, OWN, TEXTS, sentence
from bdhvs.service.learner import Learner
from bdhvs.service.people import People
from bdhvs.service.pins import picture_names
from bdhvs.store import Consent, GivenConsent
from bdhvs.store.times import now_us

CHANGES_AT_ONCE, CHANGES_PER_SECOND = 10, 1 / 30  # of one learner; each costs the machine as much as some hundred answers


class OwnWishes:
    """Endpoints for a learner who is in."""

    def __init__(self, context: ClassContext) -> None:
        self._context = context
        self._people = People(context.bank, context.store, now_us=now_us, actor="learner")
        self._changes = RateLimit(burst=CHANGES_AT_ONCE, per_second=CHANGES_PER_SECOND, clock=time.monotonic)

    def routes(self) -> list[Route]:
        """All of them; a stranger is led to the join page."""
        return [
            Route("/hinh", self.pictures),
            Route("/hinh", self.choose, methods=["POST"]),
            Route("/dong-y", self.agreed),
            Route("/dong-y", self.withdraw, methods=["POST"]),
        ]

    async def pictures(self, request: Request) -> Response:
        """``/hinh``: choose three pictures; nobody must."""
        return await for_learner(self._context, request, self._pictures)

    async def choose(self, request: Request) -> Response:
        """``POST /hinh``: these three."""

        async def made(request: Request, learner: Learner) -> Response:
            if not self._changes.allow(learner.id):
                return await self._pictures(request, learner, problem="too_fast", status=429)
            try:
                await self._context.pins.choose(learner.id, sent_pictures(await form_fields(request.receive)))
            except (NotAllowed, TooLarge):
                return await self._pictures(request, learner, problem="pictures_missing", status=422)
            return RedirectResponse("/lop?hinh=1", 303)

        return await for_learner(self._context, request, made)

    async def agreed(self, request: Request) -> Response:
        """``/dong-y``: what I agreed to, and how to take it back."""
        return await for_learner(self._context, request, self._agreed)

    async def withdraw(self, request: Request) -> Response:
        """``POST /dong-y``: take one of them back."""

        async def made(request: Request, learner: Learner) -> Response:
            try:
                purpose = (await form_fields(request.receive)).get("purpose", "")
                done = await self._people.withdraw(learner.id, purpose)
            except (NotFound, TooLarge):  # taken back already, on another phone or a moment ago
                return await self._agreed(request, learner)
            self._context.board.rename(learner.id, done.name)
            await self._forget_codes(learner.id, purpose)
            await self._context.rooms.refresh_names()
            return await self._agreed(request, learner, reference=done.reference)

        return await for_learner(self._context, request, made)

    # ── inside ──────────────────────────────────────────────────────────────────────────────────────

    async def _forget_codes(self, learner_id: str, purpose: str) -> None:
        if purpose == AMBASSADOR:
            await self._context.ambassadors.codes.forget_learner(learner_id)
        if purpose == HOUSEHOLD:
            await self._context.households.forget_learner(learner_id)

    async def _pictures(
        self, request: Request, learner: Learner, *, problem: str | None = None, status: int = 200
    ) -> Response:
        _ = translator(chosen_language(request))
        return page(
            request,
            "own_pictures.html",
            status,
            pictures=picture_names(_),
            agreement=_(TEXTS[COME_BACK, COME_BACK_VERSION]),
            chosen=await self._context.pins.is_chosen(learner.id),
            problem=problem,
            sentence=joining_sentence(problem, _) if problem else None,
        )

    async def _agreed(self, request: Request, learner: Learner, *, reference: str = "") -> Response:
        _ = translator(chosen_language(request))
        given = await asyncio.to_thread(self._context.store.consents_given, learner.id)
        row = await asyncio.to_thread(self._context.store.learner, learner.id)
        return page(
            request,
            "own_agreed.html",
            name=row.nickname if row else "",
            given=[(one.purpose, self._words(one, _), day(one.given_at_us), one.text_version) for one in given],
            come_back=COME_BACK,
            ambassador=AMBASSADOR,
            household=HOUSEHOLD,
            own=OWN,
            reference=reference,
        )

    def _words(self, one: GivenConsent, _: Gettext) -> str:
        return sentence(Consent(one.purpose, one.text_version), _) or f"{one.purpose} {one.text_version}"
