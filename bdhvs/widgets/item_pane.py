"""The text side of the item editor: a text field with line numbers, what is wrong line by line, and a save button."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import traitlets

from bdhvs.errors import Problem
from bdhvs.i18n import Gettext, translator
from bdhvs.widgets.guarded import GuardedWidget

STATIC = Path(__file__).parent / "static"
MOST_CHARS = 60_000  # the longest item of the bank has 4,000

#: Told of a text; gives what is wrong with it.
OnText = Callable[[str], Sequence[Problem]]
#: Asked to save the text; gives what to say about it.
OnSave = Callable[[str], str]


class ItemPane(GuardedWidget):
    """A text field that tells of each change and shows what comes back."""

    _esm = STATIC / "item_pane.js"
    _css = STATIC / "item_pane.css"

    text = traitlets.Unicode().tag(sync=True)
    findings: traitlets.List[list[Any]] = traitlets.List().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)
    strings = traitlets.Dict().tag(sync=True)
    lang = traitlets.Unicode("vi").tag(sync=True)

    def __init__(self, text: str, *, on_text: OnText, on_save: OnSave, lang: str) -> None:
        self._on_text = on_text
        self._on_save = on_save
        super().__init__(text=text, strings=_strings(translator(lang)), lang=lang)
        self._read(text)

    def _received(self, content: Any) -> None:
        text = content.get("text") if isinstance(content, dict) else None
        if not isinstance(text, str) or len(text) > MOST_CHARS:
            return
        self.text = text
        if content.get("save") is True:
            self.said = self._on_save(text)
        else:
            self.said = ""
        self._read(text)

    def _read(self, text: str) -> None:
        self.findings = [[one.line, one.severity, one.message, one.rule] for one in self._on_text(text)]


def _strings(_: Gettext) -> dict[str, str]:
    return {
        "label": _("The item, as YAML"),
        "findings": _("What to correct"),
        "fine": _("Nothing to correct."),
        "error": _("error"),
        "warning": _("advice"),
        "line": _("Line {n}"),
        "whole": _("The whole item"),
        "save": _("Save the item"),
        "lost": _("The notebook's kernel does not answer. Copy the text before you close the page."),
    }
