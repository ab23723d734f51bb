"""Opening a database file safely: is it sound, is it ours, is it of this version, and if older, bring it up to date.

All steps of an upgrade happen in one transaction, after a copy was made: the file is either as it was or up to date.
A new file is made at one go, by the SQL of a file that took every step: a test holds the two against each other.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bdhvs.errors import StoreError
from bdhvs.store.connections import connect_reader, connect_writer
from bdhvs.store.failures import damaged, failure_of


@dataclass(frozen=True, slots=True)
class Steps:
    """A folder of migration steps and the revision they lead to.

    ``whole``: SQL of what all of them make of an empty file (written by tools/whole_database.py); None: take the steps.
    """

    folder: Path
    head: str
    whole: Path | None = None


FOLDER = Path(__file__).parent / "migrations"
#: The steps of this bdhvs. ``head`` stands here so that an up-to-date file opens without loading Alembic.
STEPS = Steps(FOLDER, "0009", FOLDER / "whole.sql")


def bring_up_to_date(path: Path, steps: Steps = STEPS) -> Path | None:
    """Make the database at `path` ready for this bdhvs: checked, and of the newest revision.

    Returns
    -------
    Where the copy from before an upgrade lies; None when there was nothing to copy.

    Raises
    ------
    StoreCorrupted
        when the file is damaged; it is left as it is.
    StoreError
        when a newer bdhvs or another program made it, or the upgrade failed (the file is as it was).
    """
    revision = checked_revision(path)
    if revision == steps.head:
        return None
    if revision is not None:
        _refuse_unknown(path, revision, steps)
        copy = back_up(path, revision)
        _upgrade(path, steps)
        return copy
    if steps.whole is not None:
        _create(path, steps.whole)
    else:
        _upgrade(path, steps)
    return None


def require_current(path: Path, steps: Steps = STEPS) -> None:
    """Refuse a database at `path` that this bdhvs cannot read as it is; changes nothing.

    Raises
    ------
    StoreError
        when the file is missing, of an older or newer bdhvs, or not one of ours.
    """
    if not path.is_file():
        raise StoreError(f"{path}: found nothing, expected the data of a class; check the folder's name")
    revision = checked_revision(path)
    if revision == steps.head:
        return
    if revision is not None:
        _refuse_unknown(path, revision, steps)
    raise StoreError(
        f"{path}: found revision {revision or 'none'}, expected {steps.head}; "
        "open the folder once with: bdhvs serve (it makes a copy and brings the data up to date)"
    )


def checked_revision(path: Path) -> str | None:
    """The revision of the database at `path`; None when there is nothing in it yet.

    After an unclean end (its log was not folded in) every page is checked first.
    """
    if not path.exists() or path.stat().st_size == 0:
        return None
    # A reading connection: it never folds the log into the file, so a damaged file stays as it is.
    with closing(connect_reader(path)) as connection:
        try:
            if _ended_uncleanly(path):
                _check_pages(connection, path)
            return _revision(connection, path)
        except sqlite3.Error as exc:
            raise failure_of(exc, path) from exc


def _ended_uncleanly(path: Path) -> bool:
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def _check_pages(connection: sqlite3.Connection, path: Path) -> None:
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise damaged(path, found.replace("\n", " "))


def _revision(connection: sqlite3.Connection, path: Path) -> str | None:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        return None
    found = connection.execute("SELECT version_num FROM alembic_version").fetchone() if "meta" in tables else None
    if found is None:
        raise StoreError(
            f"{path}: found a database of another program (tables {', '.join(sorted(tables)[:5])}), "
            "expected one made by bdhvs; give another folder"
        )
    return str(found[0])


def _refuse_unknown(path: Path, revision: str, steps: Steps) -> None:
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory(str(steps.folder)).walk_revisions()}
    if revision not in known:
        raise StoreError(
            f"{path}: found data of a newer bdhvs (revision {revision}), expected at most {steps.head}; "
            "upgrade this one with: pip install --upgrade bdhvs"
        )


def back_up(path: Path, label: str) -> Path:
    """Copy the database at `path`, log included, into ``backups/`` beside it; never over another copy.

    Raises
    ------
    StoreError
        when the copy cannot be written in full.
    """
    folder = path.parent / "backups"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        target = _unused(folder, f"{path.stem}-{label}")
        target.touch(0o600)
        with closing(sqlite3.connect(target)) as copy, closing(connect_reader(path)) as original:
            original.backup(copy)
    except (OSError, sqlite3.Error) as exc:
        raise StoreError(
            f"{folder}: a copy could not be made before the upgrade ({exc}), expected room for "
            f"{path.stat().st_size // 2**20 + 1} MB; make room and start again (the data was not touched)"
        ) from exc
    return target


def _unused(folder: Path, stem: str) -> Path:
    number = 1
    while (candidate := folder / f"{stem}-{number}.sqlite3").exists():
        number += 1
    return candidate


def _create(path: Path, whole: Path) -> None:
    with closing(connect_writer(path)) as connection:  # closed in the middle, it leaves nothing
        try:
            connection.executescript(f"BEGIN IMMEDIATE;\n{whole.read_text('utf-8')}\nCOMMIT;")
        except sqlite3.Error as exc:
            raise failure_of(exc, path) from exc


def _upgrade(path: Path, steps: Steps) -> None:
    # Alembic is loaded here only: an up-to-date file must open fast after a crash, a new one fast at any time.
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine, pool

    with closing(connect_writer(path)) as raw:
        # Copying a table into a new one breaks references for a moment; they are checked before the commit.
        raw.execute("PRAGMA foreign_keys = OFF")
        engine = create_engine("sqlite://", creator=lambda: raw, poolclass=pool.StaticPool)
        config = Config()
        config.set_main_option("script_location", str(steps.folder).replace("%", "%%"))
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                _check_references(raw, path)
                raw.execute("COMMIT")
        except StoreError:
            raise
        except Exception as exc:  # whatever a step raises, the file stays as it was and the reader is told so
            raise StoreError(
                f"{path}: the upgrade to revision {steps.head} failed ({exc}), the data is as it was; "
                "go on with the former bdhvs and report this"
            ) from exc
        finally:
            if raw.in_transaction:
                raw.execute("ROLLBACK")


def _check_references(connection: sqlite3.Connection, path: Path) -> None:
    if broken := connection.execute("PRAGMA foreign_key_check").fetchall():
        table, row, parent, _ = broken[0]
        raise StoreError(
            f"{path}: after the upgrade {len(broken)} rows name something that is not there "
            f"(first: {table} row {row} names a missing {parent}); the data is as it was, report this"
        )
