"""The longest thing a simulation ever shows at once, over every state that can be reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bdhvs.core.items.base import Text
from bdhvs.core.items.simulation import Simulation
from bdhvs.core.simulation.conditions import compiled, holds
from bdhvs.core.simulation.machine import Machine, State
from bdhvs.core.simulation.model import Element, Screen, Written

Holds = Callable[[Written | None], bool]


def longest_screen(item: Simulation, length: Callable[[str], int]) -> list[str]:
    """Vietnamese texts of the screen (or open dialog) with the most to read, by `length`; empty when it was not searched."""
    places = {(one.screen, one.values): one for one in (item.reached.came if item.reached else ())}
    shown = {tuple(_at(item.machine, state)) for state in places.values()}
    return list(max(sorted(shown), key=lambda texts: sum(length(one) for one in texts), default=()))


def _at(machine: Machine, state: State) -> Iterator[str]:
    values = machine.values(state)

    def there(when: Written | None) -> bool:
        return when is None or holds(compiled(when), values)

    return _texts(machine.screens[state.screen], there)


def _texts(screen: Screen, there: Holds) -> Iterator[str]:
    dialog = next((one for one in screen.elements if one.dialog and there(one.when)), None)
    if dialog is not None:
        yield from (one.vi for one in _of_element(dialog, there))
        return
    yield screen.title.vi
    for element in screen.elements:
        if element.dialog is None and there(element.when):
            yield from (one.vi for one in _of_element(element, there))


def _of_element(element: Element, there: Holds) -> Iterator[Text]:
    if element.list_ is None and element.picture is None and element.qr is None:
        yield element.label
    if element.from_ is not None:
        yield element.from_
    yield from (one.text for one in element.options)
    for row in (*(element.list_ or ()), *element.buttons):
        if there(row.when):
            yield row.text
            yield from [row.note] if row.note else []
