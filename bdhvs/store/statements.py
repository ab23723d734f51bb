"""The text of every writing statement, made once from the tables, and rows as their parameters.

Inserts name their conflict target and then do nothing: the same fact sent again is the same fact. A *different* fact
in a place that must be unique (two events with one ``seq``, two classes with one code) is not covered by the target
and is refused by the database. ``INSERT OR IGNORE`` would swallow both.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import Table, bindparam, delete, update
from sqlalchemy.dialects import sqlite

from bdhvs.store import tables
from bdhvs.store.codec import items_text, json_text, rules_text
from bdhvs.store.rows import (
    AdaptiveVersionRow,
    AttemptRow,
    AuditRow,
    ClassEventRow,
    ClassroomRow,
    EventRow,
    ExtraTimeRow,
    ItemVersionRow,
    ScoreRow,
    ScoreVersionRow,
)
from bdhvs.store.units import Statement

_DIALECT = sqlite.dialect(paramstyle="qmark")


def _insert_once(table: Table) -> str:
    keys = [column.name for column in table.primary_key]
    return str(sqlite.insert(table).on_conflict_do_nothing(index_elements=keys).compile(dialect=_DIALECT))


INSERT_CLASSROOM = _insert_once(tables.classroom)
INSERT_LEARNER = _insert_once(tables.learner)
INSERT_PERSON = _insert_once(tables.person)
INSERT_CONSENT = _insert_once(tables.consent)
INSERT_ITEM_VERSION = _insert_once(tables.item_version)
INSERT_ADAPTIVE_VERSION = _insert_once(tables.adaptive_version)
INSERT_ATTEMPT = _insert_once(tables.attempt)
INSERT_EVENT = _insert_once(tables.event)
INSERT_CLASS_EVENT = _insert_once(tables.class_event)
INSERT_EXTRA_TIME = _insert_once(tables.extra_time)
INSERT_AUDIT = _insert_once(tables.audit)
INSERT_SCORE_VERSION = _insert_once(tables.score_version)
INSERT_SCORE = _insert_once(tables.score)

CLOSE_CLASSROOM = str(
    update(tables.classroom)
    .where(tables.classroom.c.id == bindparam("which"), tables.classroom.c.closed_at_us.is_(None))
    .values(closed_at_us=bindparam("at_us"))
    .compile(dialect=_DIALECT)
)
RENAME_PERSON = str(
    update(tables.person)
    .values(nickname=bindparam("name"))
    .where(tables.person.c.learner_id == bindparam("which"))
    .compile(dialect=_DIALECT)
)
#: The spelling in the class list follows, or the name would be offered, and could not be erased, under the former one.
RENAME_LISTED = (
    "UPDATE listed_name SET name = ? WHERE (classroom_id, name) IN (SELECT classroom_id, nickname FROM person "
    "JOIN learner ON learner.id = learner_id WHERE learner_id = ? AND name_kind = 'name')"
)
DELETE_LISTED = (
    "DELETE FROM listed_name WHERE (classroom_id, name) IN (SELECT classroom_id, nickname FROM person "
    "JOIN learner ON learner.id = learner_id WHERE learner_id = ? AND name_kind = 'name')"
)
WITHDRAW = "DELETE FROM consent WHERE learner_id = ? AND purpose = ?"
DELETE_LIST = "DELETE FROM listed_name WHERE classroom_id = ?"
DELETE_ATTEMPT = str(delete(tables.attempt).where(tables.attempt.c.id == bindparam("which")).compile(dialect=_DIALECT))

def _insert_many_once(table: Table) -> str:
    """As `_insert_once` for any number of rows, given as one JSON array of arrays in the order of the columns."""
    names = [column.name for column in table.c]
    keys = ", ".join(column.name for column in table.primary_key)
    values = ", ".join(f"json_extract(value, '$[{place}]')" for place in range(len(names)))
    # "WHERE true": without it SQLite would read ON CONFLICT as the condition of a join.
    return (
        f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {values} FROM json_each(?) WHERE true "
        f"ON CONFLICT ({keys}) DO NOTHING"
    )


#: Statements that SQLite can run for many rows at one go, and the text that does it (see `writer`).
MANY: Mapping[str, str] = MappingProxyType({INSERT_EVENT: _insert_many_once(tables.event)})


def insert_event(row: EventRow) -> Statement:
    """Keep one fact; known facts are left as they are."""
    return INSERT_EVENT, row


def insert_classroom(row: ClassroomRow) -> Statement:
    """Keep a class."""
    settings = json_text(dict(row.settings))
    return INSERT_CLASSROOM, (row.id, row.code, row.name, row.opened_at_us, row.closed_at_us, settings)


def insert_class_event(row: ClassEventRow) -> Statement:
    """Keep what a teacher decided for a class."""
    details = json_text(dict(row.details))
    return INSERT_CLASS_EVENT, (row.id, row.classroom_id, row.at_us, row.type, row.form_id, row.item_id, details)


def insert_extra_time(row: ExtraTimeRow) -> Statement:
    """Keep the extra time of a learner."""
    return INSERT_EXTRA_TIME, (row.id, row.learner_id, row.form_id, row.minutes, row.at_us)


def insert_audit(row: AuditRow) -> Statement:
    """Keep that something was done with a person's data."""
    return INSERT_AUDIT, (row.id, row.at_us, row.action, row.actor, row.reference)


def insert_item_version(row: ItemVersionRow) -> Statement:
    """Keep what an item was like."""
    details = json_text(dict(row.details))
    return INSERT_ITEM_VERSION, (
        row.id,
        row.version,
        row.kind,
        row.competence,
        row.level,
        row.maximum,
        row.digest,
        details,
    )


def insert_adaptive_version(row: AdaptiveVersionRow) -> Statement:
    """Keep by which pool and rules an adaptive form chooses; a known one is left as it is."""
    return INSERT_ADAPTIVE_VERSION, (row.digest, json_text(dict(row.details)))


def insert_score_version(row: ScoreVersionRow) -> Statement:
    """Keep by what scores are made; a known version is left as it is."""
    details = json_text(dict(row.details))
    return INSERT_SCORE_VERSION, (row.digest, row.calibration, row.cut_scores, row.model, row.synthetic, details)


def insert_score(row: ScoreRow) -> Statement:
    """Keep a score."""
    details = json_text(dict(row.details))
    return INSERT_SCORE, (
        row.id,
        row.learner_id,
        row.attempt_id,
        row.scored_at_us,
        row.version,
        row.evidence,
        row.reason,
        details,
    )


def insert_attempt(row: AttemptRow) -> Statement:
    """Keep how an attempt began."""
    return INSERT_ATTEMPT, (
        row.id,
        row.learner_id,
        row.classroom_id,
        row.form_id,
        row.form_version,
        row.mode,
        row.seed,
        row.shuffle_options,
        row.lang,
        row.bank_version,
        row.started_at_us,
        rules_text(row.rules),
        items_text(row.items),
        row.device,
    )
