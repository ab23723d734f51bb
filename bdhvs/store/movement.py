"""Helping others and households, as the store has them."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select

from bdhvs.store import statements, tables
from bdhvs.store.joining import Joining
from bdhvs.store.rows import AuditRow, Consent, HelpedRow
from bdhvs.store.units import Statement

_INSERT_HELPED = (
    # Who confirms may be anybody but a phone of the helper's own, and each phone once.
    "INSERT INTO helped (id, learner_id, skill, own_hands, day_us, device) SELECT ?, ?, ?, ?, ?, ? "
    "WHERE NOT EXISTS (SELECT 1 FROM own_phone WHERE learner_id = ? AND device = ?) ON CONFLICT (learner_id, device) DO NOTHING"
)
_INSERT_PHONE = "INSERT INTO own_phone (learner_id, device) VALUES (?, ?) ON CONFLICT (learner_id, device) DO NOTHING"
_TAKE_BACK = "DELETE FROM helped WHERE learner_id = ? AND device = ?"
_DELETE_HELPED = "DELETE FROM helped WHERE learner_id = ?"
_DELETE_PHONES = "DELETE FROM own_phone WHERE learner_id = ?"
_LEAVE = "DELETE FROM household_member WHERE learner_id = ?"
#: Into a household that has room, by somebody who is in none.
_ENTER = (
    "INSERT INTO household_member (learner_id, household_id) SELECT ?, ? "
    "WHERE (SELECT count(*) FROM household_member WHERE household_id = ?) < ? ON CONFLICT (learner_id) DO NOTHING"
)
#: Agreed to is what came about: not the way into a household that was full.
_CONSENT_OF_A_MEMBER = (
    "INSERT INTO consent (learner_id, purpose, text_version, given_at_us) SELECT ?, ?, ?, ? WHERE EXISTS "
    "(SELECT 1 FROM household_member WHERE learner_id = ? AND household_id = ?) "
    "ON CONFLICT (learner_id, purpose, text_version) DO NOTHING"
)


class Movement(Joining):
    """The part of the store that knows who helped and who belongs together. `bdhvs.store.store.Store` is the whole."""

    # ── asked ───────────────────────────────────────────────────────────────────────────────────────────

    def helped(self, learner_id: str) -> list[HelpedRow]:
        """Who confirmed that a learner helped them, oldest day first."""
        columns = tables.helped.c
        chosen = select(tables.helped).where(columns.learner_id == learner_id).order_by(columns.day_us, columns.id)
        return [HelpedRow(*tuple(row)) for row in self._all(chosen)]

    def helped_in(self, classroom_id: str | None = None) -> list[HelpedRow]:
        """The same of a class (None: of all), helper by helper."""
        columns = tables.helped.c
        chosen = select(tables.helped).order_by(columns.learner_id, columns.day_us, columns.id)
        if classroom_id is not None:
            chosen = chosen.join(tables.learner).where(tables.learner.c.classroom_id == classroom_id)
        return [HelpedRow(*tuple(row)) for row in self._all(chosen)]

    def own_phones(self, learner_id: str) -> set[str]:
        """Scrambled marks of the phones on which a learner looked after the own log."""
        columns = tables.own_phone.c
        return {row.device for row in self._all(select(columns.device).where(columns.learner_id == learner_id))}

    def household_of(self, learner_id: str) -> str | None:
        """The household a learner is in; None for none."""
        columns = tables.household_member.c
        rows = self._all(select(columns.household_id).where(columns.learner_id == learner_id))
        return rows[0].household_id if rows else None

    def household(self, household_id: str) -> tuple[str, ...]:
        """Pseudonyms of a household's members."""
        columns = tables.household_member.c
        rows = self._all(
            select(columns.learner_id).where(columns.household_id == household_id).order_by(columns.learner_id)
        )
        return tuple(row.learner_id for row in rows)

    def households(self, classroom_id: str) -> list[tuple[str, ...]]:
        """The members of each household of a class."""
        member, learner = tables.household_member, tables.learner
        chosen = (
            select(member.c.household_id, member.c.learner_id)
            .join(learner)
            .where(learner.c.classroom_id == classroom_id)
        )
        found: defaultdict[str, list[str]] = defaultdict(list)
        for row in self._all(chosen.order_by(member.c.household_id, member.c.learner_id)):
            found[row.household_id].append(row.learner_id)
        return [tuple(members) for members in found.values()]

    # ── commands; what they raise is said in `bdhvs.store.store` ────────────────────────────────────────

    async def begin_helping(self, learner_id: str, device: str, consent: Consent, at_us: int) -> None:
        """Keep that a learner has a log, and that this phone is their own: what it confirmed before counts no more."""
        await self._write(
            (statements.INSERT_CONSENT, (learner_id, consent.purpose, consent.text_version, at_us)),
            *self._own_phone(learner_id, device),
        )

    async def keep_own_phone(self, learner_id: str, device: str) -> None:
        """As `begin_helping` for a further phone."""
        await self._write(*self._own_phone(learner_id, device))

    async def keep_helped(self, row: HelpedRow) -> bool:
        """Keep a confirmation; False, and nothing kept, when this phone confirmed before or is the helper's own."""
        values = (row.id, row.learner_id, row.skill, row.own_hands, row.day_us, row.device)
        (count,) = await self._write((_INSERT_HELPED, (*values, row.learner_id, row.device)))
        return bool(count)

    async def take_helped_back(self, learner_id: str, device: str) -> None:
        """Delete what a phone confirmed for a learner."""
        await self._write((_TAKE_BACK, (learner_id, device)))

    async def stop_helping(self, learner_id: str, purpose: str, *notes: AuditRow) -> None:
        """Delete a learner's log, the marks of the phones, and the consent to them."""
        await self._write(
            (_DELETE_HELPED, (learner_id,)),
            (_DELETE_PHONES, (learner_id,)),
            (statements.WITHDRAW, (learner_id, purpose)),
            *map(statements.insert_audit, notes),
        )
        await self._fold()

    async def enter_household(
        self, learner_id: str, household_id: str, most: int, consent: Consent, at_us: int
    ) -> bool:
        """Put somebody into a household (a new one, when nobody is in it), with consent; False when it has `most` already.

        Who is in a household stays in it.
        """
        counts = await self._write(
            (_ENTER, (learner_id, household_id, household_id, most)),
            (
                _CONSENT_OF_A_MEMBER,
                (learner_id, consent.purpose, consent.text_version, at_us, learner_id, household_id),
            ),
        )
        return bool(counts[0])

    async def leave_household(self, learner_id: str, purpose: str, *notes: AuditRow) -> None:
        """Take somebody out of the household, and the consent to it; nothing happens when there is none."""
        await self._write(
            (_LEAVE, (learner_id,)), (statements.WITHDRAW, (learner_id, purpose)), *map(statements.insert_audit, notes)
        )
        await self._fold()

    def _own_phone(self, learner_id: str, device: str) -> tuple[Statement, ...]:
        return (_INSERT_PHONE, (learner_id, device)), (_TAKE_BACK, (learner_id, device))
