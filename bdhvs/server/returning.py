"""Coming back to the class on whatever phone: by three pictures, or by a way back that the teacher gave.

Names are shown to those who gave the class code, and only of people who chose pictures and agreed to that.
"""

from __future__ import annotations

import asyncio
import logging
import time

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bdhvs.core.identifiers import read_code
from bdhvs.errors import NotAllowed, NotFound, Refused, StoreError
from bdhvs.i18n import Gettext, translator
from bdhvs.server.context import ClassContext
from bdhvs.server.html import chosen_language, page
from bdhvs.server.limits import RateLimit
from bdhvs.server.security import TooLarge, form_fields
from bdhvs.server.visitors import address_of, sign_in
from bdhvs.service.pins import Returner, picture_names
from bdhvs.service.refusals import SENTENCES

log = logging.getLogger("bdhvs.returning")
#: Wrong codes and wrong pictures from one address: a class behind one router shares them, so they come back quickly.
WRONG_AT_ONCE, WRONG_PER_SECOND = 30, 1 / 10
PLACES = ("first", "second", "third")  # the fields of the three pictures


def joining_sentence(code: str, _: Gettext) -> str:
    """What somebody who comes back, or chooses pictures, is told about a refusal."""
    sentences = {
        "not_found": _("This code does not open a class. Please look at the board again: 6 letters or digits."),
        "way_not_found": _("This way back was used already, or its 15 minutes are over. Please ask the teacher for a new one."),
        "gone": _("This name is not in the list any more. Please ask the teacher to let you in."),
        "pictures_missing": _("Please tap three pictures, one after the other."),
        "pictures_wrong": _("These are not the three pictures, or not in this order. Take your time and try again. The teacher can help you, too."),
        "pictures_wait": _("Let us wait a little before the next try. You may also ask the teacher to let you in."),
        "pictures_asleep": _("The three pictures rest now. Please ask the teacher to let you in: nothing of yours is lost."),
        "too_many_tries": _("There were many tries. Please wait a minute, or ask the teacher to let you in."),
    }
    return sentences.get(code) or _(SENTENCES.get(code, SENTENCES["not_allowed"])[1])


def sent_pictures(form: dict[str, str]) -> list[str]:
    """The pictures a form brought, in their order; those not chosen are left out."""
    return [form[place] for place in PLACES if form.get(place)]


