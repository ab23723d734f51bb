"""A crowd's facts go in as one statement; whoever waits is told the same as if each had been alone."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bdhvs.store import OutOfStep, Store
from bdhvs.store.rows import EventRow
from tests.store.making import Begun, Maker


def facts(begun: Begun, make: Maker, count: int) -> list[EventRow]:
    texts = ['{"text":"mã \\"OTP\\" 🙂"}', '{"choice":"b"}', None, "[]", '{"text":"\\u0000"}']
    return [
        EventRow(
            begun.attempt.id, make.id(), seq, "answered", "chon-kenh-lien-lac", 1, 2**53 + seq,
            texts[seq % len(texts)], 0, 1, "wrong", "other", "none", None if seq % 2 else 3, 8200, None,
        )
        for seq in range(1, count + 1)
    ]  # fmt: skip


@pytest.fixture
def statements(store: Store) -> list[str]:
    """What the writer runs, as it runs."""
    seen: list[str] = []
    assert store._writer is not None
    connection = store._writer._connected()
    connection.set_trace_callback(seen.append)
    return seen


async def in_one_batch(store: Store, *rows: list[EventRow]) -> list[Any]:
    """Appends that wait for the writer together."""
    return await asyncio.gather(*(store.append(one) for one in rows), return_exceptions=True)


async def test_many_rows_are_one_statement_and_come_back_as_they_were(
    store: Store, make: Maker, begun: Begun, statements: list[str]
) -> None:
    rows = facts(begun, make, 200)
    told = await store.append(rows)
    assert told == tuple(row.event_id for row in rows)
    found = store.attempt(begun.attempt.id)
    assert found is not None
    assert list(found[1]) == rows
    assert sum("json_each" in one for one in statements) == 1
    assert sum(one.startswith("INSERT INTO event") for one in statements) == 1


async def test_known_facts_among_new_ones_are_told_apart(store: Store, make: Maker, begun: Begun) -> None:
    rows = facts(begun, make, 9)
    await store.append(rows[:3])
    assert await store.append(rows[1:]) == tuple(row.event_id for row in rows[3:])
    assert await in_one_batch(store, rows[:1], rows[8:]) == [(), ()]
    found = store.attempt(begun.attempt.id)
    assert found is not None
    assert list(found[1]) == rows


async def test_one_out_of_step_fails_alone(store: Store, make: Maker, begun: Begun) -> None:
    rows = facts(begun, make, 20)
    wrong = [rows[4]._replace(event_id=make.id())]
    told = await in_one_batch(store, rows[:5], wrong, *([row] for row in rows[5:]))
    assert isinstance(told.pop(1), OutOfStep)
    assert [one for ids in told for one in ids] == [row.event_id for row in rows]
