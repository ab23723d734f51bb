"""The records the store takes and gives: frozen, one per table, fields named as the columns.

Ids are UUIDv7 texts (`bdhvs.core.identifiers`), times microseconds since the epoch in UTC (`bdhvs.store.times`).
None means "there is none", never "unknown" or "not yet written".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

from bdhvs.core.attempt_events import ItemRef, Rules
from bdhvs.core.forms import Mode

#: What a page says it is shown on: by pointer and width alone.
Device = Literal["phone", "tablet", "computer"]
#: A nickname needs no consent to be stored; a name does; a "number" is a name that follows from one and is not stored.
NameKind = Literal["nickname", "name", "number"]


@dataclass(frozen=True, slots=True)
class ClassroomRow:
    """A class. ``settings`` are plain JSON values; ``closed_at_us`` is None while the class is open."""

    id: str
    code: str
    name: str
    opened_at_us: int
    closed_at_us: int | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LearnerRow:
    """A learner under their pseudonym. ``nickname`` and ``name_kind`` are None once the person is forgotten."""

    id: str
    classroom_id: str
    joined_at_us: int
    lang: str
    nickname: str | None
    name_kind: NameKind | None


@dataclass(frozen=True, slots=True)
class ToldRow:
    """What a learner told of themselves; None where nothing was told. Values: `bdhvs.core.about_learners`."""

    learner_id: str
    audience: str | None
    age_band: str | None
    sex: str | None
    told_at_us: int


@dataclass(frozen=True, slots=True)
class PinRow:
    """A picture PIN: ``salt`` and ``digest`` in hexadecimal. ``misses`` counts wrong tries in a row, ``missed_at_us`` the last."""

    learner_id: str
    salt: str
    digest: str
    set_at_us: int
    misses: int = 0
    missed_at_us: int = 0


@dataclass(frozen=True, slots=True)
class Consent:
    """One purpose a learner agreed to. ``purpose`` is a stable word; ``text_version`` says which text was read."""

    purpose: str
    text_version: str


@dataclass(frozen=True, slots=True)
class GivenConsent:
    """A consent with when it was given, in microseconds since the epoch."""

    purpose: str
    text_version: str
    given_at_us: int


#: What can be done with a person's data, and by whom.
Action = Literal["export", "rename", "forget", "erase", "withdraw", "clear_pin", "way_back"]
Actor = Literal["teacher", "cli", "learner"]


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Something done with the data of one person, without saying whose. ``reference`` is told to the person."""

    id: str
    at_us: int
    action: Action
    actor: Actor
    reference: str


@dataclass(frozen=True, slots=True)
class ClassEventRow:
    """Something a teacher decided for a whole class; ids give the order. ``details`` are plain JSON values.

    ``form_id`` and ``item_id`` say what it is about; None when it is about the whole class or form.
    """

    id: str
    classroom_id: str
    at_us: int
    type: str
    form_id: str | None = None
    item_id: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExtraTimeRow:
    """Minutes (≥ 1) that a learner has beyond the limit of a form, from the start of each attempt at it."""

    id: str
    learner_id: str
    form_id: str
    minutes: int
    at_us: int


@dataclass(frozen=True, slots=True)
class HelpedRow:
    """Somebody confirmed that a learner helped them with a skill (id of the programme), on a day (its first microsecond, UTC).

    ``own_hands``: they did it themselves. ``device`` is a scrambled mark of their phone, 64 hexadecimal digits.
    """

    id: str
    learner_id: str
    skill: str
    own_hands: bool
    day_us: int
    device: str


@dataclass(frozen=True, slots=True)
class Remains:
    """Where traces of a person who was taken out may still be; nothing in either means none in the folder.

    ``log`` is True when somebody was reading, so that the log will be folded in later, at the latest when the store is
    closed; ``copies`` are files in ``backups/`` that could not be changed.
    """

    log: bool = False
    copies: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemVersionRow:
    """An item as it was given.

    ``digest`` tells whether two items of the same id and version are the same; ``details`` holds the whole item, key
    included, as plain JSON values: an attempt that outlives an edit of the bank is marked by it (docs/adr).
    """

    id: str
    version: int
    kind: str
    competence: str
    level: int
    maximum: int
    digest: str
    details: Mapping[str, Any] = field(default_factory=dict)


#: Items as they were given, by id and version.
Versions = dict[tuple[str, int], ItemVersionRow]


@dataclass(frozen=True, slots=True)
class AdaptiveVersionRow:
    """Pool, parameters and rules by which an adaptive form chose, as plain JSON values; ``digest`` is theirs and names them."""

    digest: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ScoreVersionRow:
    """Item parameters, cut scores and model by which scores were made, as plain JSON values; ``digest`` names them.

    ``calibration`` is its version, ``cut_scores`` the ids of the sets, sorted and joined by a space; ``synthetic``: the
    calibration is of simulated learners.
    """

    digest: str
    calibration: str
    cut_scores: str
    model: str
    synthetic: bool
    details: Mapping[str, Any]


#: Why a score was made: the attempt was handed in, another version is in use, or other answers count than before.
ScoreReason = Literal["handed_in", "version", "evidence"]


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """What an attempt, with all of its learner's work before it, shows by one version (`bdhvs.service.scores` says what).

    ``evidence`` is the digest of the answers it rests on: with the same version and evidence the score is the same.
    """

    id: str
    learner_id: str
    attempt_id: str
    scored_at_us: int
    version: str
    evidence: str
    reason: ScoreReason
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One attempt at a form, as it began. ``seed`` fits a signed 64-bit number; ``items`` are in the order given.

    Of an adaptive form ``items`` holds the first one; `bdhvs.store.codec.items_given` knows all. ``device``: what it was begun on.
    """

    id: str
    learner_id: str
    classroom_id: str
    form_id: str
    form_version: int
    mode: Mode
    seed: int
    shuffle_options: bool
    lang: str
    bank_version: str
    started_at_us: int
    rules: Rules
    items: tuple[ItemRef, ...]
    device: Device | None = None


class EventRow(NamedTuple):
    """One fact of an attempt. Fields stand in the order of the table's columns: the row is the insert's parameters.

    ``seq`` counts from 1; place 0 is `Started`, which lives in the attempt's row. ``response`` and ``details`` are
    JSON texts. ``response`` to ``elapsed_ms`` are None in everything but an answer, except ``confidence`` (not
    asked) and ``elapsed_ms`` (unknown), which may be None there as well.
    """

    attempt_id: str
    event_id: str
    seq: int
    type: str
    item_id: str | None
    item_version: int | None
    recorded_at_us: int
    response: str | None = None
    points: int | None = None
    maximum: int | None = None
    verdict: str | None = None
    reason: str | None = None
    help: str | None = None
    confidence: int | None = None
    elapsed_ms: int | None = None
    details: str | None = None


@dataclass(frozen=True, slots=True)
class ResponseRows:
    """One attempt with everything research needs: its events by ``seq``, its items in the order given."""

    attempt: AttemptRow
    events: tuple[EventRow, ...]
    items: tuple[ItemVersionRow, ...]
