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
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bdhvs.dataset import open_dataset
from bdhvs.dataset.mark import marked
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
_TEXTS = ("attempt_status", "mode", "item", "outcome", "help")
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
    work = partial(_score_commune, scale=scale)
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
    import pyarrow as pa

    columns = _columns(rows)
    place = _places(columns, scale.items.ids)
    counts = _counting(columns) & (place >= 0)
    learners, person = _persons(columns["learner"][counts])
    if not len(learners):
        return _empty()
    points = np.where(_is(columns, "help", "none") & _is(columns, "outcome", "answered"), columns["score"], 0)[counts]
    cell = person * len(scale.items.ids) + place[counts]
    scores = np.full(len(learners) * len(scale.items.ids), MISSING, np.int8)
    scores[cell] = points
    if np.count_nonzero(scores != MISSING) < len(cell):
        # Somebody met an item twice. Of several numbers for one cell the last stays, so the first meeting comes last.
        order = np.lexsort((columns["try"][counts], -columns["attempt"][counts], -columns["day"][counts]))
        scores[cell[order]] = points[order]
    table = scores.reshape(len(learners), -1)
    ability, se = scale.abilities(table)
    return pa.table([learners, (table != MISSING).sum(axis=1), ability, se], schema=_empty().schema)


def _score_commune(files: Sequence[Path], scale: Scale) -> pa.Table:
    import pyarrow as pa

    return score_rows(pa.concat_tables([_read(path) for path in files]), scale)


def _read(path: Path) -> pa.Table:
    """`COLUMNS` of a file; the day is the name of its folder."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = [name for name in COLUMNS if name != "day"]
    table = pq.read_table(path, columns=names, read_dictionary=list(_TEXTS), partitioning=None, use_threads=False)
    day = np.datetime64(path.parent.name.removeprefix("day="), "D")
    return table.append_column("day", pa.repeat(pa.scalar(day.item()), len(table)))


def _empty() -> pa.Table:
    import pyarrow as pa

    names = {"learner": pa.int64(), "tasks": pa.int64(), "ability": pa.float64(), "se": pa.float64()}
    return pa.schema(names.items()).empty_table()


def _columns(rows: pa.Table) -> dict[str, Any]:
    """Columns as arrays: texts as codes with their words, missing numbers as 0, missing ``max`` as 0, days as numbers."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found: dict[str, Any] = {}
    for name in COLUMNS:
        column = rows[name]
        if name in _TEXTS:
            if not pa.types.is_dictionary(column.type):
                column = pc.dictionary_encode(column)
            whole = column.unify_dictionaries().combine_chunks()
            found[name] = whole.indices.fill_null(len(whole.dictionary)).to_numpy(zero_copy_only=False)
            found[name + " words"] = [*whole.dictionary.to_pylist(), None]
        else:
            if name == "day":
                column = column.cast(pa.date32()).cast(pa.int32())
            filled = column.fill_null(False if pa.types.is_boolean(column.type) else 0) if column.null_count else column
            found[name] = filled.to_numpy()
    return found


def _is(columns: dict[str, Any], name: str, *words: str) -> NDArray[np.bool_]:
    """Where a text is one of `words`."""
    known = columns[name + " words"]
    if all(word in words for word in known[:-1]) and not (columns[name] == len(known) - 1).any():
        return np.ones(len(columns[name]), dtype=bool)
    return np.asarray(np.array([word in words for word in known])[columns[name]])


def _counting(columns: dict[str, Any]) -> NDArray[np.bool_]:
    """Rows that count; an item answered several times in an assessment still has several."""
    practice = _is(columns, "mode", "practice")
    due = practice & (columns["try"] <= 1) | ~practice & _is(columns, "attempt_status", "finished")
    shown = _is(columns, "outcome", "answered", "skipped") & (columns["max"] > 0)
    return np.asarray(due & shown & ~columns["neutralised"] & ~columns["after_solutions"])


def _places(columns: dict[str, Any], ids: Sequence[str]) -> NDArray[np.intp]:
    """Place of each row's item among `ids`; −1 for one that was not calibrated."""
    known = {name: place for place, name in enumerate(ids)}
    words, versions = columns["item words"], columns["item_version"]
    most = int(versions.max(initial=0)) + 1
    table = np.array([[known.get(f"{word}@{version}", -1) for version in range(most)] for word in words])
    return np.asarray(table.ravel()[columns["item"] * most + versions])


def _persons(learner: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """The learners, and which of them each row is of. Rows of a learner mostly stand together, so runs are looked up, not rows."""
    if not len(learner):
        return learner, learner.astype(np.intp)
    first = np.flatnonzero(np.concatenate([[True], learner[1:] != learner[:-1]]))
    learners, which = np.unique(learner[first], return_inverse=True)
    return learners, np.repeat(which, np.diff(np.append(first, len(learner))))
