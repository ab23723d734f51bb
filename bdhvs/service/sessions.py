"""Live attempts in memory: a cache over the store, and the lock that keeps each attempt's facts in order."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from bdhvs.core.attempt import Attempt, replay
from bdhvs.store import AttemptRow, EventRow, Store, events_of


@dataclass(slots=True)
class LiveAttempt:
    """An attempt being taken. ``known`` holds the ids of facts that are on disk."""

    row: AttemptRow
    attempt: Attempt
    known: set[str]
    next_seq: int
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


def rebuild(row: AttemptRow, events: Sequence[EventRow]) -> LiveAttempt:
    """The live attempt that the stored facts add up to."""
    last = max((event.seq for event in events), default=0)
    return LiveAttempt(row, replay(events_of(row, events)), {event.event_id for event in events}, last + 1)


class LiveAttempts:
    """Keeps the most recent attempts in memory; an evicted one is rebuilt from its events when it is needed.

    Only one process owns a data folder, so what is here is never behind what is on disk.
    """

    def __init__(self, store: Store, keep: int = 120_000) -> None:
        self._store = store
        self._keep = keep
        self._live: OrderedDict[str, LiveAttempt] = OrderedDict()
        self._loading: dict[str, asyncio.Task[LiveAttempt | None]] = {}

    def add(self, live: LiveAttempt) -> None:
        """Remember a new attempt, forgetting the one that was idle longest if there are too many."""
        self._live[live.row.id] = live
        while len(self._live) > self._keep:
            oldest = next((key for key, one in self._live.items() if not one.lock.locked()), None)
            if oldest is None or oldest == live.row.id:
                break
            del self._live[oldest]

    def drop(self, live: LiveAttempt) -> None:
        """Forget what memory says of an attempt: the next message rebuilds it from the store."""
        if self._live.get(live.row.id) is live:
            del self._live[live.row.id]

    async def get(self, attempt_id: str) -> LiveAttempt | None:
        """The live attempt with this id; None when there is no such attempt."""
        live = self._live.get(attempt_id)
        if live is not None:
            self._live.move_to_end(attempt_id)
            return live
        # Two messages that arrive together must not build two copies with two locks.
        task = self._loading.get(attempt_id)
        if task is None:
            task = self._loading[attempt_id] = asyncio.ensure_future(self._load(attempt_id))
            task.add_done_callback(lambda _: self._loading.pop(attempt_id, None))
        return await asyncio.shield(task)

    async def _load(self, attempt_id: str) -> LiveAttempt | None:
        found = await asyncio.to_thread(self._store.attempt, attempt_id)
        if found is None:
            return None
        live = rebuild(*found)
        self.add(live)
        return live
