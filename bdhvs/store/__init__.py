"""What survives a reload: the data folder, its tables and the only SQL of bdhvs."""

from bdhvs.store.codec import events_of, from_row, to_row
from bdhvs.store.failures import CannotWrite, Health, OutOfStep
from bdhvs.store.rows import (
    AnswerRow,
    AttemptRow,
    ClassroomRow,
    EventRow,
    ItemVersionRow,
    LearnerRow,
    NameKind,
    ResponseRows,
)
from bdhvs.store.store import Store

__all__ = [
    "AnswerRow",
    "AttemptRow",
    "CannotWrite",
    "ClassroomRow",
    "EventRow",
    "Health",
    "ItemVersionRow",
    "LearnerRow",
    "NameKind",
    "OutOfStep",
    "ResponseRows",
    "Store",
    "events_of",
    "from_row",
    "to_row",
]
