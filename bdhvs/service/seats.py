"""A learner's seat in the class as the teacher's board knows it: attempts, calls for help, and whether somebody sits there.

Somebody is *here* while a page of theirs is open (the page holds a stream to the server), for a few seconds after it
closed (a reload is no absence), and, where a browser or a network allows no streams, for some minutes after a message.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bdhvs.core.attempt import Attempt
from bdhvs.store import AttemptRow

RELOAD_US = 5_000_000  # the next page of a weak phone comes up within so long
SILENCE_US = 180_000_000  # without a stream: people think about one question for a minute or two


@dataclass(slots=True)
class Taking:
    """The latest attempt of a learner at one form. ``asked_us``: when help was asked for, by item; 0 when unknown."""

    row: AttemptRow
    attempt: Attempt
    asked_us: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Seat:
    """One learner. Times are microseconds since the epoch (UTC).

    Attributes
    ----------
    id : the pseudonym; ids grow with the time of joining, so they give the order of the rows.
    name : as the class sees it; None while it is not yet read, or after the person was forgotten.
    takings : the latest attempt at each form, by the form's id.
    form : the form worked at last; empty before the first.
    pages : pages open now.
    heard_us : last sign of life; None when there was none since the class was started.
    patience_us : how long after ``heard_us`` the seat still counts as taken.
    """

    id: str
    name: str | None = None
    takings: dict[str, Taking] = field(default_factory=dict)
    form: str = ""
    pages: int = 0
    heard_us: int | None = None
    patience_us: int = SILENCE_US

    def heard(self, at_us: int) -> None:
        """Note a message. Queued ones of a phone may come in any order."""
        if self.heard_us is None or at_us > self.heard_us:
            self.heard_us = at_us
        self.patience_us = SILENCE_US

    def page_opened(self, at_us: int) -> None:
        """Note that a page holds its stream."""
        self.pages += 1
        self.heard(at_us)

    def page_closed(self, at_us: int) -> None:
        """Note that a stream ended; after the last one a short patience begins."""
        self.pages = max(0, self.pages - 1)
        self.heard_us = at_us
        self.patience_us = RELOAD_US

    def is_here(self, now_us: int) -> bool:
        """Whether somebody sits there now."""
        if self.pages:
            return True
        return self.heard_us is not None and now_us - self.heard_us <= self.patience_us

    def away_since(self, now_us: int) -> int | None:
        """When somebody who was here was last heard of; None when here, or never here since the class was started."""
        return None if self.is_here(now_us) else self.heard_us

    def take(self, row: AttemptRow, attempt: Attempt) -> Taking:
        """The taking of this attempt, brought up to date; that of an older attempt is left behind.

        A message for an older attempt (it waited on an offline phone) changes nothing on the board.
        """
        held = self.takings.get(row.form_id)
        if held is not None and held.row.id == row.id:
            held.attempt = attempt
            return held
        new = Taking(row, attempt)
        if held is None or (row.started_at_us, row.id) > (held.row.started_at_us, held.row.id):
            self.takings[row.form_id] = new
        return new

    def add_stored(self, row: AttemptRow, attempt: Attempt, asked_us: dict[str, int]) -> None:
        """Add an attempt as the store had it; what memory holds of the same attempt is newer and stays."""
        held = self.takings.get(row.form_id)
        if held is None or held.row.id != row.id:
            self.take(row, attempt).asked_us = asked_us
        else:
            held.asked_us = asked_us | held.asked_us
