"""What the teacher has decided for the running class, in memory, so that an answer pays nothing for it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Self

from bdhvs.core.decisions import Decision, Decisions, Ordered, Swapped, after
from bdhvs.errors import NotAllowed
from bdhvs.store import Store
from bdhvs.store.decisions import decision_of, folded, row_of
from bdhvs.store.ids import new_id


class Decided:
    """The decisions of one running class. Make it with `load`.

    Parameters
    ----------
    now_us : gives the time in microseconds since the epoch (UTC).
    """

    def __init__(self, store: Store, classroom_id: str, *, now_us: Callable[[], int]) -> None:
        self.now_us = now_us
        self._store = store
        self._classroom_id = classroom_id
        self._now = Decisions()
        self._last_us = 0
        self._adding = asyncio.Lock()
        self._starting: Counter[str] = Counter()
        self._changing: dict[str, asyncio.Lock] = {}

    @classmethod
    async def load(cls, store: Store, classroom_id: str, *, now_us: Callable[[], int]) -> Self:
        """With what the store has."""
        decided = cls(store, classroom_id, now_us=now_us)
        rows = await asyncio.to_thread(store.class_events, classroom_id)
        decided._now = folded(rows)
        decided._last_us = max((row.at_us for row in rows), default=0)
        return decided

    def now(self) -> Decisions:
        """What holds now."""
        return self._now

    async def add(self, decision: Decision) -> None:
        """Keep a decision; it holds when this returns.

        Raises
        ------
        StoreUnavailable
            when it cannot be kept now; then nothing changes.
        """
        async with self._adding:
            # Ids give the order, so they must grow, also when two decisions fall into one millisecond or the clock goes back.
            at_us = max(decision.at_us, self._last_us + 1000)
            row = row_of(decision, new_id(at_us), self._classroom_id, at_us)
            await self._store.append_class_event(row)
            self._last_us = at_us
            self._now = after(self._now, decision_of(row) or decision)  # with the time kept, as after a restart

    # ── a form changes only while nobody has begun it ───────────────────────────────────────────────────

    @asynccontextmanager
    async def starting(self, form_id: str) -> AsyncIterator[None]:
        """Somebody begins `form_id`: its list stays as it is until the block is left."""
        while (lock := self._changing.get(form_id)) is not None and lock.locked():
            async with lock:
                pass
        self._starting[form_id] += 1
        try:
            yield
        finally:
            self._starting[form_id] -= 1

    async def add_before_start(self, decision: Swapped | Ordered) -> None:
        """As `add`, if nobody in the class has begun the form.

        Raises
        ------
        NotAllowed
            with code ``form_begun``.
        StoreUnavailable
            as `add`.
        """
        async with self._changing.setdefault(decision.form, asyncio.Lock()):
            if self._starting[decision.form] or await self.begun(decision.form):
                raise NotAllowed("somebody has begun the form", "form_begun")
            await self.add(decision)

    async def begun(self, form_id: str) -> bool:
        """Whether somebody in the class has begun the form."""
        return await asyncio.to_thread(self._store.has_attempts, self._classroom_id, form_id)
