"""Answers on their way out: one tidy row per response, without names.

Every attempt gives, for each of its items in the order given, one row per answer, or one row that says which
silence it was. The columns are a contract (docs/researcher.md); a new one goes at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bdhvs.core.attempt import Attempt, replay
from bdhvs.core.attempt_events import Extended, ItemRef, Reopened
from bdhvs.core.decisions import NOTHING, Decisions
from bdhvs.core.items import is_performance
from bdhvs.store.codec import events_of, from_row
from bdhvs.store.decisions import decisions_in
from bdhvs.store.rows import EventRow, ItemVersionRow, ResponseRows, ScoreVersionRow
from bdhvs.store.spreadsheet import spreadsheet_lines
from bdhvs.store.store import Store
from bdhvs.store.times import from_us

#: Column → what it holds. Missing values are None (an empty cell in CSV).
COLUMNS: dict[str, str] = {
    "classroom": "id of the class (UUIDv7)",
    "learner": "pseudonym of the learner (UUIDv7); no name is exported",
    "attempt": "id of the attempt (UUIDv7)",
    "form": "id of the form",
    "form_version": "version of the form, whole number",
    "mode": "practice (feedback after each answer) or assessment (none before the end)",
    "attempt_status": "started, paused or finished, when the row was made",
    "finish_reason": "learner, teacher or time; missing while the attempt is not finished",
    "started_at": "when the attempt began, UTC, ISO 8601",
    "bank_version": "digest of the item bank the attempt was given from",
    "position": "place of the item in the attempt, from 1",
    "item": "id of the item",
    "item_version": "version of the item",
    "kind": "kind of item, e.g. single_choice",
    "competence": "code of the competence, e.g. 4.2; 0.1 and 0.2 are the entry module",
    "domain": "code of the domain, the part before the dot",
    "level": "level the author aimed at, 1-6; 0 in the entry module",
    "outcome": "answered, skipped, not_reached, or cut_off (on the screen when the attempt ended)",
    "try": "number of the answer within the item, from 1; 0 for a silence",
    "last": "true on the row that counts: the last answer, or the silence",
    "response": "the answer in the author's ids, as JSON; missing for a silence",
    "score": "points of this answer; missing for a silence and a self-assessment",
    "max": "most points the item gives, at least 1; missing for a self-assessment, which is no task",
    "verdict": "right, partly, almost (right word, marks missing; 0 points) or wrong; noted for a self-assessment; missing for a silence",
    "reason": "code of the rule that decided a typed answer, e.g. tone_place or near_spelling; may be empty",
    "help": "none, hint or teacher; for a silence the help asked so far",
    "confidence": "1-4 as the learner said; missing when not asked",
    "elapsed_ms": "time on screen before this answer, milliseconds; missing when unknown",
    "recorded_at": "when the answer was saved, UTC, ISO 8601; missing for not_reached and cut_off",
    "neutralised": "when the teacher took the item out of the class's results, UTC, ISO 8601; missing when it counts",
    "neutralised_why": "the teacher's reason for that; missing when it counts",
    "limit_minutes": "time limit of the attempt as the form had it, minutes; missing without one",
    "extra_minutes": "minutes given to this learner beyond the limit, and to the whole class; 0 when none",
    "reopened": "how often the teacher let the learner go on after the attempt was handed in",
    "after_solutions": "true when this answer came after the learner could look at the solutions and was let go on",
    "adaptive_version": "digest of the pool, rules and calibration by which items were chosen one by one; missing for a fixed list",
    "scored_at": "when the attempt was last scored, UTC, ISO 8601; missing when it was not. Scores themselves: bdhvs results --scores",
    "score_version": "digest of calibration, cut scores and model that made this score; missing as scored_at",
    "calibration": "version of that calibration; missing as scored_at",
    "cut_scores": "ids of those cut scores, apart by a space; missing as scored_at",
}


def response_rows(store: Store, classroom_id: str | None = None) -> Iterator[dict[str, Any]]:
    """Tidy rows of one class, or of all; columns as in `COLUMNS`."""
    decided: dict[str, Decisions] = {}
    scored, versions = store.scored_by(classroom_id), store.score_versions()
    for rows in store.response_rows(classroom_id):
        room = rows.attempt.classroom_id
        if room not in decided:
            decided[room] = decisions_in(store, room)
        columns = _scored(scored.get(rows.attempt.id), versions)
        yield from ({**row, **columns} for row in attempt_rows(rows, decided[room]))


def _scored(newest: tuple[int, str] | None, versions: Mapping[str, ScoreVersionRow]) -> dict[str, Any]:
    if newest is None:
        return dict.fromkeys(("scored_at", "score_version", "calibration", "cut_scores"))
    at_us, version = newest
    by = versions[version]
    return {"scored_at": _iso(at_us), "score_version": version, "calibration": by.calibration, "cut_scores": by.cut_scores}


def _iso(at_us: int) -> str:
    return from_us(at_us).isoformat(timespec="milliseconds")


def attempt_rows(
    rows: ResponseRows, decisions: Decisions = NOTHING, *, when: Callable[[int], Any] = _iso
) -> Iterator[dict[str, Any]]:
    """Tidy rows of one attempt without its score, item after item in the order given.

    Parameters
    ----------
    decisions : those of its class.
    when : what stands in a row for a time given in microseconds.
    """
    row = rows.attempt
    facts = events_of(row, rows.events)
    attempt = replay(facts)
    own_minutes = sum(fact.minutes for fact in facts if isinstance(fact, Extended))
    seen_at = _solutions_out_at(rows.events)
    about = {
        "classroom": row.classroom_id,
        "learner": row.learner_id,
        "attempt": row.id,
        "form": row.form_id,
        "form_version": row.form_version,
        "mode": row.mode,
        "attempt_status": attempt.status,
        "finish_reason": attempt.finish_reason,
        "started_at": when(row.started_at_us),
        "bank_version": row.bank_version,
        "limit_minutes": row.rules.limit_minutes,
        "extra_minutes": own_minutes + decisions.minutes.get(row.form_id, 0) if row.rules.limit_minutes else 0,
        "reopened": sum(isinstance(fact, Reopened) for fact in facts),
        "adaptive_version": row.rules.adaptive,
    }
    for position, item in enumerate(rows.items, start=1):
        own = [event for event in rows.events if event.item_id == item.id]
        item_columns = {**_item_columns(item), **_neutralised(item, decisions, when)}
        for found in _item_rows(attempt, item, own, seen_at):
            at_us = found["recorded_at"]
            found["recorded_at"] = None if at_us is None else when(at_us)
            yield {**about, "position": position, **item_columns, **found}


def _solutions_out_at(events: Sequence[EventRow]) -> int | None:
    """Place of the first event by which a learner who could see the solutions was let go on."""
    for event in events:
        if event.type == "reopened" and isinstance(fact := from_row(event), Reopened) and fact.solutions_out:
            return event.seq
    return None


def _neutralised(item: ItemVersionRow, decisions: Decisions, when: Callable[[int], Any]) -> dict[str, Any]:
    out = decisions.out.get(ItemRef(item.id, item.version))
    return {"neutralised": when(out.at_us) if out else None, "neutralised_why": out.why if out else None}


def _item_columns(item: ItemVersionRow) -> dict[str, Any]:
    return {
        "item": item.id,
        "item_version": item.version,
        "kind": item.kind,
        "competence": item.competence,
        "domain": item.competence.split(".")[0],
        "level": item.level,
    }


def _item_rows(
    attempt: Attempt, item: ItemVersionRow, events: Sequence[EventRow], seen_at: int | None
) -> Iterator[dict[str, Any]]:
    answers = [event for event in events if event.type == "answered"]
    outcome = attempt.outcome(item.id)
    for number, event in enumerate(answers, start=1):
        after_solutions = seen_at is not None and event.seq > seen_at
        yield {**_answer(event, outcome, number, last=number == len(answers)), "after_solutions": after_solutions}
    if not answers:
        skips = [event.recorded_at_us for event in events if event.type == "skipped"]
        hinted = any(event.type == "hinted" for event in events)
        maximum = item.maximum if is_performance(item.kind) else None
        yield _silence(outcome, maximum, "hint" if hinted else "none", skips[-1] if skips else None)


def _answer(event: EventRow, outcome: str, number: int, *, last: bool) -> dict[str, Any]:
    return {
        "outcome": outcome,
        "try": number,
        "last": last,
        "response": event.response,
        "score": event.points,
        "max": event.maximum,
        "verdict": event.verdict,
        "reason": event.reason,
        "help": event.help,
        "confidence": event.confidence,
        "elapsed_ms": event.elapsed_ms,
        "recorded_at": event.recorded_at_us,
    }


def _silence(outcome: str, maximum: int | None, help_got: str, at_us: int | None) -> dict[str, Any]:
    empty = dict.fromkeys(("response", "score", "verdict", "reason", "confidence", "elapsed_ms"))
    about = {"try": 0, "last": True, "max": maximum, "help": help_got, "recorded_at": at_us, "after_solutions": False}
    return {"outcome": outcome, **about, **empty}


def csv_lines(store: Store, classroom_id: str | None = None) -> Iterator[str]:
    """The tidy rows as CSV for a spreadsheet (`bdhvs.store.spreadsheet`)."""
    return spreadsheet_lines(COLUMNS, map(_without_semicolons, response_rows(store, classroom_id)))


def _without_semicolons(row: Mapping[str, Any]) -> dict[str, Any]:
    """`row` with none in what people write, which is `response` and `neutralised_why` only.

    Spreadsheets of many languages split at a semicolon and would take "=…" behind it for a formula: JSON says it in another
    way, a sentence does with a comma.
    """
    response, why = row["response"] or "", row["neutralised_why"] or ""
    return {**row, "response": response.replace(";", "\\u003b"), "neutralised_why": why.replace(";", ",")}
