"""Classes in a data folder with everything that must not leave it: names, codes, typed words; and places, groups, scores."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bdhvs.core.attempt_events import Answered, Finished, ItemRef, Rules, Skipped
from bdhvs.core.items.base import Score
from bdhvs.store import ClassEventRow, Consent, ItemVersionRow, ScoreRow, ScoreVersionRow, Store, ToldRow, to_row
from bdhvs.store.learners import PLACE
from tests.store.making import Maker

#: id, kind, competence, most points, and what a response to it holds.
ITEMS = (
    ("chon-kenh", "single_choice", "2.1", 1),
    ("xep-thu-tu", "ordering", "2.1", 3),
    ("go-ten-mat-khau", "short_text", "4.2", 1),
    ("so-tien-ve-que", "numeric", "4.2", 1),
    ("goi-lua-dao", "simulation", "4.2", 2),
    ("tu-danh-gia", "self_assessment", "5.1", 1),
    ("hoi-cuoi", "single_choice", "5.1", 1),
)
#: Province, commune, region of the classes, and how many come.
CLASSES = (
    ("38", "14755", "rural", 14),
    ("38", "14758", "rural", 4),
    ("38", "14758", "rural", 9),
    ("01", "00004", "urban", 12),
    (None, None, None, 5),
)
TYPED = "cháu-tên-Nguyễn-Bịa-ở-xóm-Đông"
AGES, SEXES = ("25_39", "40_59", "60_74", None), ("female", "male", None)


@dataclass
class Village:
    """A data folder and every text in it that must not leave."""

    folder: Path
    secrets: set[str] = field(default_factory=set)
    learners: int = 0


def _response(kind: str, n: int) -> dict[str, Any]:
    return {
        "single_choice": {"choice": "abcd"[n % 4]},
        "ordering": {"order": ["mot", "hai", "ba"]},
        "short_text": {"text": f"{TYPED}-{n}"},
        "numeric": {"text": f"0912.345.{n:03}", "value": f"912345{n:03}"},
        "simulation": {"actions": [["tap", "mo"], ["type", "o-ten", f"{TYPED}-{n}"], ["back"]]},
        "self_assessment": {"said": "kha", "step": 2, "steps": 3, "can": True, "about": []},
    }[kind]


async def build(folder: Path) -> Village:
    make, village = Maker(), Village(folder)
    with Store.open(folder) as store:
        details = {"options": ["a", "b"], "key": "khóa-của-câu-hỏi"}
        versions = [ItemVersionRow(*one[:1], 1, *one[1:3], 2, one[3], "d" + one[0][:3], details) for one in ITEMS]
        await store.record_item_versions(versions)
        for number, (province, commune, region, people) in enumerate(CLASSES):
            room = make.classroom(code=f"MÃLỚP{number}", name=f"Lớp bí mật {number}")
            await store.open_classroom(room)
            village.secrets |= {room.id, room.code, room.name}
            if province:
                place = {"province": province, "commune": commune, "commune_name": "Xã Mẫu", "region": region}
                event = ClassEventRow(make.id(), room.id, make.now_us(), PLACE, details={**place, "audience": None})
                await store.append_class_event(event)
            # At one go: their facts share commits.
            await asyncio.gather(*(_learner(store, make, village, room.id, n) for n in range(people)))
    village.secrets |= {TYPED, "0912.345", "912345", "Xã Mẫu", "khóa-của-câu-hỏi"}
    return village


async def _learner(store: Store, make: Maker, village: Village, room: str, n: int) -> None:
    learner, name = make.id(), f"Bà Tư Bịa {village.learners}"
    village.learners += 1
    number = village.learners
    village.secrets |= {learner, name}
    await store.add_learner(learner, room, nickname=name, name_kind="nickname", lang="vi", at_us=make.now_us())
    told = ToldRow(learner, "elderly" if n % 3 else None, AGES[n % 4], SEXES[n % 3], make.now_us())
    await store.keep_told(told, [Consent("research", "1")])
    for day in range(1 + n % 2):
        await _attempt(store, make, village, learner, room, number, day)


async def _attempt(store: Store, make: Maker, village: Village, learner: str, room: str, n: int, day: int) -> None:
    items = tuple(ItemRef(one[0], 1) for one in ITEMS)
    rules, at_us = Rules(practice=False, allow_back=True, tries=1), make.now_us() + day * 86_400_000_000
    about = {"rules": rules, "items": items, "mode": "assessment", "started_at_us": at_us, "device": "phone"}
    attempt = make.attempt(learner, room, **about)
    await store.start_attempt(attempt)
    events = list(_events(n, day))
    ids = [make.id() for _ in events]
    rows = [
        to_row(event, attempt.id, key, seq, at_us + seq * 7_300_000, 1)
        for seq, (event, key) in enumerate(zip(events, ids, strict=True), start=1)
    ]
    await store.append(rows)
    village.secrets |= {attempt.id, *ids}
    if n % 2:
        await store.record_scores(
            VERSION, [ScoreRow(make.id(), learner, attempt.id, at_us, "v" * 8, "e", "handed_in", _shown(n))]
        )


def _events(n: int, day: int) -> Iterator[Any]:
    for place, (item, kind, _, most) in enumerate(ITEMS[:-1]):
        if (n + place) % 9 == 0:
            yield Skipped(item)
            continue
        noted = kind == "self_assessment"
        score = Score(0, 1, "noted") if noted else Score((n + place) % (most + 1), most, "partly", "rule")
        # Times tell the rows of the tests apart: no two are the same.
        yield Answered(item, _response(kind, n), score, elapsed_ms=1000 * (2 * n + day) + place)
    if n % 4:
        yield Finished("learner")


VERSION = ScoreVersionRow("v" * 8, "2026-11-01", "cuts-a", "mirt", False, {})


def _shown(n: int) -> dict[str, Any]:
    empty = {"se_helped": None, "ability_helped": None, "probabilities": {}, "highest": False, "autonomy": "none"}
    more = {"more_level": None, "more_tasks": None, "more_alone": False}
    band = ("below", "basic", None)[n % 3]
    one = {"tasks": 4, "ability": 0.5, "se": 0.3, "band": band, "at_least": band, **empty, **more}
    return json.loads(json.dumps({"tasks": 4, "gate": "open", "domains": {"2": one, "4": one}}))
