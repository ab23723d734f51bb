"""Whether the parts of a simulation fit together: names that exist, conditions that can be read. Nothing is searched here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bdhvs.core.items.base import Flaw, Text, repeated
from bdhvs.core.simulation.conditions import SCREEN, TESTS, Variable, complaints, value_complaints
from bdhvs.core.simulation.face import shown_variables, texts_of
from bdhvs.core.simulation.machine import variables_of
from bdhvs.core.simulation.model import Element, Evidence, Forbidden, Goal, Hint, Screen, Step, Tapped, controls_of

Where = tuple[str | int, ...]
_SETS = {"switch": ("bool",), "choice": ("choice",), "field": ("text", "int")}


def flaws_of(
    variables: Mapping[str, Any],
    screens: Sequence[Screen],
    goals: Sequence[Goal],
    forbidden: Sequence[Forbidden],
    evidence: Sequence[Evidence],
    hints: Sequence[Hint],
) -> Iterator[Flaw]:
    """What keeps the machine from being built or judged."""
    reader = _Reader(variables, screens)
    yield from reader.declared(variables)
    for place, screen in enumerate(screens):
        yield from reader.screen(screen, ("screens", place))
    yield from reader.twice()
    yield from reader.judged(goals, forbidden, evidence)
    for place, hint in enumerate(hints):
        yield from reader.leads(hint.screen, ("hints", place, "screen"))
        yield from reader.condition(hint.when, ("hints", place, "when"))


class _Reader:
    def __init__(self, variables: Mapping[str, Any], screens: Sequence[Screen]) -> None:
        self._variables: dict[str, Variable] = variables_of(variables)
        self._screens = [one.id for one in screens]
        self._controls = [one for screen in screens for element in screen.elements for one, _ in controls_of(element)]

    def declared(self, written: Mapping[str, Any]) -> Iterator[Flaw]:
        for name, start in written.items():
            if name == SCREEN or name in TESTS or name in ("all", "any", "not"):
                yield Flaw(
                    "variable",
                    f'"{name}" means something else in conditions; call the variable otherwise',
                    ("variables", name),
                )
            if isinstance(start, tuple | list) and (len(start) < 2 or len(set(start)) != len(start)):
                yield Flaw("variable", f'the choice "{name}" needs two or more different values', ("variables", name))

    def twice(self) -> Iterator[Flaw]:
        for one in repeated(self._screens):
            yield Flaw("twice", f'screen id "{one}" is used twice; give each screen its own', ("screens",))
        for one in repeated(self._controls):
            yield Flaw(
                "twice",
                f'id "{one}" is used twice; ids of buttons, rows and fields are unique in the whole item',
                ("screens",),
            )

    def screen(self, screen: Screen, where: Where) -> Iterator[Flaw]:
        if screen.back is not None:
            yield from self.leads(screen.back, (*where, "back"))
        if screen.end and (screen.back or any(True for element in screen.elements for _ in controls_of(element))):
            yield Flaw(
                "end", f'the screen "{screen.id}" is an end, so nothing can be done there; take out what can', where
            )
        if (
            not any(True for element in screen.elements for _ in controls_of(element))
            and not screen.end
            and not screen.back
        ):
            yield Flaw(
                "dead_end",
                f'on the screen "{screen.id}" nothing can be done; add a button or back, or say end: true',
                where,
            )
        yield from self._placeholders(screen.title, (*where, "title"))
        for place, element in enumerate(screen.elements):
            yield from self._element(element, (*where, "elements", place))

    def _element(self, element: Element, where: Where) -> Iterator[Flaw]:
        yield from self.condition(element.when, (*where, "when"))
        for text in texts_of(element):
            yield from self._placeholders(text, where)
        if element.sets is not None:
            yield from self._sets(element, where)
        if element.do:
            yield from self._steps(element.do, (*where, "do"), needed=element.kind == "button")
        for name, parts in (("list", element.list_ or ()), ("buttons", element.buttons)):
            for place, part in enumerate(parts):
                yield from self._tapped(part, (*where, name, place))
        if element.dialog is not None and not element.buttons:
            yield Flaw("dead_end", "a dialog without buttons cannot be closed", where)

    def _tapped(self, tapped: Tapped, where: Where) -> Iterator[Flaw]:
        yield from self.condition(tapped.when, (*where, "when"))
        yield from self._steps(tapped.do, (*where, "do"), needed=True)

    def _sets(self, element: Element, where: Where) -> Iterator[Flaw]:
        variable = self._variables.get(str(element.sets))
        if variable is None:
            yield Flaw(
                "variable", f'there is no variable "{element.sets}"; declare it under variables', (*where, "sets")
            )
        elif variable.kind not in _SETS[element.kind]:
            expected = " or ".join(_SETS[element.kind])
            yield Flaw(
                "variable",
                f'a {element.kind} sets a {expected} variable, and "{element.sets}" is a {variable.kind}',
                (*where, "sets"),
            )
        elif element.kind == "choice":
            for place, one in enumerate(element.options):
                for message in value_complaints(str(element.sets), one.value, variable):
                    yield Flaw("condition", message, (*where, "options", place))
        elif element.kind == "field" and any(len(one) > element.longest for one in element.examples):
            yield Flaw(
                "examples", f"an example is longer than the field takes ({element.longest})", (*where, "examples")
            )

    def _steps(self, steps: Sequence[Step], where: Where, *, needed: bool) -> Iterator[Flaw]:
        for place, step in enumerate(steps):
            yield from self.condition(step.when, (*where, place, "when"))
            for name, value in step.set_.items():
                if name not in self._variables:
                    yield Flaw(
                        "variable",
                        f'there is no variable "{name}"; declare it under variables',
                        (*where, place, "set", name),
                    )
                else:
                    for message in value_complaints(name, value, self._variables[name]):
                        yield Flaw("condition", message, (*where, place, "set", name))
            if step.go is not None:
                yield from self.leads(step.go, (*where, place, "go"))
            if not (step.set_ or step.go or step.say):
                yield Flaw("nothing_happens", "this step does nothing; give it go, set or say", (*where, place))
            if step.when is None and place < len(steps) - 1:
                yield Flaw(
                    "never_taken",
                    "a step without when is always taken, so those after it never are",
                    (*where, place + 1),
                )
        if needed and steps and steps[-1].when is not None:
            yield Flaw(
                "nothing_happens", "nothing happens when no condition holds; let the last step have no when", where
            )

    def leads(self, screen: str, where: Where) -> Iterator[Flaw]:
        if screen not in self._screens:
            yield Flaw("screen", f'there is no screen "{screen}"; there are: {", ".join(self._screens)}', where)

    def condition(self, written: Any, where: Where) -> Iterator[Flaw]:
        if written is not None:
            for message in complaints(written, self._variables, self._screens):
                yield Flaw("condition", message, where)

    def _placeholders(self, text: Text, where: Where) -> Iterator[Flaw]:
        for name in sorted(shown_variables(text)):
            if name not in self._variables or self._variables[name].kind not in ("int", "text"):
                yield Flaw("variable", f'"{{{name}}}" in a text is not a number or text among the variables', where)

    def judged(
        self, goals: Sequence[Goal], forbidden: Sequence[Forbidden], evidence: Sequence[Evidence]
    ) -> Iterator[Flaw]:
        maximum = sum(one.points for one in goals)
        for place, goal in enumerate(goals):
            yield from self.condition(goal.when, ("goals", place, "when"))
        for one in repeated([*(goal.id for goal in goals), *(act.id for act in forbidden)]):
            yield Flaw("twice", f'id "{one}" is used twice among goals and forbidden; give each its own', ("goals",))
        for place, act in enumerate(forbidden):
            yield from self._act(act, maximum, ("forbidden", place))
        known = [goal.id for goal in goals]
        for place, shown in enumerate(evidence):
            yield from self.condition(shown.when, ("evidence", place, "when"))
            for index, one in enumerate(shown.goals):
                if one not in known:
                    yield Flaw(
                        "goal",
                        f'there is no goal "{one}"; there are: {", ".join(known)}',
                        ("evidence", place, "goals", index),
                    )
        if [one.level for one in evidence] != sorted({one.level for one in evidence}):
            yield Flaw("evidence", "give each level once, from the lowest", ("evidence",))

    def _act(self, act: Forbidden, maximum: int, where: Where) -> Iterator[Flaw]:
        yield from self.condition(act.when, (*where, "when"))
        for place, one in enumerate(act.acts):
            if one not in self._controls:
                yield Flaw("act", f'nothing has the id "{one}"; name a button, row or switch', (*where, "acts", place))
        if not act.acts and act.when is None:
            yield Flaw("act", "say what is forbidden: acts (ids), or when (a condition), or both", where)
        if act.cap >= maximum:
            yield Flaw(
                "cap", f"found cap {act.cap}, expected less than the {maximum} points of all goals", (*where, "cap")
            )
