"""The invented commune as Arrow tables of a research dataset. pyarrow is imported inside, as everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bdhvs.programme.recipe import Recipe
from bdhvs.programme.synthetic_answers import (
    ADAPTIVE,
    ANSWERED,
    FINISHED_BY,
    HELP,
    NO_HELP,
    OUTCOMES,
    Attempts,
)
from bdhvs.programme.synthetic_items import PRACTICES, TESTS, ItemNumbers
from bdhvs.programme.synthetic_people import DEVICES, MISSING, SEXES, Commune, Learners, ages_of, audiences_of
from bdhvs.programme.synthetic_scores import BANDS, CALIBRATION, GATES, MODEL, Scores

if TYPE_CHECKING:
    import pyarrow as pa

Whole = NDArray[np.int64]

FORMS = (*(f"gia-lap-{letter}" for letter in "abcd"[:TESTS]), "gia-lap-thich-ung")
PRACTICE_FORMS = tuple(f"gia-lap-luyen-{number}" for number in range(1, PRACTICES + 1))
#: Attempts of one learner in a dataset, at most: the second learner's begin after this number.
ATTEMPTS_EACH = 16
SCORE_VERSION = "gia-lap-1"
_BANDS_AND_BELOW = (*BANDS, "below")


@dataclass(frozen=True)
class Year:
    """Everything that happened in one commune: evenings in order, and the scores of those that are tests (None: practice)."""

    commune: Commune
    learners: Learners
    attempts: list[Attempts]
    scores: list[Scores | None]
    weekday: int  # on which this commune's team holds its classes, 0 Monday


def named(values: tuple[str, ...] | list[Any], places: Whole) -> pa.Array:
    """The values at `places`; −1 is missing."""
    import pyarrow as pa

    return pa.array(values).take(pa.array(places, mask=places < 0))


def whole(numbers: Whole) -> pa.Array:
    """Whole numbers; −1 is missing."""
    import pyarrow as pa

    return pa.array(numbers, mask=numbers < 0)


def same(value: Any, count: int, type_: Any = None) -> pa.Array:
    """`count` times the same; None is missing."""
    import pyarrow as pa

    return pa.nulls(count, type_ or pa.string()) if value is None else pa.repeat(value, count)


def day_of(recipe: Recipe, year: Year, week: int) -> date:
    """The commune's class day of a week."""
    return recipe.classes.first_day + timedelta(days=7 * week + year.weekday)


def response_tables(recipe: Recipe, items: ItemNumbers, bank: str, year: Year) -> Iterator[tuple[date, pa.Table]]:
    """One table per day with classes, rows of a learner together, in the order they were given."""
    import pyarrow as pa

    for week in sorted({int(week) for one in year.attempts for week in np.unique(one.evening.week)}):
        parts = [
            _rows(items, bank, year, number, one, np.flatnonzero(one.evening.week == week))
            for number, one in enumerate(year.attempts)
            if (one.evening.week == week).any()
        ]
        yield day_of(recipe, year, week), pa.concat_tables(parts)


def _rows(items: ItemNumbers, bank: str, year: Year, number: int, made: Attempts, which: Whole) -> pa.Table:
    """Rows of the attempts at these places of one evening."""
    import pyarrow as pa

    length = made.item.shape[1]
    shape = (len(which), length)
    again = made.again[which]
    # Each attempt: its positions in order, and after a first answer the second one where there was one.
    attempt = np.concatenate([np.repeat(np.arange(shape[0]), length), np.nonzero(again)[0]])
    position = np.concatenate([np.tile(np.arange(length), shape[0]), np.nonzero(again)[1]])
    second = np.arange(attempt.size) >= shape[0] * length
    order = np.lexsort((second, position, attempt))
    attempt, position, second = attempt[order], position[order], second[order]
    row = which[attempt]
    evening, learners = made.evening, year.learners
    count = attempt.size

    def of(first: Whole, other: Whole | None = None) -> Whole:
        found: Whole = first[row, position]
        return found if other is None else np.where(second, other[row, position], found)

    item, outcome = made.item[row, position], made.outcome[row, position]
    answered = outcome == ANSWERED
    reply = of(made.reply, made.again_reply)
    replies, facts = items.replies, items.facts
    learner = evening.who[row] + year.commune.first_learner
    form = evening.form[row]
    adaptive = np.zeros(count, dtype=np.bool_) if not evening.test else form == ADAPTIVE
    columns = {
        "learner": pa.array(learner),
        "attempt": pa.array((learner - 1) * ATTEMPTS_EACH + number + 1),
        "classroom": pa.array(learners.classroom[evening.who[row]] + year.commune.first_class),
        "form": named(FORMS if evening.test else PRACTICE_FORMS, form),
        "form_version": same(1, count),
        "mode": same("assessment" if evening.test else "practice", count),
        "attempt_status": same("finished", count),
        "finish_reason": named(FINISHED_BY, made.by[row]),
        "bank_version": same(bank, count),
        "position": pa.array(position + 1),
        "item": named([one.id for one in facts], item),
        "item_version": named([one.version for one in facts], item),
        "kind": named([one.kind for one in facts], item),
        "competence": named([one.competence for one in facts], item),
        "domain": named([one.domain for one in facts], item),
        "level": named([one.level for one in facts], item),
        "outcome": named(OUTCOMES, outcome),
        "try": pa.array(np.where(answered, 1 + second, 0)),
        "last": pa.array(second | ~made.again[row, position]),
        "option": named([one.option for one in replies], reply),
        "response": named([one.response for one in replies], reply),
        "score": named([one.score for one in replies], reply),
        "max": named([one.maximum for one in facts], item),
        "verdict": named([one.verdict for one in replies], reply),
        "reason": named([one.reason for one in replies], reply),
        "help": named(HELP, np.where(answered, of(made.help, made.again_help), NO_HELP)),
        "confidence": whole(np.where(second, MISSING, of(made.confidence))),
        "elapsed_ms": whole(of(made.elapsed_ms, made.again_ms)),
        "since_start_s": whole(of(made.since_s, made.again_since_s)),
        "neutralised": same(False, count),
        "after_solutions": same(False, count),
        "adaptive_version": named((SCORE_VERSION,), np.where(adaptive, 0, MISSING)),
    }
    return pa.table(columns)


