"""Short text: one or a few words typed, judged as Vietnamese is really typed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Annotated, Any, Literal

from pydantic import Field

from bdhvs.core.items import reading
from bdhvs.core.items.base import (
    Arrangement,
    Flaw,
    Item,
    Nfc,
    OutcomeFeedback,
    Record,
    Render,
    Response,
    Score,
    Text,
)
from bdhvs.core.typed_answer import TREATMENTS, TypedVerdict, judge_typed

Treatment = Literal["case", "spaces", "closing_punctuation", "tone_place", "y_i"]


@dataclass(frozen=True, slots=True)
class ShortTextFace:
    """A field for a few words."""


class AcceptedForms(Record):
    """Right answers; a learner may type either language."""

    vi: Annotated[tuple[Nfc, ...], Field(min_length=1)]
    en: tuple[Nfc, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.vi, *self.en)


class TypedMistake(Record):
    """A typical wrong answer and what it shows."""

    text: Text
    feedback: Text


class ShortText(Item):
    """Response: ``{"text": typed}``, raw the same. Maximum 1 point.

    "almost" (marks missing) scores 0: a retry in practice, not right in an assessment.
    """

    kind: Literal["short_text"]
    accepted: AcceptedForms
    without_diacritics: Literal["almost", "right"] = "almost"
    treatments_off: tuple[Treatment, ...] = ()
    mistakes: tuple[TypedMistake, ...] = ()
    feedback_: OutcomeFeedback = Field(alias="feedback")

    def judge(self, typed: str) -> TypedVerdict:
        """Verdict with its reason, for authors and teachers."""
        return judge_typed(
            typed,
            self.accepted.all,
            without_diacritics=self.without_diacritics,
            treatments=[name for name in TREATMENTS if name not in self.treatments_off],
            listed=[form for mistake in self.mistakes for form in (mistake.text.vi, mistake.text.en) if form],
        )

    def arrange(self, rng: random.Random) -> Arrangement:
        return ()

    def face(self, arrangement: Arrangement, render: Render) -> ShortTextFace:
        return ShortTextFace()

    def read(self, raw: Any, arrangement: Arrangement) -> Response:
        return {"text": reading.typed(reading.field(raw, "text"))}

    def places(self, response: Response, arrangement: Arrangement) -> Any:
        return {"text": response["text"]}

    def score(self, response: Response) -> Score:
        judged = self.judge(response["text"])
        return Score(int(judged.verdict == "right"), 1, judged.verdict, judged.reason)

    def feedback(self, response: Response) -> tuple[Text, ...]:
        verdict = self.score(response).verdict
        if verdict == "almost":
            return ()  # the page says "gần đúng, bác gõ thêm dấu nhé"; more would tell the key
        for mistake in self.mistakes:
            forms = [form for form in (mistake.text.vi, mistake.text.en) if form]
            if verdict == "wrong" and judge_typed(response["text"], forms).verdict != "wrong":
                return (mistake.feedback,)
        return (self.feedback_.for_verdict(verdict),)

    def in_words(self, response: Response, render: Render) -> str:
        return escape(response["text"])

    def solution(self, arrangement: Arrangement, render: Render) -> str:
        return escape(self.accepted.vi[0])

    def flaws(self) -> Iterator[Flaw]:
        for index, mistake in enumerate(self.mistakes):
            if self.judge(mistake.text.vi).verdict == "right":
                message = f'mistake "{mistake.text.vi}" is also an accepted answer; remove one of them'
                yield Flaw("mistake_is_right", message, ("mistakes", index))


ITEM_KIND = ShortText
