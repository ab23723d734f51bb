"""What a simulation does: a pure function from a state and an action to the next state.

The browser runs the same rules to show screens; only what runs here is marked. An action is a tuple of plain values, in
the author's ids:

=============================  ===============================================
``("tap", id)``                a button, a row of a list, a button of a dialog
``("type", id, text)``         all of what stands in a field now
``("switch", id, on)``         a switch put on (True) or off
``("choose", id, value)``      one of the values of a choice
``("back",)``                  the phone's back button
=============================  ===============================================
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from bdhvs.core.simulation.conditions import ALWAYS, SCREEN, Condition, Value, Variable, compiled, holds
from bdhvs.core.simulation.model import Element, Forbidden, Offered, Screen, Step, Tapped

Action = tuple[Any, ...]
Verb = Literal["tap", "type", "switch", "choose"]
BACK: Final[Action] = ("back",)
MOST_DIGITS: Final = 12  # of a typed amount; a browser's numbers are exact up to 15


class ImpossibleAction(ValueError):
    """The action cannot be done where the learner is: the element is not there, not shown, or takes something else."""


@dataclass(frozen=True, slots=True)
class State:
    """Where somebody is: the screen, the value of each variable in declared order, and dangerous acts done so far."""

    screen: str
    values: tuple[Value, ...]
    done: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Guarded:
    """A step with its condition compiled."""

    when: Condition
    step: Step


@dataclass(frozen=True, slots=True)
class Control:
    """Something that can be acted on. ``dialog``: place of the dialog it belongs to, None for the screen itself."""

    id: str
    verb: Verb
    screen: str
    shown: Condition
    element: Element
    part: Element | Tapped
    steps: tuple[Guarded, ...]
    dialog: int | None = None


@dataclass(frozen=True, slots=True)
class Dialog:
    """A dialog of a screen, and when it stands open."""

    place: int
    shown: Condition


def variables_of(written: Mapping[str, Any]) -> dict[str, Variable]:
    """The declared variables. A list is a choice that starts as its first value; the kind of others follows from the start."""
    found: dict[str, Variable] = {}
    for name, start in written.items():
        if isinstance(start, list | tuple):
            found[name] = Variable("choice", start[0] if start else "", tuple(start))
        else:
            found[name] = Variable(
                "bool" if isinstance(start, bool) else "int" if isinstance(start, int) else "text", start
            )
    return found


def typed_value(text: str, variable: Variable) -> Value:
    """What a typed text is as a value: NFC without spaces at its ends; of a number its digits, 0 without any."""
    if variable.kind == "int":
        digits = re.sub("[^0-9]", "", text)[:MOST_DIGITS]
        return int(digits or "0")
    return unicodedata.normalize("NFC", text).strip()


class Machine:
    """The rules of one simulation, read once.

    Parameters
    ----------
    variables : name → start value, as in the file.
    screens : the first is where it starts.
    forbidden : acts to be noted as they happen.

    The references among them must hold (`bdhvs.core.simulation.references` says whether they do).
    """

    def __init__(self, variables: Mapping[str, Any], screens: Iterable[Screen], forbidden: Iterable[Forbidden]) -> None:
        self.variables = variables_of(variables)
        self.names = tuple(self.variables)
        self.screens = {screen.id: screen for screen in screens}
        self.controls: dict[str, Control] = {}
        self._on: dict[str, list[Control]] = {}
        self._dialogs: dict[str, list[Dialog]] = {}
        for screen in self.screens.values():
            own = list(_controls(screen))
            self._on[screen.id] = own
            self.controls.update((one.id, one) for one in own)
            self._dialogs[screen.id] = [
                Dialog(place, compiled(element.when)) for place, element in enumerate(screen.elements) if element.dialog
            ]
        self._forbidden = [(one, compiled(one.when)) for one in forbidden]
        starts = tuple(one.start for one in self.variables.values())
        self.start = self._noting(None, BACK, State(next(iter(self.screens)), starts))

    def conditions(self) -> Iterator[Condition]:
        """Every condition that decides over what can be done and what it does; those of mere texts are not among them."""
        for control in self.controls.values():
            yield control.shown
            yield from (one.when for one in control.steps)
        yield from (one.shown for dialogs in self._dialogs.values() for one in dialogs)
        yield from (when for _, when in self._forbidden)

    def values(self, state: State) -> dict[str, Value]:
        """The values of a state by name, and its screen under ``screen``."""
        return {**dict(zip(self.names, state.values, strict=True)), SCREEN: state.screen}

    def can_go_back(self, state: State) -> bool:
        """Whether the phone's back button leads somewhere."""
        return self.screens[state.screen].back is not None and self._dialog(state, self.values(state)) is None

    def possible(self, state: State) -> Iterator[Control]:
        """What can be acted on in `state`, in the order of the screen. While a dialog stands open, only what is in it."""
        values = self.values(state)
        dialog = self._dialog(state, values)
        for control in self._on[state.screen]:
            if control.dialog == dialog and holds(control.shown, values):
                yield control

    def step(self, state: State, action: Action) -> State:
        """The state after `action`.

        Raises
        ------
        ImpossibleAction
            when it cannot be done in `state`.
        """
        if action == BACK:
            if not self.can_go_back(state):
                raise ImpossibleAction("there is no way back from here")
            return self._noting(state, action, replace(state, screen=str(self.screens[state.screen].back)))
        control = next((one for one in self.possible(state) if (one.verb, one.id) == action[:2]), None)
        if control is None:
            raise ImpossibleAction(f"nothing to {action[0]} called {action[1]!r} is on the screen {state.screen!r}")
        return self._acted(state, control, action)

    def _acted(self, state: State, control: Control, action: Action) -> State:
        values = self.values(state)
        if control.verb != "tap":
            self._put_in(control, action[2], values)
        taken = next((one.step for one in control.steps if holds(one.when, values)), None)
        if taken is not None:
            values.update(taken.set_)
        screen = taken.go if taken is not None and taken.go is not None else state.screen
        after = State(screen, tuple(values[name] for name in self.names), state.done)
        return self._noting(state, action, after)

    def run(self, actions: Iterable[Action]) -> State:
        """The state after all of `actions` from the start; raises ImpossibleAction."""
        state = self.start
        for action in actions:
            state = self.step(state, action)
        return state

    def moves(self, state: State) -> Iterator[tuple[Action, State]]:
        """Every action that makes sense in `state` and what follows; fields are typed into with their declared examples."""
        values = self.values(state)
        for control in self.possible(state):
            for action in self._uses(control, values):
                yield action, self._acted(state, control, action)
        if self.can_go_back(state):
            yield BACK, self.step(state, BACK)

    def _uses(self, control: Control, values: Mapping[str, Value]) -> Iterator[Action]:
        element = control.element
        if control.verb == "tap":
            yield ("tap", control.id)
        elif control.verb == "switch":
            yield ("switch", control.id, not values[str(element.sets)])
        elif control.verb == "choose":
            for offered in element.options:
                if offered.value != values[str(element.sets)]:
                    yield ("choose", control.id, offered.value)
        else:
            variable = self.variables[str(element.sets)]
            for text in element.examples:
                if typed_value(text, variable) != values[str(element.sets)]:
                    yield ("type", control.id, text)

    def _dialog(self, state: State, values: Mapping[str, Value]) -> int | None:
        return next((one.place for one in self._dialogs[state.screen] if holds(one.shown, values)), None)

    def _put_in(self, control: Control, given: Any, values: dict[str, Value]) -> None:
        name = str(control.element.sets)
        if control.verb == "type":
            if not isinstance(given, str) or len(given) > control.element.longest:
                raise ImpossibleAction(
                    f"a text of at most {control.element.longest} signs is typed into {control.id!r}"
                )
            values[name] = typed_value(given, self.variables[name])
        elif control.verb == "switch":
            if not isinstance(given, bool):
                raise ImpossibleAction(f"the switch {control.id!r} is put on or off")
            values[name] = given
        elif not any(given == one.value for one in control.element.options):
            raise ImpossibleAction(f"{control.id!r} does not offer this value")
        else:
            values[name] = given

    def _noting(self, before: State | None, action: Action, after: State) -> State:
        new = {
            one.id
            for one, when in self._forbidden
            if one.id not in after.done and self._does(one, when, before, action, after)
        }
        return replace(after, done=after.done | new) if new else after

    def _does(self, one: Forbidden, when: Condition, before: State | None, action: Action, after: State) -> bool:
        if not one.acts:
            return holds(when, self.values(after))
        return before is not None and action[1:2] != () and action[1] in one.acts and holds(when, self.values(before))


def _controls(screen: Screen) -> Iterator[Control]:
    for place, element in enumerate(screen.elements):
        shown = compiled(element.when)
        if element.list_ is not None:
            for row in element.list_:
                yield _tapped(screen.id, element, row, ("all", shown, compiled(row.when)))
        elif element.dialog is not None:
            for button in element.buttons:
                yield _tapped(screen.id, element, button, ("all", shown, compiled(button.when)), place)
        elif element.id is not None:
            verbs: Mapping[str, Verb] = {"field": "type", "switch": "switch", "choice": "choose", "button": "tap"}
            yield Control(element.id, verbs[element.kind], screen.id, shown, element, element, _guarded(element.do))


def _tapped(screen: str, element: Element, part: Tapped, shown: Condition, dialog: int | None = None) -> Control:
    return Control(part.id, "tap", screen, shown, element, part, _guarded(part.do), dialog)


def _guarded(steps: tuple[Step, ...]) -> tuple[Guarded, ...]:
    return tuple(Guarded(compiled(one.when) if one.when else ALWAYS, one) for one in steps)


def offered(element: Element, value: str) -> Offered:
    """How a value of a choice is called."""
    return next(one for one in element.options if one.value == value)
