"""Columns of responses as numbers, one by one and only when asked for: of a file or of a table in memory.

Whoever counts answers mostly asks for a few of some thirty columns, and many hold one value all through (a file of an
assessment has one ``mode``). Parquet says so beforehand: such a column is not read, and is one number instead of an array,
which numpy broadcasts. Missing whole numbers and flags are 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

TEXTS = ("attempt_status", "mode", "item", "outcome", "help")


class Columns(Protocol):
    """Columns of `rows` responses."""

    rows: int

    def column(self, name: str) -> Any:
        """A `pyarrow.ChunkedArray` of `rows` values, or the one value they all have."""

    def least(self, name: str) -> Any:
        """A value that none of the column lies below, none of which is missing; None where that is not known beforehand."""


class TableColumns:
    """Columns of a table in memory."""

    def __init__(self, table: pa.Table) -> None:
        self.rows = table.num_rows
        self._table = table

    def column(self, name: str) -> Any:
        return self._table[name]

    def least(self, name: str) -> Any:
        return None


class FileColumns:
    """Columns of a Parquet file of a dataset; the day is the name of its folder."""

    def __init__(self, path: Path) -> None:
        import pyarrow.parquet as pq

        self._file = pq.ParquetFile(path, read_dictionary=list(TEXTS), memory_map=True)
        self._places = {name: place for place, name in enumerate(self._file.schema_arrow.names)}
        self._day = np.datetime64(path.parent.name.removeprefix("day="), "D").astype(np.int64)
        self.rows = self._file.metadata.num_rows

    def column(self, name: str) -> Any:
        if name == "day":
            return self._day
        ends = self._ends(name)
        if ends is not None and ends[0] == ends[1]:
            return ends[0]
        return self._file.read([name], use_threads=False)[name]

    def least(self, name: str) -> Any:
        ends = self._ends(name)
        return None if ends is None else ends[0]

    def _ends(self, name: str) -> tuple[Any, Any] | None:
        """Least and greatest value, as Parquet tells; None where it does not, or a value is missing."""
        about, place = self._file.metadata, self._places[name]
        parts = [about.row_group(number).column(place).statistics for number in range(about.num_row_groups)]
        if not parts or not all(one and one.has_min_max and one.has_null_count and one.null_count == 0 for one in parts):
            return None
        return min(one.min for one in parts), max(one.max for one in parts)


def numbers(columns: Columns, name: str) -> Any:
    """Whole numbers, days since 1970 or flags, as an array or one number; missing ones as 0."""
    import pyarrow as pa

    column = columns.column(name)
    if not isinstance(column, pa.ChunkedArray):
        return np.int64(column)
    if pa.types.is_date(column.type):
        column = column.cast(pa.date32()).cast(pa.int32())
    if column.null_count:
        column = column.fill_null(False if pa.types.is_boolean(column.type) else 0)
    return column.to_numpy()


def codes(columns: Columns, name: str) -> tuple[Any, list[str | None]]:
    """A text column as places in the list of its words, the last of which is None: an array or one number."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = columns.column(name)
    if not isinstance(column, pa.ChunkedArray):
        return np.int64(0), [column, None]
    if not pa.types.is_dictionary(column.type):
        column = pc.dictionary_encode(column)
    whole = column.unify_dictionaries().combine_chunks()
    indices = whole.indices.fill_null(len(whole.dictionary)) if whole.null_count else whole.indices
    return indices.to_numpy(zero_copy_only=False), [*whole.dictionary.to_pylist(), None]


def among(columns: Columns, name: str, *sets: Sequence[str]) -> list[Any]:
    """For each set of words where a text is one of them: an array of flags, or one flag for all rows."""
    which, known = codes(columns, name)
    return [np.array([word in words for word in known])[which] for words in sets]
