"""Categorise: put each thing into one of a few groups."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field

from bdhvs.core.items.base import (
    Arrangement,
    Flaw,
    LocalId,
    OutcomeFeedback,
    Part,
    Render,
    Response,
    Text,
    bullets,
    shuffled,
)
from bdhvs.core.items.pairing import PairingItem


class Thing(Part):
    """A thing and the id of the group it belongs to."""

    group: LocalId


class Categorise(PairingItem):
    """Response as `PairingItem`, thing → group. ``all_or_nothing``: 1 point. ``each_thing``: a point for each thing."""

    kind: Literal["categorise"]
    partial: Literal["all_or_nothing", "each_thing"]
    groups: Annotated[tuple[Part, ...], Field(min_length=2, max_length=4)]
    things: Annotated[tuple[Thing, ...], Field(min_length=3, max_length=8)]
    feedback_: OutcomeFeedback = Field(alias="feedback")

    @property
    def paired_rows(self) -> Sequence[Part]:
        return self.things

    @property
    def paired_answers(self) -> Sequence[Part]:
        return self.groups

    @property
    def fitting(self) -> Mapping[str, str]:
        return {thing.id: thing.group for thing in self.things}

    @property
    def is_point_each(self) -> bool:
        return self.partial == "each_thing"

    def arrange(self, rng: random.Random) -> Arrangement:
        """Things in random order; groups as written, for their order often has a meaning and tells of no thing where it goes."""
        return (shuffled([thing.id for thing in self.things], rng), tuple(group.id for group in self.groups))

    def feedback(self, response: Response) -> tuple[Text, ...]:
        return (self.feedback_.for_verdict(self.score(response).verdict),)

    def said_as(self, pairs: Mapping[str, str], render: Render) -> str:
        """Groups as HTML, a line each with its things; an empty group is left out."""
        inside = {
            group.id: [render(thing.text) for thing in self.things if pairs[thing.id] == group.id]
            for group in self.groups
        }
        lines = [
            f"<strong>{render(group.text)}:</strong> {'; '.join(inside[group.id])}"
            for group in self.groups
            if inside[group.id]
        ]
        return bullets(lines)

    def flaws(self) -> Iterator[Flaw]:
        yield from self.pair_flaws("things", "group")
        used = {thing.group for thing in self.things}
        for index, group in enumerate(self.groups):
            if group.id not in used:
                yield Flaw(
                    "empty_group",
                    f'nothing belongs to the group "{group.id}"; add a thing, or leave the group out',
                    ("groups", index),
                )


ITEM_KIND = Categorise
