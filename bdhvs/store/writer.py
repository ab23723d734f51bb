"""The group-commit writer: one thread, one writing connection, one commit for all who wait.

A durable commit costs one sync of the disk, a few milliseconds, however much is in it. So callers put *units of work*
into a queue; the thread takes everything that is waiting, runs it in one transaction, commits, and only then answers.
While it syncs, the next batch gathers by itself: no timer, no delay when nobody else is waiting.

::

    await writer.write(insert_event(row))                 # on disk when this returns
    await writer.write(insert_attempt(a), insert_event(e))  # both or neither

A unit stands or falls alone. When one of a batch is refused, the batch is rolled back and run again with a savepoint
around each unit, so only the wrong one fails. When the machine is in the way (disk full, …), every unit of the batch
fails, the thread lives on, and the next batch finds out whether the cause is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from pathlib import Path
from queue import Empty, SimpleQueue

import msgspec

from bdhvs.errors import StoreError
from bdhvs.store.connections import connect_writer
from bdhvs.store.failures import CannotWrite, Health, failure_of, is_of_the_machine
from bdhvs.store.statements import MANY
from bdhvs.store.times import now_us
from bdhvs.store.units import Counts, Statement, Unit, tell

#: Statements in one transaction, about. Bounds how long the first of a crowd waits for the last: some 60 ms.
BATCH_STATEMENTS = 2000

_encode = msgspec.json.Encoder().encode


class Writer:
    """Writes units of work to the database at `path`. Safe to call from any thread or event loop.

    Parameters
    ----------
    path : where the database lies, for messages and for `connect`.
    connect : opens the writing connection; called again after a failure that may have broken it.
    """

    def __init__(self, path: Path, connect: Callable[[Path], sqlite3.Connection] = connect_writer) -> None:
        self.path = path
        self._connect = connect
        self._connection: sqlite3.Connection | None = connect(path)
        self._queue: SimpleQueue[Unit | None] = SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._health: Health | None = None
        # A daemon: a program that forgot to close must still be able to end. What was acknowledged is on disk.
        self._thread = threading.Thread(target=self._run, name="bdhvs-writer", daemon=True)
        self._thread.start()

    @property
    def health(self) -> Health | None:
        """The failure that keeps us from writing; None once a batch went through again."""
        return self._health

    async def write(self, *statements: Statement) -> Counts:
        """Rows changed by each statement, once all of them are on disk together.

        Cancelling the caller does not take the work back.

        Raises
        ------
        StoreUnavailable
            when nothing was kept because of the machine; the same call may be made again later.
        StoreError
            when nothing was kept because the database refuses this very unit.
        """
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[Counts] = loop.create_future()
        self._put(Unit(statements, waiter, loop))
        return await waiter

    async def fold(self) -> bool:
        """Fold the log into the database and empty it, after everything that was given to write before.

        Returns
        -------
        False when that could not be done now (somebody is reading); it is done later, at the latest by `close`.
        """
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[Counts] = loop.create_future()
        self._put(Unit((), waiter, loop, folds=True))
        return bool(await waiter)

    def write_sync(self, *statements: Statement) -> Counts:
        """As `write`, for a thread that may wait; never call it on an event loop."""
        waiter: Future[Counts] = Future()
        self._put(Unit(statements, waiter, None))
        return waiter.result()

    def close(self) -> None:
        """Finish what is waiting, fold the log into the database, and stop. Calling it again does nothing."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _put(self, unit: Unit) -> None:
        # Under the lock, so that nothing can land behind the last word of `close` and wait for ever.
        with self._closing:
            if self._closed:
                raise StoreError(f"{self.path}: the store is closed; open it again before writing")
            self._queue.put(unit)

    # ── the thread ──────────────────────────────────────────────────────────────────────────────────────

    def _run(self) -> None:
        while batch := self._waiting():
            self._commit(batch)
            tell(unit for unit in batch if not unit.folds)
            self._fold_for([unit for unit in batch if unit.folds])
        self._fold_and_disconnect()

    def _waiting(self) -> list[Unit]:
        """All units waiting now, at least one; empty when `close` was called and nothing is left."""
        batch: list[Unit] = []
        size = 0
        unit = self._queue.get()
        while unit is not None:
            batch.append(unit)
            size += len(unit.statements)
            if size >= BATCH_STATEMENTS:
                return batch
            try:
                unit = self._queue.get_nowait()
            except Empty:
                return batch
        if batch:
            self._queue.put(None)  # the last word again, for the next turn
        return batch

    def _commit(self, batch: list[Unit]) -> None:
        """Run `batch` and note each unit's outcome. Nothing escapes: somebody waits for every unit."""
        try:
            connection = self._connected()
            try:
                self._run_together(connection, batch)
            except Exception as exc:
                _roll_back(connection)
                if isinstance(exc, sqlite3.Error) and is_of_the_machine(exc):
                    raise
                self._run_one_by_one(connection, batch)
            self._health = None
        except Exception as exc:  # a waiter that is never answered is worse than any error
            self._fail(batch, exc)

    def _run_together(self, connection: sqlite3.Connection, batch: list[Unit]) -> None:
        # IMMEDIATE: take the write lock now and wait for it here, never half way through.
        connection.execute("BEGIN IMMEDIATE")
        if not _run_at_one_go(connection, batch):
            for unit in batch:
                unit.outcome = _run_unit(connection, unit)
        connection.execute("COMMIT")

    def _run_one_by_one(self, connection: sqlite3.Connection, batch: list[Unit]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        for unit in batch:
            connection.execute("SAVEPOINT unit")
            try:
                unit.outcome = _run_unit(connection, unit)
            # Any kind: besides constraints, a text with half a surrogate pair or a number beyond 64 bits.
            except Exception as exc:
                if isinstance(exc, sqlite3.Error) and is_of_the_machine(exc):
                    raise
                connection.execute("ROLLBACK TO unit")
                unit.outcome = self._refusal(exc)
            connection.execute("RELEASE unit")
        connection.execute("COMMIT")

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._connect(self.path)
        return self._connection

    def _fail(self, batch: Iterable[Unit], exc: Exception) -> None:
        if self._connection is not None and not _is_still_sound(self._connection, exc):
            _disconnect(self._connection)
            self._connection = None
        since_us = self._health.since_us if self._health else now_us()
        self._health = Health(self._refusal(exc), since_us)
        for unit in batch:
            unit.outcome = self._refusal(exc)  # one each: an exception raised in two tasks mixes their tracebacks

    def _refusal(self, exc: Exception) -> StoreError:
        if isinstance(exc, StoreError):
            refusal = _copy(exc)
        elif isinstance(exc, sqlite3.Error):
            refusal = failure_of(exc, self.path)
        else:
            refusal = StoreError(f"{self.path}: found a value that cannot be stored ({exc!r}), expected plain data")
        refusal.__cause__ = exc
        return refusal

    def _fold_for(self, units: list[Unit]) -> None:
        if not units:
            return
        try:
            outcome = [1] if self._connection is not None and _fold(self._connection) else []
        except sqlite3.Error:  # whoever waits is told that the log stands; what is wrong shows at the next batch
            outcome = []
        for unit in units:
            unit.outcome = outcome
        tell(units)

    def _fold_and_disconnect(self) -> None:
        if self._connection is None:
            return
        try:
            _fold(self._connection)
        except sqlite3.Error as exc:
            self._health = Health(self._refusal(exc), now_us())  # nothing is lost: the log itself is durable
        _disconnect(self._connection)


def _run_at_one_go(connection: sqlite3.Connection, batch: list[Unit]) -> bool:
    """Run a batch of nothing but one and the same statement as a single one; False when that cannot be done.

    Python's sqlite3 hands the interpreter over at every statement, and the event loop, which is busy in a crowd, keeps
    it: row by row, a batch cost a third of the loop's time as well as its own. Whether a row was new cannot be told
    from the sum of many: when not all were, the transaction is begun anew for the batch to be run the other way.
    """
    rows = [statement for unit in batch for statement in unit.statements]
    many = MANY.get(rows[0][0]) if len(rows) > 1 else None
    if many is None or any(sql is not rows[0][0] for sql, _ in rows):
        return False
    if connection.execute(many, (_encode([values for _, values in rows]).decode(),)).rowcount != len(rows):
        connection.execute("ROLLBACK")
        connection.execute("BEGIN IMMEDIATE")
        return False
    for unit in batch:
        unit.outcome = [1] * len(unit.statements)
    return True


def _run_unit(connection: sqlite3.Connection, unit: Unit) -> Counts:
    return [connection.execute(sql, values).rowcount for sql, values in unit.statements]


def _fold(connection: sqlite3.Connection) -> bool:
    """Empty the log; False when a researcher is reading: then it stays, and the next one to fold it does so."""
    (wait_ms,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute("PRAGMA busy_timeout = 1000")
    try:
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {wait_ms}")
    return not busy


def _roll_back(connection: sqlite3.Connection) -> None:
    # SQLite has rolled back by itself after some failures (disk full among them).
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _is_still_sound(connection: sqlite3.Connection, exc: Exception) -> bool:
    """Whether `connection` will work again by itself. After an unplugged stick or a changed mode it may never."""
    failure = failure_of(exc, Path()) if isinstance(exc, sqlite3.Error) else None
    if not isinstance(failure, CannotWrite) or failure.reason not in ("disk_full", "locked"):
        return False
    try:
        _roll_back(connection)
    except sqlite3.Error:
        return False  # the next batch opens another
    return True


def _disconnect(connection: sqlite3.Connection) -> None:
    # It is given up either way; a transaction left open in it is rolled back by whoever opens the file next.
    with contextlib.suppress(sqlite3.Error):
        connection.close()


def _copy(error: StoreError) -> StoreError:
    twin = error.__class__.__new__(error.__class__)
    twin.args = error.args
    twin.__dict__.update(error.__dict__)
    return twin
