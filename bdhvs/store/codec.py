"""Events of `bdhvs.core.attempt` as rows, and back, exactly.

`Started` has no row of its own: all it says (items, rules) is in the attempt's row, and two copies could disagree.
So places are counted from 1, and `events_of` puts `Started` in front again.

JSON is written one way only (sorted keys, no spaces, letters as they are), so equal values are equal texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import msgspec

from bdhvs.core.attempt_events import (
    EVENT_TYPES,
    Answered,
    Event,
    Extended,
    Finished,
    Given,
    HelpAsked,
    Hinted,
    ItemRef,
    Paused,
    Reopened,
    Resumed,
    Rules,
    Skipped,
    Started,
    WentTo,
)
from bdhvs.core.items.base import Score
from bdhvs.errors import InvalidResponse, StoreError
from bdhvs.store.rows import AttemptRow, EventRow

_encode = msgspec.json.Encoder(order="sorted").encode
_encode_strictly = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode
_TYPE_NAMES: Mapping[type[Event], str] = {kind: name for name, kind in EVENT_TYPES.items()}


def json_text(value: Any) -> str:
    """`value` as JSON text; `value_of` gives it back.

    Raises
    ------
    InvalidResponse
        when it holds what no database keeps: NaN, infinities, half a surrogate pair, whole numbers beyond 64 bits. Refusing here keeps one
        learner's odd message out of the batch in which others' answers are committed.
    """
    try:
        text = _encode(value)
        if b"null" in text:  # None, or a NaN that msgspec writes so; json refuses the one and is slow for the other
            text = _encode_strictly(value).encode()
    except (ValueError, OverflowError) as exc:
        raise InvalidResponse(f"a value cannot be kept: {exc}; expected plain JSON values") from exc
    return text.decode()


def value_of(text: str) -> Any:
    """The plain JSON value that `json_text` wrote."""
    return msgspec.json.decode(text)


def to_row(
    event: Event, attempt_id: str, event_id: str, seq: int, recorded_at_us: int, item_version: int | None = None
) -> EventRow:
    """`event` as the row that keeps it.

    Parameters
    ----------
    seq : place in the attempt, from 1.
    item_version : version of the event's item as it was given; None for events about no item.

    Raises
    ------
    ValueError
        for `Started`, which the attempt's row keeps.
    InvalidResponse
        when the response cannot be kept as JSON.
    """
    name = _TYPE_NAMES[type(event)]
    match event:
        case Answered():
            return _answered_row(event, attempt_id, event_id, seq, recorded_at_us, item_version)
        case Skipped(item) | WentTo(item) | Hinted(item) | HelpAsked(item):
            return EventRow(attempt_id, event_id, seq, name, item, item_version, recorded_at_us)
        case Given(item, version):
            return EventRow(attempt_id, event_id, seq, name, item, version, recorded_at_us)
        case Paused() | Resumed():
            return EventRow(attempt_id, event_id, seq, name, None, None, recorded_at_us)
        case Finished(reason):
            details = json_text({"reason": reason})
            return EventRow(attempt_id, event_id, seq, name, None, None, recorded_at_us, details=details)
        case Extended() | Reopened():
            details = json_text(asdict(event))
            return EventRow(attempt_id, event_id, seq, name, None, None, recorded_at_us, details=details)
        case Started():
            raise ValueError("Started is kept by the attempt's row; store an AttemptRow instead")


def _answered_row(
    event: Answered, attempt_id: str, event_id: str, seq: int, recorded_at_us: int, item_version: int | None
) -> EventRow:
    score = event.score
    judged = score.verdict != "noted"  # what is no performance leaves no points that anybody could add up
    return EventRow(
        attempt_id,
        event_id,
        seq,
        "answered",
        event.item,
        item_version,
        recorded_at_us,
        json_text(event.response),
        score.points if judged else None,
        score.maximum if judged else None,
        score.verdict,
        score.reason,
        event.help,
        event.confidence,
        event.elapsed_ms,
    )


def from_row(row: EventRow) -> Event:
    """The event that `row` keeps.

    Raises
    ------
    StoreError
        when the type is none of ours: a newer bdhvs wrote it, or the file was edited by hand.
    """
    kind = EVENT_TYPES.get(row.type)
    if kind is Answered:
        return _answered(row)
    if kind in (Skipped, WentTo, Hinted, HelpAsked):
        return kind(row.item_id)  # type: ignore[arg-type]  # these are always about an item
    if kind is Given:
        return Given(row.item_id, row.item_version)  # type: ignore[arg-type]  # a given item has both
    if kind in (Paused, Resumed):
        return kind()
    if kind in (Finished, Extended, Reopened):
        return kind(**_object(row.details))
    raise StoreError(
        f"attempt {row.attempt_id}, event {row.event_id}: found type {row.type!r}, "
        f"expected one of {', '.join(sorted(set(EVENT_TYPES) - {'started'}))}; open this folder with a newer bdhvs"
    )


def _answered(row: EventRow) -> Answered:
    points, maximum = (0, 1) if row.verdict == "noted" else (row.points, row.maximum)
    score = Score(points, maximum, row.verdict, row.reason)  # type: ignore[arg-type]  # never None in an answer that is judged
    return Answered(
        row.item_id,  # type: ignore[arg-type]  # same
        _object(row.response),
        score,
        row.help,  # type: ignore[arg-type]  # same
        row.confidence,
        row.elapsed_ms,
    )


def _object(text: str | None) -> dict[str, Any]:
    found: dict[str, Any] = value_of(text or "{}")
    return found


def events_of(attempt: AttemptRow, rows: Iterable[EventRow]) -> tuple[Event, ...]:
    """All events of an attempt, `Started` first: what `bdhvs.core.attempt.replay` takes. `rows` are in order."""
    return (Started(attempt.items, attempt.rules), *map(from_row, rows))


def items_given(attempt: AttemptRow, rows: Iterable[EventRow]) -> tuple[ItemRef, ...]:
    """Every item of an attempt in the order given: those it began with, then those that an adaptive form chose."""
    chosen = (ItemRef(row.item_id or "", row.item_version or 0) for row in rows if row.type == _TYPE_NAMES[Given])
    return (*attempt.items, *chosen)


def rules_text(rules: Rules) -> str:
    """The rules of an attempt as JSON text; a rule that is not there (None) is left out."""
    return json_text({name: value for name, value in asdict(rules).items() if value is not None})


def rules_of(text: str) -> Rules:
    """The rules that `rules_text` wrote."""
    return Rules(**value_of(text))


def items_text(items: Iterable[ItemRef]) -> str:
    """Items of an attempt as JSON text: ``[[id, version], …]`` in the order given."""
    return json_text([[item.id, item.version] for item in items])


def items_of(text: str) -> tuple[ItemRef, ...]:
    """The items that `items_text` wrote."""
    return tuple(ItemRef(item, version) for item, version in value_of(text))
