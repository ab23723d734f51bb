"""Tokens open what they name and nothing else; classes are found by their code alone."""

from __future__ import annotations

import pytest

from bdhvs.errors import NotAllowed, NotFound
from bdhvs.service.classrooms import ClassroomService
from bdhvs.service.tokens import Tokens
from bdhvs.store import Store
from tests.service.conftest import Clock


def test_a_learner_s_token_names_the_learner_across_a_restart() -> None:
    token = Tokens(b"k" * 32).for_learner("learner-1")
    assert Tokens(b"k" * 32).learner_of(token) == "learner-1"


@pytest.mark.parametrize("token", ["", "x", "a.b", "ImxlYXJuZXItMSI.AAAA", "\ud800", "é" * 300])
def test_a_forged_token_is_nobody(token: str) -> None:
    assert Tokens(b"k" * 32).learner_of(token) is None


def test_a_token_of_another_data_folder_is_nobody() -> None:
    assert Tokens(b"k" * 32).learner_of(Tokens(b"x" * 32).for_learner("learner-1")) is None


def test_the_teacher_s_token_opens_its_own_class_only() -> None:
    tokens = Tokens(b"k" * 32)
    token = tokens.for_teacher("class-1")
    assert tokens.is_teacher("class-1", token)
    assert not tokens.is_teacher("class-2", token)
    assert not tokens.is_teacher("class-1", token[:-1])
    assert not tokens.is_teacher("class-1", "\ud800")
    assert tokens.learner_of(token) is None


async def test_the_last_open_class_goes_on_unless_a_new_one_is_wanted(store: Store, clock: Clock) -> None:
    first = await ClassroomService(store, now_us=clock).open_class("Sáng")
    clock.now += 1_000_000
    assert await ClassroomService(store, now_us=clock).open_class("Chiều") == first
    second = await ClassroomService(store, now_us=clock).open_class("Chiều", new=True)
    assert second.code != first.code
    assert await ClassroomService(store, now_us=clock).open_class("Tối") == second


async def test_a_learner_of_a_closed_class_is_told_so(rooms: ClassroomService, store: Store, clock: Clock) -> None:
    room = store.last_open_classroom()
    assert room is not None
    joined = await rooms.join(room.code, "Lan", "vi")
    assert await rooms.known_learner(joined.learner.id) == joined.learner
    await rooms.close_class(room)
    with pytest.raises(NotAllowed) as refused:
        await rooms.known_learner(joined.learner.id)
    assert refused.value.code == "class_closed"
    with pytest.raises(NotFound):
        await rooms.join(room.code, "Hoa", "vi")


async def test_a_stranger_is_nobody(rooms: ClassroomService) -> None:
    assert await rooms.known_learner("01890a5d-ac96-774b-bcce-b302099a8057") is None
