"""The public level: counts and means of at least k people in every row and in whatever follows from the rows; nobody's own row."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from bdhvs.dataset.merging import Item, Place, merged_cells, merged_items, merged_places
from bdhvs.dataset.schema import PUBLIC_TABLES, REST
from bdhvs.dataset.source import Period, Person, answers, made_by, scores_by_learner
from bdhvs.dataset.writer import DatasetWriter
from bdhvs.store import Store
from bdhvs.store.rows import Versions

#: A band that was not named, for want of evidence.
UNKNOWN = "unknown"


@dataclass(slots=True)
class Tally:
    """What is counted of a cell. ``learners`` is None where it is not known how many different ones there are."""

    learners: int | None = 0
    answered: int = 0
    skipped: int = 0
    not_reached: int = 0
    cut_off: int = 0
    alone: int = 0
    points: int = 0
    most: int = 0

    def take(self, row: Mapping[str, Any]) -> None:
        """Count a row of `bdhvs.store.export`."""
        setattr(self, row["outcome"], getattr(self, row["outcome"]) + 1)
        if row["outcome"] == "answered":
            self.alone += row["help"] == "none"
            self.points += row["score"]
            self.most += row["max"]

    def columns(self) -> dict[str, Any]:
        """As columns of a public table."""
        counts = {name: getattr(self, name) for name in ("learners", "answered", "skipped", "not_reached", "cut_off")}
        alone = self.alone / self.answered if self.answered else None
        return {**counts, "share": self.points / self.most if self.most else None, "alone": alone}


def together(tallies: Sequence[Tally], *, different: bool) -> Tally:
    """The sum of tallies; their learners add up only when they are different people."""
    whole = Tally(*(sum(getattr(one, own.name) or 0 for one in tallies) for own in fields(Tally)))
    if not different and len(tallies) > 1:
        whole.learners = None
    return whole


@dataclass(slots=True)
class Topic:
    """Everything counted of one competence in one mode."""

    places: defaultdict[Place, Tally] = field(default_factory=lambda: defaultdict(Tally))
    items: defaultdict[Item, Tally] = field(default_factory=lambda: defaultdict(Tally))
    given: set[tuple[Place, Item]] = field(default_factory=set)
    few: defaultdict[Item, set[str]] = field(default_factory=lambda: defaultdict(set))


class Subject(NamedTuple):
    """What bands are counted by."""

    score_version: str
    synthetic: bool
    domain: str


Topics = defaultdict[tuple[str, str], Topic]
Bands = defaultdict[Subject, Counter[tuple[Place, str]]]


def write_public(
    store: Store,
    writer: DatasetWriter,
    people: Sequence[Person],
    period: Period,
    k: int,
    progress: Callable[[int], object],
) -> None:
    """Write every table of the public level; memory holds the counts.

    Items taken out of a class's results, answers after the solutions could be seen, and self-assessments are left out.
    """
    topics: Topics = defaultdict(Topic)
    bands: Bands = defaultdict(Counter)
    levels: dict[Item, int] = {}
    banks: set[str] = set()
    items: Versions = {}
    versions: dict[str, dict[str, Any]] = {}
    for room, everybody in groupby(sorted(people, key=attrgetter("classroom")), attrgetter("classroom")):
        own = {one.learner: Place(one.told.province, one.told.commune) for one in everybody}
        scores = scores_by_learner(store, room)
        for learner, attempts in answers(store, list(own), period, items):
            _count(topics, learner, own[learner], [row for one in attempts for row in one.rows], levels, k)
            banks |= {one.attempt.bank_version for one in attempts}
            writer.days |= {one.day for one in attempts}
            begun = {one.attempt.id for one in attempts}
            newest = _newest([row for row in scores.get(learner, []) if row["attempt"] in begun])
            _count_bands(bands, own[learner], newest)
            versions |= {row["score_version"]: made_by(row) for row in newest}
            progress(1)
    written = {
        "competence_results": list(_competences(topics, k)),
        "item_results": list(_items(topics, levels, k)),
        "band_results": list(_bands(bands, k)),
    }
    for name, rows in written.items():
        writer.write(name, {column: [row[column] for row in rows] for column in PUBLIC_TABLES[name]})
    writer.calibrations = tuple(versions[digest] for digest in sorted(versions))
    writer.bank_versions = tuple(sorted(banks))
    writer.loss = _loss(topics, bands, written, k)


# ── counting ────────────────────────────────────────────────────────────────────────────────────────────


def _count(
    topics: Topics, learner: str, place: Place, rows: Sequence[Mapping[str, Any]], levels: dict[Item, int], k: int
) -> None:
    """Count one learner's rows."""
    new_places: set[tuple[str, str]] = set()
    new_items: set[tuple[str, str, Item]] = set()
    for row in rows:
        if not row["last"] or row["max"] is None or row["neutralised"] is not None or row["after_solutions"]:
            continue
        key, item = (row["mode"], row["competence"]), (row["item"], row["item_version"])
        topic = topics[key]
        topic.places[place].take(row)
        topic.items[item].take(row)
        topic.given.add((place, item))
        if len(topic.few[item]) < k:
            topic.few[item].add(learner)
        levels[item] = row["level"]
        new_places.add(key)
        new_items.add((*key, item))
    for key in new_places:
        topics[key].places[place].learners = (topics[key].places[place].learners or 0) + 1
    for mode, competence, item in new_items:
        tally = topics[mode, competence].items[item]
        tally.learners = (tally.learners or 0) + 1


