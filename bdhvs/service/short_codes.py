"""Short codes that open something of one learner for a few minutes.

Kept in memory only: a restart of the server ends them, and another is made. Whoever guesses meets 191 million codes and the
limits of the pages that take them.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from bdhvs.core.identifiers import class_code, read_code
from bdhvs.errors import NotFound


@dataclass(frozen=True, slots=True)
class _Opening:
    learner_id: str
    until_us: int


class ShortCodes:
    """The codes that are open now, at most one of each learner.

    Parameters
    ----------
    now_us : gives the time in microseconds since the epoch (UTC).
    minutes : how long a code is good.
    """

    def __init__(self, now_us: Callable[[], int], minutes: int) -> None:
        self._now_us = now_us
        self._minutes = minutes
        self._open: dict[str, _Opening] = {}

    def make(self, learner_id: str) -> str:
        """A new code for a learner; a former one opens nothing any more."""
        self._close(learner_id)
        code = class_code(secrets.choice)
        self._open[code] = _Opening(learner_id, self._now_us() + self._minutes * 60_000_000)
        return code

    def open_for(self, learner_id: str) -> str | None:
        """The code of a learner that is open now."""
        now = self._now_us()
        return next(
            (code for code, one in self._open.items() if one.learner_id == learner_id and one.until_us > now), None
        )

    def learner(self, typed: str) -> str:
        """The pseudonym of the learner whose code this is; the code stays good.

        Raises
        ------
        NotFound
            when it was used, is too old, or never was one: the one message for all.
        """
        found = self._open.get(read_code(typed) or "")
        if found is None or found.until_us <= self._now_us():
            raise NotFound("nothing is open under this code")
        return found.learner_id

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
        kept = {code: one for code, one in self._open.items() if one.learner_id != learner_id and one.until_us > now}
        self._open = kept
