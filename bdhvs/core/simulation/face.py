"""What a browser gets of a simulation: what the app itself would know, under neutral names.

Screens, elements, guards and effects are like the options of a choice: without them nothing can be shown offline. Goals,
dangerous acts, evidence and hints are not here, nor is any variable that only they look at: its changes are left out of the
effects, so a browser cannot see what is being watched for. Conditions are sent as JSON lists (`conditions`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import segno

from bdhvs.core.items.base import LocalId, Picture, Render, Text
from bdhvs.core.simulation.conditions import COMPOSED, SCREEN, Condition, compiled, variables_in
from bdhvs.core.simulation.machine import Machine
from bdhvs.core.simulation.model import Element, Screen, Step, Tapped

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
#: Fields of an element that only some kinds have; left out of the face where they say nothing.
Shown = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SimulationFace:
    """Screens in order, the first of them shown first; variables by neutral name with their start."""

    frame: str
    variables: Mapping[str, Any]
    screens: tuple[Shown, ...]

    def with_pictures(self, address: Callable[[str], str]) -> SimulationFace:
        """The same with the address of each picture in place of its file's name."""
        screens = tuple(
            {
                **one,
                "elements": [
                    {**part, "file": address(part["file"])} if "file" in part else part for part in one["elements"]
                ],
            }
            for one in self.screens
        )
        return replace(self, screens=screens)


class Naming:
    """Neutral names for one learner: controls by their place in `order`, screens and variables by the author's order."""

    def __init__(self, machine: Machine, order: Sequence[LocalId]) -> None:
        self.control = {one: str(place) for place, one in enumerate(order, start=1)}
        self.screen = {one: str(place) for place, one in enumerate(machine.screens, start=1)}
        self._variables = machine.variables
        known = sorted(_known(machine), key=machine.names.index)
        self.variable = {one: f"v{place}" for place, one in enumerate(known, start=1)}

    def value(self, variable: str, value: Any) -> Any:
        """A value as the browser knows it: one of a choice by its place."""
        values = self._variables[variable].values
        return str(values.index(value) + 1) if values else value

    def start(self, variable: str) -> Any:
        return self.value(variable, self._variables[variable].start)

    def condition(self, condition: Condition) -> list[Any]:
        """A condition with neutral names, as JSON has it."""
        name = condition[0]
        if name in COMPOSED:
            return [name, *(self.condition(one) for one in condition[1:])]
        test, variable, argument = condition
        if variable == SCREEN:
            wanted = [self.screen[one] for one in argument] if isinstance(argument, tuple) else self.screen[argument]
            return [test, SCREEN, wanted]
        if test == "same_as":
            return [test, self.variable[variable], self.variable[argument]]
        if test == "is":
            return [test, self.variable[variable], self.value(variable, argument)]
        if test == "one_of":
            return [test, self.variable[variable], [self.value(variable, one) for one in argument]]
        return [test, self.variable[variable], list(argument) if isinstance(argument, tuple) else argument]


def simulation_face(machine: Machine, frame: str, order: Sequence[LocalId], render: Render) -> SimulationFace:
    """The face of a machine whose controls stand in `order`."""
    names = Naming(machine, order)
    maker = _Maker(names, render)
    screens = tuple(maker.screen(one) for one in machine.screens.values())
    return SimulationFace(frame, {neutral: names.start(one) for one, neutral in names.variable.items()}, screens)


def shown_variables(text: Text) -> set[str]:
    """The variables whose value stands in a text."""
    return set(PLACEHOLDER.findall(text.vi)) | set(PLACEHOLDER.findall(text.en or ""))


def texts_of(element: Element) -> Iterator[Text]:
    """Every text that is shown of an element, what is said after its steps included."""
    if element.kind not in ("list", "picture", "qr"):
        yield element.label
    yield from (one for one in (element.from_, element.alt) if one)
    yield from (one.text for one in element.options)
    for tapped in (*(element.list_ or ()), *element.buttons):
        yield tapped.text
        yield from (one for one in (tapped.note,) if one)
        yield from (one.say for one in tapped.do if one.say)
    yield from (one.say for one in element.do if one.say)


def _known(machine: Machine) -> set[str]:
    """The variables a browser needs: those that a guard, a text or a control looks at."""
    found: set[str] = set()
    for screen in machine.screens.values():
        found |= shown_variables(screen.title)
        for element in screen.elements:
            found |= {name for text in texts_of(element) for name in shown_variables(text)}
            found |= variables_in(compiled(element.when)) | ({element.sets} if element.sets else set())
            steps = [*element.do]
            for tapped in (*(element.list_ or ()), *element.buttons):
                found |= variables_in(compiled(tapped.when))
                steps += tapped.do
            for step in steps:
                found |= variables_in(compiled(step.when))
    return found


