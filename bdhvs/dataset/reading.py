"""Opening a dataset: is it what was written, and its tables for Arrow, pandas or an engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bdhvs.dataset.arrow import arrow_schema, partition_schema
from bdhvs.dataset.manifest import NAME, Manifest, read_manifest
from bdhvs.dataset.mark import marked
from bdhvs.dataset.parts import checksum
from bdhvs.dataset.schema import PUBLIC_TABLES, RESEARCH_TABLES
from bdhvs.errors import DatasetDamaged, DatasetError

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.dataset as pads

Verify = Literal["full", "sizes"]

#: How many wrong files an error names before it only counts them.
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset that was verified. ``manifest`` says what it is; `table` and `scan` give its rows."""

    folder: Path
    manifest: Manifest

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of its tables."""
        return tuple(RESEARCH_TABLES if self.manifest.privacy == "research" else PUBLIC_TABLES)

    def files(self, table: str) -> list[Path]:
        """The Parquet files of a table: for an engine of your own."""
        self._refuse_unknown(table)
        return [self.folder / part.path for part in self.manifest.files if part.table == table]

    def scan(self, table: str) -> pads.Dataset:
        """A table as a lazy `pyarrow.dataset`: filters on place and day read only the folders they need.

        Columns are those of `bdhvs.dataset.schema`; one that came after this dataset was written is missing in every row.
        """
        import pyarrow.dataset as pads

        files = [str(path) for path in self.files(table)]
        partitioned = pads.partitioning(partition_schema(), flavor="hive") if table == "responses" else None
        schema = marked(arrow_schema(table), self.manifest.synthetic)
        root = str(self.folder / table)
        return pads.dataset(files, schema=schema, format="parquet", partitioning=partitioned, partition_base_dir=root)

    def table(self, table: str) -> pa.Table:
        """A whole table in memory, columns in the order of the schema."""
        return self.scan(table).to_table()

    def _refuse_unknown(self, table: str) -> None:
        if table not in self.tables:
            raise DatasetError(
                f"{self.folder}: found no table {table!r}, expected one of the {self.manifest.privacy} level: {', '.join(self.tables)}"
            )


def open_dataset(path: Path | str, *, verify: Verify = "full") -> Dataset:
    """The dataset in `path`, after a look at every file.

    Parameters
    ----------
    verify : ``full`` compares the checksum of every file; ``sizes`` only which files there are and how long they are (for
        a dataset verified before: it does not see a change that keeps the length).

    Raises
    ------
    DatasetError
        when there is no dataset, or a newer bdhvs wrote it.
    DatasetDamaged
        when files are missing, added, cut off, mixed up or edited.
    MissingExtra
        when pyarrow is not installed.

    Examples
    --------
    >>> found = open_dataset("out")                                                     # doctest: +SKIP
    >>> found.scan("responses").to_table(filter=pc.field("commune") == "14755")         # doctest: +SKIP
    """
    folder = Path(path).absolute()
    arrow_schema("items")  # pyarrow is there
    manifest = read_manifest(folder)
    wrong = [*_wrong_files(folder, manifest, verify), *_added_files(folder, manifest)]
    if wrong:
        more = f"; and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
        raise DatasetDamaged(
            f"{folder}: {'; '.join(wrong[:_NAMED])}{more}. Expected the files of {NAME} as they were written; "
            "copy the dataset again from where it was made"
        )
    return Dataset(folder, manifest)


def _wrong_files(folder: Path, manifest: Manifest, verify: Verify) -> Iterator[str]:
    for part in manifest.files:
        path = folder / part.path
        if not path.is_file():
            yield f"{part.path} is missing"
        elif (found := path.stat().st_size) != part.bytes:
            yield f"{part.path} has {found} bytes instead of {part.bytes}"
        elif verify == "full" and checksum(path) != part.sha256:
            yield f"{part.path} has other contents"


def _added_files(folder: Path, manifest: Manifest) -> Iterator[str]:
    known = {NAME, *(part.path for part in manifest.files)}
    found = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if not path.is_dir())
    yield from (f"{path} was not there" for path in found if path not in known)
