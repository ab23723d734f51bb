"""Conditions on the variables of a simulation: a small declared language, read once and then asked often.

An author writes a mapping; all of its lines must hold::

    {mo_khoa: true, so_tien: {at_least: 50000}}
    {any: [{ma: {filled: true}}, {not: {screen: home}}]}

Compiled, a condition is a nested tuple of plain values, ``("all", …)``, ``("any", …)``, ``("not", c)`` or
``(test, variable, argument)``. Written as JSON it is what the browser evaluates (frontend/src/simulation/conditions.js),
so the two cannot drift apart in shape; the tests hold them against each other.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

#: What a variable holds: a text also stands for one of a declared choice.
Value = bool | int | str
Condition = tuple[Any, ...]
Kind = Literal["bool", "int", "text", "choice"]

SCREEN: Final = "screen"  # stands for the screen on which the learner is
COMPOSED: Final = ("all", "any", "not")
ALWAYS: Final[Condition] = ("all",)


@dataclass(frozen=True, slots=True)
class Variable:
    """A declared variable: its kind, its start, and for a choice everything it may be."""

    kind: Kind
    start: Value
    values: tuple[str, ...] = ()


def folded(text: str) -> str:
    """Letters without case and marks, so that "giay khai sinh" finds "Giấy khai sinh"."""
    parts = unicodedata.normalize("NFD", text.lower())
    return " ".join("".join(one for one in parts if not "\u0300" <= one <= "\u036f").replace("đ", "d").split())


def signs(text: str) -> set[str]:
    """Which classes of signs a text has: letter, capital, digit, sign."""
    found = set()
    for one in text:
        category = unicodedata.category(one)
        if category[0] == "L":
            found.add("letter")
            if category == "Lu":
                found.add("capital")
        elif "0" <= one <= "9":
            found.add("digit")
        elif not one.isspace():
            found.add("sign")
    return found


#: Name of a test → whether it holds of a value, given its argument. ``same_as`` gets the other variable's value.
TESTS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "is": lambda value, wanted: value == wanted,
    "one_of": lambda value, wanted: value in wanted,
    "at_least": lambda value, least: value >= least,
    "at_most": lambda value, most: value <= most,
    "min_length": lambda value, least: len(value) >= least,
    "max_length": lambda value, most: len(value) <= most,
    "contains": lambda value, part: folded(part) in folded(value),
    "has": lambda value, classes: set(classes) <= signs(value),
    "filled": lambda value, wanted: bool(value) == wanted,
    "same_as": lambda value, other: value == other,
}
_OF_KIND: Final[Mapping[str, tuple[Kind, ...]]] = {
    "is": ("bool", "int", "text", "choice"),
    "one_of": ("int", "text", "choice"),
    "at_least": ("int",),
    "at_most": ("int",),
    "min_length": ("text",),
    "max_length": ("text",),
    "contains": ("text",),
    "has": ("text",),
    "filled": ("int", "text"),
    "same_as": ("bool", "int", "text", "choice"),
}
_CLASSES: Final = ("letter", "capital", "digit", "sign")


def compiled(written: Mapping[str, Any] | None) -> Condition:
    """The condition an author wrote; None always holds. `complaints` has said before whether it can be read."""
    parts = tuple(part for name, value in (written or {}).items() for part in _line(name, value))
    return parts[0] if len(parts) == 1 else ("all", *parts)


def _line(name: str, value: Any) -> Iterator[Condition]:
    if name in ("all", "any"):
        yield (name, *(compiled(one) for one in value))
    elif name == "not":
        yield ("not", compiled(value))
    elif isinstance(value, Mapping):
        for test, argument in value.items():
            yield (test, name, tuple(argument) if isinstance(argument, list | tuple) else argument)
    else:
        yield ("is", name, value)


def holds(condition: Condition, values: Mapping[str, Value]) -> bool:
    """Whether a compiled condition holds of these values (variables, and the screen under ``screen``)."""
    name = condition[0]
    if name == "all":
        return all(holds(one, values) for one in condition[1:])
    if name == "any":
        return any(holds(one, values) for one in condition[1:])
    if name == "not":
        return not holds(condition[1], values)
    argument = values[condition[2]] if name == "same_as" else condition[2]
    return TESTS[name](values[condition[1]], argument)


def atoms(condition: Condition) -> Iterator[tuple[str, str, Any]]:
    """Every test in a compiled condition, however deep: test, variable, argument."""
    if condition[0] in COMPOSED:
        for one in condition[1:]:
            yield from atoms(one)
    else:
        yield condition[0], condition[1], condition[2]


def variables_in(condition: Condition) -> set[str]:
    """The variables a condition looks at."""
    looked = {variable for _, variable, _ in atoms(condition)}
    return (looked | {argument for test, _, argument in atoms(condition) if test == "same_as"}) - {SCREEN}


def complaints(written: Any, variables: Mapping[str, Variable], screens: Sequence[str]) -> Iterator[str]:
    """What is wrong with a condition as it was written; nothing when it can be compiled and asked."""
    if not isinstance(written, Mapping) or not written:
        yield "expected a condition, such as {da_cup_may: true} or {any: [{a: true}, {b: true}]}"
        return
    for name, value in written.items():
        if name in ("all", "any"):
            if not isinstance(value, list | tuple) or not value:
                yield f'"{name}" needs a list of conditions'
                continue
            for one in value:
                yield from complaints(one, variables, screens)
        elif name == "not":
            yield from complaints(value, variables, screens)
        elif name == SCREEN:
            yield from _screen_complaints(value, screens)
        elif name not in variables:
            yield f'there is no variable "{name}"; there are: {", ".join(variables) or "none"}'
        elif isinstance(value, Mapping):
            for test, argument in value.items():
                yield from _test_complaints(name, test, argument, variables)
        else:
            yield from value_complaints(name, value, variables[name])


def _screen_complaints(value: Any, screens: Sequence[str]) -> Iterator[str]:
    wanted = value.get("one_of") if isinstance(value, Mapping) and len(value) == 1 else [value]
    if not isinstance(wanted, list | tuple):
        yield 'expected "screen" with the id of a screen, or {one_of: [ids]}'
        return
    for one in wanted:
        if one not in screens:
            yield f'there is no screen "{one}"; there are: {", ".join(screens)}'


def value_complaints(name: str, value: Any, variable: Variable) -> Iterator[str]:
    """What is wrong with `value` as a value of the variable."""
    kinds = {"bool": bool, "int": int, "text": str, "choice": str}
    if type(value) is not kinds[variable.kind]:
        expected = {
            "bool": "true or false",
            "int": "a whole number",
            "text": "a text in quotes",
            "choice": "one of its values",
        }
        yield f'found {value!r} for "{name}", expected {expected[variable.kind]}'
    elif variable.kind == "choice" and value not in variable.values:
        yield f'found {value!r} for "{name}", expected one of {", ".join(variable.values)}'


def _test_complaints(name: str, test: str, argument: Any, variables: Mapping[str, Variable]) -> Iterator[str]:
    variable = variables[name]
    if test not in TESTS:
        yield f'there is no test "{test}"; there are: {", ".join(TESTS)}'
    elif variable.kind not in _OF_KIND[test]:
        yield f'"{test}" does not fit "{name}", which is a {variable.kind}; it fits {", ".join(_OF_KIND[test])}'
    elif test == "is":
        yield from value_complaints(name, argument, variable)
    elif test == "one_of":
        values = argument if isinstance(argument, list | tuple) else ()
        if not values:
            yield '"one_of" needs a list of values'
        for one in values:
            yield from value_complaints(name, one, variable)
    elif test == "same_as":
        if argument not in variables or variables[argument].kind != variable.kind:
            yield f'"same_as" needs another variable of the kind {variable.kind}, found {argument!r}'
    elif test == "has":
        if not isinstance(argument, list | tuple) or not argument or not set(argument) <= set(_CLASSES):
            yield f'"has" needs a list of {", ".join(_CLASSES)}'
    elif test == "filled":
        if not isinstance(argument, bool):
            yield '"filled" needs true or false'
    elif test == "contains":
        if not isinstance(argument, str) or not folded(argument):
            yield '"contains" needs a text'
    elif type(argument) is not int:
        yield f'"{test}" needs a whole number'
