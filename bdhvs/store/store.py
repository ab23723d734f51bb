"""The store: what a class server, a notebook or a researcher opens on a data folder.

::

    with Store.open(folder) as store:           # one process at a time
        await store.append(rows)                # on disk when this returns
        store.learners(classroom_id)            # any thread

    with Store.read_only(folder) as store:      # any number, also while a class is running
        for rows in store.response_rows(): ...

Commands are coroutines and go through the one `Writer`; reads are plain methods (`Reads`) that touch the disk, so a
server calls them from its thread pool. Who may do what is not asked here: that is the service's business.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

from bdhvs.errors import StoreError
from bdhvs.store import people, statements
from bdhvs.store.failures import Health, OutOfStep
from bdhvs.store.folder import DATABASE, DataFolder
from bdhvs.store.ids import new_id
from bdhvs.store.migrate import bring_up_to_date, require_current
from bdhvs.store.movement import Movement
from bdhvs.store.reads import Reads
from bdhvs.store.rows import (
    AdaptiveVersionRow,
    AttemptRow,
    AuditRow,
    ClassEventRow,
    ClassroomRow,
    Consent,
    EventRow,
    ExtraTimeRow,
    ItemVersionRow,
    NameKind,
    Remains,
    ScoreRow,
    ScoreVersionRow,
)
from bdhvs.store.telling import Telling
from bdhvs.store.units import Counts, Statement
from bdhvs.store.writer import Writer

MOST_TRIES = 5  # to forget somebody who begins an attempt meanwhile; a person does so once in some minutes


class Store(Movement, Telling):
    """A data folder in use; make one with `open` or `read_only`."""

    def __init__(self, path: Path, owned: DataFolder | None, writer: Writer | None) -> None:
        super().__init__(path)
        self._owned = owned
        self._writer = writer
        self._digests: dict[tuple[str, int], str] = {}

    @classmethod
    def open(cls, folder: Path | str, *, create: bool = True) -> Self:
        """The store in `folder`, for reading and writing; a new one when there is none and `create` says so.

        Raises
        ------
        StoreOwned
            when another process has it open.
        StoreUnavailable
            when the folder cannot be written or the disk is nearly full.
        StoreCorrupted
            when the file is damaged; it is left as it is.
        StoreError
            when the folder is missing, is a file, or holds data of a newer bdhvs or of another program.
        """
        owned = DataFolder.own(Path(folder), create=create)
        try:
            _refuse_missing(owned.database, create)
            bring_up_to_date(owned.database)
            with closing(Reads(owned.database)) as reads:
                digests = {(row.id, row.version): row.digest for row in reads.item_versions()}
            store = cls(owned.database, owned, Writer(owned.database))
        except BaseException:
            owned.release()
            raise
        store._digests = digests
        return store

    @classmethod
    def read_only(cls, folder: Path | str) -> Self:
        """The store in `folder`, for reading only; takes no lock and works while a class is running.

        Raises
        ------
        StoreError
            when there is no data, or it is of another version of bdhvs.
        StoreCorrupted
            when the file is damaged.
        """
        path = Path(folder).absolute() / DATABASE
        require_current(path)
        return cls(path, None, None)

    def close(self) -> None:
        """Finish what is being written and let go of the folder. Calling it again does nothing."""
        super().close()  # first: an open reader would keep the log from being folded in
        if self._writer is not None:
            self._writer.close()
        if self._owned is not None:
            self._owned.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self._path.parent

    @property
    def secret(self) -> bytes:
        """The folder's key for signing cookies, 32 bytes."""
        if self._owned is None:
            raise self._read_only_refusal()
        return self._owned.secret()

    @property
    def failure(self) -> Health | None:
        """What keeps us from writing just now, and since when; None when the last batch went through."""
        return self._writer.health if self._writer else None

    @property
    def health(self) -> str | None:
        """`failure` in one word: ``disk_full``, ``read_only``, ``locked``, ``io``, an error's code, or None."""
        return self.failure.reason if self.failure else None

    # ── commands ────────────────────────────────────────────────────────────────────────────────────────
    # All raise StoreUnavailable when the machine is in the way (nothing kept, try again) and OutOfStep when what is
    # stored says otherwise. Giving the same fact again is harmless.

    async def open_classroom(self, row: ClassroomRow) -> None:
        """Keep a new class. Its code must never have been used here."""
        await self._write(statements.insert_classroom(row))

    async def close_classroom(self, classroom_id: str, at_us: int) -> None:
        """Note that a class ended (the first time counts); its class list, if one was kept, has done its work and goes."""
        await self._write((statements.CLOSE_CLASSROOM, (at_us, classroom_id)), (statements.DELETE_LIST, (classroom_id,)))

    async def append_class_event(self, row: ClassEventRow) -> None:
        """Keep what a teacher decided for a whole class."""
        await self._write(statements.insert_class_event(row))

    async def add_extra_time(self, row: ExtraTimeRow) -> None:
        """Keep minutes that a learner has beyond a form's limit."""
        await self._write(statements.insert_extra_time(row))

    async def add_learner(
        self,
        learner_id: str,
        classroom_id: str,
        *,
        nickname: str,
        name_kind: NameKind,
        lang: str,
        at_us: int,
        consents: Sequence[Consent] = (),
    ) -> None:
        """Keep a new learner: pseudonym in one table, name in the erasable one, and what they agreed to."""
        await self._write(
            (statements.INSERT_LEARNER, (learner_id, classroom_id, at_us, lang)),
            (statements.INSERT_PERSON, (learner_id, nickname, name_kind)),
            *((statements.INSERT_CONSENT, (learner_id, one.purpose, one.text_version, at_us)) for one in consents),
        )

    async def note(self, row: AuditRow) -> None:
        """Keep that something was done with a person's data."""
        await self._write(statements.insert_audit(row))

    async def rename_person(self, learner_id: str, name: str, *notes: AuditRow) -> None:
        """Put another name in the place of a learner's; copies in ``backups/`` keep the former one.

        A learner without a name stays without one.
        """
        await self._write(
            (statements.RENAME_LISTED, (name, learner_id)),
            (statements.RENAME_PERSON, (name, learner_id)),
            *map(statements.insert_audit, notes),
        )
        await self._fold()

    async def forget_person(self, learner_id: str, *notes: AuditRow) -> Remains:
        """Erase a learner's name and consents; the evidence stays under new ids (see `bdhvs.store.people`).

        A learner who is not here changes nothing, and no note is kept.

        Raises
        ------
        OutOfStep
            when the learner begins attempts faster than we can read: try again.
        """
        for tries_left in range(MOST_TRIES - 1, -1, -1):
            unit = await asyncio.to_thread(self._detached, learner_id)
            if not unit:
                return Remains()
            try:
                await self._write(*unit, *map(statements.insert_audit, notes))
                break
            except OutOfStep:  # an attempt was begun between reading and writing: read anew
                if not tries_left:
                    raise
        return await self._remains(learner_id)

    async def erase_person(self, learner_id: str, *notes: AuditRow) -> Remains:
        """Erase everything of a learner, evidence included."""
        await self._write(*people.erase(learner_id), *map(statements.insert_audit, notes))
        return await self._remains(learner_id)

    def _detached(self, learner_id: str) -> list[Statement]:
        learner = self.learner(learner_id)
        if learner is None:
            return []
        opened_at_us = next(room.opened_at_us for room in self.classrooms() if room.id == learner.classroom_id)
        attempts = [attempt for attempt, _ in self.evidence_of(learner_id)]
        return people.detach(learner, opened_at_us, attempts, new_id)

    async def _remains(self, learner_id: str) -> Remains:
        folded = await self._fold()
        copies = await asyncio.to_thread(people.erase_from_copies, self.folder, learner_id)
        return Remains(not folded, copies)

    async def _fold(self) -> bool:
        if self._writer is None:
            raise self._read_only_refusal()
        return await self._writer.fold()

    async def record_item_versions(self, rows: Sequence[ItemVersionRow]) -> None:
        """Keep what items are like, before they are given; known versions are left as they are.

        Raises
        ------
        StoreError
            when an item has changed under the same version; nothing of `rows` is kept.
        """
        changed = [row for row in rows if self._digests.get((row.id, row.version), row.digest) != row.digest]
        if changed:
            raise StoreError(_changed_message(self._path, changed))
        await self._write(*map(statements.insert_item_version, rows))
        self._digests.update({(row.id, row.version): row.digest for row in rows})

    async def record_adaptive_version(self, row: AdaptiveVersionRow) -> None:
        """Keep what an adaptive form chooses by, before an attempt names it; a known version is left as it is."""
        await self._write(statements.insert_adaptive_version(row))

    async def record_scores(self, version: ScoreVersionRow, rows: Sequence[ScoreRow]) -> None:
        """Keep scores and what they were made by, all or none.

        Raises
        ------
        OutOfStep
            when an attempt is not here (any more): its person was forgotten meanwhile.
        """
        await self._write(statements.insert_score_version(version), *map(statements.insert_score, rows))

    async def start_attempt(self, row: AttemptRow, first_events: Sequence[EventRow] = ()) -> None:
        """Keep how an attempt began, with its first events if there are any (`Started` is in `row` itself).

        Raises
        ------
        StoreError
            when an item of the attempt was not recorded with `record_item_versions`.
        """
        missing = [f"{item.id} {item.version}" for item in row.items if (item.id, item.version) not in self._digests]
        if missing:
            raise StoreError(
                f"attempt {row.id}: items {', '.join(missing)} are not recorded, expected every version to be known "
                "before it is given; call record_item_versions first"
            )
        await self._write(statements.insert_attempt(row), *map(statements.insert_event, first_events))

    async def append(self, rows: Sequence[EventRow]) -> tuple[str, ...]:
        """Keep facts of attempts, all or none.

        Returns
        -------
        Ids of the events that were new, in the order given; a known one was left as it is.

        Raises
        ------
        OutOfStep
            when another event has the same ``seq``, or there is no such attempt. The caller's picture of the
            attempt is stale (a cancelled call may have been kept): read the attempt anew.
        """
        counts = await self._write(*map(statements.insert_event, rows))
        return tuple(row.event_id for row, count in zip(rows, counts, strict=True) if count)

    async def _write(self, *units: Statement) -> Counts:
        if self._writer is None:
            raise self._read_only_refusal()
        return await self._writer.write(*units)

    def _read_only_refusal(self) -> StoreError:
        return StoreError(f"{self.folder}: opened for reading only; open it with Store.open to write")


def _refuse_missing(database: Path, create: bool) -> None:
    if not create and not database.is_file():
        raise StoreError(f"{database}: found nothing, expected the data of a class; check the folder's name")


def _changed_message(path: Path, rows: Sequence[ItemVersionRow]) -> str:
    names = ", ".join(f"{row.id} (version {row.version})" for row in rows)
    return (
        f"{path}: {names}: found another content than was given before under this version, expected a new version; "
        "raise `version` in the item's file"
    )
