"""What can be reached in a simulation, and by which shortest way: breadth first over its states.

Typed fields are tried with their declared examples only, so a proof about a machine is one about those.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from bdhvs.core.simulation.machine import Action, Machine, State

#: More states than this are not searched: a practised task has a few hundred. Fewer variables or examples help.
MOST_STATES: Final = 5_000


class TooManyStates(ValueError):
    """The machine has more states than are searched."""


@dataclass(frozen=True, slots=True)
class Reached:
    """All states found. ``came`` says how each was first reached (the start: None), ``before`` what leads to it."""

    came: dict[State, tuple[State, Action] | None]
    before: dict[State, list[State]] = field(default_factory=dict)

    def way_to(self, state: State) -> list[Action]:
        """A shortest way from the start of the search."""
        way: list[Action] = []
        step = self.came[state]
        while step is not None:
            state, action = step
            way.append(action)
            step = self.came[state]
        return way[::-1]

    def leading_to(self, wanted: Iterable[State]) -> set[State]:
        """Every state from which one of `wanted` can still be reached, those themselves included."""
        found = set(wanted)
        waiting = list(found)
        while waiting:
            for one in self.before.get(waiting.pop(), ()):
                if one not in found:
                    found.add(one)
                    waiting.append(one)
        return found


def reach(
    machine: Machine, start: State | None = None, until: Callable[[State], bool] = lambda state: False
) -> Reached:
    """The states that can be reached from `start` (left out: the machine's own), nearest first; ends at one that is wanted.

    Raises
    ------
    TooManyStates
        beyond `MOST_STATES`.
    """
    first = machine.start if start is None else start
    reached = Reached({first: None})
    waiting = deque([first])
    while waiting:
        state = waiting.popleft()
        if until(state):
            break
        for action, after in machine.moves(state):
            reached.before.setdefault(after, []).append(state)
            if after not in reached.came:
                if len(reached.came) >= MOST_STATES:
                    raise TooManyStates(
                        f"more than {MOST_STATES} states can be reached; use fewer variables or examples"
                    )
                reached.came[after] = (state, action)
                waiting.append(after)
    return reached


def shortest_way(machine: Machine, wanted: Callable[[State], bool], start: State | None = None) -> list[Action] | None:
    """A shortest way from `start` to a state that is wanted, None when there is none; of equals the one in screen order."""
    reached = reach(machine, start, wanted)
    found = next((state for state in reached.came if wanted(state)), None)
    return reached.way_to(found) if found is not None else None
