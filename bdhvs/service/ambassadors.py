""" "Đại sứ số": a learner helps others, and each of them confirms it on a phone of their own.

The helper shows a code. The one who was helped opens it, says with what they were helped and whether they did it with their own
hands, and that is all that is kept: no name, no account, no time of day. A code is good once and for some minutes; a phone
confirms once for one helper, and a helper's own phones never (`bdhvs.service.devices` says what that is worth).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bdhvs.core.framework import Framework, Named, Skill
from bdhvs.core.identifiers import read_code
from bdhvs.errors import NotAllowed, NotFound
from bdhvs.service.consents import AMBASSADOR, AMBASSADOR_VERSION
from bdhvs.service.devices import DeviceMarks
from bdhvs.service.short_codes import ShortCodes
from bdhvs.store import Consent, HelpedRow, OutOfStep, Store
from bdhvs.store.ids import new_id

MINUTES = 10  # two people sit side by side
DAY_US, AHEAD_US = 86_400_000_000, 25_200_000_000  # Vietnam is 7 hours ahead of UTC all year


@dataclass(frozen=True, slots=True)
class _Used:
    learner_id: str
    device: str
    until_us: int


class HelpCodes(ShortCodes):
    """Codes of helpers that are open now, and those used a moment ago: their phone may still take it back."""

    def __init__(self, now_us: Callable[[], int]) -> None:
        super().__init__(now_us, MINUTES)
        self._used: dict[str, _Used] = {}

    def close(self, typed: str, device: str) -> str:
        """Use a code up by a phone (its digest for this helper). What `learner` raises."""
        learner_id, now = self.use(typed), self._now_us()
        self._used = {code: one for code, one in self._used.items() if one.until_us > now}
        self._used[read_code(typed) or ""] = _Used(learner_id, device, now + MINUTES * 60_000_000)
        return learner_id

    def helper(self, typed: str) -> str:
        """The helper of a code that is open or was used a moment ago.

        Raises
        ------
        NotFound
            as `learner`.
        """
        used = self._used.get(read_code(typed) or "")
        return used.learner_id if used is not None and used.until_us > self._now_us() else self.learner(typed)

    def was_used_by(self, typed: str, device: str) -> bool:
        """Whether it was this phone that used a code a moment ago."""
        used = self._used.get(read_code(typed) or "")
        return used is not None and used.until_us > self._now_us() and used.device == device

    def forget_use(self, typed: str) -> None:
        """A code that was used and taken back opens nothing, to nobody."""
        self._used.pop(read_code(typed) or "", None)

    async def forget_learner(self, learner_id: str) -> None:
        await super().forget_learner(learner_id)
        self._used = {code: one for code, one in self._used.items() if one.learner_id != learner_id}


class Ambassadors:
    """The helpers of one class.

    Parameters
    ----------
    now_us : gives the time in microseconds since the epoch (UTC).
    is_on : whether the class offers it now.
    """

    def __init__(
        self,
        classroom_id: str,
        store: Store,
        codes: HelpCodes,
        devices: DeviceMarks,
        framework: Framework,
        *,
        now_us: Callable[[], int],
        is_on: Callable[[], bool],
    ) -> None:
        self.codes = codes
        self.devices = devices
        self._classroom_id = classroom_id
        self._store = store
        self._framework = framework
        self._now_us = now_us
        self._is_on = is_on
        self._one_at_a_time = asyncio.Lock()  # of two phones at the same moment one finds the code closed

    @property
    def is_on(self) -> bool:
        """Whether the class offers it, now."""
        return self._is_on()

    @property
    def skills(self) -> tuple[Skill, ...]:
        """With what one can be helped: the programme's skills, but that of helping."""
        model = self._framework.ambassador
        return tuple(one for one in self._framework.skills if model is None or one.competences != (model.competence,))

    @property
    def topics(self) -> tuple[tuple[Named | None, tuple[Skill, ...]], ...]:
        """The same under the names by which people look for them; without a name those of no topic, last."""
        model, named = self._framework.ambassador, {one.id: one for one in self.skills}
        found: list[tuple[Named | None, tuple[Skill, ...]]] = [
            (topic.name, tuple(named.pop(one) for one in topic.skills if one in named))
            for topic in (model.topics if model else ())
        ]
        return tuple(one for one in (*found, (None, tuple(named.values()))) if one[1])

    # ── the helper ──────────────────────────────────────────────────────────────────────────────────────

    async def has_agreed(self, learner_id: str) -> bool:
        """Whether a learner has a log."""
        return AMBASSADOR in {one.purpose for one in await asyncio.to_thread(self._store.consents, learner_id)}

    async def agree(self, learner_id: str, mark: str) -> None:
        """Begin a learner's log, on the phone with this mark."""
        device = self.devices.digest(mark, learner_id)
        await self._store.begin_helping(learner_id, device, Consent(AMBASSADOR, AMBASSADOR_VERSION), self._now_us())

    async def log(self, learner_id: str, mark: str) -> list[HelpedRow]:
        """Who confirmed so far. The phone it is looked at on is the helper's own from now on."""
        device = self.devices.digest(mark, learner_id)
        if device not in await asyncio.to_thread(self._store.own_phones, learner_id):
            await self._store.keep_own_phone(learner_id, device)
        return await asyncio.to_thread(self._store.helped, learner_id)

    # ── who was helped ──────────────────────────────────────────────────────────────────────────────────

    async def helper(self, typed: str) -> str:
        """The pseudonym of the helper of this class whose code this is, open or used a moment ago.

        Raises
        ------
        NotFound
            when it is no code of this class now, whyever.
        """
        learner_id = self.codes.helper(typed)
        row = await asyncio.to_thread(self._store.learner, learner_id)
        if not self.is_on or row is None or row.classroom_id != self._classroom_id:
            raise NotFound("nothing is open under this code")
        return learner_id

    async def is_own_phone(self, helper: str, mark: str | None, learner_id: str | None) -> bool:
        """Whether it is the helper who asks, or a phone of the helper's own."""
        own = await asyncio.to_thread(self._store.own_phones, helper)
        return learner_id == helper or (mark is not None and self.devices.digest(mark, helper) in own)

    def has_confirmed(self, typed: str, helper: str, mark: str | None) -> bool:
        """Whether this phone used this very code a moment ago."""
        return mark is not None and self.codes.was_used_by(typed, self.devices.digest(mark, helper))

    async def confirm(self, typed: str, skill: str, own_hands: bool, *, mark: str, learner_id: str | None) -> None:
        """Keep that somebody was helped, by the phone with this mark. Done before with this code: nothing happens.

        Parameters
        ----------
        learner_id : the learner that the phone is signed in as, if any. It is not kept.

        Raises
        ------
        NotFound
            as `helper`.
        NotAllowed
            with code ``skill_missing``, ``own_phone`` or ``confirmed_before``; the code then stays good.
        """
        async with self._one_at_a_time:
            await self._confirm(typed, skill, own_hands, mark, learner_id)

    async def _confirm(self, typed: str, skill: str, own_hands: bool, mark: str, learner_id: str | None) -> None:
        helper = await self.helper(typed)
        if self.has_confirmed(typed, helper, mark):
            return
        self.codes.learner(typed)
        if skill not in {one.id for one in self.skills}:
            raise NotAllowed("found no skill of the programme", "skill_missing")
        if await self.is_own_phone(helper, mark, learner_id):
            raise NotAllowed("nobody confirms for themselves", "own_phone")
        device = self.devices.digest(mark, helper)
        if not await self._kept(self._row(helper, skill, own_hands, device)):
            raise NotAllowed("this phone has confirmed before", "confirmed_before")
        self.codes.close(typed, device)  # after it is on disk: what could not be kept may be sent again

    async def take_back(self, typed: str, mark: str | None) -> None:
        """Delete what this phone confirmed a moment ago with this code.

        Raises
        ------
        NotFound
            when it did not, or it is too long ago: then nobody knows any more which one it is.
        """
        helper = await self.helper(typed)
        if mark is None or not self.has_confirmed(typed, helper, mark):
            raise NotFound("nothing was confirmed by this phone")
        await self._store.take_helped_back(helper, self.devices.digest(mark, helper))
        self.codes.forget_use(typed)

    async def _kept(self, row: HelpedRow) -> bool:
        try:
            return await self._store.keep_helped(row)
        except OutOfStep as exc:  # the helper was forgotten at this very moment
            raise NotFound("nothing is open under this code") from exc

    def _row(self, helper: str, skill: str, own_hands: bool, device: str) -> HelpedRow:
        day = day_of(self._now_us())
        return HelpedRow(new_id(day), helper, skill, own_hands, day, device)


def day_of(now_us: int) -> int:
    """When the day of a moment began in Vietnam; both in microseconds since the epoch (UTC)."""
    return (now_us + AHEAD_US) // DAY_US * DAY_US - AHEAD_US
