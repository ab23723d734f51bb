"""An item as a learner will meet it, in a notebook of its author: the quiz front end over a form of this one item.

For authors: the item, key included, is in the author's own kernel. What is answered here goes to a folder that is
deleted with the kernel.
"""

from __future__ import annotations

import asyncio
import itertools
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from bdhvs.bank.framework import Framework
from bdhvs.bank.loader import Bank
from bdhvs.bank.paths import Content
from bdhvs.core.forms import Form
from bdhvs.core.items.base import Item, Text
from bdhvs.i18n import LANGUAGES, translator
from bdhvs.service.classrooms import ClassroomService
from bdhvs.service.learner import Learner
from bdhvs.service.quiz import QuizService
from bdhvs.store import Store
from bdhvs.store.times import now_us
from bdhvs.widgets.answering import answer
from bdhvs.widgets.local import LocalService
from bdhvs.widgets.quiz import QuizWidget

_numbers = itertools.count(1)


class PreviewWidget(QuizWidget):
    """`item` as a practice of its own, in `lang`; each widget is a new beginning."""

    def __init__(self, item: Item, content: Content, framework: Framework, *, lang: str) -> None:
        number = next(_numbers)
        form = _form(item, number)
        # A version of its own: the store keeps what each version was, and a draft changes without a new one.
        shown = item.model_copy(update={"version": number})
        nothing: MappingProxyType[str, Any] = MappingProxyType({})
        self._bank = Bank(MappingProxyType({item.id: shown}), MappingProxyType({form.id: form}), framework, content, nothing, nothing)
        self._service: LocalService | None = None
        super().__init__(form.id, lang=lang)

    async def _answer(self, request: int, raw: Any) -> None:
        status, message = await answer(raw, self._form_id, data=None, lang=self.lang, service=self._own_service)
        self.send({"reply": request, "status": status, "message": message})

    async def _own_service(self) -> LocalService:
        if self._service is None:
            store, learner = await _room()
            self._service = LocalService(QuizService(self._bank, store, now_us=now_us), learner)
        return self._service


def _form(item: Item, number: int) -> Form:
    title = Text(**{lang: translator(lang)("Preview") for lang in LANGUAGES})
    return Form(
        id=f"xem-thu-{number}",
        version=1,
        title=title,
        about=title,
        mode="practice",
        items=(item.id,),
        author=item.author,
        licence=item.licence,
        date=item.date,
    )


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="bdhvs-preview-", ignore_cleanup_errors=True)


_opened: list[asyncio.Task[tuple[Store, Learner]]] = []


async def _room() -> tuple[Store, Learner]:
    """The store of this kernel's previews and their one learner, made on first use."""
    if not _opened:
        _opened.append(asyncio.ensure_future(_new_room()))  # a task: two previews ask at once
    return await asyncio.shield(_opened[0])


async def _new_room() -> tuple[Store, Learner]:
    store = Store.open(Path(_folder().name))
    rooms = ClassroomService(store, now_us=now_us)
    _ = translator(LANGUAGES[0])
    code = (await rooms.open_class(_("Preview"))).code
    return store, (await rooms.join(code, _("Me"), LANGUAGES[0])).learner
