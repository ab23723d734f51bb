""" "Đại sứ số" for the one who was helped: a page on their own phone, without name or account.

Whatever is wrong with a code (used, too old, guessed, of a helper who is gone, of a class that does not offer it), the answer is
the same, so nothing is learnt by trying.
"""

from __future__ import annotations

import asyncio
import time

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bdhvs.core.identifiers import read_code
from bdhvs.errors import NotAllowed, NotFound, StoreError
from bdhvs.i18n import Gettext, translator
from bdhvs.server.context import ClassContext
from bdhvs.server.device_cookie import keep_mark, mark_of
from bdhvs.server.html import chosen_language, page
from bdhvs.server.limits import RateLimit
from bdhvs.server.security import TooLarge, form_fields
from bdhvs.server.visitors import address_of, learner_of

CONFIRMATIONS_AT_ONCE, CONFIRMATIONS_PER_SECOND = 60, 1 / 10  # from one address: a hall may share one


def helped_sentence(code: str, _: Gettext) -> str:
    """Why it could not be confirmed, in calm words."""
    sentences = {
        "not_found": _(
            "This code is not open any more. Please ask the person who helped you for a new one: it is good for one time and a few minutes."
        ),
        "too_many_tries": _("Too many codes that are not open. Please wait a minute."),
        "too_fast": _("Many people confirm just now. Please wait a minute and press again."),
        "skill_missing": _("Please choose what you can do now."),
        "hands_missing": _("Please choose who pressed the buttons."),
        "confirmed_before": _("This phone has confirmed for this person before. Thank you: once is enough."),
        "no_cookie": _(
            "This browser keeps nothing, so it cannot be counted. Please open the page in the phone's usual browser."
        ),
        "store_unavailable": _(
            "It could not be saved just now, and nothing was changed. Please try again in a minute."
        ),
    }
    return sentences.get(code) or sentences["not_found"]


class HelpedPages:
    """Endpoints for whoever has a helper's code."""

    def __init__(self, context: ClassContext) -> None:
        self._context = context
        self._confirmations = RateLimit(
            burst=CONFIRMATIONS_AT_ONCE, per_second=CONFIRMATIONS_PER_SECOND, clock=time.monotonic
        )

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route("/giup", self.typed),
            Route("/giup/{code}", self.ask),
            Route("/giup/{code}", self.confirm, methods=["POST"]),
            Route("/giup/{code}/rut-lai", self.take_back, methods=["POST"]),
        ]

    async def typed(self, request: Request) -> Response:
        """``/giup?ma=CODE``: a code that was typed, or the place to type it."""
        if "ma" not in request.query_params:
            return page(request, "helped_code.html", sentence="")
        code = read_code(request.query_params["ma"])
        return RedirectResponse(f"/giup/{code}", 303) if code else self._nothing(request)

    async def ask(self, request: Request) -> Response:
        """``/giup/CODE``: what is to be confirmed. Looking uses nothing up: phones look at links beforehand."""
        if self._context.wrong_returns.is_empty(address_of(request)):
            return self._nothing(request, "too_many_tries", 429)
        try:
            return await self._asked(request)
        except NotFound:
            self._context.wrong_returns.allow(address_of(request))
            return self._nothing(request)
        except StoreError:
            return self._nothing(request, "store_unavailable", 503)

    async def confirm(self, request: Request) -> Response:
        """``POST /giup/CODE``: yes, I was helped."""
        address, code = address_of(request), request.path_params["code"]
        if self._context.wrong_returns.is_empty(address):
            return self._nothing(request, "too_many_tries", 429)
        form: dict[str, str] = {}
        try:
            form = await form_fields(request.receive)
            helper = await self._context.ambassadors.helper(code)  # a wrong code says so before all else
            mark = mark_of(self._context, request)
            if mark is None:
                return await self._asked(request, form, "no_cookie", 422)
            if not self._context.ambassadors.has_confirmed(code, helper, mark):
                await self._confirmed(request, form, mark)
        except (NotFound, TooLarge):
            self._context.wrong_returns.allow(address)
            return self._nothing(request)
        except NotAllowed as refused:
            return await self._asked(request, form, refused.code, 429 if refused.code == "too_fast" else 422)
        except StoreError:
            return await self._later(request, form)
        return RedirectResponse(f"/giup/{read_code(code)}", 303)

    async def take_back(self, request: Request) -> Response:
        """``POST /giup/CODE/rut-lai``: it was a mistake. Only the phone that confirmed, and only for some minutes."""
        try:
            await self._context.ambassadors.take_back(request.path_params["code"], mark_of(self._context, request))
        except NotFound:
            self._context.wrong_returns.allow(address_of(request))
            return self._nothing(request)
        except StoreError:
            return self._nothing(request, "store_unavailable", 503)
        return page(request, "helped_back.html")

    # ── inside ──────────────────────────────────────────────────────────────────────────────────────

    async def _confirmed(self, request: Request, form: dict[str, str], mark: str) -> None:
        if form.get("skill", "") not in {one.id for one in self._context.ambassadors.skills}:
            raise NotAllowed("no skill was chosen", "skill_missing")
        if form.get("hands") not in ("own", "helper"):
            raise NotAllowed("nothing was said of whose hands it were", "hands_missing")
        if not self._confirmations.allow(address_of(request)):
            raise NotAllowed("too many at once", "too_fast")
        learner = await learner_of(self._context, request)
        await self._context.ambassadors.confirm(
            request.path_params["code"],
            form["skill"],
            form["hands"] == "own",
            mark=mark,
            learner_id=learner.id if learner else None,
        )

    async def _asked(
        self, request: Request, form: dict[str, str] | None = None, problem: str = "", status: int = 200
    ) -> Response:
        ambassadors, code, lang = self._context.ambassadors, request.path_params["code"], chosen_language(request)
        helper = await ambassadors.helper(code)
        mark, learner = mark_of(self._context, request), await learner_of(self._context, request)
        if ambassadors.has_confirmed(code, helper, mark):
            return page(request, "helped_thanks.html", code=read_code(code))
        ambassadors.codes.learner(code)
        if problem == "own_phone" or await ambassadors.is_own_phone(helper, mark, learner.id if learner else None):
            return page(request, "helped_own.html", 403)
        row = await asyncio.to_thread(self._context.store.learner, helper)
        response = page(
            request,
            "helped.html",
            status,
            code=read_code(code),
            name=row.nickname if row and row.nickname else "",
            topics=[
                (name.in_language(lang) if name else "", [(one.id, one.name.in_language(lang)) for one in skills])
                for name, skills in ambassadors.topics
            ],
            chosen=(form or {}).get("skill", ""),
            hands=(form or {}).get("hands", ""),
            problem=problem,
            sentence=helped_sentence(problem, translator(lang)) if problem else "",
        )
        if mark is None:
            keep_mark(self._context, request, response, ambassadors.devices.new())
        return response

    async def _later(self, request: Request, form: dict[str, str]) -> Response:
        try:
            return await self._asked(request, form, "store_unavailable", 503)
        except (NotFound, StoreError):
            return self._nothing(request, "store_unavailable", 503)

    def _nothing(self, request: Request, code: str = "not_found", status: int = 404) -> Response:
        return page(
            request, "helped_code.html", status, sentence=helped_sentence(code, translator(chosen_language(request)))
        )