def learner_table(recipe: Recipe, year: Year) -> pa.Table:
    """Who learned, with what they told."""
    import pyarrow as pa

    learners, commune = year.learners, year.commune
    n = len(learners.classroom)
    told = learners.region_told[learners.classroom]
    days = [day_of(recipe, year, week) for week in range(int(learners.class_week.max()) + 1)]
    return pa.table(
        {
            "learner": pa.array(np.arange(n) + commune.first_learner),
            "classroom": pa.array(learners.classroom + commune.first_class),
            "province": same(recipe.place.province, n),
            "commune": same(commune.code, n),
            "audience": named(audiences_of(recipe), learners.told_audience),
            "age_band": named(ages_of(recipe), learners.told_age),
            "sex": named(SEXES, learners.told_sex),
            "region": named(("urban" if commune.urban else "rural",), np.where(told, 0, MISSING)),
            "device": named(DEVICES, learners.device),
            "first_day": named(days, learners.class_week[learners.classroom]),
        }
    )


def item_table(items: ItemNumbers) -> pa.Table:
    """The items that forms or the adaptive pool may give."""
    import pyarrow as pa

    facts = items.facts
    names = ("item", "item_version", "kind", "competence", "domain", "level", "max", "digest")
    rows = [
        (one.id, one.version, one.kind, one.competence, one.domain, one.level, one.maximum, one.digest) for one in facts
    ]
    return pa.table({name: [row[at] for row in rows] for at, name in enumerate(names)})


def score_tables(recipe: Recipe, items: ItemNumbers, year: Year) -> Iterator[pa.Table]:
    """One table per test: a row per attempt and domain."""
    last = np.full(len(year.learners.classroom), MISSING)
    for number, one in enumerate(year.attempts):
        if year.scores[number] is not None:
            last[one.evening.who] = number
    for number, (made, found) in enumerate(zip(year.attempts, year.scores, strict=True)):
        if found is not None:
            yield _scores(recipe, items, year, number, made, found, last)


def _scores(
    recipe: Recipe, items: ItemNumbers, year: Year, number: int, made: Attempts, found: Scores, last: Whole
) -> pa.Table:
    import pyarrow as pa

    who, domains = made.evening.who, len(items.domains)
    row = np.repeat(np.arange(len(who)), domains)
    count = row.size
    learner = who[row] + year.commune.first_learner
    days = [day_of(recipe, year, week) for week in range(int(made.evening.week.max(initial=0)) + 1)]
    none = found.tasks.ravel() == 0
    return pa.table(
        {
            "learner": pa.array(learner),
            "attempt": pa.array((learner - 1) * ATTEMPTS_EACH + number + 1),
            "province": same(recipe.place.province, count),
            "commune": same(year.commune.code, count),
            "day": named(days, made.evening.week[row]),
            "newest": pa.array(last[who[row]] == number),
            "score_version": same(SCORE_VERSION, count),
            "calibration": same(CALIBRATION, count),
            "cut_scores": same(CALIBRATION, count),
            "model": same(MODEL, count),
            "synthetic": same(True, count),
            "gate": named(GATES, found.gate[row]),
            "domain": named(items.domains, np.tile(np.arange(domains), len(who))),
            "tasks": pa.array(found.tasks.ravel()),
            "ability": pa.array(found.ability.ravel(), mask=none),
            "se": pa.array(found.se.ravel(), mask=none),
            "band": named(_BANDS_AND_BELOW, found.band.ravel()),
            "at_least": named(BANDS, found.at_least.ravel()),
        }
    )
