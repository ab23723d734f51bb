"""The class as it is now, in memory, for the teacher's board.

It is told of everything after it is on disk and only keeps references, so that an answer pays next to nothing for it; a
view is made when somebody looks (`bdhvs.service.board_view`). What was before this start of the server is read from
the store in the background: what has happened meanwhile is newer and stays.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from bdhvs.bank.loader import Bank
from bdhvs.core.attempt import Attempt, replay
from bdhvs.core.decisions import NOTHING, Decisions
from bdhvs.core.pace import FREE, Pace
from bdhvs.service.board_view import BoardView, Looking, board_view
from bdhvs.service.classrooms import Joined
from bdhvs.service.pace_view import PaceCount, pace_count
from bdhvs.service.seats import Seat
from bdhvs.service.sessions import LiveAttempt
from bdhvs.store import AttemptRow, EventRow, Store, events_of

Wake = Callable[[], None]
#: An attempt as the store has it, and when help was asked for, by item.
_Stored = tuple[AttemptRow, Attempt, dict[str, int]]


class Board:
    """What the board of one class shows.

    Parameters
    ----------
    now_us : gives the time in microseconds since the epoch (UTC).
    offered : forms on the class's home page; the board has them before anybody opened one.
    pace_of : the pace of the class, which the board shows as well.
    decisions : what the teacher has decided for the class (`bdhvs.service.decided`).
    """

    def __init__(
        self,
        classroom_id: str,
        bank: Bank,
        *,
        now_us: Callable[[], int],
        offered: Sequence[str] = (),
        pace_of: Callable[[str], Pace] = lambda classroom_id: FREE,
        decisions: Callable[[], Decisions] = lambda: NOTHING,
    ) -> None:
        self._classroom_id = classroom_id
        self._bank = bank
        self._now_us = now_us
        self._offered = tuple(offered)
        self._pace_of = pace_of
        self._decisions = decisions
        self._seats: dict[str, Seat] = {}
        self._watchers: set[Wake] = set()
        self._forgettings = 0

    # ── being told ──────────────────────────────────────────────────────────────────────────────────────

    def joined(self, one: Joined) -> None:
        """Somebody came into a class."""
        if one.learner.classroom_id != self._classroom_id:
            return
        seat = self._seat(one.learner.id)
        seat.name = one.name
        seat.heard(self._now_us())
        self._tell()

    def changed(self, live: LiveAttempt, events: Sequence[EventRow]) -> None:
        """An attempt was opened (no events) or has these new facts, which are on disk. Costs about a microsecond."""
        row = live.row
        if row.classroom_id != self._classroom_id:
            return
        seat = self._seats.get(row.learner_id) or self._seat(row.learner_id)
        taking = seat.take(row, live.attempt)
        for event in events:
            if event.type == "help_asked" and event.item_id:
                taking.asked_us[event.item_id] = event.recorded_at_us
        seat.form = row.form_id
        seat.heard(events[-1].recorded_at_us if events else self._now_us())
        if self._watchers:
            self._tell()

    @contextmanager
    def page_of(self, learner_id: str) -> Iterator[None]:
        """A page of this learner is open as long as the block runs."""
        seat = self._seat(learner_id)
        seat.page_opened(self._now_us())
        self._tell()
        try:
            yield
        finally:
            seat.page_closed(self._now_us())
            self._tell()

    async def fill(self, store: Store) -> None:
        """Add what the store knows of the class: everybody with a name, and their attempts."""
        forgettings = -1
        while forgettings != self._forgettings:  # whoever was forgotten while we read must not come back
            forgettings = self._forgettings
            people, takings = await asyncio.to_thread(self._read, store)
        for learner_id, name in people.items():
            seat = self._seat(learner_id)
            seat.name = seat.name or name
        for row, attempt, asked_us in takings:
            self._seat(row.learner_id).add_stored(row, attempt, asked_us)
        self._tell()

    def rename(self, learner_id: str, name: str) -> None:
        """A name was corrected."""
        if learner_id in self._seats:
            self._seats[learner_id].name = name
            self._tell()

    async def forget_learner(self, learner_id: str) -> None:
        """Keep nothing of a learner in memory, once the store has forgotten them."""
        self._forgettings += 1
        if self._seats.pop(learner_id, None):
            self._tell()

    def knows(self, learner_id: str) -> bool:
        """Whether the learner has a seat here."""
        return learner_id in self._seats

    def _read(self, store: Store) -> tuple[dict[str, str], list[_Stored]]:
        people = {person.id: person.nickname for person in store.learners(self._classroom_id) if person.nickname}
        takings = []
        for rows in store.response_rows(self._classroom_id):
            if rows.attempt.learner_id in people:
                asked = {
                    one.item_id: one.recorded_at_us for one in rows.events if one.type == "help_asked" and one.item_id
                }
                takings.append((rows.attempt, replay(events_of(rows.attempt, rows.events)), asked))
        return people, takings

    def _seat(self, learner_id: str) -> Seat:
        seat = self._seats.get(learner_id)
        if seat is None:
            seat = self._seats[learner_id] = Seat(learner_id)
        return seat

    # ── being looked at ─────────────────────────────────────────────────────────────────────────────────

    def view(self, looking: Looking, lang: str) -> BoardView:
        """The board as it is at this moment."""
        seats = sorted(self._seats.values(), key=lambda seat: seat.id)
        return board_view(
            seats,
            looking,
            bank=self._bank,
            offered=self._offered,
            now_us=self._now_us(),
            lang=lang,
            pace=self.pace(),
            decisions=self._decisions(),
        )

    def pace(self) -> PaceCount:
        """The class's pace, with how many of those here have answered the open item."""
        return pace_count(self._pace_of(self._classroom_id), self._seats.values(), self._now_us())

    def at_work(self) -> int:
        """How many attempts are open."""
        takings = (taking for seat in self._seats.values() for taking in seat.takings.values())
        return sum(taking.attempt.status != "finished" for taking in takings)

    @contextmanager
    def watched_by(self, wake: Wake) -> Iterator[None]:
        """`wake` is called at each change as long as the block runs; it must be quick."""
        self._watchers.add(wake)
        try:
            yield
        finally:
            self._watchers.discard(wake)

    def look_again(self) -> None:
        """Something else has made a difference: the class's pace, a decision of the teacher, or somebody who left now counts as away."""
        self._tell()

    def _tell(self) -> None:
        for wake in self._watchers:
            wake()