def _newest(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a learner's newest score, one per domain."""
    same = ("attempt", "scored_at", "score_version")
    return [row for row in rows if all(row[name] == rows[-1][name] for name in same)]


def _count_bands(bands: Bands, place: Place, newest: Sequence[Mapping[str, Any]]) -> None:
    for row in newest:
        subject = Subject(row["score_version"], row["synthetic"], row["domain"])
        bands[subject][place, row["band"] or UNKNOWN] += 1


# ── tables ──────────────────────────────────────────────────────────────────────────────────────────────


def _competences(topics: Topics, k: int) -> Iterator[dict[str, Any]]:
    for (mode, competence), topic in sorted(topics.items()):
        cells: defaultdict[Place, list[Tally]] = defaultdict(list)
        for place, cell in _places(topic, k).items():
            cells[cell].append(topic.places[place])
        for cell, tallies in sorted(cells.items()):
            about = {"mode": mode, "competence": competence, "domain": competence.split(".")[0], **cell._asdict()}
            yield {**about, **together(tallies, different=True).columns()}


def _places(topic: Topic, k: int) -> dict[Place, Place]:
    return merged_places({place: tally.learners or 0 for place, tally in topic.places.items()}, k)


def _items(topics: Topics, levels: Mapping[Item, int], k: int) -> Iterator[dict[str, Any]]:
    for (mode, competence), topic in sorted(topics.items()):
        about = {"mode": mode, "competence": competence, "domain": competence.split(".")[0]}
        cells = _places(topic, k)
        if not cells:
            continue  # too few in all
        given = {(cells[place], item) for place, item in topic.given}
        people = {item: tally.learners or 0 for item, tally in topic.items.items()}
        for piece in merged_items(given, people, topic.few, k):
            for item in sorted(piece.alone):
                named = {"item": item[0], "item_version": item[1], "level": levels[item]}
                yield {**about, **named, **topic.items[item].columns()}
            if piece.rest:
                tally = together([topic.items[item] for item in sorted(piece.rest)], different=False)
                yield {**about, "item": REST, "item_version": None, "level": None, **tally.columns()}


def _bands(bands: Bands, k: int) -> Iterator[dict[str, Any]]:
    for subject, counts in sorted(bands.items()):
        people: Counter[Place] = Counter()
        for (place, _), count in counts.items():
            people[place] += count
        here: defaultdict[Place, Counter[str]] = defaultdict(Counter)
        for place, cell in merged_places(people, k).items():
            here[cell] += Counter({band: count for (own, band), count in counts.items() if own == place})
        for cell, own_bands in sorted(here.items()):
            alone, rest = merged_cells(own_bands, k)
            rows = {band: own_bands[band] for band in sorted(alone)}
            if rest:
                rows[REST] = sum(own_bands[band] for band in rest)
            for band, count in rows.items():
                yield {**subject._asdict(), **cell._asdict(), "band": band, "learners": count}


# ── what it cost ────────────────────────────────────────────────────────────────────────────────────────


def _loss(topics: Topics, bands: Bands, written: Mapping[str, Sequence[Mapping[str, Any]]], k: int) -> dict[str, Any]:
    """Of each table: cells there were and those published as they are; the share of answers (learners) in these, 0-1."""
    answered = sum(tally.answered for topic in topics.values() for tally in topic.places.values())
    scored = sum(sum(counts.values()) for counts in bands.values())
    cells = {
        "competence_results": sum(len(topic.places) for topic in topics.values()),
        "item_results": sum(len(topic.items) for topic in topics.values()),
        "band_results": sum(len(counts) for counts in bands.values()),
    }
    whole = {
        "competence_results": ("answered", answered),
        "item_results": ("answered", answered),
        "band_results": ("learners", scored),
    }
    found: dict[str, Any] = {"k": k}
    for name, (counted, total) in whole.items():
        own = [row for row in written[name] if REST not in row.values()]
        published = sum(row[counted] or 0 for row in written[name])
        found[name] = {
            "cells": cells[name],
            "cells_kept": len(own),
            "kept": _share(sum(row[counted] or 0 for row in own), total),
            "merged": _share(published - sum(row[counted] or 0 for row in own), total),
            "dropped": _share(total - published, total),
        }
    return found


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
