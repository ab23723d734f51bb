"""How long an item takes, before anybody's time was recorded: what is read, and what is done.

The minutes of doing are an assumption, for somebody who reads `USUAL_PACE` syllables a minute; who reads more slowly does
everything more slowly. By them the 24 questions of ``thu-suc`` take 43 minutes at 80 syllables, where its author says 40, and
``luyen-otp`` 6 at the usual pace, as its author says. Recorded times of answers are to take their place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bdhvs.bank.checks.texts import syllables, with_role
from bdhvs.core.items.base import Item
from bdhvs.core.items.simulation import Simulation

USUAL_PACE: Final = 120  # syllables a minute

#: Minutes of choosing, typing or arranging, by kind; of kinds that a school added `OTHER_MINUTES`.
DOING_MINUTES: Final[Mapping[str, float]] = {
    "single_choice": 0.4,
    "hotspot": 0.5,
    "multiple_choice": 0.7,
    "numeric": 0.8,
    "short_text": 0.8,
    "matching": 1.0,
    "categorise": 1.0,
    "ordering": 1.0,
    "self_assessment": 0.2,
}
OTHER_MINUTES: Final = 1.0
ACTION_MINUTES: Final = 0.15  # of one action of a simulation's shortest way


def reading_syllables(item: Item) -> int:
    """Syllables of the Vietnamese text that is met before answering; of a simulation every screen once."""
    return sum(syllables(one.text.vi) for one in with_role(item, "stem", "option", "screen"))


def minutes_of(item: Item, pace: int = USUAL_PACE) -> float:
    """Minutes the item takes somebody who reads `pace` syllables a minute; > 0."""
    return (reading_syllables(item) + _doing_minutes(item) * USUAL_PACE) / pace


def _doing_minutes(item: Item) -> float:
    """At the usual pace."""
    if isinstance(item, Simulation):
        return ACTION_MINUTES * item.shortest
    return DOING_MINUTES.get(item.kind, OTHER_MINUTES)
