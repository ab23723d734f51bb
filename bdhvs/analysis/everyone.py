"""Ability of everybody in a research dataset: a province from Parquet, a commune at a time, over several processes.

::

    from bdhvs.analysis.everyone import score_everyone
    table = score_everyone("dataset", items)          # a pyarrow.Table: learner, tasks, ability, se

`score_rows` is the kernel. It takes rows of whole learners from wherever they come: files here, partitions of a cluster in
`score_on_spark`. What counts is the rule of bands and calibration (`bdhvs.service.score_evidence`): each item as it was met
first, done alone; in practice the first try, in an assessment the last answer before solutions could be seen; an attempt once
it is finished, or of practice. Attempts of a learner on one day stand in the order of their numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bdhvs.analysis.response_columns import Columns, FileColumns, TableColumns, among, codes, numbers
from bdhvs.dataset import Dataset, open_dataset
from bdhvs.dataset.mark import marked
from bdhvs.errors import DatasetError
from bdhvs.measurement import grids
from bdhvs.measurement.ability import eap
from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.expectation import Tables
from bdhvs.measurement.grids import Normal
from bdhvs.measurement.responses import MISSING, Responses

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

#: What the kernel reads of a response.
COLUMNS = (
    "learner", "day", "attempt", "attempt_status", "mode", "item", "item_version", "outcome", "try", "score", "max", "help",
    "neutralised", "after_solutions",
)  # fmt: skip
NODES = 61  # as `bdhvs.measurement.ability.estimate`


@dataclass(frozen=True)
class Scale:
    """Items by name (``id@version``) on a scale, and the distribution that learners come from."""

    items: CalibratedItems
    learners: Normal = field(default_factory=Normal)

    def abilities(self, scores: NDArray[np.int8]) -> tuple[Any, Any]:
        """Posterior mean and deviation of each row of learners × items, in double precision, whoever stands beside it."""
        used = np.ones(len(self.items.ids), dtype=bool)
        at = grids.nodes(NODES, grids.WIDEST)
        tables = Tables.of(self.items.family, self.items.cells, self.items.parameters, at, [self.learners], used)
        return eap(Responses.dense(scores).with_maximum(self.items.cells.maximum), tables)


def score_everyone(dataset: str | Path, scale: Scale, *, processes: int = 2) -> pa.Table:
    """Ability of every learner of a dataset with a response that counts.

    Parameters
    ----------
    processes : that share the communes. Memory: one commune's answers in each.

    Returns
    -------
    One row per learner, by number: ``learner``, ``tasks`` (that count), ``ability`` and ``se`` (logits; posterior mean and
    deviation). Of invented people its metadata say so.

    Raises
    ------
    DatasetError, DatasetDamaged, MissingExtra
        as `bdhvs.dataset.open_dataset`.
    ValueError
        naming the item, when a score lies above what the item was calibrated for.
    """
    import pyarrow as pa

    opened = open_dataset(dataset, verify="sizes")
    files = sorted(opened.files("responses"))
    communes = [list(group) for _, group in groupby(files, key=lambda path: path.parents[1])]
    work = partial(_score_commune, scale=scale, known=_known(opened, scale.items.ids))
    if processes == 1:
        found = list(map(work, communes))
    else:
        with ProcessPoolExecutor(processes) as pool:
            found = list(pool.map(work, communes, chunksize=max(1, min(8, len(communes) // (4 * processes)))))
    everybody = pa.concat_tables([_empty(), *found]).sort_by("learner")
    return everybody.cast(marked(everybody.schema, opened.manifest.synthetic))


def score_on_spark(responses: DataFrame, scale: Scale) -> DataFrame:
    """The same over a Spark frame with the columns of the contract; the kernel runs in each partition (``mapInArrow``)."""

    def score(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        rows = list(batches)
        if rows:
            yield from score_rows(pa.Table.from_batches(rows), scale).to_batches()

    # All rows of a learner in one partition.
    return (
        responses.select(*COLUMNS)
        .repartition("learner")
        .mapInArrow(score, "learner bigint, tasks bigint, ability double, se double")
    )


def score_rows(rows: pa.Table, scale: Scale) -> pa.Table:
    """Ability of the learners of `rows`, which hold all their responses, in any order, with `COLUMNS`."""
    return _score([TableColumns(rows)], scale, None)


def _score_commune(files: Sequence[Path], scale: Scale, known: Known | None) -> pa.Table:
    return _score([FileColumns(path) for path in files], scale, known)


class Worth(NamedTuple):
    """Of rows, or of combinations: the item's place among the calibrated (after the last: not calibrated), points (`MISSING` where
    none count), and whether they count only once the attempt is finished."""

    place: NDArray[np.int32]
    points: NDArray[np.int8]
    waits: NDArray[np.bool_]


class Known(NamedTuple):
    """What the combinations of a dataset are worth, by number: most columns of the responses need not be read then."""

    combination: NDArray[np.int64]
    worth: Worth

    def which(self, rows: Columns) -> NDArray[np.int32]:
        """Of each row the place of its combination.

        Raises
        ------
        DatasetError
            when a row names a combination that the dataset does not have.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        named = np.broadcast_to(numbers(rows, "combination"), rows.rows)
        found = pc.index_in(pa.array(named), value_set=pa.array(self.combination))
        if found.null_count:
            raise DatasetError(
                f"found {found.null_count} responses whose combination the table combinations does not have; export the dataset again"
            )
        return np.asarray(found.to_numpy())


