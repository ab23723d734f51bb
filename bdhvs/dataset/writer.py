"""Writing a dataset: batches in, a folder with manifest and dictionary out, whole or not at all.

::

    with DatasetWriter(Path("out"), privacy="research", k=10) as writer:
        writer.write("responses", columns, Partition("38", "14755", day))     # any number of batches, in any order
        writer.write("learners", table)
        writer.calibrations = [...]

Everything grows in a folder beside `out`, which takes its place when the ``with`` block ends without an error. Other
processes may help: they call `bdhvs.dataset.parts.write_part` with `DatasetWriter.folder`, and the writer `add`s what they return.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from bdhvs.dataset.arrow import as_table, need_pyarrow
from bdhvs.dataset.combinations import all_combinations
from bdhvs.dataset.dictionary import dictionary_json, dictionary_page
from bdhvs.dataset.manifest import NAME, Manifest, Privacy, manifest_text
from bdhvs.dataset.parts import Part, Partition, cannot_write, write_bytes, write_part
from bdhvs.dataset.schema import ALL_TABLES, PUBLIC_TABLES, RESEARCH_TABLES, VERSION
from bdhvs.errors import DatasetError

if TYPE_CHECKING:
    import pyarrow as pa

#: Decompressed rows kept in memory before files are written: more means fewer and larger files.
BUFFER_BYTES = 256 * 2**20

_Place = tuple[str, Partition | None]


class DatasetWriter:
    """Takes batches of rows and leaves a dataset.

    Parameters
    ----------
    out : the folder to make; it must be missing or empty.
    privacy : which tables there are: ``research`` (`schema.RESEARCH_TABLES`) or ``public`` (`schema.PUBLIC_TABLES`).
    k : how many share every combination told; None when nothing is promised (synthetic data).
    synthetic : the people are invented: manifest, dictionary and every file say so.
    buffer_bytes : memory for rows not yet written.

    Attributes
    ----------
    period, bank_versions, calibrations, loss, about : for the manifest (`Manifest`); set them before the block ends.
        They are taken as they are given.
    days : on which something happened; those of responses come of themselves.

    Raises
    ------
    DatasetError
        when `out` is not empty or cannot be made.
    MissingExtra
        when pyarrow is not installed.
    """

    def __init__(
        self,
        out: Path | str,
        *,
        privacy: Privacy = "research",
        k: int | None = None,
        synthetic: bool = False,
        buffer_bytes: int = BUFFER_BYTES,
    ) -> None:
        need_pyarrow()
        self.out = Path(out).absolute()
        _refuse_full(self.out)
        self.folder = self.out.with_name(f".{self.out.name}.{secrets.token_hex(4)}.part")
        self.period: dict[str, str | None] = {"since": None, "until": None}
        self.bank_versions: tuple[str, ...] = ()
        self.calibrations: tuple[Mapping[str, Any], ...] = ()
        self.loss: Mapping[str, Any] = {}
        self.about: Mapping[str, Any] = {}
        self.days: set[date] = set()
        self._privacy, self._k, self._synthetic, self._buffer_bytes = privacy, k, synthetic, buffer_bytes
        self._tables = RESEARCH_TABLES if privacy == "research" else PUBLIC_TABLES
        self._parts: list[Part] = []
        self._waiting: dict[_Place, list[pa.Table]] = {}
        self._waiting_bytes = 0
        self._numbers: Counter[_Place] = Counter()
        try:
            self.folder.mkdir(parents=True)
        except OSError as exc:
            raise cannot_write(self.folder, exc) from exc

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._finish()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)  # after a finish it has been renamed

    def write(
        self,
        table: str,
        rows: pa.Table | pa.RecordBatch | Mapping[str, Any],
        partition: Partition | None = None,
    ) -> None:
        """Add rows of a table. Responses need their partition; the rows of a learner come together.

        Raises
        ------
        DatasetError
            when the table is not one of this privacy level, or as `bdhvs.dataset.parts.write_part`.
        """
        self._refuse_table(table)
        whole = as_table(table, rows)
        self._waiting.setdefault((table, partition), []).append(whole)
        self._waiting_bytes += whole.nbytes
        if self._waiting_bytes > self._buffer_bytes:
            self.flush()

    def add(self, part: Part) -> None:
        """Take over a file that `write_part` wrote into `folder`, here or in another process."""
        self._refuse_table(part.table or "")
        self._parts.append(part)
        if part.table == "responses":
            self.days.add(date.fromisoformat(PurePosixPath(part.path).parent.name.removeprefix("day=")))

    def flush(self) -> None:
        """Write what waits in memory. Called at the end of a commune, it makes one file per day and commune."""
        import pyarrow as pa

        for place, tables in self._waiting.items():
            table, partition = place
            rows, number = pa.concat_tables(tables), self._numbers[place]
            part = write_part(self.folder, table, rows, partition, number=number, synthetic=self._synthetic)
            self._numbers[place] += 1
            self.add(part)
        self._waiting.clear()
        self._waiting_bytes = 0

    def _refuse_table(self, table: str) -> None:
        if table not in self._tables:
            raise DatasetError(
                f"table {table!r}: expected one of the {self._privacy} level: {', '.join(self._tables)}"
                + (" (no rows of persons leave at this level)" if table in ALL_TABLES else "")
            )

    def _finish(self) -> None:
        self.flush()
        if "combinations" in self._tables:
            self.write("combinations", all_combinations(self.folder))
            self.flush()
        self._write_empty_tables()
        draft = self._manifest(())
        pages = {"dictionary.md": dictionary_page(draft), "dictionary.json": dictionary_json(draft)}
        self._parts += [write_bytes(self.folder, name, text.encode(), None) for name, text in pages.items()]
        manifest = self._manifest(tuple(sorted(self._parts, key=lambda part: part.path)))
        write_bytes(self.folder, NAME, manifest_text(manifest).encode(), None)
        _sync(self.folder)
        _put_in_place(self.folder, self.out)

    def _write_empty_tables(self) -> None:
        """A table without a row has a file too, so that every engine finds its columns."""
        written = {part.table for part in self._parts}
        for table in self._tables:
            if table not in written and table != "responses":
                empty: dict[str, list[Any]] = {name: [] for name in self._tables[table]}
                self.add(write_part(self.folder, table, empty, synthetic=self._synthetic))

    def _manifest(self, files: tuple[Part, ...]) -> Manifest:
        rows = Counter(dict.fromkeys(self._tables, 0))
        for part in self._parts:
            if part.table is not None:
                rows[part.table] += part.rows
        days = {
            "first_day": min(self.days).isoformat() if self.days else None,
            "last_day": max(self.days).isoformat() if self.days else None,
        }
        return Manifest(
            schema_version=VERSION,
            made_by=_program(),
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            privacy=self._privacy,
            k=self._k,
            synthetic=self._synthetic,
            period={**self.period, **days},
            bank_versions=tuple(self.bank_versions),
            calibrations=tuple(self.calibrations),
            rows=dict(rows),
            loss=self.loss,
            about=self.about,
            files=files,
        )


def _program() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"bdhvs {version('bdhvs')}"
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "bdhvs"


def _refuse_full(out: Path) -> None:
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise DatasetError(f"{out}: found something there already, expected a new or empty folder; choose another name")


def _sync(folder: Path) -> None:
    """The manifest reaches the disk before the folder gets its name: after a power cut a dataset is whole or not there."""
    with (folder / NAME).open("rb") as file:
        os.fsync(file.fileno())


def _put_in_place(folder: Path, out: Path) -> None:
    try:
        if out.is_dir():
            out.rmdir()  # empty, or this refuses: somebody else has written there meanwhile
        folder.rename(out)
    except OSError as exc:
        raise cannot_write(out, exc) from exc
