"""Classes and who is in them: opening, joining, coming back."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bdhvs.core.identifiers import class_code, read_code
from bdhvs.core.names import clean_name
from bdhvs.errors import NotAllowed, NotFound
from bdhvs.i18n import language
from bdhvs.service.consents import GUARDIAN, GUARDIAN_VERSION, KEEP_NAME, KEEP_NAME_VERSION
from bdhvs.service.learner import Learner
from bdhvs.store import ClassEventRow, ClassroomRow, Consent, Store
from bdhvs.store.ids import new_id

#: The type of what is decided about how people come in; the last one of a class counts.
JOINING = "joining"


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
    names : the class list, if the teacher brought one (see `bdhvs.service.class_list`); it goes before one that was kept.
    under_16 : a listed name is kept only with a parent's or guardian's consent besides the learner's own.
    no_names : no name at all is stored; the class gives names. Once a class is so, it stays so.
    """

    def __init__(
        self,
        store: Store,
        *,
        now_us: Callable[[], int],
        names: Sequence[str] = (),
        under_16: bool = False,
        no_names: bool = False,
    ) -> None:
        #: Told who came in, after it is on disk, for those who look on; set by whoever keeps the board.
        self.on_join: Callable[[Joined], None] = lambda joined: None
        #: Whether newcomers are let in; who is in already can always come back.
        self.admits: Callable[[], bool] = lambda: True
        self._store = store
        self.names = tuple(names)
        self.under_16 = under_16
        self.no_names = no_names
        self._list_kept_in: str | None = None if names else ""  # the class whose kept list `names` is; None: names are given
        self._now_us = now_us
        self._open: dict[str, ClassroomRow] = {}
        self._open_ids: set[str] = set()
        self._learners: dict[str, Learner] = {}
        self._forgettings = 0

    async def open_class(self, name: str, *, new: bool = False, of_this_name: bool = False) -> ClassroomRow:
        """The class to run: the last one still open in this data folder (only one `of_this_name`), or a new one."""
        name = clean_name(name)
        wanted = name if of_this_name else None
        row = None if new else await asyncio.to_thread(self._store.last_open_classroom, wanted)
        if row is None:
            row = await self._new_class(name)
        self._open[row.code] = row
        self._open_ids.add(row.id)
        await self._take_up(row)
        return row

    async def _take_up(self, room: ClassroomRow) -> None:
        """How people come into this class: what was decided before, and what this start adds."""
        events = await asyncio.to_thread(self._store.class_events, room.id)
        decided = next((one.details for one in reversed(events) if one.type == JOINING), {})
        before = bool(decided.get("no_names")), bool(decided.get("under_16"))
        self.no_names, self.under_16 = before[0] or self.no_names, before[1] or self.under_16
        if (self.no_names, self.under_16) != before:
            await self._decide(room.id)
        if self.no_names:
            await self._store.keep_list(room.id, ())
            self.names = ()
        elif self._list_kept_in is not None:
            self._list_kept_in = room.id
            await self.refresh_names()

    async def use_list(self, room: ClassroomRow, names: Sequence[str], *, under_16: bool) -> None:
        """Keep a class list and offer its names from now on.

        Raises
        ------
        NotAllowed
            with code ``no_names`` in a class that stores no names.
        """
        if self.no_names:
            raise NotAllowed("the class stores no names", "no_names")
        await self._store.keep_list(room.id, names)
        self.under_16, self._list_kept_in, self.names = under_16, room.id, tuple(names)
        await self._decide(room.id)

    async def drop_list(self, room: ClassroomRow) -> None:
        """Delete the class list; who joined under a name of it keeps that name."""
        await self._store.keep_list(room.id, ())
        self.names = ()

    async def go_nameless(self, room: ClassroomRow) -> None:
        """Store no names in this class from now on; there is no way back, people rely on it.

        Raises
        ------
        NotAllowed
            with code ``has_names`` when somebody is in already.
        """
        if await asyncio.to_thread(self._store.learners, room.id):
            raise NotAllowed("somebody is in the class already", "has_names")
        self.no_names, self.under_16 = True, False
        await self.drop_list(room)
        await self._decide(room.id)

    async def refresh_names(self) -> None:
        """Read the kept class list anew: a person of it was forgotten or has another name."""
        if self._list_kept_in:
            self.names = await asyncio.to_thread(self._store.listed_names, self._list_kept_in)

    async def _decide(self, classroom_id: str) -> None:
        now = self._now_us()
        details = {"no_names": self.no_names, "under_16": self.under_16}
        await self._store.append_class_event(
            ClassEventRow(new_id(now), classroom_id, now, JOINING, details=details)
        )

    async def _new_class(self, name: str) -> ClassroomRow:
        taken = {row.code for row in await asyncio.to_thread(self._store.classrooms)}
        code = class_code(secrets.choice)
        while code in taken:
            code = class_code(secrets.choice)
        now = self._now_us()
        row = ClassroomRow(id=new_id(now), code=code, name=name, opened_at_us=now)
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

        In a class without names neither is looked at, and the class gives a name.

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
        if self.no_names:
            return await self._join_nameless(room, lang)
        if listed and listed not in self.names:
            raise NotAllowed("the name is not in the class list", "not_listed")
        if listed and not agreed:
            raise NotAllowed("a listed name is kept only with consent", "consent_missing")
        if listed and self.under_16 and not guardian:
            raise NotAllowed("a listed name of somebody under 16 needs a guardian's consent", "guardian_missing")
        name = clean_name(listed or typed_name)
        now = self._now_us()
        learner = Learner(new_id(now), room.id, language(lang))
        await self._store.add_learner(
            learner.id,
            room.id,
            nickname=name,
            name_kind="name" if listed else "nickname",
            lang=learner.lang,
            at_us=now,
            consents=self._consents() if listed else (),
        )
        return self._let_in(Joined(learner, name))

    async def _join_nameless(self, room: ClassroomRow, lang: str) -> Joined:
        now = self._now_us()
        learner = Learner(new_id(now), room.id, language(lang))
        name = await self._store.add_nameless_learner(learner.id, room.id, lang=learner.lang, at_us=now)
        return self._let_in(Joined(learner, name))

    def _let_in(self, joined: Joined) -> Joined:
        self._learners[joined.learner.id] = joined.learner
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
        await self.refresh_names()

    def is_open(self, classroom_id: str) -> bool:
        """Whether the class is running here and now."""
        return classroom_id in self._open_ids

    async def close_class(self, room: ClassroomRow) -> None:
        """End a class: nobody can join or answer any more; everything stays stored."""
        await self._store.close_classroom(room.id, self._now_us())
        self._open.pop(room.code, None)
        self._open_ids.discard(room.id)
