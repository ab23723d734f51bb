"""The teacher's class list: a file is shown line by line before anything of it is stored, then used by the running class.

Also the form for guardians to print, and the choice to store no names at all.
"""

from __future__ import annotations

import asyncio
import secrets
from importlib.util import find_spec

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bdhvs.errors import MissingExtra, NotAllowed, StoreError
from bdhvs.i18n import Gettext, translator
from bdhvs.server.context import ClassContext
from bdhvs.server.html import chosen_language, page
from bdhvs.server.security import TooLarge, form_fields
from bdhvs.server.uploads import MAX_UPLOAD_BYTES, uploaded
from bdhvs.server.visitors import is_teacher, teacher_only
from bdhvs.service.class_list import ClassListError, ListPreview, preview
from bdhvs.store.times import now_us

PREVIEW_US = 30 * 60_000_000  # a preview nobody confirmed is forgotten after so long


def list_sentence(code: str, _: Gettext) -> str:
    """Why a file is no class list, in words for a teacher."""
    sentences = {
        "none": _("Please choose a file first."),
        "too_large": _("The file is too big for a class list (at most 900 KB). Please copy the names alone into a new file."),
        "class_list_too_big": _("The file is too big for a class list. Please copy the names alone into a new file."),
        "class_list_old_excel": _("This is a file of an old Excel (.xls). Please open it in Excel or LibreOffice and save it as .xlsx."),
        "class_list_no_list": _("This file is no list. Please save the names as .xlsx, as 'CSV UTF-8', or as text, a name a line."),
        "class_list_damaged": _("The Excel file is damaged. Please open it in Excel, save it under another name, and use that."),
        "class_list_letters": _(
            "The letters of this file cannot be read. Please open it where its names look right and save it as 'CSV UTF-8' or text UTF-8."
        ),
        "missing_extra": _("Excel files cannot be read on this machine yet. Please save the list as 'CSV UTF-8' and choose that file."),
        "no_preview": _("The list you looked at is not here any more. Please choose the file again."),
        "has_names": _("Somebody is in the class already. To store no names, open a new class."),
        "no_names": _("This class stores no names, so it takes no list."),
    }
    return sentences.get(code) or _("This file cannot be used as a class list. Please save the names as text, a name a line.")


