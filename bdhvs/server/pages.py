"""The learner's pages: join, the class's home, a lesson, a quiz."""

from __future__ import annotations

import asyncio
import logging
import time

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bdhvs.core.identifiers import read_code
from bdhvs.core.pace import Pace
from bdhvs.errors import NotAllowed, NotFound, Refused, StoreError
from bdhvs.i18n import Gettext, translator
from bdhvs.server.context import LEARNER_COOKIE, ClassContext
from bdhvs.server.home import shelves
from bdhvs.server.html import chosen_language, page
from bdhvs.server.limits import RateLimit
from bdhvs.server.security import TooLarge, form_fields
from bdhvs.server.telling import ADDRESS as ABOUT_LEARNERS
from bdhvs.server.visitors import address_of, learner_of, mark_of, sign_in
from bdhvs.service.refusals import SENTENCES

log = logging.getLogger("bdhvs.pages")
WRONG_CODES = 20  # at once before being asked to wait; the right code is let in all the same


def _join_sentence(code: str, _: Gettext) -> str:
    sentences = {
        "not_found": _("This code does not open a class. Please look at the board again: 6 letters or digits."),
        "name_empty": _("Please type a name for the teacher to call you by."),
        "name_too_long": _("This name is too long: please write at most 40 letters."),
        "too_large": _("This name is too long: please write at most 40 letters."),
        "too_many_tries": _("Too many wrong codes. Please wait a minute, or ask the teacher for the code."),
        "class_closed": _("The class is over. Your answers are kept."),
        "consent_missing": _("To use your name from the list, please tick the box beside it; or type a nickname."),
        "guardian_missing": _(
            "To use your name from the list, your parent or guardian must agree too: please tick both boxes; or type a nickname."
        ),
        "not_listed": _("This name is not in the list any more. Please choose again, or type a nickname."),
    }
    return sentences.get(code) or _(SENTENCES.get(code, SENTENCES["not_allowed"])[1])


