"""Hotspot: tap the right place or places on a picture.

Every place is a labelled option as well, so the list beside the picture is the same item by construction: whoever cannot
see or tap the picture chooses among the same places, and the response is the same.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Annotated, Any, Literal

from pydantic import Field

from bdhvs.core.items.base import Arrangement, Flaw, Option, Picture, Record, Render, Response, place_of
from bdhvs.core.items.several_choices import PartialRule, SeveralChoices
from bdhvs.errors import InvalidResponse

#: A finger needs 44 CSS px (WCAG 2.2, 2.5.5), and a phone shows the picture about 300 px wide.
FINGER_PX, SHOWN_PX = 44, 300


class SizedPicture(Picture):
    """A picture with the size in which boxes are written; of an SVG that of its viewBox, else pixels."""

    width: Annotated[int, Field(ge=1, le=10_000)]
    height: Annotated[int, Field(ge=1, le=10_000)]


class Box(Record):
    """A rectangle of the picture, from its upper left corner, in the picture's own units."""

    left: Annotated[int, Field(ge=0)]
    top: Annotated[int, Field(ge=0)]
    width: Annotated[int, Field(ge=1)]
    height: Annotated[int, Field(ge=1)]

    def meets(self, other: Box) -> bool:
        """Whether the two have a point inside in common."""
        apart = self.left + self.width <= other.left or other.left + other.width <= self.left
        return not apart and self.top < other.top + other.height and other.top < self.top + self.height


class Region(Option):
    """A place of the picture; ``text`` says what is there, not whether it is right."""

    box: Box


@dataclass(frozen=True, slots=True)
class Spot:
    """A place as shown, called by its place in the list; ``left`` to ``height`` are percent of the picture's sides."""

    id: str
    html: str
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class HotspotFace:
    """Places in reading order. ``several``: more than one may be chosen."""

    spots: tuple[Spot, ...]
    several: bool


class Hotspot(SeveralChoices):
    """Response and rules as `SeveralChoices`; with ``several: false`` exactly one place is chosen, as with radio buttons."""

    kind: Literal["hotspot"]
    picture: SizedPicture
    partial: PartialRule = "all_or_nothing"
    options: Annotated[tuple[Region, ...], Field(min_length=2, max_length=10)]
    several: bool = False

    def arrange(self, rng: random.Random) -> Arrangement:
        """The order in which one reads the picture: it helps a listener, and tells nothing of how the author wrote."""
        return (tuple(one.id for one in sorted(self.options, key=lambda one: (one.box.top, one.box.left))),)

    def face(self, arrangement: Arrangement, render: Render) -> HotspotFace:
        by_id = {one.id: one for one in self.options}
        return HotspotFace(
            tuple(self._spot(by_id[one], place_of(one, arrangement[0]), render) for one in arrangement[0]), self.several
        )

    def _spot(self, region: Region, place: str, render: Render) -> Spot:
        box, across, down = region.box, self.picture.width, self.picture.height
        shares = (box.left / across, box.top / down, box.width / across, box.height / down)
        return Spot(place, render(region.text), *(round(100 * share, 2) for share in shares))

    def read(self, raw: Any, arrangement: Arrangement) -> Response:
        response = super().read(raw, arrangement)
        if not self.several and len(response["choices"]) > 1:
            raise InvalidResponse(f"found {len(response['choices'])} places, expected one")
        return response

    def flaws(self) -> Iterator[Flaw]:
        yield from super().flaws()
        yield from self._rules()
        for index, one in enumerate(self.options):
            yield from self._box(one, ("options", index, "box"))
        for (_, one), (second, other) in combinations(enumerate(self.options), 2):
            if one.box.meets(other.box):
                message = f'the boxes of "{one.id}" and "{other.id}" overlap, so one tap would be two answers; draw them apart'
                yield Flaw("boxes_overlap", message, ("options", second, "box"))

    def _rules(self) -> Iterator[Flaw]:
        if self.several:
            return
        if len(self.keys) > 1:
            message = (
                f"found {len(self.keys)} keys where one place is chosen; write several: true, and say so in the stem"
            )
            yield Flaw("several", message, ("options",))
        if self.partial != "all_or_nothing":
            yield Flaw(
                "several", f"found partial: {self.partial} where one place is chosen; leave partial out", ("partial",)
            )

    def _box(self, region: Region, where: tuple[str | int, ...]) -> Iterator[Flaw]:
        box, picture = region.box, self.picture
        if box.left + box.width > picture.width or box.top + box.height > picture.height:
            found = f'the box of "{region.id}" reaches to {box.left + box.width} × {box.top + box.height}'
            yield Flaw(
                "box_outside", f"{found}, the picture only to {picture.width} × {picture.height}; draw it inside", where
            )
        least = FINGER_PX * picture.width / SHOWN_PX
        if min(box.width, box.height) < least:
            found = f'the box of "{region.id}" is {box.width} × {box.height}'
            message = f"{found}; a finger on a phone needs {least:.0f} both ways in this picture"
            yield Flaw("small_box", message, where, "warning")


ITEM_KIND = Hotspot
