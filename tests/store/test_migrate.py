"""Opening files of every age and state: new, old, newer, foreign, damaged."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, pool

from bdhvs.errors import StoreCorrupted, StoreError
from bdhvs.store import Store
from bdhvs.store.connections import connect_writer
from bdhvs.store.migrate import STEPS, Steps, bring_up_to_date, checked_revision
from bdhvs.store.tables import metadata
from tests.store.making import Maker, begin

ONE_BY_ONE = Steps(STEPS.folder, STEPS.head)
NEXT = f"{int(STEPS.head) + 1:04}"
DATA = Path(__file__).parent / "data"
NEXT_STEP = """
import sqlalchemy as sa
from alembic import op

revision = "{next}"
down_revision = "{head}"
branch_labels = depends_on = None


def upgrade():
    with op.batch_alter_table("classroom") as batch:
        batch.add_column(sa.Column("place", sa.Text))
        batch.alter_column("name", new_column_name="title")
    {then}
"""


@pytest.fixture
def path(folder: Path) -> Path:
    folder.mkdir()
    return folder / "bdhvs.sqlite3"


def steps_with_one_more(place: Path, then: str = "pass") -> Steps:
    shutil.copytree(STEPS.folder, place, ignore=shutil.ignore_patterns("__pycache__"))
    (place / "versions" / f"r{NEXT}_next.py").write_text(NEXT_STEP.format(next=NEXT, head=STEPS.head, then=then))
    return Steps(place, NEXT)


def write_revision_1(path: Path) -> None:
    """A file as the first release made it, with a class, a learner, an attempt and three events."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((DATA / "revision-0001.sql").read_text("utf-8"))


def ask(path: Path, question: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(question).fetchall()


@pytest.mark.parametrize("steps", [STEPS, ONE_BY_ONE], ids=["at one go", "step by step"])
def test_the_steps_lead_to_the_tables_as_they_are_declared(path: Path, steps: Steps) -> None:
    bring_up_to_date(path, steps)
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(path), poolclass=pool.NullPool)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    made: dict[str, str] = dict(ask(path, "SELECT name, sql FROM sqlite_master WHERE sql LIKE 'CREATE TABLE%'"))
    engine = create_engine("sqlite://", poolclass=pool.StaticPool)
    with engine.connect() as connection:
        metadata.create_all(connection)
        declared = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql LIKE 'CREATE TABLE%'")
        for name, sql in declared:  # names of constraints and keys too, which compare_metadata leaves out
            assert sorted(_clauses(made[name])) == sorted(_clauses(sql))


def test_a_file_made_at_one_go_is_one_that_took_every_step(path: Path) -> None:
    bring_up_to_date(path)
    slow = path.with_name("slow.sqlite3")
    bring_up_to_date(slow, ONE_BY_ONE)
    with closing(sqlite3.connect(path)) as one, closing(sqlite3.connect(slow)) as other:
        assert list(one.iterdump()) == list(other.iterdump()), "steps changed: python tools/whole_database.py"


def _clauses(sql: str) -> list[str]:
    """What stands between the outer brackets, clause by clause: a column added later follows on the last one's line."""
    inside = " ".join(sql[sql.index("(") + 1 : sql.rindex(")")].split()).replace('"', "").replace("CHECK (", "CHECK(")
    return [one.strip() for one in re.split(r",(?![^(]*\))", inside)]


def test_the_newest_step_is_the_one_this_bdhvs_expects() -> None:
    assert ScriptDirectory(str(STEPS.folder)).get_heads() == [STEPS.head]


def test_a_new_file_needs_no_copy_and_opening_again_changes_nothing(path: Path) -> None:
    assert bring_up_to_date(path) is None
    before = path.read_bytes()
    assert bring_up_to_date(path) is None
    assert path.read_bytes() == before
    assert not (path.parent / "backups").exists()


def test_a_file_of_the_first_release_is_read_in_full(path: Path) -> None:
    write_revision_1(path)
    with Store.open(path.parent) as store:
        (room,) = store.classrooms()
        (learner,) = store.learners(room.id)
        (rows,) = store.response_rows()
        assert (room.code, learner.nickname) == ("LOP000", "Bà Tư")
        assert [event.type for event in rows.events] == ["hinted", "answered", "finished"]
        assert rows.events[1].response == '{"choice":"gọi-điện"}'
        assert [item.id for item in rows.items] == ["chon-kenh-lien-lac", "dan-me-gio-uong-thuoc"]


