"""Events survive the way into a row and back, whatever they hold."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdhvs.core.attempt_events import (
    EVENT_TYPES,
    Answered,
    Event,
    Extended,
    Finished,
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
from bdhvs.store import EventRow, Store, events_of, from_row, to_row
from bdhvs.store.codec import json_text, rules_of, rules_text, value_of
from tests.store.making import Begun, Maker

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)  # Cs: halves of surrogate pairs
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
item_ids = st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,3}", fullmatch=True)
small = st.integers(0, 2**31 - 1)
scores = st.builds(Score, small, small, st.sampled_from(["right", "partly", "almost", "wrong"]), texts)
answers = st.builds(
    Answered,
    item_ids,
    st.dictionaries(texts, values, max_size=4),
    scores,
    st.sampled_from(["none", "hint", "teacher"]),
    st.none() | st.integers(1, 4),
    st.none() | small,
)
about_items = st.one_of(*(st.builds(kind, item_ids) for kind in (Skipped, WentTo, Hinted, HelpAsked)))
others = st.one_of(
    st.builds(Paused),
    st.builds(Resumed),
    st.builds(Finished, st.sampled_from(["learner", "teacher", "time"])),
    st.builds(Extended, st.integers(1, 240)),
    st.builds(Reopened, st.sampled_from(["mistake", "interrupted", "machine", "other"]), small, st.booleans()),
)
events: st.SearchStrategy[Event] = answers | about_items | others


@given(event=events, seq=small, at_us=st.integers(0, 2**53), version=small)
def test_every_event_comes_back_as_it_was(event: Event, seq: int, at_us: int, version: int) -> None:
    row = to_row(event, "a", "e", seq, at_us, version)
    assert from_row(row) == event
    assert (row.attempt_id, row.event_id, row.seq, row.recorded_at_us) == ("a", "e", seq, at_us)
    assert EVENT_TYPES[row.type] is type(event)
    assert (row.item_id is None) == (row.item_version is None)


@given(value=values)
def test_equal_values_are_equal_texts(value: Any) -> None:
    text = json_text(value)
    assert value_of(text) == value
    assert json_text(value_of(text)) == text


def test_letters_are_kept_readable_and_keys_sorted() -> None:
    assert json_text({"ơ": "chợ", "a": [1]}) == '{"a":[1],"ơ":"chợ"}'


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), "\ud83d", {"\udc00": 1}])
def test_a_value_no_database_keeps_is_refused_before_the_batch(bad: Any) -> None:
    with pytest.raises(InvalidResponse, match="cannot be kept"):
        to_row(Answered("a", {"text": bad}, Score(0, 1, "wrong")), "a", "e", 1, 1, 1)


def test_started_lives_in_the_attempts_row(make: Maker) -> None:
    attempt = make.attempt("l", "c")
    assert events_of(attempt, []) == (Started(attempt.items, attempt.rules),)
    with pytest.raises(ValueError, match="AttemptRow"):
        to_row(Started((ItemRef("a", 1),), Rules(True, True, 1)), "a", "e", 0, 1)


def test_an_event_of_a_newer_bdhvs_is_named() -> None:
    with pytest.raises(StoreError, match="'danced'"):
        from_row(EventRow("a", "e", 1, "danced", None, None, 1))


@pytest.mark.asyncio
async def test_events_come_back_from_the_disk_as_they_were(store: Store, begun: Begun, make: Maker) -> None:
    item = begun.attempt.items[0].id
    facts: list[Event] = [
        Hinted(item),
        Answered(
            item, {"text": "chợ \x00 \u2028 🏠", "n": [1.5, None, 10**30]}, Score(0, 2, "almost", ""), "hint", 4, 0
        ),
        HelpAsked(item),
        Paused(),
        Resumed(),
        WentTo(item),
        Skipped(item),
        Finished("time"),
    ]
    rows = [
        to_row(fact, begun.attempt.id, make.id(), seq, make.now_us(), 1 if hasattr(fact, "item") else None)
        for seq, fact in enumerate(facts, start=1)
    ]
    await store.append(rows)
    found = store.attempt(begun.attempt.id)
    assert found == (begun.attempt, rows)
    assert list(events_of(*found)[1:]) == facts
    assert json.loads(rows[1].response or "")["n"][2] == 10**30


def test_rules_of_before_there_were_limits_are_read_and_a_limit_comes_back() -> None:
    assert rules_of('{"allow_back":true,"practice":false,"tries":1}') == Rules(False, True, 1)
    assert rules_text(Rules(False, True, 1)) == '{"allow_back":true,"practice":false,"tries":1}'
    timed = Rules(False, True, 1, limit_minutes=20)
    assert rules_of(rules_text(timed)) == timed
