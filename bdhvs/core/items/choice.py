"""What all kinds share that are answered by choosing among options."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from bdhvs.core.items.base import (
    Arrangement,
    Flaw,
    Item,
    LocalId,
    Option,
    Render,
    Response,
    ShownPart,
    Text,
    bullets,
    by_place,
    repeated,
    shuffled,
)


@dataclass(frozen=True, slots=True)
class ChoiceFace:
    """Options in the order shown; nothing tells the key."""

    options: tuple[ShownPart, ...]


class ChoiceItem(Item):
    """An item answered by choosing among options."""

    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=8)]

    @property
    def keys(self) -> frozenset[str]:
        """Ids of the right options."""
        return frozenset(option.id for option in self.options if option.key)

    def option(self, option_id: str) -> Option:
        return next(option for option in self.options if option.id == option_id)

    def face(self, arrangement: Arrangement, render: Render) -> Any:
        return ChoiceFace(by_place(arrangement[0], self._texts(), render))

    def in_words(self, response: Response, render: Render) -> str:
        return bullets([render(self.option(one).text) for one in self.recorded_choices(response)])

    def solution(self, arrangement: Arrangement, render: Render) -> str:
        right = [render(self.option(one).text) for one in arrangement[0] if one in self.keys]
        return bullets(right)

    def _texts(self) -> Mapping[str, Text]:
        return {option.id: option.text for option in self.options}

    def flaws(self) -> Iterator[Flaw]:
        for one in repeated([option.id for option in self.options]):
            yield Flaw("duplicate_option", f'option id "{one}" is used twice; give each option its own', ("options",))
        for index, option in enumerate(self.options):
            if option.feedback is None:
                yield Flaw("missing_feedback", f'option "{option.id}" has no feedback', ("options", index), "warning")


class ListedChoice(ChoiceItem):
    """Options in a list, whose order may be shuffled."""

    fixed_last: tuple[LocalId, ...] = ()
    shuffle: bool = True

    def arrange(self, rng: random.Random) -> Arrangement:
        ids = [option.id for option in self.options]
        return (shuffled(ids, rng, self.fixed_last) if self.shuffle else tuple(ids),)

    def flaws(self) -> Iterator[Flaw]:
        yield from super().flaws()
        ids = [option.id for option in self.options]
        for one in self.fixed_last:
            if one not in ids:
                yield Flaw("fixed_last", f'fixed_last names "{one}", expected one of {", ".join(ids)}', ("fixed_last",))
