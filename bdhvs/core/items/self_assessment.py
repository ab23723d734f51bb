"""Self-assessment: what somebody thinks they can do. Kept apart from what they do: no key, no points, no task.

It is asked before or after tasks of the same competence, so that what was said can be set beside what was done
(`bdhvs.analysis.overconfidence`). A response carries its own scale, so it can be read without the item.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from bdhvs.core.items import reading
from bdhvs.core.items.base import (
    Arrangement,
    Flaw,
    Item,
    ItemId,
    LocalId,
    Part,
    Render,
    Response,
    Score,
    ShownPart,
    Text,
    by_place,
    place_of,
    repeated,
)


@dataclass(frozen=True, slots=True)
class StepsFace:
    """The steps of the scale, the lowest first."""

    options: tuple[ShownPart, ...]


class SelfAssessment(Item):
    """Response: ``{"said": id, "step": n, "steps": k, "can": bool, "about": [item, …]}``; raw: ``{"choice": place}``.

    ``step``: place of what was said on the scale, 1 the lowest of ``steps``. ``can``: whether it says that one can do it alone
    (the step ``can_from`` or a higher one). ``about``: the items it is about; none: all tasks of its competence.
    """

    is_performance: ClassVar[bool] = False

    kind: Literal["self_assessment"]
    steps: Annotated[tuple[Part, ...], Field(min_length=3, max_length=5)]
    can_from: LocalId
    about: tuple[ItemId, ...] = ()

    @property
    def step_ids(self) -> tuple[str, ...]:
        return tuple(step.id for step in self.steps)

    def arrange(self, rng: random.Random) -> Arrangement:
        return (self.step_ids,)  # a scale in another order is none

    def face(self, arrangement: Arrangement, render: Render) -> StepsFace:
        return StepsFace(by_place(arrangement[0], {step.id: step.text for step in self.steps}, render))

    def read(self, raw: Any, arrangement: Arrangement) -> Response:
        said = reading.place(reading.field(raw, "choice"), arrangement[0])
        place = self.step_ids.index(said)
        can = place >= self.step_ids.index(self.can_from)
        return {"said": said, "step": place + 1, "steps": len(self.steps), "can": can, "about": list(self.about)}

    def places(self, response: Response, arrangement: Arrangement) -> Any:
        return {"choice": place_of(response["said"], arrangement[0])}

    def score(self, response: Response) -> Score:
        return Score(0, 1, "noted")

    def feedback(self, response: Response) -> tuple[Text, ...]:
        return ()

    def in_words(self, response: Response, render: Render) -> str:
        return next(render(step.text) for step in self.steps if step.id == response["said"])

    def solution(self, arrangement: Arrangement, render: Render) -> str:
        return ""  # nobody else knows it

    def recorded_choices(self, response: Response) -> tuple[str, ...]:
        return (response["said"],)

    def flaws(self) -> Iterator[Flaw]:
        for one in repeated(self.step_ids):
            yield Flaw("duplicate_option", f'step id "{one}" is used twice; give each step its own', ("steps",))
        if self.can_from not in self.step_ids:
            message = f'can_from names "{self.can_from}", expected one of {", ".join(self.step_ids[1:])}'
            yield Flaw("can_from", message, ("can_from",))
        elif self.can_from == self.step_ids[0]:
            message = "can_from names the lowest step, so whatever is said would say “I can”; name a higher one"
            yield Flaw("can_from", message, ("can_from",))


ITEM_KIND = SelfAssessment
