"""What a running class server holds: one object handed to every endpoint."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.requests import Request

from bdhvs.bank.loader import Bank
from bdhvs.bank.topics import Topic
from bdhvs.server.event_stream import EventStreams
from bdhvs.server.limits import RateLimit, code_tries, wrong_returns
from bdhvs.service.ambassadors import Ambassadors
from bdhvs.service.board import Board
from bdhvs.service.classrooms import ClassroomService
from bdhvs.service.households import Households
from bdhvs.service.movement import Movement
from bdhvs.service.pace import PaceService
from bdhvs.service.pins import PicturePins
from bdhvs.service.place import ClassPlace
from bdhvs.service.quiz import QuizService
from bdhvs.service.repairs import Repairs
from bdhvs.service.scoring import Scoring
from bdhvs.service.telling import Telling
from bdhvs.service.time_keeper import TimeKeeper
from bdhvs.service.tokens import Tokens
from bdhvs.service.ways_back import WaysBack
from bdhvs.store import ClassroomRow, Store

if TYPE_CHECKING:
    from bdhvs.live.live_class import LiveClass
    from bdhvs.server.lessons import LessonShelf

LEARNER_COOKIE = "bdhvs_hv"
TEACHER_COOKIE = "bdhvs_gv"
LANG_COOKIE = "bdhvs_lang"
DEVICE_COOKIE = "bdhvs_may"


@dataclass(frozen=True, slots=True)
class ClassContext:
    """The class being run and the services behind it.

    ``forms_without`` are adaptive forms not offered for want of numpy.
    ``listed_forms`` are shown on the class's home page; forms inside lessons are reached through the lesson. ``topics`` group
    what the page shows when it is much.
    """

    room: ClassroomRow
    bank: Bank
    store: Store
    quiz: QuizService
    scoring: Scoring
    rooms: ClassroomService
    tokens: Tokens
    shelf: LessonShelf
    board: Board
    pins: PicturePins
    ways_back: WaysBack
    pace: PaceService
    place: ClassPlace
    telling: Telling
    repairs: Repairs
    keeper: TimeKeeper
    movement: Movement
    ambassadors: Ambassadors
    households: Households
    listed_forms: tuple[str, ...] = field(default=())
    topics: tuple[Topic, ...] = field(default=())
    forms_without: tuple[str, ...] = field(default=())
    addresses: tuple[str, ...] = field(default=())
    live: LiveClass | None = None  # None: no live notebooks, or what they need is not installed
    streams: EventStreams = field(default_factory=EventStreams)
    code_tries: RateLimit = field(default_factory=code_tries)
    wrong_returns: RateLimit = field(default_factory=wrong_returns)

    def address(self, request: Request) -> str:
        """Where other phones reach the class, without a slash at the end; of a class that was told none, the one asked at."""
        return self.addresses[0] if self.addresses else str(request.base_url).rstrip("/")
