"""The service in a notebook's own kernel: for studying alone, writing and previewing. Keys are in this process."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from bdhvs.bank.loader import Bank
from bdhvs.core.identifiers import uuid7
from bdhvs.i18n import translator
from bdhvs.service.classrooms import ClassroomService
from bdhvs.service.protocol import Message, Reply
from bdhvs.service.quiz import Learner, QuizService
from bdhvs.store import Store
from bdhvs.store.times import now_us


@dataclass(frozen=True, slots=True)
class LocalService:
    """A quiz service with its one learner: whoever sits before the notebook."""

    quiz: QuizService
    learner: Learner

    async def handle(self, message: Message) -> Reply:
        """The reply to one message of the learner."""
        return await self.quiz.handle(self.learner, message)


_services: dict[Path | None, LocalService] = {}


async def local_service(data: Path | None, lang: str) -> LocalService:
    """The service of this kernel for a data folder, made on first use.

    All widgets of a kernel share the service, so their answers lie in one file.
    """
    key = data.resolve() if data is not None else None
    if key not in _services:
        _services[key] = await _new_service(key or _own_folder(), lang)
    return _services[key]


async def _new_service(folder: Path, lang: str) -> LocalService:
    store = Store.open(folder)
    rooms = ClassroomService(store, now_us=now_us)
    room = await rooms.open_class(translator(lang)("Studying alone"))
    joined = await rooms.join(room.code, translator(lang)("Me"), lang)
    return LocalService(QuizService(Bank.load(), store, now_us=now_us), joined.learner)


def _own_folder() -> Path:
    return user_data_path("bdhvs", appauthor=False) / "self-study" / uuid7(now_us(), secrets.token_bytes(10))
