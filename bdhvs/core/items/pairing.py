"""What matching and categorise share: for each row, one of the answers that all rows choose from."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bdhvs.core.items import reading
from bdhvs.core.items.base import (
    Arrangement,
    Flaw,
    Item,
    Part,
    Render,
    Response,
    Score,
    ShownPart,
    bullets,
    by_place,
    graded,
    place_of,
    repeated,
    shuffled,
)
from bdhvs.errors import InvalidResponse


@dataclass(frozen=True, slots=True)
class PairingFace:
    """Rows, and the answers to choose from for each."""

    rows: tuple[ShownPart, ...]
    answers: tuple[ShownPart, ...]


class PairingItem(Item):
    """Response: ``{"pairs": {row: answer}}`` with every row; raw the same with places.

    A kind says which of its fields are the rows and the answers, what fits (`fitting`), and by its ``partial`` whether each
    row is a point (maximum: the number of rows) or all of them together.
    """

    @property
    def paired_rows(self) -> Sequence[Part]:
        """What an answer is chosen for, in the author's order."""
        raise NotImplementedError

    @property
    def paired_answers(self) -> Sequence[Part]:
        """What is chosen from, in the author's order."""
        raise NotImplementedError

    @property
    def fitting(self) -> Mapping[str, str]:
        """Row → the answer that fits it."""
        raise NotImplementedError

    @property
    def is_point_each(self) -> bool:
        """Whether each row is a point of its own."""
        raise NotImplementedError

    @property
    def maximum(self) -> int:
        return len(self.paired_rows) if self.is_point_each else 1

    def arrange(self, rng: random.Random) -> Arrangement:
        return (
            shuffled([row.id for row in self.paired_rows], rng),
            shuffled([one.id for one in self.paired_answers], rng),
        )

    def face(self, arrangement: Arrangement, render: Render) -> PairingFace:
        rows = {row.id: row.text for row in self.paired_rows}
        answers = {one.id: one.text for one in self.paired_answers}
        return PairingFace(by_place(arrangement[0], rows, render), by_place(arrangement[1], answers, render))

    def read(self, raw: Any, arrangement: Arrangement) -> Response:
        pairs, rows = reading.field(raw, "pairs"), self.paired_rows
        if not isinstance(pairs, dict) or len(pairs) != len(rows):
            raise InvalidResponse(f"expected an answer for each of the {len(rows)} rows")
        chosen = {reading.place(row, arrangement[0]): reading.place(one, arrangement[1]) for row, one in pairs.items()}
        if len(chosen) != len(rows):
            raise InvalidResponse("a row is answered twice")
        return {"pairs": {row.id: chosen[row.id] for row in rows}}

    def places(self, response: Response, arrangement: Arrangement) -> Any:
        rows, answers = arrangement
        # Row by row as shown: the author's order would show through the shuffling.
        return {"pairs": {place_of(row, rows): place_of(response["pairs"][row], answers) for row in rows}}

    def score(self, response: Response) -> Score:
        right = sum(response["pairs"][row] == answer for row, answer in self.fitting.items())
        return graded(right if self.is_point_each else int(right == len(self.fitting)), self.maximum)

    def in_words(self, response: Response, render: Render) -> str:
        return self.said_as(response["pairs"], render)

    def solution(self, arrangement: Arrangement, render: Render) -> str:
        return self.said_as(self.fitting, render)

    def said_as(self, pairs: Mapping[str, str], render: Render) -> str:
        """Pairs as HTML, a line each."""
        answers = {one.id: render(one.text) for one in self.paired_answers}
        return bullets([f"{render(row.text)} → {answers[pairs[row.id]]}" for row in self.paired_rows])

    def recorded_choices(self, response: Response) -> tuple[str, ...]:
        return tuple(f"{row}={one}" for row, one in response["pairs"].items())

    def pair_flaws(self, rows: str, answer: str) -> Iterator[Flaw]:
        """Ids used twice, and answers that do not exist; `rows` and `answer` are the fields' names in the file."""
        known = [one.id for one in self.paired_answers]
        for one in (*repeated([row.id for row in self.paired_rows]), *repeated(known)):
            yield Flaw("duplicate_option", f'id "{one}" is used twice; give each its own', (rows,))
        for index, row in enumerate(self.paired_rows):
            if self.fitting[row.id] not in known:
                message = f'{answer} "{self.fitting[row.id]}" does not exist, expected one of {", ".join(known)}'
                yield Flaw("unknown_answer", message, (rows, index, answer))
