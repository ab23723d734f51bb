"""What learners tell of themselves, and what is known of a class's place, as the store has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select

from bdhvs.store import statements, tables
from bdhvs.store.joining import Joining
from bdhvs.store.rows import AuditRow, Consent, Remains, ToldRow

_KEEP_TOLD = (
    "INSERT INTO told (learner_id, audience, age_band, sex, told_at_us) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (learner_id) DO UPDATE SET audience = excluded.audience, age_band = excluded.age_band, "
    "sex = excluded.sex, told_at_us = excluded.told_at_us"
)
_DELETE_TOLD = "DELETE FROM told WHERE learner_id = ?"
_WITHDRAW = "DELETE FROM consent WHERE learner_id = ? AND purpose = ?"


class Work(NamedTuple):
    """A learner's work on one kind of device; ``device`` is None where no page said it."""

    learner_id: str
    classroom_id: str
    device: str | None
    first_at_us: int
    answers: int


class Telling(Joining):
    """The part of the store that knows who learns, in the groups they put themselves into."""

    # ── asked ───────────────────────────────────────────────────────────────────────────────────────────

    def told(self, learner_id: str) -> ToldRow | None:
        """What a learner told of themselves; None when nothing is kept."""
        rows = self._all(select(tables.told).where(tables.told.c.learner_id == learner_id))
        return ToldRow(*tuple(rows[0])) if rows else None

    def everything_told(self, classroom_id: str | None = None) -> dict[str, ToldRow]:
        """What the learners of a class (None: of all) told of themselves, by pseudonym."""
        chosen = select(tables.told)
        if classroom_id is not None:
            chosen = chosen.join(tables.learner).where(tables.learner.c.classroom_id == classroom_id)
        return {row.learner_id: ToldRow(*tuple(row)) for row in self._all(chosen)}

    def work(self, classroom_id: str | None = None) -> list[Work]:
        """Who of a class (None: of all) began something, on what, when first, with how many answers; by pseudonym and device."""
        attempt, event = tables.attempt.c, tables.event.c
        answered = (event.attempt_id == attempt.id) & (event.type == "answered")
        joined = tables.attempt.outerjoin(tables.event, answered)
        columns = attempt.learner_id, attempt.classroom_id, attempt.device
        counted = func.min(attempt.started_at_us), func.count(event.event_id)
        chosen = select(*columns, *counted).select_from(joined).group_by(*columns).order_by(*columns)
        if classroom_id is not None:
            chosen = chosen.where(attempt.classroom_id == classroom_id)
        return [Work(*tuple(row)) for row in self._all(chosen)]

    # ── commands; what they raise is said in `bdhvs.store.store` ────────────────────────────────────────

    async def keep_told(self, row: ToldRow, consents: Sequence[Consent]) -> None:
        """Keep what a learner told in the place of what they told before, and the consents to it, all or none."""
        given = ((row.learner_id, one.purpose, one.text_version, row.told_at_us) for one in consents)
        await self._write(
            (_KEEP_TOLD, (row.learner_id, row.audience, row.age_band, row.sex, row.told_at_us)),
            *((statements.INSERT_CONSENT, values) for values in given),
        )
        await self._fold()

    async def delete_told(self, learner_id: str, purposes: Sequence[str], *notes: AuditRow) -> Remains:
        """Delete what a learner told, in copies, too, and these consents; where traces may still be."""
        await self._write(
            (_DELETE_TOLD, (learner_id,)),
            *((_WITHDRAW, (learner_id, purpose)) for purpose in purposes),
            *map(statements.insert_audit, notes),
        )
        return await self._remains(learner_id)
