"""Live attempts in memory: a cache over the store, and the lock that keeps each attempt's facts in order."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from bdhvs.core.attempt import Attempt, replay
from bdhvs.core.items.base import Arrangement, Item
from bdhvs.core.presenting import arrangement
from bdhvs.errors import NotFound
from bdhvs.service.catalogue import Catalogue
from bdhvs.store import AttemptRow, EventRow, Store, events_of
from bdhvs.store.codec import items_given

if TYPE_CHECKING:
    from bdhvs.measurement.adaptive.session import State


class Given(NamedTuple):
    """An item in the version given, and the order of its parts on this learner's screen."""

    item: Item
    order: Arrangement


@dataclass(slots=True)
class LiveAttempt:
    """An attempt being taken. ``known`` holds the ids of facts that are on disk.

    ``engine`` is where an adaptive form stands, only to save work: it follows from the facts.
    ``so_far``: by item what its learner has told of an answer that is not handed in; it lives no longer than this memory.
    ``given`` are its items by id. Drawing an order costs 15 µs, so it is done once and not twice an answer.
    """

    row: AttemptRow
    attempt: Attempt
    given: dict[str, Given]
    known: set[str]
    next_seq: int
    engine: State | None = None
    so_far: dict[str, Any] = field(default_factory=dict)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def give(self, item: Item) -> None:
        """Add the item that an adaptive form has chosen, once that is on disk."""
        self.given[item.id] = Given(item, arrangement(item, self.row.seed, self.row.shuffle_options))

    def item(self, item_id: str) -> Given:
        """The item with this id as it was given.

        Raises
        ------
        NotFound
            when it is not part of the attempt.
        """
        found = self.given.get(item_id)
        if found is None:
            raise NotFound(f"item {item_id!r} is not part of this attempt")
        return found


def rebuild(row: AttemptRow, events: Sequence[EventRow], catalogue: Catalogue) -> LiveAttempt:
    """The live attempt that the stored facts add up to. May read the store for items of an older bank."""
    items = [catalogue.item(ref.id, ref.version) for ref in items_given(row, events)]
    given = {item.id: Given(item, arrangement(item, row.seed, row.shuffle_options)) for item in items}
    last = max((event.seq for event in events), default=0)
    return LiveAttempt(row, replay(events_of(row, events)), given, {event.event_id for event in events}, last + 1)


class LiveAttempts:
    """Keeps the most recent attempts in memory; an evicted one is rebuilt from its events when it is needed.

    Only one process owns a data folder, so what is here is never behind what is on disk.
    """

    def __init__(self, store: Store, catalogue: Catalogue, keep: int = 120_000) -> None:
        self._store = store
        self._catalogue = catalogue
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

    async def forget_learner(self, learner_id: str) -> None:
        """Keep nothing of a learner in memory. The store must have forgotten first, or the next message brings it back."""
        if self._loading:  # begun before the store forgot; what they bring must not stay
            await asyncio.wait(tuple(self._loading.values()))
        for key in [key for key, live in self._live.items() if live.row.learner_id == learner_id]:
            del self._live[key]

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
        live = await asyncio.to_thread(self._read, attempt_id)
        if live is not None:
            self.add(live)
        return live

    def _read(self, attempt_id: str) -> LiveAttempt | None:
        found = self._store.attempt(attempt_id)
        return rebuild(*found, self._catalogue) if found else None
