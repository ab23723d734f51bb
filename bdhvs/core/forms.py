"""A form: which items, in which order, under which rules."""

from __future__ import annotations

import random
from typing import Annotated, Literal

from pydantic import Field, model_validator

from bdhvs.core.adaptive import Adaptive
from bdhvs.core.items.base import ItemId, Nfc, Record, Text

Mode = Literal["practice", "assessment"]


class Form(Record):
    """Items and the rules under which they are taken: a fixed list, or an `Adaptive` rule by which they are chosen one by one.

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
        if self.adaptive is None and not self.items:
            raise ValueError('the field "items" is missing; list the items, or say under "adaptive" how they are chosen')
        if self.adaptive is None:
            return self
        wrong = [message for is_wrong, message in self._unfit_for_adaptive() if is_wrong]
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
