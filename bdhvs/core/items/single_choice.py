"""Single choice: one key among options."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from bdhvs.core.items import reading
from bdhvs.core.items.base import Arrangement, Flaw, Response, Score, Text, graded, place_of
from bdhvs.core.items.choice import ListedChoice


class SingleChoice(ListedChoice):
    """Response: ``{"choice": id}``; raw: ``{"choice": place}``. Maximum 1 point."""

    kind: Literal["single_choice"]

    def read(self, raw: Any, arrangement: Arrangement) -> Response:
        return {"choice": reading.place(reading.field(raw, "choice"), arrangement[0])}

    def places(self, response: Response, arrangement: Arrangement) -> Any:
        return {"choice": place_of(response["choice"], arrangement[0])}

    def score(self, response: Response) -> Score:
        return graded(int(response["choice"] in self.keys), 1)

    def feedback(self, response: Response) -> tuple[Text, ...]:
        feedback = self.option(response["choice"]).feedback
        return (feedback,) if feedback else ()

    def recorded_choices(self, response: Response) -> tuple[str, ...]:
        return (response["choice"],)

    def flaws(self) -> Iterator[Flaw]:
        yield from super().flaws()
        if len(self.keys) != 1:
            message = f"found {len(self.keys)} options with key: true, expected exactly one"
            yield Flaw("one_key", message, ("options",))


ITEM_KIND = SingleChoice
