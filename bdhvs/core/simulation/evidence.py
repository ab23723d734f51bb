"""What was done, and what it shows: goals reached, dangerous acts, points, and the level for which it is evidence.

A dangerous act caps the points (its ``cap``, usually 0): a transfer to the right person after the one-time password was
read out is not half a success. What was done stays done; later right steps do not undo it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bdhvs.core.simulation.conditions import compiled, holds
from bdhvs.core.simulation.machine import Machine, State
from bdhvs.core.simulation.model import Evidence, Forbidden, Goal


@dataclass(frozen=True, slots=True)
class Outcome:
    """Goals reached and dangerous acts done, both in the author's order; ``points`` after the cap; the last screen; ``shown``:
    the levels for which it is evidence when done alone, ascending."""

    reached: tuple[Goal, ...]
    missed: tuple[Goal, ...]
    done: tuple[Forbidden, ...]
    points: int
    screen: str
    shown: tuple[int, ...] = ()


class Judge:
    """Says what a state of a machine is worth."""

    def __init__(
        self, machine: Machine, goals: Sequence[Goal], forbidden: Sequence[Forbidden], evidence: Sequence[Evidence]
    ) -> None:
        self._machine = machine
        self._goals = [(one, compiled(one.when)) for one in goals]
        self._forbidden = tuple(forbidden)
        self._evidence = [(one, compiled(one.when)) for one in evidence]
        self.maximum = sum(one.points for one in goals)

    def outcome(self, state: State) -> Outcome:
        """What somebody has done who stops in `state`."""
        values = self._machine.values(state)
        reached = tuple(one for one, when in self._goals if holds(when, values))
        done = tuple(one for one in self._forbidden if one.id in state.done)
        points = min([sum(one.points for one in reached), *(one.cap for one in done)])
        missed = tuple(one for one, _ in self._goals if one not in reached)
        got, every = {one.id for one in reached}, {one.id for one, _ in self._goals}
        shown = tuple(
            one.level
            for one, when in self._evidence
            if set(one.goals or every) <= got and (one.forbidden == "any" or not done) and holds(when, values)
        )
        return Outcome(reached, missed, done, points, state.screen, shown)

    def is_full(self, state: State) -> bool:
        """Whether everything is reached and nothing dangerous was done."""
        values = self._machine.values(state)
        return not state.done and all(holds(when, values) for _, when in self._goals)

    def level(self, outcome: Outcome, *, helped: bool) -> int:
        """The highest level, 1 to 4, for which `outcome` is evidence; 0 when it is for none. With help 1 at most."""
        best = max(outcome.shown, default=0)
        return min(best, 1) if helped else best
