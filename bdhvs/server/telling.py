"""``/ve-toi``: what a learner may tell of themselves, for research; all of it may be skipped, changed and deleted."""

from __future__ import annotations

import time

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bdhvs.core.about_learners import UNDER_16, Told
from bdhvs.errors import InvalidMessage, NotAllowed, NotFound
from bdhvs.i18n import Gettext, translator
from bdhvs.server.context import ClassContext
from bdhvs.server.html import chosen_language, page
from bdhvs.server.limits import RateLimit
from bdhvs.server.security import TooLarge, form_fields
from bdhvs.server.visitors import for_learner
from bdhvs.service.consents import RESEARCH, RESEARCH_GUARDIAN, TEXTS, TEXTS_IN_USE
from bdhvs.service.learner import Learner
from bdhvs.service.people import People
from bdhvs.service.telling import age_names, sex_names
from bdhvs.store.times import now_us

ADDRESS = "/ve-toi"
CHANGES_AT_ONCE, CHANGES_PER_SECOND = 10, 1 / 30  # of one learner; deleting looks through every copy of the data


class TellingPages:
    """Endpoints for a learner who is in."""

    def __init__(self, context: ClassContext) -> None:
        self._context = context
        self._people = People(context.bank, context.store, now_us=now_us, actor="learner")
        self._changes = RateLimit(burst=CHANGES_AT_ONCE, per_second=CHANGES_PER_SECOND, clock=time.monotonic)

    def routes(self) -> list[Route]:
        """A stranger is led to the join page."""
        return [Route(ADDRESS, self.show), Route(ADDRESS, self.tell, methods=["POST"])]

    async def show(self, request: Request) -> Response:
        """``/ve-toi``: the questions, or what was told."""
        return await for_learner(self._context, request, self._page)

    async def tell(self, request: Request) -> Response:
        """``POST /ve-toi``: keep it, or with ``do=delete`` delete it."""
        return await for_learner(self._context, request, self._done)

    async def _done(self, request: Request, learner: Learner) -> Response:
        try:
            fields = {"do": "tell", **await form_fields(request.receive)}
        except TooLarge:
            fields = {"do": "tell"}
        if not self._changes.allow(learner.id):
            return await self._page(request, learner, problem="too_fast", status=429)
        if fields["do"] == "delete":
            return await self._delete(learner, f"{ADDRESS}?da-xoa=1")
        telling = self._context.telling
        try:
            told = telling.read(fields)
        except InvalidMessage:  # no form of ours says this
            return await self._page(request, learner, problem="invalid_message", status=422)
        if not told.is_anything:
            return await self._delete(learner, "/lop")
        try:
            await telling.keep(
                learner.id, told, agreed=fields.get("agreed") == "yes", guardian=fields.get("guardian") == "yes"
            )
        except NotAllowed as refused:
            return await self._page(request, learner, told=told, problem=refused.code, status=422)
        return RedirectResponse("/lop?da-ke=1", 303)

    async def _delete(self, learner: Learner, then: str) -> Response:
        try:
            await self._people.withdraw(learner.id, RESEARCH)
        except NotFound:  # nothing was kept, or it was deleted on another phone
            return RedirectResponse("/lop", 303)
        return RedirectResponse(then, 303)

    async def _page(
        self, request: Request, learner: Learner, *, told: Told | None = None, problem: str = "", status: int = 200
    ) -> Response:
        telling, lang = self._context.telling, chosen_language(request)
        kept, deleted = await telling.told(learner.id), "da-xoa" in request.query_params
        if not telling.is_asked and kept is None and not deleted:
            return RedirectResponse("/lop", 303)
        _ = translator(lang)
        return page(
            request,
            "own_telling.html",
            status,
            questions=[
                ("age_band", _("How old are you?"), list(age_names(_).items())),
                ("sex", _("Are you a woman or a man?"), list(sex_names(_).items())),
                (
                    "audience",
                    _("Which group do you belong to?"),
                    [(one.id, one.name.in_language(lang)) for one in telling.audiences],
                ),
            ],
            told=told or kept or Told(),
            kept=kept,
            is_asked=telling.is_asked,
            deleted=deleted,
            under_16=telling.under_16(),
            young=sorted(UNDER_16),
            agreement=_(TEXTS[RESEARCH, TEXTS_IN_USE[RESEARCH]]),
            guardian=_(TEXTS[RESEARCH_GUARDIAN, TEXTS_IN_USE[RESEARCH_GUARDIAN]]),
            problem=problem,
            sentence=_sentence(problem, _) if problem else "",
        )


def _sentence(problem: str, _: Gettext) -> str:
    sentences = {
        "consent_missing": _(
            "To keep it we need your consent: please tick the box below. Or press “Skip”: that is fine, too."
        ),
        "guardian_missing": _(
            "For somebody under 16 a parent or guardian must agree, too: please tick both boxes. Or press “Skip”."
        ),
        "not_asked": _("The class does not ask this any more. Nothing was kept."),
        "too_fast": _("Please wait a little and press again."),
    }
    return sentences.get(problem) or _("This could not be read. Please choose again, or press “Skip”.")
