"""How much time an attempt has, as the class's decisions and pace have it; `bdhvs.core.timing` does the reckoning."""

from __future__ import annotations

from collections.abc import Callable

from bdhvs.core.decisions import Decisions
from bdhvs.core.pace import Pace
from bdhvs.core.timing import deadline_us, ends_us, left_ms
from bdhvs.service.sessions import LiveAttempt


class TimeLimits:
    """The time of attempts now. Times are microseconds since the epoch (UTC).

    Parameters
    ----------
    now_us : gives the time. It may jump back.
    pace_of : the pace of a class (`bdhvs.core.pace`).
    decisions : what the teacher has decided for the class.
    """

    def __init__(self, *, now_us: Callable[[], int], pace_of: Callable[[str], Pace], decisions: Callable[[], Decisions]) -> None:
        self._now_us = now_us
        self._pace_of = pace_of
        self._decisions = decisions

    def ends_us(self, live: LiveAttempt) -> int | None:
        """When an attempt under way is ended for good if the class does not take its form together; None without a limit
        and once it is finished."""
        deadline = self._own_deadline(live)
        return ends_us(deadline) if deadline is not None else None

    def is_over(self, live: LiveAttempt) -> bool:
        """Whether the time, grace included, is over."""
        deadline = self._deadline(live)
        return deadline is not None and self._now_us() > ends_us(deadline)

    def left_ms(self, live: LiveAttempt) -> int | None:
        """Milliseconds left, ≥ 0; None where no time runs."""
        deadline = self._deadline(live)
        return left_ms(deadline, self._now_us()) if deadline is not None else None

    def _deadline(self, live: LiveAttempt) -> int | None:
        """When the time is over; None also while the class takes the form together: then the teacher keeps the time."""
        led = live.row.form_id in self._pace_of(live.row.classroom_id).led
        return None if led else self._own_deadline(live)

    def _own_deadline(self, live: LiveAttempt) -> int | None:
        attempt = live.attempt
        if attempt.rules.limit_minutes is None or attempt.status == "finished":
            return None
        return deadline_us(attempt, live.row.started_at_us, self._decisions().minutes.get(live.row.form_id, 0))
