""" "Đại sứ số" for the one who helps: the log, and a code to show to who was helped."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bdhvs.core.guidance import guidance
from bdhvs.credentials.moments import day
from bdhvs.i18n import translator
from bdhvs.server.context import ClassContext
from bdhvs.server.device_cookie import keep_mark, mark_of
from bdhvs.server.html import chosen_language, page
from bdhvs.server.limits import RateLimit
from bdhvs.server.qr import qr_svg
from bdhvs.server.visitors import for_learner
from bdhvs.service.ambassadors import MINUTES
from bdhvs.service.consents import AMBASSADOR, AMBASSADOR_VERSION, TEXTS
from bdhvs.service.learner import Learner
from bdhvs.store import HelpedRow

Made = Callable[[Request, Learner, str], Awaitable[Response]]
#: New codes of one learner. To help somebody takes longer than that; pressing again shows the code that is open.
CODES_AT_ONCE, CODES_PER_SECOND = 3, 1 / 300


class AmbassadorPages:
    """Endpoints for a learner who is in; a stranger is led to the join page."""

    def __init__(self, context: ClassContext) -> None:
        self._context = context
        self._new_codes = RateLimit(burst=CODES_AT_ONCE, per_second=CODES_PER_SECOND, clock=time.monotonic)

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route("/dai-su", self.log),
            Route("/dai-su", self.agree, methods=["POST"]),
            Route("/dai-su/ma", self.code),
            Route("/dai-su/ma", self.make_code, methods=["POST"]),
        ]

    async def log(self, request: Request) -> Response:
        """``/dai-su``: who confirmed so far, or what it is about."""

        async def made(request: Request, learner: Learner, mark: str) -> Response:
            return await self._log(request, learner, mark)

        return await self._where_offered(request, made)

    async def agree(self, request: Request) -> Response:
        """``POST /dai-su``: begin a log."""

        async def made(request: Request, learner: Learner, mark: str) -> Response:
            await self._context.ambassadors.agree(learner.id, mark)
            return RedirectResponse("/dai-su", 303)

        return await self._where_offered(request, made)

    async def make_code(self, request: Request) -> Response:
        """``POST /dai-su/ma``: a code for one person, or the one that is open."""

        async def made(request: Request, learner: Learner, mark: str) -> Response:
            codes = self._context.ambassadors.codes
            if not await self._context.ambassadors.has_agreed(learner.id):
                return RedirectResponse("/dai-su", 303)
            if codes.open_for(learner.id) is None:
                if not self._new_codes.allow(learner.id):
                    return await self._log(request, learner, mark, too_fast=True, status=429)
                codes.make(learner.id)
            return RedirectResponse("/dai-su/ma", 303)

        return await self._where_offered(request, made)

    async def code(self, request: Request) -> Response:
        """``/dai-su/ma``: the code that is open, to be shown."""

        async def made(request: Request, learner: Learner, mark: str) -> Response:
            code = self._context.ambassadors.codes.open_for(learner.id)
            if code is None:
                return RedirectResponse("/dai-su", 303)
            url = f"{self._context.address(request)}/giup/{code}"
            return page(request, "ambassador_code.html", code=code, url=url, qr=qr_svg(url), minutes=MINUTES)

        return await self._where_offered(request, made)

    # ── inside ──────────────────────────────────────────────────────────────────────────────────────

    async def _where_offered(self, request: Request, made: Made) -> Response:
        """What `made` gives where the class has ambassadors; the phone has a mark from then on."""

        async def answered(request: Request, learner: Learner) -> Response:
            if not self._context.ambassadors.is_on:
                return RedirectResponse("/lop", 303)
            found = mark_of(self._context, request)
            mark = found or self._context.ambassadors.devices.new()
            response = await made(request, learner, mark)
            if found is None:
                keep_mark(self._context, request, response, mark)
            return response

        return await for_learner(self._context, request, answered)

    async def _log(
        self, request: Request, learner: Learner, mark: str, *, too_fast: bool = False, status: int = 200
    ) -> Response:
        ambassadors, lang = self._context.ambassadors, chosen_language(request)
        model = self._context.bank.framework.ambassador
        if model is None:
            return RedirectResponse("/lop", 303)
        agreed = await ambassadors.has_agreed(learner.id)
        rows = await ambassadors.log(learner.id, mark) if agreed else []
        return page(
            request,
            "ambassador.html",
            status,
            agreement=translator(lang)(TEXTS[AMBASSADOR, AMBASSADOR_VERSION]),
            agreed=agreed,
            shown=guidance((row.own_hands for row in rows), model),
            lines=[self._line(row, lang) for row in reversed(rows)],
            too_fast=too_fast,
        )

    def _line(self, row: HelpedRow, lang: str) -> tuple[str, str, bool]:
        names = {one.id: one.name.in_language(lang) for one in self._context.bank.framework.skills}
        return names.get(row.skill, row.skill), day(row.day_us), row.own_hands
