"""When the time of an attempt is over: reckoned from stored facts, so that a restart changes nothing.

A pause does not stop the time: a learner could pause to look things up. While an attempt is finished no time runs; whoever
is let go on has what was left, and what the teacher gives. When the whole class is held up, the teacher gives minutes.
"""

from __future__ import annotations

from bdhvs.core.attempt import MINUTE_MS, Attempt

#: Answers that a phone made in time but could not send are taken so long after the end. Phones with a network hand in by
#: themselves at the end, so this is for those without one.
GRACE_MINUTES = 5
MINUTE_US = MINUTE_MS * 1000
MOST_EXTRA_MINUTES = 240  # given at one go


def deadline_us(attempt: Attempt, started_at_us: int, class_minutes: int = 0) -> int | None:
    """When the time is over, in microseconds since the epoch; None without a limit.

    Parameters
    ----------
    class_minutes : minutes the teacher gave to everybody at this form, ≥ 0.
    """
    limit = attempt.rules.limit_minutes
    if limit is None:
        return None
    return started_at_us + (limit + class_minutes) * MINUTE_US + attempt.more_ms * 1000


def ends_us(deadline: int) -> int:
    """When an attempt that is not handed in is ended for good: the deadline and the grace."""
    return deadline + GRACE_MINUTES * MINUTE_US


def left_ms(deadline: int, now_us: int) -> int:
    """Milliseconds until the deadline, ≥ 0."""
    return max(0, (deadline - now_us) // 1000)
