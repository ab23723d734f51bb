"""A real bank, a real store in a fresh folder, a clock that the test holds."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bdhvs.bank.loader import Bank
from bdhvs.core.identifiers import uuid7
from bdhvs.core.items.base import Item
from bdhvs.core.presenting import arrangement
from bdhvs.service.classrooms import ClassroomService
from bdhvs.service.learner import Learner
from bdhvs.service.protocol import take_message
from bdhvs.service.quiz import QuizService
from bdhvs.store import Store


@dataclass
class Clock:
    """Microseconds since the epoch; moves only when told, backwards too."""

    now: int = 1_700_000_000_000_000

    def __call__(self) -> int:
        return self.now


def event_id() -> str:
    return uuid7(1_700_000_000_000_000, secrets.token_bytes(10))


@pytest.fixture(scope="session")
def bank() -> Bank:
    return Bank.load()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def quiz(bank: Bank, store: Store, clock: Clock) -> QuizService:
    return QuizService(bank, store, now_us=clock)


@pytest.fixture
async def rooms(store: Store, clock: Clock) -> ClassroomService:
    service = ClassroomService(store, now_us=clock)
    await service.open_class("Lớp thử")
    return service


@dataclass
class Player:
    """A learner who speaks the protocol, and knows the keys the way only a test may."""

    quiz: QuizService
    learner: Learner
    bank: Bank
    attempt: str = ""
    opened: Any = None
    sent: list[dict[str, Any]] = field(default_factory=list)

    async def say(self, **message: Any) -> Any:
        self.sent.append(message)
        return await self.quiz.handle(self.learner, take_message({"v": 1, **message}))

    async def open(self, form: str, **more: Any) -> Any:
        self.opened = await self.say(type="open", form=form, **more)
        self.attempt = self.opened.attempt
        return self.opened

    async def act(self, kind: str, **more: Any) -> Any:
        return await self.say(type=kind, attempt=self.attempt, **{"event_id": event_id(), **more})

    async def answer(self, item_id: str, *, right: bool, **more: Any) -> Any:
        item = self.bank.item(item_id)
        row = self.quiz.store.attempt(self.attempt)[0]  # type: ignore[index]
        order = arrangement(item, row.seed, row.shuffle_options)
        raw = item.places(right_response(item) if right else wrong_response(item), order)
        return await self.act("answer", item=item_id, version=item.version, response=raw, **more)


def right_response(item: Item) -> dict[str, Any]:
    """A full-marks response in the author's ids."""
    match item.kind:
        case "single_choice":
            return {"choice": next(iter(item.keys))}  # type: ignore[attr-defined]
        case "multiple_choice" | "hotspot":
            return {"choices": sorted(item.keys)}  # type: ignore[attr-defined]
        case "self_assessment":
            return item.read({"choice": str(len(item.steps))}, (item.step_ids,))  # type: ignore[attr-defined, return-value]
        case "numeric":
            return {"text": f"{item.answer:f}".replace(".", ","), "value": str(item.answer)}  # type: ignore[attr-defined]
        case "short_text":
            return {"text": item.accepted.vi[0]}  # type: ignore[attr-defined]
        case "ordering":
            return {"order": item.right_order}  # type: ignore[attr-defined]
        case "matching" | "categorise":
            return {"pairs": dict(item.fitting)}  # type: ignore[attr-defined]
        case "simulation":
            return {"actions": [list(one) for one in item.route]}  # type: ignore[attr-defined]
    raise AssertionError(item.kind)


def wrong_response(item: Item) -> dict[str, Any]:
    """A response that is not right, in the author's ids."""
    match item.kind:
        case "single_choice":
            return {"choice": next(one.id for one in item.options if not one.key)}  # type: ignore[attr-defined]
        case "multiple_choice" | "hotspot":
            return {"choices": [next(one.id for one in item.options if not one.key)]}  # type: ignore[attr-defined]
        case "numeric":
            return {"text": "987654", "value": "987654"}
        case "short_text":
            return {"text": "một chuyện khác hẳn"}
        case "ordering":
            return {"order": item.right_order[::-1]}  # type: ignore[attr-defined]
        case "matching" | "categorise":
            answers = [one.id for one in item.paired_answers]  # type: ignore[attr-defined]
            wrong = {row: next(one for one in answers if one != fits) for row, fits in item.fitting.items()}  # type: ignore[attr-defined]
            return {"pairs": wrong}
        case "self_assessment":
            return item.read({"choice": "1"}, (item.step_ids,))  # type: ignore[attr-defined, return-value]
        case "simulation":
            return {"actions": [list(one) for one in item.route[:1]]}  # type: ignore[attr-defined]
    raise AssertionError(item.kind)


@pytest.fixture
async def player(quiz: QuizService, rooms: ClassroomService, bank: Bank) -> Player:
    joined = await rooms.join(next(iter(rooms._open)), "Lan", "vi")
    return Player(quiz, joined.learner, bank)


@pytest.fixture
async def other(player: Player, quiz: QuizService, rooms: ClassroomService, bank: Bank, clock: Clock) -> Player:
    """Somebody else of the same name, who came a second later than `player`."""
    clock.now += 1_000_000
    joined = await rooms.join(next(iter(rooms._open)), "Lan", "vi")
    return Player(quiz, joined.learner, bank)
