"""A way back that the teacher gives to one learner: a code for a few minutes, good for one time."""

from __future__ import annotations

from collections.abc import Callable

from bdhvs.service.short_codes import ShortCodes

MINUTES = 15


class WaysBack(ShortCodes):
    """The ways back that are open now. `now_us` gives the time in microseconds since the epoch (UTC)."""

    def __init__(self, now_us: Callable[[], int]) -> None:
        super().__init__(now_us, MINUTES)
