"""Times are whole microseconds; ids sort by them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdhvs.core.identifiers import is_uuid7
from bdhvs.store.times import from_us, now_us, to_us
from tests.store.making import Maker

VIETNAM = timezone(timedelta(hours=7))


@given(moment=st.datetimes(timezones=st.sampled_from([UTC, VIETNAM])))
def test_a_moment_comes_back_to_the_microsecond(moment: datetime) -> None:
    assert from_us(to_us(moment)) == moment


@given(one=st.datetimes(timezones=st.just(UTC)), other=st.datetimes(timezones=st.just(VIETNAM)))
def test_times_sort_as_moments_do(one: datetime, other: datetime) -> None:
    assert (to_us(one) < to_us(other)) == (one < other)


def test_the_epoch_is_zero_and_seven_in_the_morning_in_hanoi() -> None:
    assert to_us(datetime(1970, 1, 1, 7, tzinfo=VIETNAM)) == 0
    assert from_us(1) == datetime(1970, 1, 1, 0, 0, 0, 1, tzinfo=UTC)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        to_us(datetime(2026, 9, 1))


def test_now_is_in_microseconds() -> None:
    assert from_us(now_us()).year >= 2024


def test_ids_made_one_after_the_other_sort_so(make: Maker) -> None:
    ids = [make.id() for _ in range(50)]
    assert ids == sorted(ids)
    assert all(map(is_uuid7, ids))
