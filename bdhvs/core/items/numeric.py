"""Numeric: a number typed the way the learner's language writes it."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from bdhvs.core.items import reading
from bdhvs.core.items.base import (
    Arrangement,
    Flaw,
    Item,
    OutcomeFeedback,
    Record,
    Render,
    Response,
    Score,
    Text,
    graded,
)
from bdhvs.core.vietnamese import compose, parse_number
from bdhvs.errors import InvalidResponse


def _exact(value: Any) -> Any:
    """A YAML number as the decimal its author typed: 0.1 is 1/10, not a binary neighbour."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return Decimal(str(value))


Number = Annotated[Decimal, BeforeValidator(_exact), Field(allow_inf_nan=False), WithJsonSchema({"type": "number"})]


@dataclass(frozen=True, slots=True)
class NumericFace:
    """A field for a number with its unit (empty text when it has none)."""

    unit: str


class NumericMistake(Record):
    """A typical wrong number and what it shows."""

    value: Number
    feedback: Text


class Numeric(Item):
    """Response: ``{"text": typed, "value": "1234.5"}``; raw: ``{"text": typed}``. Maximum 1 point."""

    kind: Literal["numeric"]
    answer: Number
    tolerance: Annotated[Number, Field(ge=0)] = Decimal(0)
    unit: Text | None = None
    mistakes: tuple[NumericMistake, ...] = ()
    feedback_: OutcomeFeedback = Field(alias="feedback")

    def arrange(self, rng: random.Random) -> Arrangement:
        return ()

    def face(self, arrangement: Arrangement, render: Render) -> NumericFace:
        return NumericFace(render(self.unit) if self.unit else "")

    def read(self, raw: Any, arrangement: Arrangement) -> Response:
        text = reading.typed(reading.field(raw, "text"))
        value = parse_number(self._without_unit(text))
        if value is None:
            raise InvalidResponse(f"found {text[:40]!r}, expected a number such as 1.234,5")
        return {"text": text, "value": str(value)}

    def places(self, response: Response, arrangement: Arrangement) -> Any:
        return {"text": response["text"]}

    def score(self, response: Response) -> Score:
        return graded(int(abs(Decimal(response["value"]) - self.answer) <= self.tolerance), 1)

    def feedback(self, response: Response) -> tuple[Text, ...]:
        verdict = self.score(response).verdict
        for mistake in self.mistakes:
            if verdict == "wrong" and Decimal(response["value"]) == mistake.value:
                return (mistake.feedback,)
        return (self.feedback_.for_verdict(verdict),)

    def in_words(self, response: Response, render: Render) -> str:
        return escape(response["text"])

    def solution(self, arrangement: Arrangement, render: Render) -> str:
        unit = f" {render(self.unit)}" if self.unit else ""
        return f"{vietnamese_number(self.answer)}{unit}"

    def _without_unit(self, text: str) -> str:
        for unit in (self.unit.vi, self.unit.en) if self.unit else ():
            if unit:
                text = re.sub(rf"\s*{re.escape(compose(unit))}\s*$", "", compose(text), flags=re.IGNORECASE)
        return text

    def flaws(self) -> Iterator[Flaw]:
        for index, mistake in enumerate(self.mistakes):
            if abs(mistake.value - self.answer) <= self.tolerance:
                message = f"mistake {mistake.value} lies within the tolerance of the answer; it would be marked right"
                yield Flaw("mistake_is_right", message, ("mistakes", index))


def vietnamese_number(value: Decimal) -> str:
    """A number as Vietnamese writes it: 1234.5 becomes 1.234,5."""
    return f"{value:,f}".translate(str.maketrans(",.", ".,"))


ITEM_KIND = Numeric
