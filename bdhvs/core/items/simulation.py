"""Simulation: the learner does the task on a practised screen; the server replays the actions and marks what it replayed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import chain
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from bdhvs.core.items import reading
from bdhvs.core.items.base import (
    Arrangement,
    Flaw,
    Item,
    LocalId,
    OutcomeFeedback,
    Picture,
    Render,
    Response,
    Score,
    Text,
    bullets,
    graded,
    place_of,
)
from bdhvs.core.simulation.conditions import compiled, holds
from bdhvs.core.simulation.evidence import Judge, Outcome
from bdhvs.core.simulation.face import SimulationFace, simulation_face
from bdhvs.core.simulation.guide import Guide
from bdhvs.core.simulation.machine import BACK, Action, ImpossibleAction, Machine, State
from bdhvs.core.simulation.model import Evidence, Forbidden, Goal, Hint, Name, Screen, controls_of
from bdhvs.core.simulation.references import flaws_of
from bdhvs.core.simulation.search import Reached, TooManyStates, reach, shortest_way
from bdhvs.core.simulation.words import in_words
from bdhvs.errors import InvalidResponse

MOST_ACTIONS = 200  # the longest shipped task needs 20; what is more is wandering, and must fit a message
_LENGTHS = {"tap": 2, "type": 3, "switch": 3, "choose": 3}


class Simulation(Item):
    """Response: ``{"actions": [["tap", id], ["type", id, text], ["switch", id, on], ["choose", id, value], ["back"]]}``;
    raw the same with places. Maximum: the points of all goals.

    Points are those of the goals that hold at the end, capped by the dangerous acts done. ``Score.reason``:
    ``level:<0-4>`` (what it is evidence for when done alone), then ``did:<id>`` for each dangerous act.
    """

    kind: Literal["simulation"]
    frame: Literal["phone", "story"]
    variables: dict[Name, bool | int | str | tuple[LocalId, ...]]
    screens: Annotated[tuple[Screen, ...], Field(min_length=1, max_length=40)]
    goals: Annotated[tuple[Goal, ...], Field(min_length=1)]
    forbidden: tuple[Forbidden, ...] = ()
    evidence: tuple[Evidence, ...] = ()  # none in the entry module, which is below level 1; the linter asks for it elsewhere
    shortest: int = Field(ge=1, le=60)
    hints: tuple[Hint, ...]
    feedback_: OutcomeFeedback = Field(alias="feedback")

    is_simulator: ClassVar[bool] = True
    hints_follow: ClassVar[bool] = True

    @cached_property
    def machine(self) -> Machine:
        """The rules, read once."""
        return Machine(self.variables, self.screens, self.forbidden)

    @cached_property
    def judge(self) -> Judge:
        """What a state is worth."""
        return Judge(self.machine, self.goals, self.forbidden, self.evidence)

    @property
    def maximum(self) -> int:
        return sum(one.points for one in self.goals)

    @property
    def has_hint(self) -> bool:
        return True

    @cached_property
    def reached(self) -> Reached | None:
        """Everything that can be reached, for proofs; None when that is too much to search."""
        try:
            return reach(self.machine)
        except TooManyStates:
            return None

    @cached_property
    def route(self) -> tuple[Action, ...]:
        """A shortest way to full points; empty when there is none (the linter says so)."""
        try:
            return tuple(shortest_way(self.machine, self.is_done) or ())
        except TooManyStates:
            return ()

    def is_done(self, state: State) -> bool:
        """Whether stopping here is worth full points; a story is over only at an end."""
        return self.judge.is_full(state) and (self.frame == "phone" or self.machine.screens[state.screen].end)

    def pictures(self) -> Iterator[Picture]:
        yield from super().pictures()
        yield from (one.picture for screen in self.screens for one in screen.elements if one.picture)

    # ── the contract ────────────────────────────────────────────────────────────────────────────────

    def arrange(self, rng: random.Random) -> Arrangement:
        """Controls in the order shown: a phone's buttons have their places, the choices of a story are shuffled."""
        return (tuple(chain.from_iterable(self._shown_order(screen, rng) for screen in self.screens)),)

    def _shown_order(self, screen: Screen, rng: random.Random) -> list[str]:
        ids = [one for element in screen.elements for one, _ in controls_of(element)]
        if self.frame == "phone":
            return ids
        buttons = [str(element.id) for element in screen.elements if element.button is not None]
        rng.shuffle(buttons)
        drawn = iter(buttons)
        return [next(drawn) if one in buttons else one for one in ids]

    def face(self, arrangement: Arrangement, render: Render) -> SimulationFace:
        return simulation_face(self.machine, self.frame, arrangement[0], render)

    def read(self, raw: Any, arrangement: Arrangement) -> Response:
        return {"actions": [list(one) for one in self._replayed(raw, arrangement)[0]]}

    def _replayed(self, raw: Any, arrangement: Arrangement) -> tuple[list[Action], State]:
        """The actions in the author's ids and where they lead; raises InvalidResponse where they cannot have been done."""
        actions = reading.field(raw, "actions")
        if not isinstance(actions, list) or not 1 <= len(actions) <= MOST_ACTIONS:
            raise InvalidResponse(f"expected a list of 1 to {MOST_ACTIONS} actions")
        read = [self._read_action(one, arrangement[0]) for one in actions]
        try:
            return read, self.machine.run(read)
        except ImpossibleAction as exc:
            raise InvalidResponse(f"the actions cannot have been done: {exc}") from exc

    def _read_action(self, raw: Any, order: Sequence[str]) -> Action:
        if raw == ["back"]:
            return BACK
        if not isinstance(raw, list) or not raw or not isinstance(raw[0], str) or len(raw) != _LENGTHS.get(raw[0]):
            raise InvalidResponse(f"an action is one of {', '.join(_LENGTHS)} with what belongs to it, or back")
        control = self.machine.controls[reading.place(raw[1], order)]
        if raw[0] == "choose" and control.verb == "choose":
            values = self.machine.variables[str(control.element.sets)].values
            return ("choose", control.id, reading.place(raw[2], values))
        return (raw[0], control.id, *raw[2:])

    def places(self, response: Response, arrangement: Arrangement) -> Any:
        return {"actions": [self._place_action(tuple(one), arrangement[0]) for one in response["actions"]]}

    def _place_action(self, action: Action, order: Sequence[str]) -> list[Any]:
        if action == BACK:
            return ["back"]
        verb, control, *given = action
        if verb == "choose":
            values = self.machine.variables[str(self.machine.controls[control].element.sets)].values
            given = [place_of(given[0], values)]
        return [verb, place_of(control, order), *given]

    def outcome(self, response: Response) -> Outcome:
        """What the actions led to. They were read before, so they can be done."""
        return self.judge.outcome(self.machine.run(tuple(one) for one in response["actions"]))

    def score(self, response: Response) -> Score:
        outcome = self.outcome(response)
        did = [f"did:{one.id}" for one in outcome.done]
        return graded(
            outcome.points, self.maximum, " ".join([f"level:{self.judge.level(outcome, helped=False)}", *did])
        )

    def evidence_level(self, response: Response, *, helped: bool) -> int:
        """The level, 1 to 4, for which the response is evidence, 0 for none; with help 1 at most."""
        return self.judge.level(self.outcome(response), helped=helped)

    def feedback(self, response: Response) -> tuple[Text, ...]:
        outcome = self.outcome(response)
        said = self.feedback_.for_verdict(self.score(response).verdict)
        return (said, *(one.why for one in outcome.done), *(one.missed for one in outcome.missed))

    def in_words(self, response: Response, render: Render) -> str:
        return bullets(in_words(self.machine, (tuple(one) for one in response["actions"]), render), "ol")

    def solution(self, arrangement: Arrangement, render: Render) -> str:
        return bullets(in_words(self.machine, self.route, render), "ol")

    def recorded_choices(self, response: Response) -> tuple[str, ...]:
        """Dangerous acts done, then the screen at which it ended."""
        outcome = self.outcome(response)
        return (*(one.id for one in outcome.done), outcome.screen)

    def hint_at(self, raw: Any, arrangement: Arrangement, render: Render, *, deeper: bool) -> str:
        """What helps where these actions have led: first the nudge of that place, ``deeper`` the next step in words."""
        state = self.machine.start if raw == {"actions": []} else self._replayed(raw, arrangement)[1]
        values = self.machine.values(state)
        nudges = (one.nudge for one in self.hints if one.screen == state.screen and holds(compiled(one.when), values))
        nudge = next(nudges, None)
        return self._next_step(state, render) if deeper or nudge is None else render(nudge)

    @cached_property
    def _guide(self) -> Guide:
        return Guide(self.machine, self.is_done, [compiled(one.when) for one in self.goals])

    def look_ahead(self) -> None:
        with suppress(TooManyStates):  # then a hint says so, where one is asked for
            _ = self.route, self._guide

    def _next_step(self, state: State, render: Render) -> str:
        if self.is_done(state):
            return render(_ALL_DONE)
        try:
            action = self._guide.next_action(state)
        except TooManyStates:  # typed texts can lead beyond what was searched
            action = None
        return render(_NO_WAY) if action is None else in_words(self.machine, [action], render)[0]

    def flaws(self) -> Iterator[Flaw]:
        return flaws_of(self.variables, self.screens, self.goals, self.forbidden, self.evidence, self.hints)


_ALL_DONE = Text(vi="Mọi việc đã xong. Bác bấm “Tôi làm xong” nhé.", en="Everything is done. Press “I am done”.")
_NO_WAY = Text(
    vi="Từ đây việc này chưa làm trọn được nữa. Bác bấm “Tôi làm xong” để xem lại, rồi làm lại lần khác.",
    en="From here the task cannot be done in full any more. Press “I am done” to look at it again, then try anew.",
)

ITEM_KIND = Simulation
