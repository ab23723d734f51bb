"""The research level: rows of persons under numbers drawn anew, rare combinations of what they told withheld."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, count
from typing import Any, NamedTuple

from bdhvs.dataset.coarsening import Told, coarsened, loss
from bdhvs.dataset.movement import FACILITATORS, Counted, by_place, movement_columns, withheld
from bdhvs.dataset.parts import Partition
from bdhvs.dataset.schema import ITEMS, LEARNERS, NOT_GIVEN, RESPONSES, SCORES
from bdhvs.dataset.source import Answers, Period, Person, answers, item_row, made_by, scores_by_learner
from bdhvs.dataset.withheld import option_of, response_without_words
from bdhvs.dataset.writer import DatasetWriter
from bdhvs.store import Store
from bdhvs.store.rows import Versions

#: Learners whose rows are turned into Arrow at one go.
_WRITTEN_AT_ONCE = 500
_GIVEN = tuple(name for name in RESPONSES if name not in NOT_GIVEN)


class Known(NamedTuple):
    """A person as the dataset knows them: numbers instead of ids, and what may be told."""

    person: Person
    learner: int
    classroom: int
    told: Told


def write_research(
    store: Store,
    writer: DatasetWriter,
    people: Sequence[Person],
    period: Period,
    k: int,
    progress: Callable[[int], object],
    movement: Counted | None = None,
) -> None:
    """Write every table of the research level, place by place: memory holds a batch of learners, and what is known of all.

    Parameters
    ----------
    progress : called with the number of learners done since the last call.
    movement : as `bdhvs.dataset.export.export`.
    """
    known = _known(people, k)
    writer.loss = loss([one.told for one in people], [one.told for one in known], k)
    begun = sum(one.attempts for one in people)
    attempts = chain(_drawn(begun), count(begun + 1))  # those begun in a running class meanwhile get numbers, too
    seen, batch = _Seen(), _Batch(writer)
    items: Versions = {}
    for own in _by_place(known).values():
        for one, answered, scores in _work(store, own, period, items):
            numbered = {part.attempt.id: next(attempts) for part in answered}
            for part in answered:
                seen.answers(part)
                place = Partition(one.told.province, one.told.commune, part.day)
                number = numbered[part.attempt.id]
                batch.responses[place] += [_response_row(row, one, number, part) for row in part.rows]
            for row in _score_rows(scores, one, numbered):
                seen.score(row)
                batch.scores.append(row)
            batch.learners += 1
            if batch.learners == _WRITTEN_AT_ONCE:
                progress(batch.learners)
                batch.write()
        progress(batch.learners)
        batch.write()
        writer.flush()  # a file for each day of the place
    everybody = sorted(known, key=lambda one: one.learner)
    writer.write("learners", _columns(LEARNERS, map(_learner_row, everybody)))
    writer.write("items", _columns(ITEMS, seen.item_rows(store)))
    writer.bank_versions, writer.calibrations = tuple(sorted(seen.banks)), tuple(seen.calibrations())
    if movement is not None:
        _write_movement(writer, known, movement, k)


def _write_movement(writer: DatasetWriter, known: Sequence[Known], counted: Counted, k: int) -> None:
    places = {one.person.classroom: (one.told.province, one.told.commune) for one in known}
    teaching = (places[one.person.classroom] for one in known if one.person.told.audience == FACILITATORS)
    counts = by_place(places, teaching, counted)
    writer.write("movement", movement_columns(counts, k))
    writer.loss = {**writer.loss, "movement": {"k": k, "withheld": withheld(counts.values(), k)}}


def _known(people: Sequence[Person], k: int) -> list[Known]:
    told = coarsened([one.told for one in people], [one.classroom for one in people], k)
    rooms = list(dict.fromkeys(one.classroom for one in people))
    room_numbers = dict(zip(rooms, _drawn(len(rooms)), strict=True))
    numbered = zip(people, _drawn(len(people)), told, strict=True)
    return [Known(person, number, room_numbers[person.classroom], what) for person, number, what in numbered]


def _drawn(count: int) -> list[int]:
    """The numbers 1 to `count` in an order that nothing but chance decides."""
    numbers = list(range(1, count + 1))
    secrets.SystemRandom().shuffle(numbers)
    return numbers


def _by_place(known: Iterable[Known]) -> dict[tuple[str, str], list[Known]]:
    """People by the place told, class by class, in the order of their numbers."""
    found: defaultdict[tuple[str, str], list[Known]] = defaultdict(list)
    for one in sorted(known, key=lambda one: (one.told.province, one.told.commune, one.classroom, one.learner)):
        found[one.told.province, one.told.commune].append(one)
    return found


def _work(
    store: Store, own: Sequence[Known], period: Period, items: Versions
) -> Iterator[tuple[Known, list[Answers], list[dict[str, Any]]]]:
    """Each person with their answers and scores; the scores of one class are in memory at a time."""
    found, room = answers(store, [one.person.learner for one in own], period, items), ""
    for one, (_, answered) in zip(own, found, strict=True):
        if one.person.classroom != room:
            room = one.person.classroom
            scores = scores_by_learner(store, room)
        yield one, answered, scores.get(one.person.learner, [])


class _Seen:
    """What the rows name: items, banks, by what scores were made."""

    def __init__(self) -> None:
        self.items: set[tuple[str, int]] = set()
        self.banks: set[str] = set()
        self._versions: dict[str, dict[str, Any]] = {}

    def answers(self, own: Answers) -> None:
        self.banks.add(own.attempt.bank_version)
        self.items.update((row["item"], row["item_version"]) for row in own.rows)

    def score(self, row: Mapping[str, Any]) -> None:
        self._versions[row["score_version"]] = made_by(row)

    def calibrations(self) -> list[dict[str, Any]]:
        return [self._versions[digest] for digest in sorted(self._versions)]

    def item_rows(self, store: Store) -> Iterator[dict[str, Any]]:
        for one in sorted(store.item_versions(), key=lambda one: (one.id, one.version)):
            if (one.id, one.version) in self.items:
                yield item_row(one)


class _Batch:
    """Rows on their way to the writer, some hundred learners at a time."""

    def __init__(self, writer: DatasetWriter) -> None:
        self.responses: defaultdict[Partition, list[tuple[Any, ...]]] = defaultdict(list)
        self.scores: list[dict[str, Any]] = []
        self.learners = 0
        self._writer = writer

    def write(self) -> None:
        for place, rows in self.responses.items():
            columns = map(list, zip(*rows, strict=True))
            self._writer.write("responses", dict(zip(_GIVEN, columns, strict=True)), place)
        if self.scores:
            self._writer.write("scores", _columns(SCORES, self.scores))
        self.responses.clear()
        self.scores.clear()
        self.learners = 0


def _response_row(row: dict[str, Any], known: Known, number: int, own: Answers) -> tuple[Any, ...]:
    kind, response, at_us = row["kind"], row["response"], row["recorded_at"]
    answered = row["outcome"] == "answered"
    row |= {
        "learner": known.learner,
        "attempt": number,
        "classroom": known.classroom,
        "option": option_of(kind, response),
        "response": response_without_words(kind, response),
        # A clock that was set back gives no time before the beginning.
        "since_start_s": max(0, at_us - own.attempt.started_at_us) // 1_000_000 if answered else None,
        "neutralised": row["neutralised"] is not None,
    }
    return tuple([row[name] for name in _GIVEN])


def _score_rows(rows: list[dict[str, Any]], known: Known, numbered: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    own = [row for row in rows if row["attempt"] in numbered]
    # Rows are oldest first; a score is a row per domain, all with its time and attempt.
    newest = (own[-1]["attempt"], own[-1]["scored_at"], own[-1]["score_version"]) if own else None
    for row in own:
        numbers = {"learner": known.learner, "attempt": numbered[row["attempt"]]}
        place = {"province": known.told.province, "commune": known.told.commune}
        is_newest = (row["attempt"], row["scored_at"], row["score_version"]) == newest
        yield {**row, **numbers, **place, "newest": is_newest}


def _learner_row(known: Known) -> dict[str, Any]:
    numbers = {"learner": known.learner, "classroom": known.classroom}
    return {**numbers, **known.told._asdict(), "first_day": known.person.first_day}


def _columns(table: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {name: [] for name in table}
    for row in rows:
        for name, values in found.items():
            values.append(row[name])
    return found