class LearnerPages:
    """Endpoints of the learner's pages."""

    def __init__(self, context: ClassContext) -> None:
        self._context = context
        self._wrong_codes = RateLimit(burst=WRONG_CODES, per_second=1 / 6, clock=time.monotonic)
        self._joins = RateLimit(burst=200, per_second=5, clock=time.monotonic)  # a whole school behind one address

    async def join_form(self, request: Request) -> Response:
        """``/`` and ``/j/CODE``: type the code and a name. Somebody already in goes on to the class."""
        if await learner_of(self._context, request) is not None and "code" not in request.path_params:
            return RedirectResponse("/lop", 303)
        code = request.path_params.get("code", "")
        if code and not self._context.code_tries.allow(address_of(request)):
            return self._join_page(request, code="", problem="too_many_tries", status=429)
        return self._join_page(request, code=code)

    async def join(self, request: Request) -> Response:
        """``POST /vao``: come in."""
        who = address_of(request)
        form: dict[str, str] = {}
        try:
            form = await form_fields(request.receive)
            if not self._context.code_tries.allow(who):
                return self._join_page(request, code="", problem="too_many_tries", status=429)
            # A right code gets in however many wrong ones came from its address: a village may share one, and a
            # single phone could keep everybody out.
            self._context.rooms.classroom(form.get("code", ""))
            if not self._joins.allow(who):
                raise NotAllowed("too many at once", "too_fast")
            joined = await self._context.rooms.join(
                form.get("code", ""),
                form.get("name", ""),
                chosen_language(request),
                listed=form.get("listed", ""),
                agreed=form.get("agreed") == "yes",
                guardian=form.get("guardian") == "yes",
            )
        except TooLarge:
            return self._join_page(request, code="", problem="too_large", status=413)
        except NotFound:
            problem, status = ("not_found", 404) if self._wrong_codes.allow(who) else ("too_many_tries", 429)
            return self._join_page(
                request, code=form.get("code", "")[:12], name=form.get("name", "")[:40], problem=problem, status=status
            )
        except Refused as refused:
            status = 429 if refused.code == "too_fast" else 422
            return self._join_page(
                request,
                code=form.get("code", "")[:12],
                listed=form.get("listed", "")[:60],
                problem=refused.code,
                status=status,
            )
        except StoreError as error:
            log.warning("joining failed: %s", error)
            return self._join_page(
                request,
                code=form.get("code", ""),
                name=form.get("name", "")[:40],
                problem="store_unavailable",
                status=503,
            )
        front = self._pace.front  # late as they may be: they come where all the others are
        first = ABOUT_LEARNERS if self._context.telling.is_asked else "/lop"
        response = RedirectResponse((self._page_with(front) if front else None) or first, 303)
        sign_in(self._context, request, response, joined.learner)
        return response

    async def leave(self, request: Request) -> Response:
        """``POST /ra``: forget who this phone is, for the next person who shares it."""
        learner = await learner_of(self._context, request)
        if learner is not None and self._context.live is not None:
            await self._context.live.hall.leave(learner.id)
        way_back = f"/j/{self._context.room.code}" if learner is not None else "/"  # to a stranger it would tell the code
        response = RedirectResponse(way_back, 303)
        response.delete_cookie(LEARNER_COOKIE, path="/")
        return response

    async def home(self, request: Request) -> Response:
        """``/lop``: lessons and quizzes of the class."""
        learner = await learner_of(self._context, request)
        if learner is None:
            return RedirectResponse("/", 303)
        if self._is_waiting():
            return self._lobby(request)
        lang = chosen_language(request)
        row = await asyncio.to_thread(self._context.store.learner, learner.id)
        pictures = await self._context.pins.is_chosen(learner.id)
        return page(
            request,
            "home.html",
            name=row.nickname if row else "",
            room=self._context.room,
            pictures=pictures,
            tells=self._context.telling.is_asked or await self._context.telling.told(learner.id) is not None,
            just_told="da-ke" in request.query_params,
            just_chosen=pictures and "hinh" in request.query_params,
            shelves=shelves(self._context, lang),
            gate=self._pace.gate,
            led=[(href, self._context.bank.form(form).title.in_language(lang)) for href, form in self._led_pages()],
            follow=self._follow(),
            offered=self._context.movement.offered,
        )

    async def lesson(self, request: Request) -> Response:
        """``/bai/<id>``: a light lesson page."""
        learner = await learner_of(self._context, request)
        if learner is None:
            return RedirectResponse("/", 303)
        if self._is_waiting():
            return self._lobby(request)
        lang = chosen_language(request)
        info = self._context.shelf.find(request.path_params["lesson"], lang)
        if info is None:
            return self.missing(request)
        made = self._context.shelf.page(info)
        status = 503 if made is not None and made.error else 200
        return page(request, "lesson.html", status, info=info, made=made, who=mark_of(learner.id))

    async def quiz(self, request: Request) -> Response:
        """``/kiem-tra/<form>``: a quiz on a page of its own."""
        learner = await learner_of(self._context, request)
        if learner is None:
            return RedirectResponse("/", 303)
        if self._is_waiting():
            return self._lobby(request)
        form_id = request.path_params["form"]
        if form_id not in self._context.listed_forms:
            return self.missing(request)
        lang = chosen_language(request)
        form = self._context.bank.form(form_id)
        return page(request, "quiz.html", form=form, title=form.title.in_language(lang), who=mark_of(learner.id))

    def missing(self, request: Request) -> Response:
        """A calm page for an address that leads nowhere."""
        return page(request, "missing.html", 404)

    # ── the class's pace ────────────────────────────────────────────────────────────────────────────

    @property
    def _pace(self) -> Pace:
        return self._context.pace.of(self._context.room.id)

    def _is_waiting(self) -> bool:
        return self._pace.gate == "waiting"

    def _lobby(self, request: Request) -> Response:
        return page(request, "lobby.html", room=self._context.room, follow=self._follow())

    def _follow(self) -> str:
        """What here.js compares: a page that shows another state than this is loaded anew."""
        return ":".join([self._pace.gate, *self._pace.led])

    def _led_pages(self) -> list[tuple[str, str]]:
        """Address and form of what the class takes together now: a quiz of its own, or the lesson it lies in."""
        return [(href, form) for form in self._pace.led if (href := self._page_with(form)) is not None]

    def _page_with(self, form: str) -> str | None:
        if form in self._context.listed_forms:
            return f"/kiem-tra/{form}"
        made = self._context.shelf.pages
        inside = (info.id for info in self._context.shelf.lessons if info.path in made and form in made[info.path].forms)
        lesson = next(inside, None)
        return f"/bai/{lesson}" if lesson else None

    # ── inside ──────────────────────────────────────────────────────────────────────────────────────

    def _join_page(
        self,
        request: Request,
        *,
        code: str,
        name: str = "",
        listed: str = "",
        problem: str | None = None,
        status: int = 200,
    ) -> Response:
        sentence = _join_sentence(problem, translator(chosen_language(request))) if problem else None
        # The names of a class are shown to those who have its code, and to nobody else.
        knows_code = read_code(code) == self._context.room.code
        names = self._context.rooms.names if knows_code else ()
        return page(
            request,
            "join.html",
            status,
            code=code,
            name=name,
            names=names,
            under_16=self._context.rooms.under_16,
            no_names=knows_code and self._context.rooms.no_names,
            knows_code=knows_code,
            listed=listed,
            problem=problem,
            sentence=sentence,
        )

