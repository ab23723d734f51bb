"""Times as people in Vietnam read them.

The whole country keeps UTC+7 without summer time, so a report says the same on whatever machine it is made.
"""

from __future__ import annotations

from datetime import datetime

from bdhvs.store.times import VIETNAM, from_us


def local(us: int) -> datetime:
    """Microseconds since the epoch (UTC) as an aware time in Vietnam."""
    return from_us(us).astimezone(VIETNAM)


def day(us: int) -> str:
    """The day, e.g. ``22/11/2026``."""
    return f"{local(us):%d/%m/%Y}"


def clock(us: int | None) -> str:
    """Hours and minutes, e.g. ``08:05``; "–" for None."""
    return "–" if us is None else f"{local(us):%H:%M}"


def span(first_us: int | None, last_us: int | None) -> str:
    """From when to when, e.g. ``08:05–09:40``; with the day at the end when that is another one; "–" for None."""
    if first_us is None or last_us is None:
        return "–"
    end = clock(last_us) if local(first_us).date() == local(last_us).date() else f"{clock(last_us)} {day(last_us)}"
    return f"{clock(first_us)}–{end}"
