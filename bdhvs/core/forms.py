"""A form: which items, in which order, under which rules."""

from __future__ import annotations

import random
from typing import Annotated, Literal

from pydantic import Field

from bdhvs.core.items.base import ItemId, Nfc, Record, Text

Mode = Literal["practice", "assessment"]


class Form(Record):
    """A fixed list of items and the rules under which they are taken.

    In *practice* feedback comes after each answer and a wrong one may be retried up to ``tries`` times in all.
    In *assessment* nothing is revealed before the end; the last answer to an item counts.
    """

    id: ItemId
    version: int = Field(ge=1)
    title: Text
    about: Text
    mode: Mode
    items: Annotated[tuple[ItemId, ...], Field(min_length=1, max_length=200)]
    shuffle_items: bool = False
    shuffle_options: bool = True
    allow_back: bool = True
    tries: Annotated[int, Field(ge=1, le=5)] = 2
    minutes: Annotated[int, Field(ge=1, le=180)] | None = None  # expected length, for people; not a limit
    limit_minutes: Annotated[int, Field(ge=1, le=180)] | None = None  # of an assessment; the server ends it then
    listed: bool = True  # on the class's home page; false for a form that lives inside a lesson
    review: bool = True  # after an assessment: show each item with its solution
    author: Nfc
    licence: Nfc
    date: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]

    def ordered_items(self, seed: int) -> tuple[str, ...]:
        """Item ids in the order of the attempt with this seed; the same seed gives the same order."""
        if not self.shuffle_items:
            return self.items
        order = list(self.items)
        random.Random(f"{seed}:items").shuffle(order)
        return tuple(order)
