"""The next step from wherever somebody stands, without searching again: how far each state is from the end is found once.

A machine is searched whole when the first hint is asked for; after that a hint looks at the few actions possible where the
learner is and takes the one that comes nearest to full points. Texts that no author thought of (a password of one's own)
are read as the known text that no condition of the machine can tell from them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import product

from bdhvs.core.simulation.conditions import Condition, Value, atoms, holds
from bdhvs.core.simulation.machine import Action, Machine, State, typed_value
from bdhvs.core.simulation.search import Reached, reach


class Guide:
    """Knows for one machine which action comes next.

    Parameters
    ----------
    machine, is_done : the rules, and which states are worth full points.
    judged : the conditions that decide over `is_done` beside the machine's own.

    Raises
    ------
    TooManyStates
        when the machine has more states than are searched.
    """

    def __init__(self, machine: Machine, is_done: Callable[[State], bool], judged: Iterable[Condition]) -> None:
        self._machine = machine
        told = {one for condition in (*machine.conditions(), *judged) for one in atoms(condition)}
        self._atoms = tuple(one for one in told if one[1] in machine.variables)
        self._texts = _known_texts(machine)
        reached = reach(machine)
        self._searched = frozenset(reached.came)
        self._left = _actions_left(reached, is_done)

    def next_action(self, state: State) -> Action | None:
        """The first action of a shortest way from `state` to full points, of equals the first on the screen; None without any."""
        known = self._known(state)
        if known is None:
            return self._way_back(state)
        if known not in self._left:
            return None
        ahead = [(action, left) for action, after in self._moves(state) if (left := self._left_from(after)) is not None]
        return min(ahead, key=lambda one: one[1], default=(None, 0))[0]

    def _moves(self, state: State) -> Iterator[tuple[Action, State]]:
        """What can be done, and typing what already stands in another field: a password of one's own is typed twice."""
        yield from self._machine.moves(state)
        values = self._machine.values(state)
        own = {str(values[name]) for name, known in self._texts.items() if values[name] not in known}
        for control in self._machine.possible(state):
            if control.verb == "type":
                for text in sorted(one for one in own if len(one) <= control.element.longest):
                    action = ("type", control.id, text)
                    yield action, self._machine.step(state, action)

    def _left_from(self, state: State) -> int | None:
        """How many actions are left from `state`, None where no way is known."""
        known = self._known(state)
        return None if known is None else self._left.get(known)

    def _known(self, state: State) -> State | None:
        """The searched state that behaves as `state`: itself, or with each unknown text replaced; None where there is none."""
        if state in self._searched:
            return state
        values = dict(zip(self._machine.names, state.values, strict=True))
        strange = [name for name, known in self._texts.items() if values[name] not in known]
        same = self._answers(values)
        for texts in product(*(self._texts[name] for name in strange)):
            candidate = values | dict(zip(strange, texts, strict=True))
            twin = replace(state, values=tuple(candidate[name] for name in self._machine.names))
            if twin in self._searched and self._answers(candidate) == same:
                return twin
        return None

    def _answers(self, values: dict[str, Value]) -> list[bool]:
        return [holds(one, values) for one in self._atoms]

    def _way_back(self, state: State) -> Action | None:
        """From where nothing is known: the first step towards the nearest state that is."""
        reached = reach(self._machine, state, lambda one: self._left_from(one) is not None)
        found = next((one for one in reached.came if self._left_from(one) is not None), None)
        return reached.way_to(found)[0] if found is not None else None


def _known_texts(machine: Machine) -> dict[str, list[Value]]:
    """Variable that is typed into → the values it has without anybody's own text: start, examples, what a step sets."""
    known: dict[str, list[Value]] = {}
    for control in machine.controls.values():
        if control.verb == "type":
            name = str(control.element.sets)
            variable = machine.variables[name]
            known.setdefault(name, [variable.start])
            known[name] += [typed_value(text, variable) for text in control.element.examples]
    for control in machine.controls.values():
        for one in control.steps:
            for name in known.keys() & one.step.set_.keys():
                known[name].append(one.step.set_[name])
    return known


def _actions_left(reached: Reached, is_done: Callable[[State], bool]) -> dict[State, int]:
    """State → the least number of actions to one that is done; without those from which none can be reached."""
    left = {state: 0 for state in reached.came if is_done(state)}
    waiting = deque(left)
    while waiting:
        state = waiting.popleft()
        for earlier in reached.before.get(state, ()):
            if earlier not in left:
                left[earlier] = left[state] + 1
                waiting.append(earlier)
    return left
