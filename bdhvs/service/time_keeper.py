"""Ends attempts whose time is over while nobody sends anything: a phone that is off, a learner who went home.

Whoever is there hands in by the phone at the end of the time; whatever arrives later is refused by the quiz service in any
case. So this only keeps the board and the reports true, and may look seldom.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from bdhvs.errors import StoreError
from bdhvs.service.quiz import QuizService
from bdhvs.service.sessions import LiveAttempt
from bdhvs.store import EventRow, Store

log = logging.getLogger("bdhvs.time")
LOOK_S = 5.0


class TimeKeeper:
    """Keeps in mind which attempts have a limit.

    Parameters
    ----------
    now_us : gives the time in microseconds since the epoch (UTC).
    """

    def __init__(self, quiz: QuizService, *, now_us: Callable[[], int]) -> None:
        self._quiz = quiz
        self._now_us = now_us
        self._due_us: dict[str, int] = {}  # not after the attempt's end: more time is found out when that has come

    def changed(self, live: LiveAttempt, events: Sequence[EventRow]) -> None:
        """An attempt was opened or has new facts."""
        if live.attempt.rules.limit_minutes is None:
            return
        if live.attempt.status == "finished":
            self._due_us.pop(live.row.id, None)
        else:
            self._due_us.setdefault(live.row.id, 0)

    async def fill(self, store: Store, classroom_id: str) -> None:
        """Add the attempts that had begun before this start of the server."""
        rows = await asyncio.to_thread(store.attempts_in, classroom_id)
        for row in rows:
            if row.rules.limit_minutes is not None:
                self._due_us.setdefault(row.id, 0)

    async def look(self) -> None:
        """End what is over."""
        now = self._now_us()
        for attempt_id in [one for one, due in self._due_us.items() if due < now]:
            try:
                ends = await self._quiz.end_when_over(attempt_id)
            except StoreError as error:  # the next look tries again
                log.warning("an attempt could not be ended: %s", error)
                return
            if ends is None:
                self._due_us.pop(attempt_id, None)
            else:
                self._due_us[attempt_id] = ends

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            await self.look()
