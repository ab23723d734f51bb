"""Everything that is asked of the store. Reads never wait for the writer, nor the writer for them.

Each call uses a connection of its own out of a pool, so any thread may call at any time; a read sees what was
committed when it began. Long answers come page by page, each page a short read: a researcher who walks through a
year of data does not keep the log of a running class from being folded away.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from sqlalchemy import Row, Select, create_engine, func, pool, select
from sqlalchemy.exc import DBAPIError

from bdhvs.core.given_names import given_name
from bdhvs.errors import StoreError
from bdhvs.store import tables
from bdhvs.store.codec import items_given, items_of, rules_of, value_of
from bdhvs.store.connections import connect_reader
from bdhvs.store.failures import failure_of
from bdhvs.store.rows import (
    AdaptiveVersionRow,
    AttemptRow,
    AuditRow,
    ClassEventRow,
    ClassroomRow,
    Consent,
    EventRow,
    ExtraTimeRow,
    GivenConsent,
    ItemVersionRow,
    LearnerRow,
    ResponseRows,
    ScoreRow,
    ScoreVersionRow,
    Versions,
)

PAGE_ATTEMPTS = 500  # attempts per page of a long answer: some 10,000 events, a few MB
KEPT_CONNECTIONS = 4  # kept open between reads; a burst may use more for a moment
MOST_CONNECTIONS = 40  # as many as the threads a server reads from; the next one waits for a place

class Reads:
    """Reads of the database at `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._engine = create_engine(
            "sqlite://",
            creator=lambda: connect_reader(path),
            poolclass=pool.QueuePool,
            pool_size=KEPT_CONNECTIONS,
            max_overflow=MOST_CONNECTIONS - KEPT_CONNECTIONS,
        )

    def close(self) -> None:
        """Close the pool's connections."""
        self._engine.dispose()

    # ── classes and learners ────────────────────────────────────────────────────────────────────────────

    def classroom(self, code: str) -> ClassroomRow | None:
        """The class with this code, open or closed."""
        rows = self._all(select(tables.classroom).where(tables.classroom.c.code == code))
        return _classroom(rows[0]) if rows else None

    def classrooms(self) -> list[ClassroomRow]:
        """All classes, oldest first."""
        order = tables.classroom.c.opened_at_us, tables.classroom.c.id
        return [_classroom(row) for row in self._all(select(tables.classroom).order_by(*order))]

    def last_open_classroom(self, name: str | None = None) -> ClassroomRow | None:
        """The class opened last among those not closed (and of this name)."""
        still_open = [room for room in self.classrooms() if room.closed_at_us is None and name in (None, room.name)]
        return still_open[-1] if still_open else None

    def class_events(self, classroom_id: str) -> list[ClassEventRow]:
        """What the teacher decided for the whole class, in order."""
        columns = tables.class_event.c
        rows = self._all(select(tables.class_event).where(columns.classroom_id == classroom_id).order_by(columns.id))
        return [_class_event(row) for row in rows]

    def extra_time(self, learner_id: str) -> list[ExtraTimeRow]:
        """Minutes that a learner has beyond the limits of forms, in order."""
        columns = tables.extra_time.c
        chosen = select(tables.extra_time).where(columns.learner_id == learner_id).order_by(columns.id)
        return [ExtraTimeRow(*_values(row)) for row in self._all(chosen)]

    def learner(self, learner_id: str) -> LearnerRow | None:
        """The learner under this pseudonym."""
        rows = self._all(_learners().where(tables.learner.c.id == learner_id))
        return _learner(rows[0]) if rows else None

    def learners(self, classroom_id: str) -> list[LearnerRow]:
        """Learners of a class in the order they joined; those forgotten are there without a name."""
        order = tables.learner.c.joined_at_us, tables.learner.c.id
        chosen = _learners().where(tables.learner.c.classroom_id == classroom_id).order_by(*order)
        return [_learner(row) for row in self._all(chosen)]

    def consents(self, learner_id: str) -> list[Consent]:
        """What a learner agreed to, oldest first."""
        columns = tables.consent.c
        chosen = select(columns.purpose, columns.text_version).where(columns.learner_id == learner_id)
        return [Consent(*_values(row)) for row in self._all(chosen.order_by(columns.given_at_us, columns.purpose))]

    def consents_given(self, learner_id: str) -> list[GivenConsent]:
        """As `consents`, with when each was given."""
        columns = tables.consent.c
        chosen = select(columns.purpose, columns.text_version, columns.given_at_us)
        chosen = chosen.where(columns.learner_id == learner_id).order_by(columns.given_at_us, columns.purpose)
        return [GivenConsent(*_values(row)) for row in self._all(chosen)]

    def audit(self) -> list[AuditRow]:
        """What was done with people's data, oldest first."""
        return [AuditRow(*_values(row)) for row in self._all(select(tables.audit).order_by(*tables.audit.c["at_us", "id"]))]

    # ── items and attempts ──────────────────────────────────────────────────────────────────────────────

    def item_version(self, item_id: str, version: int) -> ItemVersionRow | None:
        """What the item was like in this version."""
        columns = tables.item_version.c
        rows = self._all(select(tables.item_version).where(columns.id == item_id, columns.version == version))
        return _item_version(rows[0]) if rows else None

    def adaptive_version(self, digest: str) -> AdaptiveVersionRow | None:
        """The pool and rules with this digest."""
        rows = self._all(select(tables.adaptive_version).where(tables.adaptive_version.c.digest == digest))
        return AdaptiveVersionRow(rows[0].digest, value_of(rows[0].details)) if rows else None

    def score_versions(self) -> dict[str, ScoreVersionRow]:
        """By what scores were made, by digest."""
        rows = self._all(select(tables.score_version))
        return {row.digest: ScoreVersionRow(**{**row._mapping, "details": value_of(row.details)}) for row in rows}

    def scored_by(self, classroom_id: str | None = None) -> dict[str, tuple[int, str]]:
        """Of each attempt that was scored the time (microseconds) and version of its newest score."""
        columns = tables.score.c
        chosen = select(columns.attempt_id, columns.scored_at_us, columns.version).order_by(columns.scored_at_us, columns.id)
        if classroom_id is not None:
            chosen = chosen.join(tables.learner).where(tables.learner.c.classroom_id == classroom_id)
        return {row.attempt_id: (row.scored_at_us, row.version) for row in self._all(chosen)}

    def scores_of(self, learner_id: str) -> list[ScoreRow]:
        """Every score of a learner, oldest first."""
        columns = tables.score.c
        chosen = select(tables.score).where(columns.learner_id == learner_id)
        return [_score(row) for row in self._all(chosen.order_by(columns.scored_at_us, columns.id))]

    def scores(self, classroom_id: str | None = None) -> list[ScoreRow]:
        """Every score of a class (None: of all), oldest first."""
        columns = tables.score.c
        chosen = select(tables.score).order_by(columns.scored_at_us, columns.id)
        if classroom_id is not None:
            chosen = chosen.join(tables.learner).where(tables.learner.c.classroom_id == classroom_id)
        return [_score(row) for row in self._all(chosen)]

    def item_versions(self) -> list[ItemVersionRow]:
        """Every version of every item ever given."""
        return [_item_version(row) for row in self._all(select(tables.item_version))]

    def attempt(self, attempt_id: str) -> tuple[AttemptRow, list[EventRow]] | None:
        """An attempt and its events in order, as `bdhvs.store.codec.events_of` takes them."""
        rows = self._all(select(tables.attempt).where(tables.attempt.c.id == attempt_id))
        return (_attempt(rows[0]), self._events([attempt_id])) if rows else None

    def attempts_of(self, learner_id: str, form_id: str) -> list[AttemptRow]:
        """A learner's attempts at a form, oldest first."""
        columns = tables.attempt.c
        chosen = select(tables.attempt).where(columns.learner_id == learner_id, columns.form_id == form_id)
        return [_attempt(row) for row in self._all(chosen.order_by(columns.started_at_us, columns.id))]

    def evidence_of(self, learner_id: str) -> list[tuple[AttemptRow, list[EventRow]]]:
        """All attempts of a learner, oldest first, each with its events in order."""
        columns = tables.attempt.c
        chosen = select(tables.attempt).where(columns.learner_id == learner_id)
        rows = self._all(chosen.order_by(columns.started_at_us, columns.id))
        return [(_attempt(row), self._events([row.id])) for row in rows]

    def attempts_in(self, classroom_id: str) -> list[AttemptRow]:
        """All attempts of a class, oldest first."""
        columns = tables.attempt.c
        chosen = select(tables.attempt).where(columns.classroom_id == classroom_id)
        return [_attempt(row) for row in self._all(chosen.order_by(columns.started_at_us, columns.id))]

    def begun(self, since_us: int | None = None, until_us: int | None = None) -> dict[str, int]:
        """How many attempts each learner began from `since_us` on and before `until_us`, microseconds; None: no bound."""
        columns = tables.attempt.c
        chosen = select(columns.learner_id, func.count()).group_by(columns.learner_id)
        if since_us is not None:
            chosen = chosen.where(columns.started_at_us >= since_us)
        if until_us is not None:
            chosen = chosen.where(columns.started_at_us < until_us)
        return {str(learner): int(count) for learner, count in map(_values, self._all(chosen))}

    def has_attempts(self, classroom_id: str, form_id: str) -> bool:
        """Whether anybody in a class has begun a form."""
        columns = tables.attempt.c
        chosen = select(columns.id).where(columns.classroom_id == classroom_id, columns.form_id == form_id)
        return bool(self._all(chosen.limit(1)))

    # ── long answers ────────────────────────────────────────────────────────────────────────────────────

    def response_rows(self, classroom_id: str | None = None) -> Iterator[ResponseRows]:
        """Every attempt of a class (None: of all) with its events and items, by id: oldest first, nearly.

        Raises
        ------
        StoreError
            when an attempt names an item that was never recorded: the file was put together by hand.
        """
        yield from self._with_items(self._attempts_with_events(classroom_id))

    def response_rows_of(self, learner_id: str) -> Iterator[ResponseRows]:
        """`response_rows` of one learner."""
        yield from self._with_items(self.evidence_of(learner_id))

    def response_rows_of_all(self, learner_ids: Collection[str], known: Versions | None = None) -> Iterator[ResponseRows]:
        """`response_rows` of some hundred learners, learner after learner by id, each one's oldest first.

        Parameters
        ----------
        known : items read before; new ones are put in, so that many calls read each item once.
        """
        known = {} if known is None else known
        columns = tables.attempt.c
        chosen = select(tables.attempt).where(columns.learner_id.in_(learner_ids))
        rows = self._all(chosen.order_by(columns.learner_id, columns.started_at_us, columns.id))
        for start in range(0, len(rows), PAGE_ATTEMPTS):
            yield from self._with_items(self._events_of(list(map(_attempt, rows[start : start + PAGE_ATTEMPTS]))), known)

    def _with_items(
        self, attempts: Iterable[tuple[AttemptRow, Sequence[EventRow]]], known: Versions | None = None
    ) -> Iterator[ResponseRows]:
        versions: Versions = {} if known is None else known
        for attempt, events in attempts:
            given = items_given(attempt, events)
            new = {item.id for item in given if (item.id, item.version) not in versions}
            if new:
                versions.update({(row.id, row.version): row for row in self._versions_of(new)})
            try:
                items = tuple(versions[item.id, item.version] for item in given)
            except KeyError as exc:
                raise StoreError(
                    f"{self._path}: attempt {attempt.id} names item version {exc}, found no such version, expected "
                    "every item that was given; merge item_version rows before attempts"
                ) from exc
            yield ResponseRows(attempt, tuple(events), items)

    def _versions_of(self, ids: Collection[str]) -> list[ItemVersionRow]:
        chosen = select(tables.item_version).where(tables.item_version.c.id.in_(ids))
        return [_item_version(row) for row in self._all(chosen)]

    def _attempts_with_events(self, classroom_id: str | None) -> Iterator[tuple[AttemptRow, tuple[EventRow, ...]]]:
        last = ""
        while page := self._attempt_page(classroom_id, last):
            yield from self._events_of(page)
            last = page[-1].id

    def _events_of(self, page: Sequence[AttemptRow]) -> Iterator[tuple[AttemptRow, tuple[EventRow, ...]]]:
        events = self._events([attempt.id for attempt in page])
        by_attempt = {key: tuple(group) for key, group in groupby(events, attrgetter("attempt_id"))}
        for attempt in page:
            yield attempt, by_attempt.get(attempt.id, ())

    def _attempt_page(self, classroom_id: str | None, after: str) -> list[AttemptRow]:
        # By id, not by OFFSET: ids of new attempts are the greatest, so nothing moves while we read.
        chosen = select(tables.attempt).where(tables.attempt.c.id > after)
        if classroom_id is not None:
            chosen = chosen.where(tables.attempt.c.classroom_id == classroom_id)
        return [_attempt(row) for row in self._all(chosen.order_by(tables.attempt.c.id).limit(PAGE_ATTEMPTS))]

    def _events(self, attempt_ids: Sequence[str]) -> list[EventRow]:
        columns = tables.event.c
        chosen = select(tables.event).where(columns.attempt_id.in_(attempt_ids))
        return [EventRow(*_values(row)) for row in self._all(chosen.order_by(columns.attempt_id, columns.seq))]

    def _all(self, chosen: Select[Any]) -> Sequence[Row[Any]]:
        try:
            with self._engine.connect() as connection:
                return connection.execute(chosen).all()
        except DBAPIError as exc:
            if isinstance(exc.orig, sqlite3.Error):
                raise failure_of(exc.orig, self._path) from exc
            raise


def _values(row: Row[Any]) -> tuple[Any, ...]:
    """The values of `row`, for records whose fields stand in the order of the columns."""
    return tuple(row)


def _learners() -> Select[Any]:
    """Columns in the order of `LearnerRow`'s fields, and the number of those without a stored name."""
    learner, person = tables.learner.c, tables.person.c
    columns = learner.id, learner.classroom_id, learner.joined_at_us, learner.lang, person.nickname, person.name_kind
    joined = tables.learner.outerjoin(tables.person).outerjoin(
        tables.given_number, tables.given_number.c.learner_id == learner.id
    )
    return select(*columns, tables.given_number.c.number).select_from(joined)


def _learner(row: Row[Any]) -> LearnerRow:
    learner_id, classroom_id, joined_at_us, lang, name, kind, number = _values(row)
    if name is None and number is not None:
        name, kind = given_name(number), "number"
    return LearnerRow(learner_id, classroom_id, joined_at_us, lang, name, kind)


def _classroom(row: Row[Any]) -> ClassroomRow:
    return ClassroomRow(**{**row._mapping, "settings": value_of(row.settings)})


def _class_event(row: Row[Any]) -> ClassEventRow:
    return ClassEventRow(**{**row._mapping, "details": value_of(row.details)})


def _item_version(row: Row[Any]) -> ItemVersionRow:
    return ItemVersionRow(**{**row._mapping, "details": value_of(row.details)})


def _score(row: Row[Any]) -> ScoreRow:
    return ScoreRow(**{**row._mapping, "details": value_of(row.details)})


def _attempt(row: Row[Any]) -> AttemptRow:
    return AttemptRow(**{**row._mapping, "rules": rules_of(row.rules), "items": items_of(row.items)})