class ListPages:
    """Endpoints under ``/gv/danh-sach``, for the one who holds the teacher's link."""

    def __init__(self, context: ClassContext) -> None:
        self._context = context
        # In memory only, and only the last one: nothing of a file is stored before it is confirmed.
        self._looked_at: tuple[str, ListPreview, int] | None = None

    def routes(self) -> list[Route]:
        """They go before ``/gv/{token}``."""
        return [
            Route("/gv/danh-sach", self.show),
            Route("/gv/danh-sach", self.look_at, methods=["POST"]),
            Route("/gv/danh-sach/dung", self.use, methods=["POST"]),
            Route("/gv/danh-sach/bo", self.drop, methods=["POST"]),
            Route("/gv/khong-ten", self.go_nameless, methods=["POST"]),
            Route("/gv/phieu-phu-huynh.pdf", self.guardian_form),
        ]

    async def show(self, request: Request) -> Response:
        """``/gv/danh-sach``: the list that is used now, and how to bring another."""
        return await self._page(request)

    async def look_at(self, request: Request) -> Response:
        """``POST /gv/danh-sach``: a file, shown line by line. Nothing is stored."""
        if not is_teacher(self._context, request):
            return teacher_only(request)
        if self._context.rooms.no_names:
            return await self._page(request, problem="no_names", status=422)
        try:
            file = await uploaded(request, "file")
        except TooLarge:
            return await self._page(request, problem="too_large", status=413)
        if not file.data:
            return await self._page(request, problem="none", status=422)
        try:
            found = await asyncio.to_thread(preview, file.data, file.name)
        except (ClassListError, MissingExtra) as error:
            return await self._page(request, problem=error.code, status=422)
        token = secrets.token_urlsafe(12)
        self._looked_at = (token, found, now_us())
        _ = translator(chosen_language(request))
        return page(
            request,
            "name_list_preview.html",
            file=file.name,
            found=found,
            doubts=[one.in_words(_) for one in found.doubts],
            token=token,
            replaces=len(self._context.rooms.names),
        )

    async def use(self, request: Request) -> Response:
        """``POST /gv/danh-sach/dung``: keep the list that was shown, and offer its names."""
        if not is_teacher(self._context, request):
            return teacher_only(request)
        form = await _fields(request)
        found = self._confirmed(form.get("token", ""))
        if found is None:
            return await self._page(request, problem="no_preview", status=422)
        try:
            await self._context.rooms.use_list(self._context.room, found.names, under_16=form.get("under_16") == "yes")
        except NotAllowed as refused:
            return await self._page(request, problem=refused.code, status=422)
        except StoreError:
            return page(request, "person_later.html", 503)
        self._looked_at = None
        return RedirectResponse("/gv/danh-sach?da-dung=1", 303)

    async def drop(self, request: Request) -> Response:
        """``POST /gv/danh-sach/bo``: delete the list, also one that was only looked at."""
        if not is_teacher(self._context, request):
            return teacher_only(request)
        self._looked_at = None
        try:
            await self._context.rooms.drop_list(self._context.room)
        except StoreError:
            return page(request, "person_later.html", 503)
        return RedirectResponse("/gv/danh-sach?da-bo=1", 303)

    async def go_nameless(self, request: Request) -> Response:
        """``POST /gv/khong-ten``: store no names in this class; before anybody is in."""
        if not is_teacher(self._context, request):
            return teacher_only(request)
        try:
            await self._context.rooms.go_nameless(self._context.room)
        except NotAllowed as refused:
            return await self._page(request, problem=refused.code, status=422)
        except StoreError:
            return page(request, "person_later.html", 503)
        return RedirectResponse("/gv/danh-sach", 303)

    async def guardian_form(self, request: Request) -> Response:
        """``/gv/phieu-phu-huynh.pdf``: one page for parents and guardians to read and sign."""
        if not is_teacher(self._context, request):
            return teacher_only(request)
        lang, room = chosen_language(request), self._context.room

        try:
            content = await asyncio.to_thread(guardian_file, room.name, lang)
        except MissingExtra as missing:
            return page(request, "report_missing.html", 501, missing=str(missing))
        headers = {"content-disposition": 'attachment; filename="phieu-phu-huynh.pdf"'}
        return Response(content, media_type="application/pdf", headers=headers)

    # ── inside ──────────────────────────────────────────────────────────────────────────────────────

    def _confirmed(self, token: str) -> ListPreview | None:
        if self._looked_at is None:
            return None
        shown, found, at_us = self._looked_at
        same = secrets.compare_digest(shown.encode(), token.encode("utf-8", "replace"))
        return found if same and found.names and now_us() - at_us < PREVIEW_US else None

    async def _page(self, request: Request, *, problem: str = "", status: int = 200) -> Response:
        if not is_teacher(self._context, request):
            return teacher_only(request)
        _ = translator(chosen_language(request))
        rooms, people = self._context.rooms, await asyncio.to_thread(self._context.store.learners, self._context.room.id)
        asked = request.query_params
        done = _("The list is used now: learners find their names on the join page.") if "da-dung" in asked else ""
        return page(
            request,
            "name_list.html",
            status,
            names=rooms.names,
            under_16=rooms.under_16,
            no_names=rooms.no_names,
            empty=not people,
            most=MAX_UPLOAD_BYTES,
            too_large=list_sentence("too_large", _),
            files=find_spec("fpdf") is not None,
            problem=list_sentence(problem, _) if problem else "",
            done=_("The list is deleted.") if "da-bo" in asked else done,
        )


def guardian_file(class_name: str, lang: str) -> bytes:
    """The form for parents and guardians as the bytes of a PDF.

    Raises
    ------
    MissingExtra
        when fpdf2 is not installed.
    """
    from bdhvs.credentials.guardian_pdf import guardian_pdf

    return guardian_pdf(class_name, lang, now_us())


async def _fields(request: Request) -> dict[str, str]:
    try:
        return await form_fields(request.receive)
    except TooLarge:
        return {}
