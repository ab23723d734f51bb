"""Confirmations of people helped on their way out to researchers: one tidy row each, without names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from bdhvs.core.framework import AmbassadorModel
from bdhvs.errors import NotFound
from bdhvs.service.ambassadors import AHEAD_US
from bdhvs.store import Store
from bdhvs.store.spreadsheet import spreadsheet_lines
from bdhvs.store.times import from_us

#: Column → what it holds; a contract as that of the answers.
COLUMNS: dict[str, str] = {
    "classroom": "id of the class (UUIDv7)",
    "learner": "pseudonym of the learner who helped (UUIDv7)",
    "day": "day in Vietnam on which it was confirmed, ISO 8601; no time of day is kept",
    "skill": "id of the programme's skill, chosen by the one who was helped",
    "own_hands": "true when they said that they did it with their own hands",
    "own_hands_so_far": "how many of this learner's confirmations up to this row say so",
    "needed": "how many of those the programme asks for",
    "is_evidence": "true from that number on",
    "competence": "code of the competence it is then evidence of",
    "level": "level it is evidence of (leading others); evidence, no result",
}


def ambassador_rows(store: Store, model: AmbassadorModel) -> Iterator[dict[str, Any]]:
    """Tidy rows of all classes, helper by helper, oldest day first; columns as in `COLUMNS`."""
    for room in store.classrooms():
        so_far: Counter[str] = Counter()
        for row in store.helped_in(room.id):
            so_far[row.learner_id] += row.own_hands
            yield {
                "classroom": room.id,
                "learner": row.learner_id,
                "day": from_us(row.day_us + AHEAD_US).date().isoformat(),
                "skill": row.skill,
                "own_hands": row.own_hands,
                "own_hands_so_far": so_far[row.learner_id],
                "needed": model.people,
                "is_evidence": so_far[row.learner_id] >= model.people,
                "competence": model.competence,
                "level": model.level,
            }


def required(model: AmbassadorModel | None) -> AmbassadorModel:
    """The framework's model.

    Raises
    ------
    NotFound
        when the programme says nothing of this framework.
    """
    if model is None:
        raise NotFound("the programme names no evidence of helping others for this framework")
    return model


def ambassador_lines(store: Store, model: AmbassadorModel) -> Iterator[str]:
    """The tidy rows as CSV for a spreadsheet (`bdhvs.store.spreadsheet`)."""
    return spreadsheet_lines(COLUMNS, ambassador_rows(store, model))
