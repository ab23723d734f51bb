"""Matching: choose the fitting answer for each row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field

from bdhvs.core.items.base import Flaw, LocalId, OutcomeFeedback, Part, Response, Text
from bdhvs.core.items.pairing import PairingItem


class Row(Part):
    """A row and the id of the answer that fits it."""

    answer: LocalId


class Matching(PairingItem):
    """Response as `PairingItem`. ``all_or_nothing``: 1 point. ``each_row``: a point for each row."""

    kind: Literal["matching"]
    partial: Literal["all_or_nothing", "each_row"]
    rows: Annotated[tuple[Row, ...], Field(min_length=2, max_length=6)]
    answers: Annotated[tuple[Part, ...], Field(min_length=2, max_length=8)]
    feedback_: OutcomeFeedback = Field(alias="feedback")

    @property
    def paired_rows(self) -> Sequence[Part]:
        return self.rows

    @property
    def paired_answers(self) -> Sequence[Part]:
        return self.answers

    @property
    def fitting(self) -> Mapping[str, str]:
        return {row.id: row.answer for row in self.rows}

    @property
    def is_point_each(self) -> bool:
        return self.partial == "each_row"

    def feedback(self, response: Response) -> tuple[Text, ...]:
        return (self.feedback_.for_verdict(self.score(response).verdict),)

    def flaws(self) -> Iterator[Flaw]:
        yield from self.pair_flaws("rows", "answer")


ITEM_KIND = Matching
