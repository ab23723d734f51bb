"""A class under repair, wired as the server does it: real bank (one form with a limit), real store, a clock the test holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from bdhvs.bank.loader import Bank
from bdhvs.service.board import Board
from bdhvs.service.classrooms import ClassroomService
from bdhvs.service.decided import Decided
from bdhvs.service.quiz import QuizService
from bdhvs.service.repairs import Repairs
from bdhvs.service.sessions import LiveAttempt
from bdhvs.service.time_keeper import TimeKeeper
from bdhvs.store import ClassroomRow, EventRow, Store
from tests.service.conftest import Clock, Player

LIMIT_MINUTES = 20
TIMED = "thu-suc-ngan"
UNTIMED = "thu-suc"
MINUTE_US = 60_000_000


def with_limit(bank: Bank) -> Bank:
    """`bank` with a limit on the form `TIMED`."""
    timed = bank.form(TIMED).model_copy(update={"limit_minutes": LIMIT_MINUTES})
    return replace(bank, forms=MappingProxyType({**bank.forms, TIMED: timed}))


@dataclass
class Room:
    """A running class; `restarted` is the same one after its server was started anew."""

    row: ClassroomRow
    bank: Bank
    store: Store
    clock: Clock
    rooms: ClassroomService
    quiz: QuizService
    decided: Decided
    board: Board
    repairs: Repairs
    keeper: TimeKeeper

    @classmethod
    async def open(cls, bank: Bank, store: Store, clock: Clock) -> Room:
        rooms = ClassroomService(store, now_us=clock)
        row = await rooms.open_class("Lớp thử")
        decided = await Decided.load(store, row.id, now_us=clock)
        board = Board(row.id, bank, now_us=clock, offered=(TIMED, UNTIMED), decisions=decided.now)

        def changed(live: LiveAttempt, events: Sequence[EventRow]) -> None:
            board.changed(live, events)
            keeper.changed(live, events)

        quiz = QuizService(
            bank, store, now_us=clock, on_change=changed, decisions=decided.now, starting=decided.starting
        )
        keeper = TimeKeeper(quiz, now_us=clock)
        repairs = Repairs(row.id, bank, store, quiz, decided, offered=lambda: (TIMED, UNTIMED, "luyen-otp"))
        return cls(row, bank, store, clock, rooms, quiz, decided, board, repairs, keeper)

    async def restarted(self) -> Room:
        room = await Room.open(self.bank, self.store, self.clock)
        await room.board.fill(self.store)
        await room.keeper.fill(self.store, self.row.id)
        return room

    async def learner(self, name: str = "Lan") -> Player:
        self.clock.now += 1_000_000
        joined = await self.rooms.join(self.row.code, name, "vi")
        return Player(self.quiz, joined.learner, self.bank)

    def same(self, player: Player) -> Player:
        """The learner of another room object (a restarted server), with the same attempt."""
        return Player(self.quiz, player.learner, self.bank, player.attempt, player.opened)

    def passes(self, minutes: float) -> None:
        self.clock.now += round(minutes * MINUTE_US)
