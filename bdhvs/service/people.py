"""What a person may ask of a class: see what is held, have the name corrected, be forgotten, have all erased.

Each deed leaves a line in the table ``audit`` with a reference that is told to the person. The line names neither the
person nor the pseudonym, so it does not undo what was done.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bdhvs.bank.loader import Bank
from bdhvs.core.identifiers import class_code
from bdhvs.core.names import clean_name
from bdhvs.errors import NotFound
from bdhvs.service.consents import (
    AMBASSADOR,
    COME_BACK,
    GUARDIAN,
    HOUSEHOLD,
    KEEP_NAME,
    OWN,
    RESEARCH,
    RESEARCH_GUARDIAN,
    WITHDRAWABLE,
)
from bdhvs.service.held import held
from bdhvs.store import Action, Actor, AuditRow, LearnerRow, Remains, Store
from bdhvs.store.ids import new_id

#: Forgets one learner in something that keeps learners in memory.
ForgetLive = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was done: ``reference`` stands in the audit; ``remains`` says where traces may still be."""

    reference: str
    remains: Remains = field(default_factory=Remains)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What was done when somebody took a consent back; ``name`` is what the class calls the person from now on."""

    reference: str
    name: str
    remains: Remains = field(default_factory=Remains)


class People:
    """The data of single people in one data folder.

    Parameters
    ----------
    now_us : gives the time in microseconds since the epoch (UTC).
    live : whatever keeps learners in memory while a class runs; each is told after the store has forgotten.
    """

    def __init__(
        self, bank: Bank, store: Store, *, now_us: Callable[[], int], actor: Actor, live: Sequence[ForgetLive] = ()
    ) -> None:
        self._bank = bank
        self._store = store
        self._now_us = now_us
        self._actor: Actor = actor
        self._live = tuple(live)

    async def person(self, learner_id: str) -> LearnerRow:
        """Somebody who can be named.

        Raises
        ------
        NotFound
            when nobody is here under this pseudonym, or the person was forgotten.
        """
        row = await asyncio.to_thread(self._store.learner, learner_id)
        if row is None or row.nickname is None:
            raise NotFound("there is no such person")
        return row

    async def export(self, learner_id: str, lang: str) -> dict[str, Any]:
        """Everything held about a person (see `bdhvs.service.held`), with the reference of the audit line.

        Raises
        ------
        NotFound
            as `person`.
        """
        await self.person(learner_id)
        found = await asyncio.to_thread(held, self._store, learner_id, self._bank, lang, self._now_us())
        note = self._note("export")
        await self._store.note(note)
        return {**found, "reference": note.reference}

    async def rename(self, learner_id: str, typed: str) -> Receipt:
        """Correct a person's name.

        Raises
        ------
        NotFound
            as `person`, and when no name is stored of this person.
        NameRefused
            when the name is empty or too long.
        """
        if (await self.person(learner_id)).name_kind == "number":
            raise NotFound("no name is stored of this person")
        note = self._note("rename")
        await self._store.rename_person(learner_id, clean_name(typed), note)
        return Receipt(note.reference)

    async def forget(self, learner_id: str) -> Receipt:
        """Forget who a person is; the answers stay, under ids that lead nowhere.

        Raises
        ------
        NotFound
            as `person`.
        """
        await self.person(learner_id)
        note = self._note("forget")
        remains = await self._store.forget_person(learner_id, note)
        await self._forget_live(learner_id)
        return Receipt(note.reference, remains)

    async def erase(self, learner_id: str) -> Receipt:
        """Erase everything of a person, answers included.

        Raises
        ------
        NotFound
            as `person`.
        """
        await self.person(learner_id)
        note = self._note("erase")
        remains = await self._store.erase_person(learner_id, note)
        await self._forget_live(learner_id)
        return Receipt(note.reference, remains)

    async def withdraw(self, learner_id: str, purpose: str) -> Withdrawn:
        """Take back what a person agreed to, and delete what was kept for it: name, pictures, what they told, log, or household.

        Raises
        ------
        NotFound
            as `person`, or when this person has not agreed to such a thing.
        """
        who = await self.person(learner_id)
        given = await asyncio.to_thread(self._store.consents, learner_id)
        if purpose not in WITHDRAWABLE or purpose not in {one.purpose for one in given}:
            raise NotFound("this was not agreed to")
        note = self._note("withdraw")
        if purpose == COME_BACK:
            await self._store.delete_pin(learner_id, COME_BACK, note)
            return Withdrawn(note.reference, who.nickname or "")
        if purpose == AMBASSADOR:
            await self._store.stop_helping(learner_id, AMBASSADOR, note)
            return Withdrawn(note.reference, who.nickname or "")
        if purpose == HOUSEHOLD:
            await self._store.leave_household(learner_id, HOUSEHOLD, note)
            return Withdrawn(note.reference, who.nickname or "")
        if purpose in OWN:
            remains = await self._store.delete_told(learner_id, (RESEARCH, RESEARCH_GUARDIAN), note)
            return Withdrawn(note.reference, who.nickname or "", remains)
        # A name is kept with both consents or not at all, so either takes the other along.
        name, remains = await self._store.take_name_away(learner_id, who.classroom_id, (KEEP_NAME, GUARDIAN), note)
        return Withdrawn(note.reference, name, remains)

    async def clear_pictures(self, learner_id: str) -> Receipt:
        """Delete a person's picture PIN: they forgot it, or it was seen.

        Raises
        ------
        NotFound
            as `person`.
        """
        await self.person(learner_id)
        note = self._note("clear_pin")
        await self._store.delete_pin(learner_id, COME_BACK, note)
        return Receipt(note.reference)

    async def note_way_back(self, learner_id: str) -> Receipt:
        """Keep that a way back was given for somebody: it lets whoever has it in as that person."""
        await self.person(learner_id)
        note = self._note("way_back")
        await self._store.note(note)
        return Receipt(note.reference)

    def _note(self, action: Action) -> AuditRow:
        now = self._now_us()
        reference = class_code(secrets.choice)
        return AuditRow(new_id(now), now, action, self._actor, reference)

    async def _forget_live(self, learner_id: str) -> None:
        for forget in self._live:
            await forget(learner_id)
