"""Commands and reads of the store, as the service uses them."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bdhvs.core.attempt_events import ItemRef
from bdhvs.errors import StoreError
from bdhvs.store import CannotWrite, ClassEventRow, OutOfStep, Store, reads
from tests.store.making import Begun, Maker, begin


async def test_a_class_is_found_by_its_code_and_closes_once(store: Store, make: Maker) -> None:
    assert store.last_open_classroom() is None
    first, second = make.classroom(settings={"đợi": True}), make.classroom()
    await store.open_classroom(first)
    await store.open_classroom(second)
    assert store.classrooms() == [first, second]
    assert store.classroom(first.code) == first
    assert store.classroom("KHONG") is None
    await store.close_classroom(second.id, 77)
    await store.close_classroom(second.id, 99)
    assert store.classroom(second.code) == replace(second, closed_at_us=77)
    assert store.last_open_classroom() == first


async def test_what_a_teacher_decides_is_kept_once_and_in_order(store: Store, make: Maker) -> None:
    room, other = make.classroom(), make.classroom()
    await store.open_classroom(room)
    await store.open_classroom(other)
    held = ClassEventRow(make.id(), room.id, 5, "held", "lam-quen", "ve-man-hinh-chinh", {"số": 2})
    open_again = ClassEventRow(make.id(), room.id, 4, "opened", "lam-quen")  # a clock that was put back changes no order
    for row in (held, open_again, held, ClassEventRow(make.id(), other.id, 6, "held")):
        await store.append_class_event(row)
    assert store.class_events(room.id) == [held, open_again]
    with pytest.raises(OutOfStep):
        await store.append_class_event(ClassEventRow(make.id(), make.id(), 7, "held"))


async def test_two_classes_never_share_a_code(store: Store, make: Maker) -> None:
    room = make.classroom()
    await store.open_classroom(room)
    await store.open_classroom(room)  # the same fact again
    with pytest.raises(OutOfStep):
        await store.open_classroom(make.classroom(code=room.code))
    assert store.classrooms() == [room]


async def test_a_forgotten_person_leaves_evidence_without_a_name(store: Store, begun: Begun, make: Maker) -> None:
    await store.append([make.answer(begun.attempt.id, 1)])
    before = store.learner(begun.learner_id)
    assert before is not None
    assert (before.nickname, before.name_kind) == ("Bà Tư", "nickname")
    await store.forget_person(begun.learner_id)
    assert store.learner(begun.learner_id) is None
    (nobody,) = store.learners(begun.classroom.id)
    assert nobody.id != begun.learner_id
    assert (nobody.nickname, nobody.name_kind) == (None, None)
    (rows,) = store.response_rows()
    assert rows.attempt.learner_id == nobody.id
    assert len(rows.events) == 1


async def test_no_trace_of_a_forgotten_name_is_left_in_the_files_after_closing(folder: Path, make: Maker) -> None:
    with Store.open(folder) as store:
        begun = await begin(store, make)
    assert any("Bà Tư".encode() in file.read_bytes() for file in folder.iterdir() if file.is_file())
    with Store.open(folder) as store:
        await store.forget_person(begun.learner_id)
    assert not any("Bà Tư".encode() in file.read_bytes() for file in folder.iterdir() if file.is_file())


async def test_learners_come_in_the_order_they_joined(store: Store, begun: Begun, make: Maker) -> None:
    late, early = make.id(), make.id()
    for who, at_us in ((late, 900), (early, 100)):
        await store.add_learner(who, begun.classroom.id, nickname=who, name_kind="name", lang="en", at_us=at_us)
    assert [one.id for one in store.learners(begun.classroom.id)] == [early, late, begun.learner_id]
    assert store.learner("nobody") is None


async def test_a_learner_of_no_class_is_refused(store: Store, make: Maker) -> None:
    with pytest.raises(OutOfStep):
        await store.add_learner(make.id(), make.id(), nickname="A", name_kind="nickname", lang="vi", at_us=1)


async def test_an_event_sent_twice_is_one_fact_and_the_first_one_counts(
    store: Store, begun: Begun, make: Maker
) -> None:
    first = make.answer(begun.attempt.id, 1)
    second = make.answer(begun.attempt.id, 2)
    assert await store.append([first]) == (first.event_id,)
    changed = make.answer(begun.attempt.id, 9, first.event_id, choice="khác")
    assert await store.append([changed, second]) == (second.event_id,)
    assert await store.append([first, second]) == ()
    assert store.attempt(begun.attempt.id) == (begun.attempt, [first, second])


async def test_the_same_event_id_in_two_attempts_is_two_facts(store: Store, begun: Begun, make: Maker) -> None:
    other = make.attempt(begun.learner_id, begun.classroom.id)
    await store.start_attempt(other)
    one = make.answer(begun.attempt.id, 1)
    assert await store.append([one, make.answer(other.id, 1, one.event_id)]) == (one.event_id, one.event_id)


async def test_two_facts_never_share_a_place(store: Store, begun: Begun, make: Maker) -> None:
    kept = make.answer(begun.attempt.id, 1)
    await store.append([kept])
    with pytest.raises(OutOfStep):
        await store.append([make.answer(begun.attempt.id, 2), make.answer(begun.attempt.id, 1)])
    assert store.attempt(begun.attempt.id) == (begun.attempt, [kept])


async def test_an_event_of_no_attempt_is_refused(store: Store, make: Maker) -> None:
    with pytest.raises(OutOfStep):
        await store.append([make.answer(make.id(), 1)])


async def test_item_versions_are_kept_once_and_never_change(store: Store, folder: Path, make: Maker) -> None:
    rows = make.item_versions()
    await store.record_item_versions(rows)
    await store.record_item_versions(rows)
    assert sorted(store.item_versions(), key=lambda row: row.id) == rows
    assert store.item_version(rows[0].id, rows[0].version) == rows[0]
    assert store.item_version(rows[0].id, 99) is None
    edited, fresh = replace(rows[0], digest="d2"), replace(rows[1], version=3)
    with pytest.raises(StoreError, match="raise `version`"):
        await store.record_item_versions([fresh, edited])
    assert store.item_version(fresh.id, 3) is None
    store.close()
    with Store.open(folder) as again:  # remembered across a restart
        with pytest.raises(StoreError, match="raise `version`"):
            await again.record_item_versions([edited])
        await again.record_item_versions([replace(edited, version=2)])


async def test_an_attempt_with_an_unrecorded_item_is_refused(store: Store, begun: Begun, make: Maker) -> None:
    strange = make.attempt(begun.learner_id, begun.classroom.id, items=(ItemRef("la", 1),))
    with pytest.raises(StoreError, match="la 1"):
        await store.start_attempt(strange)
    assert store.attempt(strange.id) is None


async def test_attempts_are_found_by_learner_and_form_and_by_class(store: Store, begun: Begun, make: Maker) -> None:
    again = make.attempt(begun.learner_id, begun.classroom.id)
    other_form = make.attempt(begun.learner_id, begun.classroom.id, form_id="khac", mode="assessment", seed=-(2**63))
    await store.start_attempt(other_form, [make.answer(other_form.id, 1)])
    await store.start_attempt(again)
    await store.start_attempt(again)
    assert store.attempts_of(begun.learner_id, "lien-lac") == [begun.attempt, again]
    assert store.attempts_in(begun.classroom.id) == [begun.attempt, again, other_form]
    assert store.attempts_in("other") == []
    found = store.attempt(other_form.id)
    assert found is not None
    assert len(found[1]) == 1


async def test_research_reads_every_attempt_with_events_in_order_and_items(
    store: Store, begun: Begun, make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reads, "PAGE_ATTEMPTS", 3)  # seven attempts: two full pages and a rest
    attempts = [begun.attempt, *(make.attempt(begun.learner_id, begun.classroom.id) for _ in range(6))]
    for attempt in attempts[1:]:
        await store.start_attempt(attempt)
    events = {one.id: [make.answer(one.id, seq) for seq in range(place, 0, -1)] for place, one in enumerate(attempts)}
    for rows in events.values():
        await store.append(rows)
    for wanted in (None, begun.classroom.id):
        found = list(store.response_rows(wanted))
        assert [rows.attempt for rows in found] == attempts
        assert [list(rows.events) for rows in found] == [events[one.id][::-1] for one in attempts]
        assert all(list(rows.items) == make.item_versions() for rows in found)
    assert list(store.response_rows("other")) == []


async def test_readers_see_whole_facts_while_a_class_is_writing(store: Store, begun: Begun, make: Maker) -> None:
    attempts = [make.attempt(begun.learner_id, begun.classroom.id) for _ in range(8)]

    async def answer(attempt_id: str) -> None:
        for seq in range(1, 101, 2):  # two at a time: never one without the other
            await store.append([make.answer(attempt_id, seq), make.answer(attempt_id, seq + 1)])

    def read() -> list[int]:
        with Store.read_only(store.folder) as researcher:
            return [len(rows.events) for one in (store, researcher) for rows in one.response_rows()]

    await asyncio.gather(*map(store.start_attempt, attempts))
    writers = [asyncio.ensure_future(answer(attempt.id)) for attempt in attempts]
    while not all(writer.done() for writer in writers):
        assert all(length % 2 == 0 for length in await asyncio.to_thread(read))
    await asyncio.gather(*writers)
    assert read() == [0, *[100] * 8] * 2


async def test_a_half_read_report_neither_waits_for_nor_stops_the_writer(
    store: Store, begun: Begun, make: Maker
) -> None:
    report = store.response_rows()
    next(report)
    await store.append([make.answer(begun.attempt.id, 1)])
    assert list(report) == []
    await asyncio.to_thread(store.close)
    assert not (store.folder / "bdhvs.sqlite3-wal").exists()


async def test_a_researcher_cannot_write(store: Store, begun: Begun) -> None:
    with Store.read_only(store.folder) as researcher:
        assert researcher.classrooms() == [begun.classroom]
        assert researcher.health is None
        with pytest.raises(StoreError, match="reading only"):
            await researcher.open_classroom(begun.classroom)
        with pytest.raises(StoreError, match="reading only"):
            _ = researcher.secret


async def test_a_researcher_reads_a_closed_folder(folder: Path, make: Maker) -> None:
    with Store.open(folder) as store:
        begun = await begin(store, make)
    with Store.read_only(folder) as store:
        assert store.attempt(begun.attempt.id) == (begun.attempt, [])


async def test_health_is_one_word_for_the_teachers_page(store: Store, begun: Begun, make: Maker) -> None:
    assert store.health is None
    with closing(sqlite3.connect(store.folder / "bdhvs.sqlite3", isolation_level=None)) as other:
        store._writer.write_sync(("PRAGMA busy_timeout = 50", ()))  # type: ignore[union-attr]
        other.execute("BEGIN EXCLUSIVE")
        row = make.answer(begun.attempt.id, 1)
        with pytest.raises(CannotWrite):
            await store.append([row])
        assert store.health == "locked"
        assert store.failure is not None
        other.execute("ROLLBACK")
    assert await store.append([row]) == (row.event_id,)
    assert store.health is None


def test_closing_twice_does_nothing(store: Store) -> None:
    store.close()
    store.close()


def test_rows_and_events_load_without_a_database() -> None:
    script = "import sys, bdhvs.store; bdhvs.store.to_row; print('sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
