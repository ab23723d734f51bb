"""Scores on their way out to researchers: one tidy row per score and domain, without names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bdhvs.service.scores import score_of
from bdhvs.store import Store
from bdhvs.store.spreadsheet import spreadsheet_lines
from bdhvs.store.times import from_us

#: Column → what it holds; a contract as that of the answers. Missing values are None (an empty cell in CSV).
COLUMNS: dict[str, str] = {
    "classroom": "id of the class (UUIDv7)",
    "learner": "pseudonym of the learner (UUIDv7)",
    "attempt": "id of the finished attempt; the score rests on all due work up to it",
    "form": "id of its form",
    "scored_at": "when, UTC, ISO 8601",
    "reason": "handed_in, version (another one before) or evidence (other answers count than before)",
    "newest": "true on the newest score of the attempt",
    "score_version": "digest of calibration, cut scores and model",
    "calibration": "version of the calibration",
    "cut_scores": "ids of the cut scores, apart by a space",
    "model": "name of the model",
    "synthetic": "true when the calibration is of simulated learners: not a result",
    "gate": "entry module: open, closed (no band may be told), insufficient or not_asked",
    "domain": "code of the domain",
    "tasks": "calibrated tasks of this domain the score rests on",
    "ability": "what is done alone, logits (posterior mean); missing without an estimate",
    "se": "its standard error, logits",
    "ability_helped": "the same with tasks done with help counted as done",
    "se_helped": "its standard error, logits",
    "band": "band named, below (under the lowest), or missing: not enough evidence",
    "at_least": "highest band reached for sure; missing when not even the lowest is",
    "probabilities": "probability of each band, as JSON",
    "autonomy": "levels 1 and 2: alone, with_help, not_yet, insufficient or none",
}


def score_rows(store: Store, classroom_id: str | None = None) -> Iterator[dict[str, Any]]:
    """Tidy rows of one class, or of all, oldest first; columns as in `COLUMNS`."""
    versions = store.score_versions()
    for room in [one.id for one in store.classrooms()] if classroom_id is None else [classroom_id]:
        rows = store.scores(room)
        if not rows:
            continue
        forms = {row.id: row.form_id for row in store.attempts_in(room)}
        newest = {row.attempt_id: row.id for row in rows}
        for row in rows:
            version, found = versions[row.version], score_of(row.details)
            about = {
                "classroom": room,
                "learner": row.learner_id,
                "attempt": row.attempt_id,
                "form": forms[row.attempt_id],
                "scored_at": from_us(row.scored_at_us).isoformat(timespec="milliseconds"),
                "reason": row.reason,
                "newest": newest[row.attempt_id] == row.id,
                "score_version": row.version,
                "calibration": version.calibration,
                "cut_scores": version.cut_scores,
                "model": version.model,
                "synthetic": version.synthetic,
                "gate": found.gate,
            }
            for code, one in found.domains.items():
                own = {name: getattr(one, name) for name in COLUMNS if name in one.__struct_fields__}
                yield {**about, "domain": code, **own, "probabilities": json.dumps(one.probabilities)}


def score_lines(store: Store) -> Iterator[str]:
    """The tidy rows as CSV for a spreadsheet (`bdhvs.store.spreadsheet`)."""
    return spreadsheet_lines(COLUMNS, score_rows(store))
