"""Ordering: put steps in order by tapping."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import Field

from bdhvs.core.items import reading
from bdhvs.core.items.base import (
    Arrangement,
    Flaw,
    Item,
    OutcomeFeedback,
    Part,
    Render,
    Response,
    Score,
    ShownPart,
    Text,
    bullets,
    by_place,
    graded,
    place_of,
    repeated,
    shuffled,
)
from bdhvs.errors import InvalidResponse


@dataclass(frozen=True, slots=True)
class OrderingFace:
    """Steps to be tapped one after the other."""

    steps: tuple[ShownPart, ...]


class Ordering(Item):
    """Response: ``{"order": [id, …]}`` with every step; raw the same with places.

    ``all_or_nothing``: 1 point. ``neighbours``: a point for each pair of neighbours of the right order that
    stand next to each other, in that order, in the response; maximum is the number of steps less one.
    """

    kind: Literal["ordering"]
    partial: Literal["all_or_nothing", "neighbours"]
    steps: Annotated[tuple[Part, ...], Field(min_length=3, max_length=8)]
    feedback_: OutcomeFeedback = Field(alias="feedback")

    @property
    def maximum(self) -> int:
        return len(self.steps) - 1 if self.partial == "neighbours" else 1

    @property
    def right_order(self) -> list[str]:
        return [step.id for step in self.steps]

    def arrange(self, rng: random.Random) -> Arrangement:
        order = shuffled(self.right_order, rng)
        while list(order) == self.right_order:  # shown already solved, it would be answered by doing nothing
            order = shuffled(self.right_order, rng)
        return (order,)

    def face(self, arrangement: Arrangement, render: Render) -> OrderingFace:
        return OrderingFace(by_place(arrangement[0], {step.id: step.text for step in self.steps}, render))

    def read(self, raw: Any, arrangement: Arrangement) -> Response:
        order = reading.places(reading.field(raw, "order"), arrangement[0])
        if len(order) != len(self.steps):
            raise InvalidResponse(f"found {len(order)} steps, expected all {len(self.steps)}")
        return {"order": order}

    def places(self, response: Response, arrangement: Arrangement) -> Any:
        return {"order": [place_of(one, arrangement[0]) for one in response["order"]]}

    def score(self, response: Response) -> Score:
        if self.partial == "all_or_nothing":
            return graded(int(response["order"] == self.right_order), 1)
        given = set(pairwise(response["order"]))
        return graded(sum(pair in given for pair in pairwise(self.right_order)), self.maximum)

    def feedback(self, response: Response) -> tuple[Text, ...]:
        return (self.feedback_.for_verdict(self.score(response).verdict),)

    def in_words(self, response: Response, render: Render) -> str:
        texts = {step.id: step.text for step in self.steps}
        return bullets([render(texts[one]) for one in response["order"]], "ol")

    def solution(self, arrangement: Arrangement, render: Render) -> str:
        return bullets([render(step.text) for step in self.steps], "ol")

    def recorded_choices(self, response: Response) -> tuple[str, ...]:
        return tuple(response["order"])

    def flaws(self) -> Iterator[Flaw]:
        for one in repeated(self.right_order):
            yield Flaw("duplicate_option", f'step id "{one}" is used twice; give each step its own', ("steps",))


ITEM_KIND = Ordering
