"""A way back that the teacher gives to one learner: a code for a few minutes, good for one time.

Kept in memory only: a restart of the server ends them, and the teacher gives another.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from bdhvs.core.identifiers import class_code, read_code
from bdhvs.errors import NotFound

MINUTES = 15


@dataclass(frozen=True, slots=True)
class _WayBack:
    learner_id: str
    until_us: int


class WaysBack:
    """The ways back that are open now. `now_us` gives the time in microseconds since the epoch (UTC)."""

    def __init__(self, now_us: Callable[[], int]) -> None:
        self._now_us = now_us
        self._open: dict[str, _WayBack] = {}

    def make(self, learner_id: str) -> str:
        """A new code for a learner; a former one opens nothing any more."""
        self._close(learner_id)
        code = class_code(secrets.choice)
        self._open[code] = _WayBack(learner_id, self._now_us() + MINUTES * 60_000_000)
        return code

    def learner(self, typed: str) -> str:
        """The pseudonym of the learner whom a code lets in; the code stays good.

        Raises
        ------
        NotFound
            when it was used, is too old, or never was one: the one message for all.
        """
        way = self._open.get(read_code(typed) or "")
        if way is None or way.until_us <= self._now_us():
            raise NotFound("no way back is open under this code")
        return way.learner_id

    def is_open(self, typed: str) -> bool:
        """Whether `learner` would find somebody."""
        try:
            return bool(self.learner(typed))
        except NotFound:
            return False

    def use(self, typed: str) -> str:
        """As `learner`; the code is then used up."""
        learner_id = self.learner(typed)
        self._close(learner_id)
        return learner_id

    async def forget_learner(self, learner_id: str) -> None:
        """Keep nothing of a learner, once the store has forgotten them."""
        self._close(learner_id)

    def _close(self, learner_id: str) -> None:
        now = self._now_us()
        kept = {code: way for code, way in self._open.items() if way.learner_id != learner_id and way.until_us > now}
        self._open = kept
