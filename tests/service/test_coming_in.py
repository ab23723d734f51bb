"""How people come into a class: kept lists, classes without names, and taking back what was agreed to."""

from __future__ import annotations

from pathlib import Path

import pytest

from bdhvs.errors import NotAllowed, NotFound
from bdhvs.service.classrooms import ClassroomService
from bdhvs.service.consents import (
    AMBASSADOR,
    COME_BACK,
    GUARDIAN,
    HOUSEHOLD,
    KEEP_NAME,
    RESEARCH,
    RESEARCH_GUARDIAN,
    TEXTS,
    WITHDRAWABLE,
)
from bdhvs.service.held import as_text, held
from bdhvs.service.people import People
from bdhvs.service.pins import PicturePins
from bdhvs.service.quiz import QuizService
from bdhvs.store import Store
from tests.service.conftest import Clock

LIST = ("Nguyễn Thị Hòa", "Trần Văn Nam")


@pytest.fixture
def people(store: Store, quiz: QuizService, clock: Clock) -> People:
    return People(quiz.bank, store, now_us=clock, actor="learner")


def files_with(folder: Path, *words: str) -> list[str]:
    found = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in found if any(word.encode() in path.read_bytes() for word in words)]


async def test_a_list_of_the_teacher_s_page_is_there_again_after_a_restart_with_its_rule_for_under_16s(
    store: Store, clock: Clock
) -> None:
    rooms = ClassroomService(store, now_us=clock)
    room = await rooms.open_class("Lớp")
    await rooms.use_list(room, LIST, under_16=True)
    clock.now += 1
    again = ClassroomService(store, now_us=clock)
    assert await again.open_class("Lớp") == room
    assert (again.names, again.under_16) == (LIST, True)
    with pytest.raises(NotAllowed) as refused:
        await again.join(room.code, "", "vi", listed=LIST[0], agreed=True)
    assert refused.value.code == "guardian_missing"
    joined = await again.join(room.code, "", "vi", listed=LIST[0], agreed=True, guardian=True)
    assert joined.name == LIST[0]
    await again.drop_list(room)
    third = ClassroomService(store, now_us=clock)
    await third.open_class("Lớp")
    assert third.names == ()


async def test_a_file_given_at_the_start_goes_before_the_kept_list_and_is_not_kept(store: Store, clock: Clock) -> None:
    rooms = ClassroomService(store, now_us=clock)
    room = await rooms.open_class("Lớp")
    await rooms.use_list(room, LIST, under_16=False)
    given = ClassroomService(store, now_us=clock, names=("Lan",))
    await given.open_class("Lớp")
    assert given.names == ("Lan",)
    assert store.listed_names(room.id) == LIST


async def test_another_class_of_the_folder_has_another_list(store: Store, clock: Clock) -> None:
    rooms = ClassroomService(store, now_us=clock)
    await rooms.use_list(await rooms.open_class("Sáng"), LIST, under_16=True)
    clock.now += 1
    other = ClassroomService(store, now_us=clock)
    await other.open_class("Chiều", new=True)
    assert (other.names, other.under_16) == ((), False)


async def test_who_is_erased_goes_from_the_list_that_is_offered(
    store: Store, quiz: QuizService, clock: Clock
) -> None:
    rooms = ClassroomService(store, now_us=clock)
    room = await rooms.open_class("Lớp")
    await rooms.use_list(room, LIST, under_16=False)
    joined = await rooms.join(room.code, "", "vi", listed=LIST[0], agreed=True)
    people = People(quiz.bank, store, now_us=clock, actor="teacher", live=(rooms.forget_learner,))
    await people.erase(joined.learner.id)
    assert rooms.names == store.listed_names(room.id) == LIST[1:]


async def test_a_class_without_names_stores_nothing_that_is_typed(store: Store, clock: Clock) -> None:
    rooms = ClassroomService(store, now_us=clock, no_names=True)
    room = await rooms.open_class("Lớp")
    joined = await rooms.join(room.code, "Bác Năm xóm Đông", "vi", listed="Nguyễn Thị Hòa", agreed=True)
    clock.now += 1
    second = await rooms.join(room.code, "", "vi")
    assert (joined.name, second.name) == ("Trâu Vàng", "Mèo Xanh")
    assert [one.nickname for one in store.learners(room.id)] == ["Trâu Vàng", "Mèo Xanh"]
    assert store.consents(joined.learner.id) == []
    assert files_with(store.folder, "Bác Năm", "Nguyễn", "Trâu") == []


