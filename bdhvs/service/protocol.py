"""Messages and replies of the quiz protocol, version 1 (docs/protocol.md), as types.

Decoding is strict: unknown fields, wrong types and oversized values are refused before anything looks at them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from bdhvs.core.items.base import ShownItem
from bdhvs.errors import InvalidMessage
from bdhvs.service.pace_view import PaceView
from bdhvs.store import Device

VERSION = 1
MAX_MESSAGE_BYTES = 16_384  # the longest lawful answer is a few hundred bytes
DAY_MS = 24 * 3600 * 1000

Id = Annotated[str, Meta(min_length=1, max_length=80)]
EventId = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")]


class _Message(Struct, forbid_unknown_fields=True, frozen=True, tag_field="type", kw_only=True):
    v: Literal[1]


class Open(_Message, tag="open", frozen=True, kw_only=True):
    form: Id
    again: bool = False
    lang: Literal["vi", "en"] | None = None
    device: Device | None = None


class _Act(_Message, frozen=True, kw_only=True):
    """Something a learner did in an attempt."""

    attempt: Id
    event_id: EventId


class AnswerItem(_Act, tag="answer", frozen=True, kw_only=True):
    """``elapsed_ms`` outside 0 … one day (a clock that jumped) is kept as unknown."""

    item: Id
    version: int
    response: Any
    help: Literal["none", "teacher"] = "none"
    confidence: Annotated[int, Meta(ge=1, le=4)] | None = None
    elapsed_ms: float | None = None


class SkipItem(_Act, tag="skip", frozen=True, kw_only=True):
    item: Id


class GoToItem(_Act, tag="go", frozen=True, kw_only=True):
    item: Id


class AskForHint(_Act, tag="hint", frozen=True, kw_only=True):
    """``response``: what was done so far, where hints follow it (a simulation); ``deeper``: the nudge was not enough."""

    item: Id
    response: Any = None
    deeper: bool = False


class TellSoFar(_Act, tag="so_far", frozen=True, kw_only=True):
    """What was done so far in an item of several steps and is not handed in: no fact, kept for another phone of the learner."""

    item: Id
    response: Any


class AskForHelp(_Act, tag="ask_help", frozen=True, kw_only=True):
    item: Id


class PauseAttempt(_Act, tag="pause", frozen=True, kw_only=True):
    pass


class ResumeAttempt(_Act, tag="resume", frozen=True, kw_only=True):
    pass


class FinishAttempt(_Act, tag="finish", frozen=True, kw_only=True):
    pass


Fact = AnswerItem | SkipItem | GoToItem | AskForHint | AskForHelp | PauseAttempt | ResumeAttempt | FinishAttempt
Act = Fact | TellSoFar
Message = Open | Act


class Feedback(Struct, frozen=True):
    verdict: str
    html: tuple[str, ...]
    solution: str | None
    explanation: str | None
    retry: bool


class ItemView(Struct, frozen=True):
    """State of an item as its learner may see it. ``neutralised`` is true when it does not count, else left out.

    ``confidence``: how sure the learner was of the last answer, 1–4; left out when not said. ``so_far``: what was done in
    an item of several steps and not handed in; only in `Opened`, left out when nothing was.
    """

    status: str
    open: bool
    tries_left: int
    response: Any
    help: str
    asked_help: bool
    hint: str | None
    feedback: Feedback | None
    neutralised: bool | UnsetType = UNSET
    confidence: int | UnsetType = UNSET
    so_far: Any | UnsetType = UNSET


class FormView(Struct, frozen=True):
    """``at_most``: of an adaptive form, whose items come one by one, how many there can be; else left out.

    ``ask_confidence``: true when the page asks after choosing how sure one is; else left out.
    """

    id: str
    version: int
    title: str
    about: str
    mode: str
    allow_back: bool
    tries: int
    minutes: int | None
    limit_minutes: int | None
    at_most: int | UnsetType = UNSET
    ask_confidence: bool | UnsetType = UNSET


class Evidence(Struct, frozen=True):
    """What was done of a domain or a competence, in whole tasks."""

    code: str
    name: str
    alone: int
    helped: int
    total: int
    sentence: str


class DomainResult(Struct, frozen=True):
    code: str
    name: str
    alone: int
    helped: int
    total: int
    sentence: str
    band: str | None
    band_sentence: str | None


class Link(Struct, frozen=True):
    title: str
    href: str


class Reviewed(Struct, frozen=True):
    item: str
    stem: str
    yours: str | None
    outcome: str
    feedback: Feedback | None


class Result(Struct, frozen=True):
    """``bands``: how bands come about, or why none is named."""

    title: str
    summary: str
    bands: str
    notice: str
    domains: tuple[DomainResult, ...]
    competences: tuple[Evidence, ...]
    next: tuple[Link, ...]
    review: tuple[Reviewed, ...]


class _Reply(Struct, frozen=True, tag_field="type", kw_only=True):
    v: int = VERSION


class Opened(_Reply, tag="opened", frozen=True, kw_only=True):
    """``time_left_ms``: until the time is over, ≥ 0; None without a limit, and when the attempt is finished."""

    attempt: str
    status: str
    form: FormView
    items: tuple[ShownItem, ...]
    states: dict[str, ItemView]
    current: str | None
    time_left_ms: int | None
    result: Result | None
    pace: PaceView | None = None


class NextItem(Struct, frozen=True):
    """The item that an adaptive form has chosen, and its state."""

    item: ShownItem
    state: ItemView


class Saved(_Reply, tag="saved", frozen=True, kw_only=True):
    """``time_left_ms`` as in `Opened`, left out where it is None there. ``next``: in an adaptive form the item on the screen now."""

    event_id: str
    attempt: str
    item: str | None
    state: ItemView | None
    current: str | None
    status: str
    time_left_ms: int | UnsetType = UNSET
    next: NextItem | UnsetType = UNSET


class FinishedReply(_Reply, tag="finished", frozen=True, kw_only=True):
    event_id: str
    attempt: str
    result: Result


class RefusedReply(_Reply, tag="refused", frozen=True, kw_only=True):
    code: str
    text: str


Reply = Opened | Saved | FinishedReply | RefusedReply

_decoder = msgspec.json.Decoder(Message)


def read_message(data: bytes) -> Message:
    """A message from the bytes of a request.

    Raises
    ------
    InvalidMessage
        saying which field was wrong; nothing of the value is repeated.
    """
    try:
        message: Message = _decoder.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as exc:
        raise InvalidMessage(f"the message does not follow the protocol: {exc}") from exc
    return message


def take_message(data: Any) -> Message:
    """A message from plain Python values (a notebook's comm)."""
    try:
        message: Message = msgspec.convert(data, Message)
    except (msgspec.ValidationError, RecursionError) as exc:
        raise InvalidMessage(f"the message does not follow the protocol: {exc}") from exc
    return message
