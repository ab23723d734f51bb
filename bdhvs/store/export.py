"""Answers on their way out: one tidy row per response, without names.

Every attempt gives, for each of its items in the order given, one row per answer, or one row that says which
silence it was. The columns are a contract (docs/researcher.md); a new one goes at the end.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from bdhvs.core.attempt import Attempt, replay
from bdhvs.store.codec import events_of
from bdhvs.store.rows import EventRow, ItemVersionRow, ResponseRows
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
    "score": "points of this answer; missing for a silence",
    "max": "most points the item gives, at least 1",
    "verdict": "right, partly, almost (right word, marks missing; 0 points) or wrong; missing for a silence",
    "reason": "code of the rule that decided a typed answer, e.g. tone_place or near_spelling; may be empty",
    "help": "none, hint or teacher; for a silence the help asked so far",
    "confidence": "1-4 as the learner said; missing when not asked",
    "elapsed_ms": "time on screen before this answer, milliseconds; missing when unknown",
    "recorded_at": "when the answer was saved, UTC, ISO 8601; missing for not_reached and cut_off",
}


def response_rows(store: Store, classroom_id: str | None = None) -> Iterator[dict[str, Any]]:
    """Tidy rows of one class, or of all; columns as in `COLUMNS`."""
    for rows in store.response_rows(classroom_id):
        yield from attempt_rows(rows)


def attempt_rows(rows: ResponseRows) -> Iterator[dict[str, Any]]:
    """Tidy rows of one attempt, item after item in the order given."""
    row = rows.attempt
    attempt = replay(events_of(row, rows.events))
    about = {
        "classroom": row.classroom_id,
        "learner": row.learner_id,
        "attempt": row.id,
        "form": row.form_id,
        "form_version": row.form_version,
        "mode": row.mode,
        "attempt_status": attempt.status,
        "finish_reason": attempt.finish_reason,
        "started_at": _iso(row.started_at_us),
        "bank_version": row.bank_version,
    }
    for position, item in enumerate(rows.items, start=1):
        own = [event for event in rows.events if event.item_id == item.id]
        for facts in _item_rows(attempt, item, own):
            yield {**about, "position": position, **_item_columns(item), **facts}


def _item_columns(item: ItemVersionRow) -> dict[str, Any]:
    return {
        "item": item.id,
        "item_version": item.version,
        "kind": item.kind,
        "competence": item.competence,
        "domain": item.competence.split(".")[0],
        "level": item.level,
    }


def _item_rows(attempt: Attempt, item: ItemVersionRow, events: Sequence[EventRow]) -> Iterator[dict[str, Any]]:
    answers = [event for event in events if event.type == "answered"]
    outcome = attempt.outcome(item.id)
    for number, event in enumerate(answers, start=1):
        yield _answer(event, outcome, number, last=number == len(answers))
    if not answers:
        skips = [event.recorded_at_us for event in events if event.type == "skipped"]
        hinted = any(event.type == "hinted" for event in events)
        yield _silence(outcome, item.maximum, "hint" if hinted else "none", skips[-1] if skips else None)


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
        "recorded_at": _iso(event.recorded_at_us),
    }


def _silence(outcome: str, maximum: int, help_got: str, at_us: int | None) -> dict[str, Any]:
    empty = dict.fromkeys(("response", "score", "verdict", "reason", "confidence", "elapsed_ms"))
    at = _iso(at_us) if at_us is not None else None
    return {"outcome": outcome, "try": 0, "last": True, "max": maximum, "help": help_got, "recorded_at": at, **empty}


def _iso(at_us: int) -> str:
    return from_us(at_us).isoformat(timespec="milliseconds")


def csv_lines(store: Store, classroom_id: str | None = None) -> Iterator[str]:
    """The tidy rows as CSV for a spreadsheet: UTF-8 with BOM, CRLF, a header, cells that cannot act as formulas."""
    yield "\ufeff" + _csv_line(COLUMNS)
    for row in response_rows(store, classroom_id):
        # Learners write in `response` only. Its JSON says the semicolon in another way, since spreadsheets of many
        # languages split there and would take "=…" behind it for a formula.
        response = (row["response"] or "").replace(";", "\\u003b")
        yield _csv_line(spreadsheet_cell(row[name] if name != "response" else response) for name in COLUMNS)


_BEGINS_FORMULA = tuple("=+-@＝＋－＠")


def spreadsheet_cell(value: Any) -> str:
    """A value as a cell that no spreadsheet takes for a formula.

    A text that begins with ``= + - @``, also in full width or behind white space, which some programs skip, gets an
    apostrophe in front, as OWASP's note on CSV injection advises. Numbers are left alone.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    acts = text.startswith(("\t", "\r", "\n")) or text.lstrip().startswith(_BEGINS_FORMULA)
    return f"'{text}" if isinstance(value, str) and acts else text


def _csv_line(cells: Any) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()

