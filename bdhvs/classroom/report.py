"""The report of a class as files beside the notebook."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

from bdhvs.bank.loader import Bank
from bdhvs.bank.paths import find_content
from bdhvs.errors import MissingExtra, SetupError
from bdhvs.i18n import translator
from bdhvs.server.lessons import read_lessons
from bdhvs.server.reports import report_file, report_page
from bdhvs.service.class_report import class_report
from bdhvs.service.results import LessonLink
from bdhvs.store import Store

NAME = "bao-cao-{code}"


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """The files that were written. ``missing`` says what to install for the others; empty when nothing is missing."""

    files: tuple[Path, ...]
    missing: str
    lang: str

    def _repr_html_(self) -> str:
        _ = translator(self.lang)
        kinds = {".html": _("a page, to read on the screen"), ".pdf": _("two pages, to print and file"), ".xlsx": _("tables, for Excel")}
        lines = [f"<li><code>{escape(str(file))}</code>: {escape(kinds[file.suffix])}</li>" for file in self.files]
        missing = f"<p>{escape(self.missing)}</p>" if self.missing else ""
        head = escape(_("The report is written:"))
        return f'<div style="font-size:18px;line-height:1.6;overflow-wrap:anywhere"><p>{head}</p><ul>{"".join(lines)}</ul>{missing}</div>'


def write_report(data: Path, code: str, folder: Path, *, names: bool, lang: str) -> ReportFiles:
    """Write the report of the class `code` of a data folder into `folder`; see `Classroom.report`."""
    bank, lessons = Bank.load(), read_lessons(find_content().notebooks / "hoc-vien")
    links = [LessonLink(info.title, f"/bai/{info.id}", info.competences, info.lang) for info in lessons]
    with Store.read_only(data) as store:
        room = next(room for room in store.classrooms() if room.code == code)
        made = class_report(store, room, bank, lessons=links, lang=lang)
    made = made if names else made.without_names()
    files, missing = {"html": report_page(made).encode()}, ""
    try:
        files |= {"pdf": report_file(made, "pdf"), "xlsx": report_file(made, "xlsx")}
    except MissingExtra as exc:
        missing = str(exc)
    stem = NAME.format(code=code)
    written = tuple(_write(folder / f"{stem}.{kind}", content, lang) for kind, content in files.items())
    return ReportFiles(written, missing, lang)


def _write(path: Path, content: bytes, lang: str) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as exc:
        _ = translator(lang)
        sentence = _("{path} cannot be written ({reason}). Is it open in another program?")
        raise SetupError(sentence.format(path=path, reason=exc.strerror), "cannot_write") from exc
    return path
