"""Forgetting and erasing people: what is gone, what stays, and where no trace may be."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bdhvs.core.identifiers import is_uuid7
from bdhvs.errors import StoreError
from bdhvs.store import AuditRow, Consent, Remains, Store
from bdhvs.store.connections import connect_reader
from bdhvs.store.export import response_rows
from bdhvs.store.migrate import STEPS, back_up
from tests.store.making import Begun, Maker, begin

IDS = {"learner", "attempt"}


def traces(folder: Path, *words: str) -> list[str]:
    """Files of a data folder in which one of the words stands, whichever way SQLite writes texts."""
    return [
        f"{path.name}: {word}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for word in words
        if word.encode() in path.read_bytes()
    ]


def audit_row(make: Maker) -> AuditRow:
    return AuditRow(make.id(), make.now_us(), "forget", "cli", "K7MPQR")


async def crowd(store: Store, make: Maker, begun: Begun, size: int = 60) -> list[tuple[str, str, list[str]]]:
    """Learners with an attempt and answers each: pseudonym, attempt, event ids."""
    made = []
    for number in range(size):
        learner, attempt = make.id(), make.attempt("", begun.classroom.id)
        name = f"Nguyễn Thị Số-{number}-đây"
        about = {"nickname": name, "name_kind": "name", "lang": "vi", "at_us": make.now_us()}
        await store.add_learner(learner, begun.classroom.id, **about, consents=[Consent("keep_name", "1")])  # type: ignore[arg-type]
        row = replace(attempt, learner_id=learner)
        await store.start_attempt(row)
        answers = [make.answer(row.id, seq, filler="x" * 80) for seq in range(1, 12)]
        await store.append(answers)
        made.append((learner, row.id, [one.event_id for one in answers]))
    return made


async def test_forgetting_keeps_every_answer_and_cuts_every_thread(store: Store, begun: Begun, make: Maker) -> None:
    (who, attempt, events), *_ = await crowd(store, make, begun, 2)
    before = [row for row in response_rows(store) if row["learner"] == who]
    note = audit_row(make)
    assert await store.forget_person(who, note) == await store.forget_person("nobody") == Remains()
    after = [row for row in response_rows(store) if row["classroom"] == begun.classroom.id]
    assert {who, attempt}.isdisjoint({row["learner"] for row in after} | {row["attempt"] for row in after})
    same = [{key: value for key, value in row.items() if key not in IDS} for row in before]
    assert all(row in [{key: value for key, value in one.items() if key not in IDS} for one in after] for row in same)
    assert (store.learner(who), store.attempt(attempt), store.consents(who)) == (None, None, [])
    (nobody,) = [one for one in store.learners(begun.classroom.id) if one.nickname is None]
    assert nobody.joined_at_us == begun.classroom.opened_at_us
    (rows,) = [rows for rows in store.response_rows() if rows.attempt.learner_id == nobody.id]
    assert not {event.event_id for event in rows.events} & set(events)
    assert len({event.event_id for event in rows.events}) == len(events)
    assert all(is_uuid7(event.event_id) for event in rows.events)
    assert store.audit() == [note]


async def test_while_the_store_is_open_no_file_holds_a_trace(folder: Path, make: Maker) -> None:
    with Store.open(folder) as store:
        begun = await begin(store, make)
        people = await crowd(store, make, begun)
        gone = people[3::7]
        words = [word for who, attempt, events in gone for word in (who, attempt, *events)]
        words += [f"Số-{number}-đây" for number in range(3, 60, 7)]
        assert traces(folder, *words)
        for number, (who, _, _) in enumerate(gone):
            deed = store.forget_person if number % 2 else store.erase_person
            assert not (await deed(who, audit_row(make))).log
        assert traces(folder, *words) == []
        kept = {one.id for one in store.learners(begun.classroom.id) if one.nickname}
        assert kept == {begun.learner_id, *(who for who, _, _ in people)} - {who for who, _, _ in gone}
        with closing(sqlite3.connect(store.folder / "bdhvs.sqlite3")) as connection:
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


async def test_erasing_takes_the_answers_too_and_nobody_else_s(store: Store, begun: Begun, make: Maker) -> None:
    (who, _, _), (other, attempt, events) = await crowd(store, make, begun, 2)
    await store.erase_person(who, audit_row(make))
    assert store.evidence_of(who) == []
    assert {one.id for one in store.learners(begun.classroom.id)} == {begun.learner_id, other}
    found = store.attempt(attempt)
    assert found is not None
    assert [event.event_id for event in found[1]] == events


async def test_copies_in_backups_lose_the_person_and_keep_the_others(folder: Path, make: Maker) -> None:
    with Store.open(folder) as store:
        begun = await begin(store, make)
        (who, attempt, _), (other, _, _) = await crowd(store, make, begun, 2)
        copy = back_up(folder / "bdhvs.sqlite3", STEPS.head)
        (folder / "backups" / "hong.sqlite3").write_bytes(b"no database at all" * 300)
        remains = await store.forget_person(who)
        assert [path.name for path in remains.copies] == ["hong.sqlite3"]
        assert traces(folder, who, attempt, "Số-0-đây") == []
        assert traces(folder, other) != []
        assert sorted(path.name for path in copy.parent.iterdir()) == [copy.name, "hong.sqlite3"]
    shutil.copy(copy, folder / "bdhvs.sqlite3")  # a copy can still be put back
    with Store.open(folder) as store:
        assert {one.id for one in store.learners(begun.classroom.id)} == {begun.learner_id, other}


async def test_a_reader_who_holds_the_log_is_told_of(store: Store, begun: Begun) -> None:
    with closing(connect_reader(store.folder / "bdhvs.sqlite3")) as reading:
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM learner").fetchone()
        assert (await store.forget_person(begun.learner_id)).log
    assert traces(store.folder, "Bà Tư")  # it says so because it is so
    assert not (await store.erase_person("nobody")).log
    assert traces(store.folder, "Bà Tư") == []


async def test_somebody_forgotten_while_answering_loses_no_acknowledged_answer(
    store: Store, begun: Begun, make: Maker
) -> None:
    answers = [make.answer(begun.attempt.id, seq) for seq in range(1, 200)]

    async def answering() -> int:
        kept = 0
        for one in answers:
            try:
                await store.append([one])
            except StoreError:
                break  # the attempt has other ids now
            kept += 1
        return kept

    kept, _ = await asyncio.gather(answering(), store.forget_person(begun.learner_id))
    (rows,) = store.response_rows()
    assert len(rows.events) == kept
    assert rows.attempt.learner_id != begun.learner_id


async def test_a_name_is_corrected_and_the_former_one_overwritten(store: Store, begun: Begun, make: Maker) -> None:
    await store.rename_person(begun.learner_id, "Bà Tám", audit_row(make))
    found = store.learner(begun.learner_id)
    assert found is not None
    assert found.nickname == "Bà Tám"
    assert traces(store.folder, "Bà Tư") == []


async def test_a_reader_changes_nobody(folder: Path, make: Maker) -> None:
    with Store.open(folder) as store:
        begun = await begin(store, make)
    with Store.read_only(folder) as store:
        for deed in (store.forget_person, store.erase_person):
            with pytest.raises(StoreError, match="reading only"):
                await deed(begun.learner_id)
