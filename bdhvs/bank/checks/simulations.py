"""Rules that prove a simulation: what is promised can be reached, and nobody is caught in it.

They search every state that actions and the declared examples lead to. What keeps a machine from being searched at all
(names that do not exist, conditions that cannot be read) is said before, as an error of the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from bdhvs.bank.checks.rule import Finding, Rule
from bdhvs.bank.checks.texts import texts_of
from bdhvs.bank.loader import Bank
from bdhvs.core.items.base import Item
from bdhvs.core.items.simulation import Simulation
from bdhvs.core.simulation.conditions import SCREEN, Condition, atoms, compiled, holds, variables_in
from bdhvs.core.simulation.face import PLACEHOLDER, shown_variables
from bdhvs.core.simulation.machine import State
from bdhvs.core.simulation.model import Element, Step, Tapped
from bdhvs.core.simulation.search import MOST_STATES, Reached

_HIGHEST_EVIDENCE = 4  # levels above are judged by more than one task
_TELLING = ("is", "one_of", "contains", "same_as")  # tests that name what has to be typed


def _searched(item: Item) -> tuple[Simulation, Reached] | None:
    if not isinstance(item, Simulation) or item.reached is None:
        return None
    return item, item.reached


def _states(item: Item, bank: Bank) -> Iterator[Finding]:
    if isinstance(item, Simulation) and item.reached is None:
        message = f"more than {MOST_STATES} states can be reached; use fewer variables, choices or examples"
        yield Finding(message, ("variables",))


def _goals(item: Item, bank: Bank) -> Iterator[Finding]:
    if found := _searched(item):
        simulation, reached = found
        outcomes = [simulation.judge.outcome(state) for state in reached.came]
        got = {goal.id for outcome in outcomes for goal in outcome.reached}
        for place, goal in enumerate(simulation.goals):
            if goal.id not in got:
                yield Finding(f'the goal "{goal.id}" cannot be reached', ("goals", place))
        if got == {goal.id for goal in simulation.goals} and not simulation.route:
            yield Finding(
                "no way leads to all goals at once without a forbidden act (in a story: to an end)", ("goals",)
            )


def _kept(item: Item, bank: Bank) -> Iterator[Finding]:
    """A goal that asks where somebody stands is lost by walking on, unless nothing follows there."""
    if not isinstance(item, Simulation):
        return
    ends = {screen.id for screen in item.screens if screen.end}
    for place, goal in enumerate(item.goals):
        named = {one for name, one in _named(compiled(goal.when)) if name == SCREEN}
        for screen in sorted(map(str, named - ends)):
            message = f'the goal "{goal.id}" is lost by leaving "{screen}" again, which is no end'
            yield Finding(f"{message}; let an action set a variable, and ask for that", ("goals", place, "when"))


def _dead_ends(item: Item, bank: Bank) -> Iterator[Finding]:
    """From every state the task can still be done in full, unless something forbidden was done or it is a consequence."""
    found = _searched(item)
    if found is None or not found[0].route:
        return
    simulation, reached = found
    alive = reached.leading_to(state for state in reached.came if simulation.is_done(state))
    said = set()
    for place, screen in enumerate(simulation.screens):
        stuck = (one for one in reached.came if one.screen == screen.id and one not in alive and not one.done)
        if not screen.consequence and screen.id not in said and (state := next(stuck, None)):
            said.add(screen.id)
            way = ", ".join("/".join(str(part) for part in action) for action in reached.way_to(state))
            message = f'on the screen "{screen.id}" the task can no longer be done, after: {way or "the start"}'
            yield Finding(f"{message}; give a way back, or say consequence: true", ("screens", place))


def _forbidden(item: Item, bank: Bank) -> Iterator[Finding]:
    if found := _searched(item):
        simulation, reached = found
        done = {one for state in reached.came for one in state.done}
        for place, act in enumerate(simulation.forbidden):
            if act.id not in done:
                yield Finding(f'the forbidden act "{act.id}" cannot be done', ("forbidden", place))
        if simulation.machine.start.done:
            yield Finding("a forbidden act counts as done before anything was done", ("forbidden",))


def _evidence(item: Item, bank: Bank) -> Iterator[Finding]:
    if found := _searched(item):
        simulation, reached = found
        levels = {simulation.judge.level(simulation.judge.outcome(state), helped=False) for state in reached.came}
        for place, one in enumerate(simulation.evidence):
            if one.level not in levels:
                yield Finding(f"nothing that can be done shows level {one.level} best", ("evidence", place))
        straight = simulation.judge.outcome(simulation.machine.run(simulation.route))
        for place, one in enumerate(simulation.evidence):
            if one.when is not None and one.level in straight.shown:
                message = f"the shortest way shows level {one.level}, too, so its when asks for nothing beyond the task"
                yield Finding(f"{message}; take the when out, or let what it asks for cost a step", ("evidence", place))
        own = min(item.level, _HIGHEST_EVIDENCE)
        if own >= 1 and own not in {one.level for one in simulation.evidence}:
            yield Finding(f"the item has level {item.level}, so say what shows level {own}", ("evidence",))


def _why(item: Item, bank: Bank) -> Iterator[Finding]:
    if isinstance(item, Simulation) and item.evidence and item.evidence[-1].why is None:
        message = f"nothing says why the most that is shown here is level {item.evidence[-1].level}; add why, one line"
        yield Finding(message, ("evidence", len(item.evidence) - 1))


def _unreachable(item: Item, bank: Bank) -> Iterator[Finding]:
    if found := _searched(item):
        simulation, reached = found
        screens = {state.screen for state in reached.came}
        usable = {control.id for state in reached.came for control in simulation.machine.possible(state)}
        for place, screen in enumerate(simulation.screens):
            if screen.id not in screens:
                yield Finding(f'nothing leads to the screen "{screen.id}"', ("screens", place))
        for control in simulation.machine.controls.values():
            if control.screen in screens and control.id not in usable:
                yield Finding(
                    f'"{control.id}" on the screen "{control.screen}" is never shown', _place_of(simulation, control.id)
                )


def _unused(item: Item, bank: Bank) -> Iterator[Finding]:
    if not isinstance(item, Simulation):
        return
    looked: set[str] = set().union(*(variables_in(one) for one in _conditions(item)))
    looked |= {name for one in texts_of(item) for name in shown_variables(one.text)}
    changed = {name for step in _steps(item) for name in step.set_}
    changed |= {one.sets for screen in item.screens for one in screen.elements if one.sets}
    for name in item.variables:
        if name not in looked:
            yield Finding(f'no condition and no text looks at "{name}"; take it out', ("variables", name))
        elif name not in changed:
            yield Finding(f'"{name}" never changes; take it out', ("variables", name))


def _shortest(item: Item, bank: Bank) -> Iterator[Finding]:
    if isinstance(item, Simulation) and item.reached is not None and item.route and len(item.route) != item.shortest:
        way = ", ".join("/".join(str(part) for part in action) for action in item.route)
        yield Finding(f"found {item.shortest}, the shortest way has {len(item.route)} actions: {way}", ("shortest",))


def _hints(item: Item, bank: Bank) -> Iterator[Finding]:
    """Each place on the shortest way, except the last, has a nudge."""
    if _searched(item) is None or not isinstance(item, Simulation):
        return
    state, lacking = item.machine.start, dict[str, State]()
    for action in item.route:
        values = item.machine.values(state)
        if not any(one.screen == state.screen and holds(compiled(one.when), values) for one in item.hints):
            lacking.setdefault(state.screen, state)
        state = item.machine.step(state, action)
    for screen in lacking:
        yield Finding(f'the shortest way passes "{screen}", and no hint fits there', ("hints",))


def _secret(item: Item, bank: Bank) -> Iterator[Finding]:
    """Guards go to the browser. One that asks for what a goal wants to be typed would tell it."""
    if not isinstance(item, Simulation):
        return
    typed = {one.sets for screen in item.screens for one in screen.elements if one.field is not None}
    wanted = {(name, value) for one in _judged(item) for name, value in _named(one) if name in typed}
    for where, condition in _guards(item):
        for name, value in _named(condition):
            if (name, value) in wanted:
                message = (
                    f'this condition asks whether "{name}" is {value!r}, which a goal wants; a browser could read it'
                )
                yield Finding(f"{message}. Let the phone accept other values, too", where)


def _placeholders(item: Item, bank: Bank) -> Iterator[Finding]:
    if isinstance(item, Simulation):
        for one in texts_of(item):
            if one.text.en is not None and set(PLACEHOLDER.findall(one.text.vi)) != set(
                PLACEHOLDER.findall(one.text.en)
            ):
                yield Finding("the two languages show different variables", one.where)


# ── looking through the item ────────────────────────────────────────────────────────────────────────────


def _guards(item: Simulation) -> Iterator[tuple[tuple[str | int, ...], Condition]]:
    """Every condition that is sent to a browser, and where it stands."""
    for place, screen in enumerate(item.screens):
        for index, element in enumerate(screen.elements):
            where = ("screens", place, "elements", index)
            yield (*where, "when"), compiled(element.when)
            for step, one in enumerate(element.do):
                yield (*where, "do", step, "when"), compiled(one.when)
            for name, tapped in (("list", element.list_ or ()), ("buttons", element.buttons)):
                for number, part in enumerate(tapped):
                    yield (*where, name, number, "when"), compiled(part.when)
                    for step, one in enumerate(part.do):
                        yield (*where, name, number, "do", step, "when"), compiled(one.when)


def _conditions(item: Simulation) -> Iterator[Condition]:
    yield from (condition for _, condition in _guards(item))
    yield from _judged(item)
    yield from (compiled(one.when) for one in item.hints)


def _judged(item: Simulation) -> Iterator[Condition]:
    """Every condition by which is judged; none of them leaves the server."""
    yield from (compiled(one.when) for one in item.goals)
    yield from (compiled(one.when) for one in item.forbidden)
    yield from (compiled(one.when) for one in item.evidence)


def _steps(item: Simulation) -> Iterator[Step]:
    parts: Iterator[Element | Tapped] = (control.part for control in item.machine.controls.values())
    for part in parts:
        yield from part.do


def _named(condition: Condition) -> Iterator[tuple[str, object]]:
    for test, name, argument in atoms(condition):
        if test in _TELLING:
            yield from ((name, one) for one in (argument if isinstance(argument, tuple) else (argument,)))


def _place_of(item: Simulation, control: str) -> tuple[str | int, ...]:
    screen = item.machine.controls[control].screen
    place = next(place for place, one in enumerate(item.screens) if one.id == screen)
    element = item.machine.controls[control].element
    return ("screens", place, "elements", item.screens[place].elements.index(element))


RULES = (
    Rule("sim_states", "error", "What cannot be searched cannot be proved.", _states),
    Rule("sim_goals", "error", "What is asked for can be done.", _goals),
    Rule("sim_kept", "error", "What was done right is not lost by going home.", _kept),
    Rule("sim_dead_end", "error", "Who takes a wrong turn finds a way back.", _dead_ends),
    Rule("sim_forbidden", "error", "A danger that cannot be met teaches nothing.", _forbidden),
    Rule("sim_evidence", "error", "Each level said to be shown can be shown.", _evidence),
    Rule("sim_evidence_why", "warning", "Who reads a level wants to know what it rests on.", _why),
    Rule("sim_unreachable", "error", "What nobody can see was not meant.", _unreachable),
    Rule("sim_unused", "error", "A variable that decides nothing hides a mistake.", _unused),
    Rule("sim_shortest", "error", "The author knows how long the way is.", _shortest),
    Rule("sim_hints", "error", "Who is stuck on the way is helped on.", _hints),
    Rule("sim_secret", "error", "Conditions go to the browser, and keys do not.", _secret),
    Rule("sim_texts", "error", "Both languages show the same.", _placeholders),
)
