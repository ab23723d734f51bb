""" "Gia đình số" for its members: come together, see whether the house has somebody, leave."""

from __future__ import annotations

import time
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bdhvs.errors import NotAllowed, NotFound
from bdhvs.i18n import Gettext, translator
from bdhvs.server.context import ClassContext
from bdhvs.server.html import chosen_language, page
from bdhvs.server.limits import RateLimit
from bdhvs.server.qr import qr_svg
from bdhvs.server.security import TooLarge, form_fields
from bdhvs.server.visitors import ForLearner, address_of, for_learner
from bdhvs.service.consents import HOUSEHOLD, HOUSEHOLD_VERSION, TEXTS
from bdhvs.service.households import MINUTES
from bdhvs.service.learner import Learner
from bdhvs.service.people import People
from bdhvs.store.times import now_us

CHANGES_AT_ONCE, CHANGES_PER_SECOND = 10, 1 / 60  # of one learner: who comes and goes could watch the answer change


def household_sentence(code: str, _: Gettext) -> str:
    """Why somebody cannot come in, in calm words."""
    sentences = {
        "not_found": _(
            "This code opens no household. Please ask your family for a new one: it is good for half an hour."
        ),
        "too_many_tries": _("Too many wrong codes. Please wait a minute."),
        "agree_missing": _("Please tick the box first, if you agree."),
        "in_a_household": _("You are in a household already. Leave it first, then come into the other one."),
        "household_full": _("This household has twelve people, and no more can come in."),
        "too_fast": _("That was often in a short time. Please wait some minutes."),
    }
    return sentences.get(code) or sentences["not_found"]


class HouseholdPages:
    """Endpoints for a learner who is in; a stranger is led to the join page."""

    def __init__(self, context: ClassContext) -> None:
        self._context = context
        self._people = People(context.bank, context.store, now_us=now_us, actor="learner")
        self._changes = RateLimit(burst=CHANGES_AT_ONCE, per_second=CHANGES_PER_SECOND, clock=time.monotonic)

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route("/gia-dinh", self.show),
            Route("/gia-dinh/lap", self.begin, methods=["POST"]),
            Route("/gia-dinh/vao", self.enter, methods=["POST"]),
            Route("/gia-dinh/ma", self.code),
            Route("/gia-dinh/ma", self.make_code, methods=["POST"]),
            Route("/gia-dinh/ra", self.leave, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """``/gia-dinh``: the household, or how to come into one; ``?ma=CODE`` is an invitation that was scanned."""

        async def made(request: Request, learner: Learner) -> Response:
            return await self._shown(request, learner, code=request.query_params.get("ma", "")[:12])

        return await self._where_offered(request, made)

    async def begin(self, request: Request) -> Response:
        """``POST /gia-dinh/lap``: a new household."""

        async def made(request: Request, learner: Learner) -> Response:
            await self._agreed(request, learner)
            await self._context.households.begin(learner.id)
            return RedirectResponse("/gia-dinh", 303)

        return await self._where_offered(request, made)

    async def enter(self, request: Request) -> Response:
        """``POST /gia-dinh/vao``: into the household of whoever gave the code."""

        async def made(request: Request, learner: Learner) -> Response:
            if self._context.wrong_returns.is_empty(address_of(request)):
                raise NotAllowed("too many wrong codes", "too_many_tries")
            form = await self._agreed(request, learner)
            try:
                await self._context.households.enter(learner.id, form.get("code", ""))
            except NotFound:
                self._context.wrong_returns.allow(address_of(request))
                raise
            return RedirectResponse("/gia-dinh", 303)

        return await self._where_offered(request, made)

    async def make_code(self, request: Request) -> Response:
        """``POST /gia-dinh/ma``: a code for the family, or the one that is open."""

        async def made(request: Request, learner: Learner) -> Response:
            await self._context.households.invite(learner.id)
            return RedirectResponse("/gia-dinh/ma", 303)

        return await self._where_offered(request, made)

    async def code(self, request: Request) -> Response:
        """``/gia-dinh/ma``: the code that is open, to be shown to the family."""

        async def made(request: Request, learner: Learner) -> Response:
            code = self._context.households.invitations.open_for(learner.id)
            if code is None:
                return RedirectResponse("/gia-dinh", 303)
            url = f"{self._context.address(request)}/gia-dinh?ma={code}"
            return page(request, "household_code.html", code=code, url=url, qr=qr_svg(url), minutes=MINUTES)

        return await self._where_offered(request, made)

    async def leave(self, request: Request) -> Response:
        """``POST /gia-dinh/ra``: leave, and take the consent back."""

        async def made(request: Request, learner: Learner) -> Response:
            with suppress(NotFound):  # left already, on another phone or a moment ago
                await self._people.withdraw(learner.id, HOUSEHOLD)
            await self._context.households.forget_learner(learner.id)
            return RedirectResponse("/lop", 303)

        return await for_learner(self._context, request, made)

    # ── inside ──────────────────────────────────────────────────────────────────────────────────────

    async def _where_offered(self, request: Request, made: ForLearner) -> Response:
        """What `made` gives where the class has households; what it refuses is said on the household's page."""

        async def answered(request: Request, learner: Learner) -> Response:
            if not self._context.households.is_on:
                return RedirectResponse("/lop", 303)
            try:
                return await made(request, learner)
            except (NotFound, TooLarge):
                return await self._shown(request, learner, problem="not_found", status=404)
            except NotAllowed as refused:
                status = 429 if refused.code in ("too_fast", "too_many_tries") else 422
                return await self._shown(request, learner, problem=refused.code, status=status)

        return await for_learner(self._context, request, answered)

    async def _agreed(self, request: Request, learner: Learner) -> dict[str, str]:
        form = await form_fields(request.receive)
        if form.get("agreed") != "yes":
            raise NotAllowed("the box is not ticked", "agree_missing")
        if not self._changes.allow(learner.id):
            raise NotAllowed("too often", "too_fast")
        return form

    async def _shown(
        self, request: Request, learner: Learner, *, code: str = "", problem: str = "", status: int = 200
    ) -> Response:
        lang, model = chosen_language(request), self._context.bank.framework.household
        _ = translator(lang)
        return page(
            request,
            "household.html",
            status,
            household=await self._context.households.of(learner.id),
            parts=[one.name.in_language(lang) for one in model.parts] if model else [],
            agreement=_(TEXTS[HOUSEHOLD, HOUSEHOLD_VERSION]),
            code=code,
            problem=problem,
            sentence=household_sentence(problem, _) if problem else "",
        )
