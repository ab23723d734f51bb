"""One Parquet file of a dataset: how it is written, and what the manifest says of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bdhvs.dataset.arrow import as_table, required
from bdhvs.dataset.combinations import with_combination
from bdhvs.dataset.mark import marked
from bdhvs.errors import DatasetError

if TYPE_CHECKING:
    import pyarrow as pa

#: Rows of a row group: what an engine hands to one thread at a time (DuckDB's own size), some MB decompressed.
ROW_GROUP = 122_880
#: zstd at its usual level; 9 made files 4 % smaller and took three times as long.
ZSTD_LEVEL = 3
#: Reads of a file when its checksum is made.
_CHUNK_BYTES = 2**20
_CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")


class Partition(NamedTuple):
    """The folder of some responses: codes of province and commune, and a day in Vietnam."""

    province: str
    commune: str
    day: date

    @property
    def folder(self) -> str:
        """Where the files of this partition lie, below the dataset's folder.

        Raises
        ------
        DatasetError
            when a code cannot stand in the name of a folder.
        """
        for code in (self.province, self.commune):
            if not _CODE.fullmatch(code):
                raise DatasetError(f"place: found the code {code!r}, expected 1 to 40 letters, digits, - or _")
        return f"responses/province={self.province}/commune={self.commune}/day={self.day.isoformat()}"


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a dataset: ``path`` below its folder with ``/``; ``table`` is None for a page that is no table."""

    path: str
    table: str | None
    rows: int
    bytes: int
    sha256: str


def write_part(
    folder: Path,
    table: str,
    rows: pa.Table | pa.RecordBatch | Mapping[str, Any],
    partition: Partition | None = None,
    *,
    number: int = 0,
    synthetic: bool = False,
) -> Part:
    """Write `rows` as one Parquet file (zstd) below `folder`; safe to call in several processes at once.

    Parameters
    ----------
    folder : `DatasetWriter.folder`, or any other in which a dataset grows.
    rows : columns as in `bdhvs.dataset.schema`, without those of `schema.NOT_GIVEN`. The rows of a learner stand together.
    partition : of responses, where they belong; None for every other table.
    number : of the file within its folder; each may be used once.
    synthetic : the people are invented: the file says so by itself, wherever it is copied.

    Raises
    ------
    DatasetError
        when columns do not fit, rows of a learner are apart, the number is taken, or the disk is full.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if (partition is not None) is not (table == "responses"):
        raise DatasetError(f"{table}: responses, and only they, have a partition; found {partition}")
    whole = as_table(table, rows)
    if table == "responses":
        _refuse_scattered(whole)
        whole = _combined(folder, whole)
    path = f"{partition.folder if partition else table}/part-{number:05}.parquet"
    whole = whole.cast(marked(whole.schema, synthetic))
    sink = pa.BufferOutputStream()
    pq.write_table(required(whole), sink, compression="zstd", compression_level=ZSTD_LEVEL, row_group_size=ROW_GROUP)
    return write_bytes(folder, path, memoryview(sink.getvalue()), table, whole.num_rows)


def write_bytes(folder: Path, path: str, content: bytes | memoryview, table: str | None, rows: int = 0) -> Part:
    """Write `content` as a new file of a dataset.

    Raises
    ------
    DatasetError
        when there is such a file already, or it cannot be written: disk full, no right to.
    """
    whole = folder / path
    try:
        whole.parent.mkdir(parents=True, exist_ok=True)
        with whole.open("xb") as file:
            file.write(content)
    except FileExistsError as exc:
        raise DatasetError(
            f"{whole}: found this file already, expected to write it once; give parts other numbers"
        ) from exc
    except OSError as exc:
        raise cannot_write(whole, exc) from exc
    return Part(path, table, rows, len(content), hashlib.sha256(content).hexdigest())


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def cannot_write(path: Path, exc: OSError) -> DatasetError:
    """What to say when the disk is full or a folder is not ours."""
    return DatasetError(
        f"{path}: this cannot be written ({exc.strerror or exc}). Nothing half made is left, and the class's data are as they "
        "were; make room or choose another place, then try again"
    )


def _combined(folder: Path, whole: pa.Table) -> pa.Table:
    try:
        return with_combination(folder, whole)
    except OSError as exc:
        raise cannot_write(folder, exc) from exc


def _refuse_scattered(whole: pa.Table) -> None:
    import pyarrow.compute as pc

    learners = whole["learner"].combine_chunks()
    runs = len(pc.run_end_encode(learners).values) if len(learners) else 0
    if runs != pc.count_distinct(learners, mode="all").as_py():
        raise DatasetError(
            "responses: found rows of a learner apart from each other, expected them together; sort by learner"
        )
