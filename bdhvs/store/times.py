"""Times as the store keeps them: whole microseconds since 1970-01-01 00:00 UTC.

A whole number sorts, compares and copies the same in every database and driver; time zones, text formats and
rounding never enter. Microseconds keep the order of answers given within the same millisecond, and fit a signed
64-bit column for 290,000 years. Column and field names end in ``_us``.
"""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta, timezone

#: Vietnam's time, the same all year.
VIETNAM = timezone(timedelta(hours=7))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def now_us() -> int:
    """The computer's present time in microseconds since the epoch, UTC."""
    return time.time_ns() // 1000


def to_us(moment: datetime) -> int:
    """`moment` in microseconds since the epoch; exact.

    Raises
    ------
    ValueError
        when `moment` has no time zone: it could mean any of 24 moments.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; give an aware datetime, best in UTC")
    return (moment - _EPOCH) // _MICROSECOND


def from_us(us: int) -> datetime:
    """The aware UTC datetime of `us` microseconds since the epoch; exact, undoes `to_us`."""
    return _EPOCH + us * _MICROSECOND


def vietnam_day(at_us: int) -> date:
    """The day in Vietnam at this time."""
    return from_us(at_us).astimezone(VIETNAM).date()
