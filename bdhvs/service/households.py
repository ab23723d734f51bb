""" "Gia đình số": learners of a class who live together, so that at least one of them learns what a household needs.

A member invites others by a code; each comes in by their own consent and leaves when they like. Members see how many they are and
whether somebody of them can do it, yes or not yet; never who. Nobody else sees a household at all (`movement_counts`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bdhvs.bank.loader import Bank
from bdhvs.errors import NotAllowed, NotFound
from bdhvs.service.catalogue import Catalogue
from bdhvs.service.consents import HOUSEHOLD, HOUSEHOLD_VERSION
from bdhvs.service.household_goal import household_has_somebody
from bdhvs.service.score_evidence import Withheld
from bdhvs.service.short_codes import ShortCodes
from bdhvs.store import Consent, Store
from bdhvs.store.ids import new_id

MINUTES = 30  # the family sits around one table
MOST_MEMBERS = 12
_CONSENT = Consent(HOUSEHOLD, HOUSEHOLD_VERSION)


@dataclass(frozen=True, slots=True)
class Household:
    """What a member sees: how many they are, and whether somebody can do what the goal names."""

    members: int
    has_somebody: bool


class Households:
    """The households of one class.

    Parameters
    ----------
    now_us : gives the time in microseconds since the epoch (UTC).
    is_on : whether the class offers it now.
    withheld : items that the teacher will yet reveal.
    """

    def __init__(
        self,
        classroom_id: str,
        bank: Bank,
        store: Store,
        *,
        now_us: Callable[[], int],
        is_on: Callable[[], bool],
        withheld: Withheld = lambda item: False,
    ) -> None:
        self.invitations = ShortCodes(now_us, MINUTES)
        self._classroom_id = classroom_id
        self._bank = bank
        self._store = store
        self._now_us = now_us
        self._is_on = is_on
        self._withheld = withheld
        self._catalogue = Catalogue(bank, store)

    @property
    def is_on(self) -> bool:
        """Whether the class offers it, now."""
        return self._is_on()

    async def of(self, learner_id: str) -> Household | None:
        """The household of a learner as its members see it; None for none."""
        return await asyncio.to_thread(self._of, learner_id)

    async def begin(self, learner_id: str) -> None:
        """A new household with this learner in it; who is in one stays there."""
        now = self._now_us()
        await self._store.enter_household(learner_id, new_id(now), MOST_MEMBERS, _CONSENT, now)

    async def invite(self, learner_id: str) -> str:
        """The code by which others of the class come into this learner's household: the one that is open, else a new one.

        Raises
        ------
        NotFound
            when the learner is in none.
        """
        if await asyncio.to_thread(self._store.household_of, learner_id) is None:
            raise NotFound("this learner is in no household")
        return self.invitations.open_for(learner_id) or self.invitations.make(learner_id)

    async def enter(self, learner_id: str, typed: str) -> None:
        """Come into the household of whoever made the code.

        Raises
        ------
        NotFound
            when the code opens nothing, whyever.
        NotAllowed
            with code ``in_a_household`` (leave that one first) or ``household_full``.
        """
        inviter = self.invitations.learner(typed)
        household = await asyncio.to_thread(self._store.household_of, inviter)
        if household is None or not self.is_on:
            raise NotFound("nothing is open under this code")
        own = await asyncio.to_thread(self._store.household_of, learner_id)
        if own == household:
            return
        if own is not None:
            raise NotAllowed("in another household already", "in_a_household")
        if not await self._store.enter_household(learner_id, household, MOST_MEMBERS, _CONSENT, self._now_us()):
            raise NotAllowed("the household has as many members as one may have", "household_full")

    async def forget_learner(self, learner_id: str) -> None:
        """Keep nothing of a learner in memory, once they left or the store has forgotten them."""
        await self.invitations.forget_learner(learner_id)

    def _of(self, learner_id: str) -> Household | None:
        household, model = self._store.household_of(learner_id), self._bank.framework.household
        if household is None or model is None:
            return None
        members = self._store.household(household)
        reached = household_has_somebody(
            members, self._store, self._classroom_id, self._catalogue, model, self._withheld
        )
        return Household(len(members), reached)
