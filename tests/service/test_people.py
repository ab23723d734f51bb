"""What a person may ask of a class: all that is held, the right name, to be forgotten, to be erased."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bdhvs.core.names import NameRefused
from bdhvs.errors import NotFound, Refused, StoreError
from bdhvs.service.classrooms import ClassroomService
from bdhvs.service.consents import KEEP_NAME_VERSION, TEXTS
from bdhvs.service.held import as_text, held
from bdhvs.service.people import People
from bdhvs.service.quiz import QuizService
from bdhvs.store import AuditRow, Consent, Store
from bdhvs.store.export import response_rows
from tests.service.conftest import Clock, Player

FORM = "thu-suc-ngan"


@pytest.fixture
def people(store: Store, quiz: QuizService, rooms: ClassroomService, clock: Clock) -> People:
    live = (rooms.forget_learner, quiz.forget_learner)
    return People(quiz.bank, store, now_us=clock, actor="teacher", live=live)


async def answered(player: Player) -> list[str]:
    opened = await player.open(FORM)
    items = [one.id for one in opened.items][:3]
    await player.answer(items[0], right=True)
    await player.act("hint", item=items[1])
    await player.answer(items[1], right=False, help="teacher")
    await player.act("skip", item=items[2])
    return items


async def test_the_export_holds_every_row_about_a_person_and_no_key(
    people: People, player: Player, other: Player, store: Store
) -> None:
    items = await answered(player)
    await answered(other)
    await store.append([])
    found = await people.export(player.learner.id, "vi")
    assert json.loads(json.dumps(found)) == found
    assert (found["person"]["name"], found["person"]["pseudonym"]) == ("Lan", player.learner.id)
    (attempt,) = found["attempts"]
    row, events = store.attempt(player.attempt)  # type: ignore[misc]
    assert [one["id"] for one in attempt["events"]] == [one.event_id for one in events]
    for shown, event in zip(attempt["events"], events, strict=True):
        for name in ("seq", "type", "points", "maximum", "verdict", "reason", "help", "confidence", "elapsed_ms"):
            assert shown[name] == getattr(event, name), name
    assert [one["item"] for one in attempt["events"] if one["type"] == "answered"] == items[:2]
    assert (attempt["seed"], attempt["form_version"]) == (row.seed, row.form_version)
    assert other.learner.id not in json.dumps(found)
    assert not {"key", "keys", "accepted", "answer", "solution"} & set(_names(found))


def _names(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [*value, *(name for one in value.values() for name in _names(one))]
    return [name for one in value for name in _names(one)] if isinstance(value, list) else []


async def test_the_readable_text_says_who_what_was_agreed_to_and_every_answer(
    store: Store, quiz: QuizService, clock: Clock
) -> None:
    rooms = ClassroomService(store, now_us=clock, names=("Nguyễn Thị Hòa",))
    room = await rooms.open_class("Lớp")
    joined = await rooms.join(room.code, "", "vi", listed="Nguyễn Thị Hòa", agreed=True)
    player = Player(quiz, joined.learner, quiz.bank)
    items = await answered(player)
    text = as_text(held(store, joined.learner.id, quiz.bank, "en", clock.now), "en")
    assert "Name: Nguyễn Thị Hòa" in text
    assert "I agree that the class keeps my name" in text
    assert f"keep_name {KEEP_NAME_VERSION}" in text
    assert "15/11/2023 05:13" in text
    assert text.count(" answered: ") == 2
    assert "with help" in text
    assert "<" not in text
    assert quiz.bank.item(items[0]).stem.in_language("en")[:12] in text


@pytest.mark.parametrize("deed", ["forget", "erase"])
async def test_afterwards_the_cookie_opens_nothing_and_nothing_in_memory_brings_the_person_back(
    deed: str, people: People, player: Player, other: Player, store: Store, rooms: ClassroomService
) -> None:
    await answered(player)
    await answered(other)
    assert await rooms.known_learner(player.learner.id) is not None
    receipt = await getattr(people, deed)(player.learner.id)
    assert await rooms.known_learner(player.learner.id) is None
    for message in ({"kind": "skip", "item": player.opened.items[3].id}, {"kind": "finish"}):
        with pytest.raises(NotFound):
            await player.act(message.pop("kind"), **message)
    with pytest.raises((Refused, StoreError)):
        await player.open(FORM)
    assert player.learner.id not in {live.row.learner_id for live in player.quiz._live._live.values()}
    assert (receipt.remains.log, receipt.remains.copies) == (False, ())
    assert [(one.action, one.actor, one.reference) for one in store.audit()] == [(deed, "teacher", receipt.reference)]
    left = list(response_rows(store))
    assert len({row["learner"] for row in left}) == (2 if deed == "forget" else 1)
    assert player.learner.id not in {row["learner"] for row in left}
    await other.act("skip", item=other.opened.items[3].id)  # the others go on


async def test_nobody_is_done_anything_twice_and_a_forgotten_one_is_nobody(people: People, player: Player, store: Store) -> None:
    await people.forget(player.learner.id)
    (nobody,) = store.learners(player.learner.classroom_id)
    for who in (player.learner.id, nobody.id, "", "x" * 4000):
        for deed in (people.forget, people.erase, people.person):
            with pytest.raises(NotFound):
                await deed(who)
        with pytest.raises(NotFound):
            await people.export(who, "vi")
        with pytest.raises(NotFound):
            await people.rename(who, "Lan")
    assert len(store.audit()) == 1


async def test_a_name_is_corrected_cleaned_or_refused(people: People, player: Player, store: Store) -> None:
    await people.rename(player.learner.id, "  Lan\u202e  Anh ")
    assert (await people.person(player.learner.id)).nickname == "Lan Anh"
    for typed in ("", " \u200b ", "x" * 41):
        with pytest.raises(NameRefused):
            await people.rename(player.learner.id, typed)
    assert [one.action for one in store.audit()] == ["rename"]


async def test_the_audit_has_no_place_for_a_name_or_pseudonym(
    people: People, player: Player, store: Store, clock: Clock
) -> None:
    await people.export(player.learner.id, "vi")
    clock.now += 1
    await people.rename(player.learner.id, "Bà Lan")
    clock.now += 1
    await people.erase(player.learner.id)
    rows = store.audit()
    assert [one.action for one in rows] == ["export", "rename", "erase"]
    assert set(AuditRow.__dataclass_fields__) == {"id", "at_us", "action", "actor", "reference"}
    said = " ".join(f"{one.id} {one.reference}" for one in rows)
    assert "Lan" not in said
    assert player.learner.id not in said
    assert len({one.reference for one in rows}) == 3


async def test_a_consent_text_of_a_newer_bdhvs_is_named_and_not_guessed(
    store: Store, rooms: ClassroomService, quiz: QuizService, clock: Clock
) -> None:
    joined = await rooms.join(next(iter(rooms._open)), "Lan", "vi")
    await store.add_learner(
        "019e0000-0000-7000-8000-000000000000",
        joined.learner.classroom_id,
        nickname="Mai",
        name_kind="nickname",
        lang="vi",
        at_us=clock.now,
        consents=[Consent("photo", "2099-01-01")],
    )
    found = held(store, "019e0000-0000-7000-8000-000000000000", quiz.bank, "vi", clock.now)
    assert [(one["purpose"], one["text"]) for one in found["consents"]] == [("photo", None)]
    assert "photo 2099-01-01" in as_text(found, "vi")


def test_every_consent_text_is_kept_with_its_version() -> None:
    assert ("keep_name", "2026-11-22") in TEXTS
    assert ("guardian", "2026-11-22") in TEXTS
