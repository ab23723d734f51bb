"""``bdhvs.open_class`` and ``bdhvs.attach``: a class in a notebook, with its QR, answers and report."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdhvs.classroom.link import TeacherLink
from bdhvs.classroom.process import FoundServer, Server, start
from bdhvs.errors import SetupError
from bdhvs.i18n import Gettext, language, translator
from bdhvs.server.qr import qr_svg
from bdhvs.server.running import read_running

if TYPE_CHECKING:
    import pandas as pd

    from bdhvs.classroom.report import ReportFiles

ABOUT = "/gv/lop.json"
DATA_VARIABLE = "BDHVS_DATA"
DEFAULT_DATA = "bdhvs-data"


class Classroom:
    """A running class. Show it in a cell to see its QR; ``close()`` stops it, answers stay in ``data``.

    Attributes
    ----------
    name, code : name and code of the class.
    data : the data folder; None when it lies on another machine.
    join_url, teacher_url : addresses for learners and for the teacher only.
    """

    def __init__(self, server: Server, told: dict[str, Any], data: Path | None, lang: str = "vi") -> None:
        self._server = server
        self._lang = lang
        self.name: str = told["name"]
        self.code: str = told["code"]
        self.join_url: str = told["join_url"]
        self.teacher_url: str = told["teacher_url"]
        self.data = data

    @property
    def is_open(self) -> bool:
        """Whether the class is running."""
        return self._server.is_running()

    def responses(self) -> pd.DataFrame:
        """Answers so far, one row per response (see `bdhvs.responses`).

        Raises
        ------
        SetupError
            code ``elsewhere``, when the data folder lies on another machine.
        """
        from bdhvs.analysis.frames import responses

        return responses(self._own_data())

    def report(self, folder: str | Path = ".", *, names: bool = False, lang: str | None = None) -> ReportFiles:
        """Write the class report into `folder` as page (HTML), two pages of paper (PDF) and tables (XLSX).

        Works while the class runs and after it. Without `names` learners are numbers. `lang`: "vi" or "en"; left out,
        the language the class was opened with. PDF and XLSX need the extra ``report``; without it the page is written
        and what is missing is said. Shown in a cell, what it gives lists the files.

        Raises
        ------
        SetupError
            code ``elsewhere``, when the data folder lies on another machine; ``cannot_write``, when `folder` does not take files.
        """
        from bdhvs.classroom.report import write_report

        return write_report(self._own_data(), self.code, Path(folder), names=names, lang=language(lang or self._lang))

    def close(self) -> None:
        """Stop the class. Harmless when it has stopped already; ``open_class`` on the same folder goes on with it.

        Raises
        ------
        SetupError
            code ``elsewhere``, when the class runs on another machine.
        """
        self._server.stop()

    def __enter__(self) -> Classroom:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Classroom({self.name!r}, code={self.code!r}, {'open' if self.is_open else 'stopped'}, {self.join_url})"

    def _repr_html_(self) -> str:
        _ = translator(self._lang)
        if not self.is_open:
            stopped = _("The class has stopped. All answers are kept in {folder}.").format(folder=self.data)
            return f"<p><strong>{escape(self.name)}</strong>: {escape(stopped)}</p>"
        scan = _("Learners scan the code, or open:  {url}").format(url=self.join_url)
        code = _("Class code:  {code}").format(code=self.code)
        own_page = _("The teacher's page")
        return (
            '<div style="display:flex;gap:24px;flex-wrap:wrap;align-items:center">'
            f'<div style="width:220px;max-width:100%;background:#fff">{qr_svg(self.join_url)}</div>'
            '<div style="font-size:18px;line-height:1.6;overflow-wrap:anywhere">'
            f'<strong style="font-size:24px">{escape(self.name)}</strong><br>{escape(scan)}<br>'
            f'<strong style="font-size:24px">{escape(code)}</strong><br>'
            f'<a href="{escape(self.teacher_url)}" target="_blank" rel="noopener">{escape(own_page)}</a>'
            "</div></div>"
        )

    def _own_data(self) -> Path:
        if self.data is None:
            raise SetupError(_elsewhere(translator(self._lang)), "elsewhere")
        return self.data


def open_class(
    data: str | Path = DEFAULT_DATA,
    *,
    name: str | None = None,
    new: bool = False,
    port: int | None = None,
    host: str = "0.0.0.0",
    lessons: Sequence[str] | None = None,
    forms: Sequence[str] | None = None,
    no_names: bool = False,
    live_ready: int = 0,
    attach: bool = False,
    lang: str = "vi",
) -> Classroom:
    """Open a class on a data folder, or go on with the one that is there.

    Parameters
    ----------
    data : folder in which answers are kept; made when it is not there.
    name : name of a new class, shown to learners.
    new : open a new class even if one is still open in the folder.
    port, host : where to listen; the default is every network of this machine, port 8000 or the next free one.
    lessons, forms : ids of the lessons and forms to offer; left out: all (see `bdhvs.offers`).
    no_names : store no name at all; the class gives everybody one. A class stays so.
    live_ready : pages of each programming lesson to make ready beforehand: as many as learners.
    attach : when a class runs on the folder already, give that one, as it is, instead of raising.
    lang : language of what is said to the teacher, "vi" or "en".

    Raises
    ------
    SetupError
        with the reason in words, when the class cannot start; code ``already_running`` when it runs already,
        ``nothing_offered`` when `lessons` or `forms` is empty.
    """
    lang, folder = language(lang), Path(data)
    if attach and (found := _running_on(folder, lang)):
        return found
    _refuse_nothing(lessons, forms, translator(lang))
    command = [sys.executable, "-m", "bdhvs", "serve", str(data), "--json", "--host", host, "--lang", lang]
    command += ["--name", name] if name else []
    command += ["--new"] if new else []
    command += ["--port", str(port)] if port else []
    command += ["--no-names"] if no_names else []
    command += ["--live-ready", str(live_ready)] if live_ready else []
    for option, chosen in (("--lesson", lessons), ("--form", forms)):
        command += [part for one in chosen or () for part in (option, one)]
    server, line = start(command, folder, translator(lang))
    told = json.loads(line)
    return Classroom(server, told, Path(told["data"]), lang)


def _refuse_nothing(lessons: Sequence[str] | None, forms: Sequence[str] | None, _: Gettext) -> None:
    if lessons is not None and not lessons:
        raise SetupError(_("No lesson is chosen: choose at least one."), "nothing_offered")
    if forms is not None and not forms:
        raise SetupError(_("No quiz is chosen: choose at least one."), "nothing_offered")


def attach(where: str | Path | None = None, *, lang: str = "vi") -> Classroom:
    """A class that runs already: started from another notebook, before the kernel was restarted, or by ``bdhvs serve``.

    Parameters
    ----------
    where : its data folder, or the teacher's link (``http://…/gv/…``); left out: the folder in ``BDHVS_DATA``, else ``bdhvs-data``.
    lang : language of what is said to the teacher, "vi" or "en".

    Raises
    ------
    SetupError
        code ``not_running`` when no class runs there; ``bad_link``, ``class_away`` or ``not_teacher`` when the link leads nowhere.
    """
    lang = language(lang)
    _ = translator(lang)
    if isinstance(where, str) and "://" in where:
        return _attached(TeacherLink.read(where, _), lang)
    folder = Path(where or os.environ.get(DATA_VARIABLE) or DEFAULT_DATA)
    found = _running_on(folder, lang)
    if found is None:
        raise SetupError(_("No class is running on the folder {folder}. Open one: bdhvs.open_class().").format(folder=folder), "not_running")
    return found


def _running_on(folder: Path, lang: str) -> Classroom | None:
    told = read_running(folder)
    if told is None:
        return None
    try:
        return _attached(TeacherLink.read(told["teacher_url"], translator(lang)), lang)
    except SetupError:  # left behind by a class that was killed; perhaps another one has its port now
        return None


def _attached(link: TeacherLink, lang: str) -> Classroom:
    _ = translator(lang)
    told = _about(link, lang)
    noted = read_running(Path(told["data"]))
    here = noted is not None and TeacherLink.read(noted["teacher_url"], _).token == link.token
    server = FoundServer(partial(_answers, link, lang), noted["pid"] if noted and here else None, _elsewhere(_))
    return Classroom(server, {**told, "teacher_url": link.url}, Path(told["data"]) if here else None, lang)


def _about(link: TeacherLink, lang: str) -> dict[str, Any]:
    """Name, code, address and folder of the class behind a link. Raises SetupError in words."""
    _ = translator(lang)
    try:
        told = link.json(ABOUT, lang)
    except SetupError as exc:
        sentence = (
            _("The class does not know this link. Use the teacher's link printed where the class was started.")
            if exc.code == "not_teacher"
            else _("No class answers at {url}. Is it running, and on the same network?").format(url=link.base)
        )
        raise SetupError(sentence, exc.code) from exc
    if not isinstance(told, dict) or not all(isinstance(told.get(name), str) for name in ("name", "code", "join_url", "data")):
        raise SetupError(_("No class answers at {url}. Is it running, and on the same network?").format(url=link.base), "class_away")
    return told


def _answers(link: TeacherLink, lang: str) -> bool:
    try:
        link.json(ABOUT, lang)
    except SetupError:
        return False
    return True


def _elsewhere(_: Gettext) -> str:
    return _("The class runs on another machine. Please do this there.")

