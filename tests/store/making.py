"""Rows for tests; ids and times come from a counter, never from the clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bdhvs.core.attempt_events import Answered, ItemRef, Rules
from bdhvs.core.identifiers import uuid7
from bdhvs.core.items.base import Score
from bdhvs.store import AttemptRow, ClassroomRow, EventRow, ItemVersionRow, Store, to_row

FIRST_US = 1_790_000_000_000_000  # some day in September 2026
ITEMS = (ItemRef("chon-kenh-lien-lac", 1), ItemRef("dan-me-gio-uong-thuoc", 2))


class Maker:
    """Makes rows; each id and time is later than the one before."""

    def __init__(self) -> None:
        self.count = 0

    def id(self) -> str:
        self.count += 1
        return uuid7(FIRST_US + self.count * 1000, self.count.to_bytes(10, "big"))

    def now_us(self) -> int:
        self.count += 1
        return FIRST_US + self.count * 1000

    def classroom(self, **changes: Any) -> ClassroomRow:
        facts: dict[str, Any] = {"code": f"LOP{self.count:03}", "name": "Lớp thôn Đông"}
        facts |= {"id": self.id(), "opened_at_us": self.now_us()}
        return ClassroomRow(**facts | changes)

    def item_versions(self) -> list[ItemVersionRow]:
        details = {"skills": ["tin_nhan"], "audiences": ["adults"], "context": "home", "options": ["a", "b"]}
        return [ItemVersionRow(one.id, one.version, "single_choice", "2.1", 1, 1, "d1", details) for one in ITEMS]

    def attempt(self, learner_id: str, classroom_id: str, **changes: Any) -> AttemptRow:
        facts: dict[str, Any] = {
            "id": self.id(),
            "learner_id": learner_id,
            "classroom_id": classroom_id,
            "form_id": "lien-lac",
            "form_version": 3,
            "mode": "practice",
            "seed": 2**48 - 1,
            "shuffle_options": True,
            "lang": "vi",
            "bank_version": "b1",
            "started_at_us": self.now_us(),
            "rules": Rules(practice=True, allow_back=False, tries=2),
            "items": ITEMS,
        }
        return AttemptRow(**facts | changes)

    def answer(self, attempt_id: str, seq: int, event_id: str | None = None, **response: Any) -> EventRow:
        event = Answered(ITEMS[0].id, response or {"choice": "gọi-điện"}, Score(1, 1, "right", "key"), elapsed_ms=5300)
        return to_row(event, attempt_id, event_id or self.id(), seq, self.now_us(), ITEMS[0].version)


@dataclass(frozen=True)
class Begun:
    """A class with one learner who has begun an attempt."""

    classroom: ClassroomRow
    learner_id: str
    attempt: AttemptRow


async def begin(store: Store, make: Maker) -> Begun:
    room, learner_id = make.classroom(), make.id()
    attempt = make.attempt(learner_id, room.id)
    await store.open_classroom(room)
    await store.add_learner(learner_id, room.id, nickname="Bà Tư", name_kind="nickname", lang="vi", at_us=make.now_us())
    await store.record_item_versions(make.item_versions())
    await store.start_attempt(attempt)
    return Begun(room, learner_id, attempt)
