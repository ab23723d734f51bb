"""The group-commit writer: acknowledged means on disk; one bad unit fails alone; trouble of the machine passes."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from bdhvs.errors import StoreCorrupted, StoreError
from bdhvs.store.connections import connect_reader, connect_writer
from bdhvs.store.failures import CannotWrite, OutOfStep
from bdhvs.store.migrate import bring_up_to_date
from bdhvs.store.units import Statement
from bdhvs.store.writer import Writer

KEEP = "INSERT INTO meta (key, value) VALUES (?, ?)"


def keep(key: str, value: object = "x") -> Statement:
    return KEEP, (key, value)


def kept(path: Path) -> set[str]:
    with closing(connect_reader(path)) as connection:
        return {key for (key,) in connection.execute("SELECT key FROM meta")}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    bring_up_to_date(tmp_path / "bdhvs.sqlite3")
    return tmp_path / "bdhvs.sqlite3"


@contextmanager
def writing(path: Path, connect: object = connect_writer) -> Iterator[Writer]:
    with closing(Writer(path, connect)) as writer:  # type: ignore[arg-type]
        yield writer


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Another program holds the write lock of the file."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


async def test_what_was_acknowledged_is_seen_by_another_connection_at_once(path: Path) -> None:
    with writing(path) as writer, closing(connect_reader(path)) as other:
        for number in range(20):
            assert await writer.write(keep(str(number))) == [1]
            assert other.execute("SELECT 1 FROM meta WHERE key = ?", (str(number),)).fetchone()


async def test_a_crowd_shares_few_commits(path: Path) -> None:
    seen: list[str] = []

    def traced(where: Path) -> sqlite3.Connection:
        connection = connect_writer(where)
        connection.set_trace_callback(seen.append)
        return connection

    with writing(path, traced) as writer:
        with held(path):
            crowd = asyncio.gather(*(writer.write(keep(str(number))) for number in range(1000)))
            await asyncio.sleep(0)
        await crowd
        assert len(kept(path)) == 1000
        assert seen.count("COMMIT") <= 2  # the first alone, then all who had gathered behind it


async def test_statements_of_one_call_are_kept_together_or_not_at_all(path: Path) -> None:
    with writing(path) as writer:
        with pytest.raises(OutOfStep):
            await writer.write(keep("a"), keep("b"), keep("a"))
        assert kept(path) == set()
        assert await writer.write(keep("a"), keep("b")) == [1, 1]


@pytest.mark.parametrize(
    "bad",
    [
        keep("taken"),
        keep("no value", None),
        keep("half a pair \ud83d"),
        keep("beyond 64 bits", 2**63),
        keep("no such type", object()),
        (KEEP, ("too few",)),
        ("INSERT INTO nowhere VALUES (1)", ()),
        ("SELEKT", ()),
    ],
    ids=lambda statement: repr(statement[1] or statement[0])[:24],
)
async def test_one_bad_unit_fails_alone(path: Path, bad: Statement) -> None:
    with writing(path) as writer:
        await writer.write(keep("taken"))
        with held(path):  # so that they all meet in one batch
            crowd = asyncio.gather(
                *(writer.write(keep(f"{number}")) for number in range(5)),
                writer.write(keep("with the bad one"), bad),
                *(writer.write(keep(f"{number}")) for number in range(5, 10)),
                return_exceptions=True,
            )
            await asyncio.sleep(0)
        outcomes = await crowd
        failed = [one for one in outcomes if isinstance(one, BaseException)]
        assert [isinstance(one, StoreError) and not isinstance(one, CannotWrite) for one in failed] == [True]
        assert outcomes.count([1]) == 10
        assert kept(path) == {"taken", *map(str, range(10))}
        assert writer.health is None


async def test_locked_by_another_program_fails_after_waiting_and_then_works(path: Path) -> None:
    with writing(path, partial(connect_writer, busy_timeout_s=0.05)) as writer:
        with held(path):
            outcomes = await asyncio.gather(writer.write(keep("a")), writer.write(keep("b")), return_exceptions=True)
            assert [getattr(one, "reason", one) for one in outcomes] == ["locked", "locked"]
            assert writer.health is not None
            assert writer.health.reason == "locked"
        await writer.write(keep("a"))
        assert writer.health is None
        assert kept(path) == {"a"}


async def test_a_full_disk_refuses_what_does_not_fit_and_loses_nothing(path: Path) -> None:
    opened: list[sqlite3.Connection] = []

    def limited(where: Path) -> sqlite3.Connection:
        opened.append(connect_writer(where))
        (pages,) = opened[-1].execute("PRAGMA page_count").fetchone()
        opened[-1].execute(f"PRAGMA max_page_count = {pages + 5}")
        return opened[-1]

    with writing(path, limited) as writer:
        acknowledged: set[str] = set()

        async def fill() -> None:
            for number in range(1000):
                await writer.write(keep(str(number), "x" * 1000))
                acknowledged.add(str(number))

        with pytest.raises(CannotWrite, match="disk is full") as refused:
            await fill()
        assert refused.value.reason == "disk_full"
        assert refused.value.code == "store_unavailable"
        assert kept(path) == acknowledged != set()
        opened[-1].execute("PRAGMA max_page_count = 1000000")
        assert await writer.write(keep(str(len(acknowledged)), "x" * 1000)) == [1]
        assert len(opened) == 1  # the same connection goes on
        assert writer.health is None


async def test_a_file_that_turned_read_only_is_tried_with_a_fresh_connection(path: Path) -> None:
    openings = iter([connect_reader, connect_reader])

    def connect(where: Path) -> sqlite3.Connection:
        return next(openings, connect_writer)(where)

    with writing(path, connect) as writer:
        for _ in range(2):
            with pytest.raises(CannotWrite) as refused:
                await writer.write(keep("a"))
            assert refused.value.reason == "read_only"
        assert writer.health is not None
        assert await writer.write(keep("a")) == [1]
        assert writer.health is None


async def test_a_refused_unit_says_that_the_machine_is_well(path: Path) -> None:
    openings = iter([connect_reader])
    with writing(path, lambda where: next(openings, connect_writer)(where)) as writer:
        with pytest.raises(CannotWrite):
            await writer.write(keep("a"))
        with pytest.raises(OutOfStep):
            await writer.write(keep("a"), keep("a"))
        assert writer.health is None


async def test_a_file_that_cannot_be_opened_again_fails_each_caller_with_an_error_of_its_own(path: Path) -> None:
    ways = iter([connect_reader, lambda where: connect_writer(where / "nowhere")])

    def connect(where: Path) -> sqlite3.Connection:
        return next(ways, connect_writer)(where)

    with writing(path, connect) as writer:
        with pytest.raises(CannotWrite):
            await writer.write(keep("a"))
        crowd = [asyncio.ensure_future(writer.write(keep(str(number)))) for number in range(3)]
        outcomes = await asyncio.gather(*crowd, return_exceptions=True)
        failed = [one for one in outcomes if isinstance(one, CannotWrite)]
        assert {one.reason for one in failed} == {"io"}
        assert len({id(one) for one in failed}) == len(failed)
        assert await writer.write(keep("a")) == [1]


async def test_damage_met_while_writing_is_said(path: Path) -> None:
    def broken(where: Path) -> sqlite3.Connection:
        connection = connect_writer(where)
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET rootpage = 9999 WHERE name = 'meta'")
        connection.execute("PRAGMA writable_schema = RESET")
        return connection

    with writing(path, broken) as writer:
        with pytest.raises(StoreCorrupted, match="not touched"):
            await writer.write(keep("a"))
        assert writer.health is not None
        assert writer.health.reason == "store_corrupted"


async def test_a_cancelled_caller_does_not_take_the_work_back(path: Path) -> None:
    with writing(path) as writer:
        with held(path):
            impatient = asyncio.ensure_future(writer.write(keep("a")))
            await asyncio.sleep(0)
            impatient.cancel()
        await writer.write(keep("b"))
        assert impatient.cancelled()
        assert kept(path) == {"a", "b"}


async def test_closing_finishes_what_is_waiting_and_folds_the_log(path: Path) -> None:
    writer = Writer(path)
    with held(path):
        waiting = [asyncio.ensure_future(writer.write(keep(str(number)))) for number in range(50)]
        await asyncio.sleep(0)
        closing_thread = asyncio.get_running_loop().run_in_executor(None, writer.close)
    await closing_thread
    assert await asyncio.gather(*waiting) == [[1]] * 50
    assert not path.with_name(path.name + "-wal").exists()
    with pytest.raises(StoreError, match="closed"):
        await writer.write(keep("late"))
    writer.close()


def test_threads_may_wait_without_an_event_loop(path: Path) -> None:
    with writing(path) as writer:
        assert writer.write_sync(keep("a")) == [1]
        with pytest.raises(OutOfStep):
            writer.write_sync(keep("a"))


def test_a_loop_that_ended_meanwhile_does_not_stop_the_writer(path: Path) -> None:
    with writing(path) as writer:

        async def leave_at_once() -> None:
            asyncio.get_running_loop().create_task(writer.write(keep("a")))
            await asyncio.sleep(0)

        with held(path):
            asyncio.run(leave_at_once())
        assert writer.write_sync(keep("b")) == [1]
        assert kept(path) == {"a", "b"}
