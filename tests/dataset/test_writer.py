"""Batches in, a folder out: whole or not at all, and refused when it is not what was written."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow")

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bdhvs.dataset import Dataset, DatasetWriter, Partition, manifest, open_dataset, schema, write_part
from bdhvs.dataset.mark import is_marked
from bdhvs.errors import DatasetDamaged, DatasetError
from tests.dataset.making import PLACE, columns

OTHER = Partition("none", "none", date(2026, 3, 9))


@pytest.fixture
def made(tmp_path: Path) -> Path:
    out = tmp_path / "bộ dữ liệu"
    with DatasetWriter(out, synthetic=True) as writer:
        writer.write("responses", columns([7, 7, 3], option=["a", "b", None], last=[False, True, True]), PLACE)
        writer.write("responses", columns([9], option=["â"]), OTHER)
        writer.add(write_part(writer.folder, "responses", columns([8], option=["c"]), OTHER, number=5, synthetic=True))
        writer.bank_versions = ("b1",)
    return out


def test_what_was_written_comes_back_with_its_place(made: Path) -> None:
    found = open_dataset(made)
    rows = found.table("responses").select(["province", "commune", "day", "learner", "option", "last"]).to_pylist()
    assert sorted(tuple(row.values()) for row in rows) == [
        ("038", "00004", date(2026, 3, 2), 3, None, True),
        ("038", "00004", date(2026, 3, 2), 7, "a", False),
        ("038", "00004", date(2026, 3, 2), 7, "b", True),
        ("none", "none", date(2026, 3, 9), 8, "c", None),
        ("none", "none", date(2026, 3, 9), 9, "â", None),
    ]
    rows = {"responses": 5, "learners": 0, "items": 0, "scores": 0, "combinations": 5, "movement": 0}
    assert found.manifest.rows == rows
    assert (found.manifest.period["first_day"], found.manifest.period["last_day"]) == ("2026-03-02", "2026-03-09")
    assert found.manifest.bank_versions == ("b1",)
    assert found.table("scores").num_rows == 0
    assert {path.parent.name for path in found.files("responses")} == {"day=2026-03-02", "day=2026-03-09"}
    assert pq.ParquetFile(found.files("responses")[0]).metadata.row_group(0).column(0).compression == "ZSTD"


def test_every_file_of_invented_people_says_so_by_itself(made: Path, tmp_path: Path) -> None:
    for path in made.rglob("*.parquet"):
        assert is_marked(pq.read_schema(path)), path
    alone = pq.read_table(next((made / "scores").iterdir()), partitioning=None)
    assert alone.select(["learner"]).to_pandas().attrs == {"synthetic": True}
    scanned = open_dataset(made).scan("responses")
    assert is_marked(scanned.to_table(columns=["learner"], filter=pc.field("learner") > 3).schema)
    with DatasetWriter(tmp_path / "real") as writer:
        writer.write("responses", columns([1]), PLACE)
    real = open_dataset(tmp_path / "real")
    assert not is_marked(pq.read_schema(real.files("responses")[0]))
    assert not is_marked(real.table("responses").schema)


def test_the_dictionary_names_every_column_and_says_that_nobody_exists(made: Path) -> None:
    page, machine = (
        (made / "dictionary.md").read_text("utf-8"),
        json.loads((made / "dictionary.json").read_text("utf-8")),
    )
    assert "DỮ LIỆU GIẢ LẬP" in page
    for name, table in schema.TABLES.items():
        assert list(machine["tables"][name]) == list(table)
        assert [column for column in table if f"`{column}`" not in page] == []
    assert set(machine["outcomes"]) == {"answered", "skipped", "not_reached", "cut_off"}
    assert machine["synthetic"] is True


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def _shuffle(path: Path) -> None:
    table = pq.read_table(path, partitioning=None)
    pq.write_table(table.take(pa.array(range(table.num_rows - 1, -1, -1))), path, compression="zstd")


def _edit(path: Path) -> None:
    path.write_text(path.read_text("utf-8").replace('"rows": 3', '"rows": 4'), "utf-8")


@pytest.mark.parametrize(
    ("where", "change", "said"),
    [
        ("responses/*038/*/*/*.parquet", _cut, "bytes instead of"),
        ("responses/*038/*/*/*.parquet", _flip, "has other contents"),
        ("responses/*038/*/*/*.parquet", _shuffle, "part-00000"),
        ("responses/*038/*/*/*.parquet", Path.unlink, "is missing"),
        (
            "responses/*038/*/*/*.parquet",
            lambda path: path.rename(path.with_name("part-00001.parquet")),
            "was not there",
        ),
        ("dictionary.md", lambda path: path.write_text(path.read_text("utf-8") + "\n", "utf-8"), "bytes instead of"),
        ("manifest.json", _edit, "other contents than were written"),
        ("manifest.json", _cut, "cannot be read"),
    ],
)
def test_a_changed_dataset_is_refused(made: Path, where: str, change: Callable[[Path], Any], said: str) -> None:
    change(next(made.glob(where)))
    with pytest.raises(DatasetDamaged, match=said):
        open_dataset(made)


def test_files_that_changed_places_are_refused(made: Path) -> None:
    one, other = made.glob("responses/*none/*/*/*.parquet")
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)
    with pytest.raises(DatasetDamaged, match="2026-03-09"):
        open_dataset(made)


def test_sizes_alone_see_what_is_missing_but_not_what_keeps_its_length(made: Path) -> None:
    part = next(made.glob("responses/*038/*/*/*.parquet"))
    _flip(part)
    assert isinstance(open_dataset(made, verify="sizes"), Dataset)
    part.unlink()
    with pytest.raises(DatasetDamaged, match="is missing"):
        open_dataset(made, verify="sizes")


def test_a_folder_that_is_no_dataset_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="bdhvs export"):
        open_dataset(tmp_path)


def test_nothing_is_left_when_writing_fails(tmp_path: Path) -> None:
    def half() -> None:
        with DatasetWriter(tmp_path / "out", buffer_bytes=1) as writer:
            writer.write("responses", columns([1]), PLACE)
            assert list(writer.folder.glob("responses/**/*.parquet"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_calmly_and_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.open

    def full(path: Path, mode: str = "r", *rest: Any, **more: Any) -> Any:
        if mode == "xb":
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(path, mode, *rest, **more)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", full)
        with pytest.raises(DatasetError, match="make room"), DatasetWriter(tmp_path / "out") as writer:
            writer.write("responses", columns([1]), PLACE)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "bài.txt").write_text("của tôi", "utf-8")
    with pytest.raises(DatasetError, match="empty folder"):
        DatasetWriter(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["bài.txt"]


@pytest.mark.parametrize(
    ("table", "rows", "place", "said"),
    [
        ("responses", {"learner": [1]}, PLACE, "missing"),
        ("responses", {**columns([1]), "nickname": ["Bà Tư"]}, PLACE, "unknown .nickname"),
        ("responses", columns([1], level=["hai"]), PLACE, "other values"),
        ("responses", columns([1, 2, 1]), PLACE, "apart"),
        ("responses", columns([1]), None, "partition"),
        ("responses", columns([1]), Partition("../..", "x", date(2026, 1, 1)), "code"),
        ("band_results", {}, None, "expected one of the research level"),
    ],
)
def test_rows_that_do_not_fit_are_refused(
    tmp_path: Path, table: str, rows: dict[str, Any], place: Partition | None, said: str
) -> None:
    with pytest.raises(DatasetError, match=said), DatasetWriter(tmp_path / "out") as writer:
        writer.write(table, rows, place)
    assert list(tmp_path.iterdir()) == []


def test_an_older_dataset_is_read_with_new_columns_missing_and_a_newer_one_refused(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = {**schema.ITEMS, "weight": schema.Column("real", "a column of the next version", since=3)}
    with monkeypatch.context() as patched:
        patched.setattr(manifest, "VERSION", 3)
        patched.setattr(schema, "ITEMS", newer)
        patched.setitem(schema.ALL_TABLES, "items", newer)  # type: ignore[index]
        patched.setitem(manifest.UPGRADES, 2, lambda found: {**found, "about": {"upgraded": "from 2"}})
        found = open_dataset(made)
        assert found.table("items").schema.names[-1] == "weight"
        assert found.manifest.about == {"upgraded": "from 2"}
    monkeypatch.setattr(manifest, "VERSION", 0)
    with pytest.raises(DatasetError, match="newer bdhvs"):
        open_dataset(made)