def test_an_upgrade_keeps_the_data_and_copies_it_first(path: Path, tmp_path: Path) -> None:
    write_revision_1(path)
    steps = steps_with_one_more(tmp_path / "steps")
    before = ask(path, "SELECT * FROM event ORDER BY seq")
    copy = bring_up_to_date(path, steps)
    assert ask(path, "SELECT code, title, place FROM classroom") == [("LOP000", "Lớp thôn Đông", None)]
    assert ask(path, "SELECT * FROM event ORDER BY seq") == before
    assert copy is not None
    assert copy.parent == path.parent / "backups"
    assert ask(copy, "SELECT name FROM classroom") == [("Lớp thôn Đông",)]
    assert checked_revision(copy) == "0001"
    assert bring_up_to_date(path, steps) is None


@pytest.mark.parametrize("then", ["raise RuntimeError('half way')", "op.execute('DELETE FROM learner')"])
def test_an_upgrade_that_fails_leaves_the_data_as_it_was(path: Path, tmp_path: Path, then: str) -> None:
    write_revision_1(path)
    before = ask(path, "SELECT name, sql FROM sqlite_master")
    for number in (1, 2):
        with pytest.raises(StoreError, match=r"half way|name something that is not there"):
            bring_up_to_date(path, steps_with_one_more(tmp_path / f"steps{number}", then))
    assert ask(path, "SELECT name, sql FROM sqlite_master") == before
    assert ask(path, "SELECT count(*) FROM event") == [(3,)]
    assert len(list((path.parent / "backups").iterdir())) == 2  # a copy never overwrites another
    Store.open(path.parent).close()


def test_a_file_of_a_newer_bdhvs_is_refused_and_left_alone(path: Path) -> None:
    write_revision_1(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    for opening in (Store.open, Store.read_only):
        with pytest.raises(StoreError, match="newer bdhvs"):
            opening(path.parent)
    assert path.read_bytes() == before


def test_an_older_file_is_not_upgraded_by_a_reader(path: Path, tmp_path: Path) -> None:
    from bdhvs.store.migrate import require_current

    write_revision_1(path)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=f"found revision 0001, expected {NEXT}"):
        require_current(path, steps_with_one_more(tmp_path / "steps"))
    assert path.read_bytes() == before


def test_a_database_of_another_program_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE moz_places (id)")
    with pytest.raises(StoreError, match="another program"):
        Store.open(path.parent)


def test_a_file_that_is_no_database_is_left_as_it_is(path: Path) -> None:
    path.write_bytes(b"notes about the class\n" * 500)
    with pytest.raises(StoreCorrupted, match=r"found damage .* copy from .*backups"):
        Store.open(path.parent)
    assert path.read_bytes() == b"notes about the class\n" * 500


def interrupted(path: Path, target: Path) -> None:
    """Copy the data as a power cut would leave it: log and all, with the last answer only in the log."""
    with closing(connect_writer(path)) as connection:
        connection.execute("INSERT INTO meta VALUES (?, 'the log')", (target.name,))
        target.mkdir()
        for file in path.parent.glob("bdhvs.sqlite3*"):
            shutil.copy(file, target)


async def test_after_an_unclean_end_every_page_is_checked(folder: Path, tmp_path: Path, make: Maker) -> None:
    with Store.open(folder) as store:
        begun = await begin(store, make)
        await store.append([make.answer(begun.attempt.id, seq, filler="x" * 300) for seq in range(1, 300)])
    interrupted(folder / "bdhvs.sqlite3", tmp_path / "sound")
    interrupted(folder / "bdhvs.sqlite3", tmp_path / "damaged")
    file = tmp_path / "damaged" / "bdhvs.sqlite3"
    pages = bytearray(file.read_bytes())
    pages[20 * 4096 : 24 * 4096] = b"\xff" * (4 * 4096)
    file.write_bytes(pages)
    log = file.with_name("bdhvs.sqlite3-wal").read_bytes()
    with pytest.raises(StoreCorrupted, match="not touched"):
        Store.open(tmp_path / "damaged")
    assert file.read_bytes() == pages
    assert file.with_name("bdhvs.sqlite3-wal").read_bytes() == log
    with Store.open(tmp_path / "sound") as store:
        assert len(next(store.response_rows()).events) == 299
    assert ask(tmp_path / "sound" / "bdhvs.sqlite3", "SELECT value FROM meta WHERE key = 'sound'") == [("the log",)]


def test_a_copy_that_does_not_fit_stops_the_upgrade(path: Path, tmp_path: Path) -> None:
    write_revision_1(path)
    (path.parent / "backups").write_text("a file where the folder should be")
    with pytest.raises(StoreError, match="the data was not touched"):
        bring_up_to_date(path, steps_with_one_more(tmp_path / "steps"))
    assert checked_revision(path) == "0001"
