"""Responses in parts: what calibration asks of a part, as functions that can be sent to where the part is.

Each is a pure function of a part, and the answers add up, so it is the same code for one array in memory, for files one after
another, for processes and for the partitions of a cluster. All that is needed is a ``map``::

    IRTModel("2pl").fit_partitions(parts)                                       # one after another
    IRTModel("2pl").fit_partitions(parts, mapped=pool.map)                      # concurrent.futures.ProcessPoolExecutor
    IRTModel("2pl").fit_partitions(rdd, mapped=lambda f, r: r.map(f).collect()) # Spark, an RDD of Partition
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial, reduce
from operator import add
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bdhvs.measurement.expectation import Sums, Tables, expect
from bdhvs.measurement.flags import joined_sets, linked_sets
from bdhvs.measurement.item_models import Floats
from bdhvs.measurement.responses import Responses

Mapped = Callable[[Callable[[Any], Any], Any], Iterable[Any]]
SEED = 2025
SINGLE_PRECISION_FROM = 100_000  # persons in all; rounding is then far below sampling error


@dataclass(frozen=True)
class Partition:
    """Some of the persons.

    Attributes
    ----------
    responses : persons × items; the same items in the same order in all parts.
    group : number of each person's group, from 0; None when all are in one.
    weight : how many persons each row stands for, ≥ 0; None for 1 each.
    """

    responses: Responses
    group: NDArray[np.intp] | None = None
    weight: Floats | None = None

    def __post_init__(self) -> None:
        persons = self.responses.shape[0]
        for name, given in (("group", self.group), ("weight", self.weight)):
            if given is not None and given.shape != (persons,):
                raise ValueError(f"found a part with {name} of shape {given.shape}, expected one for each of {persons} persons")
            if given is not None and persons and not given.min() >= 0:
                raise ValueError(f"found a part with a {name} below 0 or no number, expected 0 or more")

    def sample(self, share: float) -> Partition:
        """A random share of the persons, the same every time; at least one."""
        persons = self.responses.shape[0]
        size = max(1, min(persons, round(share * persons)))
        rows = np.sort(np.random.default_rng(SEED).integers(persons, size=size))
        return self.taking(rows)

    def taking(self, rows: NDArray[np.intp]) -> Partition:
        """Some of the persons."""
        return Partition(
            self.responses.take(rows),
            None if self.group is None else self.group[rows],
            None if self.weight is None else self.weight[rows],
        )


@dataclass(frozen=True)
class Extent:
    """How much a part holds: persons, highest score by item, which items hang together (`flags.linked_sets`), groups."""

    persons: int
    maximum: NDArray[np.intp]
    sets: NDArray[np.intp]
    groups: int


@dataclass(frozen=True)
class Counts:
    """Persons by cell: as rows, by weight, and rows by group (groups × items, whether anybody answered)."""

    rows: Floats
    weighted: Floats
    answered_by: NDArray[np.bool_]

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.rows + other.rows, self.weighted + other.weighted, self.answered_by | other.answered_by
        )


def extent(part: Partition) -> Extent:
    """What a part holds."""
    persons = part.responses.shape[0]
    groups = 1 if part.group is None else int(part.group.max()) + 1
    return Extent(persons, part.responses.cells.maximum, linked_sets(part.responses), groups)


def count(part: Partition, *, maximum: NDArray[np.intp], groups: int) -> Counts:
    """Persons by cell of a part."""
    responses = part.responses.with_maximum(maximum)
    counted = None if part.weight is None else part.weight > 0
    rows = responses.counts(None if counted is None else counted.astype(np.float64))
    weighted = rows if part.weight is None else responses.counts(part.weight)
    answered = np.zeros((groups, len(maximum)), dtype=bool)
    first = responses.cells.first
    if part.group is None:
        answered[0] = np.add.reduceat(rows, first) > 0
    else:
        for number in range(groups):
            member = part.group == number if counted is None else (part.group == number) & counted
            own = responses.counts(member.astype(np.float64))
            answered[number] = np.add.reduceat(own, first) > 0
    return Counts(rows, weighted, answered)


def expected(
    part: Partition, *, maximum: NDArray[np.intp], tables: Tables, dtype: Any, threads: int
) -> Sums:
    """The E-step over a part."""
    return expect(
        part.responses.with_maximum(maximum), tables, group=part.group, weight=part.weight, dtype=dtype, threads=threads
    )


def sampled(part: Partition, *, share: float) -> Partition:
    """A random share of a part."""
    return part.sample(share)


def answering(part: Partition, *, items: NDArray[np.intp]) -> Partition:
    """Those of a part who answered one of these items."""
    cells = np.isin(part.responses.cells.item, items).astype(np.float32)
    rows = [np.flatnonzero(block @ cells > 0) + which.start for which, block in part.responses.blocks(np.float32)]
    return part.taking(np.concatenate(rows))


class Parts:
    """All parts, asked together.

    Attributes
    ----------
    persons, groups : how many.
    maximum : highest score of each item, seen in any part; `make_room` raises it.
    sets : which items hang together over all parts.
    dtype : precision of the E-step.
    threads : blocks of a part worked on at once.
    """

    def __init__(self, parts: Any, mapped: Mapped = map, threads: int = 1) -> None:
        if isinstance(parts, Iterator):
            raise TypeError("found parts that can be read once only, expected a list: they are read once for each step")
        self._parts, self._mapped, self.threads = parts, mapped, threads
        found: list[Extent] = list(mapped(extent, parts))
        if not found:
            raise ValueError("found no part with responses, expected at least one")
        sizes = sorted({len(one.maximum) for one in found})
        if len(sizes) > 1:
            raise ValueError(f"found parts with {' and '.join(map(str, sizes))} items, expected the same items in all parts")
        self.persons = sum(one.persons for one in found)
        self.groups = max(one.groups for one in found)
        self.maximum: NDArray[np.intp] = np.max([one.maximum for one in found], axis=0)
        self.sets = joined_sets([one.sets for one in found])
        self.dtype: Any = np.float32 if self.persons >= SINGLE_PRECISION_FROM else np.float64

    def make_room(self, maximum: NDArray[np.intp]) -> None:
        """Let items have higher scores than anybody reached."""
        self.maximum = np.maximum(self.maximum, maximum)

    def counts(self) -> Counts:
        """Persons by cell."""
        total: Counts = self.summed(partial(count, maximum=self.maximum, groups=self.groups))
        return total

    def expected(self, tables: Tables) -> Sums:
        """The E-step over all persons."""
        ask = partial(expected, maximum=self.maximum, tables=tables, dtype=self.dtype, threads=self.threads)
        total: Sums = self.summed(ask)
        return total

    def summed(self, ask: Callable[[Partition], Any]) -> Any:
        """What `ask` gives for each part, added up."""
        return reduce(add, self._mapped(ask, self._parts))

    def sample(self, persons: int) -> Parts:
        """About so many of the persons, here in memory, in single precision."""
        return self._here(partial(sampled, share=persons / self.persons))

    def answering(self, items: NDArray[np.intp]) -> Parts:
        """Those who answered one of these items, here in memory."""
        return self._here(partial(answering, items=items))

    def _here(self, some: Callable[[Partition], Partition]) -> Parts:
        few = object.__new__(Parts)
        few.__dict__.update(self.__dict__)
        few._parts = [one for one in self._mapped(some, self._parts) if one.responses.shape[0]]
        few._mapped, few.dtype = map, np.float32
        few.persons = sum(one.responses.shape[0] for one in few._parts)
        return few
