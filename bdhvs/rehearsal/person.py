"""One simulated learner: comes in, thinks, answers, asks for help, skips, goes away."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from bdhvs.errors import NotAllowed
from bdhvs.rehearsal.answers import some_answer
from bdhvs.rehearsal.people import Manner
from bdhvs.rehearsal.phone import Phone

ARRIVING_S = 60.0  # a class comes in within a minute or so
WAITING_S = (10.0, 40.0)  # after calling the teacher
LOOK_AGAIN_S = 2.0  # after a refusal; not hurried, or a quick rehearsal would knock at a closed door all the time
_IS_OVER = frozenset({"finished", "not_found"})
_IS_OUT = frozenset({"no_session", "class_closed"})

What = Literal["joined", "answered", "skipped", "asked", "finished", "left"]
Tell = Callable[["Happening"], object]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something the teacher can see on the board; ``question`` counts from 1, 0 when it is about none."""

    who: str
    what: What
    question: int = 0


class RehearsalOver(Exception):
    """The rehearsal is being stopped."""


class Pace:
    """Time in a rehearsal: `speed` times as fast as a clock, until `over` is set."""

    def __init__(self, speed: float, over: threading.Event) -> None:
        self._speed = speed
        self._over = over

    def think(self, seconds: float) -> None:
        """Let `seconds` of the rehearsal pass. Raises RehearsalOver when it is stopped meanwhile."""
        self.wait(seconds / self._speed)

    def wait(self, seconds: float) -> None:
        """Let `seconds` by the clock pass. Raises RehearsalOver when the rehearsal is stopped meanwhile."""
        if self._over.wait(seconds):
            raise RehearsalOver


class Person:
    """A learner with a phone; `take_part` goes through the whole class."""

    def __init__(self, name: str, manner: Manner, phone: Phone, pace: Pace, chance: random.Random, tell: Tell) -> None:
        self.name = name
        self._manner = manner
        self._phone = phone
        self._pace = pace
        self._chance = chance
        self._tell = tell
        self._dealt_with = 0

    def take_part(self, code: str) -> None:
        """Come in and work through what the class offers; back at its end or when this person goes away.

        Raises
        ------
        RehearsalOver
            when the rehearsal is stopped.
        NotAllowed
            when the class does not let this person in, or the class is over.
        """
        self._pace.think(self._chance.uniform(0, ARRIVING_S))
        self._phone.join(code, self.name)
        self._says("joined")
        for form in self._phone.quizzes():
            if not self._work_through(form):
                self._says("left")
                return

    def _work_through(self, form: str) -> bool:
        """Take a quiz to its end; False when this person went away meanwhile."""
        while True:
            try:
                opened = self._phone.open(form)
                if opened["status"] == "finished":
                    return True
                if not self._go_on(opened):
                    return False
                self._phone.act("finish", opened["attempt"])
                self._says("finished")
                return True
            except NotAllowed as refused:
                if refused.code in _IS_OVER:
                    return True
                if refused.code in _IS_OUT:
                    raise
                self._pace.wait(LOOK_AGAIN_S)  # the teacher holds the class, or changed something: look at it anew

    def _go_on(self, opened: dict[str, Any]) -> bool:
        waiting = [(item, opened["states"][item["id"]]) for item in opened["items"]]
        number = 0
        while waiting:
            item, state = waiting.pop(0)
            number += 1
            if _is_done(state):
                continue
            if self._manner.leaves_after is not None and self._dealt_with >= self._manner.leaves_after:
                return False
            saved = self._deal_with(opened["attempt"], item, state, number)
            self._dealt_with += 1
            if "next" in saved:  # an adaptive quiz: items come one by one
                waiting.append((saved["next"]["item"], saved["next"]["state"]))
        return True

    def _deal_with(self, attempt: str, item: dict[str, Any], state: dict[str, Any], number: int) -> dict[str, Any]:
        """Answer or skip; the last reply."""
        thought = self._think()
        if state["status"] == "new" and self._chance.random() < self._manner.skips:
            skipped = self._phone.act("skip", attempt, item=item["id"])
            self._says("skipped", number)
            return skipped
        helped = self._chance.random() < self._manner.helped
        if self._chance.random() < self._manner.asks:
            self._phone.act("ask_help", attempt, item=item["id"])
            self._says("asked", number)
            self._pace.think(self._chance.uniform(*WAITING_S))
            helped = True
        return self._answer(attempt, item, number, thought, helped)

    def _answer(self, attempt: str, item: dict[str, Any], number: int, thought: float, helped: bool) -> dict[str, Any]:
        """Answer, and again while the quiz lets a wrong answer be tried anew."""
        given: list[dict[str, Any]] = []
        while True:
            answer = some_answer(item, self._chance, given if self._manner.again else ())
            given.append(answer)
            saved = self._phone.act(
                "answer",
                attempt,
                item=item["id"],
                version=item["version"],
                response=answer,
                help="teacher" if helped else "none",
                elapsed_ms=round(thought * 1000),
            )
            self._says("answered", number)
            if _is_done(saved["state"]):
                return saved
            thought = self._think()

    def _think(self) -> float:
        seconds = self._chance.triangular(*self._manner.think_s)
        self._pace.think(seconds)
        return seconds

    def _says(self, what: What, question: int = 0) -> None:
        self._tell(Happening(self.name, what, question))


def _is_done(state: dict[str, Any]) -> bool:
    """Whether an item needs no more of this person: skipped, or answered with nothing to try again."""
    feedback = state["feedback"]
    return state["status"] == "skipped" or (state["status"] == "answered" and not (feedback and feedback["retry"]))
