"""A form: which items, in which order, under which rules."""

from __future__ import annotations

import random
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import Field, model_validator

from bdhvs.core.adaptive import Adaptive
from bdhvs.core.items.base import ItemId, Nfc, Record, Text

Mode = Literal["practice", "assessment"]
Purpose = Literal["placement", "before_after", "profile", "break"]


class Turn(Record):
    """One of two parallel forms, by a coin of the learner's own: half of the learners get the one at their first turn and the
    other at their second, and the other half the other way round. So what makes one form harder falls on both sides alike.
    """

    forms: Annotated[tuple[ItemId, ...], Field(min_length=2, max_length=2)]
    place: Literal["first", "second"]

    def form_of(self, learner_id: str) -> str:
        """The form this learner gets at this turn: always the same, and at the other turn the other."""
        pair = sorted(self.forms)
        coin = sha256(f"{learner_id}:{':'.join(pair)}".encode()).digest()[0] & 1
        return pair[coin if self.place == "first" else 1 - coin]


class Form(Record):
    """Items and the rules under which they are taken: a fixed list, an `Adaptive` rule by which they are chosen one by one, or a
    `Turn`, which leads each learner to one of two other forms.

    In *practice* feedback comes after each answer and a wrong one may be retried up to ``tries`` times in all.
    In *assessment* nothing is revealed before the end; the last answer to an item counts. An adaptive form is an assessment
    that goes forward only.
    """

    id: ItemId
    version: int = Field(ge=1)
    title: Text
    about: Text
    mode: Mode
    items: Annotated[tuple[ItemId, ...], Field(min_length=1, max_length=200)] = ()
    adaptive: Adaptive | None = None
    turn: Turn | None = None
    purpose: Purpose | None = None  # offered only when a teacher chooses it, under this heading
    shuffle_items: bool = False
    shuffle_options: bool = True
    allow_back: bool = True
    tries: Annotated[int, Field(ge=1, le=5)] = 2
    minutes: Annotated[int, Field(ge=1, le=180)] | None = None  # expected length, for people; not a limit
    limit_minutes: Annotated[int, Field(ge=1, le=180)] | None = None  # of an assessment; the server ends it then
    ask_confidence: bool = False  # after choosing: how sure are you? Answering that is free
    listed: bool = True  # on the class's home page; false for a form that lives inside a lesson
    review: bool = True  # after an assessment: show each item with its solution
    author: Nfc
    licence: Nfc
    date: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]

    @model_validator(mode="after")
    def _fixed_or_adaptive(self) -> Form:
        if self.adaptive is None and self.turn is None and not self.items:
            raise ValueError('the field "items" is missing; list the items, or say under "adaptive" how they are chosen')
        found = (*self._unfit_for_choice(), *(self._unfit_for_adaptive() if self.adaptive else ()), *(self._unfit_for_turn() if self.turn else ()))
        wrong = [message for is_wrong, message in found if is_wrong]
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    def _unfit_for_adaptive(self) -> tuple[tuple[bool, str], ...]:
        chosen = "an adaptive form"
        return (
            (bool(self.items), f"found items and adaptive, expected one of them; {chosen} chooses its items from the pool"),
            (self.mode != "assessment", f"found mode {self.mode}; {chosen} gives no feedback before its end: mode: assessment"),
            (self.allow_back, f"{chosen} goes forward only, for each answer decides what comes next; write allow_back: false"),
            (self.shuffle_items, f"{chosen} has no order to shuffle; write shuffle_items: false"),
        )

    def _unfit_for_choice(self) -> tuple[tuple[bool, str], ...]:
        return ((self.purpose is not None and self.listed, f"a form for {self.purpose} waits until a teacher chooses it; write listed: false"),)

    def _unfit_for_turn(self) -> tuple[tuple[bool, str], ...]:
        leads = "a form with a turn leads to other forms"
        return (
            (bool(self.items or self.adaptive), f"found items or adaptive beside turn; {leads} and has no items of its own"),
            (self.mode != "assessment", f"found mode {self.mode}; {leads} that are assessments: mode: assessment"),
            (self.turn is not None and len(set(self.turn.forms)) < 2, "found one form twice under turn, expected two"),
        )

    def taken_by(self, learner_id: str) -> str:
        """Id of the form that this learner really takes: its own, but for a `Turn`."""
        return self.turn.form_of(learner_id) if self.turn else self.id

    @property
    def explains(self) -> bool:
        """Whether those who take it see solutions: in practice at once, after an assessment in its review."""
        return self.mode == "practice" or self.review

    @property
    def longest(self) -> int:
        """How many items a learner gets: of an adaptive form at most."""
        return self.adaptive.maximum if self.adaptive else len(self.items)

    def ordered_items(self, seed: int) -> tuple[str, ...]:
        """Item ids in the order of the attempt with this seed; the same seed gives the same order."""
        if not self.shuffle_items:
            return self.items
        order = list(self.items)
        random.Random(f"{seed}:items").shuffle(order)
        return tuple(order)
