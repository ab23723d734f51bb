"""Keeps the pace of each class (`bdhvs.core.pace`): decides, writes, only then believes it and tells those who look on.

::

    pace = PaceService(store, now_us=now_us)
    await pace.load(room.id)                     # what was decided before this start
    await pace.do(room.id, Open("lam-quen", first, items))
    pace.of(room.id).stand("lam-quen", first)    # "open"; a look-up, for every answer asks
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from bdhvs.core.pace import FREE, Pace, evolve, replay
from bdhvs.core.pace_commands import Command, Reopen, decide
from bdhvs.core.pace_events import EVENT_TYPES, AnswersShown, ClassEnded, Event, ItemOpened
from bdhvs.errors import NotAllowed
from bdhvs.store import ClassEventRow, Store
from bdhvs.store.ids import new_id

#: "The same day", on laptops whose clocks and zones are what they are: a class that ended longer ago stays ended.
REOPEN_WITHIN_US = 12 * 3600 * 1_000_000

_TYPES = {kind: name for name, kind in EVENT_TYPES.items()}

Wake = Callable[[], None]


class PaceService:
    """The pace of the classes run by this process.

    Parameters
    ----------
    now_us : gives the time in microseconds since the epoch (UTC). It may jump back: ids, which give the order, do not.
    """

    def __init__(self, store: Store, *, now_us: Callable[[], int]) -> None:
        #: Told of each change, besides those who look on for a while.
        self.on_change: Wake = lambda: None
        self._store = store
        self._now_us = now_us
        self._paces: dict[str, Pace] = {}
        self._last_us: dict[str, int] = {}
        self._ended_us: dict[str, int] = {}
        self._lock = asyncio.Lock()
        self._watchers: set[Wake] = set()

    async def load(self, classroom_id: str) -> Pace:
        """Take up what was decided before this start of the server.

        Raises
        ------
        StoreError
            when the store cannot be read.
        """
        rows = own_rows(await asyncio.to_thread(self._store.class_events, classroom_id))
        self._paces[classroom_id] = replay(map(from_row, rows))
        # The id holds the time that gave the order, also where the clock jumped back since.
        self._last_us[classroom_id] = max((_id_us(row.id) for row in rows), default=0)
        ended = ended_at(rows)
        if ended is not None:
            self._ended_us[classroom_id] = ended
        return self._paces[classroom_id]

    def of(self, classroom_id: str) -> Pace:
        """The pace of a class; everybody on their own and begun when nothing was ever decided."""
        return self._paces.get(classroom_id, FREE)

    async def do(self, classroom_id: str, command: Command) -> Pace:
        """The pace after `command`; what follows from it is on disk.

        Raises
        ------
        NotAllowed, NotFound
            as `bdhvs.core.pace_commands.decide`; `NotAllowed` with code ``ended_long_ago`` for a class that may not be reopened.
        StoreUnavailable
            when nothing can be written now; nothing has changed.
        """
        # Shielded: a teacher's browser that gives up must not leave the memory behind the disk.
        return await asyncio.shield(asyncio.ensure_future(self._do(classroom_id, command)))

    async def _do(self, classroom_id: str, command: Command) -> Pace:
        async with self._lock:
            if isinstance(command, Reopen) and self._now_us() - self._ended_us.get(classroom_id, 0) > REOPEN_WITHIN_US:
                raise NotAllowed("the class ended more than 12 hours ago", "ended_long_ago")
            for event in decide(self.of(classroom_id), command):
                await self._keep(classroom_id, event)
            return self.of(classroom_id)

    async def _keep(self, classroom_id: str, event: Event) -> None:
        now = self._now_us()
        order_us = max(now, self._last_us.get(classroom_id, 0) + 1000)  # ids count milliseconds
        row = to_row(event, new_id(order_us), classroom_id, now)
        await self._store.append_class_event(row)
        self._last_us[classroom_id] = order_us
        self._paces[classroom_id] = evolve(self.of(classroom_id), event)
        if isinstance(event, ClassEnded):
            self._ended_us[classroom_id] = row.at_us
        self.on_change()
        for wake in tuple(self._watchers):
            wake()

    @contextmanager
    def watched_by(self, wake: Wake) -> Iterator[None]:
        """`wake` is called at each change as long as the block runs; it must be quick."""
        self._watchers.add(wake)
        try:
            yield
        finally:
            self._watchers.discard(wake)


# ── rows ────────────────────────────────────────────────────────────────────────────────────────────


def own_rows(rows: Sequence[ClassEventRow]) -> list[ClassEventRow]:
    """Those rows that are about the pace: a class's other decisions stand in the same table."""
    return [row for row in rows if row.type in EVENT_TYPES]


def to_row(event: Event, row_id: str, classroom_id: str, at_us: int) -> ClassEventRow:
    """`event` as the row that keeps it."""
    details: dict[str, Any] = {}
    if isinstance(event, ItemOpened):
        details = {"items": list(event.items)}
    elif isinstance(event, AnswersShown):
        details = {"shown": event.shown}
    form, item = getattr(event, "form", None), getattr(event, "item", None)
    return ClassEventRow(row_id, classroom_id, at_us, _TYPES[type(event)], form, item, details)


def from_row(row: ClassEventRow) -> Event:
    """The event that a row about the pace keeps."""
    kind: Any = EVENT_TYPES[row.type]
    if kind is ItemOpened:
        return ItemOpened(row.form_id or "", row.item_id or "", tuple(row.details["items"]))
    if kind is AnswersShown:
        return AnswersShown(row.form_id or "", row.item_id or "", bool(row.details["shown"]))
    about = [one for one in (row.form_id, row.item_id) if one is not None]
    event: Event = kind(*about)
    return event


def ended_at(rows: Sequence[ClassEventRow]) -> int | None:
    """When the class ended, in microseconds since the epoch; None while it has not, or when it was reopened."""
    if replay(map(from_row, own_rows(rows))).gate != "ended":
        return None
    return next(row.at_us for row in reversed(rows) if row.type == _TYPES[ClassEnded])


def ended_long_ago(store: Store, now_us: int, name: str | None = None) -> bool:
    """Whether the class (of this name) that would be gone on with has ended, too long ago to be reopened. Reads the disk."""
    room = store.last_open_classroom(name)
    ended = ended_at(store.class_events(room.id)) if room else None
    return ended is not None and now_us - ended > REOPEN_WITHIN_US


def _id_us(row_id: str) -> int:
    return int(row_id[:8] + row_id[9:13], 16) * 1000
