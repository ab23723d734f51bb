"""A whole class of simulated learners, each in a thread of its own: they mostly sleep."""

from __future__ import annotations

import logging
import random
import threading
from collections import Counter
from collections.abc import Callable
from http.client import HTTPException

from bdhvs.errors import NotAllowed
from bdhvs.rehearsal.child import ServedClass
from bdhvs.rehearsal.people import Manner, manners, names
from bdhvs.rehearsal.person import Happening, Pace, Person, RehearsalOver, Tell
from bdhvs.rehearsal.phone import Phone

log = logging.getLogger("bdhvs.rehearsal")
ENDING_S = 5.0  # a learner who is told to stop is asleep or within one request


class Tally:
    """What has happened so far; safe to use from all threads."""

    def __init__(self, tell: Tell = lambda _: None) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._tell = tell

    def note(self, happening: Happening) -> None:
        with self._lock:
            self._counts[happening.what] += 1
            self._tell(happening)

    def __getitem__(self, what: str) -> int:
        return self._counts[what]


class Play:
    """Simulated learners in a running class, from ``start`` to ``stop``."""

    def __init__(self, room: ServedClass, students: int, speed: float, seed: int | None = None) -> None:
        self._room = room
        self._over = threading.Event()
        self._pace = Pace(speed, self._over)
        self._seeds = random.Random(seed)
        self._cast = list(zip(names(students, self._seeds), manners(students), strict=True))
        self._threads: list[threading.Thread] = []

    def start(self, tell: Callable[[Happening], object]) -> None:
        """Send everybody off; `tell` is called from their threads."""
        for name, manner in self._cast:
            chance = random.Random(self._seeds.random())
            thread = threading.Thread(target=self._live, args=(name, manner, chance, tell), daemon=True)
            self._threads.append(thread)
            thread.start()

    @property
    def is_busy(self) -> bool:
        """Whether somebody still takes part."""
        return any(thread.is_alive() for thread in self._threads)

    def stop(self) -> None:
        """Send everybody home."""
        self._over.set()
        for thread in self._threads:
            thread.join(ENDING_S)

    def _live(self, name: str, manner: Manner, chance: random.Random, tell: Tell) -> None:
        phone = Phone(self._room.host, self._room.port, self._pace.wait)
        try:
            Person(name, manner, phone, self._pace, chance, tell).take_part(self._room.told["code"])
        except RehearsalOver:
            pass
        except (NotAllowed, NotImplementedError, OSError, HTTPException) as error:
            log.warning("a simulated learner stopped: %s", error)  # the teacher closed the class, for one
        finally:
            phone.close()
