"""Coming in and coming back, as the store has it: given names, picture PINs, the class list, what was agreed to."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Sequence

from sqlalchemy import select

from bdhvs.core.given_names import given_name
from bdhvs.store import statements, tables
from bdhvs.store.reads import Reads
from bdhvs.store.rows import AuditRow, Consent, PinRow, Remains
from bdhvs.store.units import Counts, Statement

#: The next number of a class, in the very statement that keeps it: two who come in together get two numbers.
_INSERT_NUMBER = (
    "INSERT INTO given_number (learner_id, classroom_id, number) "
    "SELECT ?, ?, coalesce(max(number) + 1, 0) FROM given_number WHERE classroom_id = ?"
)
_KEEP_PIN = (
    "INSERT INTO picture_pin (learner_id, salt, digest, set_at_us, misses, missed_at_us) VALUES (?, ?, ?, ?, 0, 0) "
    "ON CONFLICT (learner_id) DO UPDATE SET salt = excluded.salt, digest = excluded.digest, "
    "set_at_us = excluded.set_at_us, misses = 0, missed_at_us = 0"
)
_NOTE_MISSES = "UPDATE picture_pin SET misses = ?, missed_at_us = ? WHERE learner_id = ?"
_DELETE_PIN = "DELETE FROM picture_pin WHERE learner_id = ?"
_DELETE_PERSON = "DELETE FROM person WHERE learner_id = ?"
_INSERT_LISTED = "INSERT INTO listed_name (classroom_id, place, name) VALUES (?, ?, ?)"


class Joining(Reads):
    """The part of the store that knows how people come in and back. `bdhvs.store.store.Store` is the whole."""

    # ── asked ───────────────────────────────────────────────────────────────────────────────────────────

    def pin(self, learner_id: str) -> PinRow | None:
        """A learner's picture PIN; None when there is none."""
        rows = self._all(select(tables.picture_pin).where(tables.picture_pin.c.learner_id == learner_id))
        return PinRow(*tuple(rows[0])) if rows else None

    def pin_owners(self, classroom_id: str) -> set[str]:
        """Who of a class has a picture PIN, as pseudonyms."""
        pin, learner = tables.picture_pin, tables.learner
        chosen = select(pin.c.learner_id).join(learner).where(learner.c.classroom_id == classroom_id)
        return {row.learner_id for row in self._all(chosen)}

    def listed_names(self, classroom_id: str) -> tuple[str, ...]:
        """The class list that was kept, in its order; empty when there is none."""
        columns = tables.listed_name.c
        chosen = select(columns.name).where(columns.classroom_id == classroom_id).order_by(columns.place)
        return tuple(row.name for row in self._all(chosen))

    # ── commands; what they raise is said in `bdhvs.store.store` ────────────────────────────────────────

    async def add_nameless_learner(self, learner_id: str, classroom_id: str, *, lang: str, at_us: int) -> str:
        """Keep a new learner of whom no name is stored. Gives the name that follows from their number."""
        await self._write(
            (statements.INSERT_LEARNER, (learner_id, classroom_id, at_us, lang)),
            (_INSERT_NUMBER, (learner_id, classroom_id, classroom_id)),
        )
        return await asyncio.to_thread(self._given_name, learner_id)

    async def take_name_away(
        self, learner_id: str, classroom_id: str, purposes: Sequence[str], *notes: AuditRow
    ) -> tuple[str, Remains]:
        """Delete a learner's name (in the class list and in copies, too) and these consents; a number takes its place.

        Returns
        -------
        The name that follows from the number, and where traces may still be.
        """
        await self._write(
            (statements.DELETE_LISTED, (learner_id,)),
            (_DELETE_PERSON, (learner_id,)),
            (_INSERT_NUMBER, (learner_id, classroom_id, classroom_id)),
            *((statements.WITHDRAW, (learner_id, purpose)) for purpose in purposes),
            *map(statements.insert_audit, notes),
        )
        remains = await self._remains(learner_id)
        return await asyncio.to_thread(self._given_name, learner_id), remains

    async def keep_pin(self, row: PinRow, consent: Consent) -> None:
        """Keep a picture PIN in the place of a former one, and the consent to it."""
        await self._write(
            (_KEEP_PIN, (row.learner_id, row.salt, row.digest, row.set_at_us)),
            (statements.INSERT_CONSENT, (row.learner_id, consent.purpose, consent.text_version, row.set_at_us)),
        )

    async def note_misses(self, learner_id: str, misses: int, at_us: int) -> None:
        """Keep how often in a row wrong pictures were given for a learner, and when last."""
        await self._write((_NOTE_MISSES, (misses, at_us, learner_id)))

    async def delete_pin(self, learner_id: str, purpose: str, *notes: AuditRow) -> None:
        """Delete a picture PIN and the consent to it; nothing happens when there is none."""
        await self._write(
            (_DELETE_PIN, (learner_id,)), (statements.WITHDRAW, (learner_id, purpose)), *map(statements.insert_audit, notes)
        )

    async def keep_list(self, classroom_id: str, names: Sequence[str]) -> None:
        """Keep a class list in the place of a former one, which is overwritten; no names: there is none any more."""
        rows = ((_INSERT_LISTED, (classroom_id, place, name)) for place, name in enumerate(names, start=1))
        await self._write((statements.DELETE_LIST, (classroom_id,)), *rows)
        await self._fold()

    def _given_name(self, learner_id: str) -> str:
        column = tables.given_number.c
        rows = self._all(select(column.number).where(column.learner_id == learner_id))
        return given_name(rows[0].number) if rows else "—"  # forgotten in the meantime

    @abstractmethod
    async def _write(self, *units: Statement) -> Counts: ...

    @abstractmethod
    async def _fold(self) -> bool: ...

    @abstractmethod
    async def _remains(self, learner_id: str) -> Remains: ...
