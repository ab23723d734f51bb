"""The teacher's pages for putting things right: a quiz of the class and its questions, extra time, letting somebody go on.

Plain forms that work without JavaScript. What is done is said on the page that comes back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bdhvs.core.decisions import Order
from bdhvs.core.forms import Form
from bdhvs.core.timing import GRACE_MINUTES, MOST_EXTRA_MINUTES
from bdhvs.credentials import moments
from bdhvs.errors import NotAllowed, NotFound, Refused, StoreError
from bdhvs.i18n import Gettext, translator
from bdhvs.server.context import ClassContext
from bdhvs.server.html import chosen_language, page
from bdhvs.server.security import TooLarge, form_fields
from bdhvs.server.visitors import is_teacher, teacher_only
from bdhvs.service.form_lines import form_lines, in_one_line, slots_of
from bdhvs.service.repairs import MOST_REASON_CHARS, Repairs
from bdhvs.service.swaps import candidates
from bdhvs.store import LearnerRow

Fields = dict[str, str]
#: Does something with what was posted; the word it gives says what was done.
Deed = Callable[[Fields], Awaitable[str]]
#: The page again, with a problem in words and a status.
Shown = Callable[[Request, str, int], Awaitable[Response]]


def _done(_: Gettext) -> dict[str, str]:
    return {
        "doi": _("The question is replaced."),
        "tra-lai": _("The author's question is back."),
        "thu-tu": _("The order is changed."),
        "gio": _("Everybody has more time now. Phones show it at the next answer."),
        "khong-tinh": _("The question does not count any more. All results are counted anew."),
        "tinh-lai": _("The question counts again. All results are counted anew."),
        "them-gio": _("The extra time is given. The phone shows it at the next answer."),
        "mo-lai": _("The quiz is open again. Ask the person to load the page anew."),
    }


def _problem(code: str, _: Gettext) -> str:
    minutes = _("Please give whole minutes, 1 to {most}.").format(most=MOST_EXTRA_MINUTES)
    sentences = {
        "form_begun": _("Somebody has begun this quiz, so its questions stay as they are. A faulty question can be taken out of the results."),
        "no_candidate": _("This question cannot stand here. Please choose one of the list."),
        "no_time_limit": _("This quiz has no time limit."),
        "finished": _("This quiz is handed in. Let the person go on first; minutes can be given there."),
        "time_over": _("The time is over. Let the person go on first; minutes can be given there."),
        "not_finished": _("This quiz is not handed in, so the person can simply go on."),
        "no_time_left": _("No time is left: please give some minutes."),
        "minutes": minutes,
        "why": _("Please say in one sentence why, at most {most} letters.").format(most=MOST_REASON_CHARS),
        "reason": _("Please choose a reason."),
        "unsure": _("Please tick the box first: the person may have seen the solutions."),
        "store": _("This could not be kept just now, and nothing was changed. Please check the disk and try again in a minute."),
    }
    return sentences.get(code) or _("This is not possible now.")


class RepairPages:
    """Endpoints under ``/gv/de`` and ``/gv/nguoi-hoc/<pseudonym>/bai``, for the one who holds the teacher's link."""

    def __init__(self, context: ClassContext) -> None:
        self._context = context

    @property
    def _repairs(self) -> Repairs:
        return self._context.repairs

    def routes(self) -> list[Route]:
        """They go before ``/gv/{token}``."""
        form, item, work = "/gv/de/{form}", "/gv/de/{form}/{item}", "/gv/nguoi-hoc/{learner}/bai"
        return [
            Route("/gv/de", self.forms),
            Route(form, self.form),
            Route(f"{form}/thu-tu", self.order, methods=["POST"]),
            Route(f"{form}/gio", self.extend_all, methods=["POST"]),
            Route(item, self.item),
            Route(f"{item}/doi", self.swap, methods=["POST"]),
            Route(f"{item}/khong-tinh", self.neutralise, methods=["POST"]),
            Route(f"{item}/tinh-lai", self.restore, methods=["POST"]),
            Route(work, self.work),
            Route(f"{work}/them-gio", self.extend, methods=["POST"]),
            Route(f"{work}/mo-lai", self.reopen, methods=["POST"]),
        ]

    # ── quizzes ─────────────────────────────────────────────────────────────────────────────────────────

    async def forms(self, request: Request) -> Response:
        """``/gv/de``: the quizzes of the class."""
        if not is_teacher(self._context, request):
            return teacher_only(request)
        lang = chosen_language(request)
        forms = [(form, form.title.in_language(lang)) for form in self._repairs.forms()]
        return page(request, "repair_forms.html", forms=forms)

    async def form(self, request: Request) -> Response:
        """``/gv/de/<form>``: its questions, order and time; ``?dap-an=<item>`` shows one key."""
        return await self._for_teacher(request, self._form_page)

    async def order(self, request: Request) -> Response:
        """``POST …/thu-tu``: one order for everybody, or shuffled."""

        async def do(fields: Fields) -> str:
            order: Order = "shuffled" if fields.get("order") == "shuffled" else "fixed"
            await self._repairs.order(self._form(request).id, order)
            return "thu-tu"

        return await self._do(request, do, self._form_page, f"/gv/de/{request.path_params['form']}")

    async def extend_all(self, request: Request) -> Response:
        """``POST …/gio``: minutes for everybody."""

        async def do(fields: Fields) -> str:
            await self._repairs.extend_all(self._form(request).id, _minutes(fields))
            return "gio"

        return await self._do(request, do, self._form_page, f"/gv/de/{request.path_params['form']}")

    async def _form_page(self, request: Request, problem: str, status: int) -> Response:
        form, lang = self._form(request), chosen_language(request)
        decisions, bank = self._repairs.decisions, self._context.bank
        key_of = request.query_params.get("dap-an", "")
        return page(
            request,
            "repair_form.html",
            status,
            form=form,
            title=form.title.in_language(lang),
            lines=list(form_lines(bank, decisions, form, lang, key_of=key_of)),
            begun=await self._repairs.begun(form.id),
            shuffled=decisions.form(form, bank.items).shuffle_items,
            extra=decisions.minutes.get(form.id, 0),
            most=MOST_EXTRA_MINUTES,
            grace=GRACE_MINUTES,
            problem=problem,
            done=_said(request, problem),
        )

    # ── one question ────────────────────────────────────────────────────────────────────────────────────

    async def item(self, request: Request) -> Response:
        """``/gv/de/<form>/<item>``: replace a question before the quiz begins, or take it out of the results."""
        return await self._for_teacher(request, self._item_page)

    async def swap(self, request: Request) -> Response:
        """``POST …/doi``: another question in its place."""

        async def do(fields: Fields) -> str:
            form, slot = self._slot(request)
            into = fields.get("into", "")
            await self._repairs.swap(form.id, slot, into)
            return "tra-lai" if into == slot else "doi"

        return await self._do(request, do, self._item_page, f"/gv/de/{request.path_params['form']}")

    async def neutralise(self, request: Request) -> Response:
        """``POST …/khong-tinh``: the question does not count."""

        async def do(fields: Fields) -> str:
            form, slot = self._slot(request)
            why = fields.get("why", "").strip()
            if not why or len(why) > MOST_REASON_CHARS:
                raise NotAllowed("no reason, or too long", "why")
            await self._repairs.neutralise(form.id, self._in_place(form, slot), why)
            return "khong-tinh"

        return await self._do(request, do, self._item_page, self._item_path(request))

    async def restore(self, request: Request) -> Response:
        """``POST …/tinh-lai``: it counts again."""

        async def do(fields: Fields) -> str:
            form, slot = self._slot(request)
            await self._repairs.restore(form.id, self._in_place(form, slot))
            return "tinh-lai"

        return await self._do(request, do, self._item_page, self._item_path(request))

    async def _item_page(self, request: Request, problem: str, status: int) -> Response:
        form, slot = self._slot(request)
        lang, bank, decisions = chosen_language(request), self._context.bank, self._repairs.decisions
        lines = form_lines(bank, decisions, form, lang, key_of=slot if "dap-an" in request.query_params else "")
        return page(
            request,
            "repair_item.html",
            status,
            form=form,
            title=form.title.in_language(lang),
            line=next(line for line in lines if line.slot == slot),
            author=in_one_line(bank.item(slot), lang),
            begun=await self._repairs.begun(form.id),
            candidates=[(one, in_one_line(one, lang)) for one in candidates(bank, decisions, form.id, slot)] if form.items else [],
            most=MOST_REASON_CHARS,
            day=moments.day,
            clock=moments.clock,
            problem=problem,
            done=_said(request, problem),
        )

    def _form(self, request: Request) -> Form:
        found = next((one for one in self._repairs.forms() if one.id == request.path_params["form"]), None)
        if found is None:
            raise NotFound("the class does not offer the form")
        return found

    def _slot(self, request: Request) -> tuple[Form, str]:
        form, slot = self._form(request), request.path_params["item"]
        if slot not in slots_of(form, self._context.bank):
            raise NotFound("the form has no such item")
        return form, slot

    def _in_place(self, form: Form, slot: str) -> str:
        """The item that stands in the place of the author's; an adaptive form has no places."""
        if form.adaptive:
            return slot
        now = self._repairs.decisions.form(form, self._context.bank.items)
        return now.items[form.items.index(slot)]

    def _item_path(self, request: Request) -> str:
        return f"/gv/de/{request.path_params['form']}/{request.path_params['item']}"

    # ── one person ──────────────────────────────────────────────────────────────────────────────────────

    async def work(self, request: Request) -> Response:
        """``/gv/nguoi-hoc/<pseudonym>/bai``: the quizzes of one person, extra time, letting go on."""
        return await self._for_teacher(request, self._work_page)

    async def extend(self, request: Request) -> Response:
        """``POST …/them-gio``: minutes for one person."""

        async def do(fields: Fields) -> str:
            who = await self._learner(request)
            await self._repairs.extend(who.id, fields.get("form", ""), _minutes(fields))
            return "them-gio"

        return await self._do(request, do, self._work_page, self._work_path(request))

    async def reopen(self, request: Request) -> Response:
        """``POST …/mo-lai``: let one person go on."""

        async def do(fields: Fields) -> str:
            who, form = await self._learner(request), fields.get("form", "")
            work = next((one for one in await self._repairs.works(who.id) if one.form.id == form), None)
            if work is not None and work.solutions_out and fields.get("sure") != "yes":
                raise NotAllowed("the teacher did not tick the box", "unsure")
            if not fields.get("reason"):
                raise NotAllowed("no reason", "reason")
            await self._repairs.reopen(who.id, form, fields["reason"], _minutes(fields, least=0))
            return "mo-lai"

        return await self._do(request, do, self._work_page, self._work_path(request))

    async def _work_page(self, request: Request, problem: str, status: int) -> Response:
        who, lang = await self._learner(request), chosen_language(request)
        _ = translator(lang)
        works = await self._repairs.works(who.id)
        return page(
            request,
            "repair_work.html",
            status,
            person=who,
            works=[(one, one.form.title.in_language(lang)) for one in works],
            reasons={
                "mistake": _("handed in by mistake"),
                "interrupted": _("had to leave, or the power went"),
                "machine": _("the phone or the network failed"),
                "other": _("another reason"),
            },
            most=MOST_EXTRA_MINUTES,
            clock=moments.clock,
            problem=problem,
            done=_said(request, problem),
        )

    async def _learner(self, request: Request) -> LearnerRow:
        row = await asyncio.to_thread(self._context.store.learner, request.path_params["learner"])
        if row is None or row.nickname is None or row.classroom_id != self._context.room.id:
            raise NotFound("there is no such person in the class")
        return row

    def _work_path(self, request: Request) -> str:
        return f"/gv/nguoi-hoc/{request.path_params['learner']}/bai"

    # ── all of them ─────────────────────────────────────────────────────────────────────────────────────

    async def _for_teacher(self, request: Request, shown: Shown, problem: str = "", status: int = 200) -> Response:
        if not is_teacher(self._context, request):
            return teacher_only(request)
        try:
            return await shown(request, problem, status)
        except NotFound:
            return page(request, "missing.html", 404)

    async def _do(self, request: Request, deed: Deed, shown: Shown, then: str) -> Response:
        """Do what was asked for and lead to `then`; the page again with a sentence when it was refused."""
        if not is_teacher(self._context, request):
            return teacher_only(request)
        _ = translator(chosen_language(request))
        try:
            done = await deed(await form_fields(request.receive))
        except NotFound:
            return page(request, "missing.html", 404)
        except Refused as refused:
            return await self._for_teacher(request, shown, _problem(refused.code, _), 422)
        except TooLarge:
            return await self._for_teacher(request, shown, _problem("why", _), 413)
        except StoreError:
            return await self._for_teacher(request, shown, _problem("store", _), 503)
        return RedirectResponse(f"{then}?da={done}", 303)


def _said(request: Request, problem: str) -> str:
    return "" if problem else _done(translator(chosen_language(request))).get(request.query_params.get("da", ""), "")


def _minutes(fields: Fields, least: int = 1) -> int:
    """Posted minutes; an empty field is `least` where nothing need be given."""
    typed = fields.get("minutes", "").strip()
    if not typed and least == 0:
        return 0
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 3 and least <= int(typed) <= MOST_EXTRA_MINUTES):
        raise NotAllowed("the minutes are no number from 1 on", "minutes")
    return int(typed)
