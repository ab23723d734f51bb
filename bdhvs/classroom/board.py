"""``bdhvs.board``: the teacher's live board in a notebook cell."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdhvs.classroom.link import TeacherLink
from bdhvs.classroom.room import Classroom, attach
from bdhvs.i18n import language, translator
from bdhvs.server.board_texts import board_strings
from bdhvs.server.html import static_files

if TYPE_CHECKING:
    from bdhvs.widgets.board import BoardWidget

STYLES = ("quiz.css", "pages.css", "board.css")
#: What pages.css says of a page's body, for the board's own root in a cell.
ROOM = """
:host { display: block; }
.bdhvs-page { padding: 4px 14px 14px; border-radius: 14px; background: var(--paper); color: var(--ink); font: 18px/1.55 system-ui,
  -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif; overflow-wrap: anywhere; text-align: left; }
.board-scroll { max-height: 70vh; contain: inline-size; }  /* else the grid makes the cell as wide as itself */
"""


def board(room: Classroom | str | Path | None = None, *, lang: str = "vi") -> BoardWidget:
    """The live board of a running class: who is where, who asks for help, how each question was answered.

    The same board as on the teacher's page. The kernel asks the class, so it works wherever the notebook's page is opened
    (JupyterLab, JupyterHub, VS Code); it may stand in many cells, and ends with the cell's output or the kernel.

    Parameters
    ----------
    room : a class of `bdhvs.open_class` or `bdhvs.attach`, or what `bdhvs.attach` takes.
    lang : language of the texts, "vi" or "en".

    Raises
    ------
    SetupError
        as `bdhvs.attach`, when no class runs there.
    """
    from bdhvs.widgets.board import BoardWidget

    lang = language(lang)
    found = room if isinstance(room, Classroom) else attach(room, lang=lang)
    link = TeacherLink.read(found.teacher_url, translator(lang))
    files = static_files()
    return BoardWidget(
        partial(_ask, link, lang),
        module=files["board.js"].path.read_text("utf-8"),
        css="\n".join([*(files[name].path.read_text("utf-8") for name in STYLES), ROOM]),
        strings=board_strings(translator(lang)),
        lang=lang,
    )


def _ask(link: TeacherLink, lang: str, asked: dict[str, str]) -> Any:
    return link.json("/gv/bang.json", lang, **asked)
