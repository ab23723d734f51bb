"""What survives a reload: the data folder, its tables and the only SQL of bdhvs.

`Store` is loaded when it is first used: it brings SQLAlchemy, half a second and 19 MB that a learner's kernel, which
finds the class's server and never opens a store, need not pay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bdhvs.store.codec import events_of, from_row, to_row
from bdhvs.store.failures import CannotWrite, Health, OutOfStep
from bdhvs.store.rows import (
    Action,
    Actor,
    AdaptiveVersionRow,
    AttemptRow,
    AuditRow,
    ClassEventRow,
    ClassroomRow,
    Consent,
    Device,
    EventRow,
    ExtraTimeRow,
    GivenConsent,
    HelpedRow,
    ItemVersionRow,
    LearnerRow,
    NameKind,
    PinRow,
    Remains,
    ResponseRows,
    ScoreReason,
    ScoreRow,
    ScoreVersionRow,
    ToldRow,
)

if TYPE_CHECKING:
    from bdhvs.store.store import Store

__all__ = [
    "Action",
    "Actor",
    "AdaptiveVersionRow",
    "AttemptRow",
    "AuditRow",
    "CannotWrite",
    "ClassEventRow",
    "ClassroomRow",
    "Consent",
    "Device",
    "EventRow",
    "ExtraTimeRow",
    "GivenConsent",
    "Health",
    "HelpedRow",
    "ItemVersionRow",
    "LearnerRow",
    "NameKind",
    "OutOfStep",
    "PinRow",
    "Remains",
    "ResponseRows",
    "ScoreReason",
    "ScoreRow",
    "ScoreVersionRow",
    "Store",
    "ToldRow",
    "events_of",
    "from_row",
    "to_row",
]


def __getattr__(name: str) -> Any:
    if name != "Store":
        raise AttributeError(f"module 'bdhvs.store' has no attribute {name!r}")
    from bdhvs.store.store import Store

    globals()["Store"] = Store
    return Store
