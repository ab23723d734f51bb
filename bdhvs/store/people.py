"""Taking a person out of a data folder: the statements, and the copies that lie beside the database.

*Forgetting* leaves the evidence and cuts the thread to the person: name and consents go, and learner, attempts and
events get new ids drawn by chance. The old ids, which a cookie, a phone, a table exported earlier or another copy may
hold, are then nowhere in the folder, and nothing notes which became which. *Erasing* takes the evidence, too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from bdhvs.store import statements
from bdhvs.store.rows import AttemptRow, LearnerRow
from bdhvs.store.units import Statement

#: A new id for something of this time (microseconds since the epoch); ids sort by time, and so go on sorting.
FreshId = Callable[[int], str]

#: Every event of an attempt moves to another one, each with a new id: the 15 characters given (a time, and the version),
#: then chance. In SQL, so that an answer that came a moment ago moves with the others.
_MOVE_EVENTS = (
    "UPDATE event SET attempt_id = ?, event_id = ? || substr(lower(hex(randomblob(2))), 2) || '-a' || "
    "substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6))) WHERE attempt_id = ?"
)
#: Scores go with their attempt. Their time stays, so they keep their order.
_MOVE_SCORES = (
    "UPDATE score SET attempt_id = ?, learner_id = ?, id = substr(id, 1, 15) || substr(lower(hex(randomblob(2))), 2) || '-a' || "
    "substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6))) WHERE attempt_id = ?"
)
#: So are those who confirmed that the person helped them; the phones' marks become chance.
_MOVE_HELPED = (
    "UPDATE helped SET learner_id = ?, device = lower(hex(randomblob(32))), id = substr(id, 1, 15) || "
    "substr(lower(hex(randomblob(2))), 2) || '-a' || substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6))) "
    "WHERE learner_id = ?"
)
_TIME_AND_VERSION = 15  # characters of a UUIDv7

#: Every table with rows of a learner, in the order in which they can go. A table that comes later must be added.
_EVIDENCE = (
    "DELETE FROM score WHERE learner_id = ?",
    "DELETE FROM event WHERE attempt_id IN (SELECT id FROM attempt WHERE learner_id = ?)",
    "DELETE FROM attempt WHERE learner_id = ?",
    "DELETE FROM helped WHERE learner_id = ?",
)
_PERSON = (
    # Before the name itself, by which it is found: a name of the class list goes with its person.
    statements.DELETE_LISTED,
    "DELETE FROM given_number WHERE learner_id = ?",
    "DELETE FROM picture_pin WHERE learner_id = ?",
    "DELETE FROM extra_time WHERE learner_id = ?",
    "DELETE FROM own_phone WHERE learner_id = ?",
    "DELETE FROM household_member WHERE learner_id = ?",
    "DELETE FROM told WHERE learner_id = ?",
    "DELETE FROM consent WHERE learner_id = ?",
    "DELETE FROM person WHERE learner_id = ?",
    "DELETE FROM learner WHERE id = ?",
)
_OF_A_LEARNER = _EVIDENCE + _PERSON


def erase(learner_id: str) -> list[Statement]:
    """Take out everything of a learner."""
    return [(sql, (learner_id,)) for sql in _OF_A_LEARNER]


def detach(
    learner: LearnerRow, opened_at_us: int, attempts: Sequence[AttemptRow], fresh: FreshId
) -> list[Statement]:
    """Leave the evidence of a learner under ids that lead nowhere.

    Parameters
    ----------
    opened_at_us : when the class was opened; it replaces the moment of joining, which would tell who it was.
    attempts : all attempts of the learner. When one is missing the database refuses the whole, because the learner's
        row is then still referred to.
    """
    new_learner = fresh(opened_at_us)
    moved: list[Statement] = [(statements.INSERT_LEARNER, (new_learner, learner.classroom_id, opened_at_us, learner.lang))]
    for attempt in attempts:
        new_attempt = fresh(attempt.started_at_us)
        moved.append(statements.insert_attempt(replace(attempt, id=new_attempt, learner_id=new_learner)))
        moved.append((_MOVE_EVENTS, (new_attempt, new_attempt[:_TIME_AND_VERSION], attempt.id)))
        moved.append((_MOVE_SCORES, (new_attempt, new_learner, attempt.id)))
        moved.append((statements.DELETE_ATTEMPT, (attempt.id,)))
    moved.append((_MOVE_HELPED, (new_learner, learner.id)))
    return [*moved, *((sql, (learner.id,)) for sql in _PERSON)]


def erase_from_copies(folder: Path, learner_id: str) -> tuple[Path, ...]:
    """Take a learner out of the copies in ``backups/`` below `folder`, evidence and all.

    The evidence too, because it would tie the old id, and with it the name, to the times in the database.

    Returns
    -------
    Copies that could not be read or changed, and may still hold the person.
    """
    return tuple(path for path in sorted(folder.glob("backups/*.sqlite3")) if not _erased_from(path, learner_id))


def _erased_from(path: Path, learner_id: str) -> bool:
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as copy:
            copy.execute("PRAGMA journal_mode = DELETE")  # a copy has no log beside it that could be left behind
            copy.execute("PRAGMA secure_delete = ON")
            copy.execute("BEGIN IMMEDIATE")
            changed = [copy.execute(sql, (learner_id,)).rowcount for sql in _of_a_learner_in(copy)]
            copy.execute("COMMIT")
            if any(changed):
                copy.execute("VACUUM")  # nobody uses a copy: it may as well be written anew, without gaps
    except sqlite3.Error:  # damaged, write-protected, in use: the caller tells where it lies
        return False
    return True


def _of_a_learner_in(copy: sqlite3.Connection) -> list[str]:
    """The statements of `_OF_A_LEARNER` for the tables that a copy has: an older one has fewer."""
    tables = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return [sql for sql in _OF_A_LEARNER if sql.split()[2] in tables]
