"""Given names, picture PINs and class lists on disk: kept, and gone without a trace with their person."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bdhvs.core.given_names import given_name
from bdhvs.errors import StoreError
from bdhvs.store import Consent, PinRow, Remains, Store
from bdhvs.store.migrate import back_up
from tests.store.making import Begun, Maker, begin
from tests.store.test_migrate import write_revision_1
from tests.store.test_people import audit_row, traces

LIST = ("Nguyễn Thị Hòa", "Trần Văn Nam", "Phạm Minh Đức")


def pin(learner_id: str, at_us: int = 5) -> PinRow:
    return PinRow(learner_id, "5a17" * 8, "d16e57" * 10, at_us)


async def listed(store: Store, begun: Begun, make: Maker, name: str) -> str:
    learner_id = make.id()
    consents = [Consent("keep_name", "1"), Consent("guardian", "1")]
    about = {"nickname": name, "name_kind": "name", "lang": "vi", "at_us": make.now_us(), "consents": consents}
    await store.add_learner(learner_id, begun.classroom.id, **about)  # type: ignore[arg-type]
    return learner_id


async def test_forty_who_come_in_at_once_get_forty_names(store: Store, begun: Begun, make: Maker) -> None:
    ids = [make.id() for _ in range(40)]
    room = begun.classroom.id
    names = await asyncio.gather(*(store.add_nameless_learner(one, room, lang="vi", at_us=1) for one in ids))
    assert set(names) == {given_name(number) for number in range(40)}
    for learner_id, name in zip(ids, names, strict=True):
        found = store.learner(learner_id)
        assert found is not None
        assert (found.nickname, found.name_kind) == (name, "number")
    with closing(sqlite3.connect(store.folder / "bdhvs.sqlite3")) as connection:
        assert connection.execute("SELECT count(*) FROM person").fetchall() == [(1,)]  # the one of `begun` alone


async def test_a_pin_takes_the_place_of_the_former_one_and_misses_begin_anew(store: Store, begun: Begun) -> None:
    who = begun.learner_id
    assert store.pin(who) is None
    await store.keep_pin(pin(who), Consent("come_back", "1"))
    await store.note_misses(who, 7, 99)
    found = store.pin(who)
    assert found is not None
    assert (found.misses, found.missed_at_us) == (7, 99)
    await store.keep_pin(pin(who, 6), Consent("come_back", "1"))
    assert store.pin(who) == pin(who, 6)
    assert store.pin_owners(begun.classroom.id) == {who}
    assert store.pin_owners("another") == set()
    await store.delete_pin(who, "come_back")
    assert (store.pin(who), store.consents(who)) == (None, [])


async def test_a_pin_of_nobody_is_refused(store: Store, make: Maker) -> None:
    with pytest.raises(StoreError):
        await store.keep_pin(pin(make.id()), Consent("come_back", "1"))


async def test_a_list_is_kept_over_a_restart_replaced_and_dropped_without_a_trace(folder: Path, make: Maker) -> None:
    with Store.open(folder) as store:
        begun = await begin(store, make)
        await store.keep_list(begun.classroom.id, LIST)
    with Store.open(folder) as store:
        assert store.listed_names(begun.classroom.id) == LIST
        await store.keep_list(begun.classroom.id, ("Lan", "Lan (2)"))
        assert store.listed_names(begun.classroom.id) == ("Lan", "Lan (2)")
        assert traces(folder, *LIST) == []
        await store.close_classroom(begun.classroom.id, 9)
        assert store.listed_names(begun.classroom.id) == ()


@pytest.mark.parametrize("deed", ["forget_person", "erase_person"])
async def test_pin_number_and_listed_name_go_with_their_person(
    deed: str, folder: Path, make: Maker
) -> None:
    with Store.open(folder) as store:
        begun = await begin(store, make)
        await store.keep_list(begun.classroom.id, LIST)
        hoa, nam = await listed(store, begun, make, LIST[0]), await listed(store, begun, make, LIST[1])
        await store.keep_pin(pin(hoa), Consent("come_back", "1"))
        nobody = make.id()
        await store.add_nameless_learner(nobody, begun.classroom.id, lang="vi", at_us=1)
        assert traces(folder, LIST[0], "5a175a17")
        for one in (hoa, nobody):
            assert await getattr(store, deed)(one, audit_row(make)) == Remains()
        assert traces(folder, LIST[0], "5a175a17", hoa, nobody) == []
        assert store.listed_names(begun.classroom.id) == LIST[1:]
        assert {one.nickname for one in store.learners(begun.classroom.id)} - {None} == {"Bà Tư", LIST[1]}
        assert store.learner(nam) is not None


async def test_a_corrected_name_is_corrected_in_the_list_so_that_it_can_be_erased(
    store: Store, begun: Begun, make: Maker
) -> None:
    await store.keep_list(begun.classroom.id, LIST)
    hoa = await listed(store, begun, make, LIST[0])
    await store.rename_person(hoa, "Nguyễn Thị Hoa")
    assert store.listed_names(begun.classroom.id) == ("Nguyễn Thị Hoa", *LIST[1:])
    await store.erase_person(hoa)
    assert store.listed_names(begun.classroom.id) == LIST[1:]


async def test_a_nickname_that_happens_to_stand_in_the_list_takes_nobody_off_it(store: Store, begun: Begun) -> None:
    await store.keep_list(begun.classroom.id, ("Bà Tư",))
    await store.rename_person(begun.learner_id, "Bà Tám")
    await store.erase_person(begun.learner_id)
    assert store.listed_names(begun.classroom.id) == ("Bà Tư",)


async def test_a_name_taken_away_leaves_a_number_and_no_trace_in_the_folder(folder: Path, make: Maker) -> None:
    with Store.open(folder) as store:
        begun = await begin(store, make)
        await store.keep_list(begun.classroom.id, LIST)
        hoa = await listed(store, begun, make, LIST[0])
        back_up(folder / "bdhvs.sqlite3", "0004")
        name, remains = await store.take_name_away(hoa, begun.classroom.id, ("keep_name", "guardian"), audit_row(make))
        assert (name, remains) == ("Trâu Vàng", Remains())
        found = store.learner(hoa)
        assert found is not None
        assert (found.nickname, found.name_kind) == ("Trâu Vàng", "number")
        assert store.consents(hoa) == []
        assert traces(folder, LIST[0]) == []


async def test_a_person_goes_from_copies_that_are_older_than_these_tables(folder: Path) -> None:
    folder.mkdir()
    write_revision_1(folder / "bdhvs.sqlite3")
    with Store.open(folder) as store:  # made a copy of revision 1 beside it
        (learner,) = store.learners(store.classrooms()[0].id)
        assert traces(folder / "backups", "Bà Tư")
        assert await store.erase_person(learner.id) == Remains()
        assert traces(folder, "Bà Tư", learner.id) == []
