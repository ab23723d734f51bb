"""Learners on their way out: one tidy row each, without names, in the groups they put themselves into.

Whoever told nothing, or took their consent back, has a row all the same, with nothing in it but what holds of the whole class.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

from bdhvs.core.about_learners import DEVICES, NO_PLACE, Place
from bdhvs.store.rows import ToldRow
from bdhvs.store.spreadsheet import spreadsheet_lines
from bdhvs.store.store import Store
from bdhvs.store.telling import Work
from bdhvs.store.times import vietnam_day

#: The type of the class event by which a teacher says where the class is; the last one counts.
PLACE = "place"

#: Column → what it holds: those of `bdhvs.dataset.schema.LEARNERS`, with pseudonyms instead of numbers. Missing values are None.
COLUMNS: dict[str, str] = {
    "learner": "pseudonym of the learner (UUIDv7), as in the table of responses; no name is exported",
    "classroom": "id of the learner's class (UUIDv7)",
    "province": "code of the province the class named; 'none' when it named none",
    "commune": "code of the commune the class named; 'none' when it named none",
    "audience": "group of the programme, e.g. elderly, as the learner told, else the one the class is for; missing when neither is known",
    "age_band": "under_15, 15_24, 25_39, 40_59, 60_74 or 75_up; missing when not told",
    "sex": "female or male; missing when not told or told as another",
    "region": "urban or rural, as the class said; missing when it did not",
    "device": "phone, tablet or computer: the device most answers came from; missing when unknown",
    "first_day": "day of the learner's first attempt, in Vietnam (UTC+7)",
}


def learner_rows(store: Store, classroom_id: str | None = None) -> Iterator[dict[str, Any]]:
    """One row for each learner of one class, or of all, who began something; by pseudonym, columns as in `COLUMNS`.

    ``first_day`` is a `datetime.date`, everything else text or None. Reads the disk: call it outside the event loop.
    """
    places = {room.id: place_of(store, room.id) for room in store.classrooms()}
    told = store.everything_told(classroom_id)
    for learner, work in groupby(store.work(classroom_id), attrgetter("learner_id")):
        own = list(work)
        yield _row(own, places[own[0].classroom_id], told.get(learner))


def place_of(store: Store, classroom_id: str) -> Place:
    """Where a class is, as its teacher said last."""
    said = [one.details for one in store.class_events(classroom_id) if one.type == PLACE]
    return Place(**said[-1]) if said else Place()


def csv_lines(store: Store, classroom_id: str | None = None) -> Iterator[str]:
    """The rows as CSV for a spreadsheet (`bdhvs.store.spreadsheet`)."""
    return spreadsheet_lines(COLUMNS, learner_rows(store, classroom_id))


def _row(work: list[Work], place: Place, told: ToldRow | None) -> dict[str, Any]:
    return {
        "learner": work[0].learner_id,
        "classroom": work[0].classroom_id,
        "province": place.province or NO_PLACE,
        "commune": place.commune or NO_PLACE,
        "audience": (told.audience if told else None) or place.audience,
        "age_band": told.age_band if told else None,
        "sex": told.sex if told else None,
        "region": place.region,
        "device": _device(work),
        "first_day": vietnam_day(min(one.first_at_us for one in work)),
    }


def _device(work: list[Work]) -> str | None:
    """Of what is known the device with most answers; of as many, the one that stands first in `DEVICES`."""
    known = [one for one in work if one.device is not None]
    most = max(known, key=lambda one: (one.answers, -DEVICES.index(one.device)), default=None)
    return most.device if most else None