class _Maker:
    """Makes the parts of a face."""

    def __init__(self, names: Naming, render: Render) -> None:
        self._names = names
        self._render = render

    def screen(self, screen: Screen) -> Shown:
        elements = self._ordered(screen.elements)
        shown = {"id": self._names.screen[screen.id], "title": self._html(screen.title)}
        shown["elements"] = [self._element(one) for one in elements]  # type: ignore[assignment]
        if screen.back is not None:
            shown["back"] = self._names.screen[screen.back]
        if screen.end:
            shown["end"] = True  # type: ignore[assignment]
        return shown

    def _ordered(self, elements: Sequence[Element]) -> list[Element]:
        """The elements with the buttons in this learner's order; everything else stays where the author put it."""
        buttons = [one for one in elements if one.button is not None]
        drawn = iter(sorted(buttons, key=lambda one: int(self._names.control[str(one.id)])))
        return [next(drawn) if one.button is not None else one for one in elements]

    def _element(self, element: Element) -> Shown:
        shown: Shown = {"kind": element.kind}
        if element.when:
            shown["when"] = self._condition(element.when)
        if element.id is not None:
            shown["id"] = self._names.control[element.id]
        if element.sets is not None:
            shown["sets"] = self._names.variable[element.sets]
        if element.do:
            shown["do"] = self._steps(element.do)
        return shown | getattr(self, f"_{element.kind}")(element)  # type: ignore[no-any-return]

    def _html(self, text: Text) -> str:
        names = self._names.variable
        return PLACEHOLDER.sub(lambda found: "{" + names.get(found[1], found[1]) + "}", self._render(text))

    def _condition(self, written: Any) -> list[Any]:
        return self._names.condition(compiled(written))

    def _steps(self, steps: Sequence[Step]) -> list[Shown]:
        return [self._step(one) for one in steps]

    def _step(self, step: Step) -> Shown:
        names, shown = self._names, Shown()
        if step.when:
            shown["when"] = self._condition(step.when)
        known = {
            names.variable[one]: names.value(one, value) for one, value in step.set_.items() if one in names.variable
        }
        if known:
            shown["set"] = known
        if step.go is not None:
            shown["go"] = names.screen[step.go]
        if step.say is not None:
            shown["say"] = self._html(step.say)
        return shown

    def _tapped(self, tapped: Tapped) -> Shown:
        shown: Shown = {
            "id": self._names.control[tapped.id],
            "html": self._html(tapped.text),
            "do": self._steps(tapped.do),
        }
        if tapped.note:
            shown["note"] = self._html(tapped.note)
        if tapped.when:
            shown["when"] = self._condition(tapped.when)
        return shown

    def _text(self, element: Element) -> Shown:
        return {"html": self._html(element.label)}

    _switch = _text

    def _message(self, element: Element) -> Shown:
        return {"html": self._html(element.label), "from": self._html(element.from_) if element.from_ else None}

    def _list(self, element: Element) -> Shown:
        return {"rows": [self._tapped(one) for one in element.list_ or ()]}

    def _field(self, element: Element) -> Shown:
        digits = isinstance(self._names.start(str(element.sets)), int)
        return {
            "html": self._html(element.label),
            "longest": element.longest,
            "masked": element.masked,
            "digits": digits,
        }

    def _choice(self, element: Element) -> Shown:
        name = str(element.sets)
        offered = [{"id": self._names.value(name, one.value), "html": self._html(one.text)} for one in element.options]
        return {"html": self._html(element.label), "options": offered}

    def _picture(self, element: Element) -> Shown:
        picture: Picture = element.picture  # type: ignore[assignment]  # its kind says so
        return {"file": picture.file, "alt": self._html(picture.alt)}

    def _qr(self, element: Element) -> Shown:
        modules = segno.make(str(element.qr), error="m", micro=False).matrix
        path = "".join(f"M{x} {y}.5h{run}" for y, row in enumerate(modules) for x, run in _dark_runs(row))
        return {"size": len(modules), "path": path, "alt": self._html(element.alt)}  # type: ignore[arg-type]  # it needs one

    def _button(self, element: Element) -> Shown:
        return {"html": self._html(element.label)} | ({"main": True} if element.main else {})

    def _dialog(self, element: Element) -> Shown:
        return {"html": self._html(element.label), "buttons": [self._tapped(one) for one in element.buttons]}


def _dark_runs(row: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Start and length of each run of dark modules in a row of a QR code."""
    place = 0
    for dark, run in groupby(row):
        length = len(list(run))
        if dark:
            yield place, length
        place += length
