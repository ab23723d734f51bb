"""Matching: choose the fitting answer for each row."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from bdhvs.core.items import reading
from bdhvs.core.items.base import (
    Arrangement,
    Flaw,
    Item,
    LocalId,
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
class MatchingFace:
    """Rows, and the answers to choose from for each."""

    rows: tuple[ShownPart, ...]
    answers: tuple[ShownPart, ...]


class Row(Part):
    """A row and the id of the answer that fits it."""

    answer: LocalId


class Matching(Item):
    """Response: ``{"pairs": {row: answer}}`` with every row; raw the same with places.

    ``all_or_nothing``: 1 point. ``each_row``: a point for each row; maximum is the number of rows.
    """

    kind: Literal["matching"]
    partial: Literal["all_or_nothing", "each_row"]
    rows: Annotated[tuple[Row, ...], Field(min_length=2, max_length=6)]
    answers: Annotated[tuple[Part, ...], Field(min_length=2, max_length=8)]
    feedback_: OutcomeFeedback = Field(alias="feedback")

    @property
    def maximum(self) -> int:
        return len(self.rows) if self.partial == "each_row" else 1

    def arrange(self, rng: random.Random) -> Arrangement:
        return (shuffled([row.id for row in self.rows], rng), shuffled([one.id for one in self.answers], rng))

    def face(self, arrangement: Arrangement, render: Render) -> MatchingFace:
        rows = {row.id: row.text for row in self.rows}
        answers = {one.id: one.text for one in self.answers}
        return MatchingFace(by_place(arrangement[0], rows, render), by_place(arrangement[1], answers, render))

    def read(self, raw: Any, arrangement: Arrangement) -> Response:
        pairs = reading.field(raw, "pairs")
        if not isinstance(pairs, dict) or len(pairs) != len(self.rows):
            raise InvalidResponse(f"expected an answer for each of the {len(self.rows)} rows")
        chosen = {reading.place(row, arrangement[0]): reading.place(one, arrangement[1]) for row, one in pairs.items()}
        if len(chosen) != len(self.rows):
            raise InvalidResponse("a row is answered twice")
        return {"pairs": {row.id: chosen[row.id] for row in self.rows}}

    def places(self, response: Response, arrangement: Arrangement) -> Any:
        rows, answers = arrangement
        # Row by row as shown: the author's order would show through the shuffling.
        return {"pairs": {place_of(row, rows): place_of(response["pairs"][row], answers) for row in rows}}

    def score(self, response: Response) -> Score:
        right = sum(response["pairs"][row.id] == row.answer for row in self.rows)
        if self.partial == "all_or_nothing":
            return graded(int(right == len(self.rows)), 1)
        return graded(right, self.maximum)

    def feedback(self, response: Response) -> tuple[Text, ...]:
        return (self.feedback_.for_verdict(self.score(response).verdict),)

    def in_words(self, response: Response, render: Render) -> str:
        return self._paired(response["pairs"], render)

    def solution(self, arrangement: Arrangement, render: Render) -> str:
        return self._paired({row.id: row.answer for row in self.rows}, render)

    def _paired(self, pairs: Mapping[str, str], render: Render) -> str:
        answers = {one.id: render(one.text) for one in self.answers}
        return bullets([f"{render(row.text)} → {answers[pairs[row.id]]}" for row in self.rows])

    def recorded_choices(self, response: Response) -> tuple[str, ...]:
        return tuple(f"{row}={one}" for row, one in response["pairs"].items())

    def flaws(self) -> Iterator[Flaw]:
        answers = [one.id for one in self.answers]
        for one in (*repeated([row.id for row in self.rows]), *repeated(answers)):
            yield Flaw("duplicate_option", f'id "{one}" is used twice; give each its own', ("rows",))
        for index, row in enumerate(self.rows):
            if row.answer not in answers:
                message = f'answer "{row.answer}" does not exist, expected one of {", ".join(answers)}'
                yield Flaw("unknown_answer", message, ("rows", index, "answer"))


ITEM_KIND = Matching
