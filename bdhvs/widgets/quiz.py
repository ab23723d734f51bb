"""``bdhvs.quiz``: a quiz in a notebook cell.

In JupyterLab and in plain Voilà the widget talks over the comm to a service in its own kernel; in a class server's light
page the cell leaves a mount point and the page talks to the class. No key, score, lock or identity is ever a synced trait:
a browser can read every one of them, and write them unless that is refused as here. Answers are custom messages, read as
hostile.

Nothing heavy is imported before the first message: a lesson's kernel that only leaves a mount point needs no database.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import traitlets

from bdhvs.bank.paths import find_content
from bdhvs.errors import NotFound
from bdhvs.i18n import language, translator
from bdhvs.widgets.embed import EMBED_TYPE, quiz_embed
from bdhvs.widgets.guarded import GuardedWidget
from bdhvs.widgets.strings import strings

STATIC = Path(__file__).parent / "static"


class QuizWidget(GuardedWidget):
    """A quiz on one form.

    Parameters
    ----------
    form : id of the form.
    lang : "vi" or "en".
    data : data folder for the answers; a folder of its own when left out.
    """

    _esm = STATIC / "widget.js"
    _css = STATIC / "quiz.css"

    form = traitlets.Unicode().tag(sync=True)
    lang = traitlets.Unicode("vi").tag(sync=True)
    strings = traitlets.Dict().tag(sync=True)

    def __init__(self, form: str, *, lang: str = "vi", data: str | Path | None = None) -> None:
        super().__init__(form=form, lang=language(lang), strings=strings(translator(language(lang))))
        self._form_id = form
        self._data = Path(data) if data is not None else None

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        if isinstance(bundle, tuple):
            data, metadata = bundle
            return {**data, EMBED_TYPE: quiz_embed(self._form_id)}, metadata
        return None if bundle is None else {**bundle, EMBED_TYPE: quiz_embed(self._form_id)}

    def _received(self, content: Any) -> None:
        if not isinstance(content, dict) or not isinstance(content.get("request"), int):
            return  # not of our protocol: there is nobody to answer
        from bdhvs.widgets.local import service_loop

        asyncio.run_coroutine_threadsafe(self._answer(content["request"], content.get("message")), service_loop())

    async def _answer(self, request: int, raw: Any) -> None:
        from bdhvs.widgets.answering import answer

        status, message = await answer(raw, self._form_id, data=self._data, lang=self.lang)
        self.send({"reply": request, "status": status, "message": message})


def quiz(form: str, *, lang: str = "vi", data: str | Path | None = None) -> QuizWidget:
    """A quiz to show in a notebook: ``bdhvs.quiz("lam-quen")``.

    Parameters
    ----------
    form : id of a form in ``assessments/forms/``.
    lang : language of the texts, "vi" (default) or "en".
    data : data folder in which the answers are kept; a restarted kernel goes on where it was. Left out: a new folder
        per kernel under the user's data directory, so that parallel notebooks never wait for one another and no
        answer is lost.

    Raises
    ------
    NotFound
        when there is no such form; the message names the forms there are.
    """
    forms = sorted(path.stem for path in find_content().forms.glob("*.yaml"))
    if form not in forms:
        raise NotFound(f"there is no form {form!r}; there are: {', '.join(forms)}")
    return QuizWidget(form, lang=lang, data=data)
