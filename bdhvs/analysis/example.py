"""A small class of invented learners, for trying out the analysis before there are data.

The learners are played through the real service: every row has the shape and the gaps of a real class.
"""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bdhvs.bank.loader import Bank
from bdhvs.core.items.base import Item, Response
from bdhvs.core.presenting import arrangement
from bdhvs.errors import SetupError
from bdhvs.service import protocol
from bdhvs.service.classrooms import ClassroomService
from bdhvs.service.learner import Learner
from bdhvs.service.protocol import Opened
from bdhvs.service.quiz import QuizService
from bdhvs.store import Store
from bdhvs.store.ids import new_id

CLASS_NAME = "Ví dụ: số liệu bịa (synthetic)"
ASSESSMENT, PRACTICE = "thu-suc-ngan", "lam-quen"
START_US = 1_790_000_000_000_000  # a Monday morning in September 2026, so that two runs give the same times
#: How the invented learners behave. Chosen to show every value a column can have, not to resemble anybody.
SKIPS, UNKNOWN_TIMES, TEACHER_HELPS, HINTS, STOPS_EARLY = 0.06, 0.05, 0.12, 0.25, 0.2
TYPICAL_S = 25
#: The invented course: how long, how much ability grows on average (logits), and who stays at home afterwards.
COURSE_US, GROWTH, ABSENT = 28 * 86_400_000_000, 0.8, 0.15


def example_class(folder: str | Path, learners: int = 30, seed: int = 1) -> Path:
    """A data folder with an invented class, marked as such in its name.

    Each learner takes an assessment, and some a practice, with an ability drawn from a normal distribution; an item's
    difficulty follows its level. The same `seed` gives the same answers, scores and times; ids are new each time.

    Parameters
    ----------
    folder : where to make it; it must not hold a class yet.
    learners : how many, at least 1.

    Raises
    ------
    SetupError
        when there is a class in `folder` already: invented answers never mix with real ones.
    """
    return _made(Path(folder), learners, seed, course=False)


def example_course(folder: str | Path, learners: int = 24, seed: int = 1) -> Path:
    """As `example_class`, but the class takes the assessment again after four invented weeks of lessons.

    Abilities have grown by then, by different amounts; some do not come the second time.
    """
    return _made(Path(folder), learners, seed, course=True)


def _made(folder: Path, learners: int, seed: int, *, course: bool) -> Path:
    with ThreadPoolExecutor(1) as pool:  # a notebook's own thread already runs a loop
        pool.submit(lambda: asyncio.run(_play(folder, learners, random.Random(seed), course))).result()
    return folder


async def _play(folder: Path, learners: int, rng: random.Random, course: bool) -> None:
    clock = _Clock(START_US)
    with Store.open(folder) as store:
        if store.classrooms():
            raise SetupError(f"{folder}: found a class, expected an empty folder; give another one for the example")
        bank = Bank.load()
        rooms = ClassroomService(store, now_us=clock)
        quiz = QuizService(bank, store, now_us=clock)
        code = (await rooms.open_class(CLASS_NAME)).code
        players = []
        for number in range(1, learners + 1):
            joined = await rooms.join(code, f"Ví dụ {number}", "vi")
            player = _Player(quiz, joined.learner, rng, clock, ability=rng.gauss(0, 1))
            await player.take(ASSESSMENT)
            if number % 3 == 0:
                await player.take(PRACTICE)
            players.append(player)
        if course:
            clock.now_us += COURSE_US
            for player in players:
                await player.come_again()


@dataclass
class _Clock:
    now_us: int

    def __call__(self) -> int:
        return self.now_us


