"""What confirmations by people helped show: evidence of guiding others, once there are as many as the programme asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bdhvs.core.framework import AmbassadorModel


@dataclass(frozen=True, slots=True)
class Guidance:
    """People who confirmed that they were helped. ``own_hands`` of ``confirmed`` (≥ 0) did it themselves; ``needed`` is ≥ 1."""

    confirmed: int
    own_hands: int
    needed: int

    @property
    def is_evidence(self) -> bool:
        """Whether enough people did it with their own hands: having it done for one is no learning."""
        return self.own_hands >= self.needed


def guidance(own_hands: Iterable[bool], model: AmbassadorModel) -> Guidance:
    """What is shown by confirmations, each given as whether the person did it with their own hands."""
    said = list(own_hands)
    return Guidance(len(said), sum(said), model.people)
