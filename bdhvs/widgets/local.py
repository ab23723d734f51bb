"""The service in a notebook's own kernel: for studying alone, writing and previewing. Keys are in this process.

It runs on a thread of its own. A kernel may give each widget's messages a thread (a "subshell") that goes away when the
page is reloaded, and a cell that computes for a minute must not hold an answer back.
"""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from platformdirs import user_data_path

from bdhvs.bank.loader import Bank
from bdhvs.errors import StoreOwned, StoreUnavailable
from bdhvs.i18n import LANGUAGES, Gettext, translator
from bdhvs.service.classrooms import ClassroomService
from bdhvs.service.learner import Learner
from bdhvs.service.protocol import Message, Reply
from bdhvs.service.quiz import QuizService
from bdhvs.store import Store
from bdhvs.store.ids import new_id
from bdhvs.store.times import now_us


@dataclass(frozen=True, slots=True)
class LocalService:
    """A quiz service with its one learner: whoever sits before the notebook."""

    quiz: QuizService
    learner: Learner

    @property
    def media(self) -> Path:
        """Folder of the items' pictures."""
        return self.quiz.bank.content.media

    async def handle(self, message: Message) -> Reply:
        """The reply to one message of the learner."""
        return await self.quiz.handle(self.learner, message)


@cache
def service_loop() -> asyncio.AbstractEventLoop:
    """The loop on which every quiz of this kernel is served; started on first use."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="bdhvs-quiz", daemon=True).start()
    return loop


_services: dict[Path | None, asyncio.Task[LocalService]] = {}


async def local_service(data: Path | None, lang: str) -> LocalService:
    """The service of this kernel for a data folder, made on first use. Call it on `service_loop`.

    All widgets of a kernel share the service, so their answers lie in one file.

    Raises
    ------
    StoreUnavailable
        while another process has the folder, for instance the kernel of the page before its reload.
    """
    key = data.resolve() if data is not None else None
    if key not in _services:
        _services[key] = asyncio.ensure_future(_new_service(key, lang))  # a task: two widgets may ask at once
    try:
        return await asyncio.shield(_services[key])
    except BaseException:
        if _services[key].done():
            del _services[key]  # the next message tries again
        raise


async def _new_service(folder: Path | None, lang: str) -> LocalService:
    bank = Bank.load()
    try:
        store = Store.open(folder or _own_folder())
    except StoreOwned as exc:
        raise StoreUnavailable(str(exc)) from exc
    rooms = ClassroomService(store, now_us=now_us)
    learner = _last_learner(store) or await _new_learner(rooms, lang)
    return LocalService(QuizService(bank, store, now_us=now_us), learner)


async def _new_learner(rooms: ClassroomService, lang: str) -> Learner:
    _ = translator(lang)
    room = await rooms.open_class(_room_name(_), new=True)
    learner = (await rooms.join(room.code, _("Me"), lang)).learner
    await rooms.close_class(room)  # a class server started on this folder must not go on with it
    return learner


def _last_learner(store: Store) -> Learner | None:
    """Who studied alone here last: a restarted kernel goes on. Never a learner of a class that lies in the folder."""
    names = {_room_name(translator(lang)) for lang in LANGUAGES}
    rooms = [room for room in store.classrooms() if room.name in names]
    learners = [row for room in rooms for row in store.learners(room.id)]
    last = max(learners, key=lambda row: row.joined_at_us, default=None)
    return Learner(last.id, last.classroom_id, last.lang) if last else None


def _room_name(_: Gettext) -> str:
    return _("Studying alone")


def _own_folder() -> Path:
    return user_data_path("bdhvs", appauthor=False) / "self-study" / new_id(now_us())
