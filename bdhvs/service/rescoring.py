"""Scoring a whole data folder, and what that changed: old version, new version, whose bands moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bdhvs.service.scores import Scorer, score_of
from bdhvs.service.scoring import rescored, subjects_in
from bdhvs.store import ScoreReason, ScoreRow, Store

UNNAMED = "insufficient"  # in place of a band


@dataclass(frozen=True, slots=True)
class Trace:
    """What scoring one attempt again has changed.

    Attributes
    ----------
    before : digest of the version of the newest score until then; None when there was none.
    moved : domain → band before and after (``insufficient`` where none was named); empty without a score before.
    """

    learner: str
    attempt: str
    reason: ScoreReason
    before: str | None
    after: str
    moved: dict[str, tuple[str, str]]


def score_class(
    store: Store, classroom_id: str, scorer: Scorer, now_us: int, since_us: int | None = None
) -> tuple[list[ScoreRow], list[Trace]]:
    """New scores of a class by one version, for the store to keep, and what they change.

    Parameters
    ----------
    since_us : only attempts begun at this time or later, microseconds since the epoch (UTC).
    """
    begun = {row.id: row.started_at_us for row in store.attempts_in(classroom_id)}
    found = subjects_in(store, store.response_rows(classroom_id), classroom_id)
    wanted = [one for one in found if since_us is None or begun[one.attempt] >= since_us]
    known = store.scores(classroom_id)
    rows = rescored(wanted, known, scorer, now_us)
    newest = {row.attempt_id: row for row in known}
    return rows, [_trace(row, newest.get(row.attempt_id)) for row in rows]


def _trace(row: ScoreRow, before: ScoreRow | None) -> Trace:
    moved = _moved(before, row) if before is not None else {}
    return Trace(row.learner_id, row.attempt_id, row.reason, before.version if before else None, row.version, moved)


def bands_in(row: ScoreRow) -> dict[str, str]:
    """The band of each domain of a score; ``insufficient`` where none is named."""
    return {code: one.band or UNNAMED for code, one in score_of(row.details).domains.items()}


def _moved(before: ScoreRow, after: ScoreRow) -> dict[str, tuple[str, str]]:
    old, new = bands_in(before), bands_in(after)
    pairs = {code: (old.get(code, UNNAMED), new.get(code, UNNAMED)) for code in sorted(old | new)}
    return {code: pair for code, pair in pairs.items() if pair[0] != pair[1]}


def moves(traces: Sequence[Trace]) -> Iterator[tuple[str, str, str, int]]:
    """How many attempts went from which band to which: domain, before, after, number."""
    counted = Counter((code, *pair) for one in traces for code, pair in one.moved.items())
    yield from ((*key, counted[key]) for key in sorted(counted))