class ReturnPages:
    """Endpoints of coming back."""

    def __init__(self, context: ClassContext) -> None:
        self._context = context
        self._wrong = RateLimit(burst=WRONG_AT_ONCE, per_second=WRONG_PER_SECOND, clock=time.monotonic)

    def routes(self) -> list[Route]:
        """All of them; nobody need be known."""
        return [
            Route("/tro-lai", self.ask_code),
            Route("/tro-lai", self.come_back, methods=["POST"]),
            Route("/tro-lai/{code}", self.choose_name),
            Route("/tro-lai/{code}/{mark}", self.ask_pictures),
            Route("/ve", self.way_typed),
            Route("/ve", self.use_way, methods=["POST"]),
            Route("/ve/{way}", self.show_way),
        ]

    async def ask_code(self, request: Request) -> Response:
        """``/tro-lai``: which class? With ``?code=`` on to its names."""
        typed = request.query_params.get("code", "")
        if not typed:
            return page(request, "return_code.html", code="", sentence=None)
        code = read_code(typed)
        return RedirectResponse(f"/tro-lai/{code}", 303) if code else self._wrong_code(request, typed)

    async def choose_name(self, request: Request) -> Response:
        """``/tro-lai/CODE``: who are you?"""
        code = request.path_params["code"]
        if not self._is_our_code(request, code):
            return self._wrong_code(request, code)
        people = await self._context.pins.returners(self._context.room.id)
        return page(request, "return_names.html", people=people, code=self._context.room.code)

    async def ask_pictures(self, request: Request) -> Response:
        """``/tro-lai/CODE/MARK``: which three pictures?"""
        code = request.path_params["code"]
        if not self._is_our_code(request, code):
            return self._wrong_code(request, code)
        try:
            who = await self._context.pins.returner(self._context.room.id, request.path_params["mark"])
        except NotFound:
            return RedirectResponse(f"/tro-lai/{self._context.room.code}", 303)
        return self._pictures(request, who)

    async def come_back(self, request: Request) -> Response:
        """``POST /tro-lai``: the pictures are given."""
        try:
            form = await form_fields(request.receive)
        except TooLarge:
            return self._wrong_code(request, "")
        if not self._is_our_code(request, form.get("code", "")):
            return self._wrong_code(request, form.get("code", ""))
        try:
            who = await self._context.pins.returner(self._context.room.id, form.get("who", ""))
        except NotFound:
            return RedirectResponse(f"/tro-lai/{self._context.room.code}", 303)
        return await self._judge(request, who, sent_pictures(form))

    async def way_typed(self, request: Request) -> Response:
        """``/ve?ma=CODE``: a way back that was typed."""
        code = read_code(request.query_params.get("ma", ""))
        return RedirectResponse(f"/ve/{code}", 303) if code else self._no_way(request)

    async def show_way(self, request: Request) -> Response:
        """``/ve/CODE``: who comes back? Looking uses nothing up: phones look at links beforehand."""
        if self._wrong.is_empty(address_of(request)):
            return self._no_way(request, "too_many_tries", 429)
        way = request.path_params["way"]
        try:
            learner_id = self._context.ways_back.learner(way)
        except NotFound:
            self._wrong.allow(address_of(request))
            return self._no_way(request)
        row = await asyncio.to_thread(self._context.store.learner, learner_id)
        return page(request, "return_way.html", name=row.nickname if row else "", way=way)

    async def use_way(self, request: Request) -> Response:
        """``POST /ve``: come in by it."""
        if self._wrong.is_empty(address_of(request)):
            return self._no_way(request, "too_many_tries", 429)
        try:
            way = (await form_fields(request.receive)).get("way", "")
            learner_id = self._context.ways_back.use(way)
            await self._context.pins.wake(learner_id)
        except (NotFound, TooLarge):
            self._wrong.allow(address_of(request))
            return self._no_way(request)
        except StoreError as error:
            log.warning("coming back failed: %s", error)
            return self._no_way(request, "store_unavailable", 503)
        return await self._let_in(request, learner_id)

    # ── inside ──────────────────────────────────────────────────────────────────────────────────────

    def _is_our_code(self, request: Request, typed: str) -> bool:
        try:
            if not self._context.code_tries.allow(address_of(request)):
                return False
            return self._context.rooms.classroom(typed).id == self._context.room.id
        except NotFound:
            return False

    def _wrong_code(self, request: Request, typed: str) -> Response:
        patient = self._wrong.allow(address_of(request))
        code, status = ("not_found", 404) if patient else ("too_many_tries", 429)
        sentence = joining_sentence(code, translator(chosen_language(request)))
        return page(request, "return_code.html", status, code=typed[:12], sentence=sentence)

    def _no_way(self, request: Request, code: str = "way_not_found", status: int = 404) -> Response:
        sentence = joining_sentence(code, translator(chosen_language(request)))
        return page(request, "return_code.html", status, code="", sentence=sentence)

    async def _judge(self, request: Request, who: Returner, sent: list[str]) -> Response:
        address = address_of(request)
        if self._wrong.is_empty(address):
            return self._pictures(request, who, problem="too_many_tries", status=429)
        try:
            await self._context.pins.check(who.learner_id, sent)
        except NotAllowed as refused:
            if refused.code != "pictures_missing":
                self._wrong.allow(address)
            status = 429 if refused.code in ("pictures_wait", "pictures_asleep") else 422
            return self._pictures(request, who, problem=refused.code, status=status)
        except StoreError as error:
            log.warning("coming back failed: %s", error)
            return self._pictures(request, who, problem="store_unavailable", status=503)
        return await self._let_in(request, who.learner_id)

    async def _let_in(self, request: Request, learner_id: str) -> Response:
        try:
            learner = await self._context.rooms.known_learner(learner_id)
        except Refused as refused:
            return self._no_way(request, refused.code, 401)
        if learner is None:  # forgotten at this very moment
            return self._no_way(request, "gone")
        response = RedirectResponse("/lop", 303)
        sign_in(self._context, request, response, learner)
        return response

    def _pictures(self, request: Request, who: Returner, *, problem: str | None = None, status: int = 200) -> Response:
        _ = translator(chosen_language(request))
        return page(
            request,
            "return_pictures.html",
            status,
            who=who.mark,
            name=who.name,
            code=self._context.room.code,
            pictures=picture_names(_),
            problem=problem,
            sentence=joining_sentence(problem, _) if problem else None,
        )
