"""Classes and who is in them: opening, joining, coming back."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bdhvs.core.identifiers import class_code, read_code, uuid7
from bdhvs.core.names import clean_name
from bdhvs.errors import NotAllowed, NotFound
from bdhvs.i18n import language
from bdhvs.service.class_list import KEEP_NAME, KEEP_NAME_VERSION
from bdhvs.service.quiz import Learner
from bdhvs.store import ClassroomRow, Consent, Store


@dataclass(frozen=True, slots=True)
class Joined:
    """A learner who came in, with the name that only the class sees."""

    learner: Learner
    name: str


class ClassroomService:
    """Opens classes and lets learners in.

    Parameters
    ----------
    now_us : gives the time in microseconds since the epoch (UTC).
    names : the class list, if the teacher brought one (see `bdhvs.service.class_list`).
    """

    def __init__(self, store: Store, *, now_us: Callable[[], int], names: Sequence[str] = ()) -> None:
        self._store = store
        self.names = tuple(names)
        self._now_us = now_us
        self._open: dict[str, ClassroomRow] = {}
        self._open_ids: set[str] = set()
        self._learners: dict[str, Learner] = {}

    async def open_class(self, name: str, *, new: bool = False) -> ClassroomRow:
        """The class to run: the last one still open in this data folder, or a new one."""
        row = None if new else await asyncio.to_thread(self._store.last_open_classroom)
        if row is None:
            row = await self._new_class(clean_name(name))
        self._open[row.code] = row
        self._open_ids.add(row.id)
        return row

    async def _new_class(self, name: str) -> ClassroomRow:
        taken = {row.code for row in await asyncio.to_thread(self._store.classrooms)}
        code = class_code(secrets.choice)
        while code in taken:
            code = class_code(secrets.choice)
        now = self._now_us()
        row = ClassroomRow(id=uuid7(now, secrets.token_bytes(10)), code=code, name=name, opened_at_us=now)
        await self._store.open_classroom(row)
        return row

    def classroom(self, typed_code: str) -> ClassroomRow:
        """The open class that a typed code means.

        Raises
        ------
        NotFound
            with the one message for every wrong code: nothing is told about codes that exist.
        """
        row = self._open.get(read_code(typed_code) or "")
        if row is None:
            raise NotFound("no open class has this code")
        return row

    async def join(
        self, typed_code: str, typed_name: str, lang: str, *, listed: str = "", agreed: bool = False
    ) -> Joined:
        """A new learner in the class, under a nickname or under a name of the class list.

        Parameters
        ----------
        listed : a name of the class list; it goes before `typed_name` and needs consent to be kept.
        agreed : whether the learner ticked the consent beside the list.

        Raises
        ------
        NotFound
            when no open class has the code.
        NameRefused
            when the name is empty or too long.
        NotAllowed
            with code ``consent_missing`` or ``not_listed``.
        """
        room = self.classroom(typed_code)
        if listed and listed not in self.names:
            raise NotAllowed("the name is not in the class list", "not_listed")
        if listed and not agreed:
            raise NotAllowed("a listed name is kept only with consent", "consent_missing")
        name = clean_name(listed or typed_name)
        now = self._now_us()
        learner = Learner(uuid7(now, secrets.token_bytes(10)), room.id, language(lang))
        await self._store.add_learner(
            learner.id,
            room.id,
            nickname=name,
            name_kind="name" if listed else "nickname",
            lang=learner.lang,
            at_us=now,
            consents=[Consent(KEEP_NAME, KEEP_NAME_VERSION)] if listed else (),
        )
        self._learners[learner.id] = learner
        return Joined(learner, name)

    async def known_learner(self, learner_id: str) -> Learner | None:
        """The learner behind a pseudonym, None when this data folder does not know it.

        Raises
        ------
        NotAllowed
            with code ``class_closed`` when the learner's class is over.
        """
        learner = self._learners.get(learner_id)
        if learner is None:
            row = await asyncio.to_thread(self._store.learner, learner_id)
            if row is None:
                return None
            learner = self._learners[learner_id] = Learner(row.id, row.classroom_id, row.lang)
        if learner.classroom_id not in self._open_ids:
            raise NotAllowed("the class is over", "class_closed")
        return learner

    async def close_class(self, room: ClassroomRow) -> None:
        """End a class: nobody can join or answer any more; everything stays stored."""
        await self._store.close_classroom(room.id, self._now_us())
        self._open.pop(room.code, None)
        self._open_ids.discard(room.id)