@dataclass
class _Player:
    """One invented learner; `ability` in logits."""

    quiz: QuizService
    learner: Learner
    rng: random.Random
    clock: _Clock
    ability: float

    async def come_again(self) -> None:
        """Take the assessment once more, after the course; or stay at home."""
        self.ability += self.rng.gauss(GROWTH, GROWTH / 2)
        if self.rng.random() >= ABSENT:
            await self.take(ASSESSMENT, again=True)

    async def take(self, form: str, *, again: bool = False) -> None:
        opened = await self.quiz.handle(self.learner, protocol.Open(v=1, form=form, again=again))
        assert isinstance(opened, Opened)
        ids = [shown.id for shown in opened.items]
        last = self.rng.randrange(len(ids) // 2, len(ids)) if self.rng.random() < STOPS_EARLY else len(ids)
        for item_id in ids[:last]:
            await self._meet(opened, self.quiz.bank.item(item_id))
        await self._act(opened, protocol.FinishAttempt)

    async def _meet(self, opened: Opened, item: Item) -> None:
        if self.rng.random() < SKIPS:
            await self._act(opened, protocol.SkipItem, item=item.id)
            return
        practice = opened.form.mode == "practice"
        for attempt in range(opened.form.tries if practice else 1):
            if practice and attempt and item.hint and self.rng.random() < HINTS:
                await self._act(opened, protocol.AskForHint, item=item.id)
            if await self._answer(opened, item, easier=attempt) or not practice:
                return

    async def _answer(self, opened: Opened, item: Item, easier: int) -> bool:
        """Answer once; whether it was right. Each earlier try on an item makes it `easier`, by one logit."""
        chance = 1 / (1 + math.exp(_difficulty(item) - self.ability - easier))
        response = right_response(item) if self.rng.random() < chance else wrong_response(item, self.rng)
        taken_ms = round(1000 * self.rng.lognormvariate(math.log(TYPICAL_S), 0.6))
        self.clock.now_us += 1000 * taken_ms
        row, _ = self.quiz.store.attempt(opened.attempt) or (None, None)
        assert row is not None
        await self._act(
            opened,
            protocol.AnswerItem,
            item=item.id,
            version=item.version,
            response=item.places(response, arrangement(item, row.seed, row.shuffle_options)),
            help="teacher" if self.rng.random() < TEACHER_HELPS else "none",
            elapsed_ms=None if self.rng.random() < UNKNOWN_TIMES else taken_ms,
        )
        return item.score(response).verdict == "right"

    async def _act(self, opened: Opened, kind: Callable[..., protocol.Act], **more: Any) -> None:
        self.clock.now_us += 1_000_000
        event_id = new_id(self.clock.now_us)
        await self.quiz.handle(self.learner, kind(v=1, attempt=opened.attempt, event_id=event_id, **more))


def _difficulty(item: Item) -> float:
    """Difficulty in logits, invented: half a logit a level, and a part that belongs to the item."""
    return 0.5 * (item.level - 2) + random.Random(item.id).gauss(0, 0.7)


def right_response(item: Item) -> Response:
    """A response worth full marks, in the author's ids."""
    one: Any = item
    match item.kind:
        case "single_choice":
            return {"choice": min(one.keys)}
        case "multiple_choice" | "hotspot":
            return {"choices": sorted(one.keys)}
        case "numeric":
            return {"text": f"{one.answer:f}".replace(".", ","), "value": str(one.answer)}
        case "short_text":
            return {"text": one.accepted.vi[0]}
        case "ordering":
            return {"order": one.right_order}
        case "matching" | "categorise":
            return {"pairs": dict(one.fitting)}
        case "simulation":
            return {"actions": [list(action) for action in one.route]}
    raise SetupError(f"the example does not know items of kind {item.kind!r}; add it in {__name__}")


def wrong_response(item: Item, rng: random.Random) -> Response:
    """A response a learner might give that is not right, in the author's ids."""
    one: Any = item
    match item.kind:
        case "single_choice":
            return {"choice": rng.choice([option.id for option in one.options if not option.key])}
        case "multiple_choice" | "hotspot":
            wrong = rng.choice([option.id for option in one.options if not option.key])
            alone = item.kind == "hotspot" and not one.several
            return {"choices": [wrong] if alone else sorted({min(one.keys), wrong})}
        case "numeric":
            return {"text": f"{one.answer + one.tolerance + 1:f}".replace(".", ","), "value": str(one.answer + one.tolerance + 1)}
        case "short_text":
            return {"text": rng.choice([mistake.text.vi for mistake in one.mistakes] or ["không biết"])}
        case "ordering":
            return {"order": [*one.right_order[1:], one.right_order[0]]}
        case "matching" | "categorise":
            fitting = list(one.fitting.values())
            return {"pairs": dict(zip(one.fitting, [*fitting[1:], fitting[0]], strict=True))}
        case "simulation":
            return {"actions": [list(one.route[0])]}
    raise SetupError(f"the example does not know items of kind {item.kind!r}; add it in {__name__}")
