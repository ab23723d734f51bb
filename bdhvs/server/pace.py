"""The pace of the class over HTTP: the teacher's controls, the projector's part, and what phones ask where streams fail.

The controls are plain forms and work without JavaScript; static/pace.js only spares the teacher the reload. A button says
which item it is about, so that pressing twice, or on a page that is out of date, moves nobody on by mistake.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bdhvs.core.pace_commands import Begin, Command, End, Free, Hold, Open, Reopen, Reveal, ShowAnswers, Wait
from bdhvs.errors import NotAllowed, NotFound, Refused, StoreError
from bdhvs.i18n import Gettext, translator
from bdhvs.server.context import ClassContext
from bdhvs.server.html import chosen_language, page
from bdhvs.server.security import TooLarge, form_fields
from bdhvs.server.visitors import is_teacher, learner_of, teacher_only
from bdhvs.service.pace_view import LedCount, PaceCount, pace_view
from bdhvs.service.projected import projected
from bdhvs.service.views import block

log = logging.getLogger("bdhvs.pace")
ASKED = "/api/nhip"


@dataclass(frozen=True, slots=True)
class FormToLead:
    """A form that can be taken together: its title and number of items."""

    id: str
    title: str
    items: int


@dataclass(frozen=True, slots=True)
class Controls:
    """What the teacher's controls show.

    ``stem`` is the open item's question as HTML; ``next`` the item after it (None: it is the last); ``items`` all of the
    form by number; ``others`` titles of forms that are led as well, behind the one in front;
    ``alone`` of those on the home page that cannot be.
    """

    pace: PaceCount
    led: LedCount | None
    title: str
    stem: str
    next: str | None
    items: tuple[tuple[int, str], ...]
    forms: tuple[FormToLead, ...]
    others: tuple[str, ...]
    alone: tuple[str, ...]
    problem: str = ""


def controls(context: ClassContext, lang: str, problem: str = "") -> Controls:
    """The controls as they are now."""
    pace, count = context.pace.of(context.room.id), context.board.pace()
    led = pace.led.get(pace.front) if pace.front else None
    item = context.bank.items.get(led.item) if led else None
    forms = tuple(FormToLead(one, _title(context, one, lang), context.bank.forms[one].longest) for one in leadable(context))
    return Controls(
        pace=count,
        led=count.led,
        title=_title(context, pace.front, lang) if pace.front else "",
        stem=block(item.stem, lang) if item else "",
        next=led.next if led else None,
        items=tuple(enumerate(led.items, start=1)) if led else (),
        forms=forms,
        others=tuple(_title(context, one, lang) for one in pace.led if one != pace.front),
        alone=tuple(_title(context, one, lang) for one in context.listed_forms if one not in leadable(context)),
        problem=_problem_sentence(problem, translator(lang)) if problem else "",
    )


def leadable(context: ClassContext) -> tuple[str, ...]:
    """Forms the class can take together: those on its home page, then those inside its lessons; none of which learners get
    items or a form of their own."""
    inside = sorted(context.shelf.forms() - set(context.listed_forms))
    forms = context.bank.forms
    return tuple(one for one in (*context.listed_forms, *inside) if one in forms and forms[one].items)


def _title(context: ClassContext, form_id: str, lang: str) -> str:
    form = context.bank.forms.get(form_id)
    return form.title.in_language(lang) if form else form_id


def _problem_sentence(code: str, _: Gettext) -> str:
    sentences = {
        "other_item": _("Another question is open by now. This is how it is at the moment."),
        "class_ended": _("The class has ended. Reopen it first."),
        "not_begun": _("The class is still waiting. Begin it first."),
        "adaptive": _("In this quiz everybody gets questions of their own, so each person takes it alone."),
        "ended_long_ago": _("The class ended more than 12 hours ago. Please open a new one."),
        "store": _("This could not be saved now, so nothing has changed. Please try again in a moment."),
    }
    return sentences.get(code) or _("This is not possible now.")


class PacePages:
    """Endpoints of the pace."""

    def __init__(self, context: ClassContext) -> None:
        self._context = context

    def routes(self) -> list[Route]:
        """They go before ``/gv/{token}``."""
        return [
            Route("/gv/nhip", self.controls),
            Route("/gv/nhip", self.act, methods=["POST"]),
            Route("/gv/ket-thuc", self.ending),
            Route("/gv/chieu/cau", self.wall),
            Route(ASKED, self.asked),
        ]

    async def controls(self, request: Request) -> Response:
        """``/gv/nhip``: the controls alone, for a page that is open already."""
        if not is_teacher(self._context, request):
            return teacher_only(request)
        return self._part(request)

    async def act(self, request: Request) -> Response:
        """``POST /gv/nhip``: ``do`` says what, ``form`` and ``item`` with what; ``part`` asks for the controls in return."""
        if not is_teacher(self._context, request):
            return teacher_only(request)
        fields: dict[str, str] = {}
        problem = ""
        try:
            fields = await form_fields(request.receive)
            if fields.get("do") == "end" and fields.get("sure") != "yes":
                return RedirectResponse("/gv/ket-thuc", 303)
            await self._do(self._command(fields))
        except TooLarge:
            problem = "invalid_message"
        except Refused as refused:
            problem = refused.code
        except StoreError as error:
            log.warning("the class's pace could not be kept: %s", error)
            problem = "store"
        if fields.get("part"):
            return self._part(request, problem)
        return RedirectResponse(f"/gv?loi={problem}#nhip" if problem else "/gv#nhip", 303)

    async def ending(self, request: Request) -> Response:
        """``/gv/ket-thuc``: what ending the class means, and the button that does it."""
        if not is_teacher(self._context, request):
            return teacher_only(request)
        counts = self._context.board.at_work()
        return page(request, "ending.html", room=self._context.room, at_work=counts)

    async def wall(self, request: Request) -> Response:
        """``/gv/chieu/cau``: the projector's part about the open item; empty while everybody goes alone."""
        if not is_teacher(self._context, request):
            return teacher_only(request)
        shown = projected(self._context.board, self._context.bank, chosen_language(request))
        return page(request, "projector_item.html", shown=shown)

    async def asked(self, request: Request) -> Response:
        """``/api/nhip``: the pace as JSON, for a learner's page whose stream does not come through."""
        learner = await learner_of(self._context, request)
        if learner is None:
            return Response(status_code=401)
        body = msgspec.json.encode(pace_view(self._context.pace.of(learner.classroom_id)))
        return Response(body, media_type="application/json")

    # ── inside ──────────────────────────────────────────────────────────────────────────────────────

    def _part(self, request: Request, problem: str = "") -> Response:
        lang = chosen_language(request)
        return page(request, "teacher_pace.html", controls=controls(self._context, lang, problem))

    async def _do(self, command: Command) -> None:
        context = self._context
        await context.pace.do(context.room.id, command)
        if isinstance(command, End):
            await context.quiz.finish_class(context.room.id)

    def _command(self, fields: dict[str, str]) -> Command:
        form, item = fields.get("form", ""), fields.get("item", "")
        match fields.get("do", ""):
            case "open":
                return self._open(form, item)
            case "hold":
                return Hold(form, item)
            case "show" | "hide" as shown:
                return ShowAnswers(form, item, shown == "show")
            case "reveal":
                return Reveal(form, item)
            case "free":
                return Free(form)
        whole: dict[str, Any] = {"wait": Wait, "begin": Begin, "end": End, "reopen": Reopen}
        if fields.get("do", "") not in whole:
            raise NotAllowed("there is no such button", "not_allowed")
        command: Command = whole[fields["do"]]()
        return command

    def _open(self, form_id: str, item: str) -> Open:
        """``item`` empty: where the form was left, else the first item that was not revealed yet.

        A faulty item, which does not count, is left out when the class comes to it.
        """
        context = self._context
        if (form := context.bank.forms.get(form_id)) and form.adaptive:
            raise NotAllowed("an adaptive form is taken alone", "adaptive")
        if form_id not in leadable(context):
            raise NotFound("this class does not offer the form")
        pace, whole = context.pace.of(context.room.id), context.quiz.form(form_id).items
        led = pace.led.get(form_id)
        items = tuple(one for one in whole if context.quiz.counts(context.bank.item(one)) or (led and one in led.opened)) or whole
        fresh = next((one for one in items if one not in pace.revealed), items[0])
        return Open(form_id, item or (led.item if led else fresh), items)
