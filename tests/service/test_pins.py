"""Picture PINs: right ones open, wrong ones are counted on disk, and no way round the count is left."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import pytest

from bdhvs.core.pictures import PICTURES
from bdhvs.errors import NotAllowed, NotFound
from bdhvs.service.classrooms import ClassroomService
from bdhvs.service.consents import COME_BACK, TEXTS
from bdhvs.service.learner import Learner
from bdhvs.service.pins import FREE_MISSES, MOST_MISSES, MOST_PAUSE_US, PicturePins, pause_us, picture_names
from bdhvs.store import Store
from tests.service.conftest import Clock

OWN = ["trau", "non-la", "ca"]
OTHER = ["ca", "non-la", "trau"]
KEY = b"k" * 32


@pytest.fixture
def pins(store: Store, clock: Clock) -> PicturePins:
    return PicturePins(store, now_us=clock, key=KEY)


@pytest.fixture
async def lan(rooms: ClassroomService) -> Learner:
    return (await rooms.join(next(iter(rooms._open)), "Lan", "vi")).learner


async def refusal(pins: PicturePins, who: Learner, sent: list[str]) -> str:
    with pytest.raises(NotAllowed) as refused:
        await pins.check(who.id, sent)
    return refused.value.code


async def test_the_right_pictures_in_their_order_open_and_no_others(pins: PicturePins, lan: Learner) -> None:
    assert not await pins.is_chosen(lan.id)
    await pins.choose(lan.id, OWN)
    assert await pins.is_chosen(lan.id)
    await pins.check(lan.id, OWN)
    assert await refusal(pins, lan, OTHER) == "pictures_wrong"
    assert await refusal(pins, lan, OWN[:2]) == "pictures_missing"
    await pins.check(lan.id, OWN)


async def test_what_is_stored_tells_nothing_without_salt_and_key(pins: PicturePins, lan: Learner, store: Store) -> None:
    await pins.choose(lan.id, OWN)
    first = store.pin(lan.id)
    await pins.choose(lan.id, OWN)
    again = store.pin(lan.id)
    assert first is not None
    assert again is not None
    assert first.digest != again.digest  # another salt
    for said in (b"trau non-la ca", " ".join((lan.id, *OWN)).encode()):
        bare = hashlib.scrypt(said, salt=bytes.fromhex(again.salt), n=2**14, r=8, p=1, maxmem=2**26, dklen=32)
        assert bare.hex() != again.digest
    assert await refusal(PicturePins(store, now_us=lambda: 0, key=b"x" * 32), lan, OWN) == "pictures_wrong"
    assert [one.purpose for one in store.consents(lan.id)] == [COME_BACK]
    assert all((one.purpose, one.text_version) in TEXTS for one in store.consents(lan.id))


async def test_misses_bring_growing_pauses_then_the_teacher_and_a_restart_helps_nobody(
    pins: PicturePins, lan: Learner, store: Store, clock: Clock
) -> None:
    await pins.choose(lan.id, OWN)
    for miss in range(1, MOST_MISSES + 1):
        pins = PicturePins(store, now_us=clock, key=KEY)  # the server was started anew
        clock.now += pause_us(miss - 1) - 1
        if pause_us(miss - 1):
            assert await refusal(pins, lan, OWN) == "pictures_wait"  # not even the right ones are looked at
        clock.now += 1
        assert await refusal(pins, lan, OTHER) == ("pictures_asleep" if miss == MOST_MISSES else "pictures_wrong")
    clock.now += 10 * MOST_PAUSE_US
    assert await refusal(pins, lan, OWN) == "pictures_asleep"
    await pins.wake(lan.id)
    await pins.check(lan.id, OWN)


async def test_a_right_try_begins_the_count_anew(pins: PicturePins, lan: Learner, store: Store) -> None:
    await pins.choose(lan.id, OWN)
    for _ in range(4):
        for _ in range(FREE_MISSES - 1):
            assert await refusal(pins, lan, OTHER) == "pictures_wrong"
        await pins.check(lan.id, OWN)
    row = store.pin(lan.id)
    assert row is not None
    assert row.misses == 0


async def test_many_tries_at_once_are_as_many_tries_one_after_the_other(
    pins: PicturePins, lan: Learner, store: Store
) -> None:
    await pins.choose(lan.id, OWN)
    tries = [pins.check(lan.id, [one, one, one]) for one in PICTURES]
    codes = [getattr(one, "code", "") for one in await asyncio.gather(*tries, return_exceptions=True)]
    assert codes.count("pictures_wrong") == FREE_MISSES
    assert codes.count("pictures_wait") == len(PICTURES) - FREE_MISSES
    row = store.pin(lan.id)
    assert row is not None
    assert row.misses == FREE_MISSES


async def test_a_try_is_counted_before_it_is_judged(
    pins: PicturePins, lan: Learner, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await pins.choose(lan.id, OWN)

    async def cut(*_: object) -> bytes:
        raise ConnectionError("the plug was pulled")

    monkeypatch.setattr(pins, "_digest", cut)
    with pytest.raises(ConnectionError):
        await pins.check(lan.id, OTHER)
    row = store.pin(lan.id)
    assert row is not None
    assert row.misses == 1


async def test_a_clock_set_back_holds_nobody(pins: PicturePins, lan: Learner, clock: Clock) -> None:
    await pins.choose(lan.id, OWN)
    for _ in range(FREE_MISSES):
        await refusal(pins, lan, OTHER)
    assert await refusal(pins, lan, OWN) == "pictures_wait"
    clock.now -= 86_400_000_000
    await pins.check(lan.id, OWN)


async def test_only_those_with_pictures_can_come_back_under_the_names_the_class_shows(
    pins: PicturePins, rooms: ClassroomService, lan: Learner, clock: Clock
) -> None:
    code = next(iter(rooms._open))
    clock.now += 1_000  # ids tell milliseconds apart
    second = (await rooms.join(code, "Lan", "vi")).learner
    await rooms.join(code, "Hoa", "vi")
    await pins.choose(second.id, OWN)
    (found,) = await pins.returners(lan.classroom_id)
    assert found.name == "Lan (2)"
    assert found.learner_id == second.id
    assert found.mark not in second.id
    assert await pins.returner(lan.classroom_id, found.mark) == found
    for mark in ("", "x", lan.id, second.id, "\ud800"):
        with pytest.raises(NotFound):
            await pins.returner(lan.classroom_id, mark)
    assert await pins.returners("another class") == []


async def test_who_has_no_pictures_is_let_in_by_none(pins: PicturePins, lan: Learner) -> None:
    assert await refusal(pins, lan, OWN) == "pictures_wrong"


def test_every_picture_has_a_name_and_a_drawing() -> None:
    from bdhvs.server.html import HERE

    names = picture_names(str)
    assert list(names) == list(PICTURES)
    assert len(set(names.values())) == len(PICTURES)
    sprite = Path(HERE / "templates" / "pictures_sprite.html").read_text("utf-8")
    assert all(sprite.count(f'id="p-{one}"') == 1 for one in PICTURES)
