"""``bdhvs.quiz``: a quiz in a notebook cell.

In JupyterLab and in plain Voilà the widget talks over the comm to a service in its own kernel; in a class server's light
page the cell leaves a mount point and the page talks to the class. No key, score or lock is ever a synced trait:
a browser can read and write every one of them. Answers are custom messages, read as hostile.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import anywidget
import msgspec
import traitlets

from bdhvs.bank.paths import find_content
from bdhvs.errors import BdhvsError, InvalidMessage, NotFound
from bdhvs.i18n import language, translator
from bdhvs.service.protocol import Reply, take_message
from bdhvs.service.refusals import refusal
from bdhvs.widgets.local import LocalService, local_service
from bdhvs.widgets.strings import strings

log = logging.getLogger("bdhvs.widgets")
STATIC = Path(__file__).parent / "static"
EMBED_TYPE = "application/vnd.bdhvs.embed+json"


class QuizWidget(anywidget.AnyWidget):
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
    media = traitlets.Unicode("").tag(sync=True)

    def __init__(self, form: str, *, lang: str = "vi", data: str | Path | None = None) -> None:
        super().__init__(form=form, lang=language(lang), strings=strings(translator(language(lang))))
        self._form_id = form  # the trait can be written by the browser; what is asked for is checked against this
        self._data = Path(data) if data is not None else None
        self._service: LocalService | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.on_msg(self._received)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        if isinstance(bundle, tuple):
            data, metadata = bundle
            return {**data, EMBED_TYPE: self._embed()}, metadata
        return None if bundle is None else {**bundle, EMBED_TYPE: self._embed()}

    def _embed(self) -> dict[str, str]:
        return {"kind": "quiz", "form": self._form_id}

    def _received(self, _: Any, content: Any, buffers: Any) -> None:
        task = asyncio.ensure_future(self._answer(content))
        self._tasks.add(task)  # the loop holds tasks only weakly
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, content: Any) -> None:
        if not isinstance(content, dict) or not isinstance(content.get("request"), int):
            return  # not of our protocol: there is nobody to answer
        status, reply = await self._handled(content.get("message"))
        self.send({"reply": content["request"], "status": status, "message": msgspec.to_builtins(reply)})

    async def _handled(self, raw: Any) -> tuple[int, Reply]:
        """Status and reply; no exception reaches the browser, which would show our source lines."""
        try:
            if self._service is None:
                self._service = await local_service(self._data, self.lang)
            message = take_message(raw)
            if getattr(message, "form", self._form_id) != self._form_id:
                raise InvalidMessage("this widget shows another form")
            return 200, await self._service.handle(message)
        except BdhvsError as error:
            return refusal(error.code, self.lang)
        except Exception:
            log.exception("a message could not be handled")
            return refusal("fault", self.lang)


def quiz(form: str, *, lang: str = "vi", data: str | Path | None = None) -> QuizWidget:
    """A quiz to show in a notebook: ``bdhvs.quiz("lam-quen")``.

    Parameters
    ----------
    form : id of a form in ``assessments/forms/``.
    lang : language of the texts, "vi" (default) or "en".
    data : data folder in which the answers are kept. Left out: a new folder per kernel under the user's data
        directory, so that parallel notebooks never wait for one another and no answer is lost.

    Raises
    ------
    NotFound
        when there is no such form; the message names the forms there are.
    """
    forms = sorted(path.stem for path in find_content().forms.glob("*.yaml"))
    if form not in forms:
        raise NotFound(f"there is no form {form!r}; there are: {', '.join(forms)}")
    return QuizWidget(form, lang=lang, data=data)
