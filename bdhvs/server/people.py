"""The teacher's pages about single people: what is held, correct the name, forget, erase.

No page here has a name in its title or address: a browser keeps both in its history.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from bdhvs.core.names import NameRefused, clean_name, told_apart
from bdhvs.errors import NotFound, StoreError
from bdhvs.i18n import Gettext, translator
from bdhvs.server.context import ClassContext
from bdhvs.server.html import chosen_language, page
from bdhvs.server.qr import qr_svg
from bdhvs.server.security import TooLarge, form_fields
from bdhvs.server.visitors import is_teacher, teacher_only
from bdhvs.service.consents import HOUSEHOLD, OWN, sentence
from bdhvs.service.held import as_text, score_summaries, scores_held
from bdhvs.service.people import People, Receipt
from bdhvs.service.standing import note
from bdhvs.service.standing import sentence as level_sentence
from bdhvs.service.ways_back import MINUTES
from bdhvs.store import Consent, LearnerRow
from bdhvs.store.times import now_us


class PeoplePages:
    """Endpoints under ``/gv/nguoi-hoc``, for the one who holds the teacher's link."""

    def __init__(self, context: ClassContext) -> None:
        self._context = context
        live = (
            *(context.rooms.forget_learner, context.quiz.forget_learner, context.board.forget_learner),
            *(context.ambassadors.codes.forget_learner, context.households.forget_learner),
            *(context.ways_back.forget_learner, context.pins.forget_learner, self._forget_tokens),
            *((context.live.hall.leave,) if context.live is not None else ()),
        )
        self._people = People(context.bank, context.store, now_us=now_us, actor="teacher", live=live)

    def routes(self) -> list[Route]:
        """They go before ``/gv/{token}``."""
        one = "/gv/nguoi-hoc/{learner}"
        return [
            Route("/gv/nguoi-hoc", self.everybody),
            Route(one, self.person),
            Route(f"{one}/du-lieu.json", self.data),
            Route(f"{one}/du-lieu.txt", self.text),
            Route(f"{one}/ten", self.rename, methods=["POST"]),
            Route(f"{one}/quen", self.forget, methods=["POST"]),
            Route(f"{one}/xoa", self.erase, methods=["POST"]),
            Route(f"{one}/ve", self.let_back, methods=["POST"]),
            Route(f"{one}/xoa-hinh", self.clear_pictures, methods=["POST"]),
        ]

    async def everybody(self, request: Request) -> Response:
        """``/gv/nguoi-hoc``: who is in the class, each with a link to the page about them."""
        if not is_teacher(self._context, request):
            return teacher_only(request)
        rows = await asyncio.to_thread(self._context.store.learners, self._context.room.id)
        named = [row for row in rows if row.nickname is not None]
        names = told_apart(row.nickname or "" for row in named)
        people = sorted(((name, row.id) for row, name in zip(named, names, strict=True)), key=lambda one: one[0].casefold())
        return page(request, "people.html", people=people, forgotten=len(rows) - len(named))

    async def person(self, request: Request) -> Response:
        """``/gv/nguoi-hoc/<pseudonym>``: what is held and what can be done with it."""
        return await self._with_person(request, self._shown)

    async def data(self, request: Request) -> Response:
        """``…/du-lieu.json``: everything held, for a program."""

        async def made(request: Request, who: LearnerRow) -> Response:
            found = await self._people.export(who.id, chosen_language(request))
            text = json.dumps(found, ensure_ascii=False, indent=1)
            return Response(text, media_type="application/json", headers=_as_file("bdhvs-du-lieu.json"))

        return await self._with_person(request, made)

    async def text(self, request: Request) -> Response:
        """``…/du-lieu.txt``: everything held, to read or print."""

        async def made(request: Request, who: LearnerRow) -> Response:
            lang = chosen_language(request)
            found = await self._people.export(who.id, lang)
            # With a BOM: Windows' Notepad and Word otherwise guess another encoding.
            return PlainTextResponse("\ufeff" + as_text(found, lang), headers=_as_file("bdhvs-du-lieu.txt"))

        return await self._with_person(request, made)

    async def rename(self, request: Request) -> Response:
        """``POST …/ten``: correct the name."""

        async def made(request: Request, who: LearnerRow) -> Response:
            _ = translator(chosen_language(request))
            try:
                typed = (await form_fields(request.receive)).get("name", "")
                await self._people.rename(who.id, typed)
                self._context.board.rename(who.id, clean_name(typed))
                await self._context.rooms.refresh_names()
            except (NameRefused, TooLarge) as refused:
                empty = getattr(refused, "code", "") == "name_empty"
                too_long = _("This name is too long: please write at most 40 letters.")
                said = _("Please type a name for the teacher to call you by.") if empty else too_long
                return await self._shown(request, who, problem=said, status=422)
            return RedirectResponse(f"/gv/nguoi-hoc/{who.id}?da-sua=1", 303)

        return await self._with_person(request, made)

    async def let_back(self, request: Request) -> Response:
        """``POST …/ve``: a way back for this person alone, as a code and a QR."""

        async def made(request: Request, who: LearnerRow) -> Response:
            await self._people.note_way_back(who.id)
            way, context = self._context.ways_back.make(who.id), self._context
            base = context.address(request)
            url = f"{base}/ve/{way}"
            return page(request, "person_way_back.html", person=who, way=way, url=url, qr=qr_svg(url), minutes=MINUTES)

        return await self._with_person(request, made)

    async def clear_pictures(self, request: Request) -> Response:
        """``POST …/xoa-hinh``: the three pictures open nothing any more."""

        async def made(request: Request, who: LearnerRow) -> Response:
            await self._people.clear_pictures(who.id)
            return RedirectResponse(f"/gv/nguoi-hoc/{who.id}?xoa-hinh=1", 303)

        return await self._with_person(request, made)

    async def forget(self, request: Request) -> Response:
        """``POST …/quen``: forget who it is, keep the answers."""

        async def made(request: Request, who: LearnerRow) -> Response:
            if not await _is_sure(request):
                return await self._unsure(request, who)
            return page(request, "person_gone.html", erased=False, **_told(await self._people.forget(who.id)))

        return await self._with_person(request, made)

    async def erase(self, request: Request) -> Response:
        """``POST …/xoa``: erase everything."""

        async def made(request: Request, who: LearnerRow) -> Response:
            if not await _is_sure(request):
                return await self._unsure(request, who)
            return page(request, "person_gone.html", erased=True, **_told(await self._people.erase(who.id)))

        return await self._with_person(request, made)

    # ── inside ──────────────────────────────────────────────────────────────────────────────────────

    async def _with_person(self, request: Request, made: Any) -> Response:
        """What `made` gives for the person of the address, if the teacher asks and the person is in this class."""
        if not is_teacher(self._context, request):
            return teacher_only(request)
        try:
            who = await self._people.person(request.path_params["learner"])
            if who.classroom_id != self._context.room.id:
                raise NotFound("the person is in another class")
            response: Response = await made(request, who)
        except NotFound:
            return page(request, "missing.html", 404)
        except StoreError:
            return page(request, "person_later.html", 503)
        return response

    async def _shown(
        self, request: Request, who: LearnerRow, *, problem: str = "", status: int = 200
    ) -> Response:
        store, _ = self._context.store, translator(chosen_language(request))
        consents = await asyncio.to_thread(store.consents, who.id)
        evidence = await asyncio.to_thread(store.evidence_of, who.id)
        return page(
            request,
            "person.html",
            status,
            person=who,
            consents=[self._consent(one, _) for one in consents if one.purpose not in {*OWN, HOUSEHOLD}],
            helped=len(await asyncio.to_thread(store.helped, who.id)),
            attempts=len(evidence),
            answers=sum(event.type == "answered" for _row, events in evidence for event in events),
            pictures=await self._context.pins.is_chosen(who.id),
            problem=problem,
            done="" if problem else _done(request, _),
            **await self._levels(who, chosen_language(request)),
        )

    async def _levels(self, who: LearnerRow, lang: str) -> dict[str, Any]:
        """What may be said of this person's bands today, and how that was scored so far: for the teacher."""
        context, framework = self._context, self._context.bank.framework
        standing = await context.scoring.standing(who.id, context.room.id)
        said = [(one.name.in_language(lang), level_sentence(standing, one.code, framework, lang)) for one in framework.domains]
        history = await asyncio.to_thread(scores_held, context.store, who.id, framework, lang)
        return {
            "level_note": note(standing, framework, lang),
            "levels": [(name, words) for name, words in said if words],
            "scorings": score_summaries(history, translator(lang)),
        }

    async def _unsure(self, request: Request, who: LearnerRow) -> Response:
        _ = translator(chosen_language(request))
        return await self._shown(request, who, problem=_("Please tick the box first: this cannot be undone."), status=422)

    def _consent(self, consent: Consent, _: Any) -> str:
        return sentence(consent, _) or f"{consent.purpose} {consent.text_version}"

    async def _forget_tokens(self, _: str) -> None:
        self._context.tokens.forget_all()


def _done(request: Request, _: Gettext) -> str:
    if "da-sua" in request.query_params:
        return _("The name is corrected.")
    return _("The three pictures are cleared.") if "xoa-hinh" in request.query_params else ""


def _told(receipt: Receipt) -> dict[str, Any]:
    copies = [path.name for path in receipt.remains.copies]
    return {"reference": receipt.reference, "log": receipt.remains.log, "copies": copies}


def _as_file(name: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{name}"'}


async def _is_sure(request: Request) -> bool:
    try:
        return (await form_fields(request.receive)).get("sure") == "yes"
    except TooLarge:
        return False
