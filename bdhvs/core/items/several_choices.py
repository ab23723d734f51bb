"""What the kinds share in which several options may be right: reading a set of places, and rules for partial credit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from bdhvs.core.items import reading
from bdhvs.core.items.base import Arrangement, Flaw, Response, Score, Text, graded, place_of
from bdhvs.core.items.choice import ChoiceItem
from bdhvs.errors import InvalidResponse

PartialRule = Literal["all_or_nothing", "each_option", "keys_minus_errors"]


class SeveralChoices(ChoiceItem):
    """Response: ``{"choices": [id, …]}`` in the author's order; raw: ``{"choices": [place, …]}``.

    ``all_or_nothing``: 1 point when exactly the keys are chosen.
    ``each_option``: a point for every option rightly chosen or rightly left (multiple true-false).
    ``keys_minus_errors``: keys chosen minus other options chosen, not below 0; maximum is the number of keys.
    """

    partial: PartialRule

    @property
    def maximum(self) -> int:
        if self.partial == "each_option":
            return len(self.options)
        return max(1, len(self.keys)) if self.partial == "keys_minus_errors" else 1

    def read(self, raw: Any, arrangement: Arrangement) -> Response:
        chosen = set(reading.places(reading.field(raw, "choices"), arrangement[0]))
        if not chosen:
            raise InvalidResponse("nothing is chosen; expected at least one option")
        return {"choices": [option.id for option in self.options if option.id in chosen]}

    def places(self, response: Response, arrangement: Arrangement) -> Any:
        # By place, not in the author's order, which would show through the shuffling.
        return {"choices": [place_of(one, arrangement[0]) for one in arrangement[0] if one in response["choices"]]}

    def score(self, response: Response) -> Score:
        chosen = set(response["choices"])
        hits, errors = len(chosen & self.keys), len(chosen - self.keys)
        if self.partial == "all_or_nothing":
            return graded(int(chosen == self.keys), 1)
        if self.partial == "keys_minus_errors":
            return graded(max(0, hits - errors), self.maximum)
        return graded(len(self.options) - errors - (len(self.keys) - hits), self.maximum)

    def feedback(self, response: Response) -> tuple[Text, ...]:
        return tuple(option.feedback for option in self.options if option.id in response["choices"] and option.feedback)

    def recorded_choices(self, response: Response) -> tuple[str, ...]:
        return tuple(response["choices"])

    def flaws(self) -> Iterator[Flaw]:
        yield from super().flaws()
        if not self.keys:
            yield Flaw("one_key", "no option has key: true, expected at least one", ("options",))
        elif len(self.keys) == len(self.options):
            yield Flaw("all_keys", "every option is a key; nothing can be chosen wrongly", ("options",))
