"""From stored answers to scored responses: one number for each learner and item, the first time they met.

What is measured is doing it alone and unprompted, so:

- the first attempt in which a learner met an item counts, later ones show learning;
- in practice its first try, before any feedback; in an assessment its last answer before solutions could be seen;
- with help or a hint it was not done alone: no points;
- left out by the learner (skipped): no points; not reached, or cut off by the end: not shown;
- out of the class's results (neutralised): not shown;
- what people think of themselves (no ``max``) is no response.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from bdhvs.service.score_evidence import Row, counts, points_alone


class ItemKey(NamedTuple):
    """An item as it was given."""

    id: str
    version: int

    def __str__(self) -> str:
        return f"{self.id}@{self.version}"


@dataclass(frozen=True)
class Scored:
    """Scored responses as one long table: ``person`` and ``item`` are places in `learners` and `items`.

    ``maximum``: most points of each item. ``first``, ``last``: days of the answers, UTC, ISO 8601.
    """

    learners: tuple[str, ...]
    items: tuple[ItemKey, ...]
    maximum: tuple[int, ...]
    person: tuple[int, ...]
    item: tuple[int, ...]
    score: tuple[int, ...]
    first: str
    last: str

    def without(self, items: Collection[ItemKey]) -> Scored:
        """The same learners without these items."""
        kept = [place for place, one in enumerate(self.items) if one not in items]
        place = {old: new for new, old in enumerate(kept)}
        rows = [row for row, item in enumerate(self.item) if item in place]
        return replace(
            self,
            items=tuple(self.items[one] for one in kept),
            maximum=tuple(self.maximum[one] for one in kept),
            person=tuple(self.person[row] for row in rows),
            item=tuple(place[self.item[row]] for row in rows),
            score=tuple(self.score[row] for row in rows),
        )


class NothingToScore(ValueError):
    """No answer in the data can be scored."""


def scored(rows: Iterable[Row]) -> Scored:
    """Scored responses from rows of `bdhvs.store.export.response_rows`, of one folder or several after one another.

    Raises
    ------
    NothingToScore
        when there is no answer among them.
    """
    met: dict[tuple[str, ItemKey], tuple[str, Row]] = {}
    for row in rows:
        if not counts(row):
            continue
        key = (row["learner"], ItemKey(row["item"], row["item_version"]))
        before = met.get(key)
        # Within an attempt the last row that counts is the one: of practice only the first try does.
        if before is None or row["attempt"] == before[1]["attempt"] or row["started_at"] < before[0]:
            met[key] = (row["started_at"], row)
    if not met:
        raise NothingToScore("found no answer that counts, expected at least one; was this folder used by a class?")
    return _table({key: row for key, (_, row) in met.items()})


def _table(met: Mapping[tuple[str, ItemKey], Row]) -> Scored:
    learners = {one: place for place, one in enumerate(sorted({learner for learner, _ in met}))}
    items = {one: place for place, one in enumerate(sorted({item for _, item in met}))}
    maximum = {item: row["max"] for (_, item), row in met.items()}
    days = sorted(row["recorded_at"][:10] for row in met.values() if row["recorded_at"] is not None)
    return Scored(
        learners=tuple(learners),
        items=tuple(items),
        maximum=tuple(maximum[one] for one in items),
        person=tuple(learners[learner] for learner, _ in met),
        item=tuple(items[item] for _, item in met),
        score=tuple(points_alone(row) for row in met.values()),
        first=days[0],
        last=days[-1],
    )
