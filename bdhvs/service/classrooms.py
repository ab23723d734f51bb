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
from bdhvs.service.consents import GUARDIAN, GUARDIAN_VERSION, KEEP_NAME, KEEP_NAME_VERSION
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
    under_16 : a listed name is kept only with a parent's or guardian's consent besides the learner's own.
    """

    def __init__(
        self, store: Store, *, now_us: Callable[[], int], names: Sequence[str] = (), under_16: bool = False
    ) -> None:
        #: Told who came in, after it is on disk, for those who look on; set by whoever keeps the board.
        self.on_join: Callable[[Joined], None] = lambda joined: None
        #: Whether newcomers are let in; who is in already can always come back.
        self.admits: Callable[[], bool] = lambda: True
        self._store = store
        self.names = tuple(names)
        self.under_16 = under_16
        self._now_us = now_us
        self._open: dict[str, ClassroomRow] = {}
        self._open_ids: set[str] = set()
        self._learners: dict[str, Learner] = {}
        self._forgettings = 0

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
        self,
        typed_code: str,
        typed_name: str,
        lang: str,
        *,
        listed: str = "",
        agreed: bool = False,
        guardian: bool = False,
    ) -> Joined:
        """A new learner in the class, under a nickname or under a name of the class list.

        Parameters
        ----------
        listed : a name of the class list; it goes before `typed_name` and needs consent to be kept.
        agreed : whether the learner ticked the consent beside the list.
        guardian : whether the one for a parent or guardian was ticked; asked for in a class for under-16s.

        Raises
        ------
        NotFound
            when no open class has the code.
        NameRefused
            when the name is empty or too long.
        NotAllowed
            with code ``class_ended``, ``consent_missing``, ``guardian_missing`` or ``not_listed``.
        """
        room = self.classroom(typed_code)
        if not self.admits():
            raise NotAllowed("the teacher has ended the class", "class_ended")
        if listed and listed not in self.names:
            raise NotAllowed("the name is not in the class list", "not_listed")
        if listed and not agreed:
            raise NotAllowed("a listed name is kept only with consent", "consent_missing")
        if listed and self.under_16 and not guardian:
            raise NotAllowed("a listed name of somebody under 16 needs a guardian's consent", "guardian_missing")
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
            consents=self._consents() if listed else (),
        )
        self._learners[learner.id] = learner
        joined = Joined(learner, name)
        self.on_join(joined)
        return joined

    def _consents(self) -> list[Consent]:
        own = Consent(KEEP_NAME, KEEP_NAME_VERSION)
        return [own, Consent(GUARDIAN, GUARDIAN_VERSION)] if self.under_16 else [own]

    async def known_learner(self, learner_id: str) -> Learner | None:
        """The learner behind a pseudonym, None when this data folder does not know it.

        Raises
        ------
        NotAllowed
            with code ``class_closed`` when the learner's class is over.
        """
        learner = self._learners.get(learner_id)
        if learner is None:
            forgettings = self._forgettings
            row = await asyncio.to_thread(self._store.learner, learner_id)
            if forgettings != self._forgettings:  # it may have been this one, forgotten while we read
                return await self.known_learner(learner_id)
            if row is None:
                return None
            learner = self._learners[learner_id] = Learner(row.id, row.classroom_id, row.lang)
        if learner.classroom_id not in self._open_ids:
            raise NotAllowed("the class is over", "class_closed")
        return learner

    async def forget_learner(self, learner_id: str) -> None:
        """Keep nothing of a learner in memory, once the store has forgotten them: the cookie then opens nothing."""
        self._forgettings += 1
        self._learners.pop(learner_id, None)

    def is_open(self, classroom_id: str) -> bool:
        """Whether the class is running here and now."""
        return classroom_id in self._open_ids

    async def close_class(self, room: ClassroomRow) -> None:
        """End a class: nobody can join or answer any more; everything stays stored."""
        await self._store.close_classroom(room.id, self._now_us())
        self._open.pop(room.code, None)
        self._open_ids.discard(room.id)
