"""What an author writes of a simulation: screens of native elements, goals, forbidden acts, evidence, hints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import Field, StringConstraints, model_validator

from bdhvs.core.items.base import LocalId, Nfc, Picture, Record, Text

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=30)]
Written = dict[str, Any]  # a condition as written; `bdhvs.core.simulation.conditions` reads it
LONGEST_TYPED = 100  # signs of a field; a phone's form asks for no more

#: What an element is → fields it needs, fields it may have. ``when`` is always allowed.
PARTS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "text": ((), ()),
    "message": ((), ("from",)),
    "list": ((), ()),
    "field": (("id", "sets", "examples"), ("longest", "masked")),
    "switch": (("id", "sets"), ("do",)),
    "choice": (("id", "sets", "options"), ("do",)),
    "picture": ((), ()),
    "qr": (("alt",), ()),
    "button": (("id", "do"), ("main",)),
    "dialog": (("when", "buttons"), ()),
}


class Step(Record):
    """One guarded action. Of a list of them the first whose ``when`` holds is taken."""

    when: Written | None = None
    set_: dict[Name, bool | int | str] = Field(default={}, alias="set")
    go: LocalId | None = None
    say: Text | None = None


class Tapped(Record):
    """A row of a list or a button of a dialog; ``note`` is a second, smaller line."""

    id: LocalId
    text: Text
    note: Text | None = None
    when: Written | None = None
    do: Annotated[tuple[Step, ...], Field(min_length=1)]


class Offered(Record):
    """One of the values to choose from, and how it is called."""

    value: LocalId
    text: Text


class Element(Record):
    """Something on a screen: exactly one of the names in `PARTS`, with what belongs to it."""

    text: Text | None = None
    message: Text | None = None
    from_: Text | None = Field(default=None, alias="from")
    list_: tuple[Tapped, ...] | None = Field(default=None, alias="list", min_length=1)
    field: Text | None = None
    switch: Text | None = None
    choice: Text | None = None
    picture: Picture | None = None
    qr: Nfc | None = None
    alt: Text | None = None
    button: Text | None = None
    dialog: Text | None = None
    id: LocalId | None = None
    when: Written | None = None
    sets: Name | None = None
    longest: Annotated[int, Field(ge=1, le=LONGEST_TYPED)] = 40
    masked: bool = False
    examples: tuple[str, ...] = ()
    options: tuple[Offered, ...] = ()
    main: bool = False
    buttons: tuple[Tapped, ...] = ()
    do: tuple[Step, ...] = ()

    @property
    def kind(self) -> str:
        """Which of `PARTS` it is."""
        return next(name for name in PARTS if self._written(name) is not None)

    @property
    def label(self) -> Text:
        """The words on it, of an element that has some."""
        label: Text = self._written(self.kind)
        return label

    def _written(self, name: str) -> Any:
        return getattr(self, {"from": "from_", "list": "list_"}.get(name, name))

    @model_validator(mode="after")
    def _one_thing(self) -> Element:
        names = {field.alias or name for name, field in Element.model_fields.items() if name in self.model_fields_set}
        found = [name for name in PARTS if name in names]
        if len(found) != 1:
            there = f"found {' and '.join(found)}" if found else "found none of its names"
            raise ValueError(f"an element is one thing: {there}, expected one of {', '.join(PARTS)}")
        needed, allowed = PARTS[found[0]]
        for name in needed:
            if name not in names:
                raise ValueError(f'a {found[0]} needs "{name}"')
        for name in sorted(names - {found[0], "when", *needed, *allowed}):
            raise ValueError(f'a {found[0]} has no "{name}"; it has {", ".join((*needed, *allowed, "when"))}')
        return self


class Screen(Record):
    """One screen. ``back``: where the phone's back button leads, nowhere when left out. ``end``: nothing follows.
    ``consequence``: from here the task can no longer be done in full, and that is meant."""

    id: LocalId
    title: Text
    back: LocalId | None = None
    end: bool = False
    consequence: bool = False
    elements: Annotated[tuple[Element, ...], Field(min_length=1)]


class Goal(Record):
    """What must hold at the end. ``missed`` is said when it does not, without telling how."""

    id: LocalId
    when: Written
    points: int = Field(default=1, ge=1, le=5)
    missed: Text


class Forbidden(Record):
    """A dangerous act: one of ``acts`` (ids that were tapped), or a condition that held at any time, or both at once:
    the act while the condition held before it. ``cap``: most points after it. ``why`` is explained afterwards."""

    id: LocalId
    acts: tuple[LocalId, ...] = ()
    when: Written | None = None
    cap: int = Field(default=0, ge=0)
    why: Text


class Evidence(Record):
    """What shows a level: these goals (all when left out), and dangerous acts none unless ``forbidden: any``.

    ``when``: what must hold besides, which the task does not ask for and which gives no points: a second source asked, others
    warned, the safer of two right ways. ``why``: one line, English, why this is this level; of the highest, why nothing here
    shows more. Level 1 also counts with help; the others only alone, for that is what separates 1 from 2.
    """

    level: int = Field(ge=1, le=4)
    goals: tuple[LocalId, ...] = ()
    forbidden: Literal["none", "any"] = "none"
    when: Written | None = None
    why: Nfc | None = None


class Hint(Record):
    """A nudge for where somebody stands; the next step in words follows from the machine itself."""

    screen: LocalId
    when: Written | None = None
    nudge: Text


def controls_of(element: Element) -> Iterator[tuple[str, Element | Tapped]]:
    """What can be acted on in an element, with its id."""
    for tapped in (*(element.list_ or ()), *element.buttons):
        yield tapped.id, tapped
    if element.id is not None:
        yield element.id, element
