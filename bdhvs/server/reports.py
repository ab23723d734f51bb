"""After class: the class report for the teacher (page, PDF, XLSX) and each learner's own result (page, PDF)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bdhvs.credentials import moments
from bdhvs.errors import MissingExtra
from bdhvs.i18n import translator
from bdhvs.server.context import ClassContext
from bdhvs.server.html import STATIC_FOLDERS, chosen_language, page, rendered
from bdhvs.server.limits import RateLimit
from bdhvs.server.visitors import is_teacher, learner_of, teacher_only
from bdhvs.service.class_report import ClassReport, class_report
from bdhvs.service.domain_lines import cautions, interval_note, share_in_words
from bdhvs.service.learner import Learner
from bdhvs.service.learner_sheet import LearnerSheet, learner_sheet
from bdhvs.service.practised import evidence_in_words, help_note
from bdhvs.service.score_version import Lacking
from bdhvs.service.standing import Standing
from bdhvs.service.visits import visit_rule
from bdhvs.store import ScoreVersionRow
from bdhvs.store.times import now_us

Kind = Literal["pdf", "xlsx"]
MEDIA_TYPES: dict[Kind, str] = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SHEETS_AT_ONCE, SHEETS_PER_SECOND = 6, 0.1  # of one learner; a PDF takes the machine a good part of a second


class ReportPages:
    """Endpoints of reports and result sheets."""

    def __init__(self, context: ClassContext) -> None:
        self._context = context
        self._one_at_a_time = asyncio.Lock()  # files are made beside a class that goes on
        self._sheets = RateLimit(burst=SHEETS_AT_ONCE, per_second=SHEETS_PER_SECOND, clock=time.monotonic)

    # ── the teacher's ───────────────────────────────────────────────────────────────────────────────

    async def html(self, request: Request) -> Response:
        """``/gv/bao-cao.html``: the report to read and print; ``?ten=1`` shows names."""
        if not is_teacher(self._context, request):
            return teacher_only(request)
        version = await self._context.scoring.bring_class_up_to_date(self._context.room.id)
        report = await asyncio.to_thread(self._report, chosen_language(request), version)
        named = _with_names(request)
        values = report_values(report if named else report.without_names())
        return page(
            request, "report.html", **values, visits=report.visits, named=named, files=find_spec("fpdf") is not None
        )

    async def pdf(self, request: Request) -> Response:
        """``/gv/bao-cao.pdf``: two pages to file."""
        return await self._file(request, "pdf")

    async def xlsx(self, request: Request) -> Response:
        """``/gv/bao-cao.xlsx``: the tables for the commune."""
        return await self._file(request, "xlsx")

    async def _file(self, request: Request, kind: Kind) -> Response:
        if not is_teacher(self._context, request):
            return teacher_only(request)
        lang, named = chosen_language(request), _with_names(request)

        version = await self._context.scoring.bring_class_up_to_date(self._context.room.id)

        def make() -> bytes:
            report = self._report(lang, version)
            return report_file(report if named else report.without_names(), kind)

        return await self._made(request, make, kind, f"bao-cao-{self._context.room.code}")

    def _report(self, lang: str, version: ScoreVersionRow | Lacking) -> ClassReport:
        context, lessons = self._context, self._context.quiz.lessons
        return class_report(context.store, context.room, context.bank, lessons=lessons, lang=lang, version=version)

    # ── the learner's ───────────────────────────────────────────────────────────────────────────────

    async def own(self, request: Request) -> Response:
        """``/ket-qua``: the learner's own results so far."""
        learner = await learner_of(self._context, request)
        if learner is None:
            return RedirectResponse("/", 303)
        standing = await self._standing(learner)
        sheet = await asyncio.to_thread(self._sheet, learner, standing, chosen_language(request))
        return page(request, "sheet.html", sheet=sheet, room=self._context.room, file=find_spec("fpdf") is not None)

    async def own_pdf(self, request: Request) -> Response:
        """``/ket-qua.pdf``: the same on one page to take home."""
        learner = await learner_of(self._context, request)
        if learner is None:
            return RedirectResponse("/", 303)
        lang = chosen_language(request)
        if not self._sheets.allow(learner.id):
            return page(request, "report_wait.html", 429)

        standing = await self._standing(learner)

        def make() -> bytes:
            from bdhvs.credentials.sheet_pdf import sheet_pdf

            return sheet_pdf(self._sheet(learner, standing, lang), now_us())

        return await self._made(request, make, "pdf", "ket-qua")

    async def _standing(self, learner: Learner) -> Standing:
        return await self._context.scoring.standing(learner.id, self._context.room.id)

    def _sheet(self, learner: Learner, standing: Standing, lang: str) -> LearnerSheet:
        context = self._context
        return learner_sheet(
            context.store,
            learner.id,
            context.bank,
            class_name=context.room.name,
            lessons=context.quiz.lessons,
            lang=lang,
            standing=standing,
            withheld=context.pace.of(context.room.id).withholds,
        )

    # ── both ────────────────────────────────────────────────────────────────────────────────────────

    async def _made(self, request: Request, make: Callable[[], bytes], kind: Kind, name: str) -> Response:
        try:
            async with self._one_at_a_time:
                content = await asyncio.to_thread(make)
        except MissingExtra as missing:
            return page(request, "report_missing.html", 501, missing=str(missing))
        headers = {"content-disposition": f'attachment; filename="{name}.{kind}"'}
        return Response(content, media_type=MEDIA_TYPES[kind], headers=headers)


def report_file(report: ClassReport, kind: Kind) -> bytes:
    """The report as the bytes of a PDF or XLSX.

    Raises
    ------
    MissingExtra
        when fpdf2 or openpyxl is not installed.
    """
    if kind == "pdf":
        from bdhvs.credentials.report_pdf import report_pdf

        return report_pdf(report, now_us())
    from bdhvs.credentials.report_xlsx import report_xlsx

    return report_xlsx(report, now_us())


def report_page(report: ClassReport) -> str:
    """The report as one HTML file that needs nothing beside it; whom to visit is on the screen and not on paper."""
    css = next(folder / "report.css" for folder in STATIC_FOLDERS if (folder / "report.css").is_file())
    values = report_values(report)
    return rendered(report.lang, "report_file.html", **values, visits=report.visits, css=css.read_text("utf-8"))


def report_values(report: ClassReport) -> dict[str, Any]:
    """What the report's templates need besides names and visits."""
    _ = translator(report.lang)
    return {
        "report": report,
        "made_us": now_us(),
        "day": moments.day,
        "clock": moments.clock,
        "span": moments.span,
        "speaks_for": partial(evidence_in_words, _=_),
        "help_note": help_note(_),
        "in_words": partial(share_in_words, _=_),
        "note": interval_note(_),
        "cautions": cautions(report.domains, report.lang),
        "rule": visit_rule(_),
    }


def _with_names(request: Request) -> bool:
    return request.query_params.get("ten") == "1"