def _known(dataset: Dataset, ids: Sequence[str]) -> Known | None:
    """None for an older dataset, whose responses name no combination."""
    table = dataset.table("combinations")
    return Known(table["combination"].to_numpy(), _worth(TableColumns(table), ids)) if table.num_rows else None


def _score(parts: Sequence[Columns], scale: Scale, known: Known | None) -> pa.Table:
    """Ability of the learners of `parts`, which together hold all their responses."""
    import pyarrow as pa

    parts = [part for part in parts if part.rows]
    if not parts:
        return _empty()
    ids = scale.items.ids
    learner, place, points = (np.concatenate(one) for one in zip(*(_points(part, ids, known) for part in parts), strict=True))
    learners, person = _persons(learner)
    # Rows that do not count are written, too, as missing: that is faster than to leave them out. An item that was not
    # calibrated has a column of its own for it.
    width = len(ids) + 1
    scores = np.full(len(learners) * width, MISSING, np.int8)
    cell = person * width + place
    scores[cell] = points
    counting = points != MISSING
    if np.count_nonzero(scores != MISSING) < np.count_nonzero(counting):
        # Somebody met an item twice. Of several numbers for one cell the last stays, so the first meeting comes last.
        order = np.flatnonzero(counting)[np.lexsort(_latest_first(parts, counting))]
        scores[cell[order]] = points[order]
    table = scores.reshape(len(learners), width)[:, :-1]
    tasks = (table != MISSING).sum(axis=1)
    some = np.flatnonzero(tasks)
    if not len(some):
        return _empty()
    ability, se = scale.abilities(table if len(some) == len(learners) else table[some])
    return pa.table([learners[some], tasks[some], ability, se], schema=_empty().schema)


def _points(rows: Columns, ids: Sequence[str], known: Known | None) -> tuple[Any, ...]:
    """Of each row the learner, the item's place and points, as in `Worth`."""
    worth, which = (_worth(rows, ids), slice(None)) if known is None else (known.worth, known.which(rows))
    points = worth.points[which]
    (finished,) = among(rows, "attempt_status", ["finished"])
    if not finished.all():
        points = np.where(worth.waits[which] & ~finished, np.int8(MISSING), points)
    return np.broadcast_to(numbers(rows, "learner"), rows.rows), worth.place[which], points


def _worth(rows: Columns, ids: Sequence[str]) -> Worth:
    """What rows are worth: in practice the first try, in an assessment the answer; an item answered several times in these still
    has several."""
    place = _places(rows, ids)
    answered, shown = among(rows, "outcome", ["answered"], ["answered", "skipped"])
    (unhelped,) = among(rows, "help", ["none"])
    (practice,) = among(rows, "mode", ["practice"])
    first = numbers(rows, "try") <= 1 if practice.any() else np.True_
    counting = shown & (place < len(ids)) & _worth_points(rows) & (first | ~practice)
    counting = counting & ~_flags(rows, "neutralised") & ~_flags(rows, "after_solutions")
    points = np.where(counting, numbers(rows, "score").astype(np.int8) * (answered & unhelped), np.int8(MISSING))
    return Worth(*(np.broadcast_to(one, rows.rows) for one in (place.astype(np.int32), points, ~practice)))


def _worth_points(rows: Columns) -> Any:
    """Rows of items that give points; all, where the file says so beforehand."""
    return (rows.least("max") or 0) > 0 or numbers(rows, "max") > 0


def _flags(rows: Columns, name: str) -> Any:
    return numbers(rows, name).astype(bool)


def _latest_first(parts: Sequence[Columns], counting: NDArray[np.bool_]) -> list[Any]:
    """Keys for `numpy.lexsort` that bring the first meeting of an item to the end, of the rows that count."""
    tries, attempt, day = (
        np.concatenate([np.broadcast_to(numbers(part, name), part.rows) for part in parts])[counting]
        for name in ("try", "attempt", "day")
    )
    return [tries, -attempt, -day]


def _empty() -> pa.Table:
    import pyarrow as pa

    names = {"learner": pa.int64(), "tasks": pa.int64(), "ability": pa.float64(), "se": pa.float64()}
    return pa.schema(names.items()).empty_table()


def _places(rows: Columns, ids: Sequence[str]) -> Any:
    """Place of each row's item among `ids`; after the last for one that was not calibrated."""
    known = {name: place for place, name in enumerate(ids)}
    item, words = codes(rows, "item")
    versions = numbers(rows, "item_version")
    least, most = int(versions.min()), int(versions.max())
    table = np.array([[known.get(f"{word}@{version}", len(ids)) for version in range(least, most + 1)] for word in words])
    return table[:, 0][item] if least == most else table[item, versions - least]


def _persons(learner: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """The learners, and which of them each row is of. Rows of a learner mostly stand together, so runs are looked up, not rows."""
    first = np.flatnonzero(np.concatenate([[True], learner[1:] != learner[:-1]]))
    learners, which = np.unique(learner[first], return_inverse=True)
    return learners, np.repeat(which, np.diff(np.append(first, len(learner))))
