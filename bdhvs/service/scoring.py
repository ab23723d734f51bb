"""Scores finished attempts and keeps the scores: when one is handed in, and anew when version or evidence have changed.

A score is never written over. With the same version and the same evidence it would be the same, so none is made; otherwise a
row is added that says why: another version is in use, or other answers count than before (an item taken out, an earlier
attempt handed in later). What is shown is the newest row of the version in use (docs/adr/2026-11-22-scores-are-kept.md).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from msgspec import to_builtins

from bdhvs.bank.calibration import folder_of
from bdhvs.bank.cut_scores import FOLDER
from bdhvs.bank.loader import Bank
from bdhvs.errors import BankError, MissingExtra, StoreError
from bdhvs.service.adaptive_versions import missing_for_adaptive
from bdhvs.service.score_evidence import Subject, Withheld, subjects
from bdhvs.service.score_version import Lacking, version_in_use
from bdhvs.service.scores import Score, Scorer
from bdhvs.service.standing import NOTHING_KNOWN, Standing, newest_by, standing_of
from bdhvs.store import ScoreReason, ScoreRow, ScoreVersionRow, Store
from bdhvs.store.decisions import decisions_in
from bdhvs.store.ids import new_id
from bdhvs.store.rows import ResponseRows

log = logging.getLogger("bdhvs.scores")

AT_ONCE = 2_000  # subjects scored together: some ten MB


class VersionInUse:
    """The version in use, read anew when a file of calibrations or cut scores is added or changed: no restart is needed.

    A file that is wrong is told to the log, and the version before stays in use.
    """

    def __init__(self, bank: Bank, *, synthetic: bool = False) -> None:
        self._bank = bank
        self._synthetic = synthetic
        self._seen: object = None
        self._now: ScoreVersionRow | Lacking = "no_calibration"

    def __call__(self) -> ScoreVersionRow | Lacking:
        """The version, or what is lacking for one. Reads the disk: call it outside the event loop."""
        seen = self._files()
        if seen != self._seen:
            self._seen = seen
            try:
                self._now = version_in_use(self._bank, synthetic=self._synthetic)
            except BankError as error:
                log.error("no new calibration is used, a file is wrong: %s", error)
                if isinstance(self._now, str):
                    self._now = "broken"
            else:
                log.info("results are scored by %s", self._now if isinstance(self._now, str) else self._now.digest)
        return self._now

    def _files(self) -> list[tuple[str, int, int]]:
        content = self._bank.content
        paths = [*folder_of(content).glob("*.yaml"), *(content.assessments / FOLDER).glob("*.yaml")]
        return [(str(path), (stat := path.stat()).st_mtime_ns, stat.st_size) for path in sorted(paths)]


class Scoring:
    """Scores of the people of one class.

    Parameters
    ----------
    version : the version in use, or what is lacking.
    now_us : gives the time in microseconds since the epoch (UTC).
    withheld : items that the teacher will yet reveal; they count from then on.
    """

    def __init__(
        self,
        store: Store,
        version: Callable[[], ScoreVersionRow | Lacking],
        *,
        now_us: Callable[[], int],
        withheld: Withheld = lambda item: False,
    ) -> None:
        self._store = store
        self._version = version
        self._now_us = now_us
        self._withheld = withheld
        self._one_at_a_time = asyncio.Lock()  # scoring is for the processor; two at once would only write a row twice
        self._scorer: Scorer | None = None

    async def standing(self, learner_id: str, classroom_id: str) -> Standing:
        """What may be told to a learner of all their work, scored now if it is not yet.

        Never fails: a result without a band is better than none. What went wrong is in the log.
        """
        try:
            async with self._one_at_a_time:
                await self._bring_up_to_date(lambda: self._store.response_rows_of(learner_id), classroom_id)
                return await asyncio.to_thread(self._standing, learner_id, classroom_id)
        except (StoreError, BankError, MissingExtra, ValueError, ArithmeticError):
            log.exception("a learner's work could not be scored")
            return NOTHING_KNOWN

    async def bring_class_up_to_date(self, classroom_id: str) -> ScoreVersionRow | Lacking:
        """Score whatever of a class is not scored by the version in use yet; that version, or what is lacking."""
        async with self._one_at_a_time:
            try:
                await self._bring_up_to_date(lambda: self._store.response_rows(classroom_id), classroom_id)
            except (StoreError, MissingExtra, ValueError, ArithmeticError):
                log.exception("a class could not be scored")
            return await asyncio.to_thread(self._version)

    async def _bring_up_to_date(self, works: Callable[[], Iterable[ResponseRows]], classroom_id: str) -> None:
        version = await asyncio.to_thread(self._version)
        if isinstance(version, str) or missing_for_adaptive():
            return
        rows = await asyncio.to_thread(self._new_rows, works, classroom_id, version)
        for begin in range(0, len(rows), AT_ONCE):
            await self._store.record_scores(version, rows[begin : begin + AT_ONCE])

    def _new_rows(self, works: Callable[[], Iterable[ResponseRows]], classroom_id: str, version: ScoreVersionRow) -> list[ScoreRow]:
        found = subjects_in(self._store, works(), classroom_id, self._withheld)
        learners = list({one.learner for one in found})
        known = self._store.scores_of(learners[0]) if len(learners) == 1 else self._store.scores(classroom_id)
        if self._scorer is None or self._scorer.version.digest != version.digest:
            self._scorer = Scorer(version)
        return rescored(found, known, self._scorer, self._now_us())

    def _standing(self, learner_id: str, classroom_id: str) -> Standing:
        found = subjects_in(self._store, self._store.response_rows_of(learner_id), classroom_id, self._withheld)
        version = self._version()
        rows = newest_by(self._store.scores_of(learner_id), version)
        return standing_of(version, rows.get(learner_id), found[-1].met if found else ())


def subjects_in(
    store: Store, works: Iterable[ResponseRows], classroom_id: str, withheld: Withheld = lambda item: False
) -> list[Subject]:
    """The finished attempts among `works`, attempts of one class, learner by learner."""
    decisions = decisions_in(store, classroom_id)
    by_learner = groupby(sorted(works, key=_learner), key=_learner)
    return [one for _, own in by_learner for one in subjects(own, decisions, withheld)]


def _learner(work: ResponseRows) -> str:
    return work.attempt.learner_id


def outdated(found: Iterable[Subject], known: Sequence[ScoreRow], version: str) -> Iterator[tuple[Subject, ScoreReason]]:
    """Subjects without a score by this version from this evidence, and why they want one; `known` are oldest first."""
    newest = {row.attempt_id: row for row in known}
    by_version = {row.attempt_id: row for row in known if row.version == version}
    for one in found:
        own = by_version.get(one.attempt)
        if one.attempt not in newest:
            yield one, "handed_in"
        elif own is None:
            yield one, "version"
        elif own.evidence != one.evidence:
            yield one, "evidence"


def rescored(found: Iterable[Subject], known: Sequence[ScoreRow], scorer: Scorer, now_us: int) -> list[ScoreRow]:
    """New rows for the subjects that want one."""
    wanted = list(outdated(found, known, scorer.version.digest))
    rows: list[ScoreRow] = []
    for begin in range(0, len(wanted), AT_ONCE):
        part = wanted[begin : begin + AT_ONCE]
        scores = scorer.scores([one for one, _ in part])
        rows += [_row(*one, score, scorer.version.digest, now_us) for one, score in zip(part, scores, strict=True)]
    return rows


def _row(subject: Subject, reason: ScoreReason, score: Score, version: str, now_us: int) -> ScoreRow:
    return ScoreRow(
        id=new_id(now_us),
        learner_id=subject.learner,
        attempt_id=subject.attempt,
        scored_at_us=now_us,
        version=version,
        evidence=subject.evidence,
        reason=reason,
        details=to_builtins(score),
    )