async def test_it_stays_without_names_whatever_the_next_start_says_and_takes_no_list(store: Store, clock: Clock) -> None:
    rooms = ClassroomService(store, now_us=clock)
    room = await rooms.open_class("Lớp")
    await rooms.use_list(room, LIST, under_16=False)
    clock.now += 1_000  # ids tell milliseconds apart
    await rooms.go_nameless(room)
    assert store.listed_names(room.id) == ()
    again = ClassroomService(store, now_us=clock)
    await again.open_class("Lớp")
    assert again.no_names
    with pytest.raises(NotAllowed, match="no names"):
        await again.use_list(room, LIST, under_16=False)
    assert (await again.join(room.code, "Lan", "vi")).name == "Trâu Vàng"


async def test_once_somebody_is_in_the_page_cannot_change_it(rooms: ClassroomService, store: Store) -> None:
    room = store.classrooms()[0]
    await rooms.join(room.code, "Lan", "vi")
    with pytest.raises(NotAllowed) as refused:
        await rooms.go_nameless(room)
    assert (refused.value.code, rooms.no_names) == ("has_names", False)


async def test_every_purpose_has_words_in_its_version_and_can_be_taken_back() -> None:
    assert {purpose for purpose, _ in TEXTS} == WITHDRAWABLE
    assert {KEEP_NAME, GUARDIAN, COME_BACK, AMBASSADOR, HOUSEHOLD, RESEARCH, RESEARCH_GUARDIAN} == WITHDRAWABLE


@pytest.mark.parametrize("purpose", [KEEP_NAME, GUARDIAN])
async def test_consent_taken_back_takes_the_name_and_leaves_the_work(
    purpose: str, store: Store, quiz: QuizService, people: People, clock: Clock
) -> None:
    rooms = ClassroomService(store, now_us=clock, under_16=True)
    room = await rooms.open_class("Lớp")
    await rooms.use_list(room, LIST, under_16=True)
    joined = await rooms.join(room.code, "", "vi", listed=LIST[0], agreed=True, guardian=True)
    done = await people.withdraw(joined.learner.id, purpose)
    assert done.name == "Trâu Vàng"
    assert store.consents(joined.learner.id) == []
    assert files_with(store.folder, LIST[0]) == []
    assert [(one.action, one.actor, one.reference) for one in store.audit()] == [("withdraw", "learner", done.reference)]
    assert await rooms.known_learner(joined.learner.id) == joined.learner
    with pytest.raises(NotFound):
        await people.withdraw(joined.learner.id, purpose)
    with pytest.raises(NotFound):
        await people.rename(joined.learner.id, "Lan")


async def test_pictures_are_in_what_is_held_and_go_when_their_consent_is_taken_back(
    store: Store, rooms: ClassroomService, quiz: QuizService, people: People, clock: Clock
) -> None:
    joined = await rooms.join(next(iter(rooms._open)), "Lan", "vi")
    pins = PicturePins(store, now_us=clock, key=b"k" * 32)
    who = joined.learner.id
    assert held(store, who, quiz.bank, "en", clock.now)["picture_pin"] is None
    await pins.choose(who, ["ca", "ca", "sen"])
    found = held(store, who, quiz.bank, "en", clock.now)
    assert found["picture_pin"] == {"chosen_at": "2023-11-14T22:13:20.000000+00:00", "misses": 0}
    assert [one["purpose"] for one in found["consents"]] == [COME_BACK]
    assert "Three pictures to come back by, chosen 15/11/2023 05:13" in as_text(found, "en")
    row = store.pin(who)
    assert row is not None
    assert row.digest not in str(found)
    assert (await people.withdraw(who, COME_BACK)).name == "Lan"
    assert not await pins.is_chosen(who)
    for purpose in (COME_BACK, KEEP_NAME, "", "x" * 500):
        with pytest.raises(NotFound):
            await people.withdraw(who, purpose)


async def test_what_is_held_of_somebody_without_a_name_says_so(store: Store, quiz: QuizService, clock: Clock) -> None:
    rooms = ClassroomService(store, now_us=clock, no_names=True)
    room = await rooms.open_class("Lớp")
    joined = await rooms.join(room.code, "", "vi")
    text = as_text(held(store, joined.learner.id, quiz.bank, "en", clock.now), "en")
    assert "Name: Trâu Vàng\nThis name was given by the class; only its number is stored." in text
