"""The movement's models for the teacher: offer them or not, and counts of what came about; nobody is named."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bdhvs.errors import StoreError
from bdhvs.server.context import ClassContext
from bdhvs.server.html import chosen_language, page
from bdhvs.server.security import TooLarge, form_fields
from bdhvs.server.visitors import is_teacher, teacher_only
from bdhvs.service.movement_counts import LEAST, movement_counts, movement_sentences


class MovementPages:
    """Endpoints under ``/gv/phong-trao``, for the one who holds the teacher's link."""

    def __init__(self, context: ClassContext) -> None:
        self._context = context

    def routes(self) -> list[Route]:
        """They go before ``/gv/{token}``."""
        return [Route("/gv/phong-trao", self.show), Route("/gv/phong-trao", self.switch, methods=["POST"])]

    async def show(self, request: Request) -> Response:
        """``/gv/phong-trao``: what is offered, and what came about."""
        if not is_teacher(self._context, request):
            return teacher_only(request)
        context, lang = self._context, chosen_language(request)
        framework = context.bank.framework
        try:
            counts = await asyncio.to_thread(movement_counts, context.store, context.room.id, context.bank)
        except StoreError:
            return page(request, "person_later.html", 503)
        names = {one.id: one.name.in_language(lang) for one in framework.skills}
        return page(
            request,
            "teacher_movement.html",
            offered=context.movement.offered,
            sentences=movement_sentences(counts, framework, lang),
            by_skill=[(names.get(skill, skill), n) for skill, n in counts.by_skill],
            parts=[one.name.in_language(lang) for one in framework.household.parts] if framework.household else [],
            people=framework.ambassador.people if framework.ambassador else 0,
            least=LEAST,
        )

    async def switch(self, request: Request) -> Response:
        """``POST /gv/phong-trao``: offer one of them, or no more."""
        if not is_teacher(self._context, request):
            return teacher_only(request)
        try:
            form = await form_fields(request.receive)
            wanted = {"on": True, "off": False}.get(form.get("offer", ""))
            if form.get("model") in ("ambassadors", "households"):
                await self._context.movement.switch(**{form["model"]: wanted})
        except TooLarge:
            pass  # no form of ours
        except StoreError:
            return page(request, "person_later.html", 503)
        return RedirectResponse("/gv/phong-trao", 303)
