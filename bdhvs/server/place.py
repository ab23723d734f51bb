"""``/gv/noi-hoc``: where the class is and whom it is for, and whether it asks learners about themselves."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bdhvs.core.names import NameRefused
from bdhvs.errors import PlaceRefused, StoreError
from bdhvs.i18n import translator
from bdhvs.server.context import ClassContext
from bdhvs.server.html import chosen_language, page
from bdhvs.server.security import TooLarge, form_fields
from bdhvs.server.visitors import is_teacher, teacher_only
from bdhvs.service.place import PlaceTyped, in_words, place_sentence
from bdhvs.service.telling import region_names

ADDRESS = "/gv/noi-hoc"


class PlacePages:
    """Endpoints for the one who holds the teacher's link. Nothing here is about a single learner."""

    def __init__(self, context: ClassContext) -> None:
        self._context = context

    def routes(self) -> list[Route]:
        """They go before ``/gv/{token}``."""
        return [
            Route(ADDRESS, self.show),
            Route(ADDRESS, self.say, methods=["POST"]),
            Route("/gv/hoi-nguoi-hoc", self.ask, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """``/gv/noi-hoc``: what is known of the class."""
        return self._page(request) if is_teacher(self._context, request) else teacher_only(request)

    async def say(self, request: Request) -> Response:
        """``POST /gv/noi-hoc``: it is there, and for them."""
        if not is_teacher(self._context, request):
            return teacher_only(request)
        fields = await _fields(request)
        typed = PlaceTyped(**{name: fields.get(name, "")[:200] for name in PlaceTyped.__dataclass_fields__})
        _ = translator(chosen_language(request))
        try:
            await self._context.place.say(typed)
        except PlaceRefused as refused:
            return self._page(request, typed, place_sentence(refused, _))
        except NameRefused:
            return self._page(request, typed, _("This name is too long: please write at most 40 letters."))
        except StoreError:
            return page(request, "person_later.html", 503)
        return RedirectResponse(f"{ADDRESS}?da-ghi=1", 303)

    async def ask(self, request: Request) -> Response:
        """``POST /gv/hoi-nguoi-hoc``: ask learners about themselves, or stop asking."""
        if not is_teacher(self._context, request):
            return teacher_only(request)
        try:
            await self._context.telling.ask(on=(await _fields(request)).get("on") == "yes")
        except StoreError:
            return page(request, "person_later.html", 503)
        return RedirectResponse(f"{ADDRESS}#hoi", 303)

    def _page(self, request: Request, typed: PlaceTyped | None = None, problem: str = "") -> Response:
        place, lang = self._context.place, chosen_language(request)
        geography = place.geography
        return page(
            request,
            "place.html",
            422 if problem else 200,
            typed=typed or place.as_typed(),
            here=in_words(place.now, geography),
            provinces=[
                (one.code, one.name, ", ".join(former.name for former in one.former if former.name != one.name))
                for one in geography.provinces
            ],
            communes=[f"{one.code} {one.full_name}" for one in geography.communes_of(place.now.province or "")],
            regions=list(region_names(translator(lang)).items()),
            audiences=[(one.id, one.name.in_language(lang)) for one in self._context.bank.framework.audiences],
            is_asked=self._context.telling.is_asked,
            problem=problem,
            done="da-ghi" in request.query_params and not problem,
        )


async def _fields(request: Request) -> dict[str, str]:
    try:
        return await form_fields(request.receive)
    except TooLarge:
        return {}
